//! What can happen, drawn at random.

use super::{Dice, OFFICE, World, keys as keys_of, ring};
use proptest::prelude::*;
use qiaomen_proto::change::{Clock, Edit, Hlc, Path, Scalar, keys};
use qiaomen_proto::entity::record::{self, RefusalPayload};
use qiaomen_proto::entity::{Policy, Shape, household, kind_spec, ticket};
use qiaomen_proto::ids::{Actor, CommandId, DocId, Kind};
use qiaomen_proto::merge::decision::{Decisions, decide, undo};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::merge::reading::Reader;

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Somebody writes at one or two places.
    Put { who: usize, places: Vec<(usize, usize)> },
    /// Somebody adds a record.
    Add { who: usize, container: usize },
    /// The office decides a conflict: takes a candidate, or writes something else.
    Decide { conflict: usize, take: usize },
    /// The office takes a decision back.
    Undo { decision: usize },
    /// Part of what one has reaches another, in some order, some of it twice.
    Exchange { from: usize, to: usize, seed: u64 },
    /// A store is restored: its next changes are a new author's.
    Renew { who: usize },
    /// A phone's date is set wrong, or right again, and it forgets every stamp that it had heard.
    Skew { who: usize, hours: i64 },
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let place = || (0usize..64, 0usize..12);
    prop_oneof![
        5 => (0usize..6, prop::collection::vec(place(), 1..3)).prop_map(|(who, places)| Act::Put { who, places }),
        1 => (0usize..6, 0usize..8).prop_map(|(who, container)| Act::Add { who, container }),
        1 => (0usize..8, 0usize..4).prop_map(|(conflict, take)| Act::Decide { conflict, take }),
        1 => (0usize..8).prop_map(|decision| Act::Undo { decision }),
        5 => (0usize..6, 0usize..6, any::<u64>()).prop_map(|(from, to, seed)| Act::Exchange { from, to, seed }),
        1 => (0usize..6).prop_map(|who| Act::Renew { who }),
        1 => (0usize..6, -100i64..100).prop_map(|(who, hours)| Act::Skew { who, hours }),
    ]
}

