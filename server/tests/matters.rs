//! Matters at the office: each step is an ordinary command, sealed as a phone seals it; phones fold it to the same
//! state; what no rule allows is refused in words and leaves nothing behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::matter::{Told, at_office, clerk, coordinator, on_phone, report, step};
use crate::phone::{EVENING_MS, Phone, Town};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Role, TicketId, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage, WhyNot};
use qiaomen_server::matters::{Hand, MatterError, NewMatter, Step, act};
use qiaomen_server::office::day;
use qiaomen_server::verify::verify;
use std::sync::atomic::Ordering;

/// 王 has written down a matter, and the office has it.
fn told() -> (Town, Phone, TicketId) {
    let town = Town::new();
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let ticket = report(&mut wang, &town, &Told::default());
    wang.sync(&town.office);
    (town, wang, ticket)
}

fn assign(days: u32) -> Step {
    Step {
        department: Some("房管".to_owned()),
        party: Some("和顺物业".to_owned()),
        term: Some(days),
        text: Some("请查楼门口的灯".to_owned()),
        ..Step::new(EventKind::Assign)
    }
}
fn saying(kind: EventKind, text: &str) -> Step {
    Step { text: Some(text.to_owned()), ..Step::new(kind) }
}
fn refused(town: &Town, ticket: TicketId, step: Step, by: &Hand) -> MatterError {
    let before = town.office.store().read(|tx| tx.stir()).unwrap();
    let error = act(&town.office, ticket, step, by).unwrap_err();
    assert_eq!(town.office.store().read(|tx| tx.stir()).unwrap(), before, "nothing of it stays: {error}");
    error
}

#[test]
fn the_office_takes_a_matter_its_whole_way_and_the_phone_sees_every_step() {
    let (town, mut wang, ticket) = told();
    let office = &town.office;
    let steps = [
        (Step::new(EventKind::Accept), Stage::Accepted),
        (assign(3), Stage::Assigned),
        (Step::new(EventKind::Start), Stage::InProgress),
        (saying(EventKind::Feedback, "灯换好了"), Stage::FedBack),
        (Step::new(EventKind::Check), Stage::Checked),
        (Step::new(EventKind::Close), Stage::Closed),
        (Step { satisfaction: Some(3), ..Step::new(EventKind::Rate) }, Stage::Rated),
    ];
    for (step, stage) in steps {
        assert_eq!(act(office, ticket, step, &clerk()).unwrap().stage, stage);
        wang.sync(office);
        assert_eq!(on_phone(&wang, ticket), at_office(&town, ticket), "after {}", stage.title());
    }
    let state = on_phone(&wang, ticket);
    assert_eq!((state.party.as_deref(), state.whose(), state.flags.len()), (Some("和顺物业"), Some("房管"), 0));
    let due = day(EVENING_MS).checked_add_days(chrono::Days::new(3));
    assert_eq!(state.due_on, due);
    let register = &wang.base[&ticket.into()];
    let view = View::new(register, &wang.ring);
    let texts = view.events().into_iter().filter_map(|e| e.payload.text);
    let texts: Vec<String> = texts.map(|t| view.sealed_text(&t).label().to_owned()).collect();
    assert_eq!(texts, ["请查楼门口的灯", "灯换好了"]);
    assert!(verify(office, &mut |_, _| ()).problems.is_empty(), "the book is whole");
}

#[test]
fn a_phone_that_acts_meanwhile_and_the_office_come_to_one_state() {
    let (town, mut wang, ticket) = told();
    act(&town.office, ticket, assign(3), &clerk()).unwrap();
    // 王 has not heard of it and begins on her own; then says that it is done.
    step(&mut wang, ticket, EventPayload::new(EventKind::Start), None);
    step(&mut wang, ticket, EventPayload::new(EventKind::Feedback), Some("换了灯泡"));
    wang.sync(&town.office);
    assert_eq!(on_phone(&wang, ticket), at_office(&town, ticket));
    assert!(act(&town.office, ticket, Step::new(EventKind::Check), &clerk()).is_ok());
}

