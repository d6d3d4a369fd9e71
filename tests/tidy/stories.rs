//! Where all files of a crate's tests are one program, a file that its `main.rs` does not name would be run by nobody.

use super::tree::{Fault, Tree};

/// Folders whose files are one program.
const FOLDERS: [&str; 2] = ["server/tests/", "server/console/tests/"];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for folder in FOLDERS {
        let main = format!("{folder}main.rs");
        let named = tree.text(&main).unwrap_or_default();
        let files = tree.ending(".rs").filter_map(|(path, _)| path.strip_prefix(folder)).filter(|f| !f.contains('/'));
        for name in files.filter_map(|file| file.strip_suffix(".rs")).filter(|name| *name != "main") {
            if !named.lines().any(|line| line == format!("mod {name};")) {
                faults.push(Fault::of(&main, format!("does not name {name}: nobody runs its tests")));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_file_of_tests_that_nobody_runs_is_found() {
        let tree = Tree::made_up([
            ("server/tests/main.rs", "mod export;\n// mod verify;\n"),
            ("server/tests/export.rs", ""),
            ("server/tests/verify.rs", ""),
            ("server/tests/support/phone.rs", ""),
        ]);
        assert_eq!(found(&check(&tree)), ["server/tests/main.rs: does not name verify: nobody runs its tests"]);
    }
}
