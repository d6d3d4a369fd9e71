//! Books of other offices, made in the same messy manner: other sheet names, other orders of columns,
//! other headings, other habits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::messy_workbook::content::{Content, Truth, content};
use crate::messy_workbook::lay_out;
use qiaomen_server::ledger::book::{Book, DoorRow, Origin};
use qiaomen_server::ledger::summary::BookSummary;
use qiaomen_server::ledger::workbook::read_workbook;

const SEEDS: std::ops::Range<u64> = 0..48;

fn read(bytes: &[u8]) -> Book {
    read_workbook(bytes, &mut |_, _| {}).unwrap()
}

fn found(book: &Book) -> Truth {
    let summary = BookSummary::from(book);
    Truth {
        grids: summary.grids,
        buildings: summary.buildings,
        doors: summary.doors,
        residents: summary.residents,
        refusals: summary.refusals,
        staff: summary.staff,
        tickets: summary.tickets,
        duplicates: summary.duplicates,
        bad_ids: summary.warnings.iter().filter(|r| r.code == "identity_check_digit").count() as u32,
        bad_rows: summary.rejected.len() as u32,
    }
}

/// The doors without what depends on how the book was typed.
fn doors(mut book: Book) -> Vec<DoorRow> {
    for door in &mut book.doors {
        door.origin = Origin::default();
        door.people.iter_mut().for_each(|person| person.origin = Origin::default());
    }
    book.doors
}

fn a_book(seed: u64) -> Content {
    content(seed, 1 + (seed % 9) as usize, 1 + (seed % 4) as u32)
}

#[test]
fn a_messy_book_holds_what_was_typed_into_it() {
    for seed in SEEDS {
        let content = a_book(seed);
        let book = read(&lay_out(&content, seed));
        assert_eq!(found(&book), content.truth, "seed {seed}: {:?}", book.rejected);
    }
}

#[test]
fn every_person_is_read_as_it_was_meant() {
    for seed in SEEDS {
        let content = a_book(seed);
        let book = read(&lay_out(&content, seed));
        for (door, meant) in book.doors.iter().zip(&content.doors) {
            assert_eq!(door.building, format!("{}号楼", meant.building), "seed {seed}");
            assert_eq!(door.unit.as_str(), meant.unit.to_string(), "seed {seed}");
            assert_eq!(door.room.as_str(), meant.room.to_string(), "seed {seed}");
            assert_eq!(door.occupancy.as_deref(), Some(meant.occupancy), "seed {seed}");
            assert_eq!(door.people.len(), meant.people.len(), "seed {seed}");
            for person in &door.people {
                let is_meant = meant.people.iter().any(|meant| {
                    let value = |answer: &crate::messy_workbook::content::Answer| match answer {
                        crate::messy_workbook::content::Answer::Value(value) => Some(value.clone()),
                        _ => None,
                    };
                    value(&meant.name) == person.name.value().cloned()
                        && value(&meant.identity) == person.identity.value().map(|i| i.as_str().to_owned())
                        && value(&meant.phone) == person.phone.value().map(|p| p.as_str().to_owned())
                        && meant.born_on.map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"))
                            == person.born_on.value().map(ToString::to_string)
                });
                assert!(is_meant, "seed {seed}, row {}", person.origin.row);
            }
        }
    }
}

#[test]
fn sheet_names_and_column_orders_change_nothing() {
    let content = content(7, 3, 2);
    let first = doors(read(&lay_out(&content, 0)));
    for layout in 1..24 {
        assert_eq!(doors(read(&lay_out(&content, layout))), first, "layout {layout}");
    }
}

#[test]
fn repeated_rows_typed_in_another_style_are_still_the_same_person() {
    for seed in SEEDS {
        let book = read(&lay_out(&a_book(seed), seed));
        let odd = ["person_repeated_differs", "person_perhaps_repeated", "identity_shared"];
        assert!(book.warnings.iter().all(|remark| !odd.contains(&remark.code.as_str())), "seed {seed}");
    }
}

#[test]
fn unknown_columns_are_listed_and_quoted_nowhere() {
    let book = read(&lay_out(&a_book(3), 3));
    let unread = book.warnings.iter().filter(|remark| remark.code == "column_not_read").count();
    assert_eq!(unread, 2);
}

#[test]
fn no_remark_quotes_a_name_a_number_or_a_phone() {
    for seed in SEEDS {
        let content = a_book(seed);
        let book = read(&lay_out(&content, seed));
        let secrets = content.secrets();
        for remark in book.warnings.iter().chain(&book.rejected) {
            assert!(secrets.iter().all(|secret| !remark.sentence.contains(secret)), "seed {seed}: {}", remark.code);
        }
    }
}

#[test]
fn ten_thousand_rows_are_read_and_nothing_is_left_out() {
    let content = content(1, 9, 38);
    let rows: usize = content.doors.iter().map(|door| door.rows.len().max(1)).sum();
    assert!(rows >= 10_000, "{rows} rows");
    let bytes = lay_out(&content, 1);
    assert_eq!(found(&read(&bytes)), content.truth);
}
