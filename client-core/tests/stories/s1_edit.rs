use crate::support::{MORNING_MS, World, building, door_at, worker};
use qiaomen_client::edit::ticket_of;
use qiaomen_client::error::What;
use qiaomen_client::query::DoorFilter;
use qiaomen_client::{EditError, Intent};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{DiaryId, HouseholdId, ResidentId, TicketId};
use qiaomen_proto::merge::fold::EventKind;
use uuid::Uuid;

fn value(text: &str) -> Answer<String> {
    Answer::Value(text.to_owned())
}

#[test]
fn what_was_saved_is_there_after_the_app_was_closed() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    let before = li.device.register(wang.into()).unwrap().canonical();
    let li = li.reopen();
    assert_eq!(li.device.register(wang.into()).unwrap().canonical(), before);
    assert_eq!(li.unsent(), 2);
    let doors = li.device.doors(&DoorFilter::default()).unwrap();
    assert_eq!(doors.len(), 1);
    assert_eq!(doors[0].resident_count, 1);
}

#[test]
fn a_device_that_is_nobodys_takes_no_edit() {
    let mut phone = World::new().blank_phone("李", MORNING_MS);
    let edit = Intent::Patrol { building: None, outcome: Outcome::Clear, note: None };
    assert!(matches!(phone.device.edit(edit), Err(EditError::NotEnrolled)));
}

#[test]
fn a_refused_edit_says_what_is_wrong_and_leaves_nothing() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    let before = li.device.unacknowledged().unwrap();
    let rescued = li.device.rescue_file().commands().unwrap();
    let wrong = [
        (
            Intent::CorrectResident { resident: wang, field: "phone".into(), answer: value("12") },
            "“联系电话”没有存：这不像电话号码。请填 11 位手机号，或带区号的座机号。",
        ),
        (
            Intent::CorrectResident { resident: wang, field: "shoe_size".into(), answer: value("42") },
            "没有“shoe_size”这一项。请更新应用再试。",
        ),
        (
            Intent::CorrectResident { resident: wang, field: "phone".into(), answer: value("138 0013 8000") },
            "这位居民本来就是这样，不用再存。",
        ),
        (
            Intent::CorrectHousehold { household: door_at("909"), field: "use".into(), answer: value("自住") },
            "这台设备上没有这一户。请先同步；仍没有请联系社区。",
        ),
        (
            Intent::CorrectHousehold { household: door, field: "room".into(), answer: value("102") },
            "没有存：门牌不能改；写错了请重新登记正确的一户，再请社区作废这一户。",
        ),
        (
            Intent::RegisterHousehold { building: building(), unit: "1".into(), room: "".into() },
            "房号看不懂。请写成“101”这样。",
        ),
        (Intent::Note { doc: door.into(), text: "  ".into() }, "没有存：备注没有内容。"),
        (
            Intent::MoveOut { resident: wang, on: "去年".into() },
            "“迁出日期”没有存：这不是一个日期。请写成 1980-01-31。",
        ),
        (
            Intent::Note { doc: ResidentId(Uuid::nil()).into(), text: "x".into() },
            "这台设备上没有这位居民。请先同步；仍没有请联系社区。",
        ),
    ];
    for (intent, sentence) in wrong {
        assert_eq!(li.device.edit(intent).unwrap_err().sentence(), sentence);
    }
    assert_eq!(li.device.unacknowledged().unwrap(), before);
    assert_eq!(li.device.rescue_file().commands().unwrap(), rescued);
}

#[test]
fn a_door_written_down_twice_is_one_door() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let again =
        Intent::RegisterHousehold { building: building(), unit: "一单元".into(), room: "１０１室".into() };
    assert!(matches!(li.device.edit(again), Err(EditError::NothingToChange(What::Household))));
    assert_eq!(li.device.doors(&DoorFilter::default()).unwrap().len(), 1);
    assert_eq!(door, door_at("101"));
}

#[test]
fn a_refusal_is_an_answer_and_stands_in_the_fields_own_place() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let wang = li.resident(door, "王秀英", "13800138000");
    li.device.edit(Intent::CorrectResident { resident: wang, field: "phone".into(), answer: Answer::Refused }).unwrap();
    assert!(li.sync().complete);
    let page = serde_json::to_string(&li.device.resident(wang).unwrap()).unwrap();
    assert!(page.contains("refused"), "{page}");
    assert!(!page.contains("13800138000") || page.contains("history"), "{page}");
}

#[test]
fn who_moves_is_counted_where_they_live_now() {
    let world = World::new();
    let mut li = world.ready("李");
    let (old, new) = (li.door("101"), li.door("202"));
    let wang = li.resident(old, "王秀英", "13800138000");
    let count = |li: &crate::support::Phone, room: &str| {
        let doors = li.device.doors(&DoorFilter::default()).unwrap();
        doors.into_iter().find(|d| d.household == door_at(room).to_string()).unwrap().resident_count
    };
    assert_eq!((count(&li, "101"), count(&li, "202")), (1, 0));
    li.device.edit(Intent::MoveResident { resident: wang, to: new, on: "2025-03-01".into() }).unwrap();
    assert_eq!((count(&li, "101"), count(&li, "202")), (0, 1));
    li.device.edit(Intent::MoveOut { resident: wang, on: "2025-03-09".into() }).unwrap();
    assert_eq!((count(&li, "101"), count(&li, "202")), (0, 0));
    li.device.edit(Intent::MoveResident { resident: wang, to: old, on: "2025-03-10".into() }).unwrap();
    assert_eq!((count(&li, "101"), count(&li, "202")), (1, 0));
    assert!(li.sync().complete);
    world.assert_same(&li);
}

