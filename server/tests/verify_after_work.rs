//! A ledger that phones have written to is whole: what the office did on the way, and what it kept back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::ids::Role;
use qiaomen_server::verify::{ProblemCode, verify};

fn clean(town: &Town) {
    assert_eq!(verify(&town.office, &mut |_, _| {}).problems, []);
}

fn everybody(town: &Town, phones: &mut [&mut Phone]) {
    for phone in phones {
        phone.sync(&town.office);
    }
    clean(town);
}

#[test]
fn edits_apart_a_move_and_a_door_that_is_held_leave_a_whole_ledger() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let mut li = town.phone(2, Role::GridWorker, 0);
    let mut zhao = town.phone(3, Role::GridWorker, 1);
    let door = wang.register_door(&town, 0, "101");
    // Li makes the same door without signal: one household, two keys.
    assert_eq!(li.register_door(&town, 0, "101"), door);
    let there = zhao.register_door(&town, 1, "201");
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    everybody(&town, &mut [&mut wang, &mut li, &mut zhao]);

    wang.set_phone(zhang, "13900000002");
    li.set_phone(zhang, "13900000003");
    everybody(&town, &mut [&mut wang, &mut li]);

    let home = Edit { path: Path::new(0, "household"), value: Scalar::Str(there.to_string()) };
    wang.write(vec![(zhang.into(), vec![home])]);
    zhao.register_door(&town, 0, "102");
    everybody(&town, &mut [&mut wang]);
    // A door of another grid is held; what is held is in no document.
    zhao.ask(&town.office).unwrap();
    clean(&town);
    assert_eq!(town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap().len(), 1);
    li.sync(&town.office);
    let report = verify(&town.office, &mut |_, _| {});
    assert_eq!((report.doors, report.residents, report.documents), (2, 1, 3));
}

#[test]
fn a_register_that_lost_a_change_of_a_phone_is_found() {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    let zhang = wang.register_resident(50, door, "张三", "13900000001");
    wang.sync(&town.office);
    let before = town.office.store().read(|tx| tx.register(zhang.into())).unwrap().unwrap();
    wang.set_phone(zhang, "13900000002");
    wang.sync(&town.office);
    clean(&town);
    town.office.store().write(move |tx| tx.put_register(&before)).unwrap();
    let codes: Vec<_> = verify(&town.office, &mut |_, _| {}).problems.into_iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::RegisterDiffers, ProblemCode::DocumentDigest, ProblemCode::StreamDigest]);
}
