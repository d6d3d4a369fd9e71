//! One conflict in words, and the list of them.

use super::error::ReviewError;
use super::filter::{Filter, Whereabouts};
use super::provenance::{CandidateView, Provenance};
use super::words::{self, Words};
use crate::conflict::{Life, from_bytes, to_bytes};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::store::sqlite::ConflictRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::OpId;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::candidates::Candidate;
use serde::Serialize;
use std::collections::BTreeMap;

/// A place where a person has to decide, or had to. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictView {
    /// Number that people use.
    pub id: i64,
    /// The document.
    #[serde(skip)]
    pub doc: DocId,
    /// Where that is.
    #[serde(skip)]
    pub whereabouts: Whereabouts,
    /// `open`, `decided`, `undone`, or `gone` where the parties came to agree.
    pub state: String,
    /// The state in words.
    pub state_label: &'static str,
    /// `conflict`, or `late_update` where somebody had not seen the decision, or wrote without signal
    /// what stood at the office already.
    pub kind: &'static str,
    /// 冲突 or 离线更新.
    pub kind_label: &'static str,
    /// Kind of the document.
    pub document_kind: &'static str,
    /// What people call that kind.
    pub document_label: &'static str,
    /// Id of the document.
    pub document_id: String,
    /// Grid, by name.
    pub grid: Option<String>,
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
    /// Number of the run of a rule that decided it, if one did.
    pub bulk: Option<i64>,
    /// Numbers of earlier conflicts at the same place.
    pub earlier: Vec<i64>,
    /// Number of the conflict in which this one goes on, after its decision was taken back.
    pub goes_on_in: Option<i64>,
    /// Its life.
    pub life: Vec<LifeEvent>,
}

/// Something that happened to a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LifeEvent {
    /// When.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// Permanent word: see [`Life`].
    pub what: String,
    /// What happened, in words.
    pub label: &'static str,
    /// Who did it.
    pub who: Option<String>,
}

/// Conflicts, those of one state if given, oldest first.
pub fn list_conflicts(office: &Office, state: Option<&str>) -> Result<Vec<ConflictView>, OfficeError> {
    let filter = Filter { state: state.map(str::to_owned), ..Filter::default() };
    office.store().read(|tx| select(office, tx, &filter))
}

/// Conflicts that are asked for, oldest first.
pub fn find_conflicts(
    office: &Office,
    asked: &super::filter::Asked,
) -> Result<(Vec<ConflictView>, Counts), ReviewError> {
    office.store().read(|tx| {
        let filter = Filter::of(office, tx, asked)?;
        let list = select(office, tx, &filter)?;
        let counts = Counts::of(&list);
        Ok((list, counts))
    })
}

/// Some of the conflicts that are asked for and lie within sight: those with a larger number than `after`, `limit`
/// of them at most.
pub fn conflicts_page(
    office: &Office,
    asked: &super::filter::Asked,
    sight: &Sight,
    after: i64,
    limit: usize,
) -> Result<Vec<ConflictView>, ReviewError> {
    office.store().read(|tx| {
        let filter = Filter::of(office, tx, asked)?;
        let mut words = Words::new(office, tx)?;
        let mut list = Vec::new();
        for row in tx.conflicts(filter.state.as_deref())?.into_iter().filter(|row| row.id > after) {
            if list.len() >= limit {
                break;
            }
            if filter.may_pass(&row, office.now_ms()) {
                let view = view(office, tx, &mut words, &row)?;
                if filter.passes(&view) && sight.sees(view.whereabouts.grid) {
                    list.push(view);
                }
            }
        }
        Ok(list)
    })
}

/// The conflicts that a filter lets through, within one state of the database.
pub(super) fn select(office: &Office, tx: &Tx<'_>, filter: &Filter) -> Result<Vec<ConflictView>, OfficeError> {
    let mut words = Words::new(office, tx)?;
    let mut list = Vec::new();
    for row in tx.conflicts(filter.state.as_deref())? {
        if filter.may_pass(&row, office.now_ms()) {
            let view = view(office, tx, &mut words, &row)?;
            if filter.passes(&view) {
                list.push(view);
            }
        }
    }
    Ok(list)
}

