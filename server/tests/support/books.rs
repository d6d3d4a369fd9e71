//! An office in a folder of its own, and books to import into it.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use qiaomen_proto::normalise::{RoomKey, UnitKey};
use qiaomen_proto::person::{IdentityNumber, Phone};
use qiaomen_server::clock::Machine;
use qiaomen_server::ledger::book::{Book, Column, DoorRow, GridRow, Origin, PersonRow, SheetColumns, StaffRow, Told};
use qiaomen_server::ledger::import::{ImportReport, dry_run, plan_import, run_import};
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::Office;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

pub const COMMUNITY: &str = "和顺社区";

/// A new office, and the folder that goes away with it.
pub fn new_office() -> (TempDir, Office) {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::init(&dir.path().join("office"), COMMUNITY, "150602001001", Arc::new(Machine)).unwrap();
    (dir, office)
}

pub fn data(file: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One of the two books that the office gave as examples.
pub fn example(name: &str) -> Book {
    read_workbook(&data(&format!("ledger-{name}.xlsx")), &mut |_, _| {}).unwrap()
}

pub fn import(office: &Office, book: &Book) -> ImportReport {
    let plan = office.store().read(|tx| plan_import(office, tx, book)).unwrap();
    run_import(office, plan, &mut |_, _| {}).unwrap()
}

pub fn try_import(office: &Office, book: &Book) -> ImportReport {
    dry_run(office, book).unwrap()
}

/// The codes of what an import had to say, with row and column.
pub fn said(report: &ImportReport) -> Vec<(u32, &str, &str)> {
    report.remarks().map(|remark| (remark.row, remark.column.as_str(), remark.code.as_str())).collect()
}

pub fn at(row: u32) -> Origin {
    Origin { sheet: 0, row }
}

/// A book of one grid with one building, on one sheet whose columns have these letters.
pub fn small_book(doors: Vec<DoorRow>) -> Book {
    let letters = [
        (Column::Room, "D"),
        (Column::Name, "E"),
        (Column::Relation, "F"),
        (Column::Identity, "G"),
        (Column::BornOn, "H"),
        (Column::Phone, "I"),
        (Column::Occupancy, "J"),
        (Column::Category, "K"),
        (Column::State, "S"),
        (Column::ClosedOn, "T"),
        (Column::Role, "R"),
    ];
    Book {
        sheets: vec![SheetColumns {
            name: "居民台账".into(),
            letters: letters.into_iter().map(|(column, letter)| (column, letter.to_owned())).collect(),
        }],
        grids: vec![GridRow {
            origin: at(2),
            name: "第一网格".into(),
            grid_type: Some("志愿型".into()),
            buildings: vec!["1号楼".into()],
            micro_grids: Vec::new(),
            quota: None,
            note: None,
        }],
        doors,
        ..Book::default()
    }
}

pub fn door(row: u32, room: &str, people: Vec<PersonRow>) -> DoorRow {
    DoorRow {
        origin: at(row),
        grid: "第一网格".into(),
        building: "1号楼".into(),
        unit: UnitKey::parse("1").unwrap(),
        room: RoomKey::parse(room).unwrap(),
        occupancy: Some("自住".into()),
        note: None,
        people,
    }
}

/// A person who has told nothing but a name.
pub fn person(row: u32, name: &str) -> PersonRow {
    PersonRow {
        origin: at(row),
        name: Told::Value(name.into()),
        relation: None,
        identity: Told::Nothing,
        born_on: Told::Nothing,
        phone: Told::Nothing,
        categories: Vec::new(),
        note: None,
    }
}

pub fn identity(text: &str) -> Told<IdentityNumber> {
    Told::Value(IdentityNumber::parse(text).unwrap())
}
pub fn phone(text: &str) -> Told<Phone> {
    Told::Value(Phone::parse(text).unwrap())
}
pub fn born_on(text: &str) -> Told<chrono::NaiveDate> {
    Told::Value(text.parse().unwrap())
}

pub fn worker(row: u32, name: &str, role: &str, grid: Option<&str>) -> StaffRow {
    StaffRow {
        origin: at(row),
        name: name.into(),
        sex: None,
        born_on: None,
        role: role.into(),
        grid: grid.map(str::to_owned),
        phone: None,
        department: None,
        appointed_on: None,
    }
}