#[test]
fn an_occupancy_is_opened_and_closed_and_a_refusing_door_can_change_its_mind() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let opened = li
        .device
        .edit(Intent::OpenOccupancy {
            household: door,
            kind: "自住".into(),
            head: None,
            since: Some("2019/5/1".into()),
        })
        .unwrap();
    let row = qiaomen_proto::change::keys::record_key(opened, 0);
    let close = |row: &str| Intent::CloseOccupancy { household: door, row: row.to_owned(), until: "2025-03-01".into() };
    assert!(matches!(li.device.edit(close("nothing")), Err(EditError::Unknown(What::Occupancy))));
    li.device.edit(close(&row)).unwrap();
    let refuse = |withdrawn| Intent::RefuseDoor { household: door, people_count: None, withdrawn };
    assert!(matches!(li.device.edit(refuse(true)), Err(EditError::NothingToChange(_))));
    li.device.edit(refuse(false)).unwrap();
    assert!(matches!(li.device.edit(refuse(false)), Err(EditError::NothingToChange(_))));
    assert!(li.device.doors(&DoorFilter::default()).unwrap()[0].refusal);
    li.device.edit(refuse(true)).unwrap();
    assert!(!li.device.doors(&DoorFilter::default()).unwrap()[0].refusal);
    assert!(li.sync().complete);
}

#[test]
fn a_matter_is_reported_and_a_step_that_is_not_possible_is_refused_in_words() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    let reported = li
        .device
        .edit(Intent::ReportTicket {
            category: "环境卫生".into(),
            size: "小事".into(),
            source: "入户走访".into(),
            household: Some(door),
            building: None,
            unit: None,
            text: "楼道有积水".into(),
            reporter: Some("王秀英".into()),
        })
        .unwrap();
    let ticket = ticket_of(reported);
    let step = |kind: EventKind| Intent::AdvanceTicket {
        ticket,
        event: kind.number(),
        party: None,
        due_on: None,
        satisfaction: None,
        other: None,
        text: None,
    };
    let not_hers = li.device.edit(step(EventKind::Close)).unwrap_err();
    assert_eq!(not_hers.sentence(), "您的岗位不能改“办结”。请联系网格长或社区。");
    let too_early = li.device.edit(step(EventKind::Rate)).unwrap_err();
    assert_eq!(too_early.sentence(), "没有存：还没有办结，不能评价。");
    assert_eq!(li.device.doors(&DoorFilter::default()).unwrap()[0].open_tickets, 1);
    li.device.edit(step(EventKind::CloseOnSpot)).unwrap();
    assert_eq!(li.device.doors(&DoorFilter::default()).unwrap()[0].open_tickets, 0);
    let nothing = Intent::AdvanceTicket {
        ticket: TicketId(Uuid::nil()),
        event: 8,
        party: None,
        due_on: None,
        satisfaction: None,
        other: None,
        text: None,
    };
    assert!(matches!(li.device.edit(nothing), Err(EditError::Unknown(What::Ticket))));
    let mut late = step(EventKind::Extend);
    if let Intent::AdvanceTicket { due_on, .. } = &mut late {
        *due_on = Some("2025-03-09".into());
    }
    let gone_by = li.device.edit(late).unwrap_err();
    assert_eq!(gone_by.sentence(), "没有存：2025-03-09 已经过去了，请改成今天或以后。");
    assert!(li.sync().complete);
    world.assert_same(&li);
}

#[test]
fn a_visit_after_midnight_at_the_office_is_in_the_next_days_diary() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.visit(door, "早上");
    // 15 hours after nine in the morning it is midnight at the office, and 16:00 in Greenwich.
    li.host.advance(15 * 3_600_000);
    li.visit(door, "半夜");
    let grid = crate::support::office::grid();
    for day in ["2025-03-10", "2025-03-11"] {
        let diary = DiaryId::of(worker("李"), grid, day.parse().unwrap());
        assert!(!li.device.register(diary.into()).unwrap().is_blank(), "{day}");
    }
}

#[test]
fn a_phone_three_days_off_writes_the_offices_time_once_it_is_enrolled() {
    for wrong in [MORNING_MS + 3 * 86_400_000, MORNING_MS - 3 * 86_400_000] {
        let world = World::new();
        let mut li = world.blank_phone("李", wrong);
        li.enrol("李");
        li.sync();
        li.host.advance(60_000);
        let door = li.door("101");
        li.visit(door, "");
        let stamps = li.device.unacknowledged().unwrap();
        assert_eq!(stamps[0].stamp.at.wall_ms, MORNING_MS + 60_000);
        let diary = DiaryId::of(worker("李"), crate::support::office::grid(), "2025-03-10".parse().unwrap());
        assert!(!li.device.register(diary.into()).unwrap().is_blank());
    }
}

#[test]
fn an_edit_of_an_unknown_building_names_the_building() {
    let world = World::new();
    let mut li = world.ready("李");
    let nowhere = HouseholdId(Uuid::nil()).0;
    let edit = Intent::RegisterHousehold {
        building: qiaomen_proto::ids::BuildingId(nowhere),
        unit: String::new(),
        room: "101".into(),
    };
    assert_eq!(li.device.edit(edit).unwrap_err().sentence(), "社区台账里没有这栋楼。请先同步；仍没有请联系社区。");
}
