//! The two example books, imported: what their truth says, once and never twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::books::{data, example, import, new_office, try_import};
use qiaomen_proto::entity::schema;
use qiaomen_proto::ids::{Kind, Role};
use qiaomen_server::clock::{Machine, NoRandomness, Surroundings};
use qiaomen_server::ledger::import::{Added, ImportReport, plan_import, run_import};
use qiaomen_server::office::{DATABASE_NAME, Office};
use qiaomen_server::verify::verify;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

fn truth(name: &str) -> Value {
    serde_json::from_slice(&data(&format!("ledger-{name}.truth.json"))).unwrap()
}

/// What the import prints, in the words of the truth file.
fn found(report: &ImportReport) -> Value {
    let printed = serde_json::to_value(report).unwrap();
    let bad_ids = report.book.warnings.iter().filter(|remark| remark.code == "identity_check_digit").count();
    json!({
        "grids": printed["grids"], "buildings": printed["buildings"], "doors": printed["doors"],
        "residents": printed["residents"], "refused_phone": printed["refusals"]["phone"], "staff": printed["staff"],
        "tickets": printed["tickets"], "duplicates": printed["duplicates"], "bad_ids": bad_ids,
        "bad_rows": printed["rejected"].as_array().unwrap().len(),
    })
}

/// Rows of every table of the database.
fn row_counts(office: &Office) -> BTreeMap<String, i64> {
    let conn = Connection::open(office.dir().join(DATABASE_NAME)).unwrap();
    let mut names = conn.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let names: Vec<String> = names.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let count = |name: &String| conn.query_row(&format!("SELECT count(*) FROM {name}"), [], |r| r.get(0)).unwrap();
    names.iter().map(|name| (name.clone(), count(name))).collect()
}

#[test]
fn both_books_are_imported_as_their_truth_says_and_the_second_time_nothing_is_added() {
    for name in ["small", "community"] {
        let (_dir, office) = new_office();
        let (book, truth) = (example(name), truth(name));
        let first = import(&office, &book);
        assert_eq!(found(&first), truth, "{name}");
        let staff: u64 = truth["staff"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        let added = serde_json::to_value(first.added).unwrap();
        for thing in ["grids", "buildings", "doors", "residents", "tickets"] {
            assert_eq!(added[thing], truth[thing], "{name}: {thing}");
        }
        assert_eq!((first.added.staff as u64, first.added.answers, first.dry_run), (staff, 0, false), "{name}");
        let looked = verify(&office, &mut |_, _| {});
        assert_eq!(looked.problems, [], "{name}");
        assert_eq!(
            [looked.doors, looked.residents, looked.tickets].map(Value::from),
            [truth["doors"].clone(), truth["residents"].clone(), truth["tickets"].clone()],
            "{name}"
        );
        assert_eq!(looked.documents, looked.doors + looked.residents + looked.tickets, "{name}");

        let second = import(&office, &book);
        assert_eq!(second.added, Added::default(), "{name}");
        assert_eq!(second.book, first.book, "{name}: the second import has nothing more to say");
        assert_eq!(verify(&office, &mut |_, _| {}), looked, "{name}");
    }
}

#[test]
fn the_report_prints_the_fields_that_scripts_read() {
    let (_dir, office) = new_office();
    let printed = serde_json::to_value(try_import(&office, &example("small"))).unwrap();
    let fields: Vec<&str> = printed.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "added",
        "buildings",
        "doors",
        "dry_run",
        "duplicates",
        "grids",
        "refusals",
        "rejected",
        "residents",
        "staff",
        "tickets",
        "warnings",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn a_dry_run_says_what_the_import_will_do_and_writes_nothing() {
    let (_dir, office) = new_office();
    let book = example("small");
    let before = row_counts(&office);
    let said = try_import(&office, &book);
    assert!(said.dry_run);
    assert_eq!(row_counts(&office), before);
    let done = import(&office, &book);
    assert_eq!((said.book, said.added), (done.book, done.added));
    let before = row_counts(&office);
    assert_eq!(try_import(&office, &book).added, Added::default());
    assert_eq!(row_counts(&office), before);
}

#[test]
fn everything_that_the_import_writes_would_be_admitted_from_a_device_of_the_office() {
    let (_dir, office) = new_office();
    import(&office, &example("small"));
    office
        .store()
        .read(|tx| -> Result<(), qiaomen_server::store::StoreError> {
            for doc in tx.documents()? {
                for (_, change) in tx.changes(doc)? {
                    for op in change.ops {
                        assert_eq!(
                            schema::check(doc.kind, &op.path, &op.value, Role::Office),
                            Ok(()),
                            "{doc} {:?}",
                            op.path
                        );
                    }
                }
                assert!(doc.kind == Kind::Ticket || !tx.streams_of(doc)?.is_empty(), "{doc} is in no stream");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn progress_goes_up_and_ends_at_the_end() {
    let (_dir, office) = new_office();
    let plan = office.store().read(|tx| plan_import(&office, tx, &example("small"))).unwrap();
    let mut told = Vec::new();
    run_import(&office, plan, &mut |done, total| told.push((done, total))).unwrap();
    assert!(told.is_sorted());
    let (done, total) = told.last().unwrap();
    assert!(done == total && *total > 0);
}

#[test]
fn a_plan_that_is_carried_out_late_is_made_anew() {
    let (_dir, office) = new_office();
    let book = example("small");
    let plan = office.store().read(|tx| plan_import(&office, tx, &book)).unwrap();
    import(&office, &book);
    let late = run_import(&office, plan, &mut |_, _| {}).unwrap();
    assert_eq!(late.added, Added::default());
}

/// A machine that gives no more randomness after some calls.
#[derive(Debug)]
struct Failing(AtomicI64);

impl Surroundings for Failing {
    fn now_ms(&self) -> u64 {
        Machine.now_ms()
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if self.0.fetch_sub(1, Ordering::Relaxed) > 0 { Machine.random(bytes) } else { Err(NoRandomness) }
    }
}

#[test]
fn an_import_that_breaks_off_leaves_nothing_behind() {
    for calls in [1, 30, 300] {
        let (dir, office) = new_office();
        drop(office);
        let around = Arc::new(Failing(AtomicI64::new(calls)));
        let office = Office::open_with(&dir.path().join("office"), around.clone()).unwrap();
        let before = row_counts(&office);
        let plan = office.store().read(|tx| plan_import(&office, tx, &example("small"))).unwrap();
        assert!(run_import(&office, plan, &mut |_, _| {}).is_err());
        assert_eq!(row_counts(&office), before, "after {calls} calls");
        around.0.store(i64::MAX, Ordering::Relaxed);
        assert_eq!(import(&office, &example("small")).added.residents, 170);
        assert_eq!(verify(&office, &mut |_, _| {}).problems, []);
    }
}
