//! A line of the book about a matter becomes its events, and these its state.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::books::{at, import, new_office, said, small_book};
use qiaomen_proto::entity::ticket;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{DocId, Kind, StreamId};
use qiaomen_proto::merge::fold::{EventKind, Stage, TicketState};
use qiaomen_proto::normalise::UnitKey;
use qiaomen_server::ledger::book::{Book, TicketRow};
use qiaomen_server::ledger::import::Added;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::verify::verify;

/// A matter of 2023-01-15: reported, and nothing more.
fn matter(row: u32) -> TicketRow {
    TicketRow {
        origin: at(row),
        reported_on: "2023-01-15".parse().unwrap(),
        source: Some("巡查".into()),
        place: Some("1号楼1单元王大爷家门口".into()),
        building: Some("1号楼".into()),
        unit: Some(UnitKey::parse("1").unwrap()),
        text: "楼道灯不亮".into(),
        category: Some("路灯损坏".into()),
        big: false,
        state: None,
        closed_on: None,
        fed_back: false,
        satisfaction: None,
    }
}

fn closed(row: u32) -> TicketRow {
    TicketRow {
        state: Some("已办结".into()),
        closed_on: Some("2023-01-15".parse().unwrap()),
        fed_back: true,
        satisfaction: Some("基本满意".into()),
        ..matter(row)
    }
}

fn book(tickets: Vec<TicketRow>) -> Book {
    Book { tickets, ..small_book(Vec::new()) }
}

/// Looks at the only matter that there is.
fn look<T>(office: &Office, at: impl FnOnce(&View<'_>) -> T) -> T {
    office
        .store()
        .read(|tx| -> Result<T, OfficeError> {
            let [doc]: [DocId; 1] = tx.documents()?.try_into().unwrap();
            assert_eq!(doc.kind, Kind::Ticket);
            let (register, ring) = (tx.register(doc)?.unwrap(), office.ring(tx, [doc.uuid])?);
            Ok(at(&View::new(&register, &ring)))
        })
        .unwrap()
}

/// The state that this line gives, and what the import had to say about it.
fn state_of(row: TicketRow) -> (TicketState, Vec<String>) {
    let (_dir, office) = new_office();
    let report = import(&office, &book(vec![row]));
    assert_eq!(verify(&office, &mut |_, _| {}).problems, []);
    let codes = report.remarks().map(|remark| remark.code.clone()).collect();
    (look(&office, |view| view.ticket_state()), codes)
}

fn with_state(state: &str) -> TicketRow {
    TicketRow { state: Some(state.into()), ..matter(2) }
}

/// Milliseconds of an hour of 2023-01-15 in Beijing.
fn beijing(hour: u64) -> u64 {
    1_673_712_000_000 + hour * 3_600_000
}

#[test]
fn each_word_of_the_books_leads_to_its_stage() {
    let stages = [
        ("已上报", Stage::Reported),
        ("未办结", Stage::Reported),
        ("已受理", Stage::Accepted),
        ("办理中", Stage::InProgress),
        (" 办 理 中 ", Stage::InProgress),
        ("联席会议", Stage::JointMeeting),
        ("已反馈", Stage::FedBack),
        ("退回", Stage::SentBack),
        ("作废", Stage::Void),
    ];
    for (word, stage) in stages {
        let (state, remarks) = state_of(with_state(word));
        assert_eq!((state.stage, remarks), (stage, vec![]), "{word}");
        assert_eq!(state.flags, [], "{word}");
    }
}

#[test]
fn a_closed_matter_has_feedback_check_close_and_opinion_on_its_days() {
    let (state, remarks) = state_of(closed(2));
    assert_eq!(remarks, Vec::<String>::new());
    assert_eq!((state.stage, state.satisfaction, state.flags.len()), (Stage::Rated, Some(2), 0));
    assert_eq!((state.opened_at, state.closed_at), (Some(beijing(9)), Some(beijing(17))));
    let kinds: Vec<_> = state.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [EventKind::Report, EventKind::Feedback, EventKind::Check, EventKind::Close, EventKind::Rate]);
}

#[test]
fn a_big_matter_closes_like_any_other_and_the_joint_meeting_stays_in_its_history() {
    let (state, _) = state_of(TicketRow { big: true, ..closed(2) });
    assert_eq!((state.stage, state.large), (Stage::Rated, true));
    let (state, remarks) = state_of(TicketRow { big: true, state: Some("联席会议".into()), ..closed(2) });
    assert_eq!((state.stage, remarks), (Stage::Rated, vec![]));
    assert_eq!(state.escalated_at, Some(beijing(9)));
}

#[test]
fn a_close_without_feedback_is_kept_and_listed_and_does_not_count() {
    let (state, remarks) = state_of(TicketRow { fed_back: false, satisfaction: None, ..closed(2) });
    assert!(state.stage.is_open());
    assert_eq!(state.flags.len(), 1);
    assert_eq!(remarks, ["not_closed_by_rule"]);
}

