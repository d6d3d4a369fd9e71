//! One person on two pages: two phones wrote her down, the office says that it is one, every phone sees it and
//! works on as before; taken back, she is two again.

use crate::harness::page::person;
use crate::harness::{Office, Phone, settle};
use qiaomen_proto::ids::{DocId, Kind, ResidentId};
use qiaomen_server::duplicates;

/// Page of somebody on a phone.
fn same_as(phone: &Phone, door: &str) -> Option<String> {
    person(&phone.door(door), "乌云")["same_as"].as_str().map(str::to_owned)
}
fn adds(phone: &Phone, door: &str) {
    phone.does(["resident", "add", "--door", door, "--name", "乌云", "--phone", "13909990007"]);
}
fn id_at(phone: &Phone, door: &str) -> ResidentId {
    person(&phone.door(door), "乌云")["resident"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_person_whom_two_phones_wrote_down_is_one_for_everybody_once_the_office_says_so_and_two_when_it_takes_that_back() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    adds(&wang, "1-1-202");
    adds(&li, "1-1-301");
    settle(&office, &[&wang, &li]);
    let (first, second) = (id_at(&wang, "1-1-202"), id_at(&wang, "1-1-301"));
    // The clerk works on the same data, beside the server.
    let core = qiaomen_server::office::Office::open(&office.data()).unwrap();
    let pairs = core.store().read(|tx| duplicates::open_pairs(tx, Kind::Resident)).unwrap();
    let found: Vec<(DocId, DocId)> = pairs.iter().map(duplicates::Pair::docs).collect();
    assert_eq!(found, [(first.min(second).into(), first.max(second).into())]);
    let clerk = core.own_worker();
    duplicates::link(&core, second.into(), first.into(), None, clerk).unwrap();
    settle(&office, &[&wang, &li]);
    for phone in [&wang, &li] {
        assert_eq!(same_as(phone, "1-1-301"), Some(first.to_string()), "{}", phone.name);
        assert_eq!(same_as(phone, "1-1-202"), None);
    }
    // What is set aside is not gone: somebody who knows better corrects it all the same.
    li.does(["resident", "correct", "1-1-301 乌云", "电话", "13909990008"]);
    settle(&office, &[&wang, &li]);
    office.verifies();
    duplicates::unlink(&core, second.into(), clerk).unwrap();
    settle(&office, &[&wang, &li]);
    assert_eq!([&wang, &li].map(|phone| same_as(phone, "1-1-301")), [None, None]);
    office.verifies();
}
