//! A large community: three thousand doors, eight thousand people.

use super::{HITS_MAX, HitKind, Hits, pinyin_of, search};
use crate::clock::SystemHost;
use crate::device::Device;
use crate::project::{DoorRow, ResidentRow, TicketRow};
use crate::query::sight::Sight;
use crate::store::StoreError;
use uuid::Uuid;

const BUILDINGS: u32 = 25;
const UNITS: u32 = 4;
const FLOORS: u32 = 15;
const DOORS_A_FLOOR: u32 = 2;
const PEOPLE: u32 = 8_000;
const FAMILIES: [&str; 8] = ["王", "李", "单", "欧阳", "曾", "赵", "解", "刘"];
const GIVEN: [&str; 8] = ["建国", "秀兰", "志刚", "桂英", "海燕", "文静", "冬", "立新"];

fn id(kind: u128, n: u32) -> String {
    Uuid::from_u128((kind << 64) + u128::from(n)).to_string()
}

fn door(n: u32) -> DoorRow {
    let (building, rest) = (n % BUILDINGS, n / BUILDINGS);
    let (unit, rest) = (rest % UNITS, rest / UNITS);
    let (floor, room) = (rest / DOORS_A_FLOOR + 1, rest % DOORS_A_FLOOR + 1);
    DoorRow {
        household: id(1, n),
        grid: None,
        building: None,
        building_name: format!("{}号楼", building + 1),
        unit: (unit + 1).to_string(),
        room: format!("{floor}{room:02}"),
        floor: i32::try_from(floor).ok(),
        shown_use: None,
        people_count: None,
        refusal: false,
        conflicts: 0,
        pending: false,
    }
}

fn resident(n: u32, doors: u32) -> ResidentRow {
    let name = format!("{}{}", FAMILIES[n as usize % 8], GIVEN[n as usize / 8 % 8]);
    let name = if n.is_multiple_of(10) { "其其格".to_owned() } else { name };
    let pinyin = pinyin_of(&name);
    ResidentRow {
        resident: id(2, n),
        household: Some(id(1, n % doors)),
        name_initials: pinyin.initials,
        name_pinyin: pinyin.full,
        name,
        identity: Some(format!("152701195001{n:06}")),
        identity_last4: None,
        phone: Some(format!("138{n:08}")),
        phone_last4: None,
        birth: None,
        sex: None,
        relation: None,
        categories: None,
        until: None,
        conflicts: 0,
        pending: false,
        fields_json: "{}".to_owned(),
    }
}

fn ticket(n: u32) -> TicketRow {
    TicketRow {
        ticket: id(3, n),
        household: Some(id(1, n)),
        building: None,
        unit: None,
        grid: None,
        category: Some("管道".to_owned()),
        size: None,
        source: None,
        text: Some(if n == 7 { "二层楼道灯不亮" } else { "厨房下水道漏水" }.to_owned()),
        reporter: None,
        reported_on: None,
        stage: 1,
        is_open: true,
        due_on: None,
        party: None,
        opened_ms: None,
        updated_ms: 1,
        conflicts: 0,
        pending: false,
        state_json: "{}".to_owned(),
    }
}

fn community(folder: &std::path::Path) -> Device {
    let mut device = Device::create(folder, "246810", Box::new(SystemHost)).unwrap();
    let doors = BUILDINGS * UNITS * FLOORS * DOORS_A_FLOOR;
    device
        .store
        .write::<_, StoreError>(|tx| {
            (0..doors).try_for_each(|n| tx.put_door(&door(n)))?;
            (0..PEOPLE).try_for_each(|n| tx.put_resident(&resident(n, doors)).map(|_| ()))?;
            (0..200).try_for_each(|n| tx.put_ticket(&ticket(n)).map(|_| ()))
        })
        .unwrap();
    device
}

fn ask(device: &Device, text: &str) -> Hits {
    device.store.read::<_, StoreError>(|tx| search(&Sight::new(tx, device.reference(), None, 0, 0), text)).unwrap()
}

#[test]
fn everybody_in_a_large_community_is_found_by_what_somebody_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let device = community(folder.path());
    let first = |text: &str| {
        let hits = ask(&device, text);
        let hit = hits.hits.first().unwrap_or_else(|| panic!("{text} finds nothing"));
        (hit.kind, hit.title.clone(), hits.hits.len() + hits.more_count)
    };
    assert_eq!(first("3号楼2单元502"), (HitKind::Door, "3号楼2单元502".to_owned(), 1));
    assert_eq!(first("3-2-502"), (HitKind::Door, "3号楼2单元502".to_owned(), 1));
    assert_eq!(first("13800004321").0, HitKind::Resident);
    assert_eq!(first("13800004321").2, 1);
    assert_eq!(first("4321").2, 1);
    assert_eq!(first("楼道灯").1, "二层楼道灯不亮");
    assert_eq!(first("漏水"), (HitKind::Ticket, "厨房下水道漏水".to_owned(), 199));
    for (text, name) in [
        ("szg", "单志刚"),
        ("zengxiulan", "曾秀兰"),
        ("xiehy", "解海燕"),
        ("qqg", "其其格"),
        ("欧阳", "欧阳桂英"),
        ("oyang", "欧阳桂英"),
    ] {
        let (kind, title, _) = first(text);
        assert_eq!(kind, HitKind::Resident, "{text}");
        assert!(title == name || title.starts_with(&name[..6]), "{text}: {title}");
    }
    // A room number alone is asked for doors first, the nearest building first.
    assert_eq!(first("502"), (HitKind::Door, "1号楼1单元502".to_owned(), 100 + 8));
    assert_eq!(first("王建国 3号楼").0, HitKind::Resident);
    let many = ask(&device, "w");
    assert_eq!(many.hits.len(), HITS_MAX);
    assert!(many.more_count > 500);
    assert_eq!(ask(&device, "查无此人"), Hits::default());
    assert_eq!(ask(&device, ""), Hits::default());
}
