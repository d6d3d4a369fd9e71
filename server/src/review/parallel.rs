//! What was edited in parallel and merged by itself: different fields of one document, by people who did
//! not know of each other. No conflict and nothing to decide; a clerk may want to look. Read from the
//! registers, the latest changes only.

use super::error::ReviewError;
use super::filter::{Asked, Filter, Whereabouts};
use super::words::{self, Words};
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use qiaomen_proto::change::{Path, Stamp};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{Policy, kind_spec};
use qiaomen_proto::ids::{DeviceId, DocId, Role, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::KeyRing;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Changes of the whole office that are looked at, the latest.
pub const CHANGES_MAX: u32 = 20_000;
/// Changes of one document that are held against each other, the latest.
const CHANGES_PER_DOCUMENT_MAX: usize = 64;
/// Documents in one list.
pub const DOCUMENTS_MAX: usize = 200;
/// Looked back at most.
pub const DAYS_MAX: u64 = 90;
/// Looked back where nobody says how far.
pub const DAYS_DEFAULT: u64 = 7;

/// One document that was edited in parallel. Values are in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParallelView {
    /// Always `parallel`.
    pub kind: &'static str,
    /// 并行修改.
    pub kind_label: &'static str,
    /// The document.
    #[serde(skip)]
    pub doc: DocId,
    /// Kind of the document.
    pub document_kind: &'static str,
    /// What people call that kind.
    pub document_label: &'static str,
    /// Id of the document.
    pub document_id: String,
    /// Grid, by name.
    pub grid: Option<String>,
    /// What the document is about, in words.
    pub place: String,
    /// When the last of these edits came to the office.
    pub merged_ms: u64,
    /// The same in words.
    pub merged_at: String,
    /// The edits, in the order in which they came.
    pub edits: Vec<ParallelEdit>,
    /// Fields that several of them wrote and a rule settled: what holds, and why.
    pub by_rule: Vec<String>,
    /// Numbers of conflicts of this document that wait for a person.
    pub conflicts: Vec<i64>,
}

/// One of the edits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParallelEdit {
    /// Who.
    pub worker: WorkerId,
    /// What that person is called.
    pub worker_name: String,
    /// In which role.
    pub role: Role,
    /// What people call the role.
    pub worker_title: &'static str,
    /// On which device.
    pub device: DeviceId,
    /// When it was written.
    pub at_ms: u64,
    /// The same in words.
    pub at: String,
    /// When it came.
    pub received_ms: u64,
    /// That it was written without signal, in words; nothing where that does not follow, and for the office itself.
    pub offline: Option<String>,
    /// What it wrote: field and value.
    pub what: Vec<String>,
    /// Permanent names of the fields.
    pub fields: Vec<&'static str>,
}

/// What was merged by itself in the last days, the latest first.
pub fn list_parallel(office: &Office, days: u64, asked: &Asked) -> Result<Vec<ParallelView>, ReviewError> {
    let since = office.now_ms().saturating_sub(days.min(DAYS_MAX) * 24 * 3600 * 1000);
    office.store().read(|tx| {
        let filter = Filter::of(office, tx, asked)?;
        let mut words = Words::new(office, tx)?;
        let mut list = Vec::new();
        for doc in tx.recently_changed(since, CHANGES_MAX)? {
            if filter.kind.as_ref().is_some_and(|k| k != doc.kind.name()) {
                continue;
            }
            if let Some(view) = look(office, tx, &mut words, doc, since, &filter)? {
                list.push(view);
            }
            if list.len() == DOCUMENTS_MAX {
                break;
            }
        }
        list.sort_by_key(|v| std::cmp::Reverse(v.merged_ms));
        Ok(list)
    })
}

/// One change as it is held against others.
struct Side {
    index: u32,
    stamp: Stamp,
    received_ms: u64,
    since_ms: Option<u64>,
    places: BTreeSet<Path>,
}

fn look(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    doc: DocId,
    since: u64,
    filter: &Filter,
) -> Result<Option<ParallelView>, OfficeError> {
    let Some(register) = tx.register(doc)? else { return Ok(None) };
    let sides = sides(tx, &register)?;
    let pairs = pairs(&register, &sides, since);
    if pairs.is_empty() {
        return Ok(None);
    }
    let ring = office.ring(tx, [doc.uuid])?;
    let view = View::new(&register, &ring);
    let whereabouts = Whereabouts::of(tx, words, &view)?;
    let involved: BTreeSet<usize> = pairs.iter().flat_map(|(x, y)| [*x, *y]).collect();
    let mut edits = Vec::new();
    for side in involved.iter().filter_map(|n| sides.get(*n)) {
        edits.push(edit(office, words, &register, &ring, side)?);
    }
    edits.sort_by_key(|e| (e.received_ms, e.at_ms));
    let wanted = whereabouts.is(filter)
        && filter.worker.is_none_or(|w| edits.iter().any(|e| e.worker == w))
        && filter.field.as_ref().is_none_or(|f| edits.iter().any(|e| e.fields.iter().any(|name| name == f)));
    if !wanted {
        return Ok(None);
    }
    let merged_ms = edits.iter().map(|e| e.received_ms).max().unwrap_or(0);
    Ok(Some(ParallelView {
        kind: "parallel",
        kind_label: "并行修改",
        doc,
        document_kind: doc.kind.name(),
        document_label: kind_spec(doc.kind).label,
        document_id: doc.uuid.to_string(),
        grid: whereabouts.grid.and_then(|g| words.grid(g)).map(str::to_owned),
        place: words.place(&view)?,
        merged_ms,
        merged_at: words::time(merged_ms),
        edits,
        by_rule: by_rule(words, &view, &sides, &pairs)?,
        conflicts: tx.open_conflicts_of(doc)?.into_iter().map(|row| row.id).collect(),
    }))
}

