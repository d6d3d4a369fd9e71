//! The office's commands as they are typed: what they answer, to people and to programs, and with
//! which exit code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/ledger-small.xlsx");

struct Office {
    dir: TempDir,
}

impl Office {
    /// Books that have been opened, with the small workbook in them.
    fn with_ledger() -> Self {
        let office = Self { dir: TempDir::new().unwrap() };
        assert_eq!(exit(&office.run(&["init", "--community", "和顺社区", "--region", "150782001001"])), 0);
        assert_eq!(exit(&office.run(&["import", "--ledger", LEDGER])), 0);
        office
    }
    fn data(&self) -> PathBuf {
        self.dir.path().join("office")
    }
    fn run(&self, arguments: &[&str]) -> Output {
        run(&self.data(), arguments)
    }
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(exit(&output), 0, "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
    /// The error that a program reads, and the exit code.
    fn refused(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.stdout.is_empty(), "{output:?}");
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert!(error["error"]["sentence"].as_str().is_some_and(|s| s.ends_with('。')), "{error}");
        (exit(&output), error["error"]["code"].clone())
    }
}

/// `qiaomen <command> --data DIR <the rest>`
fn run(data: &Path, arguments: &[&str]) -> Output {
    let (first, rest) = arguments.split_first().unwrap();
    Command::new(env!("CARGO_BIN_EXE_qiaomen")).arg(first).arg("--data").arg(data).args(rest).output().unwrap()
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn books_are_opened_once_and_a_workbook_brought_in_twice_adds_nothing() {
    let office = Office::with_ledger();
    assert_eq!(
        office.refused(&["init", "--community", "x", "--region", "150782001001"]),
        (1, "already_initialised".into())
    );
    let again = office.json(&["import", "--ledger", LEDGER]);
    for what in ["grids", "buildings", "doors", "residents", "staff", "tickets", "answers"] {
        assert_eq!(again["added"][what], 0, "{what}");
    }
    let truth: Value = serde_json::from_slice(&std::fs::read(LEDGER.replace(".xlsx", ".truth.json")).unwrap()).unwrap();
    assert_eq!(again["residents"], truth["residents"]);
    let dry = office.json(&["import", "--ledger", LEDGER, "--dry-run"]);
    assert_eq!(dry["dry_run"], true);
    let verified = office.json(&["verify"]);
    assert_eq!((&verified["residents"], &verified["problems"]), (&again["residents"], &Value::Array(Vec::new())));
}

#[test]
fn what_cannot_be_is_said_with_a_code_and_an_exit_code() {
    let office = Office { dir: TempDir::new().unwrap() };
    assert_eq!(office.refused(&["status"]), (2, "usage".into()));
    assert_eq!(office.refused(&["conflicts"]), (1, "not_initialised".into()));
    assert_eq!(office.refused(&["init", "--community", "x", "--region", "1507820010"]), (2, "usage".into()));
    let office = Office::with_ledger();
    assert_eq!(office.refused(&["import", "--ledger", "nothing.xlsx"]), (1, "cannot_read".into()));
    assert_eq!(office.refused(&["import", "--ledger", file!()]).0, 1);
    assert_eq!(office.refused(&["decide", "1"]), (2, "usage".into()));
    assert_eq!(office.refused(&["decide", "1", "--take", "A"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["decide", "1", "--take", "A", "--field", "phone"]), (2, "usage".into()));
    assert_eq!(office.refused(&["decide", "--rule", "newest", "--preview"]), (2, "usage".into()));
    assert_eq!(office.refused(&["decide", "--rule", "later"]), (2, "usage".into()));
    assert_eq!(office.refused(&["decide", "--token", "00", "--field", "phone"]), (2, "usage".into()));
    assert_eq!(office.refused(&["decide", "--token", "00"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["undo", "1"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["undo", "--bulk", "1"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["conflicts", "--field", "血型"]), (1, "malformed".into()));
    assert_eq!(office.refused(&["door", "9-9-999"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["quarantine", "release", "1"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["quarantine", "discard", "1", "--reason", "?"]), (2, "usage".into()));
    assert_eq!(office.refused(&["rescue", LEDGER]), (1, "not_a_rescue_file".into()));
    assert_eq!(office.refused(&["enrol", "--worker", "没有这个人"]), (1, "not_found".into()));
    assert_eq!(office.refused(&["clerk", "add", "zhaomin"]).0, 2);
    std::fs::remove_file(office.data().join("community.key")).unwrap();
    assert_eq!(office.refused(&["conflicts"]), (1, "no_key_file".into()));
}

#[test]
fn a_worker_of_the_roster_gets_a_code_by_name_and_a_door_is_shown() {
    let office = Office::with_ledger();
    let staff = office.json(&["staff"]);
    let worker = staff.as_array().unwrap().iter().find(|w| w["role"] == "grid_worker").unwrap();
    let name = worker["name"].as_str().unwrap();
    let made = office.json(&["enrol", "--worker", name, "--grid", worker["grids"][0].as_str().unwrap()]);
    assert_eq!((&made["worker"]["id"], &made["grid_given"]), (&worker["id"], &false.into()));
    assert_eq!(made["code"].as_str().unwrap().len(), 14);
    assert_eq!(office.json(&["devices"]), Value::Array(Vec::new()));
    assert_eq!(office.json(&["conflicts", "--state", "all"]), Value::Array(Vec::new()));
    assert_eq!(office.json(&["quarantine"]), Value::Array(Vec::new()));
    let door = office.run(&["door", "1-1-202"]);
    let text = String::from_utf8(door.stdout).unwrap();
    assert!(text.starts_with("1号楼1单元202（第一网格）\n") && text.contains("联系电话"), "{text}");
}

#[test]
fn documents_are_exported_into_an_empty_folder_only() {
    let office = Office::with_ledger();
    let out = office.dir.path().join("documents");
    let report = office.json(&["export", "--documents", out.to_str().unwrap()]);
    assert_eq!(report["documents"]["resident"], 170);
    assert_eq!(std::fs::read_dir(out.join("resident")).unwrap().count(), 170);
    assert_eq!(office.refused(&["export", "--documents", out.to_str().unwrap()]), (1, "not_empty".into()));
}

#[test]
fn the_service_says_at_once_where_it_is_and_a_second_one_finds_the_port_taken() {
    let office = Office::with_ledger();
    let mut serving = Command::new(env!("CARGO_BIN_EXE_qiaomen"))
        .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(office.data())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let addr = said["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
    assert!(std::net::TcpStream::connect(&addr).is_ok());
    let second = office.run(&["serve", "--json", "--listen", &addr]);
    assert_eq!(exit(&second), 5, "{second:?}");
    serving.kill().unwrap();
    serving.wait().unwrap();
}
