//! What is likely one thing twice, as a list: whom or what, why we think so, how sure that is. Personal values
//! are masked here; what a pair says in full is asked for one pair at a time.

use super::mask::masked_field;
use crate::duplicates::find::grids_of;
use crate::duplicates::{Counts, KINDS, Pair, Sure, Waiting, Weighed, open_pairs, weigh};
use crate::office::{Office, OfficeError};
use crate::review::words::{self, Words};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, ResidentId};
use qiaomen_proto::merge::Register;
use serde::Serialize;
use std::collections::BTreeSet;

/// One of the two of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideLine {
    /// The document.
    pub doc: DocId,
    /// What it is about, without a personal value in the clear.
    pub title: String,
    /// What else tells it from the other.
    pub detail: String,
}

/// A pair that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairLine {
    /// The two, the smaller id first.
    pub sides: [SideLine; 2],
    /// Why, and how sure.
    pub weighed: Weighed,
    /// The grids in which they lie, by name.
    pub grids: Vec<String>,
}

/// The list of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateList {
    /// Which kind.
    pub kind: Kind,
    /// How many wait, of each kind.
    pub counts: Counts,
    /// Those on this page, the surest first.
    pub pairs: Vec<PairLine>,
    /// Whether there are more behind.
    pub more: bool,
    /// Matters that are each marked as repeating the next one around: the one that is kept open, and what it
    /// is marked with.
    pub rings: Vec<[SideLine; 2]>,
}

/// The pairs of one kind that wait, from the `skip`-th on; where no kind is named, of the first of which any wait.
pub fn list(office: &Office, kind: Option<Kind>, skip: usize, limit: usize) -> Result<DuplicateList, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        let mut waiting = Waiting::find(tx)?;
        let counts = waiting.counts(tx, None)?;
        let waits = |kind: &Kind| counts.kinds.get(kind).is_some_and(|n| *n > 0);
        let kind = kind.or_else(|| KINDS.into_iter().find(waits)).unwrap_or(Kind::Resident);
        let mut all = waiting.pairs.remove(&kind).unwrap_or_default();
        surest_first(&mut all);
        let mut pairs = Vec::new();
        for pair in all.iter().skip(skip).take(limit) {
            pairs.extend(line(office, tx, &mut words, pair)?);
        }
        let mut around = Vec::new();
        if kind == Kind::Ticket {
            for doc in waiting.rings {
                let next = tx.same_as(doc)?.unwrap_or(doc);
                if let (Some(a), Some(b)) =
                    (side_of(office, tx, &mut words, doc)?, side_of(office, tx, &mut words, next)?)
                {
                    around.push([a, b]);
                }
            }
        }
        Ok(DuplicateList { kind, counts, pairs, more: all.len() > skip + limit, rings: around })
    })
}

fn surest_first(pairs: &mut [Pair]) {
    pairs.sort_by_key(|pair| (std::cmp::Reverse(Sure::by(&pair.evidence)), pair.docs()));
}

/// The pairs of one kind that wait, the surest first.
pub(super) fn in_order(tx: &Tx<'_>, kind: Kind) -> Result<Vec<Pair>, StoreError> {
    let mut pairs = open_pairs(tx, kind)?;
    surest_first(&mut pairs);
    Ok(pairs)
}

fn line(office: &Office, tx: &Tx<'_>, words: &mut Words<'_, '_>, pair: &Pair) -> Result<Option<PairLine>, OfficeError> {
    let (Some(a), Some(b)) = (tx.register(pair.a)?, tx.register(pair.b)?) else { return Ok(None) };
    let ring = office.ring(tx, [pair.a.uuid, pair.b.uuid])?;
    let (left, right) = (View::new(&a, &ring), View::new(&b, &ring));
    let mut grids = BTreeSet::new();
    for doc in [pair.a, pair.b] {
        grids.extend(grids_of(tx, doc)?);
    }
    Ok(Some(PairLine {
        weighed: weigh(&pair.evidence, &left, &right),
        grids: grids.into_iter().filter_map(|g| words.grid(g).map(str::to_owned)).collect(),
        sides: [side(tx, words, &left)?, side(tx, words, &right)?],
    }))
}

fn side_of(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    doc: DocId,
) -> Result<Option<SideLine>, OfficeError> {
    let Some(register) = tx.register(doc)? else { return Ok(None) };
    let ring = office.ring(tx, [doc.uuid])?;
    side(tx, words, &View::new(&register, &ring)).map(Some)
}

/// What a document is about; none if it is not there.
pub(super) fn title_of(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    doc: DocId,
) -> Result<Option<String>, OfficeError> {
    Ok(side_of(office, tx, words, doc)?.map(|side| side.title))
}

/// One of a pair, masked.
pub(super) fn side(tx: &Tx<'_>, words: &mut Words<'_, '_>, view: &View<'_>) -> Result<SideLine, OfficeError> {
    let doc = view.register().doc();
    let since = since(view.register());
    let (title, detail) = match doc.kind {
        Kind::Resident => {
            let name =
                view.field("name").map_or_else(|| "（没有登记姓名）".to_owned(), |f| masked_field(f.field, &f.shown));
            let home = view.household().map(|door| words.door(door)).transpose()?;
            let gone = if view.text("until").is_some() { "，已搬走" } else { "" };
            (format!("{name} {}{gone}", home.as_deref().unwrap_or("（没有登记住处）")), format!("{since}登记"))
        }
        Kind::Household => {
            let people = tx.residents_of(qiaomen_proto::ids::HouseholdId(doc.uuid))?.len();
            (words.place(view)?, format!("登记 {people} 人，{since}登记"))
        }
        Kind::Ticket => {
            let state = view.ticket_state();
            let told = state.opened_at.map(words::time).unwrap_or_default();
            (words.place(view)?, format!("{told} 上报，{}", state.stage.title()))
        }
        Kind::Diary => (words.place(view)?, since),
    };
    Ok(SideLine { doc, title, detail })
}

/// The day on which a document began.
fn since(register: &Register) -> String {
    let first = register.changes().iter().filter_map(|c| Some(c.stamp?.at.wall_ms)).min();
    first.map(words::time).and_then(|t| t.split(' ').next().map(|day| format!("{day} "))).unwrap_or_default()
}

/// Names of those who are registered at a door, masked or not; those who moved out are not among them.
pub(super) fn people_of(office: &Office, tx: &Tx<'_>, door: DocId, clear: bool) -> Result<Vec<String>, OfficeError> {
    let mut names = Vec::new();
    for resident in tx.residents_of(qiaomen_proto::ids::HouseholdId(door.uuid))? {
        if tx.resident(resident)?.is_some_and(|row| row.moved_out) {
            continue;
        }
        names.push(name_of(office, tx, resident, clear)?);
    }
    Ok(names)
}

fn name_of(office: &Office, tx: &Tx<'_>, resident: ResidentId, clear: bool) -> Result<String, OfficeError> {
    let none = || "（没有登记姓名）".to_owned();
    let Some(register) = tx.register(resident.into())? else { return Ok(none()) };
    let ring = office.ring(tx, [resident.0])?;
    let view = View::new(&register, &ring);
    Ok(view
        .field("name")
        .map_or_else(none, |f| if clear { f.shown.label().to_owned() } else { masked_field(f.field, &f.shown) }))
}
