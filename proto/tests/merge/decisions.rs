//! A clerk decides: the decision stands, nothing that had not seen it overwrites it, and it can be
//! taken back.

use crate::people::{CHEN, LI, WANG, ZHAO, against, clerk_decides, clerk_undoes, five, holds, phone, sees};
use crate::world::{OFFICE, World};
use qiaomen_proto::change::{Edit, OpId, Scalar};
use qiaomen_proto::merge::Why;
use qiaomen_proto::merge::decision::{Decisions, decide};

/// Wang says 136, Li says 137; Zhao has seen Wang's, Chen has seen both; nobody hears of what follows.
fn quarrel() -> World {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.give(WANG, ZHAO);
    for who in [WANG, LI] {
        world.give(who, OFFICE);
        world.give(who, CHEN);
    }
    world
}

/// Everybody sees the same; gives what holds, why, and what stands against it.
fn all_see(world: &mut World) -> (String, Why, Vec<String>) {
    world.settle();
    let seen = sees(world, OFFICE, &phone());
    for who in 1..world.stores.len() {
        assert_eq!(sees(world, who, &phone()), seen);
    }
    assert_eq!(seen.conflict, against(&seen).windows(2).any(|w| w[0] != w[1]));
    (holds(&seen), seen.why, against(&seen))
}

#[test]
fn a_decision_reaches_everybody_and_stands_alone() {
    let mut world = quarrel();
    clerk_decides(&mut world, &phone(), "137");
    assert_eq!(all_see(&mut world), ("137".to_owned(), Why::Decided, vec!["137".to_owned()]));
    let decisions = Decisions::read(&world.stores[ZHAO].register);
    let decision = &decisions.all()[0];
    assert_eq!((decision.number, decision.in_force, decision.seen.len(), decision.chosen.len()), (1, true, 2, 1));
    assert_eq!(decisions.of_op(&decision.put), Some(decision));
}

#[test]
fn the_clerk_may_write_what_nobody_had_said() {
    let mut world = quarrel();
    clerk_decides(&mut world, &phone(), "110");
    assert_eq!(all_see(&mut world).0, "110");
    assert!(Decisions::read(&world.stores[OFFICE].register).all()[0].chosen.is_empty());
}

#[test]
fn a_stale_edit_that_had_seen_one_side_is_put_before_the_clerk_and_the_decision_stands() {
    let mut world = quarrel();
    world.put(ZHAO, &phone(), "139");
    clerk_decides(&mut world, &phone(), "137");
    let stands = all_see(&mut world);
    assert_eq!(stands, ("137".to_owned(), Why::Decided, vec!["137".to_owned(), "139".to_owned()]));
}

#[test]
fn a_stale_edit_that_had_seen_both_sides_brings_neither_of_them_back() {
    let mut world = quarrel();
    world.put(CHEN, &phone(), "139");
    clerk_decides(&mut world, &phone(), "137");
    let stands = all_see(&mut world);
    assert_eq!(stands, ("137".to_owned(), Why::Decided, vec!["137".to_owned(), "139".to_owned()]));
}

#[test]
fn a_stale_edit_that_agrees_with_the_decision_needs_nobody() {
    let mut world = quarrel();
    world.put(ZHAO, &phone(), "137");
    clerk_decides(&mut world, &phone(), "137");
    let (holds, why, against) = all_see(&mut world);
    assert_eq!((holds.as_str(), why, against.len()), ("137", Why::Decided, 2));
    assert!(!sees(&world, OFFICE, &phone()).conflict);
}

#[test]
fn a_stale_refusal_does_not_overwrite_a_decision_but_is_heard() {
    let mut world = quarrel();
    world.put(ZHAO, &phone(), Scalar::Int(-1));
    clerk_decides(&mut world, &phone(), "137");
    assert_eq!(all_see(&mut world), ("137".to_owned(), Why::Decided, vec!["137".to_owned(), "refused".to_owned()]));
}

#[test]
fn an_edit_that_had_seen_the_decision_is_a_plain_correction() {
    let mut world = quarrel();
    clerk_decides(&mut world, &phone(), "137");
    world.settle();
    world.put(ZHAO, &phone(), "139");
    assert_eq!(all_see(&mut world), ("139".to_owned(), Why::Only, vec!["139".to_owned()]));
}

#[test]
fn two_who_correct_the_decision_apart_are_a_new_conflict_and_the_old_one_stays_settled() {
    let mut world = quarrel();
    clerk_decides(&mut world, &phone(), "137");
    world.settle();
    world.put(WANG, &phone(), "138");
    world.put(LI, &phone(), "139");
    assert_eq!(all_see(&mut world).2, ["138", "139"]);
}

#[test]
fn undoing_gives_the_candidates_back() {
    let mut world = quarrel();
    let before = sees(&world, OFFICE, &phone());
    clerk_decides(&mut world, &phone(), "110");
    world.settle();
    clerk_undoes(&mut world, &phone(), 1);
    assert_eq!(all_see(&mut world), ("137".to_owned(), Why::Latest, vec!["136".to_owned(), "137".to_owned()]));
    assert_eq!(sees(&world, OFFICE, &phone()), before);
    assert!(!Decisions::read(&world.stores[LI].register).all()[0].in_force);
}

