//! Each dependency has a line that says why it is here, and no line outlives its dependency. What stands
//! outside the workspace is built of the same versions, so that what is fuzzed is what is shipped.

use super::manifest::{self, Entry};
use super::tree::{Fault, Tree};
use std::collections::BTreeMap;

const PAGE: &str = "docs/decisions/dependencies.md";
/// The crate that has a workspace of its own.
const OUTSIDE: &str = "tests/fuzz/";

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let ours = declared(tree, "Cargo.toml", "workspace.dependencies");
    let outside_path = format!("{OUTSIDE}Cargo.toml");
    let outside = declared(tree, &outside_path, "dependencies");
    let (theirs, shared): (Vec<_>, Vec<_>) =
        outside.into_iter().partition(|entry| !ours.iter().any(|other| other.key == entry.key));
    let explained = explained(tree.text(PAGE).unwrap_or_default());
    let missing = |path: &str, entries: &[Entry<'_>]| -> Vec<Fault> {
        let silent = entries.iter().filter(|entry| !explained.iter().any(|(_, name)| *name == entry.key));
        silent.map(|entry| Fault::at(path, entry.line, format!("{} has no line in {PAGE}", entry.key))).collect()
    };
    let mut faults = missing("Cargo.toml", &ours);
    faults.extend(missing(&outside_path, &theirs));
    faults.extend(
        explained
            .iter()
            .filter(|(_, name)| !ours.iter().chain(&theirs).any(|entry| entry.key == *name))
            .map(|(line, name)| Fault::at(PAGE, *line, format!("{name} is no dependency of the workspace"))),
    );
    for entry in shared {
        if !ours.iter().any(|other| other.key == entry.key && other.value == entry.value) {
            faults.push(Fault::at(&outside_path, entry.line, format!("{} stands otherwise in Cargo.toml", entry.key)));
        }
    }
    faults.extend(locked_otherwise(tree));
    faults
}

/// What a manifest declares in this section, without our own crates.
fn declared<'a>(tree: &'a Tree, path: &str, section: &str) -> Vec<Entry<'a>> {
    let entries = manifest::entries(tree.text(path).unwrap_or_default());
    entries.into_iter().filter(|entry| entry.section == section && !entry.key.starts_with("qiaomen-")).collect()
}

/// Packages that the outside crate locks at a version that the workspace does not have.
fn locked_otherwise(tree: &Tree) -> Vec<Fault> {
    let path = format!("{OUTSIDE}Cargo.lock");
    let ours = locked(tree.text("Cargo.lock").unwrap_or_default());
    let mut faults = Vec::new();
    for (name, versions) in locked(tree.text(&path).unwrap_or_default()) {
        let Some(known) = ours.get(name) else { continue };
        for version in versions.iter().filter(|version| !known.contains(version)) {
            let advice = format!("cp Cargo.lock {path} && cargo metadata --manifest-path {OUTSIDE}Cargo.toml");
            faults.push(Fault::of(&path, format!("{name} {version} is not what the workspace is built of: {advice}")));
        }
    }
    faults
}

/// The versions of each package in a lock file.
fn locked(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut locked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(value) = line.strip_prefix("name = ") {
            name = value.trim_matches('"');
        } else if let Some(value) = line.strip_prefix("version = ").filter(|_| !name.is_empty()) {
            locked.entry(name).or_default().push(value.trim_matches('"'));
            name = "";
        }
    }
    locked
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
    #[test]
    fn a_crate_outside_that_is_built_of_something_else_is_found() {
        let package = |version: &str| format!("[[package]]\nname = \"uuid\"\nversion = \"{version}\"\n");
        let tree = Tree::made_up([
            ("Cargo.toml", "[workspace.dependencies]\nuuid = \"1\"\nserde = \"1\"\n"),
            ("Cargo.lock", &package("1.2.3")),
            ("tests/fuzz/Cargo.toml", "[dependencies]\nlibfuzzer-sys = \"0.4\"\nuuid = \"1\"\nserde = \"2\"\n"),
            ("tests/fuzz/Cargo.lock", &package("1.2.4")),
            (PAGE, "| `uuid` | ids |\n| `serde` | JSON |\n"),
        ]);
        let found = found(&check(&tree));
        assert_eq!(found.len(), 3, "{found:#?}");
        assert_eq!(found[0], "tests/fuzz/Cargo.toml:2: libfuzzer-sys has no line in docs/decisions/dependencies.md");
        assert_eq!(found[1], "tests/fuzz/Cargo.toml:4: serde stands otherwise in Cargo.toml");
        assert!(found[2].starts_with("tests/fuzz/Cargo.lock: uuid 1.2.4 is not what"), "{found:#?}");
    }
}
