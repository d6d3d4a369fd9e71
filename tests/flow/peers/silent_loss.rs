use crate::harness::folder::files;
use crate::harness::page::{all, field, line, person};
use crate::harness::{Office, Phone, settle};
use qiaomen_proto::ids::{GridId, WorkerId};
use qiaomen_server::office::Office as Book;
use serde_json::{Value, json};
use std::fs;

fn held(office: &Office) -> Vec<Value> {
    office.does(["quarantine"]).as_array().expect("a list").clone()
}
/// Lets everything in that the office keeps.
fn releases_everything(office: &Office) {
    for one in held(office) {
        office.does(["quarantine", "release", &one["id"].to_string()]);
    }
}
fn phone_number(phone: &Phone, door: &str, name: &str) -> Value {
    field(person(&phone.door(door), name), "phone")["value"].clone()
}

/// Community Health Toolkit, cht-core #5701: a contact moves to another place; what the old worker, still
/// without signal, wrote about her after that never synced, and nobody was told.
#[test]
fn a_moved_residents_later_edits_arrive() {
    let office = Office::with_ledger();
    let (wang, he, both) = (office.phone("马桂"), office.phone("何巴"), office.phone_for("阿茹娜", "第二网格"));
    settle(&office, &[&wang, &he, &both]);
    let there = he.does(["doors"])[0]["address"].as_str().unwrap().to_owned();
    both.does(["resident", "move", "1-1-202 何志刚", "--to", &there, "--on", "2026-05-01"]);
    both.syncs();
    // 马桂 does not know of it.
    wang.does(["resident", "correct", "1-1-202 何志刚", "电话", "13909990001"]);
    wang.does(["resident", "note", "1-1-202 何志刚", "听力不好"]);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "何志刚在收拾东西"]);
    wang.syncs();
    // What she wrote is in the book or lies before the office: it is not on its way any more, and not gone.
    let outbox = json!(wang.outbox());
    assert!(all(&outbox, "state").iter().all(|state| *state == "quarantined"), "{outbox:#}");
    assert_eq!(held(&office).len(), outbox.as_array().unwrap().len());
    releases_everything(&office);
    settle(&office, &[&wang, &he, &both]);
    assert!(wang.outbox().is_empty());
    assert_eq!(phone_number(&he, &there, "何志刚"), "13909990001");
    assert!(all(&person(&he.door(&there), "何志刚")["notes"], "text").contains(&"听力不好"));
    assert_eq!(all(&wang.door("1-1-202")["visits"], "note"), ["何志刚在收拾东西"]);
    // Whoever has the grid now goes on from there.
    he.does(["resident", "correct", &format!("{there} 何志刚"), "电话", "13909990002"]);
    settle(&office, &[&wang, &he, &both]);
    assert_eq!(phone_number(&both, &there, "何志刚"), "13909990002");
    assert!(office.conflicts().is_empty());
}

/// SORMAS #403: a case was dropped because the officer who had written it lost access to its district before
/// her tablet had synced.
#[test]
fn a_worker_who_lost_access_loses_nothing() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "还有权限时的走访"]);
    wang.does(["resident", "add", "--door", "1-1-101", "--name", "乌仁图雅", "--phone", "13909990001"]);
    loses_her_grids(&office, &wang);
    wang.does(["household", "note", "1-1-202", "没有权限以后的备注"]);
    wang.syncs();
    // Of what she did while the grid was hers the office takes at once, the rest it keeps and looks at.
    let outbox = json!(wang.outbox());
    assert!(all(&outbox, "state").iter().all(|state| *state == "quarantined"), "{outbox:#}");
    assert_eq!(held(&office).len(), outbox.as_array().unwrap().len());
    releases_everything(&office);
    settle(&office, &[&wang, &li]);
    assert!(wang.outbox().is_empty());
    assert_eq!(all(&li.door("1-1-202")["visits"], "note"), ["还有权限时的走访"]);
    assert_eq!(all(&li.door("1-1-202")["notes"], "text"), ["没有权限以后的备注"]);
    assert_eq!(phone_number(&li, "1-1-101", "乌仁图雅"), "13909990001");
    // And the grid is not on her phone any more.
    assert_eq!(wang.fails(1, ["door", "1-1-202"]).0, "not_found");
}

