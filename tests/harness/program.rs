use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than this nothing takes, even on a slow machine: whoever waits longer waits for ever.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// One of our programs, as it was built beside this test.
pub(crate) fn ours(name: &str) -> PathBuf {
    let this = std::env::current_exe().expect("this test has a path");
    let made = this.parent().and_then(Path::parent).expect("tests are built into target/<profile>/deps");
    let path = made.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let release = if made.ends_with("release") { " --release" } else { "" };
    assert!(path.exists(), "{} is missing; type: cargo build --workspace --bins{release}", path.display());
    path
}

/// What a program answered.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// What was typed.
    pub(crate) typed: String,
    /// The exit code; -1 if it was killed.
    pub(crate) exit: i32,
    /// Standard output, or what stands in standard error where there is none.
    pub(crate) json: Value,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Told {
    /// The answer of a program that did what it was to do.
    #[track_caller]
    pub(crate) fn done(self) -> Value {
        assert_eq!(self.exit, 0, "{self}");
        self.json
    }
    /// The error of a program that ended with this exit code: its code and its sentence.
    #[track_caller]
    pub(crate) fn failed(self, exit: i32) -> (String, String) {
        assert_eq!(self.exit, exit, "{self}");
        let error = &self.json["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("no {name} in: {self}")).to_owned();
        (text("code"), text("sentence"))
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n  {}\n  exit code {}\n{}{}", self.typed, self.exit, self.out, self.err)
    }
}

/// A program that runs.
#[derive(Debug)]
pub(crate) struct Running {
    typed: String,
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

/// Runs a program to its end. Nothing of this process's surroundings reaches it.
pub(crate) fn run<A: AsRef<OsStr>>(program: &Path, args: impl IntoIterator<Item = A>) -> Told {
    start(program, args).ended()
}

/// Starts a program.
pub(crate) fn start<A: AsRef<OsStr>>(program: &Path, args: impl IntoIterator<Item = A>) -> Running {
    let mut command = command(program, args);
    let typed = typed(&command);
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{typed}: {e}"));
    let (out, err) = (whole(child.stdout.take()), whole(child.stderr.take()));
    Running { typed, child, out, err }
}

/// A program with its output caught.
pub(crate) fn command<A: AsRef<OsStr>>(program: &Path, args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().env("RUST_BACKTRACE", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A command as somebody can type it.
pub(crate) fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let quoted = |word: &OsStr| {
        let word = word.to_string_lossy();
        let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./:=".contains(c));
        if plain { word.into_owned() } else { format!("'{word}'") }
    };
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

impl Running {
    /// Kills it as a power cut does.
    pub(crate) fn dies(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("a program that can be killed");
    }
    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Told {
        let (Ok(out), Ok(err)) = (self.out.recv_timeout(DEADLINE), self.err.recv_timeout(DEADLINE)) else {
            // It may have ended by itself a moment ago.
            let _ = self.child.kill();
            panic!("{} does not end", self.typed);
        };
        let exit = self.child.wait().expect("a program that ended").code().unwrap_or(-1);
        let said = if out.trim().is_empty() { &err } else { &out };
        let json = serde_json::from_str(said.trim())
            .or_else(|_| serde_json::from_str(said.trim().lines().last().unwrap_or_default()))
            .unwrap_or(Value::Null);
        Told { typed: self.typed, exit, json, out, err }
    }
}

fn whole(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (tell, told) = channel();
    let mut stream = stream.expect("output is caught");
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A program that was killed has said what it has said.
        let _ = stream.read_to_end(&mut bytes);
        let _ = tell.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    told
}
