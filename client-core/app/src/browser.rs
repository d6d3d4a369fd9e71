use std::process::{Command, Stdio};

/// The program of this system that opens an address.
#[cfg(target_os = "macos")]
const OPENERS: [&[&str]; 1] = [&["open"]];
#[cfg(target_os = "windows")]
const OPENERS: [&[&str]; 1] = [&["rundll32", "url.dll,FileProtocolHandler"]];
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENERS: [&[&str]; 1] = [&["xdg-open"]];

/// Shows the address in a browser. Where there is none, the address was printed.
pub(crate) fn open(url: &str) {
    for words in OPENERS {
        let Some((program, arguments)) = words.split_first() else { continue };
        let started = Command::new(program)
            .args(arguments)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if started.is_ok() {
            return;
        }
    }
}
