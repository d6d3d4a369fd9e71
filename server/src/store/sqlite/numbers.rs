//! Whole numbers as SQLite keeps them: with a sign. Ours have none, and none comes near the end of either.

/// As the database keeps it.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// As it came out of the database.
pub(super) fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
