//! Marks of unfinished work do not land.

use super::source;
use super::tree::{Fault, Tree};

const MARKS: [(&str, &str); 4] = [
    ("todo!", "finish it, or leave it out and say so in an issue"),
    ("unimplemented!", "finish it, or leave it out and say so in an issue"),
    ("dbg!", "a leftover of a search"),
    ("#[ignore]", "a test that never runs holds nothing; say why it waits, or remove it"),
];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let code = source::code(text);
        for (mark, advice) in MARKS {
            faults.extend(
                source::words(&code, mark).map(|at| Fault::in_text(path, text, at, format!("{mark}: {advice}"))),
            );
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn each_mark_is_found_in_tests_too() {
        let text = "fn a() { todo!() }\nfn b() { unimplemented!() }\nfn c() { dbg!(1) }\n#[test]\n#[ignore]\nfn d() {}";
        let found = found(&check(&Tree::made_up([("tests/flow/a.rs", text)])));
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[3].starts_with("tests/flow/a.rs:5: #[ignore]"));
    }

    #[test]
    fn a_sentence_about_a_mark_is_none() {
        let tree = Tree::made_up([("proto/src/a.rs", "// never todo!()\nfn mytodo() { log(\"dbg!\") }")]);
        assert_eq!(check(&tree), []);
    }
}
