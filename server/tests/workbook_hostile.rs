//! Files that are not what they seem: an error in words or an empty book, and the office goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::workbook::{FILE_BYTES_MAX, SHEET_COLUMNS_MAX, WorkbookError, read_workbook};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use std::path::PathBuf;

fn read(bytes: &[u8]) -> Result<Book, WorkbookError> {
    read_workbook(bytes, &mut |_, _| {})
}

fn small() -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/data/ledger-small.xlsx")).unwrap()
}

/// A workbook of one sheet after another.
fn workbook(sheets: &[&dyn Fn(&mut Worksheet)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for fill in sheets {
        fill(workbook.add_worksheet());
    }
    workbook.save_to_buffer().unwrap()
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in cells.iter().enumerate() {
        sheet.write_string(row, column as u16, *cell).unwrap();
    }
}

fn grids(sheet: &mut Worksheet) {
    row(sheet, 0, &["网格名称", "楼栋"]);
    row(sheet, 1, &["第一网格", "1号楼、2号楼"]);
}

const HEADINGS: [&str; 6] = ["楼栋", "单元", "房号", "姓名", "身份证号", "出生日期"];

/// A zip of these files, not packed, as a book with one sheet has them.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let crc = !text.bytes().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ ((crc & 1) * 0xedb8_8320))
        });
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for number in [crc, text.len() as u32, text.len() as u32, name.len() as u32] {
            about.extend(number.to_le_bytes());
        }
        list.extend(
            [b"PK\x01\x02\x14\0", &about[..], &[0; 10], &(zip.len() as u32).to_le_bytes(), name.as_bytes()].concat(),
        );
        zip.extend([b"PK\x03\x04", &about[..], name.as_bytes(), text.as_bytes()].concat());
    }
    let [files, size, start] = [files.len(), list.len(), zip.len()].map(|n| (n as u32).to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0", &files[..2], &files[..2], &size, &start, &[0, 0]].concat();
    [zip, list, end].concat()
}

