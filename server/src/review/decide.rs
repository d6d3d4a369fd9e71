//! Taking one value, several, or another. A decision is an ordinary change by the office: the fact,
//! and a put on the field.

use super::conflicts::{goes_on_in, seen as token};
use super::error::ReviewError;
use super::provenance::label;
use super::words::{self, Words};
use crate::office::{Office, OfficeError};
use crate::people::audit::{self, Deed};
use crate::store::sqlite::ConflictRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::{Answer, OpId, Scalar};
use qiaomen_proto::entity::value::{Shown, several};
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::{Subject, WorkerId};
use qiaomen_proto::merge::decision;
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use serde::Serialize;

/// What a clerk chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The candidate with this letter.
    Take(String),
    /// All of them together: only where a field can hold several.
    Both,
    /// Another value, as somebody typed it.
    Value(String),
    /// It was refused.
    Refused,
    /// Nothing shall stand there.
    Cleared,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Number of the conflict.
    pub id: i64,
    /// What the document is about, in words.
    pub place: String,
    /// What people call the field.
    pub field_label: String,
    /// What now stands there, in words.
    pub text: String,
    /// Key of the decision's record in the document.
    pub decision_key: String,
}

/// Decides an open conflict. `seen` stands for what was shown ([`super::ConflictView::seen`]): if
/// something else stands there by now, the clerk is asked again.
pub fn decide(
    office: &Office,
    id: i64,
    choice: Choice,
    seen: Option<&str>,
    clerk: WorkerId,
) -> Result<Decided, ReviewError> {
    let inner = office.clone();
    let seen = seen.map(|s| s.trim().to_ascii_lowercase());
    office.store().write(move |tx| decide_in(&inner, tx, id, &choice, seen.as_deref(), clerk))
}

pub(super) fn decide_in(
    office: &Office,
    tx: &Tx<'_>,
    id: i64,
    choice: &Choice,
    seen: Option<&str>,
    clerk: WorkerId,
) -> Result<Decided, ReviewError> {
    let row = tx.conflict(id)?.ok_or(ReviewError::NotFound { id })?;
    let mut words = Words::new(office, tx)?;
    still_open(tx, &mut words, &row)?;
    let register = tx.register(row.doc)?.ok_or(StoreError::Damaged("conflict"))?;
    let subject = row.doc.uuid;
    let mut ring = office.ring(tx, [subject])?;
    let document = View::new(&register, &ring);
    let now = document.at(&row.path).filter(|f| f.conflict).ok_or(ReviewError::Gone { id })?;
    let ops: Vec<OpId> = now.reading.candidates.iter().map(|c| c.op).collect();
    if seen.is_some_and(|seen| seen != token(&ops)) {
        return Err(ReviewError::CandidatesChanged { now: token(&ops) });
    }
    let place = words.place(&document)?;
    let mut keys = Vec::new();
    let value = match meant(choice, &now, &subject, &ring)? {
        Meant::Scalar(value) => value,
        Meant::Text(text) => {
            if now.field.sealed && ring.sealing_key(&subject).is_none() {
                let key = SubjectKey::from_bytes(office.random().map_err(OfficeError::from)?);
                ring.insert(subject, key.clone());
                keys.push((subject, key));
            }
            let value = now.field.to_scalar(&text, &subject, ring.sealing_key(&subject));
            value.ok_or(StoreError::Damaged("a value that fits its field"))?
        }
    };
    let chosen: Vec<OpId> = match choice {
        Choice::Both => ops.clone(),
        _ => now.reading.candidates.iter().filter(|c| c.value == value).map(|c| c.op).collect(),
    };
    let text = words.value(now.field, &now.field.show(&value, &subject, &ring))?;
    let edits = decision::decide(&register, &row.path, &ops, &chosen, value);
    let decision_key = edits.first().map(|e| e.path.key.clone()).unwrap_or_default();
    let stamp = office.next_stamp(tx, clerk)?;
    // First the record, then the change: what looks at the document afterwards finds it settled.
    tx.decide_conflict(id, &clerk.to_string(), &decision_key, office.now_ms())?;
    office.write_own(tx, stamp, vec![(row.doc, edits)], &keys)?;
    audit::note(office, tx, clerk, Deed::Decided, Some(&row.doc.key()))?;
    Ok(Decided { id, place, field_label: Words::field_label(&register, &row.path), text, decision_key })
}

fn still_open(tx: &Tx<'_>, words: &mut Words<'_, '_>, row: &ConflictRow) -> Result<(), ReviewError> {
    match row.state.as_str() {
        "open" => Ok(()),
        "decided" => Err(ReviewError::AlreadyDecided {
            id: row.id,
            by: row.decided_by.as_deref().map(|who| words.who(who)).transpose()?.unwrap_or_default(),
            at: row.decided_ms.map(words::time).unwrap_or_default(),
        }),
        _ => Err(match goes_on_in(row, &tx.conflicts_at(row.doc, &row.path)?) {
            Some(into) => ReviewError::MovedOn { id: row.id, into },
            None => ReviewError::Gone { id: row.id },
        }),
    }
}

/// What a choice comes to.
enum Meant {
    /// As it stands in the document already.
    Scalar(Scalar),
    /// A text, normalised, still to be sealed.
    Text(String),
}

fn meant(choice: &Choice, now: &FieldView, subject: &Subject, ring: &KeyRing) -> Result<Meant, ReviewError> {
    match choice {
        Choice::Take(wanted) => {
            let wanted = wanted.trim().to_uppercase();
            let count = now.reading.candidates.len();
            let taken = (0..count).find(|n| label(*n) == wanted).and_then(|n| now.reading.candidates.get(n));
            let known = || (0..count).map(label).collect::<Vec<_>>().join("、");
            let taken = taken.ok_or_else(|| ReviewError::NoSuchCandidate { label: wanted.clone(), known: known() })?;
            Ok(Meant::Scalar(taken.value.clone()))
        }
        Choice::Both => {
            if !now.field.several {
                return Err(ReviewError::NotSeveral { field: now.field.label.to_owned() });
            }
            let mut texts = Vec::new();
            for candidate in &now.reading.candidates {
                match now.field.show(&candidate.value, subject, ring) {
                    Shown::Value(text) => texts.push(text),
                    other => return Err(ReviewError::NotAllValues { what: other.label().to_owned() }),
                }
            }
            Ok(Meant::Text(now.field.normalise(&several(texts.iter().flat_map(|t| t.split(','))))?))
        }
        Choice::Value(typed) => Ok(Meant::Text(now.field.normalise(typed)?)),
        Choice::Refused => Ok(Meant::Scalar(Answer::Refused.into_scalar())),
        Choice::Cleared => Ok(Meant::Scalar(Answer::Cleared.into_scalar())),
    }
}
