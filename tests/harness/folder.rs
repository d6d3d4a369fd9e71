use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of one story. It stays when the story fails, so that somebody can look.
#[derive(Debug)]
pub(crate) struct Folder(Option<TempDir>);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        Self(Some(tempfile::Builder::new().prefix(&format!("qiaomen-{name}-")).tempdir().expect("a folder")))
    }
    pub(crate) fn path(&self) -> &Path {
        self.0.as_ref().expect("the folder is there").path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take().filter(|_| std::thread::panicking()) {
            eprintln!("kept: {}", folder.keep().display());
        }
    }
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
