use super::folder::Folder;
use super::phone::Phone;
use super::program::{DEADLINE, Told, command, ours, run, typed};
use super::wire::Wire;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

/// An office: its data in a folder of its own, a server behind a wire that can break.
#[derive(Debug)]
pub(crate) struct Office {
    folder: Folder,
    /// What carries bytes between phones and office.
    pub(crate) wire: Wire,
    serving: Option<Child>,
    said: Arc<Mutex<String>>,
}

/// A book that an office might have.
pub(crate) fn ledger(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(format!("ledger-{name}.xlsx"))
}

impl Office {
    /// An office with nothing in it, not serving.
    pub(crate) fn empty() -> Self {
        let office = Self { folder: Folder::new("flow"), wire: Wire::new(), serving: None, said: Arc::default() };
        office.does(["init", "--community", "和顺社区", "--region", "150782001001"]);
        office
    }
    /// An office that has taken the small book over and serves.
    pub(crate) fn with_ledger() -> Self {
        Self::with(&ledger("small"))
    }
    /// An office that has taken a book over and serves.
    pub(crate) fn with(ledger: &Path) -> Self {
        let mut office = Self::empty();
        office.does(["import", "--ledger", &ledger.to_string_lossy()]);
        office.serve();
        office
    }

    /// Where its data are.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("office")
    }
    /// A folder for something of this story.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What it answers to a command.
    pub(crate) fn told<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Told {
        let mut words: Vec<String> = args.into_iter().map(str::to_owned).collect();
        let data = ["--data".to_owned(), self.data().to_string_lossy().into_owned(), "--json".to_owned()];
        words.splice(1..1, data);
        run(&ours("qiaomen"), words)
    }
    /// What it answers to a command that it carries out.
    #[track_caller]
    pub(crate) fn does<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Value {
        self.told(args).done()
    }

    /// Starts to serve.
    pub(crate) fn serve(&mut self) {
        let data = self.data();
        let listen = ["serve", "--verbose", "--listen", "127.0.0.1:0", "--data"].map(AsRef::as_ref);
        let mut command = command(&ours("qiaomen"), listen.into_iter().chain([data.as_os_str()]));
        let typed = typed(&command);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{typed}: {e}"));
        let (tell, told) = channel();
        read_on(child.stdout.take(), &self.said, tell.clone());
        read_on(child.stderr.take(), &self.said, tell);
        self.serving = Some(child);
        let at = loop {
            let Ok(line) = told.recv_timeout(DEADLINE) else { panic!("{typed} says no address:\n{}", self.said()) };
            if let Some(at) = address_in(&line) {
                break at;
            }
        };
        self.wire.leads_to(Some(at));
    }
    /// Kills the server as a power cut does.
    pub(crate) fn kill(&mut self) {
        self.wire.leads_to(None);
        if let Some(mut child) = self.serving.take() {
            child.kill().and_then(|()| child.wait()).expect("a server that can be killed");
        }
    }

    /// What the server has said so far, log and all.
    pub(crate) fn said(&self) -> String {
        self.said.lock().expect("what was said").clone()
    }

    /// A phone of this member of staff, enrolled.
    #[track_caller]
    pub(crate) fn phone(&self, worker: &str) -> Phone {
        Phone::enrolled(worker, &self.wire.url(), &self.code(worker))
    }
    /// A phone of this member of staff, who gets one more grid.
    #[track_caller]
    pub(crate) fn phone_for(&self, worker: &str, grid: &str) -> Phone {
        let told = self.does(["enrol", "--worker", worker, "--grid", grid]);
        Phone::enrolled(worker, &self.wire.url(), told["code"].as_str().expect("a code"))
    }
    /// A one-time code for this member of staff.
    #[track_caller]
    pub(crate) fn code(&self, worker: &str) -> String {
        self.does(["enrol", "--worker", worker])["code"].as_str().expect("a code").to_owned()
    }

    /// The conflicts that wait for somebody.
    #[track_caller]
    pub(crate) fn conflicts(&self) -> Vec<Value> {
        let told = self.does(["conflicts"]);
        told.as_array().or_else(|| told["conflicts"].as_array()).expect("a list of conflicts").clone()
    }
    /// The one conflict that waits for somebody.
    #[track_caller]
    pub(crate) fn conflict(&self) -> Value {
        let conflicts = self.conflicts();
        assert_eq!(conflicts.len(), 1, "{conflicts:#?}");
        conflicts[0].clone()
    }
    /// Decides a conflict: `--take A`, `--value V`.
    #[track_caller]
    pub(crate) fn decides(&self, conflict: &Value, how: [&str; 2]) -> Value {
        self.does(["decide", &conflict["id"].to_string(), how[0], how[1]])
    }

    /// Log, documents, registers, rows and digests agree.
    #[track_caller]
    pub(crate) fn verifies(&self) {
        let told = self.told(["verify"]);
        assert_eq!(told.exit, 0, "{told}");
    }
    /// Its documents as files: `<kind>/<id>.automerge`.
    #[track_caller]
    pub(crate) fn documents(&self, name: &str) -> PathBuf {
        let out = self.beside(name);
        self.does(["export", "--documents", &out.to_string_lossy()]);
        out
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(mut child) = self.serving.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Reads line by line until the end, so that the program never waits for a reader.
fn read_on(stream: Option<impl Read + Send + 'static>, said: &Arc<Mutex<String>>, tell: Sender<String>) {
    let (stream, said) = (stream.expect("output is caught"), Arc::clone(said));
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            said.lock().expect("what was said").push_str(&format!("{line}\n"));
            // Nobody listens any more once the address is known.
            let _ = tell.send(line);
        }
    });
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let rest = &line[line.find("http://")? + "http://".len()..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && !".:".contains(c)).unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ':']).parse().ok()
}
