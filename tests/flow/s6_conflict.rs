use crate::harness::page::{all, field, line, person};
use crate::harness::{Office, Phone, settle};
use serde_json::{Value, json};

/// One resident's phone number on a phone.
pub(crate) fn number(phone: &Phone) -> Value {
    field(person(&phone.door("1-1-202"), "何志刚"), "phone").clone()
}
/// Writes another one down.
pub(crate) fn writes(phone: &Phone, number: &str) {
    phone.does(["resident", "correct", "1-1-202 何志刚", "电话", number]);
}

/// Two phones, each with another number for 何志刚, and both at the office.
pub(crate) fn two_numbers(office: &Office) -> (Phone, Phone) {
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(office, &[&wang, &li]);
    writes(&wang, "13909990001");
    writes(&li, "13909990002");
    settle(office, &[&wang, &li]);
    (wang, li)
}

#[test]
fn two_phone_numbers_for_one_resident_are_one_conflict_with_both_who_and_when() {
    let office = Office::with_ledger();
    let (wang, li) = two_numbers(&office);
    let conflict = office.conflict();
    assert_eq!(
        (&conflict["field"], &conflict["state"], &conflict["kind"]),
        (&json!("phone"), &json!("open"), &json!("conflict"))
    );
    assert_eq!(conflict["place"], "1号楼1单元202 何志刚");
    let candidates = &conflict["candidates"];
    assert_eq!(all(candidates, "value"), ["13909990001", "13909990002"]);
    for (name, number) in [("马桂", "13909990001"), ("谢建", "13909990002")] {
        let candidate = line(candidates, "value", number);
        assert_eq!((&candidate["worker_name"], &candidate["worker_title"]), (&json!(name), &json!("网格员")));
        assert!(candidate["at_ms"].as_u64() > Some(1_700_000_000_000), "{candidate:#}");
        // It came as soon as it was written: nothing says that there was no signal.
        assert!(candidate["received_ms"].is_u64() && candidate["offline"].is_null(), "{candidate:#}");
    }
    // What holds meanwhile is the same for everybody, and said to be for now.
    assert_eq!((&conflict["shown"], &conflict["why"]), (&json!("13909990002"), &json!("latest")));
    for phone in [&wang, &li] {
        let shown = number(phone);
        assert_eq!(
            (&shown["value"], &shown["why"], &shown["conflict"]),
            (&conflict["shown"], &conflict["why"], &json!(true))
        );
        assert_eq!(all(&shown["candidates"], "value"), all(candidates, "value"));
        let mine = phone.does(["conflicts"]);
        assert_eq!(
            (mine.as_array().map(Vec::len), &mine[0]["mine"], &mine[0]["title"]),
            (Some(1), &json!(true), &json!("何志刚"))
        );
    }
    settle(&office, &[&wang, &li]);
}

#[test]
fn a_refusal_holds_against_a_number_until_somebody_decides_and_equal_words_are_no_conflict() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    li.does(["resident", "refuse", "1-1-202 何志刚", "电话"]);
    writes(&wang, "13909990001");
    for phone in [&wang, &li] {
        phone.does(["household", "correct", "1-1-202", "常住人数", "2"]);
    }
    settle(&office, &[&wang, &li]);
    let conflict = office.conflict();
    assert_eq!(
        (&conflict["field"], &conflict["why"]),
        (&json!("phone"), &json!("refusal")),
        "the number of people is agreed on"
    );
    for phone in [&wang, &li] {
        let shown = number(phone);
        assert_eq!((&shown["state"], &shown["why"]), (&json!("refused"), &json!("refusal")));
    }
    settle(&office, &[&wang, &li]);
}

#[test]
fn different_fields_of_one_person_are_merged_by_themselves_and_shown_to_who_wants_to_look() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    writes(&wang, "13909990001");
    li.does(["resident", "correct", "1-1-202 何志刚", "工作单位", "镇供热站"]);
    settle(&office, &[&wang, &li]);
    assert!(office.conflicts().is_empty());
    let list = office.does(["conflicts", "--parallel", "--kind", "居民"]);
    let parallel = line(&list, "place", "1号楼1单元202 何志刚");
    assert_eq!((&parallel["kind_label"], &parallel["by_rule"]), (&json!("并行修改"), &json!([])));
    let mut said: Vec<String> = parallel["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {}", e["worker_name"].as_str().unwrap(), e["what"][0].as_str().unwrap()))
        .collect();
    said.sort();
    assert_eq!(said, ["谢建 工作单位：镇供热站", "马桂 联系电话：13909990001"]);
}
