//! `qiaomen-field`: the device on a command line. Every verb of the device as a command, with examples
//! in its help, an answer for people and one for programs, and exit codes that mean something.
//!
//! It decides nothing: what a command line means is found in `run/`, what is said in `words/`. `app` opens the screens
//! in a browser instead (`qiaomen-host`).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line prints; nothing else in the project does"
)]

/// What can be typed.
mod args;
/// Where the PIN comes from.
mod pin;
/// What is done.
mod run;
/// What it takes to lie in somebody's browser.
mod browser;
/// What is answered.
mod answer;
/// Answers in words for people.
mod words;
/// What went wrong.
mod failure;
/// One made-up day, as people and as programs read it.
#[cfg(test)]
mod tests;

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
    match run::run(&cli) {
        Ok(Answer { json: answer, exit, .. }) if cli.json => print(&format!("{answer}\n"), exit),
        Ok(Answer { text, exit, .. }) => print(&format!("{text}\n"), exit),
        Err(failure) => fail(&failure, cli.json),
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
        eprintln!("{}", failure.to_text());
    }
    ExitCode::from(failure.exit)
}
