use super::folder::{Folder, files};
use super::program::{Running, Told, ours, run, start};
use serde_json::Value;
use std::path::PathBuf;

/// Everybody's PIN.
pub(crate) const PIN: &str = "246810";

/// A phone: a folder, and a program that is started for each thing that its owner does.
#[derive(Debug)]
pub(crate) struct Phone {
    folder: Folder,
    /// Whose.
    pub(crate) name: String,
}

impl Phone {
    /// A phone that was made the office's.
    #[track_caller]
    pub(crate) fn enrolled(name: &str, url: &str, code: &str) -> Self {
        let phone = Self::new(name);
        phone.does(["enrol", "--server", url, "--code", code]);
        phone
    }
    /// A phone with nothing on it.
    pub(crate) fn new(name: &str) -> Self {
        let phone = Self { folder: Folder::new("phone"), name: name.to_owned() };
        phone.types_pin(PIN);
        phone
    }

    /// Another phone with the same data, as a backup that was restored beside it.
    pub(crate) fn copied(&self) -> Self {
        let copy = Self { folder: Folder::new("phone"), name: format!("{} （副本）", self.name) };
        std::fs::create_dir(copy.home()).expect("a new folder");
        for file in files(self.folder.path()) {
            let place = file.strip_prefix(self.folder.path()).expect("a file of this phone");
            std::fs::copy(&file, copy.folder.path().join(place)).expect("a copy");
        }
        copy
    }

    /// Where its data are.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }
    /// A folder for something of this story.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    /// What its owner types for a PIN from now on.
    pub(crate) fn types_pin(&self, pin: &str) {
        std::fs::write(self.beside("pin"), format!("{pin}\n")).expect("a file for the PIN");
    }

    fn words<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let (home, pin) = (text(self.home()), text(self.beside("pin")));
        let mut words = vec!["--home".to_owned(), home, "--pin-file".to_owned(), pin, "--json".to_owned()];
        words.extend(args.into_iter().map(str::to_owned));
        words
    }
    /// What it answers to a command.
    pub(crate) fn told<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Told {
        run(&ours("qiaomen-field"), self.words(args))
    }
    /// What it answers to a command that it carries out.
    #[track_caller]
    pub(crate) fn does<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Value {
        self.told(args).done()
    }
    /// Code and sentence of a command that ends with this exit code.
    #[track_caller]
    pub(crate) fn fails<'a>(&self, exit: i32, args: impl IntoIterator<Item = &'a str>) -> (String, String) {
        self.told(args).failed(exit)
    }

    /// A sync after which nothing is left to send or to fetch.
    #[track_caller]
    pub(crate) fn syncs(&self) -> Value {
        let report = self.does(["sync"]);
        assert_eq!(report["complete"], true, "{}: {report}", self.name);
        assert_eq!(report["digest"], report["office_digest"], "{}: {report}", self.name);
        report
    }
    /// A sync that goes on while something happens to it.
    pub(crate) fn begins_to_sync(&self) -> Running {
        start(&ours("qiaomen-field"), self.words(["sync"]))
    }

    /// A door as this phone shows it.
    #[track_caller]
    pub(crate) fn door(&self, door: &str) -> Value {
        self.does(["door", door])
    }
    /// What the office has not confirmed.
    #[track_caller]
    pub(crate) fn outbox(&self) -> Vec<Value> {
        let told = self.does(["outbox"]);
        told.as_array().or_else(|| told["commands"].as_array()).expect("a list").clone()
    }
    /// Its documents as files.
    #[track_caller]
    pub(crate) fn documents(&self, name: &str) -> PathBuf {
        let out = self.beside(name);
        self.does(["export", "--documents", &out.to_string_lossy()]);
        out
    }
}