#[test]
fn done_on_the_spot_needs_nothing_more_unless_the_matter_is_big() {
    let on_spot = TicketRow { state: Some("当场办结".into()), fed_back: false, satisfaction: None, ..closed(2) };
    let (state, remarks) = state_of(on_spot.clone());
    assert_eq!((state.stage, remarks), (Stage::ClosedOnSpot, vec![]));
    let (state, remarks) = state_of(TicketRow { big: true, ..on_spot });
    assert!(state.stage.is_open());
    assert_eq!(remarks, ["not_closed_by_rule"]);
}

#[test]
fn odd_days_and_odd_words_are_listed_and_nothing_of_them_is_lost() {
    let (state, remarks) = state_of(TicketRow { closed_on: None, ..closed(2) });
    assert_eq!((state.stage, remarks), (Stage::Rated, vec!["closed_without_day".to_owned()]));
    let (state, remarks) = state_of(TicketRow { closed_on: Some("2023-01-14".parse().unwrap()), ..closed(2) });
    assert_eq!((state.closed_at, remarks), (Some(beijing(17)), vec!["closed_before_report".to_owned()]));
    let (state, remarks) = state_of(TicketRow { closed_on: closed(2).closed_on, ..with_state("办理中") });
    assert_eq!((state.stage, remarks), (Stage::InProgress, vec!["day_without_close".to_owned()]));
    let (state, remarks) = state_of(TicketRow { satisfaction: Some("还行".into()), ..closed(2) });
    assert_eq!((state.stage, remarks), (Stage::Closed, vec!["satisfaction_unknown".to_owned()]));
    assert_eq!(state.supplements.len(), 1);
    let (state, remarks) = state_of(TicketRow { reported_on: "2123-01-15".parse().unwrap(), ..matter(2) });
    assert_eq!((state.stage, remarks), (Stage::Reported, vec!["date_in_future".to_owned()]));

    let (_dir, office) = new_office();
    let report = import(&office, &book(vec![with_state("王大爷说再等等")]));
    assert_eq!(said(&report), [(2, "S", "state_unknown")]);
    assert!(report.remarks().all(|remark| !remark.sentence.contains("王大爷")));
    look(&office, |view| {
        assert_eq!(view.ticket_state().stage, Stage::Reported);
        let notes: Vec<_> = view.notes(ticket::NOTES).into_iter().map(|(_, text)| text.label().to_owned()).collect();
        assert_eq!(notes, ["办理情况:王大爷说再等等"]);
    });
}

#[test]
fn a_matter_has_its_place_its_text_and_its_streams() {
    let (_dir, office) = new_office();
    let long = "路".repeat(2_500);
    import(&office, &book(vec![TicketRow { text: long.clone(), ..matter(2) }]));
    let place = look(&office, |view| {
        assert_eq!(view.text("size").as_deref(), Some("小事"));
        assert_eq!(view.text("unit").as_deref(), Some("1"));
        assert_eq!(view.text("reported_on").as_deref(), Some("2023-01-15"));
        let (_, rest) = view.notes(ticket::NOTES).remove(0);
        assert_eq!(view.text("text").unwrap() + rest.label(), long);
        let report = view.events().remove(0);
        view.sealed_text(&report.payload.text.unwrap()).label().to_owned()
    });
    assert_eq!(place, "地点:1号楼1单元王大爷家门口");
    let streams = office.store().read(|tx| tx.streams_of(tx.documents()?[0])).unwrap();
    assert!(streams.iter().any(|stream| matches!(stream, StreamId::Grid(_))));
}

#[test]
fn a_matter_of_which_nobody_knows_where_it_is_is_taken_and_pointed_out() {
    let (state, remarks) = state_of(TicketRow { building: None, unit: None, ..matter(2) });
    assert_eq!((state.stage, remarks), (Stage::Reported, vec!["place_unknown".to_owned()]));
}

#[test]
fn two_lines_that_are_alike_are_two_matters_and_stay_two() {
    let (_dir, office) = new_office();
    let twice = book(vec![matter(2), matter(3)]);
    assert_eq!(import(&office, &twice).added.tickets, 2);
    assert_eq!(import(&office, &twice).added, Added::default());
    assert_eq!(import(&office, &book(vec![matter(2), matter(3), matter(4)])).added.tickets, 1);
}

#[test]
fn a_matter_that_the_book_has_closed_meanwhile_is_pointed_out_and_left_as_it_is() {
    let (_dir, office) = new_office();
    import(&office, &book(vec![with_state("办理中")]));
    let report = import(&office, &book(vec![closed(2)]));
    assert_eq!((report.added, said(&report)), (Added::default(), vec![(2, "S", "still_open_here")]));
    look(&office, |view| assert_eq!(view.ticket_state().stage, Stage::InProgress));
    // The other way round the ledger knows more, and nobody needs to hear of it.
    let (_dir, office) = new_office();
    import(&office, &book(vec![closed(2)]));
    assert_eq!(said(&import(&office, &book(vec![with_state("办理中")]))), []);
}