#[test]
fn what_corrected_the_decision_stays_when_the_decision_is_undone() {
    let mut world = quarrel();
    clerk_decides(&mut world, &phone(), "137");
    world.settle();
    world.put(ZHAO, &phone(), "139");
    clerk_undoes(&mut world, &phone(), 1);
    assert_eq!(all_see(&mut world), ("139".to_owned(), Why::Latest, ["136", "137", "139"].map(str::to_owned).to_vec()));
}

#[test]
fn the_clerk_decides_again_after_undoing_and_after_a_late_edit() {
    let mut world = quarrel();
    world.put(ZHAO, &phone(), "139");
    clerk_decides(&mut world, &phone(), "137");
    clerk_undoes(&mut world, &phone(), 1);
    clerk_decides(&mut world, &phone(), "136");
    assert_eq!(all_see(&mut world), ("136".to_owned(), Why::Decided, vec!["136".to_owned(), "139".to_owned()]));
    clerk_decides(&mut world, &phone(), "139");
    assert_eq!(all_see(&mut world), ("139".to_owned(), Why::Decided, vec!["139".to_owned()]));
    // The later one undone, the earlier stands again, with what came late.
    clerk_undoes(&mut world, &phone(), 3);
    assert_eq!(all_see(&mut world), ("136".to_owned(), Why::Decided, vec!["136".to_owned(), "139".to_owned()]));
}

#[test]
fn undoing_an_earlier_decision_beneath_a_later_one_gives_back_what_only_it_had_settled() {
    let mut world = quarrel();
    world.put(CHEN, &phone(), "139");
    clerk_decides(&mut world, &phone(), "110");
    world.settle();
    clerk_decides(&mut world, &phone(), "139");
    clerk_undoes(&mut world, &phone(), 1);
    let stands = all_see(&mut world);
    assert_eq!(stands, ("139".to_owned(), Why::Decided, ["136", "137", "139"].map(str::to_owned).to_vec()));
}

#[test]
fn a_value_that_arrived_while_the_clerk_was_deciding_does_not_vanish() {
    let mut world = quarrel();
    let seen: Vec<OpId> = sees(&world, OFFICE, &phone()).candidates.iter().map(|c| c.op).collect();
    world.put(ZHAO, &phone(), "139");
    world.give(ZHAO, OFFICE);
    // The page was older than the register on which the decision is written.
    let register = &world.stores[OFFICE].register;
    let edits = decide(register, &phone(), &seen, &[], Scalar::Str("110".to_owned()));
    world.write(OFFICE, edits);
    assert_eq!(all_see(&mut world), ("110".to_owned(), Why::Decided, vec!["110".to_owned(), "139".to_owned()]));
}

#[test]
fn a_decision_without_its_put_and_one_under_a_wrong_key_decide_nothing() {
    let mut world = quarrel();
    let seen: Vec<OpId> = sees(&world, OFFICE, &phone()).candidates.iter().map(|c| c.op).collect();
    let edits = decide(&world.stores[OFFICE].register, &phone(), &seen, &[], Scalar::Null);
    let (mut fact, mut elsewhere) = (edits[0].clone(), edits[0].clone());
    fact.path.key = fact.path.key.replace("#1", "#7");
    world.write(OFFICE, vec![fact]);
    elsewhere.path.key = "0.name#1".to_owned();
    world.write(OFFICE, vec![elsewhere, Edit { path: crate::people::field("name"), value: Scalar::Null }]);
    world.settle();
    assert_eq!(Decisions::read(&world.stores[WANG].register).all(), []);
    assert_eq!(against(&sees(&world, WANG, &phone())), ["136", "137"]);
    // And stand in nobody's way.
    clerk_decides(&mut world, &phone(), "136");
    assert_eq!(all_see(&mut world).2, ["136"]);
    assert_eq!(Decisions::read(&world.stores[WANG].register).all()[0].number, 8);
}

#[test]
fn two_lives_of_an_office_decide_under_one_number_and_taking_one_back_leaves_the_other() {
    // The office was restored from a backup: Chen's store stands for the life that was lost.
    let mut world = quarrel();
    for (life, value) in [(OFFICE, "137"), (CHEN, "136")] {
        let register = &world.stores[life].register;
        let seen: Vec<OpId> = sees(&world, life, &phone()).candidates.iter().map(|c| c.op).collect();
        let edits = decide(register, &phone(), &seen, &[], Scalar::Str(value.to_owned()));
        world.write(life, edits);
    }
    clerk_undoes(&mut world, &phone(), 1);
    let (holds, why, against) = all_see(&mut world);
    assert_eq!((holds.as_str(), why, against), ("136", Why::Decided, vec!["136".to_owned()]));
    let decisions = Decisions::read(&world.stores[LI].register);
    assert_eq!(decisions.all().iter().filter(|d| d.in_force).count(), 1);
    assert_eq!(decisions.at(&phone()).len(), 2);
}

#[test]
fn two_lives_of_an_office_that_decided_otherwise_are_put_before_the_clerk_again() {
    let mut world = quarrel();
    for (life, value) in [(OFFICE, "137"), (CHEN, "136")] {
        let register = &world.stores[life].register;
        let seen: Vec<OpId> = sees(&world, life, &phone()).candidates.iter().map(|c| c.op).collect();
        let edits = decide(register, &phone(), &seen, &[], Scalar::Str(value.to_owned()));
        world.write(life, edits);
    }
    assert_eq!(all_see(&mut world).2, ["136", "137"]);
    clerk_decides(&mut world, &phone(), "136");
    assert_eq!(all_see(&mut world).2, ["136"]);
}
