//! Registers and changes in databases: what is read back is what was written, and what is damaged says so.

use crate::world::acts::world;
use crate::world::picture::picture;
use crate::world::{Dice, OFFICE, World};
use proptest::prelude::*;
use qiaomen_proto::change::{Edit, Path, Scalar, TypedChange};
use qiaomen_proto::ids::{Actor, Kind};
use qiaomen_proto::merge::Register;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_register_and_its_changes_come_back_as_they_went(mut world in world(1..40)) {
        world.settle();
        let office = &world.stores[OFFICE];
        let bytes = office.register.to_stored();
        let back = Register::from_stored(world.doc, &bytes).unwrap();
        prop_assert_eq!(back.to_stored(), bytes);
        prop_assert_eq!(back.changes(), office.register.changes());
        prop_assert_eq!(picture(&back), picture(&office.register));
        for change in &office.changes {
            prop_assert_eq!(&TypedChange::from_stored(world.doc, &change.to_stored()).unwrap(), change);
        }
    }

    #[test]
    fn a_register_that_was_read_back_goes_on_like_the_one_that_was_written(mut world in world(1..30)) {
        let stamp = world.stamp(1);
        let phone = world.stores[1].clone();
        let mut back = Register::from_stored(world.doc, &phone.register.to_stored()).unwrap();
        let edits = vec![Edit { path: Path::new(0, "phone"), value: Scalar::Null }];
        let change = phone.register.make_change(phone.actor, stamp, edits.clone());
        prop_assert_eq!(&back.make_change(phone.actor, stamp, edits), &change);
        let hash = change.hash().unwrap();
        prop_assert_eq!(back.fit(&change, &hash), Ok(()));
        back.apply(&change, hash);
        let mut on = phone;
        on.register.apply(&change, hash);
        prop_assert_eq!(picture(&back), picture(&on.register));
    }

    #[test]
    fn a_damaged_row_is_refused_or_reads_without_a_panic(world in world(1..30), seed: u64) {
        let mut dice = Dice(seed);
        let office = &world.stores[OFFICE];
        for _ in 0..16 {
            let mut bytes = office.register.to_stored();
            let at = dice.below(bytes.len());
            match dice.below(3) {
                0 => bytes[at] ^= 1 << dice.below(8),
                1 => bytes.truncate(at),
                _ => bytes[at] = dice.roll().to_be_bytes()[0],
            }
            if let Ok(register) = Register::from_stored(world.doc, &bytes) {
                picture(&register);
                let edits = vec![Edit { path: Path::new(0, "phone"), value: Scalar::Null }];
                let stamp = office.changes.first().map(|c| c.stamp);
                let change = stamp.map(|stamp| register.make_change(Actor([1; 16]), stamp, edits));
                change.map(|change| register.fit(&change, &qiaomen_proto::change::ChangeHash([1; 32])));
            }
            if let Some(change) = office.changes.first() {
                let mut bytes = change.to_stored();
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
                if let Ok(change) = TypedChange::from_stored(world.doc, &bytes) {
                    let _ = change.hash();
                }
            }
        }
    }
}

#[test]
fn a_register_with_one_bit_wrong_is_damage_or_can_be_worked_with_and_stored_again() {
    let mut world = World::new(Kind::Resident, 2);
    for (who, text) in [(1, "136"), (2, "137"), (1, "138")] {
        world.put(who, &Path::new(0, "phone"), text);
        world.put(who, &Path::new(0, "employer"), text);
    }
    world.settle();
    let stamp = world.stamp(1);
    let office = &world.stores[OFFICE].register;
    let bytes = office.to_stored();
    for bit in 0..bytes.len() * 8 {
        let mut wrong = bytes.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        let Ok(mut register) = Register::from_stored(world.doc, &wrong) else { continue };
        assert!(Register::from_stored(world.doc, &register.to_stored()).is_ok(), "bit {bit}");
        let actors: Vec<_> = register.changes().iter().skip(1).map(|change| change.actor).collect();
        for actor in actors {
            let edits = vec![Edit { path: Path::new(0, "phone"), value: Scalar::Null }];
            let change = register.make_change(actor, stamp, edits);
            let hash = change.hash().unwrap();
            assert_eq!(register.fit(&change, &hash), Ok(()), "bit {bit}");
            register.apply(&change, hash);
        }
    }
}

#[test]
fn what_is_cut_short_or_too_long_or_of_another_kind_is_damage() {
    let mut world = World::new(Kind::Resident, 1);
    let change = world.put(1, &Path::new(0, "phone"), "136");
    let register = world.stores[1].register.to_stored();
    let stored = change.to_stored();
    for bytes in [&register[..register.len() - 1], &[&register[..], &[0]].concat(), &[], &stored] {
        assert!(Register::from_stored(world.doc, bytes).is_err());
    }
    for bytes in [&stored[..stored.len() - 1], &[&stored[..], &[0]].concat(), &[], &register] {
        assert!(TypedChange::from_stored(world.doc, bytes).is_err());
    }
    let elsewhere = qiaomen_proto::ids::DocId::new(Kind::Ticket, world.doc.uuid);
    assert!(Register::from_stored(elsewhere, &register).is_err(), "the genesis is another");
}
