use crate::dice::Dice;
use crate::field_app::{FieldApp, Form};
use crate::harness::office::Office;
use crate::harness::phone::PIN;
use crate::harness::wire::{Fate, Moment};
use crate::harness::{Phone, settle};
use std::time::Duration;

/// Starts of the app that are killed before they have answered, for each form.
const KILLS: usize = 5;
/// Names of what can be done once at a door.
const ONCE_AT_A_DOOR: [&str; 2] = ["a refusal", "somebody who moved out"];
/// Within this an answer comes on most machines: some kills are before the work, some in it, some after.
const SOON: Duration = Duration::from_millis(12);

/// A form that a worker fills in.
#[derive(Clone)]
struct Flow {
    name: &'static str,
    /// The page that it stands on.
    page: String,
    /// Where it goes to.
    action: String,
    fields: String,
}

impl Flow {
    /// The same in words of its own, which stand last: the same words of a moment ago are asked about, or not written
    /// down again.
    fn in_words_of_its_own(&self, number: usize) -> Self {
        let own = if self.fields.contains("text=") { number.to_string() } else { String::new() };
        Self { fields: format!("{}{own}", self.fields), ..self.clone() }
    }
}

/// Every form of the day, on a door and a person of this phone.
fn flows(phone: &Phone) -> Vec<Flow> {
    let door = phone.door("1-1-202");
    let household = door["household"].as_str().or_else(|| door["door"]["household"].as_str()).expect("a door");
    let resident = door["people"][0]["resident"].as_str().expect("somebody who lives there");
    let told = phone.does(["ticket", "report", "--category", "环境卫生", "--door", "1-1-202", "楼道灯不亮"]);
    let ticket = told["ticket"].as_str().unwrap_or_else(|| panic!("a matter: {told}"));
    let (door, person) = (format!("/door/{household}"), format!("/resident/{resident}"));
    let mut flows = vec![
        // Each is done several times here: it is another one whenever it is asked.
        flow("a visit", door.clone(), format!("{door}/visit"), "outcome=met&another=met"),
        same("a call", format!("{door}/call"), "outcome=not_home&another=not_home"),
        flow(
            "a new matter",
            format!("/ticket/new?door={household}&category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F"),
            "/ticket/new".to_owned(),
            "category=%E7%8E%AF%E5%A2%83%E5%8D%AB%E7%94%9F&size=small&text=%E6%A5%BC%E9%81%93%E5%A0%86%E7%89%A9",
        ),
        flow(
            "a step of a matter",
            format!("/ticket/{ticket}"),
            format!("/ticket/{ticket}/note"),
            "text=%E5%9C%A8%E5%8A%9E",
        ),
        same(
            "a new person",
            // It is done several times here: whoever has that name already is somebody else.
            format!("{door}/new-resident"),
            "name=%E9%B2%81%E6%96%B0&name.how=value&another=%E9%B2%81%E6%96%B0",
        ),
        same("a correction", format!("{person}/field/phone"), "answer=value&phone=13900000000"),
        same("an answer that is none", format!("{person}/field/phone"), "answer=refused"),
    ];
    flows.extend(endings(household, resident));
    flows
}

/// What can be done once at a door: after it the form is not there any more.
fn endings(household: &str, resident: &str) -> [Flow; 2] {
    let (door, person) = (format!("/door/{household}"), format!("/resident/{resident}"));
    [
        flow("a refusal", format!("{door}/more"), format!("{door}/refusal"), "people=2"),
        same("somebody who moved out", format!("{person}/out"), "on=2026-01-05"),
    ]
}

fn flow(name: &'static str, page: String, action: String, fields: &'static str) -> Flow {
    Flow { name, page, action, fields: fields.to_owned() }
}
/// One whose form goes to its own page.
fn same(name: &'static str, at: String, fields: &'static str) -> Flow {
    flow(name, at.clone(), at, fields)
}

/// Each form so often as it is killed: what can be done once at a door, each time at another.
fn flows_to_kill(phone: &Phone) -> Vec<Flow> {
    let all = flows(phone);
    let often = all.iter().filter(|f| !ONCE_AT_A_DOOR.contains(&f.name));
    let mut to_kill: Vec<Flow> = often.flat_map(|f| (0..KILLS).map(|number| f.in_words_of_its_own(number))).collect();
    let doors = phone.does(["doors"]);
    let doors = doors.as_array().or_else(|| doors["doors"].as_array()).expect("a list of doors");
    let inhabited = doors.iter().filter(|door| door["resident_count"].as_u64().is_some_and(|count| count > 0));
    for door in inhabited.take(KILLS) {
        let household = door["household"].as_str().expect("an id");
        let page = phone.door(household);
        to_kill.extend(endings(household, page["people"][0]["resident"].as_str().expect("somebody who lives there")));
    }
    to_kill
}

