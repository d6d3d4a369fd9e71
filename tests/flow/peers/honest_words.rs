use crate::harness::folder::Folder;
use crate::harness::office::ledger;
use crate::harness::phone::PIN;
use crate::harness::wire::Fate;
use crate::harness::{Office, settle};
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, SyncProgress, SystemHost};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// fhircore #2916: the first sync said that it was complete at 28 percent.
#[test]
fn progress_never_says_complete_before_it_is() {
    let office = Office::with(&ledger("community"));
    let staff = office.does(["staff"]);
    let leader = staff.as_array().unwrap().iter().find(|m| m["title"] == "网格长").unwrap();
    let (folder, url) = (Folder::new("progress"), office.wire.url());
    let mut device = Device::create(&folder.path().join("home"), PIN, Box::new(SystemHost)).unwrap();
    let mut http = HttpTransport::new(&url);
    device.enrol(&mut http, &url, &office.code(leader["id"].as_str().unwrap())).unwrap();
    assert!(!device.status().unwrap().complete, "nothing has come yet");
    let mut parts = Vec::new();
    let whole = loop {
        // It is broken off after each reply: what is said of it then has to be true.
        let interrupt = AtomicBool::new(false);
        let mut last = None;
        let report = device
            .sync(
                &mut http,
                &mut |progress: &SyncProgress| {
                    last = progress.documents.or(last);
                    interrupt.store(true, Ordering::Relaxed);
                },
                &interrupt,
            )
            .unwrap();
        let status = device.status().unwrap();
        let (done, total) = last.expect("a first sync says how far it is");
        assert!(done <= total);
        assert!(status.documents <= u64::from(total), "{} of {total}", status.documents);
        assert_eq!(report.complete, status.complete);
        if report.complete {
            assert_eq!((done, report.digest), (total, report.office_digest));
            break status;
        }
        assert!(parts.last().is_none_or(|before: &u64| *before <= status.documents), "what came stays");
        parts.push(status.documents);
    };
    assert!(!parts.is_empty(), "a community comes in more than one reply");
    assert!(parts.iter().all(|part| *part < whole.documents), "{parts:?} of {}", whole.documents);
    assert!(whole.streams.iter().all(|s| json!(s)["digest"] == json!(s)["office_digest"]));
}

/// fhircore #2916 again, TinyBase on a slow link: success was reported with nothing at the server.
#[test]
fn a_sync_that_brought_nothing_over_does_not_say_that_it_did() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    assert_eq!(wang.does(["status"])["complete"], true);
    wang.does(["visit", "1-1-202", "--outcome", "met", "--note", "还没到社区"]);
    assert_eq!(wang.does(["status"])["complete"], false, "an edit ends it at once");
    office.wire.next(vec![Fate::CutReplyAfter(0); 3]);
    wang.fails(5, ["sync"]);
    let status = wang.does(["status"]);
    assert_eq!((&status["complete"], &status["pending"]), (&json!(false), &json!(1)));
    wang.syncs();
    assert_eq!(wang.does(["status"])["complete"], true);
}

/// DHIS2: "409". SORMAS #9832: something failed, but which record?
#[test]
fn an_error_names_the_door_and_the_way_out() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    // The office keeps the first, and cannot take the second without it.
    wang.does(["household", "add", "--building", "2号楼", "--unit", "9", "--room", "901"]);
    wang.does(["household", "note", "2-9-901", "门铃坏了"]);
    wang.syncs();
    let outbox = wang.outbox();
    assert_eq!(outbox.len(), 2);
    for line in &outbox {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("place"), "2号楼9单元901", "{line:#}");
        assert!(text("sentence").starts_with("2号楼9单元901："), "{line:#}");
        for name in ["why", "what_to_do"] {
            assert!(text(name).chars().count() >= 6 && !text(name).is_ascii(), "{name}: {line:#}");
        }
    }
    // What is typed and cannot be done names it as well, and says what can.
    for (typed, names) in [
        (vec!["visit", "9-9-909", "--outcome", "met"], "9-9-909"),
        (vec!["resident", "correct", "1-1-202 何志刚", "电话", "12"], "1号楼1单元202 何志刚"),
        (vec!["household", "correct", "1-1-202", "常住人数", "很多"], "1号楼1单元202"),
        (vec!["household", "occupy", "1-1-202", "--kind", "自住", "--since", "去年"], "1号楼1单元202"),
    ] {
        let (code, sentence) = wang.fails(1, typed);
        assert!(sentence.contains(names) && sentence.ends_with('。'), "{code}: {sentence}");
    }
    // Without signal: what happened, and that nothing is lost by it.
    let mut office = office;
    office.kill();
    let (code, sentence) = wang.fails(5, ["sync"]);
    assert_eq!(code, "no_connection");
    assert!(sentence.contains("都还在"), "{sentence}");
    office.serve();
    settle(&office, &[&wang]);
}
