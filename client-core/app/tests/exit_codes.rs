//! The real program: what it says and how it ends when it cannot do what it was asked.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

fn field(home: Option<&Path>, pin_file: Option<&Path>, line: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiaomen-field"));
    if let Some(home) = home {
        command.arg("--home").arg(home);
    }
    if let Some(file) = pin_file {
        command.arg("--pin-file").arg(file);
    }
    command.args(line).stdin(std::process::Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code_of(output: &Output) -> String {
    let json: serde_json::Value = serde_json::from_str(&said(output)).unwrap();
    assert!(json["error"]["sentence"].as_str().is_some_and(|s| !s.is_empty()), "{json}");
    json["error"]["code"].as_str().unwrap().to_owned()
}

/// A folder with a device that could not reach its office, and a file with its PIN.
fn device() -> (TempDir, std::path::PathBuf, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (home, pin) = (folder.path().join("home"), folder.path().join("pin"));
    fs::write(&pin, "246810\n").unwrap();
    let output = field(Some(&home), Some(&pin), &["--json", "enrol", "--server", NOWHERE, "--code", "7F3K-9QXM"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(5), "no_connection"));
    (folder, home, pin)
}

#[test]
fn help_goes_to_whoever_asks_and_a_wrong_line_ends_with_2() {
    let output = field(None, None, &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("退出码"));
    for line in [&["doors"][..], &["--json", "dors"], &["--home", "x", "visit", "3-2-502"], &[]] {
        let output = field(None, None, line);
        assert_eq!(output.status.code(), Some(2), "{line:?}");
        assert!(output.stdout.is_empty(), "{line:?}");
    }
    assert_eq!(code_of(&field(None, None, &["--json", "dors"])), "usage");
}

#[test]
fn a_folder_without_a_device_is_said_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let pin = folder.path().join("pin");
    fs::write(&pin, "246810").unwrap();
    let output = field(Some(folder.path()), Some(&pin), &["--json", "doors"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(1), "not_here"));
    let output = field(Some(&folder.path().join("none")), Some(&pin), &["--json", "doors"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(1), "not_here"));
}

#[test]
fn a_device_that_is_nobodys_yet_says_so() {
    let (_folder, home, pin) = device();
    let output = field(Some(&home), Some(&pin), &["status"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("还没有登记"));
    let output = field(Some(&home), Some(&pin), &["--json", "sync"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(1), "not_enrolled"));
}

#[test]
fn a_wrong_pin_ends_with_3_and_tells_how_many_are_left() {
    let (folder, home, _pin) = device();
    let wrong = folder.path().join("wrong");
    fs::write(&wrong, "000000").unwrap();
    let output = field(Some(&home), Some(&wrong), &["--json", "doors"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(3), "wrong_pin"));
    assert!(said(&output).contains("\"retry\":true"));
    // Without a terminal and without a file there is nobody to ask.
    let output = field(Some(&home), None, &["doors"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--pin-file"));
}

#[test]
fn a_damaged_database_ends_with_4_and_is_still_there() {
    let (_folder, home, pin) = device();
    let database = home.join("field.db");
    let mut bytes = fs::read(&database).unwrap();
    for byte in &mut bytes[..4096] {
        *byte ^= 0x5a;
    }
    fs::write(&database, &bytes).unwrap();
    let output = field(Some(&home), Some(&pin), &["--json", "doors"]);
    assert_eq!((output.status.code(), code_of(&output).as_str()), (Some(4), "database_damaged"));
    let kept = fs::read_dir(&home).unwrap().any(|entry| fs::read(entry.unwrap().path()).unwrap() == bytes);
    assert!(kept, "the damaged database is kept");
}
