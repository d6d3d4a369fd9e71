//! One world: a seed in, a day with everything that can go wrong in it, and what came of it out. One
//! scheduler, virtual time, no thread of its own: the same seed is the same run, byte for byte.

use super::acts::{ROOMS, Shown, act, mistake};
use super::bureau::Bureau;
use super::dice::Dice;
use super::figures::Figures;
use super::liar::Liar;
use super::names::Names;
use super::network::{Letter, Network};
use super::phone::{Condition, Phone, Stepped};
use super::time::WorldClock;
use super::town::Town;
use super::truth::Truth;
use qiaomen_client::{Device, OpenError, Reply, Transport, TransportError};
use qiaomen_proto::ids::{BuildingId, DeviceId, WorkerId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::envelope::unpack;
use qiaomen_proto::wire::pull::{SyncReply, Verdict};
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::office::OfficeError;
use qiaomen_server::photos::PhotoStoreError;
use std::fmt::Write as _;

/// How large a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Commands that its people make.
    pub commands: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { commands: 200 }
    }
}

/// The world could not go on: something failed that no fault explains.
#[derive(Debug, thiserror::Error)]
pub enum Stuck {
    /// The office.
    #[error("the office failed")]
    Office(#[from] OfficeError),
    /// The office's photos.
    #[error("the office's photos failed")]
    Photos(#[from] PhotoStoreError),
    /// A phone did not open.
    #[error("a phone did not open")]
    Phone(#[from] OpenError),
    /// A phone could not be made the office's.
    #[error("a phone could not be enrolled: {0}")]
    Enrol(String),
}

/// Round trips after which a sync is endless: a whole grid takes four.
const ROUND_TRIPS_MAX: usize = 100;
/// Syncs that a phone may need in the evening until nothing is left: each brings something forward.
pub(super) const ROUNDS_MAX: usize = 12;

/// The world.
pub struct World {
    /// What its people do, and what happens to them.
    pub dice: Dice,
    /// Its clock.
    pub clock: WorldClock,
    /// Names of disks.
    pub names: Names,
    /// The office.
    pub bureau: Bureau,
    /// Its books' places.
    pub town: Town,
    /// The phones.
    pub phones: Vec<Phone>,
    /// What is under way.
    pub network: Network,
    /// What happened.
    pub truth: Truth,
    /// The same, counted.
    pub figures: Figures,
    /// The clerk at the office.
    pub clerk: WorkerId,
    /// Devices whose access was taken back.
    pub revoked: Vec<DeviceId>,
    /// What happened, line by line: equal for equal seeds.
    pub journal: String,
    /// Whether the journal is written.
    pub talks: bool,
    /// True once the office has begun another life from a backup.
    pub restored: bool,
    /// Somebody who lies, in some worlds.
    pub liar: Option<Liar>,
    /// Lies to which the office had no proper answer.
    pub baffled: Vec<&'static str>,
    /// True once a phone was cloned, or became what it was before.
    pub copied: bool,
    /// Phones whose sync did not come to an end by itself.
    pub endless: Vec<usize>,
    pub(super) steps: usize,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("figures", &self.figures).finish_non_exhaustive()
    }
}

impl World {
    /// A morning. `name` is the world's own within this process.
    pub fn new(seed: u64, name: &str, talks: bool) -> Result<Self, Stuck> {
        let mut dice = Dice::new(seed);
        let (clock, names) = (WorldClock::default(), Names::of(name));
        let mut bureau = Bureau::open(&names, &clock, dice.branch())?;
        let office = bureau.office()?;
        let town = Town::found(&office)?;
        let mut world = Self {
            dice,
            clock,
            names,
            bureau,
            town,
            phones: Vec::new(),
            network: Network::default(),
            truth: Truth::default(),
            figures: Figures { runs: 1, ..Figures::default() },
            clerk: office.own_worker(),
            revoked: Vec::new(),
            journal: String::new(),
            talks,
            restored: false,
            copied: false,
            liar: None,
            baffled: Vec::new(),
            endless: Vec::new(),
            steps: 0,
        };
        drop(office);
        for worker in 0..world.town.workers.len() {
            let dice = world.dice.branch();
            let phone = Phone::new(worker, &world.names, &world.clock, dice)?;
            if world.dice.percent(30) {
                phone.skew.set(world.wrong_by());
            }
            world.phones.push(phone);
            world.enrol(worker, worker)?;
            world.sync_calmly(worker)?;
        }
        if world.dice.percent(40) {
            world.let_a_liar_in()?;
        }
        Ok(world)
    }

    pub(super) fn wrong_by(&mut self) -> i64 {
        let days = i64::try_from(self.dice.between(0, 7)).unwrap_or(0) - 3;
        let rest = i64::try_from(self.dice.between(0, 7_200_000)).unwrap_or(0) - 3_600_000;
        days * 86_400_000 + rest
    }

    /// Writes a line of the journal.
    pub(super) fn tell(&mut self, line: impl FnOnce() -> String) {
        if self.talks {
            // Writing into a text has no error.
            let _ = writeln!(self.journal, "{:>12} {}", self.clock.now_ms() - super::time::MORNING_MS, line());
        }
    }

    /// Makes a phone one of the office's, for this worker.
    pub(super) fn enrol(&mut self, phone: usize, worker: usize) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let id = self.town.workers[worker].0;
        let made = qiaomen_server::people::enrol_code(&office, &id.to_string(), None, self.clerk)
            .map_err(|e| Stuck::Enrol(e.to_string()))?;
        drop(office);
        let mut line = Direct { bureau: &mut self.bureau };
        let Some(device) = self.phones[phone].device_mut() else { return Ok(()) };
        device.enrol(&mut line, "http://office", &made.code.to_string()).map_err(|e| Stuck::Enrol(e.to_string()))?;
        self.tell(|| format!("phone {phone} is worker {worker}'s"));
        Ok(())
    }

    /// A whole sync without any fault. Whether it came to an end with nothing left.
    pub(super) fn sync_calmly(&mut self, phone: usize) -> Result<bool, Stuck> {
        self.phones[phone].give_up();
        let mut reply = None;
        for _ in 0..ROUND_TRIPS_MAX {
            self.remember_refused(phone);
            match self.phones[phone].step(reply.take()) {
                Stepped::Post { path, auth, body } => {
                    self.figures.requests += 1;
                    let answer = self.bureau.post(path, Some(&auth), &body)?;
                    self.tell(|| format!("office answers phone {phone}, calmly: {}{}", answer.status, said(&answer)));
                    reply = Some(answer);
                }
                Stepped::Over(complete) => return Ok(complete),
                Stepped::Wiped => return Ok(true),
                Stepped::Stopped(why) => {
                    self.tell(|| format!("phone {phone} stopped: {why}"));
                    return Ok(false);
                }
            }
        }
        self.endless.push(phone);
        self.phones[phone].give_up();
        Ok(false)
    }

    /// The whole day, until its people have made as many commands as there are to be.
    pub fn day(&mut self, size: Size) -> Result<(), Stuck> {
        let steps_max = size.commands * 20;
        while self.truth.made.len() < size.commands && self.steps < steps_max {
            self.steps += 1;
            let next_act = self.clock.now_ms() + self.dice.between(1_000, 90_000);
            while self.network.next_at().is_some_and(|at| at <= next_act) {
                self.deliver()?;
            }
            self.clock.advance_to(next_act);
            self.happen()?;
        }
        Ok(())
    }

    /// The next letter arrives.
    fn deliver(&mut self) -> Result<(), Stuck> {
        let Some((at, letter)) = self.network.arrive() else { return Ok(()) };
        self.clock.advance_to(at);
        match letter {
            Letter::Request { id, phone, path, auth, body } => {
                self.figures.requests += 1;
                if let Some(liar) = self.liar.as_mut().filter(|_| path == SYNC_PATH) {
                    liar.hears(&body);
                }
                let crash = !self.network.calm && self.dice.percent(2);
                if crash {
                    self.figures.fault("office crash in a request");
                    let after = u32::try_from(self.dice.below(2)).unwrap_or(0);
                    self.bureau.power_fails_after(after);
                }
                let reply = self.bureau.post(path, Some(&auth), &body)?;
                let status = reply.status;
                self.tell(|| format!("office answers request {id} of phone {phone}: {status}{}", said(&reply)));
                if crash {
                    self.bureau.restart()?;
                }
                // What the office had begun to say may be on its way when its power goes.
                if !crash || self.dice.percent(50) {
                    self.network.answer(at, (id, phone, reply), &mut self.dice, &mut self.figures);
                }
            }
            Letter::Answer { id, phone, reply } => {
                if self.phones[phone].waits_for == Some(id) {
                    self.go_on(phone, Some(reply))?;
                }
            }
            Letter::TimeOut { id, phone } => {
                if self.phones[phone].waits_for == Some(id) {
                    self.tell(|| format!("phone {phone} waits no longer for {id}"));
                    if self.dice.percent(50) {
                        self.go_on(phone, None)?;
                    } else {
                        self.phones[phone].give_up();
                    }
                }
            }
        }
        Ok(())
    }

    /// A phone begins a sync, or goes on with one.
    pub(super) fn go_on(&mut self, phone: usize, reply: Option<Reply>) -> Result<(), Stuck> {
        let crash = !self.network.calm && self.dice.percent(4);
        if crash {
            self.figures.fault("phone crash in a sync");
            let after = u32::try_from(self.dice.below(4)).unwrap_or(0);
            self.phones[phone].disk.fail_after(Some(after));
        }
        self.remember_refused(phone);
        let stepped = self.phones[phone].step(reply);
        if crash && self.phones[phone].condition == Condition::Alive {
            self.tell(|| format!("phone {phone} crashes in a sync"));
            self.phones[phone].restart()?;
            return Ok(());
        }
        match stepped {
            Stepped::Post { path, auth, body } => {
                let now = self.clock.now_ms();
                let id = self.network.send(now, (phone, path, auth, body), &mut self.dice, &mut self.figures);
                self.phones[phone].waits_for = Some(id);
                self.tell(|| format!("phone {phone} sends request {id}"));
            }
            Stepped::Over(complete) => self.tell(|| format!("phone {phone} has synced, complete: {complete}")),
            Stepped::Stopped(why) => self.tell(|| format!("phone {phone} stopped: {why}")),
            Stepped::Wiped => self.tell(|| format!("phone {phone} is wiped")),
        }
        Ok(())
    }

    /// What a phone shows as refused, before the office may have it wiped.
    fn remember_refused(&mut self, phone: usize) {
        let revoked = self.phones[phone].identity().is_some_and(|(device, _)| self.revoked.contains(&device));
        let Some(device) = self.phones[phone].device().filter(|_| revoked) else { return };
        let refused = device.unacknowledged().unwrap_or_default().into_iter().filter(|row| !row.state.is_unconfirmed());
        self.truth.refused_before_wipe.extend(refused.map(|row| row.command));
    }

    /// Phones that are in somebody's hand.
    pub(super) fn alive(&self) -> Vec<usize> {
        self.phones.iter().filter(|p| p.condition == Condition::Alive).map(|p| p.number).collect()
    }

    /// One of them does something at a door.
    pub(super) fn edit(&mut self, phone: usize) -> Result<(), Stuck> {
        let Some(device) = self.phones[phone].device() else { return Ok(()) };
        let buildings = buildings_of(device);
        let mistake = mistake(&mut self.dice, device);
        let Some(intent) = mistake.or_else(|| act(&mut self.dice, &Shown::on(device), &buildings)) else {
            return Ok(());
        };
        let crash = self.dice.percent(2);
        if crash {
            self.figures.fault("phone crash in an edit");
            let after = u32::try_from(self.dice.below(2)).unwrap_or(0);
            self.phones[phone].disk.fail_after(Some(after));
        }
        let title = intent.title();
        let done = self.phones[phone].edit(intent, &mut self.truth);
        self.figures.edits += u64::from(done.is_ok());
        self.tell(|| match &done {
            Ok(command) => format!("phone {phone}: {title} {command}"),
            Err(e) => format!("phone {phone}: {title} not done: {e}"),
        });
        if crash {
            self.phones[phone].restart()?;
        }
        Ok(())
    }

    /// A book of the office's is imported while everybody is out.
    pub(super) fn import(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let rooms: Vec<&str> = ROOMS.iter().copied().take(1 + self.dice.below(3)).collect();
        let phone = format!("1390000000{}", self.dice.below(6));
        let book = self.town.book(&rooms, self.dice.below(2), &phone);
        let plan = office.store().read(|tx| qiaomen_server::ledger::import::plan_import(&office, tx, &book))?;
        qiaomen_server::ledger::import::run_import(&office, plan, &mut |_, _| {})?;
        self.figures.office_commands += 1;
        self.figures.fault("import in between");
        self.tell(|| "the office imports a book".to_owned());
        Ok(())
    }
}

/// What a reply says of each command, in short, for the journal.
pub(super) fn said(reply: &Reply) -> String {
    let Ok(reply) = unpack::<SyncReply>(&reply.body, BODY_BYTES_MAX) else { return refused(reply) };
    let verdict = |v: &Verdict| format!(" {:?}/{}", v.outcome, v.code);
    let verdicts: String = reply.verdicts.iter().map(verdict).collect();
    format!("{verdicts} {:?} more {}", reply.directives, reply.more)
}

/// What was said instead of an answer; nothing of an answer about a picture.
fn refused(reply: &Reply) -> String {
    let json = serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap_or_default();
    let code = json["number"].as_u64().and_then(|n| qiaomen_proto::error::Code::from_number(u16::try_from(n).ok()?));
    code.map(|code| format!(" {code}")).unwrap_or_default()
}

/// The buildings of the grids that this device's worker has, as the device knows.
fn buildings_of(device: &Device) -> Vec<BuildingId> {
    let reference = device.reference();
    let mine = device.identity().and_then(|i| reference.worker(i.worker())).map_or(&[][..], |w| &w.grids);
    let within = reference.buildings.iter().filter(|b| mine.contains(&b.grid));
    within.map(|b| BuildingId::from_bytes(*b.id)).collect()
}

/// A line that carries everything at once.
struct Direct<'b> {
    bureau: &'b mut Bureau,
}

impl Transport for Direct<'_> {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        self.bureau.post(path, auth, body).map_err(|e| TransportError::Unreachable { source: Some(Box::new(e)) })
    }
}
