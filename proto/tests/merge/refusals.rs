//! A refusal is an answer: by every rule that is about a person it holds until somebody who knew of it
//! asked again, and no clock, rank or order of arrival overwrites it.

use crate::people::{CHEN, LI, WANG, ZHAO, against, clerk_decides, field, five, holds, phone, sees};
use crate::world::acts::world;
use crate::world::{OFFICE, ring};
use proptest::prelude::*;
use qiaomen_proto::change::{OpId, Path, Scalar};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{Policy, kind_spec};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::reading::Reader;
use qiaomen_proto::merge::{Register, Why};
use qiaomen_proto::seal::KeyRing;
use std::collections::BTreeSet;

const REFUSED: Scalar = Scalar::Int(-1);

#[test]
fn a_refusal_is_not_overwritten_by_a_later_value_of_somebody_who_had_not_heard_of_it() {
    for name in ["relation", "sex", "since", "until", "employer", "languages", "phone", "categories", "consent"] {
        let mut world = five();
        world.put(WANG, &field(name), REFUSED);
        world.stores[LI].clock.offset_ms = 3 * 3_600_000;
        world.put(LI, &field(name), "女儿");
        world.settle();
        let reading = sees(&world, OFFICE, &field(name));
        assert_eq!((holds(&reading).as_str(), reading.why), ("refused", Why::Refusal), "{name}");
        assert_eq!(reading.candidates.len(), 2, "the value is kept");
        let none = KeyRing::new();
        let view = View::new(&world.stores[ZHAO].register, &none);
        assert_eq!(view.field(name).unwrap().shown, Shown::Refused, "{name}");
    }
}

#[test]
fn asked_again_by_somebody_who_knew_the_resident_may_answer() {
    for name in ["relation", "languages", "consent"] {
        let mut world = five();
        world.put(WANG, &field(name), REFUSED);
        world.put(LI, &field(name), "女儿");
        world.settle();
        // The phone that asks again is three days behind: knowing counts, not the date.
        world.stores[CHEN].clock = qiaomen_proto::change::Clock::default();
        world.stores[CHEN].clock.offset_ms = -3 * 24 * 3_600_000;
        world.put(CHEN, &field(name), "儿媳");
        world.settle();
        let reading = sees(&world, OFFICE, &field(name));
        assert_eq!((holds(&reading).as_str(), reading.why), ("儿媳", Why::Only), "{name}");
    }
}

#[test]
fn where_a_person_decides_an_answer_after_the_refusal_holds_and_the_refusal_is_still_before_the_clerk() {
    let mut world = five();
    world.put(WANG, &phone(), REFUSED);
    world.put(LI, &phone(), "137");
    world.settle();
    assert_eq!(holds(&sees(&world, ZHAO, &phone())), "refused");
    world.put(ZHAO, &phone(), "138");
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!((holds(&reading).as_str(), reading.why, reading.conflict), ("138", Why::Latest, true));
    assert_eq!(against(&reading), ["137", "138", "refused"]);
    // Refused again by somebody who knew all that, and apart from it a value by somebody who did not.
    world.put(CHEN, &phone(), REFUSED);
    world.put(LI, &phone(), "139");
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &phone())), "refused");
}

#[test]
fn of_two_refusals_one_answered_and_one_not_the_unanswered_one_holds() {
    let mut world = five();
    world.put(WANG, &phone(), REFUSED);
    world.give(WANG, LI);
    world.put(LI, &phone(), "137");
    world.put(ZHAO, &phone(), REFUSED);
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!(
        (against(&reading), holds(&reading).as_str()),
        (vec!["137".to_owned(), "refused".to_owned()], "refused")
    );
}

#[test]
fn a_decision_made_without_knowing_of_a_refusal_stands_and_the_clerk_is_asked_again() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    for who in [WANG, LI] {
        world.give(who, OFFICE);
    }
    clerk_decides(&mut world, &phone(), "137");
    world.put(ZHAO, &phone(), REFUSED);
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!((holds(&reading).as_str(), reading.why, reading.conflict), ("137", Why::Decided, true));
}

#[test]
fn a_consent_that_was_taken_back_is_not_brought_back_by_an_old_copy() {
    for withdrawn in [Scalar::Null, Scalar::Bool(false), REFUSED] {
        let mut world = five();
        world.put(WANG, &field("consent"), Scalar::Bool(true));
        world.settle();
        world.put(WANG, &field("consent"), withdrawn.clone());
        world.stores[LI].clock.offset_ms = 24 * 3_600_000;
        world.put(LI, &field("consent"), Scalar::Bool(true));
        world.settle();
        let reading = sees(&world, OFFICE, &field("consent"));
        assert_eq!((reading.value(), reading.why), (Some(&withdrawn), Why::Refusal));
    }
}

#[test]
fn no_field_of_a_person_or_a_door_follows_rank_by_which_a_refusal_does_not_hold() {
    for kind in [Kind::Resident, Kind::Household] {
        for container in kind_spec(kind).containers {
            assert!(container.fields.iter().all(|f| f.policy != Policy::Rank), "{}", container.name);
        }
    }
    for kind in Kind::ALL {
        for field in kind_spec(kind).containers.iter().flat_map(|c| c.fields) {
            assert!(!(field.sealed && field.policy == Policy::Rank), "{}", field.name);
        }
    }
}

/// Every operation that some other answer at the place replaced, directly or not.
fn answered(register: &Register, path: &Path) -> BTreeSet<OpId> {
    let history = register.history(path);
    let mut answered: BTreeSet<OpId> = BTreeSet::new();
    let mut todo: Vec<OpId> =
        history.iter().filter(|op| !op.value.is_refusal()).flat_map(|op| op.preds.clone()).collect();
    while let Some(next) = todo.pop() {
        if answered.insert(next) {
            todo.extend(history.iter().find(|op| op.id == next).unwrap().preds.clone());
        }
    }
    answered
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_refusal_that_nobody_answered_is_never_overwritten(mut world in world(1..60)) {
        world.settle();
        let register = &world.stores[OFFICE].register;
        let ring = ring(world.doc, 2);
        let reader = Reader::new(register, &ring);
        for path in register.paths() {
            let Some((_, reading)) = reader.at(path).filter(|(f, _)| f.policy != Policy::Rank) else { continue };
            let decided = reading.candidates.iter().any(|c| c.decided);
            let answered = answered(register, path);
            let stands = |op: &qiaomen_proto::merge::OpRecord| {
                // The put of a decision is the clerk's word, not the resident's.
                op.value.is_refusal() && !answered.contains(&op.id) && reader.decisions().of_op(&op.id).is_none()
            };
            if !decided && register.history(path).iter().any(stands) {
                prop_assert_eq!(reading.value(), Some(&REFUSED), "{:?}", reading);
            }
        }
    }
}
