//! A file that cannot be read at once holds more than one idea.

use super::tree::{Fault, Tree};

/// Lines from which on a file is two files.
const LINES_MAX: usize = 500;
/// Files that may be longer, each with its reason. None so far.
const EXCEPTIONS: [&str; 0] = [];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    tree.ending(".rs")
        .filter(|(path, _)| !EXCEPTIONS.contains(path))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines >= LINES_MAX)
        .map(|(path, lines)| Fault::of(path, format!("{lines} lines; find the two ideas in it")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_file_at_the_limit_is_found_and_one_below_is_not() {
        let (long, short) = ("\n".repeat(LINES_MAX), "\n".repeat(LINES_MAX - 1));
        let tree = Tree::made_up([("proto/src/long.rs", &long), ("proto/src/short.rs", &short)]);
        assert_eq!(found(&check(&tree)), ["proto/src/long.rs: 500 lines; find the two ideas in it"]);
    }
}
