//! What was kept for a person, and let in where no device sees it.

use crate::support::{Phone, World};
use qiaomen_proto::change::Command;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{CommandId, DocId, ResidentId};
use qiaomen_proto::wire::heal::GivenFate;
use qiaomen_proto::wire::pull::Outcome;
use std::cell::RefCell;
use std::rc::Rc;

/// Somebody whom 李 has written down is kept for a person, and let in into a grid that is somebody else's by now.
fn let_in_elsewhere(world: &World) -> (Phone, ResidentId, CommandId) {
    let mut li = world.ready("李");
    let door = li.door("101");
    li.sync();
    let mut person = None;
    let command = held_and_let_in(world, &mut li, |li| {
        let written = li.resident(door, "王建国", "13900000001");
        world.office.borrow_mut().elsewhere.insert(written.into());
        person = Some(written);
    });
    let person = person.unwrap();
    assert!(!li.device.subjects().unwrap().contains(&person.0), "nobody reads it here any more");
    assert!(li.sync().complete);
    assert!(li.device.unacknowledged().unwrap().is_empty(), "it is told, and waits no more");
    (li, person, command)
}

/// One command is kept for a person, who lets it in.
fn held_and_let_in(world: &World, phone: &mut Phone, does: impl FnOnce(&mut Phone)) -> CommandId {
    let held = Rc::new(RefCell::new(None));
    let keep = Rc::clone(&held);
    world.office.borrow_mut().say = Some(Box::new(move |command: &Command| {
        *keep.borrow_mut() = Some(command.clone());
        Some((Outcome::Quarantined, Code::OutOfScope))
    }));
    does(phone);
    assert_eq!(phone.sync().quarantined, 1);
    let command = held.borrow_mut().take().unwrap();
    let id = command.stamp.command;
    let mut office = world.office.borrow_mut();
    office.say = None;
    office.release(command);
    id
}

#[test]
fn what_a_clerk_let_in_where_no_phone_sees_it_is_given_back_to_an_office_that_lost_it() {
    let world = World::new();
    let (mut li, person, command) = let_in_elsewhere(&world);
    world.office.borrow_mut().goes_on_from(1);
    assert!(li.sync().complete);
    let office = world.office.borrow();
    assert_eq!(office.commands_given(), [command]);
    assert!(office.registers.contains_key(&DocId::from(person)), "and it stands in the book as it was");
    assert!(office.ring.keys_of(&person.0).next().is_some(), "the office can read it");
    assert!(!li.device.subjects().unwrap().contains(&person.0), "and nobody here can");
}

#[test]
fn what_a_clerk_let_in_is_kept_on_its_phone_no_longer_than_until_a_backup_has_it() {
    let world = World::new();
    let (mut li, ..) = let_in_elsewhere(&world);
    world.office.borrow_mut().backed_up = 9;
    li.sync();
    world.office.borrow_mut().goes_on_from(1);
    li.sync();
    assert!(world.office.borrow().given.is_empty());
}

#[test]
fn what_was_let_in_goes_back_behind_what_it_builds_on_wherever_that_lies() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let person = li.resident(door, "王建国", "13900000001");
    li.sync();
    let command = held_and_let_in(&world, &mut li, |li| {
        li.correct(person, "phone", "13900000002");
    });
    assert!(li.sync().complete);
    // The office lost all of it: what was there before, and what was let in on top.
    world.office.borrow_mut().goes_on_from(0);
    assert!(li.sync().complete);
    let office = world.office.borrow();
    assert_eq!(office.commands_given().iter().filter(|given| **given == command).count(), 1, "once is enough");
    world.assert_same(&li);
}

#[test]
fn what_an_office_never_takes_back_comes_to_an_end() {
    let world = World::new();
    let (mut li, ..) = let_in_elsewhere(&world);
    {
        let mut office = world.office.borrow_mut();
        office.goes_on_from(1);
        office.say_of_given = Some(Box::new(|_| Some(GivenFate::NotYet)));
    }
    let mut given = 0;
    // Twenty tries, and a few syncs in which the door that everybody has is fetched again.
    for _ in 0..30 {
        li.sync();
        given = world.office.borrow().given.len();
    }
    assert!(li.sync().complete);
    assert_eq!(world.office.borrow().given.len(), given, "and is not begun anew");
}
