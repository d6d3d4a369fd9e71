//! What an import would do, row by row: said before it is done, and with nobody's values.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::books::{door, identity, import, new_office, person, phone, small_book, worker};
use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::import::{Outcome, PreviewRow, plan_import, preview};
use qiaomen_server::office::Office;

fn look(office: &Office, book: &Book) -> Vec<PreviewRow> {
    let plan = office.store().read(|tx| plan_import(office, tx, book)).unwrap();
    preview(&plan, office.identity().id)
}

fn outcomes(rows: &[PreviewRow]) -> Vec<(u32, &str, Outcome)> {
    rows.iter().map(|row| (row.row, row.about, row.outcome)).collect()
}

fn family() -> Book {
    let mut wang = person(5, "王建国");
    wang.identity = identity("11010519491231002X");
    Book {
        staff: vec![worker(3, "李秀兰", "网格员", Some("第一网格")), worker(4, "张三", "大总管", None)],
        ..small_book(vec![door(5, "101", vec![wang])])
    }
}

#[test]
fn what_is_new_what_is_lacking_and_what_stands_is_told_apart() {
    let (_dir, office) = new_office();
    let book = family();
    let first = look(&office, &book);
    let new = Outcome::New;
    assert_eq!(
        outcomes(&first),
        [(2, "网格", new), (3, "人员", new), (4, "人员", Outcome::Rejected), (5, "户", new), (5, "居民", new)]
    );
    import(&office, &book);
    let again = look(&office, &book);
    let same = Outcome::Same;
    assert_eq!(
        outcomes(&again),
        [(2, "网格", same), (3, "人员", same), (4, "人员", Outcome::Rejected), (5, "居民", same)]
    );
    let mut more = book.clone();
    more.doors[0].people[0].phone = phone("13900000002");
    more.staff[0].phone = Some(qiaomen_proto::person::Phone::parse("13900000003").unwrap());
    let filled = outcomes(&look(&office, &more)).into_iter().filter(|(.., o)| *o == Outcome::Completed).count();
    assert_eq!(filled, 2, "a phone of 王's and one of 李's");
}

#[test]
fn a_door_in_a_building_that_no_grid_has_is_rejected_with_everybody_behind_it() {
    let (_dir, office) = new_office();
    let mut book = family();
    book.doors[0].building = "9号楼".to_owned();
    let rows = look(&office, &book);
    let behind: Vec<Outcome> = rows.iter().filter(|row| row.row == 5).map(|row| row.outcome).collect();
    assert_eq!(behind, [Outcome::Rejected, Outcome::Rejected]);
}

#[test]
fn what_is_said_of_a_row_stands_with_it_once_and_nobody_is_named() {
    let (_dir, office) = new_office();
    let rows = look(&office, &family());
    let rejected = rows.iter().find(|row| row.row == 4).unwrap();
    assert_eq!(rejected.remarks, ["R 列：不认识这个职务。请改成花名册里常用的职务再导入"]);
    let said = format!("{rows:?}");
    for value in ["王建国", "李秀兰", "张三", "11010519491231002X"] {
        assert!(!said.contains(value), "{value}");
    }
    assert!(said.contains("1号楼1单元101 王**") && said.contains("李** · 网格员 · 第一网格"));
}
