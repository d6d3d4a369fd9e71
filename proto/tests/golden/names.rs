//! Ids that follow from their parts, and the texts of stamps, keys and streams.

use crate::{hex, is_as_in};
use chrono::NaiveDate;
use proptest::prelude::*;
use qiaomen_proto::change::{Author, Hlc, Stamp, keys};
use qiaomen_proto::ids::{
    BuildingId, CommandId, CommunityId, DeviceId, DiaryId, DocId, GridId, HouseholdId, Kind, MicroGridId, Role,
    StreamId, WorkerId,
};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use std::fmt::Write as _;
use uuid::Uuid;

fn worker(n: u128) -> WorkerId {
    WorkerId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

fn stamp() -> Stamp {
    let by = Author { worker: worker(1), role: Role::GridWorker, device: DeviceId(Uuid::from_u128(2)) };
    Stamp { at: Hlc { wall_ms: 1_676_682_000_000, counter: 3 }, by, command: CommandId::at(1_676_682_000_000, [7; 10]) }
}

#[test]
fn ids_and_texts_are_those_of_the_first_release() {
    let community = CommunityId::of("150203001001");
    let grid = GridId::of(community, "第一网格");
    let building = BuildingId::of(community, "友谊小区3号楼");
    let (unit, room) = (UnitKey::parse("1单元").unwrap(), RoomKey::parse("101室").unwrap());
    let door = HouseholdId::of(building, &unit, &room);
    let diary = DiaryId::of(worker(1), grid, NaiveDate::from_ymd_opt(2023, 2, 18).unwrap());
    let command = stamp().command;
    let lines: Vec<(&str, String)> = vec![
        ("community", community.to_string()),
        ("grid", grid.to_string()),
        ("micro_grid", MicroGridId::of(grid, "第一微网格").to_string()),
        ("building", building.to_string()),
        ("household", door.to_string()),
        ("household_without_unit", HouseholdId::of(building, &UnitKey::none(), &room).to_string()),
        ("diary", diary.to_string()),
        ("command", command.to_string()),
        ("document", DocId::from(door).to_string()),
        ("document_key", hex(&DocId::from(door).key())),
        ("document_suffix", hex(&DocId::from(door).suffix())),
        ("stream_grid", StreamId::Grid(grid).to_text()),
        ("stream_worker", StreamId::Worker(worker(1)).to_text()),
        ("stream_department", StreamId::Department("minzheng".to_owned()).to_text()),
        ("stream_community", StreamId::Community.to_text()),
        ("stamp", stamp().to_text()),
        ("record", keys::record_key(command, 0)),
        ("record_12", keys::record_key(command, 12)),
        ("row", keys::row_key(&keys::record_key(command, 1), "since")),
    ];
    let mut now = String::new();
    lines.iter().for_each(|(name, value)| writeln!(now, "{name} {value}").unwrap());
    for kind in Kind::ALL {
        writeln!(now, "kind {} {}", kind.number(), kind.name()).unwrap();
    }
    for role in Role::ALL {
        writeln!(now, "role {} {} {}", role.number(), role.title(), role.rank()).unwrap();
    }
    is_as_in("proto/tests/golden/names.txt", &now);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stamp_has_one_text(
        wall_ms: u64, counter: u32, ids: [u128; 3], role in prop::sample::select(Role::ALL.to_vec()), at: prop::sample::Index, to: char,
    ) {
        let by = Author { worker: WorkerId(Uuid::from_u128(ids[0])), role, device: DeviceId(Uuid::from_u128(ids[1])) };
        let stamp = Stamp { at: Hlc { wall_ms, counter }, by, command: CommandId(Uuid::from_u128(ids[2])) };
        let text = stamp.to_text();
        prop_assert_eq!(Stamp::parse(&text), Some(stamp));
        prop_assert_eq!(minicbor::decode::<Stamp>(&minicbor::to_vec(stamp).unwrap()).unwrap(), stamp);
        // Changed anywhere, it is another stamp or none, never another text of the same.
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let same = chars[at] == to;
        chars[at] = to;
        let changed: String = chars.into_iter().collect();
        prop_assert!(same || Stamp::parse(&changed) != Some(stamp));
        let spaced = text + " ";
        prop_assert_eq!(Stamp::parse(&spaced), None);
    }

    #[test]
    fn a_record_has_one_key_and_a_stream_one_text(id: u128, ordinal: u8, strange: String) {
        let command = CommandId(Uuid::from_u128(id));
        let key = keys::record_key(command, ordinal);
        prop_assert_eq!(keys::parse_record_key(&key), Some((command, ordinal)));
        prop_assert!(key.len() <= 26 && !key.contains('.'), "a row of it is split at its first point");
        let parsed = keys::parse_record_key(&strange).map(|(command, ordinal)| keys::record_key(command, ordinal));
        prop_assert!(parsed.is_none_or(|key| key == strange));
        for stream in [StreamId::Grid(GridId(Uuid::from_u128(id))), StreamId::Worker(WorkerId(Uuid::from_u128(id)))] {
            prop_assert_eq!(StreamId::from_text(&stream.to_text()), Some(stream));
        }
        if let Some(stream) = StreamId::from_text(&strange) {
            prop_assert_eq!(stream.to_text(), strange);
        }
    }
}

#[test]
fn other_spellings_of_a_stamp_or_a_key_are_none() {
    let text = stamp().to_text();
    let upper = text.replace("q1 ", "").to_uppercase();
    for other in [
        text.replace("q1", "q2"),
        text.replace(' ', "  "),
        format!("q1 {upper}"),
        text.replace(" 4 ", " 04 "),
        text.replace(" 4 ", " +4 "),
        text.replace(" 4 ", " 9 "),
        text.replace("q1 186", "q1 0186"),
        String::new(),
    ] {
        assert_ne!(other, text);
        assert_eq!(Stamp::parse(&other), None, "{other}");
    }
    let key = keys::record_key(stamp().command, 0);
    for other in ["~0", "~00", "~01", "~+1", "~256", "~", "=", "~1~1"] {
        assert_eq!(keys::parse_record_key(&format!("{key}{other}")), None, "{other}");
    }
    for other in ["g:", "d:", "x:1", "C", "c:", "", "w:00"] {
        assert_eq!(StreamId::from_text(other), None, "{other}");
    }
}