/// A world in which some of that has happened.
pub(crate) fn world(acts: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = World> {
    (prop::sample::select(Kind::ALL.to_vec()), 1usize..6, prop::collection::vec(act(), acts)).prop_map(
        |(kind, phones, acts)| {
            let mut world = World::new(kind, phones);
            for act in &acts {
                world.happen(act);
            }
            world
        },
    )
}

/// Places of a kind where values change: every field, a field of the future, fields of two rows.
pub(crate) fn places(kind: Kind) -> Vec<Path> {
    let mut places = Vec::new();
    for (container, spec) in (0u8..).zip(kind_spec(kind).containers) {
        let names = spec.fields.iter().map(|f| f.name).chain(["of_the_future"]);
        match spec.shape {
            Shape::Fields => places.extend(names.map(|n| Path::new(container, n))),
            Shape::Rows => places.extend((1..=2u128).flat_map(|row| {
                let row = keys::record_key(CommandId(uuid::Uuid::from_u128(row)), 0);
                names.clone().map(move |n| Path::new(container, keys::row_key(&row, n)))
            })),
            Shape::Records => {}
        }
    }
    // The fields that a person decides come up more often than the others.
    let decided = places.iter().filter(|p| kind_spec(kind).field(p).is_some_and(|f| f.policy == Policy::Review));
    let decided: Vec<_> = decided.cloned().collect();
    [decided.clone(), decided, places].concat()
}

/// A value from a small pool, so that equal ones meet; at a sealed field, the same text under two keys.
pub(crate) fn value_at(doc: DocId, path: &Path, n: usize) -> Scalar {
    match kind_spec(doc.kind).field(path).filter(|f| f.sealed) {
        Some(field) if n >= 7 => {
            let text = if n < 9 { "甲" } else { "乙" };
            Scalar::Bytes(keys_of()[n % 2].seal(&doc.uuid, field.name, text.as_bytes()))
        }
        _ => value(n),
    }
}

/// A value from a small pool, of any form.
pub(crate) fn value(n: usize) -> Scalar {
    match n {
        0 => Scalar::Null,
        1 => Scalar::Int(-1),
        2 => Scalar::Int(-2),
        3 => Scalar::Bool(true),
        4 => Scalar::Bool(false),
        5 => Scalar::Uint(3),
        6 => Scalar::Str(uuid::Uuid::from_u128(6).to_string()),
        7 | 8 => Scalar::Bytes(vec![u8::try_from(n).unwrap(); 20]),
        _ => Scalar::Str(format!("值{n}")),
    }
}

impl World {
    pub(crate) fn happen(&mut self, act: &Act) {
        let who = |n: &usize| n % self.stores.len();
        match act {
            Act::Put { who: n, places: at } => {
                let places = places(self.doc.kind);
                let edits = at
                    .iter()
                    .map(|(place, v)| {
                        let path = places[place % places.len()].clone();
                        Edit { value: value_at(self.doc, &path, *v), path }
                    })
                    .collect();
                self.write(who(n), edits);
            }
            Act::Add { who: n, container } => {
                let spec = kind_spec(self.doc.kind);
                let all: Vec<u8> =
                    (0u8..).zip(spec.containers).filter(|(_, c)| c.shape == Shape::Records).map(|(i, _)| i).collect();
                let open: Vec<u8> = all.into_iter().filter(|i| *i != spec.decisions()).collect();
                let container = open[container % open.len()];
                self.add_record(who(n), container, payload(self.doc.kind, container, self.drawn));
            }
            Act::Decide { conflict, take } => self.decide_any(*conflict, *take),
            Act::Undo { decision } => {
                let register = &self.stores[OFFICE].register;
                let decisions = Decisions::read(register);
                let in_force: Vec<_> = decisions.all().iter().filter(|d| d.in_force).collect();
                if !in_force.is_empty() {
                    let edits = undo(register, in_force[decision % in_force.len()]);
                    self.write(OFFICE, edits);
                }
            }
            Act::Exchange { from, to, seed } => {
                let (from, to) = (who(from), who(to));
                let changes = part(&self.stores[from].changes, *seed);
                // What still waits was not part of it: it comes another time.
                self.stores[to].take(changes);
            }
            Act::Renew { who: n } => {
                let n = who(n);
                self.stores[n].actor = Actor(*self.draw().as_bytes());
            }
            Act::Skew { who: n, hours } => {
                let n = who(n);
                self.stores[n].clock = Clock { latest: Hlc::default(), offset_ms: hours * 3_600_000 };
            }
        }
    }

    fn decide_any(&mut self, conflict: usize, take: usize) {
        let register = &self.stores[OFFICE].register;
        let ring = ring(self.doc, 2);
        let conflicts = qiaomen_proto::merge::conflict::conflicts(register, &ring);
        if conflicts.is_empty() {
            return;
        }
        let conflict = &conflicts[conflict % conflicts.len()];
        let candidates = &conflict.reading.candidates;
        let seen: Vec<_> = candidates.iter().map(|c| c.op).collect();
        let (chosen, value) = match candidates.get(take) {
            Some(taken) => (vec![taken.op], taken.value.clone()),
            None => (Vec::new(), Scalar::Str("另外一个".to_owned())),
        };
        let edits = decide(register, &conflict.path, &seen, &chosen, value);
        self.write(OFFICE, edits);
        let register = &self.stores[OFFICE].register;
        let (_, reading) = Reader::new(register, &ring).at(&conflict.path).unwrap();
        assert!(!reading.conflict, "what was decided with everything seen is decided");
    }
}

/// A record's payload: of a matter, any step; of a door, a refusal or its taking back.
fn payload(kind: Kind, container: u8, n: u128) -> Vec<u8> {
    match (kind, container) {
        (Kind::Ticket, ticket::EVENTS) => {
            let number = u8::try_from(n % 17).unwrap();
            record::to_bytes(&EventPayload::new(EventKind::from_number(number)))
        }
        (Kind::Household, household::REFUSALS) => {
            record::to_bytes(&RefusalPayload { people_count: None, withdrawn: n.is_multiple_of(2) })
        }
        _ => vec![0xa0],
    }
}

/// About two thirds of a list, shuffled, some of it twice; now and then all of it.
pub(crate) fn part<T: Clone>(list: &[T], seed: u64) -> Vec<T> {
    let mut dice = Dice(seed);
    let all = dice.below(4) == 0;
    let mut part: Vec<T> = list.iter().filter(|_| all || dice.below(3) > 0).cloned().collect();
    let again: Vec<T> = part.iter().filter(|_| dice.below(4) == 0).cloned().collect();
    part.extend(again);
    dice.shuffle(&mut part);
    part
}
