//! What stories are told with: a real office and real phones as processes, the wire between them, and
//! readers that are not ours. It builds nothing and waits for nothing but what it is told: no sleeps, no
//! clock. What a story left behind is kept when it fails, and the command to see it again is printed.

/// Programs that are started, and what they answer.
pub(crate) mod program;
/// Folders that go when a story ends well.
pub(crate) mod folder;
/// The office.
pub(crate) mod office;
/// Phones.
pub(crate) mod phone;
/// A phone in this process, with a clock of its own.
pub(crate) mod pocket;
/// What carries bytes between them, and where it breaks.
pub(crate) mod wire;
/// A link of few bytes a second, that breaks.
pub(crate) mod slow_link;
/// Pictures as a camera writes them.
pub(crate) mod picture;
/// A clerk at the interface for programs.
pub(crate) mod clerk;
/// Everybody syncs until nothing is new.
pub(crate) mod settle;
/// Reading what the programs answer.
pub(crate) mod page;
/// What stands in the office's spreadsheet, read without our own reader.
pub(crate) mod book;
/// Personal values in files and on the wire.
pub(crate) mod scan;
/// Documents as other programs read them.
pub(crate) mod foreign;

pub(crate) use office::Office;
#[allow(unused_imports, reason = "not every set of stories names the kind of its phones")]
pub(crate) use phone::Phone;
pub(crate) use settle::settle;
