//! Which rows of a book are known again: a keyed fingerprint of what a row says.
//!
//! Without the community's key file it tells nothing but which rows were alike; the texts of matters
//! and the names of staff cannot be guessed from it. What the office writes into a workbook of its own is
//! known again by the same.

use super::super::book::TicketRow;
use crate::office::Office;
use qiaomen_proto::ids::Role;
use std::collections::HashMap;

/// The fingerprints of one import.
pub(in crate::ledger) struct Fingerprints<'a> {
    office: &'a Office,
    /// How often each has come: two rows that are alike are two matters.
    seen: HashMap<[u8; 16], u32>,
}

impl<'a> Fingerprints<'a> {
    pub(in crate::ledger) fn new(office: &'a Office) -> Self {
        Self { office, seen: HashMap::new() }
    }

    /// The fingerprint of a matter. What may change while a matter is worked on (state, size, category) is not what
    /// it is known by.
    pub(in crate::ledger) fn of_ticket(&mut self, row: &TicketRow) -> [u8; 16] {
        let on = row.reported_on.to_string();
        self.of("ticket", &[Some(&on), row.source.as_deref(), row.place.as_deref(), Some(&row.text)])
    }

    /// The fingerprint of a member of staff.
    pub(in crate::ledger) fn of_staff(&mut self, name: &str, role: Role, grid: Option<&str>) -> [u8; 16] {
        self.of("staff", &[Some(name), Some(role.title()), grid])
    }

    /// The fingerprint of a row of this sort with these parts, and of its being the first, second, …
    /// of its kind in the book.
    fn of(&mut self, sort: &str, parts: &[Option<&str>]) -> [u8; 16] {
        let count = self.seen.entry(self.hash(sort, parts, 0)).or_default();
        *count += 1;
        let count = *count;
        self.hash(sort, parts, count)
    }

    fn hash(&self, sort: &str, parts: &[Option<&str>], count: u32) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(self.office.secrets().blind.as_bytes());
        hasher.update(b"qiaomen 2026 v1 imported row");
        for part in std::iter::once(Some(sort)).chain(parts.iter().copied()) {
            // The length first, and something else where there is nothing.
            hasher.update(&part.map_or(u64::MAX, |p| u64::try_from(p.len()).unwrap_or(u64::MAX - 1)).to_be_bytes());
            hasher.update(part.unwrap_or_default().as_bytes());
        }
        hasher.update(&count.to_be_bytes());
        let mut out = [0; 16];
        hasher.finalize_xof().fill(&mut out);
        out
    }
}
