use crate::dice::Dice;
use crate::harness::Phone;
use crate::harness::phone::PIN;
use crate::harness::program::{DEADLINE, command, ours};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// What a phone was doing when it was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doing {
    /// Unlocking, opening, checking its files.
    Opening,
    /// Writing something down.
    Editing,
    /// A sync was under way.
    Syncing,
    /// Something between two of them.
    Between,
}

/// One process of a phone that never rests.
#[derive(Debug)]
struct Life {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

/// A phone that never rests: what it promised over all its lives, and the process that lives now.
#[derive(Debug)]
pub(crate) struct Restless {
    /// The phone.
    pub(crate) phone: Phone,
    life: Option<Life>,
    lives: u64,
    doing: Doing,
    /// Its outbox as this life found it, once it is open.
    found: BTreeSet<String>,
    /// Texts that were begun; `+` before those that leave no text in the book.
    pub(crate) begun: BTreeSet<String>,
    /// Commands whose edit returned, with their texts.
    pub(crate) done: BTreeMap<String, String>,
    /// Commands that the office has, by receipt.
    pub(crate) held: BTreeSet<String>,
    /// Commands done in the lives before this one: each is in the outbox or at the office.
    earlier: BTreeSet<String>,
    /// Commands that must be at the office, because a life found them in no outbox any more.
    pub(crate) sent: BTreeSet<String>,
    /// Syncs that ended well.
    pub(crate) synced: u64,
}

impl Restless {
    pub(crate) fn new(phone: Phone) -> Self {
        Self {
            phone,
            life: None,
            lives: 0,
            doing: Doing::Opening,
            found: BTreeSet::new(),
            begun: BTreeSet::new(),
            done: BTreeMap::new(),
            held: BTreeSet::new(),
            earlier: BTreeSet::new(),
            sent: BTreeSet::new(),
            synced: 0,
        }
    }

    /// Starts a life.
    pub(crate) fn starts(&mut self, dice: &mut Dice) {
        self.lives += 1;
        self.doing = Doing::Opening;
        self.found.clear();
        self.earlier = self.done.keys().cloned().collect();
        let home = self.phone.home().to_string_lossy().into_owned();
        let args = [home, PIN.to_owned(), dice.any().to_string(), self.phone.name.clone(), self.lives.to_string()];
        let mut child = command(&ours("restless-phone"), args).spawn().expect("a restless phone");
        let (tell, lines) = channel();
        let out = BufReader::new(child.stdout.take().expect("output is caught"));
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let (tell, errors) = channel();
        let mut err = child.stderr.take().expect("output is caught");
        std::thread::spawn(move || {
            let mut text = String::new();
            // What it said until it was killed is enough.
            let _ = err.read_to_string(&mut text);
            tell.send(text)
        });
        self.life = Some(Life { child, lines, errors });
    }

    /// Goes on until it is doing this.
    #[track_caller]
    pub(crate) fn until(&mut self, doing: Doing) {
        while self.doing != doing {
            assert!(self.hears(DEADLINE), "{} stands still while {:?}", self.phone.name, self.doing);
        }
    }
    /// Goes on until a sync has ended well.
    #[track_caller]
    pub(crate) fn until_synced(&mut self) {
        let before = self.synced;
        while self.synced == before {
            assert!(self.hears(DEADLINE), "{} stands still while {:?}", self.phone.name, self.doing);
        }
    }
    /// Goes on for so long, or until it says something more.
    pub(crate) fn goes_on(&mut self, moment: Duration) {
        self.hears(moment);
    }

    /// Hears one line, if one comes within this time.
    #[track_caller]
    fn hears(&mut self, within: Duration) -> bool {
        let life = self.life.as_ref().expect("a life");
        match life.lines.recv_timeout(within) {
            Ok(line) => {
                self.takes(&line);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                let said = life.errors.recv_timeout(DEADLINE).unwrap_or_default();
                panic!("{} ended by itself while {:?}:\n{said}", self.phone.name, self.doing)
            }
        }
    }

    #[track_caller]
    fn takes(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (word, first, rest) = (words.next().unwrap_or_default(), words.next(), words.next());
        let first = || first.expect("a whole line").to_owned();
        match word {
            "unsent" => drop(self.found.insert(first())),
            "open" => {
                let gone = self.earlier.iter().filter(|c| !self.found.contains(*c));
                self.sent.extend(gone.cloned());
                self.doing = Doing::Between;
            }
            "edit" => {
                self.begun.insert(first());
                self.doing = Doing::Editing;
            }
            "done" => {
                self.done.insert(first(), rest.expect("a whole line").to_owned());
                self.doing = Doing::Between;
            }
            "not" => {
                self.begun.remove(&first());
                self.doing = Doing::Between;
            }
            "sync" => self.doing = Doing::Syncing,
            "held" => drop(self.held.insert(first())),
            "synced" => {
                self.synced += 1;
                self.doing = Doing::Between;
            }
            "unsynced" => {
                assert!(line.contains("Reach(") || line.contains("Busy"), "{}: {line}", self.phone.name);
                self.doing = Doing::Between;
            }
            _ => panic!("{}: {line}", self.phone.name),
        }
    }

    /// Kills it. Tells what it was doing.
    #[track_caller]
    pub(crate) fn dies(&mut self) -> Doing {
        let mut life = self.life.take().expect("a life");
        life.child.kill().and_then(|()| life.child.wait()).expect("a process that can be killed");
        // Everything that it said before: the promises were made.
        while let Ok(line) = life.lines.recv_timeout(DEADLINE) {
            self.takes(&line);
        }
        self.doing
    }
}

impl Drop for Restless {
    fn drop(&mut self) {
        if let Some(mut life) = self.life.take() {
            // It may have ended by itself.
            let _ = life.child.kill();
            let _ = life.child.wait();
        }
    }
}
