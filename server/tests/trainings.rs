//! Trainings: written down with who was there, counted for the year, told to whoever was there and to nobody else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::phone::{Phone, Town};
use crate::staff::hire;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::limits::TRAINING_TOPIC_CHARACTERS_MAX;
use qiaomen_proto::wire::training::Training;
use qiaomen_server::people::trainings::{TrainingError, TrainingTold, parse_id, put, remove, training, trainings};

fn told(on: &str, topic: &str, there: &[WorkerId]) -> TrainingTold {
    TrainingTold { on: on.to_owned(), topic: topic.to_owned(), there: there.to_vec() }
}

/// What the phone hears of trainings with its next sync.
fn hears(town: &Town, phone: &mut Phone) -> Option<Vec<Training>> {
    phone.sync(&town.office).trainings
}

#[test]
fn a_training_is_counted_for_its_year_and_the_rate_is_the_share_of_the_roster_that_was_at_any() {
    let town = Town::new();
    let by = town.office.own_worker();
    let staff =
        [(1, "王建国"), (2, "李秀英"), (3, "张伟")].map(|(n, name)| hire(&town, n, name, Role::GridWorker, &[0]));
    let empty = trainings(&town.office, None).unwrap();
    assert_eq!((empty.lines.len(), empty.roster, empty.trained, empty.rate_percent()), (0, 3, 0, Some(0)));
    put(&town.office, None, told("2026-03-10", "燃气安全入户检查", &staff[..2]), by).unwrap();
    put(&town.office, None, told("2026-05-08", "怎么登记流动人口", &staff[..1]), by).unwrap();
    put(&town.office, None, told("2025-12-30", "去年的", &staff), by).unwrap();
    let page = trainings(&town.office, None).unwrap();
    let lines: Vec<_> = page.lines.iter().map(|l| (l.on.as_str(), l.there)).collect();
    assert_eq!((page.year, lines), (2026, vec![("2026-05-08", 1), ("2026-03-10", 2)]));
    assert_eq!((page.trained, page.rate_percent()), (2, Some(66)), "each once, and not rounded up");
    let last_year = trainings(&town.office, Some(2025)).unwrap();
    assert_eq!((last_year.lines.len(), last_year.rate_percent()), (1, Some(100)));
    assert_eq!(trainings(&town.office, Some(2999)).unwrap().year, 2026, "a year that is still to come is this one");
}

#[test]
fn a_worker_s_device_hears_of_the_own_trainings_and_of_nobody_else_s() {
    let town = Town::new();
    let by = town.office.own_worker();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    assert_eq!((hears(&town, &mut wang), hears(&town, &mut li)), (Some(Vec::new()), Some(Vec::new())), "none so far");
    let id = put(&town.office, None, told("2026-03-10", "燃气安全", &[wang.by.worker]), by).unwrap();
    let own = hears(&town, &mut wang).unwrap();
    assert_eq!(own, [Training { on: "2026-03-10".to_owned(), topic: "燃气安全".to_owned() }]);
    assert_eq!(hears(&town, &mut li), Some(Vec::new()));
    // Li was there, and Wang was not: it was written down the wrong way round.
    put(&town.office, parse_id(&id), told("2026-03-11", "燃气安全", &[li.by.worker]), by).unwrap();
    assert_eq!(
        (hears(&town, &mut wang).unwrap().len(), hears(&town, &mut li).unwrap()[0].on.as_str()),
        (0, "2026-03-11")
    );
    remove(&town.office, parse_id(&id).unwrap(), by).unwrap();
    assert_eq!(hears(&town, &mut li), Some(Vec::new()));
}

#[test]
fn what_cannot_be_is_not_written_down() {
    let town = Town::new();
    let by = town.office.own_worker();
    let wang = hire(&town, 1, "王建国", Role::GridWorker, &[0]);
    let stranger = WorkerId::from_bytes([9; 16]);
    let long = "长".repeat(TRAINING_TOPIC_CHARACTERS_MAX + 1);
    for (said, expected) in [
        (told("", "消防", &[wang]), "日期要写成"),
        (told("2026-02-30", "消防", &[wang]), "日期要写成"),
        (told("0001-01-01", "消防", &[wang]), "日期要写成"),
        (told("2026-12-31", "消防", &[wang]), "还没到"),
        (told("2026-03-10", "  ", &[wang]), "请填写培训内容"),
        (told("2026-03-10", "消\u{7}防", &[wang]), "请填写培训内容"),
        (told("2026-03-10", &long, &[wang]), "太长"),
        (told("2026-03-10", "消防", &[]), "至少一位"),
        (told("2026-03-10", "消防", &[wang, stranger]), "不在花名册上"),
    ] {
        let error = put(&town.office, None, said, by).unwrap_err();
        assert!(error.to_string().contains(expected) && error.code() == Code::ValueForm, "{error}");
    }
    assert_eq!(trainings(&town.office, None).unwrap().lines.len(), 0);
    let nowhere = put(&town.office, Some([7; 16]), told("2026-03-10", "消防", &[wang]), by).unwrap_err();
    assert!(matches!(nowhere, TrainingError::NotFound));
    assert!(matches!(remove(&town.office, [7; 16], by), Err(TrainingError::NotFound)));
    assert!(matches!(training(&town.office, Some([7; 16])), Err(TrainingError::NotFound)));
}

#[test]
fn a_page_shows_the_whole_roster_by_role_with_who_was_there() {
    let town = Town::new();
    let by = town.office.own_worker();
    let leader = hire(&town, 1, "赵敏", Role::GridLeader, &[0]);
    let worker = hire(&town, 2, "王建国", Role::GridWorker, &[0]);
    let id = put(&town.office, None, told("2026-03-10", "燃气安全", &[worker]), by).unwrap();
    let (line, staff) = training(&town.office, parse_id(&id)).unwrap();
    assert_eq!((line.topic.as_str(), line.there), ("燃气安全", 1));
    let seen: Vec<_> = staff.iter().map(|a| (a.id, a.there)).collect();
    assert_eq!(seen, [(leader, false), (worker, true)]);
    assert!(training(&town.office, None).unwrap().1.iter().all(|a| !a.there));
}

#[test]
fn the_same_training_sent_twice_is_written_down_once() {
    let town = Town::new();
    let by = town.office.own_worker();
    let staff = [(1, "王建国"), (2, "李秀英")].map(|(n, name)| hire(&town, n, name, Role::GridWorker, &[0]));
    let write = |there: &[WorkerId]| put(&town.office, None, told("2026-03-10", "燃气安全", there), by).unwrap();
    let (first, again) = (write(&staff), write(&[staff[1], staff[0]]));
    assert_eq!((first.as_str(), trainings(&town.office, None).unwrap().lines.len()), (again.as_str(), 1));
    assert_ne!(write(&staff[..1]), first, "a second course on the same day, for others");
}
