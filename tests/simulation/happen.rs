//! What happens next in a world: mostly somebody knocks on a door; now and then something goes wrong.

use super::liar::{Known, Liar, is_proper};
use super::phone::Condition;
use super::world::{Stuck, World, said};
use qiaomen_proto::ids::{CommandId, GridId};
use qiaomen_server::ledger::regrid;
use qiaomen_server::people::devices;
use qiaomen_server::review::{Choice, Reason, decide, discard, release, undo};
use std::collections::BTreeSet;

/// Phones that a world has at most, clones with them.
const PHONES_MAX: usize = 7;
/// Grids that a community is split into at most.
const GRIDS_MAX: usize = 4;

/// What can happen, and how often among a thousand.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Edit,
    Photograph,
    Sync,
    Decide,
    Undo,
    LookAtHeld,
    ClockJumps,
    Restart,
    OfficeRestart,
    Clone,
    KeepImage,
    RestoreImage,
    Split,
    MoveBuilding,
    WorkerGrids,
    Import,
    Revoke,
    SharePhone,
    BackUp,
    RestoreOffice,
    Lie,
}

const WEIGHTS: [(Happening, u32); 21] = [
    (Happening::Edit, 735),
    (Happening::Photograph, 25),
    (Happening::Sync, 130),
    (Happening::Decide, 40),
    (Happening::Undo, 8),
    (Happening::LookAtHeld, 10),
    (Happening::ClockJumps, 8),
    (Happening::Restart, 6),
    (Happening::OfficeRestart, 3),
    (Happening::Clone, 2),
    (Happening::KeepImage, 3),
    (Happening::RestoreImage, 2),
    (Happening::Split, 3),
    (Happening::MoveBuilding, 4),
    (Happening::WorkerGrids, 5),
    (Happening::Import, 4),
    (Happening::Revoke, 1),
    (Happening::SharePhone, 2),
    (Happening::BackUp, 3),
    (Happening::RestoreOffice, 2),
    (Happening::Lie, 30),
];

impl World {
    /// One thing happens.
    pub(super) fn happen(&mut self) -> Result<(), Stuck> {
        let weights = WEIGHTS.map(|(_, weight)| weight);
        let (what, _) = WEIGHTS[self.dice.weighed(&weights)];
        let alive = self.alive();
        let Some(&phone) = self.dice.one_of(&alive) else { return Ok(()) };
        match what {
            Happening::Edit => self.edit(phone),
            Happening::Photograph => self.photograph(phone),
            Happening::Sync => {
                if self.phones[phone].is_syncing() {
                    Ok(())
                } else {
                    self.go_on(phone, None)
                }
            }
            Happening::Decide => self.decide(),
            Happening::Undo => self.undo(),
            Happening::LookAtHeld => self.look_at_held(false),
            Happening::ClockJumps => {
                self.figures.fault("clock jump");
                let skew = self.wrong_by();
                self.phones[phone].skew.set(skew);
                self.tell(|| format!("phone {phone} is {skew} ms off"));
                Ok(())
            }
            Happening::Restart => {
                self.figures.fault("phone switched off");
                self.tell(|| format!("phone {phone} is switched off and on"));
                Ok(self.phones[phone].restart()?)
            }
            Happening::OfficeRestart => {
                self.figures.fault("office restarted");
                self.tell(|| "the office is restarted".to_owned());
                Ok(self.bureau.restart()?)
            }
            Happening::Clone => self.clone_phone(phone),
            Happening::KeepImage => self.keep_image(phone),
            Happening::RestoreImage => self.restore_image(phone),
            Happening::Split => self.split_grid(),
            Happening::MoveBuilding => self.move_building(),
            Happening::WorkerGrids => self.worker_grids(),
            Happening::Import => self.import(),
            Happening::Revoke => self.revoke(phone),
            Happening::SharePhone => self.share_phone(phone),
            Happening::BackUp => {
                let name = self.names.fresh("backup");
                self.bureau.back_up(&name)?;
                self.tell(|| "the office makes a backup".to_owned());
                Ok(())
            }
            Happening::RestoreOffice => self.restore_office(),
            Happening::Lie => self.lie(phone),
        }
    }

