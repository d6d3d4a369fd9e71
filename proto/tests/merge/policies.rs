//! The rules that need nobody: all, latest, rank, restrictive; and several values in one field.

use crate::people::{LI, WANG, ZHAO, against, field, five, holds, sees};
use crate::world::{OFFICE, World};
use qiaomen_proto::change::{Path, Scalar};
use qiaomen_proto::entity::record::{self, RefusalPayload};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{household, ticket};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::Why;
use qiaomen_proto::seal::{KeyRing, SubjectKey};

/// World 1 and 3 are a grid worker and a building head, 2 a grid leader.
const GRID_LEADER: usize = LI;

#[test]
fn of_a_union_all_hold_and_are_shown_as_one() {
    let mut world = five();
    world.put(WANG, &field("languages"), "汉语,蒙古语");
    world.put(LI, &field("languages"), "蒙古语,朝鲜语");
    world.settle();
    let reading = sees(&world, OFFICE, &field("languages"));
    assert_eq!((reading.conflict, reading.why, reading.holds.len()), (false, Why::All, 2));
    let ring = KeyRing::new();
    let view = View::new(&world.stores[ZHAO].register, &ring);
    assert_eq!(view.text("languages").unwrap(), "朝鲜语,汉语,蒙古语");
    // Somebody who had seen them all takes one away.
    world.put(ZHAO, &field("languages"), "汉语");
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &field("languages"))), "汉语");
}

#[test]
fn care_categories_are_decided_by_a_person_and_all_shown_until_then() {
    let mut world = five();
    let subject = world.doc.uuid;
    let key = SubjectKey::from_bytes([4; 32]);
    let mut ring = KeyRing::new();
    ring.insert(subject, key.clone());
    let seal = |text: &str| Scalar::Bytes(key.seal(&subject, "categories", text.as_bytes()));
    world.put(WANG, &field("categories"), Scalar::Null);
    world.put(LI, &field("categories"), seal("独居老人"));
    world.put(ZHAO, &field("categories"), seal("残疾,独居老人"));
    world.settle();
    let view = View::new(&world.stores[OFFICE].register, &ring);
    let categories = view.field("categories").unwrap();
    assert!(categories.conflict);
    assert_eq!(categories.shown.text(), Some("残疾,独居老人"), "not hidden behind the one that was cleared");
    assert_eq!(View::new(&world.stores[OFFICE].register, &KeyRing::new()).text("categories"), None);
}

#[test]
fn the_latest_holds_and_of_two_at_one_instant_all_choose_the_same() {
    let mut world = five();
    world.put(WANG, &field("relation"), "女儿");
    world.put(LI, &field("relation"), "儿媳");
    world.settle();
    let reading = sees(&world, OFFICE, &field("relation"));
    assert!(!reading.conflict);
    let ids: Vec<_> = reading.candidates.iter().map(|c| (c.stamp.unwrap().at, c.op)).collect();
    assert_eq!(ids[0].0, ids[1].0, "the same instant, the same count");
    assert_eq!(reading.holds, [ids.iter().max().unwrap().1]);
    for who in [WANG, LI, ZHAO] {
        assert_eq!(sees(&world, who, &field("relation")), reading);
    }
    // A minute later is later.
    for who in [ZHAO, WANG] {
        world.stores[who].clock.offset_ms = if who == ZHAO { 120_000 } else { 60_000 };
        world.put(who, &field("relation"), if who == ZHAO { "外孙" } else { "侄子" });
    }
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &field("relation"))), "外孙");
}

#[test]
fn a_higher_role_ranks_above_a_later_edit_and_among_equals_the_latest_holds() {
    let category = Path::new(ticket::FIELDS, "category");
    let mut world = World::new(Kind::Ticket, 3);
    world.put(GRID_LEADER, &category, "物业");
    world.stores[WANG].clock.offset_ms = 60_000;
    world.put(WANG, &category, "治安");
    world.settle();
    let reading = sees(&world, OFFICE, &category);
    assert_eq!((holds(&reading).as_str(), reading.why, reading.conflict), ("物业", Why::Rank, false));
    // The office above both, though it had seen neither and its clock is behind.
    let mut world = World::new(Kind::Ticket, 3);
    world.put(OFFICE, &category, "环境");
    world.stores[GRID_LEADER].clock.offset_ms = 60_000;
    world.put(GRID_LEADER, &category, "物业");
    world.settle();
    assert_eq!(holds(&sees(&world, WANG, &category)), "环境");
    // Who has seen it may change it.
    world.put(WANG, &category, "治安");
    world.settle();
    assert_eq!(holds(&sees(&world, OFFICE, &category)), "治安");
    let mut world = World::new(Kind::Ticket, 3);
    world.put(WANG, &category, "治安");
    world.stores[ZHAO].clock.offset_ms = 60_000;
    world.put(ZHAO, &category, "物业");
    world.settle();
    let reading = sees(&world, OFFICE, &category);
    assert_eq!((holds(&reading).as_str(), reading.why), ("物业", Why::Latest));
}

#[test]
fn a_refusal_of_consent_beats_a_later_consent_that_had_not_seen_it() {
    for no in [Scalar::Bool(false), Scalar::Int(-1)] {
        let mut world = five();
        world.put(WANG, &field("consent"), no.clone());
        world.stores[LI].clock.offset_ms = 60_000;
        world.put(LI, &field("consent"), Scalar::Bool(true));
        world.settle();
        let reading = sees(&world, OFFICE, &field("consent"));
        assert_eq!((reading.value(), reading.why, reading.conflict), (Some(&no), Why::Refusal, false));
        // Asked again by somebody who knew, the resident may consent.
        world.put(ZHAO, &field("consent"), Scalar::Bool(true));
        world.settle();
        assert_eq!(against(&sees(&world, OFFICE, &field("consent"))), ["Bool(true)"]);
    }
}

#[test]
fn a_door_that_would_not_talk_is_left_alone_until_somebody_who_knew_hears_otherwise() {
    let refusal = |withdrawn| record::to_bytes(&RefusalPayload { people_count: None, withdrawn });
    let ring = KeyRing::new();
    let stands = |world: &World| View::new(&world.stores[OFFICE].register, &ring).door_refusal().is_some();
    let mut world = World::new(Kind::Household, 3);
    assert!(!stands(&world));
    // Wang's phone is three days ahead; nobody's order of knowing is changed by that.
    world.stores[WANG].clock.offset_ms = 3 * 24 * 3_600_000;
    world.add_record(WANG, household::REFUSALS, refusal(false));
    world.settle();
    assert!(stands(&world));
    world.add_record(LI, household::REFUSALS, refusal(true));
    world.settle();
    assert!(!stands(&world), "taken back, though the stamp is earlier");
    world.add_record(WANG, household::REFUSALS, refusal(true));
    world.settle();
    world.add_record(ZHAO, household::REFUSALS, refusal(false));
    world.settle();
    assert!(stands(&world), "a new refusal is respected, though it looks older than what it answers");
    // Taken back by one, said again by another, apart: it stands.
    world.add_record(LI, household::REFUSALS, refusal(false));
    world.add_record(WANG, household::REFUSALS, refusal(true));
    world.settle();
    assert!(stands(&world));
}
