//! `simulate`: plays bad days and says how they ended.

use clap::Parser;
use qiaomen_tests::simulation::run::shrink;
use qiaomen_tests::simulation::world::Size;
use qiaomen_tests::simulation::{Figures, Outcome, run};
use std::process::ExitCode;
use std::time::Instant;

/// A day is millions of small allocations, on both sides of the C boundary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Plays bad days: phones, one office, a network, and everything that goes wrong between them.
#[derive(Debug, Parser)]
#[command(
    name = "simulate",
    after_help = "Examples:\n  simulate --runs 2000 --seed 1\n  simulate --runs 1 --seed 4711 --talk   # play one day again, with its journal\n\nExit codes: 0 all days ended well · 1 some did not · 2 wrong arguments"
)]
struct Args {
    /// Days to play.
    #[arg(long, default_value_t = 100)]
    runs: u64,
    /// Seed of the first; each further one has the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Commands that the people of a world make.
    #[arg(long, default_value_t = Size::default().commands)]
    commands: usize,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    /// Prints the journal of each day.
    #[arg(long)]
    talk: bool,
    /// Threads to play on.
    #[arg(long, default_value_t = 1)]
    threads: u64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    #[allow(clippy::disallowed_methods, reason = "how long the runs took is told, and nothing else")]
    let begun = Instant::now();
    let outcomes = play(&args);
    let seconds = begun.elapsed().as_secs_f64();
    let mut total = Figures::default();
    let mut failed = Vec::new();
    for outcome in outcomes {
        total.add(&outcome.figures);
        if !outcome.findings.is_empty() {
            failed.push(outcome);
        }
    }
    report(&args, &total, &failed, seconds);
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn play(args: &Args) -> Vec<Outcome> {
    let size = Size { commands: args.commands };
    let threads = args.threads.max(1);
    let part = |first: u64| {
        let mut outcomes = Vec::new();
        for n in (first..args.runs).step_by(usize::try_from(threads).unwrap_or(1)) {
            let outcome = run(args.seed + n, size, args.talk, &first.to_string());
            if args.talk {
                print(&outcome.journal);
            }
            if !outcome.findings.is_empty() && !args.json {
                tell_failure(args, &outcome, &first.to_string());
            }
            outcomes.push(Outcome { journal: String::new(), ..outcome });
        }
        outcomes
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(move || part(first))).collect();
        parts.into_iter().flat_map(|p| p.join().unwrap_or_default()).collect()
    })
}

fn tell_failure(args: &Args, outcome: &Outcome, beside: &str) {
    let small = shrink(outcome.seed, Size { commands: args.commands }, beside);
    let mut text = format!("\nseed {}: {} findings\n", outcome.seed, outcome.findings.len());
    for finding in outcome.findings.iter().take(8) {
        text.push_str(&format!("  {finding}\n"));
    }
    text.push_str(&format!(
        "  to see it again: cargo run --release -p qiaomen-tests --bin simulate -- --runs 1 --seed {} --commands {} --talk\n",
        outcome.seed, small.commands
    ));
    print(&text);
}

fn report(args: &Args, total: &Figures, failed: &[Outcome], seconds: f64) {
    if args.json {
        let failures: Vec<_> =
            failed.iter().map(|o| serde_json::json!({ "seed": o.seed, "findings": o.findings })).collect();
        let json = serde_json::json!({
            "first_seed": args.seed, "commands": args.commands, "seconds": seconds, "figures": total,
            "failures": failures,
        });
        print(&format!("{json}\n"));
        return;
    }
    let mut text = format!(
        "{} runs in {seconds:.1} s ({:.1} a second), seeds {} to {}\n",
        total.runs,
        args.runs as f64 / seconds.max(0.001),
        args.seed,
        args.seed + args.runs.saturating_sub(1)
    );
    let lines = [
        ("edits", total.edits),
        ("pictures", total.pictures),
        ("commands of the office", total.office_commands),
        ("requests", total.requests),
        ("documents", total.documents),
        ("changes", total.changes),
        ("conflicts", total.conflicts),
        ("decisions", total.decisions),
        ("held", total.held),
        ("rejected", total.rejected),
    ];
    for (what, n) in lines {
        text.push_str(&format!("  {what:<24}{n:>12}\n"));
    }
    text.push_str("faults\n");
    for (what, n) in &total.faults {
        text.push_str(&format!("  {what:<40}{n:>12}\n"));
    }
    text.push_str(&format!("failures: {}\n", failed.len()));
    print(&text);
}

#[allow(clippy::print_stdout, reason = "a program speaks to whoever runs it")]
fn print(text: &str) {
    print!("{text}");
}
