//! A form that is sent twice is done once. Every form carries a number of its own; the second time that it comes, the
//! answer is what became of the first. Two taps are never two visits.

use std::collections::BTreeMap;

/// Outcomes that are remembered. A form older than that is not done any more, and its sender is told.
const KEPT_MAX: usize = 1_000;

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Where to go on.
    pub to: String,
    /// What was done, in words.
    pub said: String,
}

/// What a form's number says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen<'a> {
    /// Never sent before.
    Fresh(u64),
    /// Sent before.
    Done(u64, &'a Outcome),
    /// From before this start of the app, or too old to know.
    Unknown,
}

/// Forms that were handed out, and what became of them.
#[derive(Debug, Default)]
pub(crate) struct Once {
    /// Tells this start of the app from every other.
    start: String,
    next: u64,
    floor: u64,
    done: BTreeMap<u64, Outcome>,
}

impl Once {
    pub(crate) fn new(start: &str) -> Self {
        Self { start: start.to_owned(), next: 1, ..Self::default() }
    }
    /// A number for a form.
    pub(crate) fn hand_out(&mut self) -> String {
        let number = self.next;
        self.next += 1;
        self.text(number)
    }
    /// A number as a form carries it.
    pub(crate) fn text(&self, number: u64) -> String {
        format!("{}-{number}", self.start)
    }
    /// What a form's number says.
    pub(crate) fn look(&self, text: &str) -> Seen<'_> {
        let number = text.rsplit_once('-').filter(|(start, _)| *start == self.start).and_then(|(_, n)| n.parse().ok());
        match number {
            Some(number) if (self.floor..self.next).contains(&number) => match self.done.get(&number) {
                Some(outcome) => Seen::Done(number, outcome),
                None => Seen::Fresh(number),
            },
            _ => Seen::Unknown,
        }
    }
    /// Remembers what became of it.
    pub(crate) fn keep(&mut self, number: u64, outcome: Outcome) {
        self.done.insert(number, outcome);
        while self.done.len() > KEPT_MAX {
            if let Some((oldest, _)) = self.done.pop_first() {
                self.floor = oldest + 1;
            }
        }
    }
    /// What became of the form with this number.
    pub(crate) fn outcome(&self, number: u64) -> Option<&Outcome> {
        self.done.get(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome() -> Outcome {
        Outcome { to: "/".to_owned(), said: String::new() }
    }

    #[test]
    fn a_form_of_an_earlier_start_or_one_that_was_never_handed_out_is_not_done() {
        let mut once = Once::new("a");
        let given = once.hand_out();
        assert_eq!(once.look(&given), Seen::Fresh(1));
        for foreign in ["", "a", "a-2", "b-1", "a-x", "a--1"] {
            assert_eq!(once.look(foreign), Seen::Unknown, "{foreign}");
        }
    }

    #[test]
    fn an_outcome_is_remembered_and_what_is_too_old_to_remember_is_never_done_again() {
        let mut once = Once::new("a");
        let first = once.hand_out();
        once.keep(1, outcome());
        assert_eq!(once.look(&first), Seen::Done(1, &outcome()));
        for n in 2..=1 + u64::try_from(KEPT_MAX).unwrap() {
            once.hand_out();
            once.keep(n, outcome());
        }
        assert_eq!(once.look(&first), Seen::Unknown);
    }
}