#[test]
fn what_no_rule_allows_is_refused_in_words_and_writes_nothing() {
    let (town, _wang, ticket) = told();
    let office = &town.office;
    let close = refused(&town, ticket, Step::new(EventKind::Close), &clerk());
    assert_eq!(close.to_string(), "现在不能“办结”：还没有向居民反馈。");
    assert!(matches!(close, MatterError::NotNow { why: WhyNot::CloseWithoutFeedback, .. }));
    act(office, ticket, Step::new(EventKind::Accept), &clerk()).unwrap();
    assert_eq!(
        refused(&town, ticket, Step::new(EventKind::Accept), &clerk()).to_string(),
        "现在不能“受理”：这一步已经做过。"
    );
    let missing = |step: Step| refused(&town, ticket, step, &clerk()).to_string();
    assert_eq!(missing(Step::new(EventKind::Void)), "请填写作废原因。");
    assert_eq!(missing(saying(EventKind::Void, "  ")), "请填写作废原因。");
    assert_eq!(missing(Step { department: None, ..assign(3) }), "请填写主管部门。");
    assert_eq!(missing(Step { term: None, ..assign(3) }), "请填写办理期限。");
    assert_eq!(missing(assign(4)), "办理期限请从列出的里面选。");
    assert_eq!(missing(Step { department: Some("部".repeat(41)), ..assign(3) }), "主管部门太长了，最多 40 个字。");
    assert_eq!(missing(Step { party: Some("物\u{7}业".to_owned()), ..assign(3) }), "责任单位看不懂，请再核对一下。");
    assert_eq!(missing(saying(EventKind::Supplement, &"长".repeat(1001))), "补充内容太长了，最多 1000 个字。");
    assert_eq!(missing(Step::new(EventKind::Rate)), "现在不能“评价”：还没有办结，不能评价。");
    let nobody = TicketId::from_bytes([99; 16]);
    assert_eq!(refused(&town, nobody, Step::new(EventKind::Accept), &clerk()).code(), Code::NotFound);
    // Which matters are the same is decided elsewhere; a report makes a matter.
    for (kind, code) in [
        (EventKind::Duplicate, Code::ChoiceNotPossible),
        (EventKind::Report, Code::ChoiceNotPossible),
        (EventKind::Unknown(200), Code::NotYours),
    ] {
        assert_eq!(refused(&town, ticket, Step::new(kind), &clerk()).code(), code);
    }
}

#[test]
fn a_text_as_long_as_allowed_is_taken_and_its_lines_end_as_on_a_phone() {
    let (town, mut wang, ticket) = told();
    act(&town.office, ticket, saying(EventKind::Supplement, &"长".repeat(1000)), &clerk()).unwrap();
    act(&town.office, ticket, saying(EventKind::Supplement, "一行\r\n又一行\r\n"), &clerk()).unwrap();
    wang.sync(&town.office);
    let view = View::new(&wang.base[&ticket.into()], &wang.ring);
    let last = view.events().pop().unwrap().payload.text.unwrap();
    assert_eq!(view.sealed_text(&last).label(), "一行\n又一行");
}

#[test]
fn fifteen_days_need_the_resident_s_consent_and_it_is_written_down() {
    let (town, _wang, ticket) = told();
    let without = refused(&town, ticket, assign(15), &clerk());
    assert_eq!(without.to_string(), "期限“15 天”要先征得居民同意。同意了，请勾选“居民同意”。");
    act(&town.office, ticket, Step { consent: true, ..assign(15) }, &clerk()).unwrap();
    let text = town.office.store().read(|tx| -> Result<String, qiaomen_server::office::OfficeError> {
        let register = tx.register(ticket.into())?.unwrap();
        let ring = town.office.ring(tx, [ticket.0])?;
        let view = View::new(&register, &ring);
        let last = view.events().pop().unwrap();
        Ok(view.sealed_text(&last.payload.text.unwrap()).label().to_owned())
    });
    assert_eq!(text.unwrap(), "期限 15 天，已征得居民同意。请查楼门口的灯");
}