/// The office takes every grid away from a worker.
fn loses_her_grids(office: &Office, phone: &Phone) {
    let worker: WorkerId = phone.does(["status"])["worker"].as_str().unwrap().parse().unwrap();
    let book = Book::open(&office.data()).unwrap();
    let now_ms = book.now_ms();
    let taken = book.store().write(move |tx| -> Result<usize, qiaomen_server::store::StoreError> {
        let grids: Vec<GridId> = tx.grids_at(worker, now_ms)?;
        grids.iter().try_for_each(|grid| tx.take_grid(worker, *grid, now_ms))?;
        Book::grants_changed(tx)?;
        Book::reference_changed(tx)?;
        Ok(grids.len())
    });
    assert_eq!(taken.unwrap(), 1);
}

/// Tangerine #2722: a record was lost in a merge, and no list of conflicts named it.
#[test]
fn a_record_is_never_lost_without_a_listed_conflict() {
    let office = Office::with_ledger();
    let phones = [office.phone("马桂"), office.phone("谢建"), office.phone("阿茹娜")];
    settle(&office, &phones.each_ref());
    for (n, phone) in phones.iter().enumerate() {
        let language = ["汉语", "蒙古语", "达斡尔语"][n];
        for (label, value) in
            [("电话", &*format!("1390999000{n}")), ("工作单位", &format!("单位{n}")), ("语言", language)]
        {
            phone.does(["resident", "correct", "1-1-202 何志刚", label, value]);
        }
        phone.does(["household", "correct", "1-1-202", "常住人数", &format!("{}", n + 2)]);
        phone.does(["household", "note", "1-1-202", &format!("备注 {n}")]);
        phone.does(["visit", "1-1-202", "--outcome", "met", "--note", &format!("走访 {n}")]);
        phone.does(["ticket", "report", "--category", "路灯损坏", "--door", "1-1-202", &format!("诉求 {n}")]);
    }
    settle(&office, &phones.each_ref());
    let conflicts = json!(office.conflicts());
    for phone in &phones {
        let door = phone.door("1-1-202");
        // Records are all there.
        for (list, name, what) in [("notes", "text", "备注"), ("visits", "note", "走访"), ("tickets", "text", "诉求")]
        {
            let there = all(&door[list], name);
            assert!((0..3).all(|n| there.contains(&format!("{what} {n}").as_str())), "{there:?}");
        }
        // Every value that somebody wrote stands on the page, with who wrote it; and where a person has to
        // decide between them, the office has a conflict with all of them.
        let person = person(&door, "何志刚");
        let values = |what: [&str; 3]| what.map(str::to_owned);
        for (shown, review, mut written) in [
            (field(person, "phone"), true, values(["13909990000", "13909990001", "13909990002"])),
            (field(&door, "people_count"), true, values(["2", "3", "4"])),
            (field(person, "employer"), false, values(["单位0", "单位1", "单位2"])),
            (field(person, "languages"), false, values(["汉语", "蒙古语", "达斡尔语"])),
        ] {
            written.sort_unstable();
            assert_eq!(all(&shown["candidates"], "value"), written, "{shown:#}");
            assert_eq!(shown["conflict"], review, "{shown:#}");
            let listed = conflicts.as_array().unwrap().iter().filter(|c| c["field"] == shown["field"]);
            let listed: Vec<_> = listed.map(|c| all(&c["candidates"], "value")).collect();
            assert_eq!(listed, if review { vec![written.each_ref().map(String::as_str).to_vec()] } else { vec![] });
        }
    }
}

