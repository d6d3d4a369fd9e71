//! Sheets and columns read as a clerk says, where the headings do not say it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use qiaomen_server::ledger::book::Told;
use qiaomen_server::ledger::workbook::{Choices, Field, Kind, Reading, SheetChoice, WorkbookError, read_workbook_as};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;

/// A sheet of grids, and one of residents with these rows.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let grids: &[&[&str]] = &[&["网格名称", "楼栋"], &["第一网格", "1号楼"]];
    for (name, rows) in [("网格", grids), ("住户", rows)] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn read(bytes: &[u8], choice: SheetChoice) -> Reading {
    let choices = Choices { sheets: BTreeMap::from([(1, choice)]) };
    read_workbook_as(bytes, &choices, &mut |_, _| {}).unwrap()
}

fn residents(columns: &[(Field, Option<usize>)]) -> SheetChoice {
    SheetChoice { kind: Some(Kind::Residents), columns: columns.iter().copied().collect(), ..SheetChoice::default() }
}

#[test]
fn a_column_that_no_word_names_is_read_when_somebody_points_at_it() {
    let bytes = workbook(&[&["楼栋", "单元", "房号", "称呼"], &["1号楼", "1", "101", "王建国"]]);
    let before = read(&bytes, SheetChoice::default());
    assert!(before.sheets[1].kind.is_none() && before.book.unwrap().doors.is_empty());
    let lacking = read(&bytes, residents(&[]));
    assert_eq!(lacking.sheets[1].missing(), ["姓名"]);
    assert!(lacking.book.unwrap().doors.is_empty(), "without a name it is not read");
    let told = read(&bytes, residents(&[(Field::Name, Some(3))]));
    let book = told.book.unwrap();
    assert_eq!(book.doors[0].people[0].name, Told::Value("王建国".to_owned()));
    assert!(told.sheets[1].is_read());
    assert!(!book.warnings.iter().any(|w| w.code == "column_not_read"), "the column is read now");
}

#[test]
fn a_chosen_column_is_taken_from_the_field_that_had_it() {
    let bytes = workbook(&[&["楼栋", "单元", "房号", "姓名", "备注"], &["1号楼", "1", "101", "王建国", "13900000002"]]);
    let told = read(&bytes, residents(&[(Field::Phone, Some(4))]));
    let at = |field| told.sheets[1].fields.iter().find(|f| f.field == field).unwrap().column;
    assert_eq!((at(Field::Phone), at(Field::Note)), (Some(4), None));
    let person = &told.book.as_ref().unwrap().doors[0].people[0];
    assert_eq!(person.phone.value().map(|p| p.as_str()), Some("13900000002"));
    assert_eq!(person.note, None);
}

#[test]
fn a_column_can_be_left_out_and_so_can_a_sheet() {
    let bytes =
        workbook(&[&["楼栋", "单元", "房号", "姓名", "联系电话"], &["1号楼", "1", "101", "王建国", "13900000002"]]);
    let without = read(&bytes, residents(&[(Field::Phone, None)]));
    assert_eq!(without.book.unwrap().doors[0].people[0].phone, Told::Nothing);
    let left_out = read(&bytes, SheetChoice { left_out: true, ..SheetChoice::default() });
    let book = left_out.book.unwrap();
    assert!(book.doors.is_empty() && book.warnings.iter().any(|w| w.code == "sheet_left_out"));
}

#[test]
fn headings_further_down_are_read_from_the_row_that_somebody_names() {
    let rows: &[&[&str]] = &[&["某某小区", "二〇二六"], &["栋", "室", "叫什么"], &["1号楼", "101", "王建国"]];
    let choice = SheetChoice { heading_row: Some(2), ..residents(&[(Field::Name, Some(2))]) };
    let told = read(&workbook(rows), choice);
    assert_eq!(told.sheets[1].heading_row, Some(2));
    assert_eq!(told.book.unwrap().doors.len(), 1);
}

#[test]
fn a_choice_that_points_nowhere_reads_nothing_and_breaks_nothing() {
    let bytes = workbook(&[&["楼栋", "单元", "房号", "姓名"], &["1号楼", "1", "101", "王建国"]]);
    let beyond = read(&bytes, residents(&[(Field::Name, Some(usize::MAX))]));
    assert!(
        beyond.book.unwrap().doors.iter().all(|d| d.people.iter().all(|p| p.name != Told::Value("王建国".to_owned())))
    );
    let no_row = read(&bytes, SheetChoice { heading_row: Some(9_999), ..residents(&[]) });
    assert!(no_row.sheets[1].kind.is_none());
    let all_out =
        Choices { sheets: (0..2).map(|n| (n, SheetChoice { left_out: true, ..SheetChoice::default() })).collect() };
    let nothing = read_workbook_as(&bytes, &all_out, &mut |_, _| {}).unwrap();
    assert!(matches!(nothing.book, Err(WorkbookError::NothingRecognised)) && nothing.sheets.len() == 2);
}
