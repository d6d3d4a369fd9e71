use crate::harness::folder::files;
use crate::harness::page::{all, line, person};
use crate::harness::phone::PIN;
use crate::harness::{Office, settle};
use serde_json::json;
use std::fs;
use std::path::Path;

#[test]
fn a_refused_command_leaves_the_book_and_stands_in_the_outbox_in_words_and_those_after_it_go_through() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("李芳"));
    wang.syncs();
    // 2号楼 is in the other grid: the office keeps the door and looks; what was said about it has no door.
    wang.does(["household", "add", "--building", "2号楼", "--unit", "9", "--room", "901"]);
    wang.does(["household", "correct", "2-9-901", "居住情况", "出租"]);
    wang.does(["household", "note", "2-9-901", "门铃坏了"]);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "回到自己的楼"]);
    wang.does(["household", "correct", "1-1-202", "常住人数", "1"]);
    let report = wang.syncs();
    assert_eq!(
        (&report["quarantined"], &report["rejected"], &report["applied"]),
        (&json!(1), &json!(2), &json!(2)),
        "{report}"
    );

    let outbox = json!(wang.outbox());
    assert_eq!(all(&outbox, "state"), ["quarantined", "rejected", "rejected"]);
    let door = line(&outbox, "state", "quarantined");
    assert_eq!((&door["code"], &door["sentence"]), (&json!("out_of_scope"), &json!("2号楼9单元901：登记这一户")));
    assert!(door["why"].as_str().unwrap().contains("不在您负责的网格里"), "{door:#}");
    let note = line(&outbox, "title", "备注");
    assert_eq!(note["sentence"], "2号楼9单元901：备注");
    assert!(note["why"].as_str().is_some_and(|why| why.contains("没有这一户")), "{note:#}");

    assert_eq!(wang.fails(1, ["door", "2-9-901"]).0, "not_found");
    let done = wang.door("1-1-202");
    assert_eq!(done["door"]["people_count"], 1);
    assert_eq!(all(&done["visits"], "note"), ["回到自己的楼"]);
    settle(&office, &[&wang, &li]);
    assert_eq!(li.fails(1, ["door", "2-9-901"]).0, "not_found");
    assert_eq!(json!(wang.outbox()), outbox);

    let held = office.does(["quarantine"]);
    assert_eq!(
        (held.as_array().map(Vec::len), &held[0]["worker_name"], &held[0]["code"]),
        (Some(1), &json!("马桂"), &json!("out_of_scope"))
    );
    office.does(["quarantine", "release", &held[0]["id"].to_string()]);
    settle(&office, &[&wang, &li]);
    assert_eq!(li.door("2-9-901")["door"]["address"], "2号楼9单元901", "it is in the grid where it belongs");
    assert_eq!(wang.fails(1, ["door", "2-9-901"]).0, "not_found");
}

#[test]
fn a_forgotten_pin_a_wrong_key_and_a_damaged_database_are_said_apart_and_the_work_is_rescued() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    wang.syncs();
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "没送出的走访"]);
    wang.does(["resident", "add", "--door", "1-1-101", "--name", "乌仁图雅"]);
    let read = |name: &str| fs::read(wang.home().join(name)).unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(wang.home().join(name), bytes).unwrap();
    let (database, keystore, check) = (read("field.db"), read("keystore.json"), read("key.check"));

    wang.types_pin("135791");
    let forgotten = wang.fails(3, ["status"]);
    wang.types_pin(PIN);
    write("keystore.json", &fs::read(li.home().join("keystore.json")).unwrap());
    let wrong_key = wang.fails(4, ["status"]);
    assert_eq!((read("field.db"), read("key.check")), (database.clone(), check.clone()));
    write("keystore.json", &keystore);
    let mut damaged_bytes = database.clone();
    damaged_bytes[100..4000].fill(0x5a);
    write("field.db", &damaged_bytes);
    for beside in ["field.db-wal", "field.db-shm"] {
        // There only while somebody has it open.
        let _ = fs::remove_file(wang.home().join(beside));
    }
    let damaged = wang.fails(4, ["status"]);
    assert_eq!([&*forgotten.0, &*wrong_key.0, &*damaged.0], ["wrong_pin", "wrong_key", "database_damaged"]);
    assert!(forgotten.1.contains("还可以试 9 次"), "{forgotten:?}");
    assert!(wrong_key.1.contains("不是一套") && wrong_key.1.contains("救援文件"), "{wrong_key:?}");
    assert!(damaged.1.contains("已原样留存") && damaged.1.contains("救援文件"), "{damaged:?}");
    let kept =
        fs::read_dir(wang.home()).unwrap().map(|f| f.unwrap().path()).find(|p| p.to_string_lossy().contains("damaged"));
    assert_eq!(fs::read(kept.unwrap()).unwrap(), damaged_bytes, "nothing was deleted");

    let file = wang.home().join("rescue.qmr");
    let rescue = ["rescue", &file.to_string_lossy()];
    let found = office.does(rescue);
    assert_eq!(all(&found["commands"], "state"), ["missing"; 2], "{found:#}");
    assert!(found.to_string().contains("乌仁图雅") && found.to_string().contains("没送出的走访"), "{found:#}");
    let taken = office.does(rescue.into_iter().chain(["--apply"]));
    assert_eq!(all(&taken["commands"], "state"), ["applied"; 2], "{taken:#}");
    assert_eq!(all(&office.does(rescue)["commands"], "state"), ["applied"; 2]);
    // The same folder becomes a phone again; what lay there stays beside.
    let before: Vec<_> = content(&wang.home());
    wang.does(["enrol", "--server", &office.wire.url(), "--code", &office.code("马桂")]);
    settle(&office, &[&li, &wang]);
    for phone in [&wang, &li] {
        assert!(person(&phone.door("1-1-101"), "乌仁图雅").is_object());
        assert_eq!(all(&phone.door("1-1-202")["visits"], "note"), ["没送出的走访"]);
    }
    let after = content(&wang.home());
    assert!(before.iter().filter(|b| b.len() > 1000).all(|b| after.contains(b)), "nothing was deleted");
}

fn content(folder: &Path) -> Vec<Vec<u8>> {
    files(folder).iter().map(|file| fs::read(file).unwrap()).collect()
}
