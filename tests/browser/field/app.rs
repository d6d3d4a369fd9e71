use crate::Chromium;
use crate::harness::Office;
use crate::harness::folder::Folder;
use crate::harness::phone::PIN;
use crate::harness::program::{command, ours, typed};
use qiaomen_proto::wire::enrol_link::EnrolLink;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Child;

/// The field app, running.
pub(crate) struct App {
    folder: Folder,
    serving: Option<Child>,
    /// The address that lets in once.
    pub(crate) entrance: String,
}

impl App {
    /// An app with nothing in it.
    pub(crate) fn new() -> Self {
        let mut app = Self { folder: Folder::new("app"), serving: None, entrance: String::new() };
        app.starts();
        app
    }
    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }
    /// Starts the program on its folder, again if it ran.
    pub(crate) fn starts(&mut self) {
        self.is_killed();
        let home = self.home();
        let words = [OsStr::new("--home"), home.as_os_str(), OsStr::new("--json"), OsStr::new("app")];
        let mut command = command(&ours("qiaomen-field"), words);
        let typed = typed(&command);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{typed}: {e}"));
        let mut line = String::new();
        // The program says its address, or ends, and then there is nothing to read.
        BufReader::new(child.stdout.take().expect("output is caught")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{typed}: {e}: {line}"));
        self.entrance = told["url"].as_str().expect("an address").to_owned();
        self.serving = Some(child);
    }
    /// Ends as when a battery is taken out.
    pub(crate) fn is_killed(&mut self) {
        if let Some(mut child) = self.serving.take() {
            child.kill().and_then(|()| child.wait()).expect("a program that can be killed");
        }
    }
    /// The address of its pages.
    pub(crate) fn base(&self) -> String {
        self.entrance.split("/start/").next().expect("an address").to_owned()
    }
    /// A browser that has come in.
    pub(crate) fn browser(&self, size: (u32, u32)) -> Chromium {
        let mut browser = Chromium::at(&self.base(), size);
        assert_eq!(browser.opens(&self.entrance), 200);
        browser
    }
    /// Gives the office's code and a PIN, and waits until everything is there.
    pub(crate) fn begins(&self, browser: &mut Chromium, office: &Office, worker: &str) {
        self.enrols(browser, office, worker);
        browser.waits_for("#strip", "全部送到");
    }
    /// Gives the office's code and a PIN.
    pub(crate) fn enrols(&self, browser: &mut Chromium, office: &Office, worker: &str) {
        let link = EnrolLink { server: office.wire.url(), code: office.code(worker) };
        browser.fills("[name=link]", &link.to_string());
        browser.fills("[name=pin]", PIN);
        browser.fills("[name=again]", PIN);
        browser.clicks("form[action='/begin'] button[type=submit]");
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
