//! Files by their path from the top of the project, with `/` on every system.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// The files of a project: read from the disk, or made up by a test.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    texts: BTreeMap<String, String>,
    folders: BTreeSet<String>,
}

/// Folders that are made, not written.
const MADE: [&str; 3] = ["target", "node_modules", ".git"];

impl Tree {
    /// The project that this test belongs to.
    pub(crate) fn here() -> Self {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project");
        let mut tree = Self::default();
        tree.read(top, "");
        tree
    }

    /// A project with these files.
    #[cfg(test)]
    pub(crate) fn made_up<const N: usize>(files: [(&str, &str); N]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            for (at, _) in path.match_indices('/') {
                tree.folders.insert(path[..at].to_owned());
            }
            tree.texts.insert(path.to_owned(), text.to_owned());
        }
        tree
    }

    fn read(&mut self, folder: &Path, prefix: &str) {
        for entry in std::fs::read_dir(folder).expect("a folder of the project can be read") {
            let entry = entry.expect("an entry of the project can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().expect("an entry has a type");
            // In a second work tree `.git` is a file.
            if MADE.contains(&name.as_str()) {
                continue;
            }
            if kind.is_dir() {
                self.read(&entry.path(), &format!("{path}/"));
                self.folders.insert(path);
            } else if kind.is_file() {
                // A file that is no text (a picture, a workbook) is there, and has nothing to read.
                let text = std::fs::read(entry.path()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                self.texts.insert(path, text.unwrap_or_default());
            }
        }
    }

    /// Every file, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files whose path ends so.
    pub(crate) fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(path, _)| path.ends_with(end))
    }

    /// Files below a folder, given with its closing `/`.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(path, _)| path.starts_with(folder))
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether a file or folder is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        path.is_empty() || self.texts.contains_key(path) || self.folders.contains(path)
    }
}

/// Something to mend.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    path: String,
    /// From 1; 0 where it concerns the whole file.
    line: usize,
    what: String,
}

impl Fault {
    /// In this line.
    pub(crate) fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }

    /// In the line that holds this byte of the text.
    pub(crate) fn in_text(path: &str, text: &str, byte: usize, what: impl Into<String>) -> Self {
        Self::at(path, 1 + text[..byte].matches('\n').count(), what)
    }

    /// In the file as a whole.
    pub(crate) fn of(path: &str, what: impl Into<String>) -> Self {
        Self::at(path, 0, what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// What a rule finds, line by line, for its own tests.
#[cfg(test)]
pub(crate) fn found(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_knows_its_files_and_folders_and_nothing_that_was_built() {
        let tree = Tree::here();
        assert!(tree.has("Cargo.toml") && tree.has("tests/tidy") && tree.has("proto/src/lib.rs"));
        assert!(!tree.has("target") && !tree.has("nowhere"));
    }

    #[test]
    fn a_fault_names_the_line_that_an_editor_opens() {
        let fault = Fault::in_text("a.rs", "one\ntwo\nthree", 5, "odd");
        assert_eq!(fault.to_string(), "a.rs:2: odd");
    }
}
