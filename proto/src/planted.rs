//! Mistakes on purpose. Whoever says that all is well has to say so only when it is: with the feature `planted`,
//! which no program is built with, one of these can be switched on, and the simulation has to find it.

/// A mistake that somebody could have made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Planted {
    /// Persistence: the office thanks for commands though their transaction did not become durable.
    ThankedBeforeCommit = 1,
    /// Scope: with a document that leaves goes the unsent work that lies on it.
    LeavesWithUnsentWork,
    /// Scope: keys of what has left stay on the device.
    StrayKeysStay,
    /// Sync: what a clerk let in stays on the device as if it were still held.
    ReleaseUnheard,
    /// Persistence: a backup of the office's new life lets a phone forget what its old life has signed.
    ProofsOfAnyLife,
    /// Persistence: a device whose access is taken back is emptied before everything has come home.
    WipedWithUnsentWork,
    /// Scope: what stands in no stream of the device stays.
    StraysStay,
    /// Sync: a restored office takes a cursor of its earlier life for one of its own.
    CursorOfAnyLife,
    /// Sync: what was offered to a restored office counts as given, answer or none.
    OfferTakenForGiven,
    /// Sync: after a restore, a device goes on believing that its work is held at the office.
    HeldByTheOfficeOfBefore,
    /// Merge: an act that came before in another form is done once more.
    DoneTwice,
    /// Persistence: what cannot be done again is dropped without a word.
    RefusedWithoutAWord,
    /// Persistence: the device says that something is saved whatever became of its transaction.
    SavedWithoutCommit,
    /// Scope: a key that comes to a document which others have already is not handed out to them.
    KeyUnannounced,
    /// Persistence: the office says that a backup has whatever it has.
    BackedUpByItself,
    /// Sync: a device compares nothing with a restored office on which unsent work lies.
    UnsentIsNotCompared,
    /// Sync: a restored office takes a document that it has for one that it has whole.
    ThereIsWhole,
    /// Sync: a document that the device has in any form is not brought when everything is fetched again.
    AnyFormIsEqual,
    /// Sync: what is given back comes without the keys that open it.
    GivenWithoutKeys,
    /// Sync: what a clerk put away stays on the device as if somebody were still to look at it.
    PutAwayUnheard,
    /// Scope: where a building goes to another grid, the doors go and whoever lives behind them stays.
    PeopleStayBehind,
    /// Persistence: the office takes the bytes of a photo for the photo, whatever they are.
    PictureUnchecked,
    /// Sync: a device takes what an earlier life of the office had of its photos for what this one has.
    PictureOfAnyLife,
}

impl Planted {
    /// Each of them.
    pub const ALL: [Planted; 23] = [
        Planted::ThankedBeforeCommit,
        Planted::LeavesWithUnsentWork,
        Planted::StrayKeysStay,
        Planted::ReleaseUnheard,
        Planted::ProofsOfAnyLife,
        Planted::WipedWithUnsentWork,
        Planted::StraysStay,
        Planted::CursorOfAnyLife,
        Planted::OfferTakenForGiven,
        Planted::HeldByTheOfficeOfBefore,
        Planted::DoneTwice,
        Planted::RefusedWithoutAWord,
        Planted::SavedWithoutCommit,
        Planted::KeyUnannounced,
        Planted::BackedUpByItself,
        Planted::UnsentIsNotCompared,
        Planted::ThereIsWhole,
        Planted::AnyFormIsEqual,
        Planted::GivenWithoutKeys,
        Planted::PutAwayUnheard,
        Planted::PeopleStayBehind,
        Planted::PictureUnchecked,
        Planted::PictureOfAnyLife,
    ];
}

/// Whether this mistake is made. Always false but in builds that try the checkers.
#[cfg(not(feature = "planted"))]
#[inline(always)]
pub const fn planted(_mistake: Planted) -> bool {
    false
}

#[cfg(feature = "planted")]
pub use switch::{plant, planted};

#[cfg(feature = "planted")]
mod switch {
    use super::Planted;
    use std::sync::atomic::{AtomicU8, Ordering};

    const NONE: u8 = 0;
    const NOT_ASKED: u8 = u8::MAX;
    /// Its number on the command line of a test run: `QIAOMEN_PLANTED=1 cargo test --features planted`.
    const VARIABLE: &str = "QIAOMEN_PLANTED";

    static MADE: AtomicU8 = AtomicU8::new(NOT_ASKED);

    /// From here on this mistake is made, in the whole process.
    pub fn plant(mistake: Option<Planted>) {
        MADE.store(mistake.map_or(NONE, |m| m as u8), Ordering::Relaxed);
    }

    /// Whether this mistake is made.
    #[allow(clippy::disallowed_methods, reason = "tests of other crates cannot be told otherwise")]
    pub fn planted(mistake: Planted) -> bool {
        let mut made = MADE.load(Ordering::Relaxed);
        if made == NOT_ASKED {
            made = std::env::var(VARIABLE).ok().and_then(|n| n.parse().ok()).unwrap_or(NONE);
            MADE.store(made, Ordering::Relaxed);
        }
        made == mistake as u8
    }
}
