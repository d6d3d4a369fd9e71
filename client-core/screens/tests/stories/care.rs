//! Care visits: who needs somebody to look in is due again when the interval is over, and the page says no more.

use crate::hand::Hand;
use qiaomen_client::Intent;
use qiaomen_client::edit::resident_of;
use qiaomen_client::query::DoorFilter;
use qiaomen_client::query::care::{CARE_DOORS_MAX, CARE_MONTHLY_DAYS, CARE_WEEKLY_DAYS};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{HouseholdId, ResidentId};

const DAY_MINUTES: u64 = 24 * 60;

/// Somebody behind a door of whom the book says this.
fn lives(hand: &mut Hand, door: HouseholdId, said: &[(&str, &str)]) -> ResidentId {
    let value = |(name, value): &(&str, &str)| ((*name).to_owned(), Answer::Value((*value).to_owned()));
    let fields = [("name", "赵守愚")].iter().chain(said).map(value).collect();
    resident_of(hand.phone.device.edit(Intent::RegisterResident { household: door, fields }).unwrap())
}

fn comes(hand: &mut Hand, door: HouseholdId, outcome: Outcome) {
    hand.phone.device.edit(Intent::Visit { household: door, outcome, note: None }).unwrap();
}

fn days_pass(hand: &Hand, days: u32) {
    hand.world.pass_minutes(u64::from(days) * DAY_MINUTES, &[&hand.phone]);
}

/// Whether Today asks for a care visit, and how many it counts.
fn due(hand: &Hand) -> usize {
    hand.phone.device.waits().unwrap().care_count
}

#[test]
fn a_door_is_due_when_its_days_are_over_and_not_before() {
    for (categories, days) in [("失能", CARE_WEEKLY_DAYS), ("残疾", CARE_MONTHLY_DAYS)] {
        let (mut hand, door) = Hand::at_a_door();
        lives(&mut hand, door, &[("categories", categories)]);
        assert_eq!(due(&hand), 1, "nobody was ever seen");
        assert!(hand.opens("/").says("该看望了") && hand.opens("/").says("还没见到过人"));
        comes(&mut hand, door, Outcome::Met);
        assert_eq!(due(&hand), 0);
        let page = hand.opens(&format!("/door/{door}"));
        assert!(page.says(&format!("每 {days} 天一次")) && page.says("今天见到过人") && !page.says("该看望"));
        days_pass(&hand, days - 1);
        assert_eq!(due(&hand), 0);
        days_pass(&hand, 1);
        assert_eq!(due(&hand), 1);
        assert!(hand.opens("/").says(&format!("{days} 天前见到过人")));
        assert!(hand.opens("/grid?only=care").says("502"));
        assert!(hand.opens("/grid?building=1%E5%8F%B7%E6%A5%BC").says("title=\"该看望\""), "at a glance in the house");
    }
}

#[test]
fn what_makes_somebody_need_care_stays_masked_on_every_page_until_it_is_touched() {
    let (mut hand, door) = Hand::at_a_door();
    // Also on the birthday, which Today tells: 2025-03-10.
    let person = lives(&mut hand, door, &[("categories", "失能"), ("birth", "1940-03-10")]);
    for page in ["/", "/grid?only=care", "/diary", &format!("/door/{door}"), &format!("/resident/{person}")] {
        let page = hand.opens(page);
        assert!(!page.says("失能"), "{}", page.html);
    }
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 0);
    assert!(hand.opens(&format!("/door/{door}?show={person}")).says("失能"));
    assert_eq!(hand.phone.device.looks_unsent().unwrap(), 1);
}

