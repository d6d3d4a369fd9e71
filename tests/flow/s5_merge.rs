use crate::harness::foreign::{in_javascript, in_rust};
use crate::harness::page::{all, field, person};
use crate::harness::{Office, settle};
use serde_json::json;

#[test]
fn the_same_door_written_down_on_two_phones_is_one_household_with_both_sides_entries() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    // Each spells it otherwise; neither knows of the other.
    let first = wang.does(["household", "add", "--building", "1号楼", "--unit", "9单元", "--room", "901室"]);
    let second = li.does(["household", "add", "--building", "1", "--unit", "9", "--room", "901"]);
    assert_eq!(first["household"], second["household"], "one door, one id");
    wang.does(["household", "correct", "1-9-901", "居住情况", "出租"]);
    wang.does(["resident", "add", "--door", "1-9-901", "--name", "乌仁图雅", "--phone", "13909990001"]);
    wang.does(["visit", "1-9-901", "--outcome", "met", "--note", "马桂来过"]);
    li.does(["household", "correct", "1-9-901", "常住人数", "3"]);
    li.does(["resident", "add", "--door", "1-9-901", "--name", "包铁柱", "--phone", "拒绝"]);
    li.does(["household", "note", "1-9-901", "门铃坏了"]);
    li.does(["call", "1-9-901", "--outcome", "not-home", "--note", "谢建打过"]);
    settle(&office, &[&wang, &li]);

    assert!(office.conflicts().is_empty());
    for phone in [&wang, &li] {
        let door = phone.door("1-9-901");
        assert_eq!(all(&door["people"], "name"), ["乌仁图雅", "包铁柱"]);
        assert_eq!(field(person(&door, "乌仁图雅"), "phone")["value"], "13909990001");
        assert_eq!(field(person(&door, "包铁柱"), "phone")["state"], "refused");
        assert_eq!((&door["door"]["use"], &door["door"]["people_count"]), (&json!("出租"), &json!(3)));
        assert_eq!(all(&door["notes"], "text"), ["门铃坏了"]);
        assert_eq!(all(&door["visits"], "note"), ["谢建打过", "马桂来过"]);
        let found = phone.does(["search", "1-9-901"]);
        assert_eq!(all(&found["hits"], "kind").iter().filter(|k| **k == "door").count(), 1, "{found:#}");
    }
}

#[test]
fn two_work_the_same_matter_without_signal_and_everybody_sees_one_course_of_events() {
    let office = Office::with_ledger();
    let (wang, cheng) = (office.phone("马桂"), office.phone("程玉娟"));
    settle(&office, &[&wang, &cheng]);
    let told = wang.does(["ticket", "report", "--category", "路灯损坏", "--door", "1-1-202", "楼道灯坏了"]);
    let ticket = told["ticket"].as_str().unwrap();
    settle(&office, &[&wang, &cheng]);
    for (phone, note) in [(&wang, "马桂换了灯泡"), (&cheng, "程玉娟叫了物业")] {
        phone.does(["ticket", "advance", ticket, "办理", "--note", note]);
        phone.does(["ticket", "advance", ticket, "反馈", "--note", "已告知住户"]);
    }
    cheng.does(["ticket", "advance", ticket, "核查"]);
    cheng.does(["ticket", "advance", ticket, "办结"]);
    wang.does(["ticket", "note", ticket, "住户白天不在家"]);
    settle(&office, &[&wang, &cheng]);
    let pages = [wang.does(["ticket", "show", ticket]), cheng.does(["ticket", "show", ticket])];
    for page in &pages {
        assert_eq!(page["timeline"].as_array().map(Vec::len), Some(7), "nobody's step is lost: {page:#}");
        assert_eq!(all(&page["notes"], "text"), ["住户白天不在家"]);
        assert_eq!((&page["ticket"]["stage_title"], &page["ticket"]["is_open"]), (&json!("已办结"), &json!(false)));
    }
    let course = |page: &serde_json::Value| -> Vec<_> {
        page["timeline"].as_array().unwrap().iter().map(|e| (e["event"].clone(), e["stage"].clone())).collect()
    };
    assert_eq!(course(&pages[0]), course(&pages[1]));
}

#[test]
fn the_documents_say_the_same_in_javascript_as_in_rust_and_on_the_phones() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    for (phone, count, number) in [(&wang, "3", "13909990001"), (&li, "4", "13909990002")] {
        phone.does(["household", "correct", "1-1-202", "常住人数", count]);
        phone.does(["resident", "correct", "1-1-202 何志刚", "电话", number]);
        phone.does(["resident", "refuse", "1-1-301 孙洋", "人员类别"]);
        phone.does(["resident", "correct", "1-1-301 孙洋", "同意采集", "是"]);
        phone.does(["ticket", "report", "--category", "路灯损坏", "--door", "1-1-301", "灯不亮"]);
        phone.does(["visit", "1-1-301", "--outcome", "met", "--note", "都在家"]);
    }
    settle(&office, &[&wang, &li]);

    let folder = office.documents("documents");
    let office_has = in_javascript(&folder);
    assert_eq!(office_has, in_rust(&folder), "JavaScript and Rust read the same");
    for phone in [&wang, &li] {
        let theirs = in_javascript(&phone.documents("documents"));
        assert!(theirs.len() > 90, "{} documents", theirs.len());
        for (name, document) in &theirs {
            assert_eq!(Some(document), office_has.get(name), "{name}");
        }
        for door in ["1-1-202", "1-1-301"] {
            let page = phone.door(door);
            shows(&page["fields"], &office_has[&format!("household/{}", page["door"]["household"].as_str().unwrap())]);
            for person in page["people"].as_array().unwrap() {
                shows(&person["fields"], &office_has[&format!("resident/{}", person["resident"].as_str().unwrap())]);
            }
        }
    }
}

/// What a phone shows of plain fields is what JavaScript reads at their places; of sealed ones it reads
/// bytes.
fn shows(fields: &serde_json::Value, document: &serde_json::Value) {
    let as_document = |said: &serde_json::Value| match said["state"].as_str() {
        Some("value") => said["value"].as_str().unwrap().to_owned(),
        Some("refused") => "-1".to_owned(),
        other => panic!("{other:?}"),
    };
    for field in fields.as_array().unwrap().iter().filter(|f| f["state"] != "not_asked") {
        let place = &document["places"][format!("fields.{}", field["field"].as_str().unwrap())];
        let read: Vec<&serde_json::Value> = match place["conflicts"].as_object() {
            Some(conflicts) => conflicts.values().collect(),
            None => vec![&place["value"]],
        };
        if read.iter().any(|value| value["bytes"].is_string()) {
            continue;
        }
        let mut read: Vec<String> = read.into_iter().map(in_words).collect();
        let mut shown: Vec<String> = match field["candidates"].as_array() {
            Some(candidates) if !candidates.is_empty() => candidates.iter().map(as_document).collect(),
            _ => vec![as_document(field)],
        };
        for list in [&mut read, &mut shown] {
            list.sort();
            list.dedup();
        }
        assert_eq!(shown, read, "{field:#}");
    }
}

fn in_words(value: &serde_json::Value) -> String {
    match (value["str"].as_str(), value["number"].as_i64(), value["bool"].as_bool()) {
        (Some(text), _, _) => text.to_owned(),
        (_, Some(number), _) => number.to_string(),
        (_, _, Some(flag)) => if flag { "是" } else { "否" }.to_owned(),
        _ => panic!("{value}"),
    }
}
