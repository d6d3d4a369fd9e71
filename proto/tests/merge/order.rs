//! In which order facts stand: whoever had seen a fact comes after it; else the clock says.

use crate::world::acts::world;
use crate::world::ring;
use proptest::prelude::*;
use qiaomen_proto::change::Stamp;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::entity::{Shape, kind_spec};
use qiaomen_proto::merge::Register;
use std::collections::BTreeMap;

/// For each container of records: key, stamp and index of the change of each record, as the view orders them.
fn records(register: &Register) -> Vec<Vec<(String, Stamp, u32)>> {
    let none = ring(register.doc(), 0);
    let view = View::new(register, &none);
    let spec = kind_spec(register.doc().kind);
    let containers = (0u8..).zip(spec.containers).filter(|(_, c)| c.shape == Shape::Records).map(|(i, _)| i);
    containers
        .map(|container| {
            let mut changes: BTreeMap<String, u32> = BTreeMap::new();
            for path in register.paths_in(container) {
                changes.extend(register.visible(path).into_iter().map(|op| (path.key.clone(), op.change)));
            }
            view.records(container).into_iter().map(|(key, stamp, _)| (key.clone(), stamp, changes[&key])).collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_had_seen_a_fact_stands_after_it_and_where_all_clocks_are_right_time_says_it_all(
        mut world in world(1..60)
    ) {
        world.settle();
        let register = &world.stores[0].register;
        for list in records(register) {
            let mut clocks_are_right = true;
            for (n, (_, later, change)) in list.iter().enumerate() {
                for (_, earlier, before) in &list[..n] {
                    prop_assert!(!register.builds_on(*before, *change), "a fact stands before one that its author had seen");
                    clocks_are_right &= !register.builds_on(*change, *before) || earlier.at < later.at;
                }
            }
            if clocks_are_right {
                let mut by_time = list.clone();
                by_time.sort_by(|a, b| (a.1.at, &a.0).cmp(&(b.1.at, &b.0)));
                prop_assert_eq!(by_time, list);
            }
        }
    }
}
