//! Feed: what is new for this device? Everything after its cursor in the streams that it may see, in
//! bounded pages; for a stream that it has never seen, the documents themselves first.

/// Where a device stands.
pub mod cursor;
/// In what do a device and the office differ?
pub mod compare;
/// One page.
pub mod page;
/// What became of what was held back.
pub(crate) mod fates;
