//! Nothing in the project knows the machine that it was written on: no path, no private registry.

use super::tree::{Fault, Tree};

/// Folders at the root of one machine. Written in two halves, so that this list is not its own fault.
fn private_folders() -> [String; 4] {
    [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/Us", "ers/"]].map(|halves| halves.concat())
}

/// Where packages come from for everybody.
const CARGO_REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM_REGISTRY: &str = "https://registry.npmjs.org/";

pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        for folder in private_folders() {
            faults.extend(
                absolute(text, &folder).map(|at| Fault::in_text(path, text, at, format!("{folder} is one machine's"))),
            );
        }
        if path.ends_with(".md") {
            let folder = ["/t", "mp/"].concat();
            faults.extend(
                absolute(text, &folder)
                    .map(|at| Fault::in_text(path, text, at, format!("{folder} is not on every system"))),
            );
        }
        faults.extend(registries(path, text));
    }
    faults
}

/// Places where this path starts at the root, and not in the middle of another or of an address.
fn absolute<'a>(text: &'a str, folder: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(folder).map(|(at, _)| at).filter(|at| {
        text[..*at].chars().next_back().is_none_or(|before| {
            before.is_ascii() && !before.is_ascii_alphanumeric() && !matches!(before, '.' | '_' | '-' | '~' | '}' | '*')
        })
    })
}

/// Lines that send a package manager somewhere of its own.
fn registries(path: &str, text: &str) -> Vec<Fault> {
    let strange = |line: &str| {
        let line = line.trim();
        if path.ends_with("Cargo.lock") {
            line.strip_prefix("source = ").is_some_and(|source| source.trim_matches('"') != CARGO_REGISTRY)
        } else if path.ends_with("package-lock.json") {
            line.strip_prefix("\"resolved\": \"").is_some_and(|resolved| !resolved.starts_with(NPM_REGISTRY))
        } else if path.ends_with(".npmrc") {
            line.split('=').next().is_some_and(|key| key.trim().ends_with("registry"))
        } else if path.contains(".cargo/config") {
            line.starts_with("[source") || line.starts_with("[registr")
        } else {
            false
        }
    };
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| strange(line))
        .map(|(line, _)| Fault::at(path, line, "packages come from the public registry"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::found;
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let text = format!(
            "see {}a/b\nand src{}c, https://example.org{}d",
            private_folders()[0],
            private_folders()[0],
            private_folders()[2]
        );
        let tree = Tree::made_up([("docs/a.md", &text)]);
        let found = found(&check(&tree));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("docs/a.md:1: "));
    }

    #[test]
    fn a_scratch_folder_is_found_in_docs_only() {
        let text = ["cd /t", "mp/x"].concat();
        let tree = Tree::made_up([("docs/a.md", &text), ("tests/a.rs", &text)]);
        assert_eq!(check(&tree).len(), 1);
    }

    #[test]
    fn a_private_registry_is_found() {
        let tree = Tree::made_up([
            ("Cargo.lock", "source = \"registry+https://packages.example/index\"\n"),
            ("tests/js/package-lock.json", "\"resolved\": \"https://packages.example/a.tgz\",\n"),
            (
                "tests/js/.npmrc",
                "@a:registry=https://packages.example\nfund=false\nomit-lockfile-registry-resolved=true\n",
            ),
            (".cargo/config.toml", "[source.crates-io]\n"),
        ]);
        assert_eq!(check(&tree).len(), 4);
    }

    #[test]
    fn the_public_registries_are_welcome() {
        let tree = Tree::made_up([
            ("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"),
            ("tests/js/package-lock.json", "\"resolved\": \"https://registry.npmjs.org/a.tgz\",\n"),
        ]);
        assert_eq!(check(&tree), []);
    }
}
