//! The console and the field app in real Chromium, with a real office and real phones beside them. Pictures of what was seen are kept
//! in `target/screens`.
//!
//! The programs are not built here: `cargo build --workspace --bins` first, and `npm ci --prefix tests/js`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]
#![allow(clippy::print_stderr, reason = "a story that fails says what it kept")]
#![allow(dead_code, reason = "the harness is shared; not every story needs all of it")]

#[path = "../harness/mod.rs"]
mod harness;

/// Chromium beside this test.
mod chromium;
/// Every page that one can come to, full and empty, on a desk and on a tablet.
mod pages;
/// The field app on a phone, beside a real office.
mod field;
/// What the README shows first.
mod demo;
/// A whole evening: phones come home while the page is open, the day is closed.
mod evening;

use chromium::Chromium;
use harness::Office;
use harness::program::{ours, run};

/// The clerk of these stories.
const LOGIN: &str = "zhaomin";
const PASSWORD: &str = "腊八蒜 2026 春";

/// Somebody may sign in at this office.
fn adds(office: &Office, login: &str, post: &str) {
    let file = office.beside("password.txt");
    std::fs::write(&file, PASSWORD).expect("a file");
    let (data, file) = (office.data(), file.to_string_lossy().into_owned());
    let data = data.to_string_lossy();
    let words = ["clerk", "add", login, "--data", &data, "--post", post, "--password-file", &file];
    run(&ours("qiaomen"), words).done();
}
/// A browser in which the clerk has signed in.
fn desk(office: &Office, size: (u32, u32)) -> Chromium {
    adds(office, LOGIN, "admin");
    let mut browser = Chromium::at(&office.wire.url(), size);
    browser.signs_in(LOGIN, PASSWORD);
    browser
}
