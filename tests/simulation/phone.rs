//! A phone of a world: a device on a disk in memory, its clock, and the sync that is under way.

use super::dice::Dice;
use super::names::Names;
use super::time::{PhoneHost, Skew, WorldClock};
use super::truth::{Made, Truth, is_contact};
use qiaomen_client::photo::NewPhoto;
use qiaomen_client::sync::{Effect, Event, Session};
use qiaomen_client::{Device, EditError, Intent, MemoryDisk, OpenError, Reply, SyncError};
use qiaomen_proto::ids::{CommandId, DeviceId, TicketId, WorkerId};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// How a phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// In somebody's hand.
    Alive,
    /// The office had it wiped.
    Wiped,
    /// Lost, broken, or its data replaced by an older image of itself.
    Gone,
}

/// A phone.
pub struct Phone {
    /// Its number in the world.
    pub number: usize,
    /// How it is.
    pub condition: Condition,
    /// The disk.
    pub disk: MemoryDisk,
    /// Off by how much.
    pub skew: Skew,
    /// An image of it that somebody kept, and the commands that were unconfirmed or made until then.
    pub image: Option<(MemoryDisk, BTreeSet<CommandId>)>,
    /// True if it is a copy of another phone, made behind everybody's back.
    pub is_clone: bool,
    device: Option<Device>,
    session: Option<Session>,
    /// The request that it waits for.
    pub waits_for: Option<u64>,
    clock: WorldClock,
    dice: Arc<Mutex<Dice>>,
}

/// What became of a step of a sync.
#[derive(Debug)]
pub enum Stepped {
    /// Post this.
    Post {
        /// Where to.
        path: &'static str,
        /// The header.
        auth: String,
        /// The body.
        body: Vec<u8>,
    },
    /// The sync is over, complete or not.
    Over(bool),
    /// It stopped: no more than that.
    Stopped(&'static str),
    /// The phone is empty now.
    Wiped,
}

impl Phone {
    /// A phone with nothing on it.
    pub fn new(number: usize, names: &Names, clock: &WorldClock, dice: Dice) -> Result<Self, OpenError> {
        let disk = MemoryDisk::new(&names.fresh("phone")).map_err(OpenError::Database)?;
        let mut phone = Self::over(number, disk, clock, dice);
        phone.switch_on()?;
        Ok(phone)
    }

    fn over(number: usize, disk: MemoryDisk, clock: &WorldClock, dice: Dice) -> Self {
        Self {
            number,
            condition: Condition::Alive,
            disk,
            skew: Skew::default(),
            image: None,
            is_clone: false,
            device: None,
            session: None,
            waits_for: None,
            clock: clock.clone(),
            dice: Arc::new(Mutex::new(dice)),
        }
    }

    /// Another phone with the same data.
    pub fn cloned(&self, number: usize, names: &Names, dice: Dice) -> Result<Self, OpenError> {
        let disk = self.disk.copy(&names.fresh("clone")).map_err(OpenError::Database)?;
        let mut clone = Self::over(number, disk, &self.clock, dice);
        clone.skew.set(self.skew.ms());
        clone.is_clone = true;
        clone.switch_on()?;
        Ok(clone)
    }

    /// Switched off, from one moment to the next, and on again.
    pub fn restart(&mut self) -> Result<(), OpenError> {
        self.switch_off();
        self.switch_on()
    }
    /// Switched off.
    pub fn switch_off(&mut self) {
        self.device = None;
        self.session = None;
        self.waits_for = None;
    }
    fn switch_on(&mut self) -> Result<(), OpenError> {
        self.disk.fail_after(None);
        let host = PhoneHost { clock: self.clock.clone(), skew: self.skew.clone(), dice: Arc::clone(&self.dice) };
        self.device = Some(Device::in_memory(&self.disk, Box::new(host))?);
        Ok(())
    }

    /// Its data becomes what it was when the image was made.
    pub fn restore(&mut self, image: &MemoryDisk, names: &Names) -> Result<(), OpenError> {
        self.switch_off();
        self.disk = image.copy(&names.fresh("restored")).map_err(OpenError::Database)?;
        self.switch_on()
    }

    /// The device, on.
    pub fn device(&self) -> Option<&Device> {
        self.device.as_ref()
    }
    /// The device, to be changed.
    pub fn device_mut(&mut self) -> Option<&mut Device> {
        self.device.as_mut()
    }
    /// Who it is to the office.
    pub fn identity(&self) -> Option<(DeviceId, WorkerId)> {
        self.device.as_ref()?.identity().map(|i| (i.device(), i.worker()))
    }

    /// One edit. What returned is in the truth.
    pub fn edit(&mut self, intent: Intent, truth: &mut Truth) -> Result<CommandId, EditError> {
        let title = intent.title();
        let contact = is_contact(&intent);
        let (device, worker) = self.identity().ok_or(EditError::NotEnrolled)?;
        let at_ms = self.clock.now_ms();
        let command = self.device.as_mut().ok_or(EditError::NotEnrolled)?.edit(intent)?;
        truth.made(command, Made { phone: self.number, device, worker, title, at_ms, is_contact: contact });
        Ok(command)
    }

    /// One picture to a matter. What returned is in the truth.
    pub fn attach(&mut self, ticket: TicketId, photo: NewPhoto, truth: &mut Truth) -> Result<CommandId, EditError> {
        let (device, worker) = self.identity().ok_or(EditError::NotEnrolled)?;
        let at_ms = self.clock.now_ms();
        let jpeg = photo.jpeg.clone();
        let command = self.device.as_mut().ok_or(EditError::NotEnrolled)?.attach_photos(ticket, &[photo])?;
        let made = Made { phone: self.number, device, worker, title: "照片", at_ms, is_contact: false };
        truth.made(command, made);
        truth.pictures.insert(command, jpeg);
        Ok(command)
    }

    /// True while a sync is under way.
    pub fn is_syncing(&self) -> bool {
        self.session.is_some()
    }
    /// Nobody waits any more for what was asked.
    pub fn give_up(&mut self) {
        self.session = None;
        self.waits_for = None;
    }

    /// One step of a sync; begins one where none is under way.
    pub fn step(&mut self, reply: Option<Reply>) -> Stepped {
        self.waits_for = None;
        let Some(device) = self.device.as_mut() else { return Stepped::Stopped("off") };
        let session = self.session.get_or_insert_default();
        let event = reply.map_or(Event::Go, Event::Answered);
        let stepped = match device.sync_step(session, event) {
            Ok(Effect::Post { path, auth, body }) => return Stepped::Post { path, auth, body },
            Ok(Effect::Done) => Stepped::Over(session.report().complete),
            Err(SyncError::Wiped) => {
                self.condition = Condition::Wiped;
                Stepped::Wiped
            }
            Err(e) => Stepped::Stopped(why(&e)),
        };
        self.session = None;
        stepped
    }
}

fn why(error: &SyncError) -> &'static str {
    match error {
        SyncError::NoProgress => "no progress",
        SyncError::NotTheOffice => "not the office",
        SyncError::ReadReply(what) => what,
        SyncError::Refused(refusal) => refusal.code.map_or("refused", |c| c.name()),
        SyncError::Keep(_) => "could not keep",
        _ => "stopped",
    }
}
