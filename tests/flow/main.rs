//! The whole flow as stories: a real office, real phones as processes of their own, real HTTP between
//! them. One file for each word of the flow, and two for what runs through all of them.
//!
//! The community is that of `tests/data/ledger-small.xlsx`: two grids with one building each; 马桂, 谢建
//! (网格员), 阿茹娜 (助理) and 程玉娟 (网格长) go through the first, 李芳 and 何巴 through the second. Behind
//! 1号楼1单元202 lives 何志刚; behind 301 live 郑艳海, 许荣宝, 孙洋 and 董燕超.
//!
//! The programs are not built here: `cargo build --workspace --bins` first, and `npm ci --prefix tests/js`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]
#![allow(clippy::print_stderr, reason = "a story that fails says what it kept")]

#[path = "../harness/mod.rs"]
mod harness;

/// Is this edit allowed, and what exactly changes?
mod s1_edit;
/// What have I not yet been thanked for?
mod s2_outbox;
/// Which batch goes now, what does the receipt mean?
mod s3_push;
/// May this device send this, and have we seen it before?
mod s4_ingest;
/// Many copies: what is the truth, by which rule?
mod s5_merge;
/// What could no rule decide?
mod s6_conflict;
/// What does the clerk see, and what happens when she decides?
mod s7_review;
/// One person on two pages: linked at the office, seen by every phone.
mod s7_duplicates;
/// What is new for this device, and how is it applied?
mod s8_pull;
/// Photos, from a phone without signal to the office's screen.
mod photos;
/// A restored office, and another division into grids.
mod restored;
/// Nothing personal can be read in any file, and everything is found.
mod privacy;
/// What users of other systems have suffered, and must not happen here.
mod peers;
/// The office's own spreadsheet.
mod import;
