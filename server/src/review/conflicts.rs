//! One conflict in words, and the list of them.

use super::words::{self, Words};
use crate::conflict::to_bytes;
use crate::office::{Office, OfficeError};
use crate::store::sqlite::ConflictRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::OpId;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::{Actor, DeviceId, DocId, Role, WorkerId};
use qiaomen_proto::merge::candidates::Candidate;
use serde::Serialize;

/// Something that stands at a place where a person has to decide. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictView {
    /// Number that people use.
    pub id: i64,
    /// The document.
    #[serde(skip)]
    pub doc: DocId,
    /// `open`, `decided`, `undone`, or `gone` where the parties came to agree.
    pub state: String,
    /// The state in words.
    pub state_label: &'static str,
    /// `conflict`, or `late_update` where somebody had not seen the decision.
    pub kind: &'static str,
    /// 冲突 or 离线更新.
    pub kind_label: &'static str,
    /// Kind of the document.
    pub document_kind: &'static str,
    /// What people call that kind.
    pub document_label: &'static str,
    /// Id of the document.
    pub document_id: String,
    /// Address of the door, if it is about one.
    pub door: Option<String>,
    /// What the document is about, in words.
    pub place: String,
    /// Container and key of the place.
    pub path: String,
    /// Permanent name of the field.
    pub field: String,
    /// What people call the field.
    pub field_label: String,
    /// True where the field can hold several: both can be taken.
    pub several: bool,
    /// What stands there.
    pub candidates: Vec<CandidateView>,
    /// What holds for now.
    pub shown: String,
    /// Why: `only`, `latest`, `rank`, `refusal`, `all`, `decided`.
    pub why: &'static str,
    /// Why, in words.
    pub why_label: &'static str,
    /// Permanent name of the field's policy.
    pub policy: &'static str,
    /// The table of policies under which it was found.
    pub policy_version: u32,
    /// Stands for the candidates as they are shown here: to be handed back with the decision.
    pub seen: String,
    /// When it was found.
    pub opened_ms: u64,
    /// The same in words.
    pub opened_at: String,
    /// When it last changed.
    pub changed_ms: u64,
    /// By whom it was decided, while it is.
    pub decided_by: Option<String>,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// Its life.
    pub life: Vec<LifeEvent>,
}

/// One of the values that stand against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateView {
    /// A, B, C …
    pub label: String,
    /// `value`, `refused`, `unknown`, `cleared`, `locked`.
    pub state: &'static str,
    /// The value, if it is one.
    pub value: Option<String>,
    /// As people read it.
    pub text: String,
    /// True if it holds for now; of a conflict that is decided, if it was taken.
    pub holds: bool,
    /// True if it is what a clerk decided before.
    pub decided: bool,
    /// Who wrote it.
    pub worker: Option<WorkerId>,
    /// What that person is called.
    pub worker_name: String,
    /// In which role.
    pub role: Option<Role>,
    /// What people call the role.
    pub worker_title: String,
    /// On which device.
    pub device: Option<DeviceId>,
    /// When it was written.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// When it came to the office.
    pub received_ms: Option<u64>,
    /// When its device had last been in touch before.
    pub offline_since_ms: Option<u64>,
    /// The same in words; nothing for what the office itself wrote.
    pub offline: Option<String>,
    /// The visit or call from which it came, if one is known.
    pub visit: Option<String>,
}

/// Something that happened to a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LifeEvent {
    /// When.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// `opened`, `joined`, `decided`, `open` (undone), `undone`, `gone`.
    pub what: String,
    /// What happened, in words.
    pub label: &'static str,
    /// Who did it.
    pub who: Option<String>,
}

/// Conflicts, those of one state if given, oldest first.
pub fn list_conflicts(office: &Office, state: Option<&str>) -> Result<Vec<ConflictView>, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        tx.conflicts(state)?.iter().map(|row| view(office, tx, &mut words, row)).collect()
    })
}

/// One conflict.
pub fn conflict(office: &Office, id: i64) -> Result<Option<ConflictView>, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        tx.conflict(id)?.map(|row| view(office, tx, &mut words, &row)).transpose()
    })
}

