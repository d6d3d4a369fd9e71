use crate::harness::book::personal_values;
use crate::harness::office::ledger;
use crate::harness::page::all;
use crate::harness::scan::{Readable, Scan, unpacked};
use crate::harness::{Office, settle};

#[test]
fn no_name_and_no_number_can_be_read_in_any_file_or_on_the_wire_and_search_finds_them() {
    let office = Office::with_ledger();
    let (wang, li) = (office.phone("马桂"), office.phone("谢建"));
    settle(&office, &[&wang, &li]);
    let mut values = personal_values(&ledger("small"));
    assert!(values.len() > 400 && values.contains("何志刚") && values.contains("15962172321"), "{}", values.len());
    // And what was written down since.
    wang.does([
        "resident",
        "add",
        "--door",
        "1-1-101",
        "--name",
        "乌仁图雅",
        "--phone",
        "13909990000",
        "--identity",
        "11010519491231002X",
    ]);
    wang.does(["visit", "1-1-101", "--outcome", "met", "--note", "乌仁图雅说楼道灯坏了"]);
    wang.does([
        "ticket",
        "report",
        "--category",
        "路灯损坏",
        "--door",
        "1-1-101",
        "--reporter",
        "乌仁图雅",
        "楼道灯坏了",
    ]);
    values.extend(["乌仁图雅", "13909990000", "11010519491231002X", "楼道灯坏了"].map(str::to_owned));
    let scan = Scan::of(&values);
    let mut readable: Vec<Readable> = scan.folder(&wang.home(), "");
    settle(&office, &[&wang, &li]);
    for phone in [&wang, &li] {
        readable.extend(scan.folder(&phone.home(), ""));
        readable.extend(scan.folder(&phone.documents("documents"), ""));
    }
    readable.extend(scan.folder(&office.data(), "community.key"));
    readable.extend(scan.folder(&office.documents("documents"), ""));
    let carried = office.wire.carried();
    readable.extend(scan.wire(&carried));
    readable.extend(scan.readable("the server's log", office.said().as_bytes()));
    let imported = office.told(["import", "--ledger", &ledger("small").to_string_lossy()]).out;
    readable.extend(scan.readable("what the import says", imported.as_bytes()));
    let lines: String = readable.iter().take(20).map(ToString::to_string).collect();
    assert!(readable.is_empty(), "{} values can be read:{lines}", readable.len());

    // The scan finds what is there: in an answer in the clear, and in what was packed.
    let shown = wang.told(["door", "1-1-202"]).out;
    assert!(scan.bytes(shown.as_bytes()).contains("何志刚"));
    assert!(carried.iter().any(|c| unpacked(&c.up).iter().any(|body| body.len() > 100)), "bodies were unpacked");

    for (typed, found) in [
        ("何志刚", "何志刚"),
        ("志刚", "何志刚"),
        ("hzg", "何志刚"),
        ("2321", "何志刚"),
        ("8265", "何志刚"),
        ("图雅", "乌仁图雅"),
        ("wrty", "乌仁图雅"),
        ("0000", "乌仁图雅"),
        ("楼道", "楼道灯坏了"),
        ("1-1-202", "1号楼1单元202"),
    ] {
        for phone in [&wang, &li] {
            let hits = phone.does(["search", typed]);
            assert!(all(&hits["hits"], "title").contains(&found), "{typed}: {hits:#}");
        }
    }
}
