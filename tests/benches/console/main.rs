//! What the console's pages take in a large community: 20,000 matters and 200,000 entries of diaries on top of the
//! community's own book, conflicts, held work and duplicates to go through, a signed day. Prints a table for
//! docs/performance.md. Time is that of the server alone, from the request to the last byte of the page, without a network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measurement stops where it fails")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod browser;
mod community;

use axum::http::StatusCode;
use browser::Browser;
use qiaomen_console::rights::{For, PLACES};
use qiaomen_server::clock::Machine;
use qiaomen_server::close::{Day, Left, Whether, figures, sign};
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::{Post, Sight, clerks};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PASSWORD: &str = "a long one for the measurement";
/// How often each page is asked for.
const ROUNDS: usize = 20;
const CODE: &str = "/people/{id}/code/{kept}";
/// How often what writes a file or looks at a whole book is asked for.
const WHOLE_ROUNDS: usize = 5;

/// Median and longest.
fn middle(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

/// Closes today, with a reason for everything that is left.
fn sign_today(office: &Office, today: Day) {
    let sees = Sight::default();
    let left = office.store().read(|tx| -> Result<_, OfficeError> { Ok(figures(office, tx, today, &sees)?) }).unwrap();
    let whether = Left::ALL.map(|left_open| {
        let seen = left_open.count(&left.all);
        let why = if seen == 0 { "" } else { "tomorrow" };
        Whether { left: left_open, seen, why: why.to_owned(), note: String::new() }
    });
    sign(office, today, whether.to_vec(), office.own_worker()).unwrap();
}

fn row(what: &str, times: &mut [Duration], bytes: usize) {
    let (middle, longest) = middle(times);
    println!("| {what} | {middle:.1?} | {longest:.1?} | {bytes} |");
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::init(dir.path(), "和顺社区", "150782001001", Arc::new(Machine)).unwrap();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ledger-community.xlsx");
    let file = std::fs::read(file).unwrap();
    let book = read_workbook(&file, &mut |_, _| {}).unwrap();
    let plan = office.store().read(|tx| plan_import(&office, tx, &book)).unwrap();
    run_import(&office, plan, &mut |_, _| {}).unwrap();
    let (now_ms, places, begun) = (office.now_ms(), community::places(&office), Instant::now());
    community::matters(&office, &places, now_ms);
    community::diaries(&office, &places, now_ms);
    community::a_bad_day(&office, &places);
    let today = Day::of(now_ms);
    sign_today(&office, today);
    let [doors, residents, tickets, contacts] = office.store().read(|tx| tx.counts()).unwrap();
    println!(
        "{doors} doors, {residents} residents, {tickets} matters, {contacts} contacts (made in {:.0?})",
        begun.elapsed()
    );

    clerks::add_in_post(&office, "measure", PASSWORD, Post::Admin, None, None).unwrap();
    let browser = Browser::signed_in(office, "measure", PASSWORD).await;
    let imported = browser.upload("/import", "book", &file).await;
    let map = browser.get("/map/export").await;
    browser.upload("/map/import", "file", &map.body).await;
    let person = browser.first("/people", "/people/").await;
    let code = browser.post(&format!("{person}/enrol"), &[]).await;

    println!("\n| page | middle of {ROUNDS} | longest | bytes |\n|---|---|---|---|");
    for place in PLACES.iter().filter(|p| p.method == "GET" && p.open_to != For::Anybody && p.path != "/live") {
        let path = match place.path {
            "/import/{kept}" => imported.to.clone(),
            CODE => code.to.clone(),
            path if path.starts_with("/day") => path.replace("{day}", &today.to_string()),
            path => browser.real(path).await,
        };
        let (mut times, mut bytes) = (Vec::new(), 0);
        // A code is shown once, and not again.
        for _ in 0..if place.path == CODE { 1 } else { ROUNDS } {
            let answer = browser.get(&path).await;
            let shown = matches!(answer.status, StatusCode::OK | StatusCode::SEE_OTHER);
            assert!(shown, "{} says {}", place.path, answer.status);
            (bytes, _) = (answer.body.len(), times.push(answer.time));
        }
        row(&format!("`{}`", place.path), &mut times, bytes);
    }
    let rule = [("rule", "later"), ("field", "联系电话")];
    for (what, path, fields) in [
        ("the ledger as a workbook", "/ledger/export", &[][..]),
        ("what a rule would decide", "/conflicts/rule", &rule),
        ("a person by name", "/ledger/residents", &[("q", "王建")]),
    ] {
        let (mut times, mut bytes) = (Vec::new(), 0);
        for _ in 0..WHOLE_ROUNDS {
            let answer = browser.post(path, fields).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&answer.body));
            (bytes, _) = (answer.body.len(), times.push(answer.time));
        }
        row(&format!("`POST {path}`: {what} (of {WHOLE_ROUNDS})"), &mut times, bytes);
    }
}
