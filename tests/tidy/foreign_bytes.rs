//! Automerge does not survive hostile bytes, so they come in at one place, after the checks.
//!
//! Clippy bans the calls; an `allow` lets them through. This rule counts who got through.

use super::source;
use super::tree::{Fault, Tree};

/// Each group of calls has one caller in the product.
const ENTRANCES: [(&str, &[&str]); 2] = [
    ("bytes of a change", &["Change::from_bytes", "Change::try_from"]),
    (
        "bytes of a document",
        &[
            "Automerge::load",
            "Automerge::load_with",
            "Automerge::load_with_options",
            "Automerge::load_unverified_heads",
            "AutoCommit::load",
            "load_incremental",
            "load_incremental_log_patches",
        ],
    ),
];

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (what, calls) in ENTRANCES {
        let mut callers = Vec::new();
        for (path, text) in tree.files().filter(|(path, _)| source::is_product(path) && *path != source::CHECKER) {
            let product = source::product(text);
            for call in calls {
                callers.extend(source::words(&product, call).map(|at| (path, text, at, *call)));
            }
        }
        if callers.len() > 1 {
            faults.extend(callers.into_iter().map(|(path, text, at, call)| {
                Fault::in_text(path, text, at, format!("{call}: {what} come in at one place only"))
            }));
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| source::is_product(path)) {
        faults.extend(other_names(path, text));
        faults.extend(unexplained(path, text));
    }
    faults
}

/// Under another name a call would go uncounted.
fn other_names<'a>(path: &'a str, text: &'a str) -> impl Iterator<Item = Fault> + 'a {
    let code = source::code(text);
    let renamed: Vec<_> = ["Change as", "Automerge as", "AutoCommit as"]
        .into_iter()
        .flat_map(|rename| source::words(&code, rename).collect::<Vec<_>>())
        .filter(|at| {
            let statement = code[..*at].rfind(';').map_or(0, |end| end + 1);
            source::words(&code[statement..*at], "automerge").next().is_some()
        })
        .collect();
    renamed
        .into_iter()
        .map(move |at| Fault::in_text(path, text, at, "keep automerge's own name, so that callers can be counted"))
}

/// Whoever goes through a ban says why.
fn unexplained<'a>(path: &'a str, text: &'a str) -> impl Iterator<Item = Fault> + 'a {
    let code = source::code(text);
    let silent: Vec<_> = ["clippy::disallowed_methods", "clippy::disallowed_types"]
        .into_iter()
        .flat_map(|lint| source::words(&code, lint).collect::<Vec<_>>())
        .filter(|at| {
            let end = code[*at..].find(']').map_or(code.len(), |len| at + len);
            source::words(&code[*at..end], "reason").next().is_none()
        })
        .collect();
    silent
        .into_iter()
        .map(move |at| Fault::in_text(path, text, at, "say why this ban does not hold here: reason = \"…\""))
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_second_caller_is_found_together_with_the_first() {
        let tree = Tree::made_up([
            ("proto/src/wire/a.rs", "let a = Change::from_bytes(b);"),
            ("server/src/ingest/b.rs", "let a = automerge::Change::try_from(b);"),
        ]);
        let found = found(&check(&tree));
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[1].contains("server/src/ingest/b.rs:1: Change::try_from"));
    }

    #[test]
    fn one_caller_of_each_is_as_it_should_be_and_our_own_changes_do_not_count() {
        let tree = Tree::made_up([
            ("proto/src/change/stored.rs", "let a = Change::from_bytes(b); let c = TypedChange::from_bytes(d);"),
            ("server/src/feed/snapshot.rs", "let a = Automerge::load(b);"),
            ("tests/merge/register.rs", "let a = Automerge::load(b); let c = Automerge::load(d);"),
        ]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn a_second_way_to_load_a_document_is_found() {
        let tree =
            Tree::made_up([("server/src/a.rs", "Automerge::load_with_options(b, o);\ndoc.load_incremental(c);")]);
        assert_eq!(check(&tree).len(), 2);
    }

    #[test]
    fn another_name_is_found() {
        let tree =
            Tree::made_up([("server/src/a.rs", "use x::Change as C;\nuse automerge::{ActorId,\nChange as Foreign};")]);
        assert_eq!(
            found(&check(&tree)),
            ["server/src/a.rs:3: keep automerge's own name, so that callers can be counted"]
        );
    }

    #[test]
    fn an_allowance_without_a_reason_is_found() {
        let silent = "#[allow(clippy::disallowed_methods)]\nfn a() {}";
        let said = "#[allow(clippy::disallowed_methods, reason = \"the one clock\")]\nfn a() {}";
        assert_eq!(check(&Tree::made_up([("server/src/a.rs", silent)])).len(), 1);
        assert_eq!(check(&Tree::made_up([("server/src/a.rs", said)])), []);
    }
}
