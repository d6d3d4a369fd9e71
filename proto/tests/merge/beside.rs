//! Edits of one document that meet a move, a moving out, a voiding, a link: facts beside each other,
//! of which none swallows another.

use crate::people::{CHEN, LI, WANG, ZHAO, field, five, phone, sees};
use crate::world::{OFFICE, World, keys, ring};
use qiaomen_proto::change::{Path, Scalar};
use qiaomen_proto::entity::record::{self, LinkPayload, NotePayload};
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::{NOTE_FIELD, View};
use qiaomen_proto::entity::{household, resident, ticket};
use qiaomen_proto::ids::{Kind, Role};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage, WhyNot};
use uuid::Uuid;

const DOORS: [&str; 2] = ["00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"];

fn event(world: &mut World, who: usize, kind: EventKind) {
    event_of(world, who, &EventPayload::new(kind));
}

fn event_of(world: &mut World, who: usize, payload: &EventPayload) {
    world.add_record(who, ticket::EVENTS, record::to_bytes(payload));
}

fn note(world: &mut World, who: usize, container: u8, text: &str) {
    let text = keys()[0].seal(&world.doc.uuid, NOTE_FIELD, text.as_bytes());
    world.add_record(who, container, record::to_bytes(&NotePayload { text }));
}

fn matter() -> World {
    let mut world = World::new(Kind::Ticket, 4);
    event(&mut world, WANG, EventKind::Report);
    world.settle();
    world
}