/// The latest changes that wrote fields. Records are facts side by side: they never stand against each
/// other. A decision is not an edit.
fn sides(tx: &Tx<'_>, register: &Register) -> Result<Vec<Side>, OfficeError> {
    let spec = kind_spec(register.doc().kind);
    let first = register.changes().len().saturating_sub(CHANGES_PER_DOCUMENT_MAX);
    let mut places: BTreeMap<u32, BTreeSet<Path>> = BTreeMap::new();
    let mut decisions = BTreeSet::new();
    for path in register.paths() {
        let is_field = spec.field(path).is_some();
        for op in register.history(path).iter().filter(|op| usize::try_from(op.change).is_ok_and(|n| n >= first)) {
            if is_field {
                places.entry(op.change).or_default().insert(path.clone());
            } else if path.container == spec.decisions() {
                decisions.insert(op.change);
            }
        }
    }
    let mut sides = Vec::new();
    for (index, places) in places.into_iter().filter(|(index, _)| !decisions.contains(index)) {
        let Some(stamp) = register.change(index).stamp else { continue };
        let Some((received_ms, since_ms)) = tx.command_arrival(stamp.command, stamp.by.device)? else { continue };
        sides.push(Side { index, stamp, received_ms, since_ms, places });
    }
    Ok(sides)
}

/// Which of them were written apart, at different places, the later since this time.
fn pairs(register: &Register, sides: &[Side], since: u64) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (x, later) in sides.iter().enumerate().filter(|(_, side)| side.received_ms >= since) {
        for (y, earlier) in sides.iter().enumerate().take(x) {
            if later.stamp.by.device != earlier.stamp.by.device
                && later.places != earlier.places
                && !register.builds_on(later.index, earlier.index)
            {
                pairs.push((y, x));
            }
        }
    }
    pairs
}

fn edit(
    office: &Office,
    words: &mut Words<'_, '_>,
    register: &Register,
    ring: &KeyRing,
    side: &Side,
) -> Result<ParallelEdit, OfficeError> {
    let (by, at_ms) = (side.stamp.by, side.stamp.at.wall_ms);
    let (mut what, mut fields) = (Vec::new(), Vec::new());
    let doc = register.doc();
    let spec = kind_spec(doc.kind);
    // As the table has them, which is how people ask.
    let number = |path: &Path| {
        let fields = spec.container(path.container).map_or(&[][..], |c| c.fields);
        (path.container, fields.iter().position(|f| spec.field(path) == Some(f)))
    };
    let mut places: Vec<&Path> = side.places.iter().collect();
    places.sort_by_key(|path| number(path));
    for path in places {
        let Some(field) = spec.field(path) else { continue };
        let Some(op) = register.history(path).iter().find(|op| op.change == side.index) else { continue };
        let text = words.value(field, &field.show(&op.value, &doc.uuid, ring))?;
        what.push(format!("{}：{text}", Words::field_label(register, path)));
        fields.push(field.name);
    }
    Ok(ParallelEdit {
        worker: by.worker,
        worker_name: words.worker(by.worker)?,
        role: by.role,
        worker_title: by.role.title(),
        device: by.device,
        at_ms,
        at: words::time(at_ms),
        received_ms: side.received_ms,
        offline: words::offline(at_ms, side.received_ms, side.since_ms)
            .filter(|_| by.device != office.identity().device),
        what,
        fields,
    })
}

fn by_rule(
    words: &mut Words<'_, '_>,
    view: &View<'_>,
    sides: &[Side],
    pairs: &[(usize, usize)],
) -> Result<Vec<String>, OfficeError> {
    let mut shared = BTreeSet::new();
    for (x, y) in pairs {
        if let (Some(x), Some(y)) = (sides.get(*x), sides.get(*y)) {
            shared.extend(x.places.intersection(&y.places).cloned());
        }
    }
    let mut said = Vec::new();
    for path in shared {
        let Some(now) = view.at(&path).filter(|now| now.field.policy != Policy::Review) else { continue };
        let values: BTreeSet<_> = now.reading.candidates.iter().map(|c| &c.value).collect();
        if values.len() > 1 {
            let label = Words::field_label(view.register(), &path);
            said.push(format!("{label}：{}（{}）", words.value(now.field, &now.shown)?, words::why(now.why).1));
        }
    }
    Ok(said)
}
