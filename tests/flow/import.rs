use crate::harness::Office;
use crate::harness::foreign::in_rust;
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

fn added(report: &Value) -> u64 {
    report["added"].as_object().unwrap().values().filter_map(Value::as_u64).sum()
}

/// What the office has: documents, changes, rows; with nothing wrong.
#[track_caller]
fn figures(office: &Office) -> Value {
    office.does(["verify"])
}

#[test]
fn importing_says_what_is_really_in_the_book_and_a_dry_run_says_the_same_and_writes_nothing() {
    let office = Office::empty();
    let path = ledger("small");
    let import = ["import", "--ledger", &path.to_string_lossy()];
    let before = figures(&office);
    let dry = office.does(import.into_iter().chain(["--dry-run"]));
    says_the_truth(&dry, "small");
    assert_eq!(figures(&office), before, "a dry run writes nothing");
    let first = office.does(import);
    says_the_truth(&first, "small");
    assert_eq!(first["added"], dry["added"], "a dry run says what would happen");
    assert_eq!(first["added"]["residents"], first["residents"]);
    office.verifies();

    let documents = in_rust(&office.documents("first"));
    let second = office.does(import);
    says_the_truth(&second, "small");
    assert_eq!(added(&second), 0, "{second:#}");
    assert!(in_rust(&office.documents("second")) == documents, "the second import adds nothing");
    office.verifies();
}

#[test]
fn a_whole_community_is_imported_as_it_is_and_importing_it_again_adds_nothing() {
    let office = Office::empty();
    let path = ledger("community");
    let import = ["import", "--ledger", &path.to_string_lossy()];
    let first = office.does(import);
    says_the_truth(&first, "community");
    assert_eq!(first["added"]["residents"], first["residents"]);
    let second = office.does(import);
    says_the_truth(&second, "community");
    assert_eq!(added(&second), 0, "{second:#}");
    office.verifies();
}
