//! The one handle. Each verb is a few lines; what it does stands where the flow has it.

use crate::clock::Host;
use crate::edit::{self, Intent};
use crate::enrol::{self, EnrolAsk, EnrolStep, Enrolled, Identity};
use crate::error::{EditError, EnrolError, OpenError, SyncError};
use crate::open::memory::MemoryDisk;
use crate::open::{self, Home, Opened};
use crate::outbox::rescue::RescueFile;
use crate::outbox::{OutboxRow, Proof, Receipt};
use crate::store::meta::name;
use crate::store::{Store, StoreError};
use crate::sync::{self, Effect, Event, Session, SyncProgress, SyncReport};
use crate::transport::{Reply, Transport};
use qiaomen_proto::ids::{CommandId, DocId, Subject};
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::Reference;
use qiaomen_proto::seal::KeyRing;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// One enrolled phone or computer, open.
pub struct Device {
    /// Its folder; none for a device that lives in memory.
    pub(crate) home: Option<Home>,
    pub(crate) host: Box<dyn Host>,
    pub(crate) store: Store,
    pub(crate) rescue: RescueFile,
    /// Who this device is, once it is enrolled.
    pub(crate) identity: Option<Identity>,
    /// What the office owns and this device reads.
    pub(crate) reference: Reference,
    /// Nobody else opens these files as long as this lives.
    _lock: Option<File>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("home", &self.home).field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Device {
    /// Makes a new device in an empty folder.
    pub fn create(home: &Path, pin: &str, host: Box<dyn Host>) -> Result<Self, OpenError> {
        let home = Home::new(home);
        let opened = open::create(&home, pin, host.as_ref())?;
        Self::with(home, host, opened)
    }

    /// Opens a device that is there.
    pub fn open(home: &Path, pin: &str, host: Box<dyn Host>) -> Result<Self, OpenError> {
        let home = Home::new(home);
        let opened = open::open(&home, pin, host.as_ref())?;
        Self::with(home, host, opened)
    }

    fn with(home: Home, host: Box<dyn Host>, opened: Opened) -> Result<Self, OpenError> {
        let rescue = RescueFile::new(home.rescue());
        Self::of(Some(home), host, opened.store, rescue, Some(opened.lock))
    }

    /// Opens a device that lives in memory only: nothing of it is ever on a disk, so nothing is encrypted.
    /// A disk that nothing was written to becomes a new device.
    pub fn in_memory(disk: &MemoryDisk, host: Box<dyn Host>) -> Result<Self, OpenError> {
        let store = open::memory::open(disk)?;
        Self::of(None, host, store, RescueFile::in_memory(disk), None)
    }

    fn of(
        home: Option<Home>,
        host: Box<dyn Host>,
        store: Store,
        rescue: RescueFile,
        lock: Option<File>,
    ) -> Result<Self, OpenError> {
        let mut device =
            Self { home, host, store, rescue, identity: None, reference: Reference::default(), _lock: lock };
        device.reload()?;
        Ok(device)
    }

    /// Reads again what is kept in memory.
    pub(crate) fn reload(&mut self) -> Result<(), StoreError> {
        (self.identity, self.reference) = self.store.read::<_, StoreError>(|tx| {
            let identity: Option<Identity> = tx.cbor(name::IDENTITY)?;
            let reference = match (&identity, tx.meta(name::REFERENCE)?) {
                (Some(identity), Some(bytes)) => Reference::open(&bytes, &identity.office_key()).unwrap_or_default(),
                _ => Reference::default(),
            };
            Ok((identity, reference))
        })?;
        Ok(())
    }

    /// Makes the device one of the office's, with a one-time code.
    pub fn enrol(&mut self, transport: &mut dyn Transport, server: &str, code: &str) -> Result<Enrolled, EnrolError> {
        enrol::enrol(self, transport, server, code)
    }

    /// The same in steps, whose request the caller posts: the device is free while it is under way.
    pub fn enrol_ask(&mut self, code: &str) -> Result<EnrolStep, EnrolError> {
        enrol::ask(self, code)
    }

    /// The office's answer to what [`Device::enrol_ask`] asked.
    pub fn enrol_answered(&mut self, asked: &EnrolAsk, server: &str, reply: &Reply) -> Result<Enrolled, EnrolError> {
        enrol::answered(self, asked, server, reply)
    }

    /// One thing that a person did: all or nothing, durable before it returns.
    pub fn edit(&mut self, intent: Intent) -> Result<CommandId, EditError> {
        edit::execute::edit(self, intent)
    }

    /// Does several things in one go: all of them are durable when it returns, or none was done.
    pub fn edit_all(&mut self, intents: Vec<Intent>) -> Result<Vec<CommandId>, EditError> {
        edit::execute::edit_all(self, intents)
    }

    /// Takes a command that the office will not have out of the outbox: the person has seen why.
    pub fn discard(&mut self, command: CommandId) -> Result<(), EditError> {
        edit::execute::discard(self, command)
    }

    /// Sends what is not confirmed, fetches what is new. An interrupt ends it after the reply at hand;
    /// what was confirmed until then stays confirmed.
    pub fn sync(
        &mut self,
        transport: &mut dyn Transport,
        progress: &mut dyn FnMut(&SyncProgress),
        interrupt: &AtomicBool,
    ) -> Result<SyncReport, SyncError> {
        sync::driver::run(self, transport, progress, interrupt)
    }

    /// One step of a sync whose requests the caller posts: the device is free while one is under way.
    pub fn sync_step(&mut self, session: &mut Session, event: Event) -> Result<Effect, SyncError> {
        session.step(self, event)
    }

    /// Who this device is, once it is enrolled.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
    /// What the office owns and this device reads.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
    /// Every command that is not confirmed, oldest first.
    pub fn unacknowledged(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.store.read(|tx| tx.outbox())
    }
    /// The receipt of a command, if the office has it.
    pub fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        self.store.read(|tx| tx.receipt(command))
    }
    /// The office's signature that it has this command; none if it is not confirmed, or came back down
    /// before its receipt.
    pub fn proof_of(&self, command: CommandId) -> Result<Option<Proof>, StoreError> {
        self.store.read(|tx| tx.proof(command))
    }
    /// Every operation of a document as this device has it, with what is not confirmed.
    pub fn register(&self, doc: DocId) -> Result<Register, StoreError> {
        self.store.read(|tx| tx.overlay(doc))
    }
    /// The keys of a document's subject that are here.
    pub fn ring(&self, subject: Subject) -> Result<KeyRing, StoreError> {
        self.store.read(|tx| tx.ring_of(subject))
    }
    /// Every subject of which a key is here.
    pub fn subjects(&self) -> Result<Vec<Subject>, StoreError> {
        self.store.read(|tx| tx.subjects_with_keys())
    }
    /// The file that the office reads if this device cannot send any more.
    pub fn rescue_file(&self) -> &RescueFile {
        &self.rescue
    }
}