#[test]
fn more_time_is_given_with_a_reason_until_a_later_day_only() {
    let (town, mut wang, ticket) = told();
    act(&town.office, ticket, assign(3), &clerk()).unwrap();
    let until = |day: &str| Step { due_on: Some(day.to_owned()), ..saying(EventKind::Extend, "等配件") };
    let today = day(EVENING_MS);
    let plus = |days| today.checked_add_days(chrono::Days::new(days)).unwrap().to_string();
    for (step, said) in [
        (until(&plus(3)), "延期要在现在的期限"),
        (until(&plus(0)), "延期要在现在的期限"),
        (until("2019-01-01"), "延期要在现在的期限"),
        (until("明天"), "日期看不懂"),
        (until(&plus(367)), "期限最多到 366 天以后"),
        (Step { due_on: None, ..until("") }, "请填写延期到哪一天"),
        (Step { text: None, ..until(&plus(5)) }, "请填写延期原因"),
    ] {
        let error = refused(&town, ticket, step, &clerk()).to_string();
        assert!(error.starts_with(said), "{error}");
    }
    act(&town.office, ticket, until(&plus(4)), &clerk()).unwrap();
    act(&town.office, ticket, until(&plus(366)), &clerk()).unwrap();
    wang.sync(&town.office);
    assert_eq!(on_phone(&wang, ticket).due_on.map(|d| d.to_string()), Some(plus(366)));
}

#[test]
fn triage_sorts_a_matter_and_judges_its_size_in_one_command() {
    let (town, mut wang, ticket) = told();
    let sorted = Step { category: Some("管网".to_owned()), large: Some(true), ..Step::new(EventKind::Accept) };
    let unknown = Step { category: Some("闲聊".to_owned()), ..Step::new(EventKind::Accept) };
    assert_eq!(refused(&town, ticket, unknown, &clerk()).to_string(), "类别请从列出的里面选。");
    act(&town.office, ticket, sorted, &clerk()).unwrap();
    wang.sync(&town.office);
    assert!(on_phone(&wang, ticket).large);
    let view = View::new(&wang.base[&ticket.into()], &wang.ring);
    assert_eq!((view.text("category").as_deref(), view.text("size").as_deref()), (Some("管网"), Some("大事")));
    let spot = refused(&town, ticket, saying(EventKind::CloseOnSpot, "好了"), &clerk());
    assert!(spot.to_string().contains("大事不能当场办结"), "{spot}");
    // Judged anew with the assignment: what no longer holds is said there too.
    act(&town.office, ticket, Step { large: Some(false), ..assign(0) }, &clerk()).unwrap();
    wang.sync(&town.office);
    assert!(!on_phone(&wang, ticket).large);
    let view = View::new(&wang.base[&ticket.into()], &wang.ring);
    assert_eq!(view.text("size").as_deref(), Some("小事"));
}

#[test]
fn a_joint_meeting_stands_until_the_matter_is_properly_closed() {
    let (town, _wang, ticket) = told();
    let office = &town.office;
    act(office, ticket, saying(EventKind::Escalate, "要几家一起定"), &clerk()).unwrap();
    let void = refused(&town, ticket, saying(EventKind::Void, "记错了"), &clerk());
    assert!(void.to_string().contains("已提交联席会议"), "{void}");
    act(office, ticket, saying(EventKind::Feedback, "会上定了"), &clerk()).unwrap();
    act(office, ticket, Step::new(EventKind::Check), &clerk()).unwrap();
    act(office, ticket, Step::new(EventKind::Close), &clerk()).unwrap();
    act(office, ticket, saying(EventKind::Reopen, "又坏了"), &clerk()).unwrap();
    assert_eq!(at_office(&town, ticket).reopened_count, 1);
    act(office, ticket, saying(EventKind::Void, "与另一件是同一件"), &clerk()).unwrap();
}

#[test]
fn a_coordinator_works_her_department_s_matters_under_her_own_name_and_no_others() {
    let (town, mut wang, ticket) = told();
    let office = &town.office;
    let mut hers = town.phone(91, Role::Coordinator, 0);
    let department = "房管".to_owned();
    office.store().write(move |tx| tx.set_department(WorkerId::from_bytes([91; 16]), Some(&department))).unwrap();
    let her = coordinator(91, "房管");
    assert_eq!(refused(&town, ticket, Step::new(EventKind::Start), &her).code(), Code::NotFound, "not hers yet");
    act(office, ticket, assign(3), &clerk()).unwrap();
    let other = coordinator(92, "城管");
    assert_eq!(refused(&town, ticket, Step::new(EventKind::Start), &other).code(), Code::NotFound);
    for kind in [EventKind::Accept, EventKind::Assign, EventKind::Extend, EventKind::Check, EventKind::Close] {
        assert_eq!(refused(&town, ticket, Step::new(kind), &her).code(), Code::NotYours, "{}", kind.title());
    }
    act(office, ticket, Step::new(EventKind::Start), &her).unwrap();
    wang.sync(office);
    hers.sync(office);
    assert_eq!(on_phone(&hers, ticket), at_office(&town, ticket), "her phone has it by the department's stream");
    let events = View::new(&wang.base[&ticket.into()], &wang.ring).events();
    let last = events.last().unwrap();
    assert_eq!((last.by, last.role, last.payload.kind), (her.worker, Role::Coordinator, EventKind::Start));
    let back = act(office, ticket, saying(EventKind::SendBack, "不归我们管"), &her).unwrap();
    assert_eq!((back.stage, back.still_seen), (Stage::SentBack, false));
    assert_eq!(refused(&town, ticket, saying(EventKind::Supplement, "再说一句"), &her).code(), Code::NotFound);
    assert!(verify(office, &mut |_, _| ()).problems.is_empty());
}

