use crate::harness::page::all;
use crate::harness::{Office, settle};

/// The office's disk breaks; it goes on from this backup, in the same place.
fn goes_on_from(office: &mut Office, backup: &str) {
    office.kill();
    let lost = office.beside("lost");
    std::fs::rename(office.data(), &lost).unwrap();
    let key = lost.join("community.key");
    office.does(["restore", "--from", backup, "--key", &key.to_string_lossy()]);
    office.serve();
}

#[test]
fn what_an_office_lost_with_its_disk_comes_back_from_the_phones() {
    let mut office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    office.does(["backup", "--to", &backup]);

    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "备份以后的走访"]);
    wang.does(["household", "correct", "1-1-301", "use", "借住"]);
    wang.syncs();
    // 谢建 is out and knows nothing of it.
    li.does(["household", "correct", "1-1-202", "use", "空置"]);

    goes_on_from(&mut office, &backup);
    let before = office.does(["door", "1-1-301"]);
    assert!(!before.to_string().contains("借住"), "the backup is older: {before}");

    settle(&office, &[&wang, &li]);
    office.verifies();
    let door = office.does(["door", "1-1-301"]);
    assert!(door.to_string().contains("借住"), "{door}");
    let visits = office.does(["door", "1-1-202"]).to_string();
    assert_eq!(visits.matches("马桂 走访 见到").count(), 1, "once, and not doubled: {visits}");
    let reasons = office.does(["devices"]);
    assert!(all(&reasons, "refetch_reason").iter().any(|r| r.contains("从备份恢复过")), "{reasons}");
    let status = wang.does(["status"]);
    assert_eq!(status["complete"], true, "{status}");
}

#[test]
fn a_decision_that_the_office_lost_comes_back_from_a_phone_that_had_seen_it() {
    let mut office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    wang.does(["household", "correct", "1-1-202", "use", "出租"]);
    li.does(["household", "correct", "1-1-202", "use", "空置"]);
    settle(&office, &[&wang, &li]);
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    office.does(["backup", "--to", &backup]);
    let conflict = office.conflict();
    office.decides(&conflict, ["--take", "A"]);
    settle(&office, &[&wang]);

    goes_on_from(&mut office, &backup);
    assert_eq!(office.conflicts().len(), 1, "the backup knows of no decision");
    settle(&office, &[&wang, &li]);
    office.verifies();
    assert_eq!(office.conflicts().len(), 0, "it was decided, and stays decided");
}

#[test]
fn work_done_before_a_grid_was_split_is_still_its_worker_s() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    settle(&office, &[&wang]);
    wang.does(["household", "correct", "1-1-301", "use", "借住"]);
    office.does(["grids", "split", "第一网格", "--into", "第九网格", "--building", "1号楼"]);
    settle(&office, &[&wang]);
    let door = office.does(["door", "1-1-301"]);
    assert!(door.to_string().contains("借住"), "taken, as it was hers when she wrote it: {door}");
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(0));
    assert_eq!(wang.does(["doors"]).as_array().map(Vec::len), Some(0), "and the doors are somebody else's now");
    office.verifies();
}

#[test]
fn a_phone_whose_right_was_taken_back_gives_back_what_the_office_lost_before_it_is_emptied() {
    let mut office = Office::with_ledger();
    let wang = office.phone("马桂");
    settle(&office, &[&wang]);
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    office.does(["backup", "--to", &backup]);
    wang.does(["household", "correct", "1-1-301", "use", "借住"]);
    wang.syncs();
    wang.does(["visit", "1-1-202", "--outcome", "met"]);

    goes_on_from(&mut office, &backup);
    let device = wang.does(["status"])["device"].as_str().unwrap().to_owned();
    office.does(["devices", "--revoke", &device]);
    assert_eq!(wang.fails(1, ["sync"]).0, "revoked");
    assert!(!wang.home().join("field.db").exists(), "it is empty");
    let door = office.does(["door", "1-1-301"]);
    assert!(door.to_string().contains("借住"), "what the office had thanked for is there again: {door}");
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(1), "what it had not is held");
    office.verifies();
}

#[test]
fn what_an_emptied_phone_had_handed_over_is_in_its_rescue_file_when_the_office_loses_its_disk() {
    let mut office = Office::with_ledger();
    let wang = office.phone("马桂");
    settle(&office, &[&wang]);
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    office.does(["backup", "--to", &backup]);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "收回以前的走访"]);
    let device = wang.does(["status"])["device"].as_str().unwrap().to_owned();
    office.does(["devices", "--revoke", &device]);
    assert_eq!(wang.fails(1, ["sync"]).0, "revoked");
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(1), "handed over");
    assert!(!wang.home().join("field.db").exists(), "and emptied");

    goes_on_from(&mut office, &backup);
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(0), "the disk took it with it");
    let file = wang.home().join("rescue.qmr");
    let rescue = ["rescue", &file.to_string_lossy()];
    let found = office.does(rescue);
    assert!(found.to_string().contains("收回以前的走访"), "{found:#}");
    office.does(rescue.into_iter().chain(["--apply"]));
    let door = office.does(["door", "1-1-202"]).to_string();
    assert!(door.contains("马桂 走访 见到"), "{door}");
    office.verifies();
}

#[test]
fn what_an_office_held_and_lost_is_held_again_when_the_phone_that_it_does_not_know_is_enrolled_anew() {
    let mut office = Office::with_ledger();
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    office.does(["backup", "--to", &backup]);
    let wang = office.phone("马桂");
    wang.syncs();
    wang.does(["household", "add", "--building", "2号楼", "--unit", "9", "--room", "901"]);
    wang.syncs();
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(1), "it is in the other grid");

    goes_on_from(&mut office, &backup);
    assert_eq!(wang.fails(1, ["sync"]).0, "not_signed", "the backup is older than this phone");
    wang.does(["enrol", "--server", &office.wire.url(), "--code", &office.code("马桂")]);
    settle(&office, &[&wang]);
    assert_eq!(office.does(["quarantine"]).as_array().map(Vec::len), Some(1), "and it is not lost");
    office.verifies();
}
