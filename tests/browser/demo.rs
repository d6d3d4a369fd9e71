use crate::Chromium;
use crate::chromium::{DESKTOP, PHONE};
use crate::harness::folder::Folder;
use crate::harness::program::{command, ours, typed};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::Child;

/// The demonstration, running.
struct Demo {
    child: Child,
    /// Kept until the program has ended.
    _folder: Folder,
    /// Address and password of the console.
    console: (String, String),
    /// Addresses of the phones, and their PIN.
    phones: (Vec<String>, String),
}

impl Demo {
    /// Starts it as the README does, but for the port and the place, and reads what it tells until it serves.
    fn begins() -> Self {
        let folder = Folder::new("demo");
        let data = folder.path().join("data");
        let words = ["demo", "--listen", "127.0.0.1:0", "--data"].map(OsStr::new);
        let mut command = command(&ours("qiaomen"), words.into_iter().chain([data.as_os_str()]));
        let typed = typed(&command);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{typed}: {e}"));
        let told = BufReader::new(child.stdout.take().expect("output is caught"));
        let (mut console, mut phones, mut pin) = (None, Vec::new(), String::new());
        // The last thing it says is how to enrol one more.
        for line in told.lines().map(|line| line.expect("a line")) {
            let mut words = line.split_whitespace();
            if let Some(password) = line.split("密码 ").nth(1) {
                console = Some((words.next().expect("an address").to_owned(), password.to_owned()));
            } else if let Some(after) = line.split("PIN 都是 ").nth(1) {
                pin = after.trim_end_matches('：').to_owned();
            } else if line.contains("/start/") {
                phones.extend(words.next_back().map(str::to_owned));
            } else if line.contains("--code") {
                break;
            }
        }
        let console = console.unwrap_or_else(|| panic!("{typed}: no console"));
        Self { child, _folder: folder, console, phones: (phones, pin) }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demonstration_opens_the_console_and_phones_on_which_one_can_work_on() {
    let demo = Demo::begins();
    let (entrances, pin) = &demo.phones;
    assert_eq!(entrances.len(), 4, "the phone whose date is wrong stays in its drawer");
    // One of them has something with the office that a person has to look at, and says so.
    for (entrance, says) in
        [(&entrances[0], "全部送到"), (&entrances[1], "1 件社区没有收下"), (&entrances[2], "全部送到")]
    {
        let base = entrance.split("/start/").next().expect("an address");
        let mut hand = Chromium::at(base, PHONE);
        assert_eq!(hand.opens(entrance), 200);
        hand.fills("[name=pin]", pin);
        hand.clicks("button[type=submit]");
        hand.waits_for("#strip", says);
        hand.opens("/me");
        hand.waits_for("#trained ~ dl", "手机怎么用");
        hand.opens("/grid");
        hand.clicks("a[href^='/grid?building=']");
        hand.clicks("a.cell");
        hand.clicks("button.deed.first");
        hand.waits_for("[role=status]", "已记下：见到了");
        hand.waits_for("#strip", says);
    }
    let (url, password) = &demo.console;
    let mut desk = Chromium::at(url, DESKTOP);
    desk.signs_in("demo", password);
    desk.waits_for("main", "网格");
}
