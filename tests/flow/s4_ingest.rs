use crate::harness::page::all;
use crate::harness::wire::{Fate, Moment};
use crate::harness::{Office, settle};

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
