//! A phone that never rests, for the crash tests: it writes down, syncs, and writes down again until it is
//! killed. Each line that it prints is a promise, printed only once it holds: whoever reads the lines after
//! the kill knows what must still be there.
//!
//! | line | what it says |
//! |---|---|
//! | `open` | the database is open |
//! | `unsent C` | so is this command in the outbox |
//! | `unrescued C` | … and the rescue file has no record of it: never to be seen |
//! | `edit T` | this text is being written down |
//! | `done C T` | the edit returned |
//! | `sync` | a sync begins |
//! | `held C` | the office has this command, and its receipt is here and good |
//! | `unproven C` | … and there is no good receipt |
//! | `refused C WHY` | the office would not have it: never to be seen |
//! | `synced`, `unsynced WHY` | the sync is over |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what breaks off has failed; the test says so"
)]

use qiaomen_client::query::DoorFilter;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Intent, Reply, SystemHost, Transport, TransportError};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{CommandId, DocId, HouseholdId, ResidentId};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// A restless phone does not wait half a second before it tries again.
const PAUSE_MS_MAX: u64 = 10;
/// Edits between two syncs.
const EDITS_MAX: u64 = 4;

/// HTTP with short waits.
struct Eager(HttpTransport);

impl Transport for Eager {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        self.0.post(path, auth, body)
    }
    fn pause(&mut self, wait_ms: u64) -> bool {
        self.0.pause(wait_ms.min(PAUSE_MS_MAX))
    }
}

/// One line, whole and at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
}

/// The next number of a row that looks random (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mut arg = || args.next().expect("HOME PIN SEED NAME LIFE");
    let (home, pin, seed) = (PathBuf::from(arg()), arg(), arg());
    let (name, life) = (arg(), arg());
    let mut dice: u64 = seed.parse().expect("a seed is a number");
    let mut device = Device::open(&home, &pin, Box::new(SystemHost)).expect("a device that opens");
    let server = device.identity().expect("an enrolled device").server().to_owned();
    tell_outbox(&device);
    say("open");
    let doors: Vec<HouseholdId> =
        device.doors(&DoorFilter::default()).unwrap().iter().map(|d| d.household.parse().unwrap()).collect();
    let people: Vec<ResidentId> = doors
        .iter()
        .flat_map(|door| device.door(*door).unwrap().people)
        .map(|person| person.resident.parse().unwrap())
        .collect();
    let mut line = Eager(HttpTransport::new(&server));
    let mut known: BTreeSet<CommandId> = BTreeSet::new();
    for count in 0_u64.. {
        for edit in 0..1 + next(&mut dice) % EDITS_MAX {
            let text = format!("{name}-{life}-{count}-{edit}");
            let door = doors[index(next(&mut dice), doors.len())];
            let person = people[index(next(&mut dice), people.len())];
            let intent = match next(&mut dice) % 6 {
                0 | 1 => Intent::Visit { household: door, outcome: Outcome::Met, note: Some(text.clone()) },
                2 | 3 => Intent::Note { doc: DocId::from(door), text: text.clone() },
                4 => Intent::CorrectResident {
                    resident: person,
                    field: "phone".to_owned(),
                    answer: Answer::Value(format!("1990000{:04}", next(&mut dice) % 10_000)),
                },
                _ => Intent::ReportTicket {
                    category: "环境卫生".to_owned(),
                    size: "小事".to_owned(),
                    source: "走访".to_owned(),
                    household: Some(door),
                    building: None,
                    unit: None,
                    text: text.clone(),
                    reporter: None,
                },
            };
            let kind = if matches!(intent, Intent::CorrectResident { .. }) { "+" } else { "" };
            say(&format!("edit {kind}{text}"));
            match device.edit(intent) {
                Ok(command) => {
                    say(&format!("done {command} {kind}{text}"));
                    known.insert(command);
                }
                // The same number again is no edit.
                Err(e) if e.is_permanent() => say(&format!("not {kind}{text}")),
                Err(e) => panic!("{e:?}"),
            }
        }
        say("sync");
        let report = device.sync(&mut line, &mut |_| {}, &AtomicBool::new(false));
        tell_held(&device, &mut known);
        match report {
            Ok(_) => say("synced"),
            Err(e) => say(&format!("unsynced {e:?}")),
        }
    }
}

fn index(dice: u64, len: usize) -> usize {
    usize::try_from(dice % u64::try_from(len).expect("a count")).expect("an index")
}

fn tell_outbox(device: &Device) {
    let rescued = device.rescue_file().commands().expect("a rescue file that can be read");
    for row in device.unacknowledged().unwrap() {
        let state = if rescued.contains(&row.command) { "unsent" } else { "unrescued" };
        say(&format!("{state} {}", row.command));
    }
}

/// What left the outbox since the last time, and what the office would not have.
fn tell_held(device: &Device, known: &mut BTreeSet<CommandId>) {
    let outbox = device.unacknowledged().unwrap();
    let identity = device.identity().unwrap();
    for row in outbox.iter().filter(|row| !row.state.is_unconfirmed()) {
        say(&format!(
            "refused {} {}",
            row.command,
            row.sentence().map_or_else(|| "?".to_owned(), |said| said.to_string())
        ));
    }
    let there: BTreeSet<CommandId> = outbox.iter().map(|row| row.command).collect();
    for command in known.iter().filter(|c| !there.contains(c)) {
        let proof = device.proof_of(*command).unwrap();
        let good = proof.is_some_and(|p| p.holds(identity.device(), &identity.office_key()));
        say(&format!("{} {command}", if good { "held" } else { "unproven" }));
    }
    known.retain(|c| there.contains(c));
}
