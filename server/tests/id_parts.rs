//! What a door or a diary is called by its id is not written over, whichever value holds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::entity::household;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{HouseholdId, Role};
use qiaomen_proto::wire::pull::{Outcome, Verdict};

const HOUR_MS: u64 = 3_600_000;

/// A room is written at a door, by this phone, this much later than it is.
fn room(phone: &mut Phone, door: HouseholdId, room: &str, later_ms: u64) {
    let mut stamp = phone.stamp();
    stamp.at.wall_ms += later_ms;
    let edit = Edit { path: Path::new(household::FIELDS, "room"), value: Scalar::Str(room.to_owned()) };
    phone.write_stamped(stamp, vec![(door.into(), vec![edit])]);
}

/// Two phones that know a door.
fn wang_and_li() -> (Town, Phone, Phone, HouseholdId) {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    let door = wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    li.sync(&town.office);
    (town, wang, li, door)
}

fn last(town: &Town, phone: &mut Phone) -> Verdict {
    phone.ask(&town.office).unwrap().verdicts.pop().unwrap()
}

#[test]
fn a_door_becomes_no_other_door_though_somebody_else_s_later_answer_holds() {
    let (town, mut wang, mut li, door) = wang_and_li();
    // Li wrote the true room once more, and by his clock later: that is what holds.
    room(&mut li, door, "101", HOUR_MS);
    assert_eq!(last(&town, &mut li).outcome, Outcome::Applied);
    room(&mut wang, door, "8888", 0);
    let verdict = last(&town, &mut wang);
    assert_eq!((verdict.outcome, verdict.code), (Outcome::Rejected, Code::IdParts.number()));
}

#[test]
fn a_door_s_room_in_another_spelling_is_the_same_room() {
    let (town, mut wang, _, door) = wang_and_li();
    room(&mut wang, door, "101室", 0);
    assert_eq!(last(&town, &mut wang).outcome, Outcome::Applied);
}