/// A phone of an office that is out of reach from now on: what it writes down stays in its outbox.
fn without_signal() -> (Office, Phone) {
    let mut office = Office::with_ledger();
    let phone = office.phone("马桂");
    settle(&office, &[&phone]);
    office.kill();
    (office, phone)
}

/// A form of a start that is over is not done: it stands to be sent again, and says so.
#[track_caller]
fn stands_again(app: &FieldApp, form: &Form, flow: &Flow) {
    let (done, to) = app.fills(form, &flow.fields);
    assert!(!done, "{}: {to}", flow.name);
    assert_eq!(app.looks(&to).status, 409, "{}: {to}", flow.name);
}

#[test]
fn what_the_app_confirmed_is_there_after_a_kill_and_the_same_form_does_nothing_more() {
    let (_office, phone) = without_signal();
    for flow in flows(&phone) {
        let before = phone.outbox().len();
        let app = FieldApp::open_on(&phone);
        let form = Form::in_page(&app.page(&flow.page), &flow.action);
        let (done, to) = app.fills(&form, &flow.fields);
        app.gets_killed();
        assert!(done, "{}: {to}", flow.name);
        assert_eq!(phone.outbox().len(), before + 1, "{} was confirmed", flow.name);
        // The page may still be open in the browser: its form is of a start that is over.
        let app = FieldApp::open_on(&phone);
        stands_again(&app, &form, &flow);
        app.gets_killed();
        assert_eq!(phone.outbox().len(), before + 1, "{} was done again", flow.name);
    }
}

#[test]
fn a_form_that_was_never_answered_was_done_once_or_not_at_all() {
    let mut dice = Dice::of("a_form_that_was_never_answered");
    let (_office, phone) = without_signal();
    let mut unanswered = 0;
    let to_kill = flows_to_kill(&phone);
    for name in ONCE_AT_A_DOOR {
        assert_eq!(to_kill.iter().filter(|flow| flow.name == name).count(), KILLS, "{name}");
    }
    for flow in to_kill {
        let before = phone.outbox().len();
        let app = FieldApp::open_on(&phone);
        let form = Form::in_page(&app.page(&flow.page), &flow.action);
        let confirmed = app.fills_and_dies(&form, &flow.fields, dice.moment(SOON));
        let done = phone.outbox().len() - before;
        assert!(done <= 1, "{} was done {done} times", flow.name);
        assert!(done == 1 || !confirmed, "{} was confirmed and is not there", flow.name);
        unanswered += usize::from(!confirmed);
        let app = FieldApp::open_on(&phone);
        stands_again(&app, &form, &flow);
        app.gets_killed();
        assert_eq!(phone.outbox().len(), before + done, "{} was done again", flow.name);
    }
    assert!(unanswered >= KILLS, "only {unanswered} of them were killed before they had answered");
}

#[test]
fn an_enrolment_that_is_killed_while_the_office_thinks_goes_on_with_the_same_code_as_the_same_device() {
    let office = Office::with_ledger();
    for moment in [Moment::AllIn, Moment::Answered] {
        let phone = Phone::new("马桂");
        let (server, code) = (office.wire.url(), office.code("马桂"));
        let code = format!("server={server}&code={code}");
        let app = FieldApp::on(&phone);
        office.wire.next([Fate::StallAt(moment)]);
        std::thread::scope(|both| {
            let begun = format!("{code}&pin={PIN}&again={PIN}");
            let dies = both.spawn(move || app.sends_and_dies("/begin", &begun, Duration::from_millis(1_500)));
            office.wire.stalled(moment);
            assert!(!dies.join().expect("a hand"), "nothing was confirmed");
        });
        // The PIN that was chosen is there; the code is asked for again, and is not used up for this phone.
        let app = FieldApp::open_on(&phone);
        assert!(app.page("/").contains("action=\"/begin\""), "{moment:?}");
        let heard = app.sends("/begin", &code);
        app.gets_killed();
        assert!(heard.status == 303 && heard.head.contains("/sync"), "{moment:?}: {}", heard.head);
        // What was confirmed is there.
        let app = FieldApp::open_on(&phone);
        assert!(!app.page("/").contains("action=\"/begin\""), "{moment:?}");
        app.gets_killed();
        phone.syncs();
    }
    let devices = office.does(["devices"]);
    let count = devices["devices"].as_array().or_else(|| devices.as_array()).expect("a list").len();
    assert_eq!(count, 2, "{devices}");
}
