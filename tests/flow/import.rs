use crate::harness::Office;
use crate::harness::folder::files;
use crate::harness::office::ledger;
use serde_json::{Value, json};

/// What is really in the book, as its maker wrote it down, in the words of `import --json`.
#[track_caller]
fn says_the_truth(report: &Value, book: &str) {
    let truth = ledger(book).with_extension("truth.json");
    let truth: Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    for name in ["grids", "buildings", "doors", "residents", "staff", "tickets", "duplicates"] {
        assert_eq!(report[name], truth[name], "{name} of {book}");
    }
    assert_eq!(report["refusals"]["phone"], truth["refused_phone"], "{book}");
    let rows = |name: &str| report[name].as_array().unwrap().clone();
    assert_eq!(json!(rows("rejected").len()), truth["bad_rows"], "{:#?}", rows("rejected"));
    for row in rows("rejected").iter().chain(&rows("warnings")) {
        assert!(row["sheet"].is_string() && row["row"].is_u64() && row["sentence"].is_string(), "{row:#}");
    }
}

fn added(report: &Value) -> u64 { report["added"].as_object().unwrap().values().filter_map(Value::as_u64).sum() }

/// Every file with its content.
fn content(office: &Office) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    files(&office.data()).into_iter().map(|f| (f.clone(), std::fs::read(f).unwrap())).collect()
}

#[test]
fn importing_says_what_is_really_in_the_book_and_importing_twice_adds_nothing() {
    for book in ["small", "community"] {
        let office = Office::empty();
        let path = ledger(book);
        let import = ["import", "--ledger", &path.to_string_lossy()];
        let before = office.does(["status"]);
        let dry = office.does(import.into_iter().chain(["--dry-run"]));
        says_the_truth(&dry, book);
        assert_eq!(office.does(["status"]), before, "a dry run writes nothing");
        let first = office.does(import);
        says_the_truth(&first, book);
        assert_eq!(first["added"], dry["added"], "a dry run says what would happen");
        assert_eq!(first["added"]["residents"], first["residents"]);
        office.verifies();
        let before = content(&office);
        let second = office.does(import);
        says_the_truth(&second, book);
        assert_eq!(added(&second), 0, "{second:#}");
        assert!(content(&office).len() >= before.len());
        office.verifies();
    }
}