/// One conflict.
pub fn conflict(office: &Office, id: i64) -> Result<Option<ConflictView>, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        tx.conflict(id)?.map(|row| view(office, tx, &mut words, &row)).transpose()
    })
}

/// How many, and of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub total: usize,
    /// By field, as people call it; most first.
    pub by_field: Vec<Count>,
    /// By grid, by name; most first.
    pub by_grid: Vec<Count>,
    /// By 冲突 and 离线更新.
    pub by_label: Vec<Count>,
}

/// How many of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Of what.
    pub of: String,
    /// How many.
    pub count: usize,
}

impl Counts {
    /// Counts a list.
    pub fn of(list: &[ConflictView]) -> Self {
        let by = |of: &dyn Fn(&ConflictView) -> String| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for conflict in list {
                *counts.entry(of(conflict)).or_default() += 1;
            }
            let mut counts: Vec<Count> = counts.into_iter().map(|(of, count)| Count { of, count }).collect();
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.of.cmp(&b.of)));
            counts
        };
        Self {
            total: list.len(),
            by_field: by(&|c| c.field_label.clone()),
            by_grid: by(&|c| c.grid.clone().unwrap_or_else(|| "（没有网格）".to_owned())),
            by_label: by(&|c| c.kind_label.to_owned()),
        }
    }
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
    let candidates = Provenance { office, tx, view: &document, ring: &ring }.of(words, &now, &stood, taken)?;
    let late = candidates.iter().any(|c| c.late || c.unseen);
    let (why, why_label) = words::why(now.why);
    let decided = row.state == "decided";
    let whereabouts = Whereabouts::of(tx, words, &document)?;
    let at_place = tx.conflicts_at(row.doc, &row.path)?;
    let key = row.decision_key.as_deref().filter(|_| decided);
    Ok(ConflictView {
        id: row.id,
        doc: row.doc,
        state: row.state.clone(),
        state_label: state_label(&row.state),
        kind: if late { LATE_UPDATE.0 } else { CONFLICT.0 },
        kind_label: if late { LATE_UPDATE.1 } else { CONFLICT.1 },
        document_kind: row.doc.kind.name(),
        document_label: kind_spec(row.doc.kind).label,
        document_id: row.doc.uuid.to_string(),
        grid: whereabouts.grid.and_then(|g| words.grid(g)).map(str::to_owned),
        door: whereabouts.door.map(|d| words.door(d)).transpose()?,
        whereabouts,
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
        bulk: key.map(|key| tx.bulk_of(row.id, key)).transpose()?.flatten(),
        earlier: at_place.iter().map(|r| r.id).filter(|id| *id < row.id).collect(),
        goes_on_in: goes_on_in(row, &at_place),
        life: life(tx, words, row.id)?,
    })
}

/// The two labels of what waits for a person.
pub(super) const CONFLICT: (&str, &str) = ("conflict", "冲突");
/// Written by somebody who could not see what stood already.
pub(super) const LATE_UPDATE: (&str, &str) = ("late_update", "离线更新");

/// Of a conflict whose decision was taken back into another record: that record.
pub(super) fn goes_on_in(row: &ConflictRow, at_place: &[ConflictRow]) -> Option<i64> {
    let last = at_place.last().filter(|_| row.state == "undone")?;
    Some(last.id).filter(|id| *id != row.id)
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
    for row in tx.conflict_events(id)? {
        let label = Life::ALL.into_iter().find(|l| l.word() == row.what).map_or("其他", Life::label);
        let who = row.who.map(|who| words.who(&who)).transpose()?;
        events.push(LifeEvent { at_ms: row.at_ms, at: words::time(row.at_ms), what: row.what, label, who });
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

/// Stands for a set of candidates, short enough to be typed.
pub(super) fn seen(ops: &[OpId]) -> String {
    let hash = blake3::derive_key("qiaomen 2026 candidates seen", &to_bytes(ops));
    hash[..5].iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qiaomen_proto::ids::Actor;

    #[test]
    fn another_set_of_candidates_is_seen_as_another() {
        let ops = [OpId { counter: 7, actor: Actor([1; 16]) }, OpId { counter: 1 << 40, actor: Actor([255; 16]) }];
        assert_ne!(seen(&ops), seen(&ops[..1]));
    }
}