#[test]
fn a_call_is_no_visit_an_unanswered_knock_is_tried_again_and_one_who_would_not_talk_was_seen() {
    let (mut hand, door) = Hand::at_a_door();
    lives(&mut hand, door, &[("categories", "特困")]);
    let call = Intent::Call { household: door, outcome: Outcome::Met, note: None };
    hand.phone.device.edit(call).unwrap();
    assert_eq!(due(&hand), 1);
    comes(&mut hand, door, Outcome::NotHome);
    let waits = hand.phone.device.waits().unwrap();
    assert_eq!((waits.retries.len(), waits.care_count), (1, 0), "one walk, not two");
    assert!(waits.retries[0].door.is_care_due());
    comes(&mut hand, door, Outcome::Refused);
    assert_eq!(due(&hand), 0);
}

#[test]
fn whoever_turns_eighty_is_in_the_plan_from_that_day_and_whoever_moves_away_is_not() {
    let (mut hand, door) = Hand::at_a_door();
    let person = lives(&mut hand, door, &[("birth", "1945-03-11")]);
    assert_eq!(due(&hand), 0);
    days_pass(&hand, 1);
    assert_eq!(due(&hand), 1);
    hand.phone.correct(person, "until", "2025-03-11");
    assert_eq!(due(&hand), 0);
}

#[test]
fn nobody_is_sent_to_an_empty_door_or_to_one_that_would_have_nobody_come() {
    let (mut hand, door) = Hand::at_a_door();
    lives(&mut hand, door, &[("categories", "独居老人")]);
    assert_eq!(due(&hand), 1);
    for (used_as, count) in [("空置", 0), ("自住", 1), ("人户分离", 0), ("出租", 1)] {
        let answer = Answer::Value(used_as.to_owned());
        let edit = Intent::CorrectHousehold { household: door, field: "use".to_owned(), answer };
        hand.phone.device.edit(edit).unwrap();
        assert_eq!(due(&hand), count, "{used_as}");
    }
    let path = format!("/door/{door}/more");
    let page = hand.opens(&path);
    hand.does(&page, &format!("/door/{door}/refusal"), &[]);
    assert_eq!(due(&hand), 0, "a refusal is respected");
}

#[test]
fn of_many_due_doors_the_page_shows_the_most_pressing_as_one_walk_and_counts_them_all() {
    let mut hand = Hand::new();
    let doors: Vec<_> = (0..=CARE_DOORS_MAX).map(|n| hand.phone.door(&(101 + n).to_string())).collect();
    for door in &doors {
        lives(&mut hand, *door, &[("categories", "失能")]);
    }
    // One was seen eight days ago: due, and the least pressing.
    comes(&mut hand, doors[3], Outcome::Met);
    days_pass(&hand, CARE_WEEKLY_DAYS + 1);
    let waits = hand.phone.device.waits().unwrap();
    assert_eq!((waits.care.len(), waits.care_count), (CARE_DOORS_MAX, CARE_DOORS_MAX + 1));
    assert!(waits.care.iter().all(|line| line.household != doors[3].to_string()));
    let rooms: Vec<&str> = waits.care.iter().map(|line| line.room.as_str()).collect();
    assert!(rooms.is_sorted(), "{rooms:?}");
    let page = hand.opens("/");
    assert!(page.says("还有 1 户") && page.says("href=\"/grid?only=care\""));
    let all = hand.phone.device.doors(&DoorFilter { care_due: true, ..DoorFilter::default() }).unwrap();
    assert_eq!(all.len(), CARE_DOORS_MAX + 1);
}

#[test]
fn a_door_where_nobody_can_be_is_not_tried_again() {
    let (mut hand, door) = Hand::at_a_door();
    comes(&mut hand, door, Outcome::NotHome);
    for (lived_in, retries) in [("自住", 1), ("空置", 0), ("出租", 1), ("人户分离", 0)] {
        let answer = Answer::Value(lived_in.to_owned());
        let intent = Intent::CorrectHousehold { household: door, field: "use".to_owned(), answer };
        hand.phone.device.edit(intent).unwrap();
        assert_eq!(hand.phone.device.waits().unwrap().retries.len(), retries, "{lived_in}");
    }
}
