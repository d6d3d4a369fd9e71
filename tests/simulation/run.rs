//! One run from its seed, and a failing one made smaller.

use super::check::check;
use super::figures::Figures;
use super::world::{Size, World};

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its seed.
    pub seed: u64,
    /// What happened.
    pub figures: Figures,
    /// What is wrong; empty on a good day.
    pub findings: Vec<String>,
    /// The journal, if it was asked for.
    pub journal: String,
}

/// Plays one world. `beside` keeps worlds of one process apart that are played at the same time.
pub fn run(seed: u64, size: Size, talks: bool, beside: &str) -> Outcome {
    let name = format!("world-{beside}-{seed}");
    let mut outcome = Outcome { seed, figures: Figures::default(), findings: Vec::new(), journal: String::new() };
    let mut world = match World::new(seed, &name, talks) {
        Ok(world) => world,
        Err(e) => {
            outcome.findings.push(in_full(&e));
            return outcome;
        }
    };
    let played = world.day(size).and_then(|()| world.evening()).and_then(|home| check(&mut world, home));
    match played {
        Ok(findings) => outcome.findings = findings,
        Err(e) => outcome.findings.push(in_full(&e)),
    }
    outcome.figures = std::mem::take(&mut world.figures);
    outcome.journal = std::mem::take(&mut world.journal);
    outcome
}

/// The smallest number of commands with which the same seed still fails.
pub fn shrink(seed: u64, size: Size, beside: &str) -> Size {
    let fails = |commands: usize| !run(seed, Size { commands }, false, beside).findings.is_empty();
    let (mut good, mut bad) = (0, size.commands);
    // Fewer commands are a beginning of the same day; whether one fails is not monotonous, so the answer
    // is a small one and not always the smallest.
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        if fails(middle) { bad = middle } else { good = middle }
    }
    Size { commands: bad }
}

fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
