//! `qiaomen`: the office on a command line. Every command with examples in its help, an answer for
//! people and one for programs, and exit codes that mean something.
//!
//! It decides nothing: what a command line means is found in `run/`, what is said in `words/`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints; nothing else at the office does")]

/// What can be typed.
mod args;
/// What is done.
mod run;
/// What is answered.
mod answer;
/// Answers in words for people.
mod words;
/// How far something is.
mod bar;
/// What went wrong.
mod failure;
/// One day of a community, told as a story.
mod demo;

use answer::Answer;
use args::Cli;
use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use failure::Failure;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    // Said before the command line is understood: a program that asks for JSON gets its errors as JSON.
    let json = typed.iter().any(|arg| arg == "--json");
    let cli = match args::command().try_get_matches_from(typed).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return print(&e.to_string(), 0);
        }
        Err(e) if e.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !json => {
            eprint!("{e}");
            return ExitCode::from(failure::USAGE);
        }
        Err(e) => return fail(&Failure::usage(args::usage_sentence(&e)), json),
    };
    match run::run(cli.command, json) {
        Ok(Answer { json: answer, exit, .. }) if json => print(&format!("{answer}\n"), exit),
        Ok(Answer { text, exit, .. }) if text.is_empty() => ExitCode::from(exit),
        Ok(Answer { text, exit, .. }) => print(&format!("{text}\n"), exit),
        Err(failure) => fail(&failure, json),
    }
}

/// Whoever reads us may stop reading: then there is nobody left to tell.
fn print(text: &str, exit: u8) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::from(exit)
}

fn fail(failure: &Failure, json: bool) -> ExitCode {
    if json {
        eprintln!("{}", failure.to_json());
    } else {
        eprintln!("{}", failure.sentence);
    }
    ExitCode::from(failure.exit)
}