/// A workbook of one sheet with this inside, and with this list of shared texts.
fn raw_workbook(sheet: &str, texts: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |kind: &str, target: &str| {
        let list = "http://schemas.openxmlformats.org/package/2006/relationships";
        format!(
            r#"<Relationships xmlns="{list}"><Relationship Id="r1" Type="{of}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{of}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    zip(&[
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &format!(r#"<worksheet xmlns="{main}">{sheet}</worksheet>"#)),
        ("xl/sharedStrings.xml", &format!(r#"<sst xmlns="{main}" {texts}</sst>"#)),
    ])
}

const TEXTS: &str = r#"uniqueCount="2"><si><t>网格</t></si><si><t>楼栋</t></si>"#;
const CELLS: &str =
    r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row></sheetData>"#;

#[test]
fn numbers_that_no_spreadsheet_would_write_are_damage_or_are_passed_over() {
    assert!(read(&raw_workbook(CELLS, TEXTS)).is_ok(), "the file made by hand is a workbook");
    // The first of them ended the process before the file was looked at: 240 TB are never given.
    for many in [10_000_000_000_000, u64::MAX] {
        let texts = TEXTS.replace("uniqueCount=\"2\"", &format!("uniqueCount=\"{many}\""));
        assert_ne!(texts, TEXTS);
        assert!(matches!(read(&raw_workbook(CELLS, &texts)), Err(WorkbookError::Damaged { .. })));
    }
    let generous = TEXTS.replace("uniqueCount=\"2\"", "count=\"70000\" uniqueCount=\"70000\"");
    assert!(read(&raw_workbook(CELLS, &generous)).is_ok(), "some programs count the cells");
    let wrong = [
        format!(r#"<dimension ref="B9:A1"/>{CELLS}"#),
        format!(r#"{CELLS}<mergeCells><mergeCell ref="B9:A1"/></mergeCells>"#),
        format!(r#"{CELLS}<mergeCells><mergeCell ref="A1:A99999999999"/></mergeCells>"#),
        CELLS.replace("B1", "B99999999999"),
        CELLS.replace("B1", "ZZZZZZZZZZ1"),
        CELLS.replace("<v>1", "<v>99"),
        CELLS.replace("</c></row>", ""),
    ];
    for sheet in wrong {
        let _ = read(&raw_workbook(&sheet, TEXTS)).map_err(|error| error.sentence());
    }
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    let not: [&[u8]; 5] = [b"", b"PK", b"hello, this is no workbook at all", &[0; 4096], b"PK\x05\x06"];
    for bytes in not {
        assert!(matches!(read(bytes), Err(WorkbookError::NotAWorkbook)));
    }
}

#[test]
fn an_old_or_locked_workbook_is_said_to_be_so() {
    let old = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat();
    assert!(matches!(read(&old), Err(WorkbookError::OldOrLocked)));
}

#[test]
fn a_file_one_byte_too_large_is_not_opened() {
    assert!(matches!(read(&vec![0; FILE_BYTES_MAX + 1]), Err(WorkbookError::FileTooLarge { .. })));
    assert!(matches!(read(&vec![0; FILE_BYTES_MAX]), Err(WorkbookError::NotAWorkbook)));
}

#[test]
fn a_file_that_promises_gigabytes_is_not_opened() {
    let mut bytes = small();
    let entry = bytes.windows(4).position(|four| four == [b'P', b'K', 1, 2]).unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(read(&bytes), Err(WorkbookError::UnpackedTooLarge)));
}

/// A zip whose part of this name unpacks to this many mebibytes of blanks, and says so unless told otherwise.
fn packed(name: &str, mebibytes: usize, said: Option<u32>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    let blanks = vec![b' '; 1024 * 1024];
    (0..mebibytes).for_each(|_| std::io::Write::write_all(&mut zip, &blanks).unwrap());
    let mut bytes = zip.finish().unwrap().into_inner();
    for (signature, size_at) in [([b'P', b'K', 1, 2], 24), ([b'P', b'K', 3, 4], 22)] {
        let entry = bytes.windows(4).position(|four| four == signature).unwrap();
        if let Some(said) = said {
            bytes[entry + size_at..entry + size_at + 4].copy_from_slice(&said.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn each_part_has_a_limit_of_its_own_and_a_lie_about_its_size_does_not_help() {
    for (name, max) in [("xl/worksheets/sheet1.xml", 96), ("xl/sharedStrings.xml", 32), ("xl/styles.xml", 16)] {
        let bytes = packed(name, max + 1, None);
        assert!(bytes.len() < 1024 * 1024);
        assert!(matches!(read(&bytes), Err(WorkbookError::UnpackedTooLarge)), "{name}");
        // Small enough, and then no workbook after all.
        assert!(matches!(read(&packed(name, max, None)), Err(WorkbookError::Damaged { .. })), "{name}");
        assert!(read(&packed(name, max + 1, Some(1024))).is_err(), "{name}");
    }
}

#[test]
fn styles_that_would_be_copied_into_terabytes_are_damage() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("xl/styles.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let (font, format) = ("x".repeat(8 << 20), "<xf fontId=\"0\"/>".repeat(400_000));
    let styles = format!(
        "<styleSheet><fonts><font><name val=\"{font}\"/></font></fonts><cellXfs>{format}</cellXfs></styleSheet>"
    );
    std::io::Write::write_all(&mut zip, styles.as_bytes()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 100_000);
    assert!(matches!(read(&bytes), Err(WorkbookError::Damaged { .. })));
}

#[test]
fn a_workbook_cut_anywhere_is_an_error() {
    let bytes = small();
    for cut in (0..bytes.len()).step_by(97) {
        assert!(read(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_workbook_with_wrong_bytes_never_stops_the_program() {
    let bytes = small();
    for at in (0..bytes.len()).step_by(61) {
        let mut wrong = bytes.clone();
        wrong[at] ^= 0x55;
        // A book or an error, whatever it is.
        let _ = read(&wrong).map_err(|error| error.sentence());
    }
}

#[test]
fn an_empty_workbook_and_one_cell_hold_no_ledger() {
    for bytes in [workbook(&[&|_| {}]), workbook(&[&|sheet| row(sheet, 0, &["楼栋"])])] {
        assert!(matches!(read(&bytes), Err(WorkbookError::NothingRecognised)));
    }
}

#[test]
fn headings_alone_are_an_empty_book() {
    let book = read(&workbook(&[&|sheet| row(sheet, 0, &HEADINGS)])).unwrap();
    assert!(book.doors.is_empty() && book.rejected.is_empty() && book.warnings.is_empty());
}

#[test]
fn residents_without_a_sheet_of_grids_are_not_guessed_at() {
    let bytes = workbook(&[&|sheet| {
        row(sheet, 0, &HEADINGS);
        row(sheet, 1, &["1号楼", "1单元", "101", "巴特尔", "", ""]);
    }]);
    assert!(matches!(read(&bytes), Err(WorkbookError::NoGrids)));
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing() {
    let far = |sheet: &mut Worksheet| {
        grids(sheet);
        sheet.write_string(1_048_575, 0, "合计").unwrap();
    };
    assert_eq!(read(&workbook(&[&far])).unwrap().grids.len(), 1);
    let wide = |sheet: &mut Worksheet| {
        grids(sheet);
        sheet.write_string(1, SHEET_COLUMNS_MAX as u16, "x").unwrap();
    };
    assert!(matches!(read(&workbook(&[&wide])), Err(WorkbookError::SheetTooLarge { number: 1 })));
}

#[test]
fn one_text_merged_over_the_whole_sheet_is_read_once_a_row() {
    let bytes = workbook(&[&grids, &|sheet| {
        row(sheet, 0, &HEADINGS);
        for number in 1..=50 {
            sheet.write_string(number, 2, (100 + number).to_string()).unwrap();
        }
        sheet.merge_range(1, 0, 1_048_575, 0, "1号楼", &Format::new()).unwrap();
    }]);
    let book = read(&bytes).unwrap();
    assert_eq!(book.doors.len(), 50);
    assert!(book.doors.iter().all(|door| door.unit.is_none()));
}

#[test]
fn an_unknown_sheet_is_listed_and_a_hidden_one_is_not_read() {
    let bytes = workbook(&[
        &grids,
        &|sheet| {
            sheet.set_name("填表说明").unwrap();
            row(sheet, 0, &["请按要求填写"]);
        },
        &|sheet| {
            sheet.set_name("旧表").unwrap().set_hidden(true);
            row(sheet, 0, &HEADINGS);
            row(sheet, 1, &["1号楼", "1单元", "101", "巴特尔", "", ""]);
        },
    ]);
    let book = read(&bytes).unwrap();
    let said: Vec<_> = book.warnings.iter().map(|remark| (remark.sheet.as_str(), remark.code.as_str())).collect();
    assert_eq!(said, [("填表说明", "sheet_not_recognised"), ("旧表", "sheet_hidden")]);
    assert!(book.doors.is_empty());
}

#[test]
fn every_error_has_a_sentence_in_chinese() {
    let errors = [
        WorkbookError::FileTooLarge { bytes: 99 << 20 },
        WorkbookError::UnpackedTooLarge,
        WorkbookError::NotAWorkbook,
        WorkbookError::OldOrLocked,
        WorkbookError::Damaged { source: None },
        WorkbookError::TooManySheets,
        WorkbookError::SheetTooLarge { number: 2 },
        WorkbookError::NothingRecognised,
        WorkbookError::NoGrids,
    ];
    for error in errors {
        assert!(error.sentence().contains('请') && error.sentence().ends_with('。'), "{error}");
    }
}