    /// The clerk decides a conflict.
    pub(super) fn decide(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let open = office.store().read(|tx| tx.conflicts(Some("open")))?;
        let Some(row) = self.dice.one_of(&open) else { return Ok(()) };
        let choice = match self.dice.below(8) {
            0 => Choice::Refused,
            1 => Choice::Cleared,
            2 => Choice::Both,
            3 | 4 => Choice::Take("B".to_owned()),
            _ => Choice::Take("A".to_owned()),
        };
        let done = decide(&office, row.id, choice, None, self.clerk).is_ok();
        self.figures.decisions += u64::from(done);
        self.figures.office_commands += u64::from(done);
        let id = row.id;
        self.tell(|| format!("the clerk decides {id}: {done}"));
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let decided = office.store().read(|tx| tx.conflicts(Some("decided")))?;
        let Some(row) = self.dice.one_of(&decided) else { return Ok(()) };
        let done = undo(&office, row.id, self.clerk).is_ok();
        self.figures.office_commands += u64::from(done);
        let id = row.id;
        self.tell(|| format!("the clerk undoes {id}: {done}"));
        Ok(())
    }

    /// The clerk looks at what is held: lets it in, or puts it away.
    pub(super) fn look_at_held(&mut self, all: bool) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let held = office.store().read(|tx| tx.quarantine(Some("held")))?;
        for row in held {
            if !all && !self.dice.percent(40) {
                continue;
            }
            let let_in = self.dice.percent(50) && release(&office, row.id, self.clerk).is_ok();
            let put_away = !let_in && self.dice.percent(50);
            if put_away {
                let _ = discard(&office, row.id, Reason::Other, self.clerk);
            }
            self.tell(|| format!("the clerk looks at held {}: in {let_in}, away {put_away}", row.id));
        }
        Ok(())
    }

    fn clone_phone(&mut self, phone: usize) -> Result<(), Stuck> {
        if self.phones.len() >= PHONES_MAX {
            return Ok(());
        }
        self.copied = true;
        self.figures.fault("cloned phone");
        let (number, dice) = (self.phones.len(), self.dice.branch());
        let clone = self.phones[phone].cloned(number, &self.names, dice)?;
        self.phones.push(clone);
        self.tell(|| format!("phone {phone} is cloned as {number}"));
        Ok(())
    }

    fn keep_image(&mut self, phone: usize) -> Result<(), Stuck> {
        let copy = self.phones[phone].disk.copy(&self.names.fresh("image"));
        let Ok(copy) = copy else { return Ok(()) };
        let safe = self.truth.made.keys().copied().collect();
        self.phones[phone].image = Some((copy, safe));
        self.tell(|| format!("somebody keeps an image of phone {phone}"));
        Ok(())
    }

    /// The phone's data becomes older. What it made since, and had not brought home, the world took.
    fn restore_image(&mut self, phone: usize) -> Result<(), Stuck> {
        if self.restored {
            return Ok(());
        }
        let Some((image, safe)) = self.phones[phone].image.take() else { return Ok(()) };
        self.copied = true;
        self.figures.fault("phone restored from an older image");
        self.remember_receipts(phone);
        let lost = self.truth.made.iter().filter(|(command, made)| {
            made.phone == phone && !safe.contains(*command) && !self.truth.acknowledged.contains(*command)
        });
        let lost: Vec<_> = lost.map(|(command, _)| *command).collect();
        self.truth.destroyed.extend(lost);
        // What was acknowledged is in the book; a picture that had not gone yet is nowhere.
        let made_since = self.truth.made.iter().filter(|(c, made)| made.phone == phone && !safe.contains(*c));
        self.truth.pictures_destroyed.extend(made_since.map(|(command, _)| *command));
        self.phones[phone].restore(&image, &self.names)?;
        self.tell(|| format!("phone {phone} is what it was before"));
        Ok(())
    }

    /// What this phone holds a receipt for, before it may lose it.
    pub(super) fn remember_receipts(&mut self, phone: usize) {
        let Some(device) = self.phones[phone].device() else { return };
        let made = self.truth.made.keys().copied();
        let proven: Vec<_> = made.filter(|c| device.proof_of(*c).is_ok_and(|p| p.is_some())).collect();
        self.truth.acknowledged.extend(proven);
    }

    /// The office's disk breaks, and it goes on from its backup. What some phone still has comes back.
    fn restore_office(&mut self) -> Result<(), Stuck> {
        if self.restored {
            return Ok(());
        }
        let office = self.bureau.office()?;
        let mut before = Vec::new();
        for command in self.truth.made.keys() {
            if office.store().read(|tx| tx.command_fates(*command))?.iter().any(|fate| fate.outcome == 1) {
                before.push(*command);
            }
        }
        // What was kept for a person of a phone that is no more, is nowhere else.
        let quarantine = office.store().read(|tx| tx.quarantine(None))?;
        let let_in: BTreeSet<_> = quarantine.iter().filter(|q| q.state == "released").map(|q| q.command).collect();
        for row in quarantine {
            let phone = self.truth.made.get(&row.command).map(|made| made.phone);
            if phone.is_some_and(|phone| self.phones[phone].condition != Condition::Alive) {
                self.truth.lost_with_office.insert(row.command);
            }
        }
        drop(office);
        if !self.bureau.restore()? {
            return Ok(());
        }
        self.restored = true;
        self.figures.fault("office restored from a backup");
        let mut held: BTreeSet<CommandId> = BTreeSet::new();
        for phone in self.phones.iter().filter(|p| p.condition == Condition::Alive) {
            let Some(device) = phone.device() else { continue };
            for doc in device.documents().unwrap_or_default() {
                let Ok(register) = device.register(doc) else { continue };
                held.extend(register.changes().iter().filter_map(|c| c.stamp).map(|s| s.command));
            }
            // Whoever made it and was thanked for it gives it back, wherever its door went since.
            held.extend(before.iter().copied().filter(|c| device.proof_of(*c).is_ok_and(|p| p.is_some())));
            // So whoever made it and was told that it was let in; where there is a copy, another form than the one
            // that this phone has may be in the book.
            let told = let_in.iter().copied().filter(|c| device.receipt(*c).is_ok_and(|r| r.is_some()));
            held.extend(told.filter(|_| !self.copied));
        }
        let office = self.bureau.office()?;
        for command in before {
            let there = office.store().read(|tx| tx.command_fates(command))?.iter().any(|fate| fate.outcome == 1);
            if !there && !held.contains(&command) {
                self.truth.lost_with_office.insert(command);
            }
        }
        for device in &self.revoked {
            devices::revoke(&office, *device, self.clerk)?;
        }
        self.tell(|| "the office goes on from its backup".to_owned());
        Ok(())
    }

    fn split_grid(&mut self) -> Result<(), Stuck> {
        if self.town.grids.len() >= GRIDS_MAX {
            return Ok(());
        }
        let office = self.bureau.office()?;
        let name = format!("第{}网格", self.town.grids.len() + 1);
        let building = self.dice.below(self.town.buildings.len());
        let (id, building) = self.town.buildings[building].clone();
        let Some(grid) = office.store().read(|tx| tx.grid_of_building(id))? else { return Ok(()) };
        let done = regrid::split_grid(&office, &grid.to_string(), &name, &[building], self.clerk);
        if let Ok(done) = done {
            self.figures.fault("grid split");
            self.town.grids.push((done.grid_id, name.clone()));
            // Somebody has to look after it.
            let worker = self.dice.below(3);
            regrid::give_grid(&office, self.town.workers[worker].0, done.grid_id, self.clerk)?;
            self.tell(|| format!("{name} is split off, for worker {worker}; {} documents moved", done.documents));
        }
        Ok(())
    }

    fn move_building(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let (building, grid) = (self.dice.below(self.town.buildings.len()), self.dice.below(self.town.grids.len()));
        let (building, grid) = (self.town.buildings[building].1.clone(), self.town.grids[grid].1.clone());
        if let Ok(done) = regrid::move_building(&office, &building, &grid, self.clerk) {
            self.figures.fault("building moved to another grid");
            self.tell(|| format!("{building} goes to {grid}; {} documents moved", done.documents));
        }
        Ok(())
    }

    fn worker_grids(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let worker = self.dice.below(4);
        let id = self.town.workers[worker].0;
        let grid: GridId = self.town.grids[self.dice.below(self.town.grids.len())].0;
        let has = office.store().read(|tx| tx.grids_at(id, office.now_ms()))?;
        if has.contains(&grid) {
            regrid::take_grid(&office, id, grid, self.clerk)?;
            self.figures.fault("grid taken from a worker");
        } else {
            regrid::give_grid(&office, id, grid, self.clerk)?;
            self.figures.fault("grid given to a worker");
        }
        self.tell(|| format!("worker {worker}: grid {grid} {}", if has.contains(&grid) { "taken" } else { "given" }));
        Ok(())
    }

    fn revoke(&mut self, phone: usize) -> Result<(), Stuck> {
        // One worker stays, whatever happens.
        if phone == 0 || self.phones[phone].is_clone || self.alive().len() <= 3 || self.restored {
            return Ok(());
        }
        let Some((device, _)) = self.phones[phone].identity() else { return Ok(()) };
        let office = self.bureau.office()?;
        if devices::revoke(&office, device, self.clerk)? {
            self.figures.fault("device revoked");
            self.revoked.push(device);
            self.tell(|| format!("phone {phone} has its access taken back"));
        }
        Ok(())
    }

    /// Somebody else shall use this phone. While unsent work of its worker is on it, it says no.
    fn share_phone(&mut self, phone: usize) -> Result<(), Stuck> {
        if self.phones[phone].condition != Condition::Alive || self.phones[phone].is_syncing() {
            return Ok(());
        }
        let revoked = self.phones[phone].identity().is_some_and(|(device, _)| self.revoked.contains(&device));
        if revoked {
            return Ok(());
        }
        self.figures.fault("another worker takes the phone");
        self.remember_receipts(phone);
        let worker = self.dice.below(self.town.workers.len());
        match self.enrol(phone, worker) {
            Err(Stuck::Enrol(why)) => self.tell(|| format!("phone {phone} does not become worker {worker}'s: {why}")),
            other => other?,
        }
        Ok(())
    }

    /// A worker's second device is somebody's who lies.
    pub(super) fn let_a_liar_in(&mut self) -> Result<(), Stuck> {
        let office = self.bureau.office()?;
        let worker = self.town.workers[self.dice.below(self.town.workers.len())].0;
        let code = qiaomen_server::people::enrol_code(&office, &worker.to_string(), None, self.clerk)
            .map_err(|e| Stuck::Enrol(e.to_string()))?;
        drop(office);
        let dice = self.dice.branch();
        self.liar = Some(Liar::enrolled(&mut self.bureau, dice, worker, code.code.to_string())?);
        Ok(())
    }

    /// The liar says something about a document of this phone's.
    fn lie(&mut self, phone: usize) -> Result<(), Stuck> {
        let Some(device) = self.phones[phone].device() else { return Ok(()) };
        if self.dice.percent(15) {
            return self.spoil();
        }
        let Some(liar) = &mut self.liar else { return Ok(()) };
        let docs = device.documents().unwrap_or_default();
        let Some(register) = self.dice.one_of(&docs).and_then(|doc| device.register(*doc).ok()) else { return Ok(()) };
        let last = register.changes().iter().rev().find_map(|c| Some((c.actor, c.stamp?)));
        let Some((actor, stamp)) = last else { return Ok(()) };
        let known = Known { register: &register, actor, author: stamp.by, command: stamp.command };
        let Some((lie, reply)) = liar.lies(&mut self.bureau, &known, self.clock.now_ms())? else { return Ok(()) };
        self.figures.fault(lie);
        if !is_proper(&reply) {
            self.baffled.push(lie);
        }
        self.tell(|| format!("{lie}: {}{}", reply.status, said(&reply)));
        Ok(())
    }
}
