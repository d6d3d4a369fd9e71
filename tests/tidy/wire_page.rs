//! The page of the wire carries a fingerprint of the wire's sources, so that whoever changes the
//! wire opens the page, reads it, and pastes the new fingerprint.

use super::source;
use super::tree::{Fault, Tree};

const PAGE: &str = "docs/protocol/wire.md";
const SOURCES: &str = "proto/src/wire/";
const MARK: &str = "wire-sources: ";

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(expected) = fingerprint(tree) else {
        return Vec::new();
    };
    let Some(page) = tree.text(PAGE) else {
        return vec![Fault::of(PAGE, format!("is missing; it carries the line {MARK}{expected}"))];
    };
    let said = page.lines().find_map(|line| line.trim_matches(['<', '!', '-', '>', '`', ' ']).strip_prefix(MARK));
    if said == Some(expected.as_str()) {
        return Vec::new();
    }
    vec![Fault::of(
        PAGE,
        format!("the wire has changed: see whether the page still says so, then write {MARK}{expected}"),
    )]
}

/// BLAKE3 over the code of the wire: without comments and tests, so that only the wire itself counts.
/// None as long as the wire is an empty module.
fn fingerprint(tree: &Tree) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    let mut any = false;
    for (path, text) in tree.below(SOURCES).filter(|(path, _)| source::is_product(path)) {
        let bare = without_comments(text);
        any |= !bare.is_empty();
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(bare.as_bytes());
        hasher.update(&[0]);
    }
    any.then(|| hasher.finalize().to_hex()[..16].to_owned())
}

/// Strings stay: they can be on the wire. Comments, tests and the way lines are broken do not.
fn without_comments(text: &str) -> String {
    let product = source::product(text);
    let tests_start = text.find("#[cfg(test)]").unwrap_or(text.len());
    let strings = text[..tests_start].lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = product.split_whitespace().chain(strings.flat_map(|line| line.split('"').skip(1).step_by(2)));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    fn tree(wire: &str, page: &str) -> Tree {
        Tree::made_up([("proto/src/wire/push.rs", wire), (PAGE, page)])
    }

    #[test]
    fn a_page_that_was_not_opened_when_the_wire_changed_is_found() {
        let page =
            format!("# Wire\n\n<!-- {MARK}{} -->\n", fingerprint(&tree("const A: u8 = 1;", "")).expect("a wire"));
        assert_eq!(check(&tree("const A: u8 = 1;", &page)), []);
        let found = found(&check(&tree("const A: u8 = 2;", &page)));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(MARK), "{found:?}");
    }

    #[test]
    fn a_name_on_the_wire_counts_and_a_comment_or_a_test_does_not() {
        let of = |text| fingerprint(&tree(text, ""));
        assert_eq!(of("const A: u8 = 1;"), of("// one\nconst A:\n u8 = 1;\n#[cfg(test)]\nmod tests { fn b() {} }"));
        assert_ne!(of("const A: &str = \"x\";"), of("const A: &str = \"y\";"));
    }

    #[test]
    fn a_wire_without_a_page_is_found_and_an_empty_one_needs_none() {
        assert_eq!(check(&Tree::made_up([("proto/src/wire/mod.rs", "const A: u8 = 1;")])).len(), 1);
        assert_eq!(check(&Tree::made_up([("proto/src/wire/mod.rs", "//! The wire.\n")])), []);
    }
}
