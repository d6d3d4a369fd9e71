use crate::harness::page::{all, line};
use crate::harness::wire::{Fate, Moment};
use crate::harness::{Office, Phone, settle};

#[test]
fn an_office_that_is_killed_while_it_takes_work_loses_nothing_that_it_thanked_for() {
    let mut office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    let mut done = Vec::new();
    wang.syncs();
    for moment in [Moment::HalfIn, Moment::AllIn, Moment::Answered] {
        for _ in 0..3 {
            let note = format!("第 {} 次走访", done.len() + 1);
            wang.does(["visit", "1-1-202", "--outcome", "met", "--note", &note]);
            done.push(note);
        }
        wang.does(["sync"]);
        let note = format!("第 {} 次走访", done.len() + 1);
        wang.does(["visit", "1-1-202", "--outcome", "met", "--note", &note]);
        done.push(note);
        office.wire.next([Fate::StallAt(moment)]);
        let syncing = wang.begins_to_sync();
        office.wire.stalled(moment);
        office.kill();
        let (code, _) = syncing.ended().failed(5);
        assert_eq!(code, "no_connection");
        assert_eq!(wang.outbox().len(), 1, "it stays until it is thanked for");
        office.verifies();
        office.serve();
        wang.syncs();
        assert!(wang.outbox().is_empty());
    }
    settle(&office, &[&wang, &li]);
    assert_eq!(all(&li.door("1-1-202")["visits"], "note"), sorted(done), "each once");
}

fn sorted(mut notes: Vec<String>) -> Vec<String> {
    notes.sort();
    notes
}

#[test]
fn everybody_comes_home_at_once_while_the_office_is_at_work_and_nobody_waits_for_ever() {
    let office = Office::with_ledger();
    let team = ["马桂", "谢建", "阿茹娜", "程玉娟", "苏日娜"].map(|name| office.phone(name));
    let members: Vec<&Phone> = team.iter().collect();
    settle(&office, &members);
    let mut done = Vec::new();
    for phone in &team[..4] {
        for n in 0..4 {
            let note = format!("{} 第 {n} 次", phone.name);
            phone.does(["visit", "1-1-202", "--outcome", "met", "--note", &note]);
            phone.does(["household", "correct", "1-1-301", "常住人数", &(n + 1).to_string()]);
            done.push(note);
        }
    }
    let home: Vec<_> = team.iter().map(Phone::begins_to_sync).collect();
    office.verifies();
    office.conflicts();
    for syncing in home {
        let told = syncing.ended();
        assert!(matches!(told.exit, 0 | 6), "{told}");
    }
    settle(&office, &members);
    // All of them ended with the same number: that is no conflict.
    assert!(office.conflicts().is_empty());
    for phone in &team {
        assert_eq!(all(&phone.door("1-1-202")["visits"], "note"), sorted(done.clone()), "{}", phone.name);
    }
}

#[test]
fn an_enrolment_whose_answer_was_lost_goes_through_with_the_same_code_and_nobody_elses_does() {
    let office = Office::with_ledger();
    let (wang, stranger) = (Phone::new("马桂"), Phone::new("路人"));
    let (url, code) = (office.wire.url(), office.code("马桂"));
    let enrol = ["enrol", "--server", &url, "--code", &code];
    office.wire.next([Fate::CutReplyAfter(0)]);
    assert_eq!(wang.fails(5, enrol).0, "no_connection");
    assert_eq!(stranger.fails(1, enrol).0, "enrol_code");
    assert_eq!(wang.does(enrol)["enrolled"], true);
    assert_eq!(office.does(["devices"]).as_array().map(Vec::len), Some(1));
    wang.does(["sync"]);
    settle(&office, &[&wang]);
}

#[test]
fn a_request_that_somebody_copied_from_the_wire_is_refused_and_does_nothing() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "只来过一次"]);
    wang.syncs();
    let before = office.does(["verify"]);
    let copied = office.wire.carried().pop().unwrap().up;
    let answer = office.wire.says_again(&copied);
    assert!(answer.starts_with("HTTP/1.1 4") && answer.contains("replayed"), "{answer}");
    assert_eq!(office.does(["verify"]), before);
    settle(&office, &[&wang]);
}

#[test]
fn a_phone_that_was_copied_loses_nothing_of_either_copy() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    let copy = wang.copied();
    for (phone, note) in [(&wang, "从原机记的"), (&copy, "从副本记的")] {
        phone.does(["visit", "1-1-202", "--outcome", "met", "--note", note]);
        phone.does(["household", "note", "1-1-202", note]);
    }
    settle(&office, &[&wang]);
    settle(&office, &[&copy, &wang]);
    for phone in [&wang, &copy] {
        let door = phone.door("1-1-202");
        assert_eq!(all(&door["visits"], "note"), ["从副本记的", "从原机记的"]);
        assert!(line(&door["notes"], "text", "从副本记的").is_object());
    }
}
