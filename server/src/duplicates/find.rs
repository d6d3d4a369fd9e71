//! The pairs that wait, and how many. Two documents are a pair if they are alike in some way, neither leads to
//! the other, and nobody said that they are not the same, or something new speaks for it since.

use super::KINDS;
use super::act::{DISMISSED, decode};
use super::likeness::How;
use super::resolve::keeps_ring;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{DocId, GridId, HouseholdId, Kind, ResidentId, StreamId};
use qiaomen_proto::merge::link::kept;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two matters of one category at one door that were told so close to each other are likely one.
const AT_DOOR_APART_MS: u64 = 14 * 86_400_000;
/// Two of one category in one unit or building.
const AT_PLACE_APART_MS: u64 = 3 * 86_400_000;
/// Of more documents that are all alike each is held against the first only: that many are no accident of
/// writing down, and every pair of them would be no list that somebody goes through.
const GROUP_MAX: usize = 8;

/// One way in which a pair is alike: number of the way, and what is equal.
pub type Evidence = BTreeSet<(u8, [u8; 16])>;

/// Two documents that are likely one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The smaller.
    pub a: DocId,
    /// The larger.
    pub b: DocId,
    /// What speaks for it.
    pub evidence: Evidence,
}

impl Pair {
    /// Both, the smaller first.
    pub fn docs(&self) -> (DocId, DocId) {
        (self.a, self.b)
    }
    /// The ways in which they are alike.
    pub fn hows(&self) -> impl Iterator<Item = How> + '_ {
        self.evidence.iter().filter_map(|(how, _)| How::from_number(*how))
    }
}

/// How many pairs wait.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Of each kind, matters that are marked in a ring among the matters.
    pub kinds: BTreeMap<Kind, u64>,
    /// In each grid; a pair that lies in two counts in both.
    pub grids: BTreeMap<GridId, u64>,
}

impl Counts {
    /// All of them, each once.
    pub fn total(&self) -> u64 {
        self.kinds.values().sum()
    }
}

type Alike = BTreeMap<(DocId, DocId), Evidence>;

/// The pairs of this kind that wait, in the order of their ids.
pub fn open_pairs(tx: &Tx<'_>, kind: Kind) -> Result<Vec<Pair>, StoreError> {
    let mut open = Vec::new();
    for ((a, b), evidence) in alike(tx, kind)? {
        let last = tx.last_duplicate_act((a, b))?;
        let dismissed = last.filter(|act| act.what == DISMISSED).map(|act| decode(&act.seen));
        if dismissed.is_none_or(|seen| !evidence.is_subset(&seen)) {
            open.push(Pair { a, b, evidence });
        }
    }
    Ok(open)
}

/// What speaks for two documents being one, as things stand.
pub fn evidence(tx: &Tx<'_>, pair: (DocId, DocId)) -> Result<Evidence, StoreError> {
    Ok(alike(tx, pair.0.kind)?.remove(&pair).unwrap_or_default())
}

fn alike(tx: &Tx<'_>, kind: Kind) -> Result<Alike, StoreError> {
    let links: HashMap<_, _> = tx.same_as_list()?.into_iter().map(|(doc, other)| (doc, other.uuid)).collect();
    // What is set aside speaks for the one that is kept.
    let lead = |doc: DocId| -> Result<DocId, StoreError> {
        Ok(DocId::new(doc.kind, kept(doc.uuid, |id| Ok::<_, StoreError>(links.get(&DocId::new(kind, id)).copied()))?))
    };
    let mut found = Alike::new();
    let mut add = |a: DocId, b: DocId, how: How, value: [u8; 16]| -> Result<(), StoreError> {
        let (a, b) = (lead(a)?, lead(b)?);
        if a != b {
            found.entry((a.min(b), a.max(b))).or_default().insert((how.number(), value));
        }
        Ok(())
    };
    match kind {
        Kind::Resident => {
            for how in [How::Identity, How::NamePhone, How::NameBirth] {
                for (value, docs) in tx.alike_groups(how.number())? {
                    for (a, b) in pairs_of(&docs) {
                        if how != How::NameBirth || one_building(tx, a, b)? {
                            add(a, b, how, value)?;
                        }
                    }
                }
            }
        }
        Kind::Household => {
            for (value, docs) in tx.alike_groups(How::Door.number())? {
                for (a, b) in pairs_of(&docs) {
                    add(a, b, How::Door, value)?;
                }
            }
            for (a, b, row) in tx.alike_across(How::DoorWithoutUnit.number(), How::DoorWithUnit.number(), 0)? {
                add(a, b, How::DoorWithoutUnit, row.value)?;
            }
        }
        Kind::Ticket => {
            for (open, over, apart) in [
                (How::MatterAtDoor, How::MatterAtDoorOver, AT_DOOR_APART_MS),
                (How::MatterAtPlace, How::MatterAtPlaceOver, AT_PLACE_APART_MS),
            ] {
                for (a, b, row) in tx.alike_across(open.number(), open.number(), apart)? {
                    add(a, b, open, row.value)?;
                }
                for (a, b, row) in tx.alike_across(open.number(), over.number(), apart)? {
                    // What was told after the other was completed is a new matter.
                    if tx.overlap(a, b)? {
                        add(a, b, open, row.value)?;
                    }
                }
            }
        }
        Kind::Diary => {}
    }
    Ok(found)
}

