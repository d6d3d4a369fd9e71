//! The ledger 台账: what the office's own books say, read, checked and imported.

/// What a book contains, typed.
pub mod book;
/// An invented community, for the demonstration and for measurements.
pub mod invented;
/// The office's own workbook, read as it is.
pub mod workbook;
/// What a book comes to, in figures.
pub mod summary;
/// A book becomes documents.
pub mod import;
/// Another division of the community.
pub mod regrid;
/// The ledger as a workbook, as the office knows it.
pub mod written;
/// Lists of doors that are kept under a name.
pub mod views;
