//! One version of the table against another: equal versions show equal things, unequal ones say so.

use crate::people::{LI, WANG, clerk_decides, clerk_undoes, field, five, phone};
use crate::world::acts::world;
use crate::world::{OFFICE, TABLE_OF_TOMORROW, World, ring};
use proptest::prelude::*;
use qiaomen_proto::change::Path;
use qiaomen_proto::entity::policy::{Policy, PolicyTable, Tables};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{kind_spec, resident};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::Why;
use qiaomen_proto::merge::reading::{Reader, Reading};
use qiaomen_proto::seal::KeyRing;

fn by(world: &World, who: usize, path: &Path, table: PolicyTable) -> Reading {
    let ring = KeyRing::new();
    Reader::under(&world.stores[who].register, &ring, table).at(path).unwrap().1
}

#[test]
fn todays_table_is_what_stands_beside_the_fields_and_is_found_by_its_number() {
    assert_eq!(PolicyTable::numbered(POLICY_VERSION), Some(&PolicyTable::TODAY));
    assert_eq!((PolicyTable::numbered(0), PolicyTable::numbered(POLICY_VERSION + 1)), (None, None));
    for kind in Kind::ALL {
        for (container, spec) in (0u8..).zip(kind_spec(kind).containers) {
            for field in spec.fields {
                assert_eq!(PolicyTable::TODAY.policy(kind, container, field), field.policy);
            }
        }
    }
}

#[test]
fn every_table_that_is_kept_names_only_fields_that_exist() {
    let kept = (0..=POLICY_VERSION).filter_map(PolicyTable::numbered).chain([&TABLE_OF_TOMORROW]);
    for table in kept {
        for d in table.differs {
            let fields = kind_spec(d.kind).container(d.container).unwrap().fields;
            let field = fields.iter().find(|f| f.name == d.field).unwrap();
            assert_eq!(table.policy(d.kind, d.container, field), d.policy);
            assert_ne!(field.policy, d.policy, "{} does not differ", d.field);
        }
    }
}

#[test]
fn another_table_changes_the_fields_that_it_names_and_no_others() {
    let mut world = five();
    world.stores[LI].clock.offset_ms = 60_000;
    for name in ["phone", "relation", "sex"] {
        world.put(WANG, &field(name), "甲");
        world.put(LI, &field(name), "乙");
    }
    world.settle();
    let (today, tomorrow) = (PolicyTable::TODAY, TABLE_OF_TOMORROW);
    let conflict = |name: &str, table| by(&world, OFFICE, &field(name), table).conflict;
    assert_eq!((conflict("phone", today), conflict("phone", tomorrow)), (true, false));
    assert_eq!((conflict("relation", today), conflict("relation", tomorrow)), (false, true));
    assert_eq!(by(&world, WANG, &field("sex"), today), by(&world, LI, &field("sex"), tomorrow));
    assert_eq!(by(&world, WANG, &phone(), tomorrow).policy, Policy::Latest, "the reading says by which rule");
}

#[test]
fn a_device_that_is_newer_than_its_office_reads_by_the_offices_table_and_shows_the_same() {
    // The office has today's table, the device has tomorrow's and still today's.
    let mut world = five();
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    let ring = KeyRing::new();
    let office = View::new(&world.stores[OFFICE].register, &ring);
    assert_eq!(Tables::of(TABLE_OF_TOMORROW.version, POLICY_VERSION), Tables::OfficeOlder);
    let table = *PolicyTable::numbered(POLICY_VERSION).unwrap();
    let device = View::under(&world.stores[WANG].register, &ring, table);
    assert_eq!(device.conflicts(), office.conflicts());
    assert_eq!(device.head(), office.head());
    // By its own it would show otherwise.
    let alone = View::under(&world.stores[WANG].register, &ring, TABLE_OF_TOMORROW);
    assert_ne!(alone.conflicts(), office.conflicts());
}

#[test]
fn unequal_tables_are_said_in_words_and_equal_ones_are_not() {
    assert_eq!(Tables::of(1, 1).sentence(), None);
    let (older, newer) = (Tables::of(1, 2), Tables::of(2, 1));
    assert_eq!((older, newer), (Tables::DeviceOlder, Tables::OfficeOlder));
    assert!(older.sentence().is_some_and(|s| s.text().contains("更新本机")));
    assert!(newer.sentence().is_some_and(|s| s.text().contains("社区")));
}

/// Wang says 136, Li says 137, the clerk takes 136, the older one.
fn decided() -> World {
    let mut world = five();
    world.stores[LI].clock.offset_ms = 60_000;
    world.put(WANG, &phone(), "136");
    world.put(LI, &phone(), "137");
    world.settle();
    clerk_decides(&mut world, &phone(), "136");
    world
}

#[test]
fn a_decision_stands_by_a_table_in_which_nobody_decides_that_field_any_more() {
    let mut world = decided();
    // Li, who had not heard of the decision, writes later.
    world.put(LI, &phone(), "138");
    world.settle();
    let reading = by(&world, LI, &phone(), TABLE_OF_TOMORROW);
    assert_eq!((reading.value().unwrap().as_str(), reading.why), (Some("136"), Why::Decided));
    assert!(!reading.conflict);
}

#[test]
fn a_decision_that_was_taken_back_holds_by_no_table() {
    let mut world = decided();
    clerk_undoes(&mut world, &phone(), 1);
    world.settle();
    let reading = by(&world, LI, &phone(), TABLE_OF_TOMORROW);
    assert_eq!((reading.value().unwrap().as_str(), reading.why), (Some("137"), Why::Latest));
    assert_eq!(reading.candidates.len(), 2, "both are back");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tables_differ_in_the_fields_that_they_name_and_nowhere_else(mut world in world(1..40)) {
        world.settle();
        let register = &world.stores[OFFICE].register;
        let ring = ring(world.doc, 2);
        let today = Reader::new(register, &ring);
        let tomorrow = Reader::under(register, &ring, TABLE_OF_TOMORROW);
        for path in register.paths() {
            let (Some((field, a)), Some((_, b))) = (today.at(path), tomorrow.at(path)) else { continue };
            let policy = TABLE_OF_TOMORROW.policy(world.doc.kind, path.container, field);
            prop_assert_eq!(b.policy, policy);
            if policy == field.policy {
                prop_assert_eq!(a, b);
            }
        }
    }
}

#[test]
fn the_names_of_policies_are_each_their_own() {
    let names: std::collections::BTreeSet<_> = Policy::ALL.iter().map(|p| p.name()).collect();
    assert_eq!(names.len(), Policy::ALL.len());
    // The test table changes something of a person, or the tests above would show nothing.
    assert!(TABLE_OF_TOMORROW.differs.iter().any(|d| d.kind == Kind::Resident && d.container == resident::FIELDS));
}