fn view(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    row: &ConflictRow,
) -> Result<ConflictView, OfficeError> {
    let damaged = || OfficeError::from(StoreError::Damaged("conflict"));
    let register = tx.register(row.doc)?.ok_or_else(damaged)?;
    let ring = office.ring(tx, [row.doc.uuid])?;
    let document = View::new(&register, &ring);
    let now = document.at(&row.path).ok_or_else(damaged)?;
    let stood = standing(&document, row, &now);
    let seen = seen(&stood.iter().map(|c| c.op).collect::<Vec<_>>());
    let in_force = |key: &String| document.decisions().all().iter().find(|d| d.in_force && d.key == *key);
    let taken = row.decision_key.as_ref().and_then(in_force).map_or(&[][..], |d| &d.chosen);
    let door = words.door_of(&document);
    let mut candidates = Vec::with_capacity(stood.len());
    for (number, candidate) in stood.iter().enumerate() {
        let shown = now.field.show(&candidate.value, &row.doc.uuid, &ring);
        let mut line = CandidateView {
            label: label(number),
            state: words::state(&shown),
            value: shown.text().map(str::to_owned),
            text: words.value(now.field, &shown)?,
            holds: now.reading.holds.contains(&candidate.op) || taken.contains(&candidate.op),
            decided: candidate.decided,
            worker: None,
            worker_name: String::new(),
            role: None,
            worker_title: String::new(),
            device: None,
            at_ms: 0,
            at: String::new(),
            received_ms: None,
            offline_since_ms: None,
            offline: None,
            visit: None,
        };
        if let Some(stamp) = candidate.stamp {
            line.worker = Some(stamp.by.worker);
            line.worker_name = words.worker(stamp.by.worker)?;
            line.role = Some(stamp.by.role);
            line.worker_title = stamp.by.role.title().to_owned();
            line.device = Some(stamp.by.device);
            line.at_ms = stamp.at.wall_ms;
            line.at = words::time(stamp.at.wall_ms);
            if let Some((received, since)) = tx.command_arrival(stamp.command)? {
                line.received_ms = Some(received);
                line.offline_since_ms = since;
                line.offline = (stamp.by.role != Role::Office).then(|| words::offline(received, since));
            }
            if let Some(door) = door {
                line.visit = words.visit(door, stamp.by.worker, stamp.at.wall_ms)?;
            }
        }
        candidates.push(line);
    }
    let late = candidates.iter().any(|c| c.decided);
    let (why, why_label) = words::why(now.why);
    let decided = row.state == "decided";
    Ok(ConflictView {
        id: row.id,
        doc: row.doc,
        state: row.state.clone(),
        state_label: state_label(&row.state),
        kind: if late { "late_update" } else { "conflict" },
        kind_label: if late { "离线更新" } else { "冲突" },
        document_kind: row.doc.kind.name(),
        document_label: kind_spec(row.doc.kind).label,
        document_id: row.doc.uuid.to_string(),
        door: door.map(|d| words.door(d)).transpose()?,
        place: words.place(&document)?,
        path: format!("{}.{}", row.path.container, row.path.key),
        field: now.field.name.to_owned(),
        field_label: Words::field_label(&register, &row.path),
        several: now.field.several,
        candidates,
        shown: words.value(now.field, &now.shown)?,
        why,
        why_label,
        policy: now.field.policy.name(),
        policy_version: row.policy_version,
        seen,
        opened_ms: row.opened_ms,
        opened_at: words::time(row.opened_ms),
        changed_ms: row.changed_ms,
        decided_by: row.decided_by.as_deref().filter(|_| decided).map(|who| words.who(who)).transpose()?,
        decided_at: row.decided_ms.filter(|_| decided).map(words::time),
        life: life(tx, words, row.id)?,
    })
}

/// What stands there now; of a conflict that is over, what stood there when it ended.
fn standing(document: &View<'_>, row: &ConflictRow, now: &FieldView) -> Vec<Candidate> {
    if row.state == "open" {
        return now.reading.candidates.clone();
    }
    let ops = from_bytes(&row.candidates);
    let register = document.register();
    register
        .history(&row.path)
        .iter()
        .filter(|op| ops.contains(&op.id))
        .map(|op| Candidate {
            op: op.id,
            value: op.value.clone(),
            stamp: register.stamp(op).copied(),
            decided: document.decisions().of_op(&op.id).is_some(),
        })
        .collect()
}

fn life(tx: &Tx<'_>, words: &mut Words<'_, '_>, id: i64) -> Result<Vec<LifeEvent>, OfficeError> {
    let mut events = Vec::new();
    for (at_ms, what, who) in tx.conflict_events(id)? {
        let label = match what.as_str() {
            "opened" => "发现冲突",
            "joined" => "说法有变",
            "decided" => "裁定",
            "open" => "撤销裁定",
            "undone" => "撤销裁定,并入同一项的新冲突",
            "gone" => "冲突消失",
            _ => "其他",
        };
        let who = who.map(|who| words.who(&who)).transpose()?;
        events.push(LifeEvent { at_ms, at: words::time(at_ms), what, label, who });
    }
    Ok(events)
}

fn state_label(state: &str) -> &'static str {
    match state {
        "open" => "待裁定",
        "decided" => "已裁定",
        "undone" => "已撤销",
        _ => "已无冲突",
    }
}

/// A, B … Z, AA, AB …
pub(super) fn label(number: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    match number / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", label(more - 1)),
    }
}

/// Stands for a set of candidates, short enough to be typed.
pub(super) fn seen(ops: &[OpId]) -> String {
    let hash = blake3::derive_key("qiaomen 2026 candidates seen", &to_bytes(ops));
    hash[..5].iter().map(|b| format!("{b:02x}")).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<OpId> {
    let (ops, _) = bytes.as_chunks::<24>();
    let op = |bytes: &[u8; 24]| {
        let (counter, actor) = bytes.split_first_chunk::<8>()?;
        Some(OpId { counter: u64::from_be_bytes(*counter), actor: Actor(actor.try_into().ok()?) })
    };
    ops.iter().filter_map(op).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_lettered_as_columns_of_a_sheet_are() {
        assert_eq!([0, 1, 25, 26, 27, 51, 52].map(label), ["A", "B", "Z", "AA", "AB", "AZ", "BA"]);
    }

    #[test]
    fn operations_come_back_from_their_bytes() {
        let ops = [OpId { counter: 7, actor: Actor([1; 16]) }, OpId { counter: 1 << 40, actor: Actor([255; 16]) }];
        assert_eq!(from_bytes(&to_bytes(&ops)), ops);
        assert_ne!(seen(&ops), seen(&ops[..1]));
    }
}
