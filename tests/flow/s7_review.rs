use crate::harness::page::{all, field, line, person};
use crate::harness::{Office, Phone, settle};
use crate::s6_conflict::{number, two_numbers, writes};
use serde_json::json;

/// The letter under which a value is listed.
fn letter(conflict: &serde_json::Value, value: &str) -> String {
    line(&conflict["candidates"], "value", value)["label"].as_str().unwrap().to_owned()
}

#[track_caller]
fn everybody_has(phones: &[&Phone], value: &str, why: &str) {
    for phone in phones {
        let shown = number(phone);
        assert_eq!((&shown["value"], &shown["why"]), (&json!(value), &json!(why)), "{}: {shown:#}", phone.name);
    }
}

#[test]
fn a_decision_reaches_both_phones_and_undoing_it_gives_back_what_it_had_settled() {
    let office = Office::with_ledger();
    let (wang, li) = two_numbers(&office);
    let conflict = office.conflict();
    office.decides(&conflict, ["--take", &letter(&conflict, "13909990001")]);
    assert!(office.conflicts().is_empty());
    settle(&office, &[&wang, &li]);
    everybody_has(&[&wang, &li], "13909990001", "decided");
    assert!(!number(&wang)["conflict"].as_bool().unwrap());

    office.does(["undo", &conflict["id"].to_string()]);
    settle(&office, &[&wang, &li]);
    assert_eq!(all(&office.conflict()["candidates"], "value"), ["13909990001", "13909990002"]);
    everybody_has(&[&wang, &li], "13909990002", "latest");

    office.decides(&office.conflict(), ["--value", "139-0999-0003"]);
    settle(&office, &[&wang, &li]);
    everybody_has(&[&wang, &li], "13909990003", "decided");
    // Who has seen the decision and knows better corrects it.
    writes(&wang, "13909990004");
    settle(&office, &[&wang, &li]);
    assert!(office.conflicts().is_empty());
    assert_eq!((&number(&li)["value"], &number(&li)["conflict"]), (&json!("13909990004"), &json!(false)));
}

#[test]
fn a_phone_that_had_not_seen_the_decision_does_not_overwrite_it_but_asks_for_a_review() {
    let office = Office::with_ledger();
    let third = office.phone("阿茹娜");
    third.syncs();
    let (wang, li) = two_numbers(&office);
    let conflict = office.conflict();
    office.decides(&conflict, ["--take", &letter(&conflict, "13909990001")]);
    settle(&office, &[&wang, &li]);
    // It has been without signal since before either number was written.
    writes(&third, "13909990009");
    settle(&office, &[&third, &wang, &li]);
    let late = office.conflict();
    assert_eq!(
        (&late["kind"], &late["why"], &late["shown"]),
        (&json!("late_update"), &json!("decided"), &json!("13909990001"))
    );
    assert_eq!(all(&late["candidates"], "value"), ["13909990001", "13909990009"]);
    everybody_has(&[&wang, &li, &third], "13909990001", "decided");

    // Taking the first decision back puts all three side by side.
    office.does(["undo", &conflict["id"].to_string()]);
    settle(&office, &[&third, &wang, &li]);
    let all_three = office.conflict();
    assert_eq!(all(&all_three["candidates"], "value"), ["13909990001", "13909990002", "13909990009"]);
    office.decides(&all_three, ["--take", &letter(&all_three, "13909990009")]);
    settle(&office, &[&third, &wang, &li]);
    everybody_has(&[&wang, &li, &third], "13909990009", "decided");
}

#[test]
fn who_saw_both_values_and_types_a_third_is_one_more_candidate_and_no_silent_winner() {
    let office = Office::with_ledger();
    let (wang, li) = two_numbers(&office);
    let fourth = office.phone("程玉娟");
    fourth.syncs();
    assert_eq!(all(&number(&fourth)["candidates"], "value"), ["13909990001", "13909990002"]);
    let seen = office.conflict();
    writes(&fourth, "13909990004");
    settle(&office, &[&fourth, &wang, &li]);
    let conflict = office.conflict();
    assert_eq!(conflict["id"], seen["id"], "still the same question");
    assert_eq!(all(&conflict["candidates"], "value"), ["13909990001", "13909990002", "13909990004"]);
    for phone in [&wang, &li, &fourth] {
        assert_eq!(all(&number(phone)["candidates"], "value"), all(&conflict["candidates"], "value"));
    }
    // Whoever looked before she joined is asked again.
    let how = ["decide", &seen["id"].to_string(), "--take", "A", "--seen", seen["seen"].as_str().unwrap()];
    assert_eq!(office.told(how).failed(1).0, "candidates_changed");
    settle(&office, &[&wang, &li, &fourth]);
}

