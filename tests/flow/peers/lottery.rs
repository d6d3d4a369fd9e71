use crate::harness::folder::files;
use crate::harness::foreign::in_rust;
use crate::harness::page::{all, field, line, person};
use crate::harness::pocket::Pocket;
use crate::harness::{Office, Phone, settle};
use crate::s6_conflict::{number, two_numbers, writes};
use qiaomen_client::Intent;
use qiaomen_proto::change::Answer;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// Tangerine #2484: of two tablets the one that synced last won.
#[test]
fn who_syncs_first_does_not_matter() {
    let mut office = Office::with_ledger();
    let phones = [office.phone("马桂"), office.phone("谢建"), office.phone("阿茹娜")];
    settle(&office, &phones.each_ref());
    for (n, phone) in phones.iter().enumerate() {
        writes(phone, &format!("1390999000{n}"));
        phone.does(["household", "correct", "1-1-202", "常住人数", &format!("{}", n + 2)]);
        phone.does(["resident", "correct", "1-1-301 孙洋", "语言", ["汉语", "蒙古语", "达斡尔语"][n]]);
        phone.does(["household", "add", "--building", "1号楼", "--unit", "9", "--room", "901"]);
        phone.does(["visit", "1-1-202", "--outcome", "met", "--note", &format!("走访 {n}")]);
    }
    phones[1].does(["resident", "refuse", "1-1-301 孙洋", "电话"]);
    phones[2].does(["resident", "correct", "1-1-301 孙洋", "电话", "13909990009"]);
    office.kill();
    let evening = office.beside("evening");
    keep(&office.data(), &evening.join("office"));
    for (n, phone) in phones.iter().enumerate() {
        keep(&phone.home(), &evening.join(n.to_string()));
    }
    let mut books = Vec::new();
    for (round, order) in ORDERS.into_iter().enumerate() {
        office.kill();
        put_back(&evening.join("office"), &office.data());
        for (n, phone) in phones.iter().enumerate() {
            put_back(&evening.join(n.to_string()), &phone.home());
        }
        office.serve();
        for n in order {
            phones[n].syncs();
        }
        settle(&office, &phones.each_ref());
        let documents = in_rust(&office.documents(&format!("documents-{round}")));
        let shown = json!(phones.each_ref().map(|phone| {
            (number(phone)["value"].clone(), field(&phone.door("1-1-202"), "people_count")["value"].clone())
        }));
        books.push((order, documents, conflicts(&office), shown));
    }
    let (_, documents, listed, shown) = &books[0];
    assert_eq!(listed.as_array().map(Vec::len), Some(3), "{listed:#}");
    for (order, other_documents, other_listed, other_shown) in &books[1..] {
        assert!(other_documents == documents, "{order:?} gives other documents");
        assert_eq!((other_listed, other_shown), (listed, shown), "{order:?}");
    }
}

/// What is in dispute, without what says when it came in.
fn conflicts(office: &Office) -> Value {
    let mut found: Vec<Value> = office
        .conflicts()
        .iter()
        .map(|c| json!([c["place"], c["field"], c["shown"], c["why"], all(&c["candidates"], "value")]))
        .collect();
    found.sort_by_key(Value::to_string);
    json!(found)
}

fn keep(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in files(from) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}
fn put_back(from: &Path, to: &Path) {
    fs::remove_dir_all(to).unwrap();
    keep(from, to);
}

/// Tangerine #2410, #2441: an old tablet overwrote the office's correction. Simple: the newer phone clock wins.
#[test]
fn a_stale_tablet_does_not_overwrite_the_office() {
    const A_YEAR_MS: u64 = 365 * 24 * 3600 * 1000;
    let office = Office::with_ledger();
    let mut tablet = Pocket::enrolled(&office, "程玉娟", A_YEAR_MS);
    tablet.syncs();
    let (wang, li) = two_numbers(&office);
    let conflict = office.conflict();
    let choice = line(&conflict["candidates"], "value", "13909990001")["label"].as_str().unwrap();
    office.decides(&conflict, ["--take", choice]);
    settle(&office, &[&wang, &li]);
    // The tablet was in a drawer all the time, and its date is a year ahead.
    let who = person(&wang.door("1-1-202"), "何志刚")["resident"].as_str().unwrap().parse().unwrap();
    let answer = Answer::Value("13909990009".to_owned());
    tablet.device.edit(Intent::CorrectResident { resident: who, field: "phone".to_owned(), answer }).unwrap();
    tablet.syncs();
    settle(&office, &[&wang, &li]);
    for phone in [&wang, &li] {
        let shown = number(phone);
        assert_eq!((&shown["value"], &shown["why"]), (&json!("13909990001"), &json!("decided")));
    }
    // Nor is what the tablet said lost: it waits for somebody, beside what was decided.
    let late = office.conflict();
    assert_eq!((&late["kind"], &late["shown"]), (&json!("late_update"), &json!("13909990001")));
    assert_eq!(all(&late["candidates"], "value"), ["13909990001", "13909990009"]);
}

/// A consent that was withdrawn came back with the next sync of whoever had not heard of it.
#[test]
fn a_withdrawn_consent_is_not_resurrected() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    consents(&wang, "是");
    settle(&office, &[&wang, &li]);
    consents(&wang, "否");
    wang.syncs();
    // 谢建 has not heard of it; he writes what he had always heard, later, and syncs last.
    li.does(["resident", "refuse", "1-1-202 何志刚", "同意采集"]);
    consents(&li, "是");
    settle(&office, &[&li, &wang]);
    for phone in [&wang, &li] {
        let shown = consent(phone);
        assert_eq!((&shown["value"], &shown["why"]), (&json!("否"), &json!("refusal")), "{shown:#}");
    }
    // Whoever knows of the withdrawal, asked again and was told yes, may say so.
    consents(&wang, "是");
    settle(&office, &[&li, &wang]);
    for phone in [&wang, &li] {
        assert_eq!(consent(phone)["value"], "是");
    }
}

fn consents(phone: &Phone, answer: &str) {
    phone.does(["resident", "correct", "1-1-202 何志刚", "同意采集", answer]);
}
fn consent(phone: &Phone) -> Value {
    field(person(&phone.door("1-1-202"), "何志刚"), "consent").clone()
}