fn pairs_of(docs: &[DocId]) -> Vec<(DocId, DocId)> {
    let mut pairs = Vec::new();
    for (at, a) in docs.iter().enumerate() {
        pairs.extend(docs.iter().skip(at + 1).map(|b| (*a, *b)));
        if docs.len() > GROUP_MAX {
            break;
        }
    }
    pairs
}

fn one_building(tx: &Tx<'_>, a: DocId, b: DocId) -> Result<bool, StoreError> {
    let building = |doc: DocId| -> Result<_, StoreError> {
        let home: Option<HouseholdId> = tx.resident(ResidentId(doc.uuid))?.and_then(|row| row.household);
        Ok(home.map(|door| tx.door(door)).transpose()?.flatten().map(|door| door.building))
    };
    let a = building(a)?;
    Ok(a.is_some() && a == building(b)?)
}

/// Matters that are each marked as repeating the next one around, so that nobody would work any of them: the one
/// of each ring that is kept open in the office's lists.
pub fn rings(tx: &Tx<'_>) -> Result<Vec<DocId>, StoreError> {
    let mut kept_open = Vec::new();
    for (doc, _) in tx.same_as_list()? {
        if doc.kind == Kind::Ticket && keeps_ring(tx, doc)? {
            kept_open.push(doc);
        }
    }
    Ok(kept_open)
}

/// The grids in which a document stands.
pub fn grids_of(tx: &Tx<'_>, doc: DocId) -> Result<BTreeSet<GridId>, StoreError> {
    let grid = |stream| if let StreamId::Grid(grid) = stream { Some(grid) } else { None };
    Ok(tx.streams_of(doc)?.into_iter().filter_map(grid).collect())
}

/// How many pairs wait, by kind and by grid.
pub fn counts(tx: &Tx<'_>) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for kind in KINDS {
        let mut waiting: Vec<Vec<DocId>> = open_pairs(tx, kind)?.iter().map(|p| vec![p.a, p.b]).collect();
        if kind == Kind::Ticket {
            waiting.extend(rings(tx)?.into_iter().map(|doc| vec![doc]));
        }
        counts.kinds.insert(kind, u64::try_from(waiting.len()).unwrap_or(u64::MAX));
        for docs in waiting {
            let mut grids = BTreeSet::new();
            for doc in docs {
                grids.extend(grids_of(tx, doc)?);
            }
            for grid in grids {
                *counts.grids.entry(grid).or_default() += 1;
            }
        }
    }
    Ok(counts)
}

/// How many pairs wait in these grids, each once; in the whole community where none are named.
pub fn open_count(tx: &Tx<'_>, grids: Option<&BTreeSet<GridId>>) -> Result<u64, StoreError> {
    let mut count = 0;
    let mut see = |docs: &[DocId]| -> Result<(), StoreError> {
        let seen = match grids {
            None => true,
            Some(grids) => {
                let mut any = false;
                for doc in docs {
                    any = any || !grids_of(tx, *doc)?.is_disjoint(grids);
                }
                any
            }
        };
        count += u64::from(seen);
        Ok(())
    };
    for kind in KINDS {
        for pair in open_pairs(tx, kind)? {
            see(&[pair.a, pair.b])?;
        }
    }
    for doc in rings(tx)? {
        see(&[doc])?;
    }
    Ok(count)
}
