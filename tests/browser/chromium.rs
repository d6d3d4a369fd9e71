//! Chromium as a program beside this test: asked line by line, answers line by line.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A desk of a government office.
pub(crate) const DESKTOP: (u32, u32) = (1366, 768);
/// A tablet, upright.
pub(crate) const TABLET: (u32, u32) = (820, 1180);

/// A phone, upright.
pub(crate) const PHONE: (u32, u32) = (360, 740);
/// A small tablet, upright.
pub(crate) const SMALL_TABLET: (u32, u32) = (768, 1024);

/// A browser with one page open.
pub(crate) struct Chromium {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    base: String,
}

/// Where pictures of pages go: `target/screens`.
pub(crate) fn screens() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens")
}

impl Chromium {
    /// A browser at an office.
    pub(crate) fn at(base: &str, (width, height): (u32, u32)) -> Self {
        let js = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
        assert!(js.join("node_modules/playwright-core").exists(), "type: npm ci --prefix tests/js");
        let mut child = Command::new("node")
            .arg(js.join("browser.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js 18 or newer is installed");
        let ask = child.stdin.take().expect("a way to ask");
        let told = BufReader::new(child.stdout.take().expect("a way to hear"));
        let mut browser = Self { child, ask, told, base: base.to_owned() };
        browser.size((width, height));
        browser
    }
    /// A new window of this size: nobody is signed in.
    pub(crate) fn size(&mut self, (width, height): (u32, u32)) {
        self.does(json!({ "do": "begin", "width": width, "height": height }));
    }

    #[track_caller]
    fn does(&mut self, asked: Value) -> Value {
        writeln!(self.ask, "{asked}").and_then(|()| self.ask.flush()).expect("Chromium listens");
        let mut line = String::new();
        self.told.read_line(&mut line).expect("Chromium answers");
        assert!(!line.is_empty(), "Chromium has ended; is it installed (CHROMIUM=/path)? asked: {asked}");
        let answer: Value = serde_json::from_str(&line).expect("an answer");
        assert!(answer["failed"].is_null(), "{asked}\n{}", answer["failed"].as_str().unwrap_or_default());
        answer["done"].clone()
    }

    #[track_caller]
    pub(crate) fn opens(&mut self, path: &str) -> u64 {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.does(json!({ "do": "goto", "url": url })).as_u64().unwrap_or(0)
    }
    #[track_caller]
    pub(crate) fn fills(&mut self, at: &str, text: &str) {
        self.does(json!({ "do": "fill", "at": at, "text": text }));
    }
    /// Gives hidden fields another value.
    #[track_caller]
    pub(crate) fn brings(&mut self, at: &str, text: &str) {
        self.does(json!({ "do": "hidden", "at": at, "text": text }));
    }
    #[track_caller]
    pub(crate) fn chooses(&mut self, at: &str, value: &str) {
        self.does(json!({ "do": "choose", "at": at, "value": value }));
    }
    /// Chooses a file, as the system's own window would.
    #[track_caller]
    pub(crate) fn chooses_file(&mut self, at: &str, path: &str) {
        self.does(json!({ "do": "files", "at": at, "path": path }));
    }
    /// Waits until these pictures are drawn.
    #[track_caller]
    pub(crate) fn waits_for_picture(&mut self, at: &str) {
        self.does(json!({ "do": "drawn", "at": at }));
    }
    #[track_caller]
    pub(crate) fn clicks(&mut self, at: &str) {
        self.does(json!({ "do": "click", "at": at }));
    }
    /// Two touches, one right after the other.
    #[track_caller]
    pub(crate) fn touches_twice(&mut self, at: &str) {
        self.does(json!({ "do": "twice", "at": at }));
    }
    #[track_caller]
    pub(crate) fn goes_back(&mut self) {
        self.does(json!({ "do": "back" }));
    }
    #[track_caller]
    pub(crate) fn reloads(&mut self) {
        self.does(json!({ "do": "reload" }));
    }
    /// The page is sound, and a thumb hits everything on it.
    #[track_caller]
    pub(crate) fn fits_a_thumb(&mut self, what: &str) {
        self.is_sound(what);
        assert_eq!(self.does(json!({ "do": "small" })), json!([]), "{what}");
    }
    /// Presses a key, and waits for nothing.
    #[track_caller]
    pub(crate) fn presses(&mut self, key: &str) {
        self.does(json!({ "do": "press", "key": key }));
    }
    /// Goes on in another tab of the same window.
    #[track_caller]
    pub(crate) fn another_tab(&mut self) {
        self.does(json!({ "do": "tab" }));
    }
    /// Waits until this is not to be seen any more.
    #[track_caller]
    pub(crate) fn waits_until_hidden(&mut self, at: &str) {
        self.does(json!({ "do": "gone", "at": at }));
    }
    /// Goes back to the tab that was opened first.
    #[track_caller]
    pub(crate) fn first_tab(&mut self) {
        self.does(json!({ "do": "first" }));
    }
    /// Presses a key and waits until another page is there.
    #[track_caller]
    pub(crate) fn key_goes_on(&mut self, key: &str) {
        let from = self.does(json!({ "do": "press", "key": key }));
        self.does(json!({ "do": "moved", "from": from }));
    }
    /// Waits until some element says this.
    #[track_caller]
    pub(crate) fn waits_for(&mut self, at: &str, text: &str) {
        self.does(json!({ "do": "waits", "at": at, "text": text }));
    }
    #[track_caller]
    pub(crate) fn text(&mut self, at: &str) -> String {
        self.does(json!({ "do": "text", "at": at })).as_str().unwrap_or_default().to_owned()
    }
    /// What stands in a field.
    #[track_caller]
    pub(crate) fn value(&mut self, at: &str) -> String {
        self.does(json!({ "do": "value", "at": at })).as_str().unwrap_or_default().to_owned()
    }
    #[track_caller]
    pub(crate) fn count(&mut self, at: &str) -> u64 {
        self.does(json!({ "do": "count", "at": at })).as_u64().unwrap_or(0)
    }
    #[track_caller]
    pub(crate) fn url(&mut self) -> String {
        self.does(json!({ "do": "url" })).as_str().unwrap_or_default().to_owned()
    }
    /// Where the links of the page lead, within the console.
    #[track_caller]
    pub(crate) fn links(&mut self) -> Vec<String> {
        let links = self.does(json!({ "do": "links" }));
        links.as_array().expect("a list").iter().filter_map(|l| l.as_str().map(str::to_owned)).collect()
    }
    /// A picture of the whole page.
    #[track_caller]
    pub(crate) fn picture(&mut self, name: &str) {
        let path = screens().join(format!("{name}.png"));
        self.does(json!({ "do": "shot", "path": path, "whole": true }));
    }
    /// A picture of what is seen without scrolling, as a phone shows it.
    #[track_caller]
    pub(crate) fn glimpse(&mut self, name: &str) {
        let path = screens().join(format!("{name}.png"));
        self.does(json!({ "do": "shot", "path": path, "whole": false }));
    }
    /// What the printer would get: the number of pages.
    #[track_caller]
    pub(crate) fn prints(&mut self, name: &str) -> u64 {
        let path = screens().join(format!("{name}.pdf"));
        self.does(json!({ "do": "pdf", "path": path })).as_u64().unwrap_or(0)
    }
    /// The page can be used by everybody, fits its window, and no script of it has failed.
    #[track_caller]
    pub(crate) fn is_sound(&mut self, what: &str) {
        let found = self.does(json!({ "do": "axe" }));
        assert_eq!(found, json!([]), "{what}");
        let wider = self.does(json!({ "do": "overflow" }));
        assert!(wider.as_i64().unwrap_or(1) <= 0, "{what} is {wider} pixels wider than its window");
        assert_eq!(self.does(json!({ "do": "wrong" })), json!([]), "{what}");
    }
    /// Signs in.
    #[track_caller]
    pub(crate) fn signs_in(&mut self, login: &str, password: &str) {
        self.opens("/sign-in");
        self.fills("[name=login]", login);
        self.fills("[name=password]", password);
        self.clicks("button[type=submit]");
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
