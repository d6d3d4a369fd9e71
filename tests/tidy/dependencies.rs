//! Each dependency has a line that says why it is here, and no line outlives its dependency.

use super::manifest;
use super::tree::{Fault, Tree};

const PAGE: &str = "docs/decisions/dependencies.md";

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    let entries = manifest::entries(manifest);
    let used: Vec<_> = entries
        .iter()
        .filter(|entry| entry.section == "workspace.dependencies" && !entry.key.starts_with("qiaomen-"))
        .collect();
    let explained = explained(tree.text(PAGE).unwrap_or_default());
    let missing = used
        .iter()
        .filter(|entry| !explained.iter().any(|(_, name)| *name == entry.key))
        .map(|entry| Fault::at("Cargo.toml", entry.line, format!("{} has no line in {PAGE}", entry.key)));
    let left_over = explained
        .iter()
        .filter(|(_, name)| !used.iter().any(|entry| entry.key == *name))
        .map(|(line, name)| Fault::at(PAGE, *line, format!("{name} is no dependency of the workspace")));
    missing.chain(left_over).collect()
}

/// Rows that begin with a name as code, with their lines.
fn explained(page: &str) -> Vec<(usize, &str)> {
    (1..)
        .zip(page.lines())
        .filter_map(|(line, row)| Some((line, row.strip_prefix("| `")?.split('`').next()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_and_a_reason_without_a_dependency_are_found() {
        let tree = Tree::made_up([
            (
                "Cargo.toml",
                "[workspace.dependencies]\nqiaomen-proto = { path = \"proto\" }\nuuid = \"1\"\nserde = \"1\"\n",
            ),
            (PAGE, "| dependency | why |\n|---|---|\n| `uuid` | ids |\n| `rand` | chance |\n"),
        ]);
        assert_eq!(
            found(&check(&tree)),
            [
                "Cargo.toml:4: serde has no line in docs/decisions/dependencies.md",
                "docs/decisions/dependencies.md:4: rand is no dependency of the workspace"
            ]
        );
    }
}
