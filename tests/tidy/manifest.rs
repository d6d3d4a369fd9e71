//! What a `Cargo.toml` declares, read line by line: this project writes its manifests plainly.

use super::tree::Tree;

/// One line `key = value` with the section above it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) section: &'a str,
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
    /// From 1.
    pub(crate) line: usize,
}

impl Entry<'_> {
    /// The dependency that this line declares, if it declares one.
    pub(crate) fn dependency(&self) -> Option<&str> {
        self.section.ends_with("dependencies").then(|| self.key.split('.').next().unwrap_or(self.key))
    }
}

/// The entries of a manifest.
pub(crate) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut section = "";
    let mut entries = Vec::new();
    for (line, content) in (1..).zip(text.lines().map(str::trim)) {
        if content.starts_with('[') {
            section = content.trim_matches(['[', ']']);
        } else if let Some((key, value)) = content.split_once('=').filter(|_| !content.starts_with('#')) {
            entries.push(Entry { section, key: key.trim(), value: value.trim().trim_matches('"'), line });
        }
    }
    entries
}

/// Names in one section of every manifest: packages, binaries, tests.
pub(crate) fn names<'a>(tree: &'a Tree, section: &str) -> Vec<&'a str> {
    tree.ending("Cargo.toml")
        .flat_map(|(_, text)| entries(text))
        .filter(|entry| entry.section == section && entry.key == "name")
        .map(|entry| entry.value)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_section() {
        let tree =
            Tree::made_up([("a/Cargo.toml", "[package]\nname = \"a\"\n[[bin]]\nname = \"b\"\n# name = \"c\"\n")]);
        assert_eq!(names(&tree, "package"), ["a"]);
        assert_eq!(names(&tree, "bin"), ["b"]);
    }

    #[test]
    fn a_dependency_is_known_in_both_spellings() {
        let text = "[dependencies]\nuuid.workspace = true\n[dev-dependencies]\nserde = { version = \"1\" }\n[package]\nname = \"x\"";
        let found: Vec<_> = entries(text).iter().filter_map(|e| e.dependency().map(str::to_owned)).collect();
        assert_eq!(found, ["uuid", "serde"]);
    }
}
