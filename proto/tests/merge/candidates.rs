//! Two phones, one resident: what stands against what, before anybody decides.

use crate::people::{CHEN, LI, WANG, ZHAO, against, field, five, holds, open_conflicts, phone, sees};
use crate::world::{NINE, OFFICE};
use qiaomen_proto::change::Scalar;
use qiaomen_proto::entity::Policy;
use qiaomen_proto::merge::Why;

const REFUSED: Scalar = Scalar::Int(-1);

#[test]
fn two_phones_for_one_resident_are_one_conflict_with_both_and_everybody_sees_the_same() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    let conflict = open_conflicts(&world, OFFICE).pop().unwrap();
    assert_eq!(conflict.field.policy, Policy::Review);
    assert_eq!(against(&conflict.reading), ["136", "137"]);
    for candidate in &conflict.reading.candidates {
        let stamp = candidate.stamp.unwrap();
        let author = if candidate.value == Scalar::Str("136".to_owned()) { WANG } else { LI };
        assert_eq!(stamp.by, world.stores[author].by);
        assert!(stamp.at.wall_ms >= NINE && !candidate.decided);
    }
    for who in [OFFICE, WANG, LI, ZHAO, CHEN] {
        let found = open_conflicts(&world, who);
        assert_eq!(found, std::slice::from_ref(&conflict), "and nothing else is a conflict");
    }
}

#[test]
fn a_correction_by_one_side_takes_the_place_of_what_it_corrects() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.put(WANG, &phone(), "138");
    world.settle();
    assert_eq!(against(&sees(&world, ZHAO, &phone())), ["137", "138"]);
}

#[test]
fn a_correction_counts_even_where_a_third_had_already_seen_what_it_corrects() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.give(WANG, ZHAO);
    world.give(LI, ZHAO);
    world.put(ZHAO, &phone(), "139");
    world.put(WANG, &phone(), "138");
    world.settle();
    assert_eq!(against(&sees(&world, OFFICE, &phone())), ["137", "138", "139"]);
}

#[test]
fn a_third_who_saw_one_value_corrects_it_and_the_other_stands() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.give(WANG, ZHAO);
    world.put(ZHAO, &phone(), "138");
    world.put(LI, &phone(), "137");
    world.settle();
    assert_eq!(against(&sees(&world, OFFICE, &phone())), ["137", "138"]);
}

#[test]
fn a_fourth_who_saw_both_and_types_a_new_value_is_one_more_candidate() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    world.put(CHEN, &phone(), "138");
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!(against(&reading), ["136", "137", "138"]);
    assert_eq!((holds(&reading).as_str(), reading.why), ("138", Why::Latest));
    // And may correct that, without touching the others.
    world.put(CHEN, &phone(), "139");
    world.settle();
    assert_eq!(against(&sees(&world, OFFICE, &phone())), ["136", "137", "139"]);
}

#[test]
fn the_latest_is_who_had_seen_the_others_whatever_a_phone_three_days_ahead_says() {
    let mut world = five();
    world.stores[WANG].clock.offset_ms = 3 * 24 * 3_600_000;
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &phone())), "136", "nobody knew of the other: the clock says");
    world.put(CHEN, &phone(), "138");
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &phone())), "138", "who saw both comes after both");
}

#[test]
fn equal_values_are_no_conflict_and_one_edit_corrects_them_all() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "136");
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!((reading.conflict, reading.candidates.len(), reading.why), (false, 2, Why::Only));
    assert_eq!(holds(&reading), "136");
    world.put(ZHAO, &phone(), "138");
    world.settle();
    assert_eq!(against(&sees(&world, OFFICE, &phone())), ["138"]);
}

#[test]
fn a_conflict_is_gone_by_itself_when_its_parties_agree() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.give(LI, OFFICE);
    world.give(WANG, OFFICE);
    assert!(sees(&world, OFFICE, &phone()).conflict);
    // Li finds out alone that he had mistyped.
    world.put(LI, &phone(), "136");
    world.settle();
    assert_eq!(open_conflicts(&world, OFFICE), []);
    assert_eq!(holds(&sees(&world, WANG, &phone())), "136");
}

#[test]
fn a_refusal_holds_against_a_value_until_somebody_decides() {
    for first in [WANG, LI] {
        let mut world = five();
        let (other, path) = (WANG + LI - first, phone());
        world.stores[first].clock.offset_ms = -60_000;
        world.put(first, &path, REFUSED);
        world.put(other, &path, "137");
        world.settle();
        let reading = sees(&world, OFFICE, &path);
        assert!(reading.conflict);
        assert_eq!((holds(&reading).as_str(), reading.why), ("refused", Why::Refusal));
    }
}

#[test]
fn does_not_know_and_cleared_stand_against_a_value_and_against_each_other() {
    let mut world = five();
    world.put(WANG, &phone(), Scalar::Int(-2));
    world.put(LI, &phone(), "137");
    world.put(ZHAO, &phone(), Scalar::Null);
    world.settle();
    assert_eq!(against(&sees(&world, OFFICE, &phone())), ["137", "cleared", "unknown"]);
}

#[test]
fn what_was_never_written_reads_as_nothing() {
    let world = five();
    let register = &world.stores[OFFICE].register;
    assert!(register.is_blank() && register.visible(&phone()).is_empty());
    assert_eq!(open_conflicts(&world, OFFICE), []);
}

#[test]
fn clearing_what_one_had_seen_is_a_correction() {
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(WANG, &phone(), Scalar::Null);
    world.settle();
    let reading = sees(&world, OFFICE, &phone());
    assert_eq!((against(&reading), reading.conflict), (vec!["cleared".to_owned()], false));
}

#[test]
fn conflicts_of_several_fields_and_rows_are_each_their_own() {
    let mut world = five();
    for (who, phone_is, lives) in [(WANG, "136", "常住"), (LI, "137", "流动")] {
        world.put(who, &phone(), phone_is);
        world.put(who, &field("residency"), lives);
        world.put(who, &field("employer"), phone_is);
        world.put(who, &field("of_the_future"), phone_is);
    }
    world.settle();
    let found: Vec<String> = open_conflicts(&world, OFFICE).into_iter().map(|c| c.path.key).collect();
    assert_eq!(found, ["phone", "residency"], "the others have rules, or no field in the table");
}
