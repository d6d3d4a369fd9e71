//! The people of the stories, and what they see.

use crate::world::{OFFICE, World, ring};
use qiaomen_proto::change::{OpId, Path, Scalar};
use qiaomen_proto::entity::resident;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::conflict::{Conflict, conflicts};
use qiaomen_proto::merge::decision::{Decisions, decide, undo};
use qiaomen_proto::merge::reading::{Reader, Reading};
use qiaomen_proto::seal::KeyRing;

pub(crate) const WANG: usize = 1;
pub(crate) const LI: usize = 2;
pub(crate) const ZHAO: usize = 3;
pub(crate) const CHEN: usize = 4;

/// One resident, the office, and four phones.
pub(crate) fn five() -> World {
    World::new(Kind::Resident, 4)
}

pub(crate) fn phone() -> Path {
    field("phone")
}

pub(crate) fn field(name: &str) -> Path {
    Path::new(resident::FIELDS, name)
}

/// What somebody sees at a place.
pub(crate) fn sees(world: &World, who: usize, path: &Path) -> Reading {
    sees_with(world, who, path, 0)
}

/// What somebody sees who has so many of the keys.
pub(crate) fn sees_with(world: &World, who: usize, path: &Path, keys: usize) -> Reading {
    let (register, ring) = (&world.stores[who].register, ring(world.doc, keys));
    let (_, reading) = Reader::new(register, &ring).at(path).unwrap();
    // What is listed as a conflict is what reads as one.
    assert_eq!(conflicts(register, &ring).iter().any(|c| c.path == *path), reading.conflict);
    reading
}

/// What is a conflict to somebody without keys.
pub(crate) fn open_conflicts(world: &World, who: usize) -> Vec<Conflict> {
    conflicts(&world.stores[who].register, &KeyRing::new())
}

/// A value in words.
pub(crate) fn said(value: &Scalar) -> String {
    match value {
        Scalar::Null => "cleared".to_owned(),
        Scalar::Int(-1) => "refused".to_owned(),
        Scalar::Int(_) => "unknown".to_owned(),
        Scalar::Str(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// The candidates' values, in words, sorted.
pub(crate) fn against(reading: &Reading) -> Vec<String> {
    let mut values: Vec<String> = reading.candidates.iter().map(|c| said(&c.value)).collect();
    values.sort();
    values
}

/// What holds for now, in words.
pub(crate) fn holds(reading: &Reading) -> String {
    reading.values().into_iter().map(said).collect::<Vec<_>>().join("+")
}

/// The clerk decides with everything seen: this value, of these candidates where it is theirs.
pub(crate) fn clerk_decides(world: &mut World, path: &Path, value: &str) {
    let reading = sees(world, OFFICE, path);
    let seen: Vec<OpId> = reading.candidates.iter().map(|c| c.op).collect();
    let chosen: Vec<OpId> = reading.candidates.iter().filter(|c| said(&c.value) == value).map(|c| c.op).collect();
    let scalar = reading.candidates.iter().find(|c| said(&c.value) == value).map(|c| c.value.clone());
    let register = &world.stores[OFFICE].register;
    let value = scalar.unwrap_or_else(|| Scalar::Str(value.to_owned()));
    let edits = decide(register, path, &seen, &chosen, value);
    world.write(OFFICE, edits);
}

/// The clerk takes the decision with this number back.
pub(crate) fn clerk_undoes(world: &mut World, path: &Path, number: u32) {
    let register = &world.stores[OFFICE].register;
    let decisions = Decisions::read(register);
    let decision = decisions.at(path).into_iter().find(|d| d.number == number).unwrap();
    assert!(decision.in_force);
    let edits = undo(register, decision);
    world.write(OFFICE, edits);
}
