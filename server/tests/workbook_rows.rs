//! Rows that try the patience of a reader, one story each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use qiaomen_server::ledger::book::{Book, Told};
use qiaomen_server::ledger::workbook::read_workbook;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

const HEADINGS: [&str; 9] = ["网格", "楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "出生日期", "居住情况"];

fn fill(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (number, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(number as u32, column as u16, *cell).unwrap();
        }
    }
}

/// A book with these rows under the headings; the first of them is row 2.
fn book(rows: &[&[&str]]) -> Book {
    book_of(&[&[&HEADINGS[..]], rows].concat())
}

fn book_of(rows: &[&[&str]]) -> Book {
    let mut workbook = Workbook::new();
    fill(
        workbook.add_worksheet(),
        &[&["网格名称", "楼栋"], &["第一网格", "1号楼、2号楼"], &["", "3号楼"], &["第二网格", "4-6号楼"]],
    );
    fill(workbook.add_worksheet(), rows);
    read_workbook(&workbook.save_to_buffer().unwrap(), &mut |_, _| {}).unwrap()
}

fn said(book: &Book) -> Vec<(u32, &str, &str)> {
    let remarks = book.warnings.iter().chain(&book.rejected);
    remarks.map(|remark| (remark.row, remark.column.as_str(), remark.code.as_str())).collect()
}

#[test]
fn the_family_of_a_door_that_is_not_read_is_not_put_next_door() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "巴特尔", "户主"],
        &["第一网格", "99号楼", "1单元", "101", "乌仁图雅", "户主"],
        &["", "", "", "", "阿茹娜", "女"],
        &["第一网格", "1号楼", "1单元", "102", "张三", "户主"],
    ]);
    assert_eq!(said(&book), [(3, "B", "unknown_building"), (4, "D", "door_above_unreadable")]);
    assert!(book.doors.iter().all(|door| door.people.len() == 1));
}

#[test]
fn a_head_who_is_not_read_leaves_the_door_to_the_family() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "巴特尔", "户主", "", "不记得", "自住"],
        &["", "", "", "", "阿茹娜", "女"],
    ]);
    assert_eq!(said(&book), [(2, "H", "date_unreadable")]);
    assert_eq!(book.doors[0].people.len(), 1);
    assert_eq!(book.doors[0].people[0].relation.as_deref(), Some("女儿"));
}

#[test]
fn only_what_is_blank_comes_from_above() {
    let book = book(&[
        &["第一网格", "", "", ""],
        &["", "1号楼", "2单元", "101", "甲某", "户主"],
        &["", "", "", "102", "乙某", "户主"],
        &["", "", "3单元", "101", "丙某", "户主"],
        &["", "2号楼", "", "101", "丁某", "户主"],
        &["", "", "", "", "戊某", "配偶"],
    ]);
    assert_eq!(said(&book), []);
    let doors: Vec<_> = book
        .doors
        .iter()
        .map(|door| (door.building.as_str(), door.unit.as_str(), door.room.as_str(), door.people.len()))
        .collect();
    assert_eq!(
        doors,
        [("1号楼", "2", "101", 1), ("1号楼", "2", "102", 1), ("1号楼", "3", "101", 1), ("2号楼", "", "101", 2)]
    );
}

#[test]
fn a_new_building_without_a_room_inherits_none() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主"],
        &["第一网格", "2号楼", "1单元", "", "乙某", "户主"],
    ]);
    assert_eq!(said(&book), [(3, "D", "room_missing")]);
}

#[test]
fn the_grid_follows_the_building() {
    let book =
        book(&[&["", "5号楼", "1单元", "101", "甲某", "户主"], &["第一网格", "4号楼", "1单元", "101", "乙某", "户主"]]);
    assert!(book.doors.iter().all(|door| door.grid == "第二网格"));
    assert_eq!(said(&book), [(3, "A", "grid_differs")]);
}

#[test]
fn one_identity_number_with_two_names_is_two_people_and_a_warning() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主", "999736198107056919"],
        &["第一网格", "1号楼", "1单元", "102", "乙某", "户主", "999736198107056919"],
    ]);
    assert_eq!(said(&book), [(3, "G", "identity_shared")]);
    assert_eq!(book.doors[1].people.len(), 1);
}

#[test]
fn a_person_in_two_doors_is_counted_once() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主", "999736198107056919"],
        &["第一网格", "1号楼", "1单元", "102", "甲某", "户主", "99973619810705691 9"],
    ]);
    assert_eq!((book.duplicates, said(&book)), (1, vec![(3, "", "person_repeated")]));
    assert!(book.warnings[0].sentence.contains("另一户"));
    assert_eq!((book.doors.len(), book.doors[1].people.len()), (2, 0));
}

#[test]
fn a_later_row_that_knows_more_is_kept() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主", "", "1981-07-05"],
        &["", "", "", "", "甲某", "户主", "999736198107056919", "1981/7/5"],
        &["", "", "", "", "甲某", "户主", "拒绝", "19810705"],
    ]);
    assert_eq!(book.duplicates, 1);
    assert_eq!(said(&book), [(3, "G", "person_perhaps_repeated"), (4, "", "person_repeated_differs")]);
}

#[test]
fn a_birth_date_against_the_identity_number_is_a_warning() {
    let book = book(&[&["第一网格", "1号楼", "1单元", "101", "甲某", "户主", "999736198107056919", "1981-07-06"]]);
    assert_eq!(said(&book), [(2, "H", "identity_check_digit")]);
    assert_eq!(book.doors[0].people[0].born_on.value().unwrap().to_string(), "1981-07-06");
}

