//! Spellings of places.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use proptest::prelude::*;
use qiaomen_proto::ids::{BuildingId, CommunityId, HouseholdId};
use qiaomen_proto::normalise::{RoomKey, UnitKey, VERSION, building_name, floor_of, unit_label};

const GOLDEN: &str = include_str!("golden/normalise-v1.txt");

fn normal(kind: &str, spelling: &str) -> Option<String> {
    match kind {
        "unit" => UnitKey::parse(spelling).ok().map(String::from),
        "room" => RoomKey::parse(spelling).ok().map(String::from),
        "building" => Some(building_name(spelling)),
        _ => panic!("the golden file has no kind {kind}"),
    }
}

#[test]
fn every_spelling_has_the_normal_form_of_the_golden_file() {
    assert_eq!(VERSION, 1);
    let mut wrong = Vec::new();
    for line in GOLDEN.lines().filter(|line| !line.starts_with('#')) {
        let (kind, rest) = line.split_once(" [").unwrap();
        let (spelling, expected) = rest.split_once("] ").unwrap();
        let expected = expected.strip_prefix('[').map(|form| form.strip_suffix(']').unwrap().to_owned());
        let found = normal(kind, spelling);
        if found != expected {
            wrong.push(format!("{line} but found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn two_devices_that_spell_a_door_differently_make_one_door() {
    let community = CommunityId::of("150602001001");
    let door = |building: &str, unit: &str, room: &str| {
        let building = BuildingId::of(community, &building_name(building));
        HouseholdId::of(building, &UnitKey::parse(unit).unwrap(), &RoomKey::parse(room).unwrap())
    };
    assert_eq!(door("1号楼", "1单元", "101"), door("１#", "一", "101室"));
    assert_ne!(door("1号楼", "1单元", "101"), door("1号楼", "", "101"));
    assert_ne!(door("1号楼", "1单元", "101"), door("1号楼", "1单元", "0101"));
}

#[test]
fn a_room_tells_its_floor_where_it_has_one() {
    for (room, floor) in [
        ("101", Some(1)),
        ("1203", Some(12)),
        ("0101", Some(1)),
        ("602室", Some(6)),
        ("101-1", Some(1)),
        ("1-301", Some(3)),
        ("301A", Some(3)),
        ("底商3", Some(1)),
        ("3F", Some(3)),
        // A floor 0 is nobody's: B1 follows on 1F.
        ("0F", None),
        ("负一层", Some(-1)),
        ("B101", Some(-1)),
        ("B2", Some(-2)),
        ("11", None),
        ("10101", None),
        ("门房", None),
        ("B0", None),
        ("001", None),
        ("99999999999F", None),
    ] {
        assert_eq!(floor_of(&RoomKey::parse(room).unwrap()), floor, "{room}");
    }
}

#[test]
fn a_unit_is_read_as_people_say_it() {
    for (unit, label) in [("1", "1单元"), ("一单元", "1单元"), ("A", "A座"), ("东", "东单元"), ("", "")] {
        assert_eq!(unit_label(&UnitKey::parse(unit).unwrap()), label);
    }
    assert!(UnitKey::parse("").unwrap().is_none());
    assert_eq!(UnitKey::none(), UnitKey::parse("无").unwrap());
}

#[test]
fn a_key_from_json_is_normalised_like_any_other() {
    assert_eq!(serde_json::from_str::<RoomKey>("\"１０１室\"").unwrap().as_str(), "101");
    assert_eq!(serde_json::to_string(&UnitKey::parse("一单元").unwrap()).unwrap(), "\"1\"");
    assert!(serde_json::from_str::<RoomKey>("\"\"").is_err());
}

/// Text from the pieces that spellings are made of, in any order.
fn spelling() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "1", "0", "12", "101", "２", "一", "二", "十", "百", "零", "〇", "三", "号", "楼", "号楼", "栋", "#", "＃",
            "座", "单元", "门", "第", "室", "房", "户", "层", "F", "f", "B", "负", "地下", "-", "－", "—", "_", "/",
            "+", ".0", ".", " ", "　", "底商", "A", "ａ", "东", "无", "(", "、", "幢", "\u{200b}",
        ])
        .prop_map(str::to_owned),
        "\\PC".prop_map(|c| c),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_normal_form_is_its_own_normal_form(text in spelling()) {
        for kind in ["unit", "room", "building"] {
            if let Some(form) = normal(kind, &text) {
                prop_assert_eq!(normal(kind, &form), Some(form.clone()), "{} {:?}", kind, text);
            }
        }
    }

    #[test]
    fn blanks_and_full_width_characters_change_nothing(text in spelling()) {
        let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
        for kind in ["unit", "room", "building"] {
            prop_assert_eq!(normal(kind, &spaced), normal(kind, &text));
        }
    }
}