#[test]
fn who_calls_the_office_is_heard_and_the_worker_of_the_grid_gets_it() {
    let town = Town::new();
    let office = &town.office;
    let mut wang = town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&town, 0, "101");
    wang.sync(office);
    let matter = NewMatter {
        category: "管网".to_owned(),
        large: false,
        source: "电话".to_owned(),
        building: Some(town.buildings[0]),
        unit: Some("1".to_owned()),
        room: Some("101室".to_owned()),
        grid: None,
        text: "厨房下水道堵了".to_owned(),
        reporter: Some("张桂兰 13900000002".to_owned()),
    };
    let said =
        |matter: NewMatter, by: &Hand| qiaomen_server::matters::report(office, matter, by).unwrap_err().to_string();
    assert_eq!(said(matter.clone(), &coordinator(91, "房管")), "您的岗位不能做“上报”。");
    assert!(said(NewMatter { room: Some("909".to_owned()), ..matter.clone() }, &clerk()).contains("台账里没有这一户"));
    assert_eq!(said(NewMatter { text: " ".to_owned(), ..matter.clone() }, &clerk()), "请填写诉求内容。");
    assert_eq!(said(NewMatter { category: "x".to_owned(), ..matter.clone() }, &clerk()), "类别请从列出的里面选。");
    assert_eq!(said(NewMatter { source: "x".to_owned(), ..matter.clone() }, &clerk()), "来源请从列出的里面选。");
    assert_eq!(said(NewMatter { building: None, ..matter.clone() }, &clerk()), "请填写楼栋或网格。");
    assert!(said(NewMatter { text: "长".repeat(2001), ..matter.clone() }, &clerk()).contains("太长了"));
    let ticket = qiaomen_server::matters::report(office, matter, &clerk()).unwrap();
    wang.sync(office);
    let state = on_phone(&wang, ticket);
    assert_eq!((state.stage, state.flags.len()), (Stage::Accepted, 0));
    assert_eq!(state, at_office(&town, ticket));
    let view = View::new(&wang.base[&ticket.into()], &wang.ring);
    assert_eq!(view.text("text").as_deref(), Some("厨房下水道堵了"));
    assert_eq!(view.text("reporter").as_deref(), Some("张桂兰 13900000002"));
    assert_eq!(view.household(), Some(door));
    assert!(verify(office, &mut |_, _| ()).problems.is_empty());
}

#[test]
fn a_day_later_a_small_matter_is_no_longer_closed_on_the_spot() {
    let (town, _wang, ticket) = told();
    town.around.now_ms.store(EVENING_MS + 24 * 3_600_000, Ordering::SeqCst);
    let error = refused(&town, ticket, saying(EventKind::CloseOnSpot, "修好了"), &clerk());
    assert_eq!(error.to_string(), "现在不能“当场办结”：还没有向居民反馈。");
    act(&town.office, ticket, saying(EventKind::Feedback, "告诉她修好了"), &clerk()).unwrap();
    act(&town.office, ticket, saying(EventKind::CloseOnSpot, "修好了"), &clerk()).unwrap();
}

#[test]
fn no_step_leaves_a_word_in_the_clear_on_the_disk() {
    let (town, _wang, ticket) = told();
    act(&town.office, ticket, saying(EventKind::Supplement, "住户姓欧阳,电话一三九"), &clerk()).unwrap();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(town.dir.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(!bytes.windows("欧阳".len()).any(|w| w == "欧阳".as_bytes()));
    assert!(bytes.windows("路灯损坏".len()).any(|w| w == "路灯损坏".as_bytes()), "what is looked for would be found");
}