/// What everybody sees; the same for all.
fn all_see<T: PartialEq + std::fmt::Debug>(world: &mut World, what: impl Fn(&View<'_>) -> T) -> T {
    world.settle();
    let ring = ring(world.doc, 2);
    let mut seen: Vec<T> = world.stores.iter().map(|s| what(&View::new(&s.register, &ring))).collect();
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
    seen.pop().unwrap()
}

#[test]
fn an_edit_of_a_resident_who_was_moved_out_meanwhile_arrives_and_she_is_still_moved_out() {
    let mut world = five();
    world.put(WANG, &field("household"), DOORS[0]);
    world.settle();
    world.put(WANG, &field("until"), "2023-02-18");
    world.put(LI, &phone(), "137");
    note(&mut world, LI, resident::NOTES, "听力不好");
    let seen =
        all_see(&mut world, |v| (v.text("until"), v.field("phone").unwrap().reading, v.notes(resident::NOTES).len()));
    assert_eq!((seen.0.as_deref(), seen.2), (Some("2023-02-18"), 1));
    assert_eq!((seen.1.value().unwrap().as_str(), seen.1.conflict), (Some("137"), false));
}

#[test]
fn an_edit_of_a_resident_who_moved_house_meanwhile_arrives_and_she_lives_at_the_new_door() {
    let mut world = five();
    world.put(WANG, &field("household"), DOORS[0]);
    world.settle();
    world.put(WANG, &field("household"), DOORS[1]);
    world.put(LI, &field("relation"), "女儿");
    let seen = all_see(&mut world, |v| (v.text("household"), v.text("relation"), v.conflict_count()));
    assert_eq!(seen, (Some(DOORS[1].to_owned()), Some("女儿".to_owned()), 0));
}

#[test]
fn two_who_move_one_resident_to_two_doors_are_a_conflict_and_both_doors_know_her() {
    let mut world = five();
    world.put(WANG, &field("household"), DOORS[0]);
    world.put(LI, &field("household"), DOORS[1]);
    let seen = all_see(&mut world, |v| (v.households().len(), v.conflict_count()));
    assert_eq!(seen, (2, 1));
}

#[test]
fn moved_out_by_one_and_moved_house_by_another_are_two_facts_and_both_are_shown() {
    let mut world = five();
    world.put(OFFICE, &field("household"), DOORS[0]);
    world.settle();
    world.put(WANG, &field("until"), "2023-02-18");
    world.put(LI, &field("household"), DOORS[1]);
    let seen = all_see(&mut world, |v| (v.text("household"), v.text("until"), v.conflict_count()));
    assert_eq!(seen, (Some(DOORS[1].to_owned()), Some("2023-02-18".to_owned()), 0));
}

#[test]
fn of_a_moving_out_and_its_taking_back_apart_the_later_holds_and_the_other_is_kept() {
    let mut world = five();
    world.put(WANG, &field("until"), "2023-02-18");
    world.stores[LI].clock.offset_ms = 60_000;
    world.put(LI, &field("until"), Scalar::Null);
    world.settle();
    let reading = sees(&world, OFFICE, &field("until"));
    assert_eq!((reading.value(), reading.candidates.len()), (Some(&Scalar::Null), 2));
}

#[test]
fn an_edit_of_an_occupancy_that_was_ended_meanwhile_stands_beside_the_end() {
    let mut world = World::new(Kind::Household, 4);
    let row = |name: &str| Path::new(household::OCCUPANCIES, format!("AAAAAAAAAAAAAAAAAAAAAA.{name}"));
    world.put(WANG, &row("kind"), "出租");
    world.settle();
    world.put(WANG, &row("until"), "2023-02-18");
    world.put(LI, &row("kind"), "自住");
    let seen = all_see(&mut world, |v| {
        let rows = v.rows(household::OCCUPANCIES);
        let row = rows.values().next().unwrap();
        (row["kind"].shown.clone(), row["until"].shown.clone())
    });
    assert_eq!(seen, (Shown::Value("自住".to_owned()), Shown::Value("2023-02-18".to_owned())));
}

#[test]
fn a_note_on_a_matter_that_was_voided_meanwhile_is_kept_and_shown_and_does_not_open_it() {
    let mut world = matter();
    event(&mut world, OFFICE, EventKind::Void);
    note(&mut world, WANG, ticket::NOTES, "还在漏");
    event(&mut world, LI, EventKind::Supplement);
    let (state, notes) = all_see(&mut world, |v| (v.ticket_state(), v.notes(ticket::NOTES)));
    assert_eq!((state.stage, state.supplements.len(), notes.len()), (Stage::Void, 1, 1));
    assert_eq!(notes[0].1, Shown::Value("还在漏".to_owned()));
}

#[test]
fn work_on_a_matter_that_was_voided_meanwhile_is_kept_and_flagged_whatever_the_clocks_say() {
    // Wang's feedback is stamped before the voiding in one world, after it in the other.
    for (minutes, flagged) in [(-60i64, false), (60, true)] {
        let mut world = matter();
        world.stores[WANG].clock = qiaomen_proto::change::Clock::default();
        world.stores[WANG].clock.offset_ms = minutes * 60_000;
        event(&mut world, OFFICE, EventKind::Void);
        event(&mut world, WANG, EventKind::Feedback);
        let state = all_see(&mut world, |v| v.ticket_state());
        assert_eq!((state.stage, state.steps.len() + state.flags.len()), (Stage::Void, 3));
        assert_eq!(state.flags.iter().any(|f| f.why == WhyNot::AlreadyOver), flagged);
    }
}

#[test]
fn a_field_of_a_voided_matter_that_was_edited_meanwhile_arrives() {
    let mut world = matter();
    event(&mut world, OFFICE, EventKind::Void);
    world.put(WANG, &Path::new(ticket::FIELDS, "category"), "物业");
    let seen = all_see(&mut world, |v| (v.text("category"), v.ticket_state().stage));
    assert_eq!(seen, (Some("物业".to_owned()), Stage::Void));
}

#[test]
fn of_two_who_mark_a_matter_as_repeating_others_apart_the_first_stands_and_the_second_is_flagged() {
    let mut world = matter();
    let mut marked = EventPayload::new(EventKind::Duplicate);
    for (who, other, minutes) in [(OFFICE, 7u128, 0), (LI, 8, 1)] {
        marked.other = Some(Uuid::from_u128(other));
        world.stores[who].clock.offset_ms = minutes * 60_000;
        event_of(&mut world, who, &marked);
    }
    let state = all_see(&mut world, |v| v.ticket_state());
    assert_eq!((state.stage, state.duplicate_of), (Stage::Duplicate, Some(Uuid::from_u128(7))));
    assert_eq!(state.flags.iter().map(|f| f.why).collect::<Vec<_>>(), [WhyNot::AlreadyOver]);
}

#[test]
fn a_matter_that_is_marked_as_repeating_itself_stays_open() {
    let mut world = matter();
    let mut marked = EventPayload::new(EventKind::Duplicate);
    marked.other = Some(world.doc.uuid);
    event_of(&mut world, OFFICE, &marked);
    let state = all_see(&mut world, |v| v.ticket_state());
    assert_eq!((state.stage, state.flags[0].why), (Stage::Reported, WhyNot::NoOther));
}

#[test]
fn links_of_duplicates_written_apart_are_all_kept() {
    let mut world = five();
    for (who, other) in [(WANG, 1u8), (LI, 2), (ZHAO, 1)] {
        let link = LinkPayload { kind: 1, other: Some(vec![other; 16]), withdrawn: false };
        world.add_record(who, resident::LINKS, record::to_bytes(&link));
    }
    world.put(CHEN, &phone(), "136");
    let (links, phone) = all_see(&mut world, |v| (v.records(resident::LINKS).len(), v.text("phone").is_none()));
    // Chen's phone is plain text where a sealed one belongs: it is shown as it stands.
    assert_eq!((links, phone), (3, false));
}

#[test]
fn a_step_by_somebody_who_had_seen_the_closing_comes_after_it_though_the_phone_that_closed_was_days_ahead() {
    let mut world = matter();
    // Li's date was set three days ahead after the last exchange. He tells the resident, checks; the office closes.
    world.stores[LI].clock.offset_ms = 3 * 24 * 3_600_000;
    for kind in [EventKind::Feedback, EventKind::Check] {
        event(&mut world, LI, kind);
    }
    world.stores[LI].by.role = Role::Office;
    event(&mut world, LI, EventKind::Close);
    world.settle();
    // The resident complains; Wang, whose date is right, opens it again, having seen all that.
    event(&mut world, WANG, EventKind::Reopen);
    let state = all_see(&mut world, |v| v.ticket_state());
    assert_eq!((state.stage, state.reopened_count, state.flags.len()), (Stage::Accepted, 1, 0));
}

#[test]
fn a_feedback_by_somebody_whose_clock_lags_counts_in_the_round_that_its_author_had_seen_opened() {
    let mut world = matter();
    event(&mut world, OFFICE, EventKind::Reopen);
    world.settle();
    world.stores[WANG].clock = qiaomen_proto::change::Clock::default();
    world.stores[WANG].clock.offset_ms = -2 * 24 * 3_600_000;
    event(&mut world, WANG, EventKind::Feedback);
    event(&mut world, WANG, EventKind::Check);
    let state = all_see(&mut world, |v| v.ticket_state());
    assert_eq!((state.stage, state.has_feedback, state.has_check), (Stage::Checked, true, true));
}
