use crate::harness::page::{all, field, person};
use crate::harness::wire::Fate;
use crate::harness::{Office, Phone, settle};

#[test]
fn two_phones_work_a_day_without_signal_and_in_the_evening_both_and_the_office_have_one_book() {
    let mut office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    office.kill();
    wang.does(["household", "occupy", "1-1-101", "--kind", "出租", "--since", "2026-03-01"]);
    wang.does(["resident", "correct", "1-1-301 孙洋", "语言", "蒙古语"]);
    wang.does(["resident", "move", "1-1-301 董燕超", "--to", "1-1-202", "--on", "2026-05-01"]);
    li.does(["call", "1-1-301", "--outcome", "not-home"]);
    li.does(["resident", "correct", "1-1-301 孙洋", "语言", "汉语"]);
    li.does(["household", "note", "1-1-202", "家里有狗,先打电话"]);
    office.serve();

    let sent = wang.syncs();
    assert_eq!((sent["pushed"].as_u64(), sent["applied"].as_u64()), (Some(3), Some(3)), "{sent}");
    let sent = li.syncs();
    assert_eq!((sent["pushed"].as_u64(), sent["applied"].as_u64()), (Some(3), Some(3)), "{sent}");
    assert_eq!(sent["pulled"], 3, "{sent}");
    settle(&office, &[&wang, &li]);
    let digest = |phone: &Phone| {
        let streams = phone.does(["status"])["streams"].as_array().unwrap().clone();
        let grid = streams.iter().find(|s| s["stream"].as_str().unwrap().starts_with("g:")).unwrap().clone();
        (grid["stream"].to_string(), grid["digest"].to_string())
    };
    assert_eq!(digest(&wang), digest(&li));
    for door in ["1-1-101", "1-1-202", "1-1-301"] {
        let mut pages = [wang.door(door), li.door(door)];
        for page in &mut pages {
            forget_who_looks(page);
        }
        assert_eq!(pages[0], pages[1]);
    }
    let languages = field(person(&wang.door("1-1-301"), "孙洋"), "languages").clone();
    assert_eq!((languages["value"].as_str(), languages["conflict"].as_bool()), (Some("汉语,蒙古语"), Some(false)));
}

/// "Me" and "this device" are another on every phone.
fn forget_who_looks(page: &mut serde_json::Value) {
    match page {
        serde_json::Value::Object(fields) => {
            fields.retain(|name, _| name != "me" && name != "this_device");
            fields.values_mut().for_each(forget_who_looks);
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(forget_who_looks),
        _ => {}
    }
}

#[test]
fn a_reply_that_breaks_off_anywhere_loses_nothing_and_doubles_nothing() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    let mut done = Vec::new();
    // Before the reply, in its first line, in its headers, in its body; and three times in a row.
    for (cut, times) in [(0, 1), (9, 1), (120, 1), (330, 1), (400, 1), (0, 3)] {
        let note = format!("第 {} 次走访", done.len() + 1);
        wang.does(["visit", "1-1-202", "--outcome", "met", "--note", &note]);
        wang.does(["ticket", "report", "--category", "路灯损坏", "--door", "1-1-202", &note]);
        office.wire.next(vec![Fate::CutReplyAfter(cut); times]);
        if times < 3 {
            // The phone tries again by itself, and is told that the office has it.
            let report = wang.syncs();
            assert_eq!(
                (report["applied"].as_u64(), report["duplicate"].as_u64()),
                (Some(0), Some(2)),
                "cut at {cut}: {report}"
            );
        } else {
            assert_eq!(wang.fails(5, ["sync"]).0, "no_connection");
            assert_eq!(wang.outbox().len(), 2);
            assert_eq!(wang.syncs()["duplicate"], 2);
        }
        done.push(note);
    }
    settle(&office, &[&wang]);
    let li = office.phone("谢建");
    settle(&office, &[&li, &wang]);
    for phone in [&wang, &li] {
        let door = phone.door("1-1-202");
        assert_eq!(all(&door["visits"], "note"), done, "each visit once");
        assert_eq!(all(&door["tickets"], "text"), done, "each matter once");
    }
}
