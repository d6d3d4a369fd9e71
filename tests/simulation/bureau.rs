//! The office of a world: one server on a disk in memory, its backups, and what reaches it.

use super::dice::Dice;
use super::names::Names;
use super::time::{OfficeHost, WorldClock};
use super::world::Stuck;
use qiaomen_client::Reply;
use qiaomen_proto::error::Code;
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::auth::{SignedBy, signature_to_text};
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::photo::PHOTO_PATH;
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::backup::begin_life;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::enrol_device;
use qiaomen_server::photos::{PhotoStore, reconcile};
use qiaomen_server::secrets::Secrets;
use qiaomen_server::store::Store;
use qiaomen_server::store::sqlite::MemoryDisk;
use std::sync::{Arc, Mutex};

/// The office.
#[derive(Debug)]
pub struct Bureau {
    clock: WorldClock,
    dice: Dice,
    secrets: Secrets,
    disk: MemoryDisk,
    photos: PhotoStore,
    office: Option<Office>,
    backup: Option<(MemoryDisk, PhotoStore)>,
}

impl Bureau {
    /// An office with nothing in its books.
    pub fn open(names: &Names, clock: &WorldClock, mut dice: Dice) -> Result<Self, OfficeError> {
        let disk = MemoryDisk::new(&names.fresh("office"))?;
        let around = host(clock, &mut dice);
        let secrets = Secrets::fresh(around.as_ref())?;
        let photos = PhotoStore::in_memory();
        let office =
            Office::init_in_memory(&disk, photos.clone(), secrets.clone(), "和顺社区", "150782001001", around)?;
        Ok(Self { clock: clock.clone(), dice, secrets, disk, photos, office: Some(office), backup: None })
    }

    /// The office, up.
    pub fn office(&mut self) -> Result<Office, OfficeError> {
        if let Some(office) = &self.office {
            return Ok(office.clone());
        }
        let around = host(&self.clock, &mut self.dice);
        let office = Office::open_in_memory(&self.disk, self.photos.clone(), self.secrets.clone(), around)?;
        self.office = Some(office.clone());
        Ok(office)
    }

    /// Lets the power fail after so many more transactions.
    pub fn power_fails_after(&self, commits: u32) {
        self.disk.fail_after(Some(commits));
    }
    /// The server was killed (or its power failed) and is started again.
    pub fn restart(&mut self) -> Result<(), OfficeError> {
        self.office = None;
        self.disk.fail_after(None);
        self.office().map(drop)
    }

    /// A backup is made, and noted.
    pub fn back_up(&mut self, name: &str) -> Result<(), Stuck> {
        let office = self.office()?;
        let (position, _) = office.store().read(|tx| office.backed_up(tx)).map_err(OfficeError::from)?;
        let whole = office.whole_photos().map_err(OfficeError::from)?;
        let copy = self.disk.copy(name).map_err(OfficeError::from)?;
        self.backup = Some((copy, self.photos.copy_in_memory(&whole)?));
        Ok(office.note_backup(position)?)
    }
    /// The office begins another life from its last backup. False if there is none.
    pub fn restore(&mut self) -> Result<bool, OfficeError> {
        let Some(backup) = self.backup.take() else { return Ok(false) };
        self.office = None;
        (self.disk, self.photos) = backup;
        let around = host(&self.clock, &mut self.dice);
        let store = Store::in_memory(&self.disk)?;
        begin_life(&store, around.as_ref())?;
        drop(store);
        reconcile(&self.office()?)?;
        Ok(true)
    }

    /// Answers one request, as the edge does.
    pub fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, OfficeError> {
        let office = self.office()?;
        Ok(match path {
            ENROL_PATH => {
                let done = unpack::<EnrolRequest>(body, BODY_BYTES_MAX).map_err(|_| (Code::Malformed, None));
                match done.and_then(|request| enrol_device(&office, request).map_err(|r| (r.code, r.retry_after_s))) {
                    Ok(reply) => Reply { status: 200, body: pack(&reply), ..Reply::default() },
                    Err((code, retry)) => refusal(code, None, retry),
                }
            }
            SYNC_PATH | PHOTO_PATH => match auth.and_then(SignedBy::parse) {
                None => refusal(Code::NotSigned, None, None),
                Some(signed) => match if path == SYNC_PATH {
                    office.sync(&signed, path, body)
                } else {
                    office.photo_piece(&signed, path, body)
                } {
                    Ok(answer) => Reply {
                        status: 200,
                        signature: Some(signature_to_text(&answer.signature)),
                        body: answer.body,
                        ..Reply::default()
                    },
                    Err(r) => refusal(r.code, r.counter, r.retry_after_s),
                },
            },
            _ => refusal(Code::NotFound, None, None),
        })
    }
}

fn host(clock: &WorldClock, dice: &mut Dice) -> Arc<OfficeHost> {
    Arc::new(OfficeHost { clock: clock.clone(), dice: Mutex::new(dice.branch()) })
}

fn refusal(code: Code, counter: Option<u64>, retry_after_s: Option<u64>) -> Reply {
    let body = serde_json::json!({ "number": code.number(), "sentence": code.sentence(), "counter": counter });
    Reply { status: 400, body: body.to_string().into_bytes(), retry_after_s, ..Reply::default() }
}
