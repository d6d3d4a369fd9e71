//! A map file is matched by names, looked through, taken whole, given out, and comes back the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::phone::Town;
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::reference::BuildingInfo;
use qiaomen_server::desk::map::map;
use qiaomen_server::people::Sight;
use qiaomen_server::shapes::{self, Plan, Put, ShapesError};
use qiaomen_server::store::StoreError;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CLERK: WorkerId = WorkerId(uuid::Uuid::from_u128(77));

/// A square whose south-west corner is so many ten-thousandths of a degree from the office.
fn square(east: f64, north: f64, side: f64) -> Value {
    let (x, y, s) = (121.48 + east / 1e4, 42.78 + north / 1e4, side / 1e4);
    json!({ "type": "Polygon", "coordinates": [[[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]] })
}
fn feature(told: Value, geometry: Value) -> Value {
    json!({ "type": "Feature", "properties": told, "geometry": geometry })
}
fn file(features: Vec<Value>) -> Vec<u8> {
    json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes()
}
fn looked_through(town: &Town, features: Vec<Value>) -> Plan {
    shapes::keep_draft(&town.office, CLERK, &file(features)).unwrap();
    shapes::draft(&town.office, CLERK).unwrap()
}
fn put(town: &Town, features: Vec<Value>, whole: bool) -> Put {
    looked_through(town, features);
    shapes::put_draft(&town.office, CLERK, whole).unwrap()
}
fn names(plan: &Plan) -> Vec<(usize, &str, &str)> {
    plan.hits.iter().map(|h| (h.number, h.place.label(), h.name.as_str())).collect()
}
fn drawn(town: &Town) -> usize {
    town.office.store().read(|tx| tx.shapes()).unwrap().len()
}

#[test]
fn pieces_are_known_by_id_name_number_and_code_in_the_spellings_of_people() {
    let town = Town::new();
    let near = square(5.0, 0.0, 1.0);
    for (told, expected) in [
        (json!({ "名称": "第1网格" }), Some("第1网格")),
        (json!({ "NAME": "第一网格" }), Some("第1网格")),
        (json!({ "网格名称": "一网格" }), Some("第1网格")),
        (json!({ "name": "和顺社区第二网格" }), Some("第2网格")),
        (json!({ "编码": "150782001001002" }), Some("第2网格")),
        (json!({ "网格编码": "150782001001002" }), Some("第2网格")),
        (json!({ "编号": town.grids[1].to_string() }), Some("第2网格")),
        (json!({ "编号": town.buildings[0].to_string(), "名称": "旧名" }), Some("1号楼")),
        (json!({ "楼栋": "1#楼" }), Some("1号楼")),
        (json!({ "楼号": 2 }), Some("2号楼")),
        (json!({ "名称": "2栋", "网格": "第一网格" }), Some("2号楼")),
        (json!({ "building": "和顺社区1号楼" }), Some("1号楼")),
        // What has a name of its own is not the grid in which it says it stands.
        (json!({ "名称": "锅炉房", "网格": "第一网格" }), None),
        (json!({ "名称": "锅炉房", "网格编码": "150782001001002" }), None),
        (json!({ "楼栋": "9号楼", "网格": "第一网格" }), None),
        (json!({ "名称": "第9网格" }), None),
        (json!({ "类别": "楼栋", "名称": "第一网格" }), None),
        (json!({ "类别": "网格", "名称": "1号楼" }), None),
        (json!({ "FID": 1 }), None),
        (json!(null), None),
    ] {
        let plan = looked_through(&town, vec![feature(told.clone(), near.clone())]);
        assert_eq!(plan.hits.first().map(|h| h.name.as_str()), expected, "{told}");
        assert_eq!(plan.misses.len(), usize::from(expected.is_none()), "{told}");
    }
}

#[test]
fn a_file_is_looked_through_piece_by_piece_and_nothing_is_drawn_before_it_is_taken() {
    let town = Town::new();
    let line = json!({ "type": "LineString", "coordinates": [[121.48, 42.78], [121.49, 42.78]] });
    let plan = looked_through(
        &town,
        vec![
            feature(json!({ "名称": "第一网格" }), square(0.0, 0.0, 10.0)),
            feature(json!({ "楼栋": "1号楼", "网格": "第二网格" }), square(2.0, 2.0, 1.0)),
            feature(json!({ "楼栋": "2号楼" }), Value::Null),
            feature(json!({ "名称": "和顺街" }), line.clone()),
            feature(json!({ "名称": "第二网格" }), line),
            feature(json!({ "名称": "锅炉房" }), square(3.0, 3.0, 1.0)),
            feature(json!({ "名称": "1网格" }), square(0.0, 0.0, 9.0)),
        ],
    );
    assert_eq!(names(&plan), [(1, "网格", "第1网格"), (2, "楼栋", "1号楼")]);
    let misses: Vec<_> = plan.misses.iter().map(|m| (m.number, m.said.as_str())).collect();
    assert_eq!(misses, [(6, "锅炉房")]);
    let bad: Vec<_> = plan.bad.iter().map(|b| (b.number, b.said.as_str())).collect();
    assert_eq!(bad, [(4, "和顺街"), (5, "第2网格"), (7, "第1网格")]);
    assert!(
        plan.bad[0].what.contains("一条线") && plan.bad[2].what.contains("第 1 处已经画了第1网格"),
        "{:?}",
        plan.bad
    );
    assert_eq!((plan.empty, &plan.still_bare), (1, &vec!["第2网格".to_owned(), "2号楼".to_owned()]));
    assert_eq!(plan.hits[1].remarks, ["文件里写在“第二网格”，台账里在“第1网格”。以台账为准。"]);
    assert_eq!(drawn(&town), 0);
    assert_eq!(shapes::put_draft(&town.office, CLERK, false).unwrap(), Put { drawn: 2, replaced: 0 });
    assert_eq!(drawn(&town), 2);
    // Taken once: the file is gone.
    assert!(matches!(shapes::put_draft(&town.office, CLERK, false), Err(ShapesError::NoDraft)));
    assert!(matches!(shapes::draft(&town.office, CLERK), Err(ShapesError::NoDraft)));
}

#[test]
fn what_lies_where_it_can_hardly_be_is_said() {
    let town = Town::new();
    let plan = looked_through(
        &town,
        vec![
            feature(json!({ "名称": "第一网格" }), square(0.0, 0.0, 10.0)),
            feature(json!({ "名称": "第二网格" }), square(20.0, 0.0, 10.0)),
            feature(json!({ "楼栋": "1号楼" }), square(22.0, 2.0, 1.0)),
            feature(json!({ "楼栋": "2号楼" }), json!({ "type": "Point", "coordinates": [116.4, 39.9] })),
        ],
    );
    assert_eq!(plan.hits[2].remarks, ["画在“第1网格”的范围外面，台账里它属于这个网格。"]);
    let far = &plan.hits[3].remarks;
    assert!(far.len() == 1 && far[0].starts_with("离其他地方约 5") && far[0].contains("公里"), "{far:?}");
    assert!(plan.hits[0].remarks.is_empty() && plan.hits[1].remarks.is_empty());
}

#[test]
fn a_second_file_adds_to_the_map_or_stands_for_the_whole() {
    let town = Town::new();
    let (first, second) = (json!({ "名称": "第一网格" }), json!({ "名称": "第二网格" }));
    put(&town, vec![feature(first.clone(), square(0.0, 0.0, 10.0))], false);
    let plan = looked_through(&town, vec![feature(second.clone(), square(20.0, 0.0, 10.0))]);
    assert_eq!((plan.still_bare.len(), plan.bare_if_whole.len(), plan.positions), (2, 3, 10));
    assert_eq!(shapes::put_draft(&town.office, CLERK, false).unwrap(), Put { drawn: 1, replaced: 0 });
    assert_eq!(drawn(&town), 2);
    assert_eq!(put(&town, vec![feature(first, square(1.0, 0.0, 10.0))], false), Put { drawn: 1, replaced: 1 });
    assert_eq!(drawn(&town), 2);
    assert_eq!(put(&town, vec![feature(second, square(20.0, 0.0, 10.0))], true), Put { drawn: 1, replaced: 1 });
    assert_eq!(drawn(&town), 1);
    assert_eq!(shapes::clear(&town.office, CLERK).unwrap(), 1);
    assert_eq!(drawn(&town), 0);
}

#[test]
fn a_file_in_which_nothing_is_ours_leaves_the_map_as_it_is_even_if_it_stands_for_the_whole() {
    let town = Town::new();
    put(&town, vec![feature(json!({ "名称": "第一网格" }), square(0.0, 0.0, 10.0))], false);
    looked_through(&town, vec![feature(json!({ "名称": "别的社区" }), square(0.0, 0.0, 10.0))]);
    assert!(matches!(shapes::put_draft(&town.office, CLERK, true), Err(ShapesError::NothingMatches)));
    assert_eq!(drawn(&town), 1);
}

#[test]
fn two_files_that_are_too_much_together_are_not_taken_together() {
    let town = Town::new();
    let saw = |corners: u32| {
        let corner = |i: u32| [121.0 + f64::from(i) / 1e5, if i == 0 { 42.0 } else { 42.1 + f64::from(i % 2) / 10.0 }];
        let mut ring: Vec<[f64; 2]> = (0..corners).map(corner).collect();
        ring.push(corner(0));
        json!({ "type": "Polygon", "coordinates": [ring] })
    };
    put(&town, vec![feature(json!({ "名称": "第一网格" }), saw(12_000))], false);
    let plan = looked_through(&town, vec![feature(json!({ "名称": "第二网格" }), saw(12_000))]);
    assert!(plan.overflows() && plan.positions == 24_002, "{}", plan.positions);
    let refused = shapes::put_draft(&town.office, CLERK, false).unwrap_err();
    assert!(refused.to_string().contains("24002 个"), "{refused}");
    assert_eq!(shapes::put_draft(&town.office, CLERK, true).unwrap().drawn, 1);
}

#[test]
fn what_is_given_out_comes_back_the_same_and_lists_what_is_still_to_be_drawn() {
    let town = Town::new();
    put(
        &town,
        vec![
            feature(json!({ "名称": "第一网格" }), square(0.0, 0.0, 10.0)),
            feature(json!({ "楼栋": "1号楼" }), json!({ "type": "Point", "coordinates": [121.4801234, 42.7801234] })),
        ],
        false,
    );
    let before = town.office.store().read(|tx| tx.shapes()).unwrap();
    let text = shapes::export(&town.office, &Sight::default()).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let listed: Vec<_> =
        whole["features"].as_array().unwrap().iter().map(|f| f["properties"]["名称"].as_str().unwrap()).collect();
    assert_eq!(listed, ["第1网格", "1号楼", "第2网格", "2号楼"]);
    assert_eq!(whole["features"][3]["geometry"], Value::Null);
    shapes::keep_draft(&town.office, CLERK, text.as_bytes()).unwrap();
    let plan = shapes::draft(&town.office, CLERK).unwrap();
    assert_eq!((plan.hits.len(), plan.empty, plan.bad.len(), plan.misses.len()), (2, 2, 0, 0));
    shapes::put_draft(&town.office, CLERK, true).unwrap();
    assert_eq!(town.office.store().read(|tx| tx.shapes()).unwrap(), before);
    let own = Sight { grids: Some(BTreeSet::from([town.grids[1]])), department: None };
    let own = shapes::export(&town.office, &own).unwrap();
    assert!(own.contains("第2网格") && !own.contains("第1网格") && !own.contains("121.48"), "{own}");
}

#[test]
fn a_clerk_looks_through_her_own_file_and_a_building_that_came_meanwhile_is_found() {
    let town = Town::new();
    let plan = looked_through(&town, vec![feature(json!({ "楼栋": "3号楼" }), square(0.0, 0.0, 1.0))]);
    assert_eq!(plan.misses.len(), 1);
    assert!(matches!(shapes::draft(&town.office, WorkerId(uuid::Uuid::from_u128(78))), Err(ShapesError::NoDraft)));
    let info =
        BuildingInfo { id: [3; 16].into(), name: "3号楼".to_owned(), grid: (*town.grids[0].as_bytes()).into() };
    town.office.store().write(move |tx| -> Result<(), StoreError> { tx.put_building(&info) }).unwrap();
    assert_eq!(shapes::put_draft(&town.office, CLERK, false).unwrap().drawn, 1);
    let view = map(&town.office, &Sight::default(), None).unwrap().unwrap();
    assert!(view.is_drawn() && view.grids[0].buildings[1].shape.is_some());
}

#[test]
fn a_file_that_is_put_away_is_gone() {
    let town = Town::new();
    looked_through(&town, vec![feature(json!({ "楼栋": "1号楼" }), square(0.0, 0.0, 1.0))]);
    shapes::drop_draft(&town.office, CLERK).unwrap();
    assert!(matches!(shapes::draft(&town.office, CLERK), Err(ShapesError::NoDraft)));
    assert!(shapes::keep_draft(&town.office, CLERK, b"{").is_err());
    assert!(matches!(shapes::draft(&town.office, CLERK), Err(ShapesError::NoDraft)));
}