#[test]
fn refusals_are_answers() {
    let book = book(&[&["第一网格", "1号楼", "1单元", "101", "拒绝登记", "", "保密", "拒绝"]]);
    let person = &book.doors[0].people[0];
    assert_eq!((&person.name, &person.identity, &person.born_on), (&Told::Refused, &Told::Refused, &Told::Refused));
    assert_eq!(said(&book), []);
}

#[test]
fn totals_signatures_and_repeated_headings_are_no_residents() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主"],
        &["小计", "", "", "", "1人"],
        &HEADINGS,
        &["第一网格", "1号楼", "1单元", "102", "乙某", "户主"],
        &["", "", "", "合 计：2"],
        &["制表人：丙某", "", "审核：丁某"],
    ]);
    assert_eq!((book.doors.len(), said(&book)), (2, vec![]));
}

#[test]
fn a_vacant_door_has_no_people_and_one_with_people_is_looked_at() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "", "", "", "", "空置"],
        &["第一网格", "1号楼", "1单元", "102", "甲某", "户主", "", "", "空置"],
        &["", "", "", "", "乙某", "配偶"],
    ]);
    assert_eq!(said(&book), [(3, "I", "vacant_with_people")]);
    assert_eq!((book.doors[0].people.len(), book.doors[1].people.len()), (0, 2));
}

#[test]
fn headings_may_stand_in_two_rows_of_which_one_is_half_of_a_word() {
    let book = book_of(&[
        &["2023年和顺社区台账"],
        &["住址", "", "", "人员", "", "出生", "身份证"],
        &["楼号", "单元", "室", "姓名", "关系", "年月", "号码"],
        &["一号楼", "一单元", "101室", "其木格•乌云", "户主", "1981年7月5日", "999736198107056919"],
    ]);
    assert_eq!(said(&book), []);
    assert_eq!(book.community.as_deref(), Some("和顺社区"));
    let person = &book.doors[0].people[0];
    assert_eq!(person.name.value().unwrap(), "其木格·乌云");
    assert!(person.born_on.value().is_some() && person.identity.value().is_some());
}

#[test]
fn an_identity_number_kept_as_a_number_is_not_taken_for_true() {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), &[&["网格名称", "楼栋"], &["第一网格", "1号楼"]]);
    let sheet = workbook.add_worksheet();
    fill(sheet, &[&HEADINGS, &["第一网格", "1号楼", "1单元", "101", "甲某", "户主"]]);
    sheet.write_number(1, 6, 999_736_198_107_056_919.0).unwrap();
    let book = read_workbook(&workbook.save_to_buffer().unwrap(), &mut |_, _| {}).unwrap();
    assert_eq!(said(&book), [(2, "G", "identity_rounded")]);
}

#[test]
fn a_birth_month_is_enough_where_the_identity_number_agrees() {
    let book = book(&[
        &["第一网格", "1号楼", "1单元", "101", "甲某", "户主", "999736198107056919", "1981.07"],
        &["", "", "", "", "乙某", "配偶", "", "1981年7月"],
    ]);
    assert_eq!(said(&book), [(3, "H", "date_unreadable")]);
    assert_eq!(book.doors[0].people[0].born_on.value().unwrap().to_string(), "1981-07-05");
}

#[test]
fn a_cell_merged_downwards_speaks_for_all_its_rows() {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), &[&["网格名称", "楼栋"], &["第一网格", "1号楼"]]);
    let sheet = workbook.add_worksheet();
    let headings = ["楼栋", "单元", "房号", "姓名", "电话"];
    fill(sheet, &[&headings, &["1号楼", "1单元", "101", "甲某"], &["", "", "", "乙某"], &["", "", "", "丙某"]]);
    sheet.merge_range(1, 4, 2, 4, "0477-8581234", &Format::new()).unwrap();
    let book = read_workbook(&workbook.save_to_buffer().unwrap(), &mut |_, _| {}).unwrap();
    let phones: Vec<_> = book.doors[0].people.iter().map(|person| person.phone.value().is_some()).collect();
    assert_eq!(phones, [true, true, false]);
}

#[test]
fn the_buildings_of_a_row_belong_to_its_micro_grid() {
    for heading in ["微网格", "微网格名称", "微网格名"] {
        let mut workbook = Workbook::new();
        let rows: &[&[&str]] = &[
            &["网格名称", heading, "楼栋"],
            &["第一网格", "第一微网格", "1号楼、2号楼"],
            &["", "第二微网格", "3号楼"],
            &["", "第二微网格", "2号楼、4号楼"],
            &["", "", "5号楼"],
            &["第二网格", "第一微网格", "1号楼、6号楼"],
        ];
        fill(workbook.add_worksheet(), rows);
        let book = read_workbook(&workbook.save_to_buffer().unwrap(), &mut |_, _| {}).unwrap();
        assert_eq!(said(&book), [(4, "B", "building_in_two_micro_grids"), (6, "C", "building_in_two_grids")]);
        assert_eq!(book.grids[0].buildings, ["1号楼", "2号楼", "3号楼", "4号楼", "5号楼"]);
        let found: Vec<Vec<_>> = book
            .grids
            .iter()
            .map(|grid| grid.micro_grids.iter().map(|m| (m.name.as_str(), m.buildings.join(","))).collect())
            .collect();
        let first = [("第一微网格", "1号楼,2号楼".to_owned()), ("第二微网格", "3号楼,4号楼".to_owned())];
        assert_eq!(found, [first.to_vec(), vec![("第一微网格", "6号楼".to_owned())]]);
    }
}
