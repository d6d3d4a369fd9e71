//! The log of one stream: numbers without gaps, entries that follow from each other, members and digest
//! that follow from the entries.

use super::count;
use super::problem::{ProblemCode, Problems};
use crate::store::sqlite::{ChangeRow, EntryKind, EntryRow};
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{DocId, StreamId};
use qiaomen_proto::merge::digest::Digest;
use std::collections::{BTreeMap, HashMap};

/// Entries that are looked at together.
const PAGE: usize = 4096;

/// The changes that entries tell of.
pub(super) struct Log {
    of_document: HashMap<DocId, Vec<i64>>,
    document_of: HashMap<i64, DocId>,
}

/// A document that the entries have brought into the stream.
struct Member {
    since: u64,
    /// Rows of the changes that were told since.
    told: Vec<i64>,
}

impl Log {
    pub(super) fn of(tx: &Tx<'_>, changes: &[ChangeRow], problems: &mut Problems) -> Self {
        for name in problems.sift(tx.nameless_streams()).unwrap_or_default() {
            problems.add(ProblemCode::StreamUnknown, name);
        }
        let mut of_document: HashMap<DocId, Vec<i64>> = HashMap::new();
        for change in changes {
            of_document.entry(change.doc).or_default().push(change.id);
        }
        Self { of_document, document_of: changes.iter().map(|change| (change.id, change.doc)).collect() }
    }

    /// Checks a stream. The number of its entries.
    pub(super) fn check(&self, tx: &Tx<'_>, stream: &StreamId, problems: &mut Problems) -> u64 {
        let read = self.read(tx, stream, problems);
        problems.sift(read).unwrap_or(0)
    }

    fn read(&self, tx: &Tx<'_>, stream: &StreamId, problems: &mut Problems) -> Result<u64, StoreError> {
        let name = stream.to_text();
        let row = tx.stream(stream)?;
        let mut members: BTreeMap<DocId, Member> = BTreeMap::new();
        let (mut last, mut entries) = (0, 0);
        loop {
            let page = tx.entries(stream, last, PAGE)?;
            for entry in &page {
                if entry.seq != last + 1 {
                    problems.add(ProblemCode::StreamGap, &name);
                }
                last = entry.seq;
                if let Err(code) = self.follow(&mut members, entry) {
                    problems.add(code, &name);
                }
            }
            entries += count(page.len());
            if page.len() < PAGE {
                break;
            }
        }
        if row.next_seq != last + 1 || tx.entries_outside(stream, row.next_seq)? > 0 {
            problems.add(ProblemCode::StreamEnd, &name);
        }
        self.compare(tx, stream, &members, row.digest, problems)?;
        Ok(entries)
    }

    /// Takes one entry.
    fn follow(&self, members: &mut BTreeMap<DocId, Member>, entry: &EntryRow) -> Result<(), ProblemCode> {
        let out_of_order = Err(ProblemCode::EntryOutOfOrder);
        match entry.kind {
            EntryKind::Arrived => {
                let member = Member { since: entry.seq, told: Vec::new() };
                if members.insert(entry.doc, member).is_some() { out_of_order } else { Ok(()) }
            }
            EntryKind::Departed => {
                if members.remove(&entry.doc).is_none() {
                    out_of_order
                } else {
                    Ok(())
                }
            }
            EntryKind::Key => {
                if members.contains_key(&entry.doc) {
                    Ok(())
                } else {
                    out_of_order
                }
            }
            EntryKind::Change => {
                let Some(change) = entry.change.filter(|row| self.document_of.get(row) == Some(&entry.doc)) else {
                    return Err(ProblemCode::EntryChange);
                };
                match members.get_mut(&entry.doc) {
                    Some(member) => member.told.push(change),
                    None => return out_of_order,
                }
                Ok(())
            }
        }
    }

    fn compare(
        &self,
        tx: &Tx<'_>,
        stream: &StreamId,
        members: &BTreeMap<DocId, Member>,
        digest: Digest,
        problems: &mut Problems,
    ) -> Result<(), StoreError> {
        let name = stream.to_text();
        let stands: BTreeMap<DocId, u64> = tx.member_list(stream)?.into_iter().collect();
        if !stands.iter().eq(members.iter().map(|(doc, m)| (doc, &m.since))) {
            problems.add(ProblemCode::MembersDiffer, &name);
        }
        let mut sum = Digest::default();
        for (doc, member) in members {
            // What came since the arrival was told one by one: the last changes, and all of them.
            if !self.of_document.get(doc).is_some_and(|all| all.ends_with(&member.told)) {
                problems.add(ProblemCode::StreamSkips, &name);
            }
            sum = sum.with(tx.document_digest(*doc)?.unwrap_or_default());
        }
        if sum != digest {
            problems.add(ProblemCode::StreamDigest, &name);
        }
        Ok(())
    }
}
