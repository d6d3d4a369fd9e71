use crate::dice::Dice;
use crate::harness::office::ledger;
use crate::harness::program::{command, ours};
use crate::harness::{Office, Phone, settle};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// Starts a program and kills it after this time; true if it had ended by itself before.
fn cut_short(program: &str, args: &[&str], after: Duration) -> bool {
    let mut child = command(&ours(program), args).spawn().expect("a program");
    let (tell, ended) = std::sync::mpsc::channel();
    let mut out = child.stdout.take().expect("output is caught");
    std::thread::spawn(move || {
        let mut all = Vec::new();
        // What is wanted is only its end.
        let _ = std::io::Read::read_to_end(&mut out, &mut all);
        tell.send(())
    });
    let by_itself = ended.recv_timeout(after).is_ok();
    child.kill().and_then(|()| child.wait()).expect("a process that can be killed");
    by_itself
}

#[test]
fn founding_an_office_can_be_begun_again_after_a_kill_at_any_moment() {
    let mut dice = Dice::of("founding_an_office");
    let mut cut = 0;
    for _ in 0..40 {
        let folder = crate::harness::folder::Folder::new("founding");
        let data = folder.path().join("office");
        let data = data.to_string_lossy();
        let init = ["init", "--data", &data, "--community", "和顺社区", "--region", "150782001001", "--json"];
        cut += u32::from(!cut_short("qiaomen", &init, dice.moment(Duration::from_millis(20))));
        let again = crate::harness::program::run(&ours("qiaomen"), init);
        assert!(again.exit == 0 || again.json["error"]["code"] == "already_initialised", "{again}");
        let verified = crate::harness::program::run(&ours("qiaomen"), ["verify", "--data", &data, "--json"]);
        assert_eq!(verified.exit, 0, "{verified}");
    }
    assert!(cut >= 10, "only {cut} of them were cut short");
}

#[test]
fn an_import_that_is_killed_took_everything_or_nothing() {
    let mut dice = Dice::of("an_import_that_is_killed");
    let whole = Office::empty();
    let book = ledger("small");
    let book = book.to_string_lossy();
    whole.does(["import", "--ledger", &book]);
    let counts = |office: &Office| {
        let told = office.told(["verify"]);
        assert_eq!(told.exit, 0, "{told}");
        ["documents", "changes", "doors", "residents", "tickets"].map(|name| told.json[name].clone())
    };
    let (everything, nothing) = (counts(&whole), counts(&Office::empty()));
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let office = Office::empty();
        let data = office.data();
        let import = ["import", "--data", &data.to_string_lossy(), "--ledger", &book, "--json"];
        cut_short("qiaomen", &import, dice.moment(Duration::from_millis(250)));
        let after = counts(&office);
        assert!(after == everything || after == nothing, "{after:?} is a part");
        seen.insert(after == everything);
        office.does(["import", "--ledger", &book]);
        assert_eq!(counts(&office), everything);
    }
    assert!(seen.contains(&false), "not one was cut short");
}

#[test]
fn an_enrolment_that_is_killed_is_asked_for_again_with_the_same_code_and_makes_one_device() {
    let mut dice = Dice::of("an_enrolment_that_is_killed");
    let mut office = Office::with_ledger();
    let url = office.wire.url();
    for round in 0..16 {
        let phone = Phone::new("马桂");
        let code = office.code("马桂");
        let (home, pin) = (phone.home(), phone.beside("pin"));
        let (home, pin) = (home.to_string_lossy(), pin.to_string_lossy());
        let enrol = ["--home", &home, "--pin-file", &pin, "--json", "enrol", "--server", &url, "--code", &code];
        let before = devices(&office);
        cut_short("qiaomen-field", &enrol, dice.moment(Duration::from_millis(150)));
        if round % 4 == 3 {
            office.kill();
            office.serve();
        }
        phone.does(["enrol", "--server", &url, "--code", &code]);
        settle(&office, &[&phone]);
        assert_eq!(devices(&office) - before, 1, "one phone, one device");
    }
}

fn devices(office: &Office) -> usize {
    let told = office.does(["devices"]);
    told.as_array().or_else(|| told["devices"].as_array()).expect("a list").len()
}

#[test]
fn a_decision_that_is_killed_stands_whole_or_not_at_all_and_can_be_taken_again() {
    let mut dice = Dice::of("a_decision_that_is_killed");
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    for (phone, number) in [(&wang, "13909990001"), (&li, "13909990002")] {
        phone.does(["resident", "correct", "1-1-202 何志刚", "电话", number]);
    }
    settle(&office, &[&wang, &li]);
    let id = office.conflict()["id"].to_string();
    let data = office.data();
    let data = data.to_string_lossy();
    let mut cut = 0;
    for _ in 0..24 {
        let decide = ["decide", "--data", &data, &id, "--take", "A", "--json"];
        cut += u32::from(!cut_short("qiaomen", &decide, dice.moment(Duration::from_millis(40))));
        office.verifies();
        let open = office.conflicts();
        assert!(open.len() <= 1, "{open:#?}");
        if !open.is_empty() {
            office.decides(&open[0], ["--take", "A"]);
        }
        assert!(office.conflicts().is_empty());
        settle(&office, &[&wang, &li]);
        for phone in [&wang, &li] {
            assert_eq!(shown(phone)["why"], json!("decided"));
        }
        let undo = ["undo", "--data", &data, &id, "--json"];
        cut += u32::from(!cut_short("qiaomen", &undo, dice.moment(Duration::from_millis(40))));
        office.verifies();
        if office.conflicts().is_empty() {
            office.does(["undo", &id]);
        }
        assert_eq!(office.conflict()["id"].to_string(), id);
    }
    assert!(cut >= 10, "only {cut} of them were cut short");
    settle(&office, &[&wang, &li]);
}

fn shown(phone: &Phone) -> Value {
    let door = phone.door("1-1-202");
    crate::harness::page::field(crate::harness::page::person(&door, "何志刚"), "phone").clone()
}
