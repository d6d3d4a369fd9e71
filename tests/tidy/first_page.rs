//! `lib.rs` is a crate's first page: it opens with a sentence and gives each module one.

use super::tree::{Fault, Tree};

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending("/lib.rs") {
        if !text.starts_with("//!") {
            faults.push(Fault::at(path, 1, "opens without saying what the crate is for"));
        }
        // The comment may stand above attributes.
        let mut explained = false;
        for (line, content) in (1..).zip(text.lines().map(str::trim)) {
            if content.starts_with("///") {
                explained = true;
            } else if let Some(module) = module(content) {
                if !explained {
                    faults.push(Fault::at(path, line, format!("module {module} has no sentence above it")));
                }
                explained = false;
            } else if !content.starts_with('#') {
                explained = false;
            }
        }
    }
    faults
}

/// The module that this line declares.
fn module(line: &str) -> Option<&str> {
    let declared = ["mod ", "pub mod ", "pub(crate) mod "].into_iter().find_map(|start| line.strip_prefix(start))?;
    Some(declared.trim_end_matches([';', '{', ' ']))
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_module_without_a_sentence_is_found() {
        let text = "//! A crate.\n\n/// One.\npub mod one;\npub mod two;\n/// Three.\n#[cfg(test)]\nmod three;\n";
        let tree = Tree::made_up([("proto/src/lib.rs", text)]);
        assert_eq!(found(&check(&tree)), ["proto/src/lib.rs:5: module two has no sentence above it"]);
    }

    #[test]
    fn a_crate_that_opens_in_silence_is_found() {
        assert_eq!(check(&Tree::made_up([("proto/src/lib.rs", "/// One.\nmod one;\n")])).len(), 1);
    }
}
