//! The two books that the office gave as examples, against what is really inside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use qiaomen_server::ledger::book::{Book, Told};
use qiaomen_server::ledger::summary::BookSummary;
use qiaomen_server::ledger::workbook::read_workbook;
use serde_json::Value;
use std::path::PathBuf;

fn data(file: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn book(name: &str) -> Book {
    read_workbook(&data(&format!("ledger-{name}.xlsx")), &mut |_, _| {}).unwrap()
}

/// The summary, in the words of the truth file.
fn found(book: &Book) -> Value {
    let summary = BookSummary::from(book);
    let bad_ids = summary.warnings.iter().filter(|remark| remark.code == "identity_check_digit").count();
    serde_json::json!({
        "grids": summary.grids,
        "buildings": summary.buildings,
        "doors": summary.doors,
        "residents": summary.residents,
        "refused_phone": summary.refusals["phone"],
        "staff": summary.staff,
        "tickets": summary.tickets,
        "duplicates": summary.duplicates,
        "bad_ids": bad_ids,
        "bad_rows": summary.rejected.len(),
    })
}

#[test]
fn both_books_hold_what_their_truth_says() {
    for name in ["small", "community"] {
        let truth: Value = serde_json::from_slice(&data(&format!("ledger-{name}.truth.json"))).unwrap();
        assert_eq!(found(&book(name)), truth, "{name}");
    }
}

#[test]
fn nothing_is_said_that_the_books_do_not_deserve() {
    let small = book("small");
    assert_eq!(small.warnings, []);
    let community = book("community");
    // 13 check digits and 25 repeated rows; every repeated row is the same in every cell.
    assert_eq!(community.warnings.len(), 13 + 25);
    assert_eq!(community.warnings.iter().filter(|remark| remark.code == "person_repeated").count(), 25);
}

#[test]
fn the_impossible_row_is_listed_with_everything_that_is_wrong_in_it() {
    let book = book("community");
    let [remark] = &book.rejected[..] else { panic!("{:?}", book.rejected) };
    assert_eq!((remark.sheet.as_str(), remark.row, remark.column.as_str()), ("居民台账", 6155, "B"));
    assert_eq!(remark.code, "unknown_building");
    for part in ["第 6155 行：", "楼栋", "身份证号", "出生日期不是一个日期。请改成 1980-01-31 这样再导入", "电话"]
    {
        assert!(remark.sentence.contains(part), "{}", remark.sentence);
    }
}

#[test]
fn a_door_is_read_with_its_family() {
    let book = book("small");
    assert_eq!(book.community.as_deref(), Some("和顺社区"));
    let door = book.doors.iter().find(|door| door.building == "1号楼" && door.room.as_str() == "301").unwrap();
    assert_eq!((door.grid.as_str(), door.unit.as_str()), ("第一网格", "1"));
    assert_eq!(door.occupancy.as_deref(), Some("出租"));
    let relations: Vec<_> = door.people.iter().map(|person| person.relation.as_deref().unwrap()).collect();
    assert_eq!(relations, ["户主", "配偶", "女儿", "子"]);
    let [head, spouse, daughter, son] = &door.people[..] else { panic!("four people") };
    assert_eq!(head.phone.value().unwrap().as_str(), "18656115971");
    assert_eq!(spouse.phone, Told::Refused);
    assert_eq!(daughter.identity.value().unwrap().as_str(), "999979199704011589");
    assert_eq!(son.identity, Told::Nothing);
    assert_eq!(son.born_on.value().unwrap().to_string(), "2016-06-10");
}

#[test]
fn tickets_grids_and_staff_are_read_whole() {
    let book = book("community");
    assert!(book.tickets.iter().all(|ticket| ticket.building.is_some() && ticket.unit.is_some()));
    assert_eq!(book.tickets.iter().filter(|ticket| ticket.big).count(), 26);
    assert_eq!(book.tickets.iter().filter(|ticket| ticket.fed_back).count(), 88);
    assert_eq!(book.tickets.iter().filter(|ticket| ticket.closed_on.is_some()).count(), 88);
    assert_eq!(book.tickets.iter().filter(|ticket| ticket.source.as_deref() == Some("12345")).count(), 20);
    let fourth = &book.grids[3];
    assert_eq!((fourth.quota, fourth.note.as_deref(), fourth.buildings.len()), (Some(300), Some("含底商"), 9));
    assert!(book.staff.iter().all(|one| one.born_on.is_some() && one.appointed_on.is_some() && one.phone.is_some()));
    assert_eq!(book.staff.iter().filter(|one| one.grid.is_none()).count(), 1);
}

#[test]
fn no_remark_quotes_anything_personal() {
    let book = book("community");
    let sentences: Vec<_> = book.warnings.iter().chain(&book.rejected).map(|remark| &remark.sentence).collect();
    for person in book.doors.iter().flat_map(|door| &door.people) {
        let secrets = [
            person.name.value().cloned(),
            person.phone.value().map(|phone| phone.as_str().to_owned()),
            person.identity.value().map(|identity| identity.as_str().to_owned()),
        ];
        for secret in secrets.into_iter().flatten() {
            assert!(sentences.iter().all(|sentence| !sentence.contains(&secret)), "a remark quotes the book");
        }
    }
    assert!(sentences.iter().all(|sentence| !sentence.contains("测试行")));
}

#[test]
fn the_summary_prints_the_fields_that_scripts_read() {
    let printed = serde_json::to_value(BookSummary::from(&book("small"))).unwrap();
    let fields: Vec<_> = printed.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "grids",
        "buildings",
        "doors",
        "residents",
        "staff",
        "tickets",
        "refusals",
        "duplicates",
        "warnings",
        "rejected",
    ];
    for field in expected {
        assert!(fields.contains(&field), "{field}");
    }
    assert_eq!(fields.len(), expected.len());
    assert_eq!(printed["refusals"], serde_json::json!({"birth": 0, "identity": 0, "name": 0, "phone": 10}));
    assert_eq!(printed["rejected"][0]["row"], 176);
}

#[test]
fn progress_goes_up_and_ends_at_the_end() {
    let mut told = Vec::new();
    read_workbook(&data("ledger-community.xlsx"), &mut |done, total| told.push((done, total))).unwrap();
    assert!(told.len() > 10 && told.is_sorted());
    let (done, total) = told.last().unwrap();
    assert_eq!(done, total);
}
