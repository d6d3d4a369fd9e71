use crate::harness::page::{all, field, person};
use crate::harness::{Office, settle};
use qiaomen_proto::wire::rescue::read_records;
use serde_json::json;
use std::fs;

/// ODK central #669, #698, #705, #805, #808, #815: chains of updates that came in another order than they were
/// made were refused, or applied to the wrong version.
#[test]
fn out_of_order_chains_apply() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    // Each step builds on the one before: a door, who lives there, a number, another number, a matter and its course.
    wang.does(["household", "add", "--building", "1号楼", "--unit", "9", "--room", "901"]);
    wang.does(["resident", "add", "--door", "1-9-901", "--name", "乌仁图雅", "--phone", "13909990001"]);
    wang.does(["resident", "correct", "1-9-901 乌仁图雅", "电话", "13909990002"]);
    wang.does(["resident", "correct", "1-9-901 乌仁图雅", "电话", "13909990003"]);
    let told = wang.does(["ticket", "report", "--category", "路灯损坏", "--door", "1-9-901", "灯不亮"]);
    let ticket = told["ticket"].as_str().unwrap();
    wang.does(["ticket", "advance", ticket, "办理", "--note", "换了灯泡"]);
    wang.does(["ticket", "advance", ticket, "反馈", "--note", "已告知"]);
    // They come by hand, in the rescue file: the last half first, and backwards.
    let whole = fs::read(wang.home().join("rescue.qmr")).unwrap();
    let records: Vec<&[u8]> = read_records(&whole).0.into_iter().map(|record| record.whole).collect();
    assert_eq!(records.len(), 7);
    let backwards = |part: &[&[u8]]| part.iter().rev().flat_map(|record| record.to_vec()).collect::<Vec<u8>>();
    let file = office.beside("by-hand.qmr");
    let apply = |bytes: Vec<u8>| {
        fs::write(&file, bytes).unwrap();
        office.does(["rescue", &file.to_string_lossy(), "--apply"])
    };
    let late = apply(backwards(&records[3..]));
    assert!(!all(&late["commands"], "state").contains(&"rejected"), "{late:#}");
    let early = apply(backwards(&records[..4]));
    assert!(!all(&early["commands"], "state").contains(&"rejected"), "{early:#}");
    apply(backwards(&records));
    settle(&office, &[&wang, &li]);
    assert!(wang.outbox().is_empty(), "{:#}", json!(wang.outbox()));
    assert!(office.conflicts().is_empty(), "each had seen the one before");
    for phone in [&wang, &li] {
        let door = phone.door("1-9-901");
        assert_eq!(all(&door["people"], "name"), ["乌仁图雅"]);
        assert_eq!(field(person(&door, "乌仁图雅"), "phone")["value"], "13909990003");
        let page = phone.does(["ticket", "show", ticket]);
        assert_eq!(page["timeline"].as_array().map(Vec::len), Some(3), "{page:#}");
    }
}

/// DHIS2 #1225: the office changed the codes of an option set, and devices that had old ones could not open or
/// save the record any more.
#[test]
fn changed_option_codes_do_not_break_an_old_device() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    // None of these codes is in any list of today's.
    wang.does(["household", "correct", "1-1-202", "居住情况", "民宿（旧码 07）"]);
    wang.does(["resident", "correct", "1-1-202 何志刚", "同意采集", "是"]);
    wang.does(["resident", "correct", "1-1-202 何志刚", "人员类别", "旧类别甲"]);
    let told = wang.does(["ticket", "report", "--category", "已停用的类别", "--door", "1-1-202", "按旧类别上报"]);
    let ticket = told["ticket"].as_str().unwrap();
    settle(&office, &[&wang, &li]);
    assert!(wang.outbox().is_empty());
    // Another device, and the office, read them.
    let door = li.door("1-1-202");
    assert_eq!(field(&door, "use")["value"], "民宿（旧码 07）");
    assert_eq!(field(person(&door, "何志刚"), "categories")["value"], "旧类别甲");
    assert_eq!(li.does(["ticket", "show", ticket])["ticket"]["category"], "已停用的类别");
    let at_the_office = office.does(["door", "1-1-202"]).to_string();
    assert!(at_the_office.contains("民宿（旧码 07）") && at_the_office.contains("旧类别甲"), "{at_the_office}");
    // What stands beside them can be edited, they can be corrected, and the matter goes its way.
    li.does(["household", "correct", "1-1-202", "常住人数", "3"]);
    li.does(["household", "correct", "1-1-202", "居住情况", "出租"]);
    li.does(["resident", "correct", "1-1-202 何志刚", "人员类别", "独居老人,旧类别甲"]);
    li.does(["ticket", "advance", ticket, "办理", "--note", "照办"]);
    settle(&office, &[&wang, &li]);
    assert!(office.conflicts().is_empty());
    let door = wang.door("1-1-202");
    assert_eq!(field(&door, "use")["value"], "出租");
    let categories = field(person(&door, "何志刚"), "categories")["value"].as_str().unwrap().to_owned();
    assert!(categories.contains("独居老人") && categories.contains("旧类别甲"), "{categories}");
    assert_eq!(wang.does(["ticket", "show", ticket])["timeline"].as_array().map(Vec::len), Some(2));
}
