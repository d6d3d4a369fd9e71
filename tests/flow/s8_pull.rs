use crate::harness::office::ledger;
use crate::harness::page::all;
use crate::harness::wire::Fate;
use crate::harness::{Office, settle};
use std::collections::BTreeSet;

#[test]
fn a_new_phone_gets_its_grid_whole_and_nothing_of_the_other() {
    let office = Office::with_ledger();
    let (wang, he) = (office.phone("马桂"), office.phone("何巴"));
    settle(&office, &[&wang, &he]);
    let doors = |phone: &crate::harness::Phone| -> BTreeSet<String> {
        let doors = phone.does(["doors"]);
        assert_eq!(BTreeSet::from_iter(all(&doors, "grid_name")).len(), 1, "one grid");
        doors.as_array().unwrap().iter().map(|d| d["household"].as_str().unwrap().to_owned()).collect()
    };
    let (first, second) = (doors(&wang), doors(&he));
    assert!(first.is_disjoint(&second));
    assert_eq!(first.len() + second.len(), 62, "together all doors of the book");
    let people = |phone: &crate::harness::Phone| phone.does(["status"])["residents"].as_u64().unwrap();
    assert_eq!(people(&wang) + people(&he), 170, "and everybody");
}

#[test]
fn a_first_sync_that_breaks_off_keeps_what_came_and_goes_on_from_there() {
    let office = Office::with(&ledger("community"));
    let leader = office.does(["staff"]);
    let leader =
        leader.as_array().unwrap().iter().find(|m| m["title"] == "网格长").unwrap()["id"].as_str().unwrap().to_owned();
    let phone = office.phone(&leader);
    // Somewhere in the second page, and at once when it tries again.
    office.wire.next([Fate::CutReplyAfter(80_000), Fate::CutReplyAfter(0), Fate::CutReplyAfter(0)]);
    assert_eq!(phone.fails(5, ["sync"]).0, "no_connection");
    let status = phone.does(["status"]);
    let came = status["documents"].as_u64().unwrap();
    assert!(came > 0 && status["complete"] == false, "{status}");
    let doors = phone.does(["doors"]);
    assert!(!doors.as_array().unwrap().is_empty(), "it can be used before it is complete");
    let rest = phone.syncs()["pulled"].as_u64().unwrap();
    let at_once = office.phone(&leader);
    let whole = at_once.syncs()["pulled"].as_u64().unwrap();
    assert!(rest + came <= whole && whole > 500, "{came} came, then {rest}; at once {whole}");
    settle(&office, &[&phone, &at_once]);
    assert_eq!(phone.does(["status"])["documents"], at_once.does(["status"])["documents"]);
}

#[test]
fn a_phone_whose_right_was_taken_back_hands_over_what_it_holds_and_is_empty() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "最后一次走访"]);
    let device = wang.does(["status"])["device"].as_str().unwrap().to_owned();
    office.does(["devices", "--revoke", &device]);
    let (code, sentence) = wang.fails(1, ["sync"]);
    assert_eq!(code, "revoked");
    assert!(sentence.contains("没送出的已交社区保存"), "{sentence}");
    assert!(!wang.home().join("field.db").exists() && !wang.home().join("keystore.json").exists());
    let held = office.does(["quarantine"]);
    assert_eq!((held.as_array().map(Vec::len), held[0]["code"].as_str()), (Some(1), Some("revoked")));
    office.does(["quarantine", "release", &held[0]["id"].to_string()]);
    settle(&office, &[&li]);
    assert_eq!(all(&li.door("1-1-202")["visits"], "note"), ["最后一次走访"]);
}

#[test]
fn who_moves_to_the_other_grid_leaves_this_phone_and_comes_to_that_one() {
    let office = Office::with_ledger();
    // Whoever has both grids sees where somebody goes.
    let (wang, he, both) = (office.phone("马桂"), office.phone("何巴"), office.phone_for("阿茹娜", "第二网格"));
    settle(&office, &[&wang, &he, &both]);
    let there = he.does(["doors"])[0]["address"].as_str().unwrap().to_owned();
    both.does(["resident", "move", "1-1-202 何志刚", "--to", &there, "--on", "2026-05-01"]);
    settle(&office, &[&both, &wang, &he]);
    assert!(wang.does(["search", "何志刚"])["hits"].as_array().unwrap().is_empty());
    assert_eq!(all(&he.door(&there)["people"], "name").iter().filter(|n| **n == "何志刚").count(), 1);
    he.does(["resident", "correct", &format!("{there} 何志刚"), "电话", "13909990000"]);
    settle(&office, &[&he, &wang, &both]);
}
