use crate::dice::Dice;
use crate::harness::page::all;
use crate::harness::program::{DEADLINE, command, ours};
use crate::harness::{Office, Phone, settle};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// Runs one command of the field program and kills it after a moment; whether it had said that it did it.
fn does_or_dies(phone: &Phone, args: &[&str], after: Duration) -> bool {
    let (home, pin) = (phone.home(), phone.beside("pin"));
    let (home, pin) = (home.to_string_lossy(), pin.to_string_lossy());
    let mut words = vec!["--home", &home, "--pin-file", &pin, "--json"];
    words.extend(args);
    let mut child = command(&ours("qiaomen-field"), words).spawn().expect("a program");
    let mut out = child.stdout.take().expect("output is caught");
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        // Whatever it said until it was killed counts.
        let _ = std::io::Read::read_to_string(&mut out, &mut text);
        tell.send(text)
    });
    let said = told.recv_timeout(after);
    child.kill().and_then(|()| child.wait()).expect("a process that can be killed");
    let said = said.or_else(|_| told.recv_timeout(DEADLINE)).expect("its output ends with it");
    serde_json::from_str::<serde_json::Value>(&said).is_ok_and(|answer| answer["command"].is_string())
}

#[test]
fn what_the_field_program_said_it_wrote_down_is_there_however_often_it_is_killed() {
    let mut dice = Dice::of("what_the_field_program");
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    let (mut promised, mut begun, mut cut) = (BTreeSet::new(), BTreeSet::new(), 0);
    for round in 0..40 {
        let note = format!("第 {round} 次走访");
        let visit = ["visit", "1-1-202", "--outcome", "met", "--note", &note];
        begun.insert(note.clone());
        if does_or_dies(&wang, &visit, dice.moment(Duration::from_millis(120))) {
            promised.insert(note);
        } else {
            cut += 1;
        }
        does_or_dies(&wang, &["sync"], dice.moment(Duration::from_millis(120)));
        // It opens with the PIN, at once: nothing is stuck, nobody is locked out by a dead battery.
        wang.does(["status"]);
    }
    assert!(cut >= 10, "only {cut} of them were cut short");
    settle(&office, &[&wang, &li]);
    assert!(wang.outbox().is_empty());
    let door = li.door("1-1-202");
    let there = all(&door["visits"], "note");
    let distinct: BTreeSet<String> = there.iter().map(|note| (*note).to_owned()).collect();
    assert_eq!(distinct.len(), there.len(), "something is there twice: {there:?}");
    assert!(distinct.is_superset(&promised), "lost: {:?}", promised.difference(&distinct));
    assert!(distinct.is_subset(&begun), "nobody wrote {:?}", distinct.difference(&begun));
    assert_eq!(json!(wang.outbox()), json!([]));
}
