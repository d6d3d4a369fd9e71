//! Answers in words for people: what happened, and what to do next.

/// The books: opened, imported, exported, verified.
pub(crate) mod books;
/// Staff, codes, devices.
pub(crate) mod people;
/// Grids, backups.
pub(crate) mod places;
/// Conflicts, decisions, doors.
pub(crate) mod review;
/// Lists of conflicts in figures, what was merged by itself, decisions by a rule.
pub(crate) mod bulk;
/// What is held back, and rescue files.
pub(crate) mod held;

/// Lines that are not empty, one below the other.
fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}
