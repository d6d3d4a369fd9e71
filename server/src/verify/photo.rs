//! Photos: rows against documents, files against their hashes.

use super::problem::{ProblemCode, Problems};
use super::{VerifyReport, count};
use crate::ingest::project::photo_rows;
use crate::office::Office;
use crate::store::Tx;
use crate::store::sqlite::PhotoRow;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{Kind, TicketId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::KeyRing;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of photos, by matter and key.
pub(super) struct Photos(BTreeMap<(TicketId, String), PhotoRow>);

impl Photos {
    pub(super) fn read(tx: &Tx<'_>, problems: &mut Problems) -> Self {
        let rows = problems.sift(tx.photo_list()).unwrap_or_default();
        Self(rows.into_iter().map(|row| ((row.ticket, row.key.clone()), row)).collect())
    }

    /// Holds the rows of one matter against what its document names.
    pub(super) fn check(&mut self, register: &Register, problems: &mut Problems) {
        if register.doc().kind != Kind::Ticket {
            return;
        }
        // What a record says of a photo stands in the clear: no key is needed.
        let ring = KeyRing::new();
        for named in photo_rows(&View::new(register, &ring)) {
            match self.0.remove(&(named.ticket, named.key.clone())) {
                Some(row) if row == named => {}
                Some(_) => problems.add(ProblemCode::RowDiffers, register.doc()),
                None => problems.add(ProblemCode::RowMissing, register.doc()),
            }
        }
    }

    /// Leaves out those of a document that cannot be looked at.
    pub(super) fn leave(&mut self, ticket: TicketId) {
        self.0.retain(|(of, _), _| *of != ticket);
    }

    /// Those that no document names.
    pub(super) fn left_over(self, problems: &mut Problems) {
        for ((ticket, _), _) in self.0 {
            problems.add(ProblemCode::RowExtra, ticket);
        }
    }
}

/// Whether each photo that is noted as whole is, and which are still to come.
pub(super) fn files(office: &Office, tx: &Tx<'_>, report: &mut VerifyReport, problems: &mut Problems) {
    let rows = problems.sift(tx.photo_list()).unwrap_or_default();
    let named: BTreeSet<[u8; 32]> = rows.iter().map(|row| row.hash).collect();
    report.photos = count(named.len());
    for hash in named {
        let name = blake3::Hash::from_bytes(hash).to_hex();
        let come = problems.sift(tx.photo_come(&hash)).flatten();
        if come.is_none_or(|come| come.whole_ms.is_none()) {
            report.photos_to_come.push(name.to_string());
            continue;
        }
        match office.photos().read(&hash) {
            Ok(Some(bytes)) if *blake3::hash(&bytes).as_bytes() == hash => {}
            Ok(Some(_)) => problems.add(ProblemCode::PhotoDamaged, name),
            Ok(None) | Err(_) => problems.add(ProblemCode::PhotoMissing, name),
        }
    }
}
