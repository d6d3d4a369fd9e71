//! Sealed values are compared after unsealing: one text under two keys of one subject is one value.

use crate::people::{CHEN, LI, WANG, ZHAO, clerk_decides, field, five, phone, sees_with};
use crate::world::{OFFICE, World, keys, ring};
use qiaomen_proto::change::{OpId, Scalar};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::merge::Why;
use qiaomen_proto::merge::conflict::conflicts;
use qiaomen_proto::merge::decision::decide;
use qiaomen_proto::seal::KeyRing;

/// A text sealed under the first or the second key.
fn sealed(world: &World, name: &str, key: usize, text: &str) -> Scalar {
    Scalar::Bytes(keys()[key].seal(&world.doc.uuid, name, text.as_bytes()))
}

/// Wang and Li register one telephone apart, each under a key of their own.
fn same_phone_under_two_keys() -> World {
    let mut world = five();
    let (a, b) = (sealed(&world, "phone", 0, "136"), sealed(&world, "phone", 1, "136"));
    assert_ne!(a, b);
    world.put(WANG, &phone(), a);
    world.put(LI, &phone(), b);
    world.settle();
    world
}

#[test]
fn one_text_under_two_keys_is_no_conflict_to_whoever_has_both() {
    let world = same_phone_under_two_keys();
    for who in [OFFICE, WANG, LI, ZHAO] {
        let reading = sees_with(&world, who, &phone(), 2);
        assert_eq!((reading.conflict, reading.locked, reading.why), (false, false, Why::Only));
        assert_eq!(reading.candidates.len(), 2, "both are kept");
        let ring = ring(world.doc, 2);
        let view = View::new(&world.stores[who].register, &ring);
        assert_eq!((view.text("phone").as_deref(), view.conflict_count()), (Some("136"), 0));
        assert_eq!(view.candidate_texts("phone"), ["136"]);
    }
}

#[test]
fn without_one_of_the_keys_the_bytes_differ_and_the_conflict_says_that_it_is_locked() {
    let world = same_phone_under_two_keys();
    for known in [0, 1] {
        let reading = sees_with(&world, ZHAO, &phone(), known);
        assert_eq!((reading.conflict, reading.locked), (true, true));
    }
    // Two texts that both open are a conflict of another sort.
    let mut world = five();
    for (who, text) in [(WANG, "136"), (LI, "137")] {
        let value = sealed(&world, "phone", 0, text);
        world.put(who, &phone(), value);
    }
    world.settle();
    let reading = sees_with(&world, OFFICE, &phone(), 1);
    assert_eq!((reading.conflict, reading.locked), (true, false));
}

#[test]
fn the_key_that_comes_later_ends_the_conflict_without_anybody() {
    let world = same_phone_under_two_keys();
    let mut ring = ring(world.doc, 1);
    assert_eq!(conflicts(&world.stores[ZHAO].register, &ring).len(), 1);
    ring.insert(world.doc.uuid, keys()[1].clone());
    assert_eq!(conflicts(&world.stores[ZHAO].register, &ring), []);
}

#[test]
fn whoever_saw_one_text_under_two_keys_saw_one_value_and_corrects_it() {
    let mut world = same_phone_under_two_keys();
    let value = sealed(&world, "phone", 0, "139");
    world.put(CHEN, &phone(), value.clone());
    world.settle();
    let reading = sees_with(&world, OFFICE, &phone(), 2);
    assert_eq!((reading.value(), reading.candidates.len(), reading.conflict), (Some(&value), 1, false));
    // Whoever lacks a key cannot know that, and takes nothing for corrected.
    assert_eq!(sees_with(&world, OFFICE, &phone(), 1).candidates.len(), 3);
}

#[test]
fn of_three_under_two_keys_two_say_the_same_and_the_third_stands_against_them() {
    let mut world = same_phone_under_two_keys();
    let mut other = five();
    let values =
        [sealed(&world, "phone", 0, "136"), sealed(&world, "phone", 1, "136"), sealed(&world, "phone", 1, "137")];
    for (who, value) in [WANG, LI, ZHAO].into_iter().zip(values) {
        other.put(who, &phone(), value);
    }
    other.settle();
    world = other;
    let reading = sees_with(&world, CHEN, &phone(), 2);
    assert_eq!((reading.conflict, reading.candidates.len()), (true, 3));
    let ring = ring(world.doc, 2);
    let mut texts = View::new(&world.stores[OFFICE].register, &ring).candidate_texts("phone");
    texts.sort();
    assert_eq!(texts, ["136", "137"]);
}

#[test]
fn a_stale_edit_that_says_what_was_decided_under_another_key_needs_nobody() {
    let mut world = five();
    for (who, text) in [(WANG, "136"), (LI, "137")] {
        let value = sealed(&world, "phone", 0, text);
        world.put(who, &phone(), value);
        world.give(who, OFFICE);
    }
    // Zhao has not heard of any of it, and has a key of his own.
    let value = sealed(&world, "phone", 1, "136");
    world.put(ZHAO, &phone(), value);
    let seen: Vec<OpId> = sees_with(&world, OFFICE, &phone(), 2).candidates.iter().map(|c| c.op).collect();
    let value = sealed(&world, "phone", 0, "136");
    let edits = decide(&world.stores[OFFICE].register, &phone(), &seen, &[], value);
    world.write(OFFICE, edits);
    world.settle();
    let reading = sees_with(&world, OFFICE, &phone(), 2);
    assert_eq!((reading.conflict, reading.why, reading.candidates.len()), (false, Why::Decided, 2));
    assert!(sees_with(&world, OFFICE, &phone(), 1).conflict, "to whoever cannot read it, it may be another");
}

#[test]
fn by_every_rule_one_text_under_two_keys_is_one_value() {
    for name in ["name", "identity", "birth", "phone", "categories", "employer"] {
        let mut world = five();
        for (who, key) in [(WANG, 0), (LI, 1)] {
            let value = sealed(&world, name, key, "1980-01-31");
            world.put(who, &field(name), value);
        }
        world.settle();
        let reading = sees_with(&world, OFFICE, &field(name), 2);
        assert_eq!((reading.why, reading.conflict), (Why::Only, false), "{name}");
    }
}

#[test]
fn a_value_sealed_for_another_field_or_person_opens_nowhere_and_equals_nothing() {
    let mut world = five();
    let here = sealed(&world, "phone", 0, "136");
    let elsewhere = sealed(&world, "name", 1, "136");
    world.put(WANG, &phone(), here);
    world.put(LI, &phone(), elsewhere);
    world.settle();
    let reading = sees_with(&world, OFFICE, &phone(), 2);
    assert_eq!((reading.conflict, reading.locked), (true, true));
}

#[test]
fn when_the_key_is_destroyed_what_was_decided_stays_decided() {
    let mut world = five();
    for (who, text) in [(WANG, "136"), (LI, "137")] {
        world.put(who, &phone(), text);
    }
    world.settle();
    clerk_decides(&mut world, &phone(), "137");
    world.settle();
    let none = KeyRing::new();
    assert_eq!(conflicts(&world.stores[ZHAO].register, &none), []);
}