/// DHIS2's Android SDK: logging in as somebody else on the same tablet deletes what had not been sent.
#[test]
fn switching_the_user_deletes_nothing() {
    let office = Office::with_ledger();
    let phone = office.phone("马桂");
    phone.syncs();
    phone.does(["visit", "1-1-202", "--outcome", "met", "--note", "马桂的走访"]);
    let code = office.code("谢建");
    let enrol = ["enrol", "--server", &office.wire.url(), "--code", &code];
    let (refused, sentence) = phone.fails(1, enrol);
    assert_eq!(refused, "other_worker");
    assert!(sentence.contains("没送出"), "{sentence}");
    // Nothing happened to it: it is 马桂's, with her work.
    assert_eq!(phone.does(["status"])["worker_name"], "马桂");
    assert_eq!(all(&json!(phone.outbox()), "sentence"), ["1号楼1单元202：走访，见到"]);
    phone.does(["household", "note", "1-1-202", "马桂的备注"]);
    phone.syncs();
    // Once her work is at the office, the same code makes it his.
    phone.does(enrol);
    settle(&office, &[&phone]);
    assert_eq!(phone.does(["status"])["worker_name"], "谢建");
    let door = phone.door("1-1-202");
    assert_eq!(line(&door["visits"], "note", "马桂的走访")["worker_name"], "马桂");
    assert_eq!(all(&door["notes"], "text"), ["马桂的备注"]);
    phone.does(["visit", "1-1-202", "--outcome", "met", "--note", "谢建的走访"]);
    settle(&office, &[&phone]);
    assert_eq!(line(&phone.door("1-1-202")["visits"], "note", "谢建的走访")["worker_name"], "谢建");
}

#[test]
fn a_phone_that_did_not_become_another_s_can_still_be_enrolled() {
    let office = Office::with_ledger();
    let phone = office.phone("马桂");
    phone.syncs();
    phone.does(["visit", "1-1-202", "--outcome", "met", "--note", "马桂的走访"]);
    let url = office.wire.url();
    assert_eq!(phone.fails(1, ["enrol", "--server", &url, "--code", &office.code("谢建")]).0, "other_worker");
    // Another code, for whom it belongs to: the office has the keys of the vain try already.
    phone.does(["enrol", "--server", &url, "--code", &office.code("马桂")]);
    settle(&office, &[&phone]);
    assert_eq!(all(&phone.door("1-1-202")["visits"], "note"), ["马桂的走访"]);
}

/// android-fhir's own example: the database is made anew when it does not open.
#[test]
fn a_database_that_does_not_open_is_set_aside_not_recreated() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "没送出的走访"]);
    let database = wang.home().join("field.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5a);
    fs::write(&database, &bytes).unwrap();
    let (code, sentence) = wang.fails(4, ["status"]);
    assert_eq!(code, "database_damaged");
    assert!(sentence.contains("已原样留存") && sentence.contains("救援文件"), "{sentence}");
    for command in [vec!["status"], vec!["sync"], vec!["visit", "1-1-202", "--outcome", "met"]] {
        assert_eq!(wang.fails(4, command).0, "database_missing", "nothing is made anew behind anybody's back");
        assert!(!database.exists());
    }
    let kept = files(&wang.home()).into_iter().find(|f| f.to_string_lossy().contains("field.db.damaged")).unwrap();
    assert_eq!(fs::read(kept).unwrap(), bytes, "byte for byte");
    let rescue = wang.home().join("rescue.qmr");
    let taken = office.does(["rescue", &rescue.to_string_lossy(), "--apply"]);
    assert_eq!(all(&taken["commands"], "state"), ["applied"]);
    wang.does(["enrol", "--server", &office.wire.url(), "--code", &office.code("马桂")]);
    settle(&office, &[&wang]);
    assert_eq!(all(&wang.door("1-1-202")["visits"], "note"), ["没送出的走访"]);
}
