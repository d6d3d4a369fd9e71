//! How long an import takes. Not run with the others: a busy machine would make it a lie.
//! `cargo bench -p qiaomen-server --bench import`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "this measures")]

#[path = "../tests/support/books.rs"]
mod books;
#[path = "../tests/support/messy_workbook.rs"]
mod messy_workbook;

use books::new_office;
use messy_workbook::content::content;
use messy_workbook::lay_out;
use qiaomen_server::export::export_documents;
use qiaomen_server::ledger::import::{Added, plan_import, run_import};
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::{DATABASE_NAME, Office};
use qiaomen_server::verify::verify;
use std::time::{Duration, Instant};

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    println!("{what}: {took:.2?}");
    (result, took)
}

fn main() {
    let bytes = lay_out(&content(1, 9, 34), 0);
    let (dir, office) = new_office();
    let (book, reading) = timed("read the workbook", || read_workbook(&bytes, &mut |_, _| {}).unwrap());
    let people: usize = book.doors.iter().map(|door| door.people.len()).sum();
    let vacant = book.doors.iter().filter(|door| door.people.is_empty()).count();
    let rows = people + vacant + book.tickets.len() + book.staff.len() + book.grids.len();
    println!(
        "{rows} rows, {} doors, {people} people, {} tickets, {} bytes",
        book.doors.len(),
        book.tickets.len(),
        bytes.len()
    );
    let plan = |office: &Office| office.store().read(|tx| plan_import(office, tx, &book)).unwrap();
    let (first, planning) = timed("plan the first import", || plan(&office));
    let (_, running) = timed("run it", || run_import(&office, first, &mut |_, _| {}).unwrap());
    let size = std::fs::metadata(office.dir().join(DATABASE_NAME)).unwrap().len();
    println!("database: {} KB", size / 1024);
    let (second, _) = timed("plan the second import", || plan(&office));
    let (report, _) = timed("run it", || run_import(&office, second, &mut |_, _| {}).unwrap());
    assert_eq!(report.added, Added::default());
    let (looked, _) = timed("verify", || verify(&office, &mut |_, _| {}));
    assert_eq!(looked.problems, []);
    let (exported, _) = timed("export", || export_documents(&office, &dir.path().join("out"), &mut |_, _| {}).unwrap());
    println!("{exported:?}");
    assert!(rows >= 10_000, "{rows} rows");
    println!("together: {:.2?}", reading + planning + running);
}