#[test]
fn both_can_be_taken_where_a_field_holds_several_and_nowhere_else() {
    let office = Office::with_ledger();
    let (wang, li) = two_numbers(&office);
    let phone = office.conflict();
    let both = |conflict: &serde_json::Value| office.told(["decide", &conflict["id"].to_string(), "--both"]);
    assert_eq!(both(&phone).failed(1).0, "choice_not_possible");
    wang.does(["resident", "correct", "1-1-301 孙洋", "人员类别", "独居老人"]);
    li.does(["resident", "correct", "1-1-301 孙洋", "人员类别", "低保"]);
    settle(&office, &[&wang, &li]);
    let conflicts = json!(office.conflicts());
    let categories = line(&conflicts, "field", "categories");
    assert_eq!(categories["why"], "all", "nothing that was noted about her disappears meanwhile");
    both(categories).done();
    settle(&office, &[&wang, &li]);
    for phone in [&wang, &li] {
        let shown = field(person(&phone.door("1-1-301"), "孙洋"), "categories").clone();
        assert_eq!((&shown["value"], &shown["why"]), (&json!("低保,独居老人"), &json!("decided")));
    }
}

#[test]
fn a_clerk_decides_many_by_a_rule_after_seeing_what_it_would_do_and_takes_it_back_as_one() {
    let office = Office::with_ledger();
    let (wang, li) = two_numbers(&office);
    wang.does(["household", "correct", "1-1-202", "常住人数", "2"]);
    li.does(["household", "correct", "1-1-202", "常住人数", "3"]);
    settle(&office, &[&wang, &li]);
    let counts = office.does(["conflicts", "--counts"]);
    assert_eq!((&counts["total"], &counts["by_grid"][0]["count"]), (&json!(2), &json!(2)));
    assert_eq!(office.does(["conflicts", "--field", "联系电话", "--door", "1-1-202"]).as_array().unwrap().len(), 1);

    let rule = ["decide", "--rule", "later", "--field", "phone"];
    assert_eq!(office.told(rule).failed(2).0, "usage", "nothing is decided that was not shown");
    let shown = office.does(rule.into_iter().chain(["--preview"]));
    assert_eq!(all(&shown["decides"], "text"), ["13909990002"]);
    let token = shown["token"].as_str().unwrap();
    let done = office.does(["decide", "--token", token]);
    assert_eq!((all(&done["decided"], "text"), office.conflicts().len()), (vec!["13909990002"], 1));
    settle(&office, &[&wang, &li]);
    everybody_has(&[&wang, &li], "13909990002", "decided");
    assert_eq!(office.told(["decide", "--token", token]).failed(1).0, "choice_not_possible");

    let back = office.does(["undo", "--bulk", &done["bulk"].to_string()]);
    assert_eq!((back["undone"].as_array().unwrap().len(), office.conflicts().len()), (1, 2));
    settle(&office, &[&wang, &li]);
    everybody_has(&[&wang, &li], "13909990002", "latest");
}

#[test]
fn what_is_held_is_listed_with_what_to_do_written_to_a_file_and_put_away_with_a_reason() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("李芳"));
    settle(&office, &[&wang, &li]);
    wang.does(["household", "add", "--building", "2号楼", "--unit", "9", "--room", "901"]);
    wang.syncs();
    let held = office.does(["quarantine", "--code", "out_of_scope", "--worker", "马桂", "--door", "2号楼"]);
    let one = &held[0];
    assert_eq!(
        (&one["places"][0], &one["grids"][0], &one["fits"]),
        (&json!("2号楼9单元901"), &json!("第二网格"), &json!(true))
    );
    assert!(one["todo"].as_str().is_some_and(|todo| todo.contains("放行") && todo.contains("作废")), "{one:#}");
    assert_eq!(office.told(["quarantine", "--worker", "没有这个人"]).failed(1).0, "malformed");

    let out = office.beside("held.json");
    let export = ["quarantine", "--state", "all", "export", "--out", out.to_str().unwrap()];
    assert_eq!(office.does(export)["commands"], 1);
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!((&file["commands"][0]["code"], &file["community"]), (&json!("out_of_scope"), &json!("和顺社区")));
    assert!(file["commands"][0]["command_bytes"].as_str().is_some_and(|bytes| bytes.len() > 40));
    let before = std::fs::metadata(&out).unwrap();
    assert_eq!(office.told(export).failed(1).0, "not_empty", "a file that is there is left alone");
    assert_eq!(std::fs::metadata(&out).unwrap().len(), before.len());
    let nothing = office.beside("nothing.json");
    let none = ["quarantine", "--state", "released", "export", "--out", nothing.to_str().unwrap()];
    assert_eq!((&office.does(none)["commands"], nothing.exists()), (&json!(0), false));

    let id = one["id"].to_string();
    assert_eq!(office.told(["quarantine", "discard", &id, "--reason", "?"]).failed(2).0, "usage");
    office.does(["quarantine", "discard", &id, "--reason", "单元写错了,已重新登记"]);
    let away = office.does(["quarantine", "--state", "discarded"]);
    assert_eq!((&away[0]["reason"], &away[0]["places"]), (&json!("单元写错了,已重新登记"), &one["places"]));
    wang.syncs();
}
