//! The one handle: the store, the community's secrets, the clock.

use crate::clock::{Machine, NoRandomness, Surroundings, random_array};
use crate::duplicates::catch_up;
use crate::ingest::project;
use crate::people::attempts::WrongSources;
use crate::people::pace::Paces;
use crate::photos::{self, PhotoStore};
use crate::secrets::{self, Secrets, SecretsError};
use crate::store::sqlite::MemoryDisk;
use crate::store::{Store, StoreError, Trouble, Tx};
use chrono::NaiveDate;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommunityId, DeviceId, Subject, WorkerId};
use qiaomen_proto::reference::{Reference, WorkerInfo};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the database in the data folder.
pub const DATABASE_NAME: &str = "office.db";
/// The office's day is the day of Beijing.
pub const UTC_OFFSET_S: i32 = 8 * 3600;

/// The day of an instant in the office's calendar.
pub fn day(at_ms: u64) -> NaiveDate {
    let offset_ms = u64::try_from(UTC_OFFSET_S).unwrap_or(0) * 1000;
    let at = i64::try_from(at_ms.saturating_add(offset_ms)).unwrap_or(i64::MAX);
    chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().date_naive()
}

/// What can go wrong in the office's core.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key file.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// No random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The folder holds no community yet.
    #[error("{dir} holds no community: run `qiaomen init` first")]
    NotInitialised {
        /// Which folder.
        dir: PathBuf,
    },
    /// The folder has a community's key file, and its database is missing or empty.
    #[error("{dir} has a key file and no database")]
    DatabaseGone {
        /// Which folder.
        dir: PathBuf,
    },
    /// The folder holds one already.
    #[error("{dir} holds a community already")]
    AlreadyInitialised {
        /// Which folder.
        dir: PathBuf,
    },
    /// The folder cannot be made.
    #[error("could not make {dir}")]
    MakeDir {
        /// Which folder.
        dir: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Not a 12-digit region code.
    #[error("a region code has 12 digits")]
    RegionCode,
    /// A wrapped key does not open under this key file.
    #[error("the key file is not the one of this database")]
    WrongKeyFile,
}

impl OfficeError {
    /// What is said of it across the boundary.
    pub fn code(&self) -> Code {
        match self {
            Self::Store(error) => match error.trouble() {
                Trouble::Damaged | Trouble::NotOurs => Code::OfficeDamaged,
                Trouble::Full => Code::OfficeFull,
                Trouble::Busy => Code::Busy,
                Trouble::NotAllowed | Trouble::Disk | Trouble::Other => Code::Internal,
            },
            Self::DatabaseGone { .. } => Code::OfficeDamaged,
            _ => Code::Internal,
        }
    }
}

/// The office.
#[derive(Debug, Clone)]
pub struct Office {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    store: Store,
    secrets: Secrets,
    around: Arc<dyn Surroundings>,
    identity: Identity,
    photos: PhotoStore,
    wrong_sources: WrongSources,
    paces: Paces,
}

/// Who this office is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name of the community.
    pub community: String,
    /// 12-digit region code.
    pub region_code: String,
    /// Id of the community.
    pub id: CommunityId,
    /// The office's own "device", under which imports and decisions are written.
    pub device: DeviceId,
    /// Which life of the server this is; a restored copy takes a new one.
    pub incarnation: [u8; 16],
}

/// Keys of [`Tx::meta`].
mod meta {
    pub(super) const COMMUNITY: &str = "community";
    pub(super) const REGION: &str = "region_code";
    pub(super) const DEVICE: &str = "office_device";
    pub(super) const INCARNATION: &str = "incarnation";
    pub(super) const REFERENCE_VERSION: &str = "reference_version";
    pub(super) const GRANT_VERSION: &str = "grant_version";
    pub(super) const CHECK: &str = "key_file_check";
}

impl Office {
    /// Makes a new community in an empty folder, or in one where that was cut short.
    pub fn init(
        dir: &Path,
        community: &str,
        region_code: &str,
        around: Arc<dyn Surroundings>,
    ) -> Result<Self, OfficeError> {
        if region_code.len() != 12 || !region_code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(OfficeError::RegionCode);
        }
        std::fs::create_dir_all(dir).map_err(|source| OfficeError::MakeDir { dir: dir.to_owned(), source })?;
        database_is_there(dir)?;
        // The identity is written last: without it the founding was cut short, and is gone through again.
        let store = Store::open(&dir.join(DATABASE_NAME), true)?;
        if store.read(|tx| tx.meta(meta::COMMUNITY))?.is_some() {
            return Err(OfficeError::AlreadyInitialised { dir: dir.to_owned() });
        }
        let secrets = Secrets::found(dir, around.as_ref())?;
        Self::found(&store, &secrets, community, region_code, around.as_ref())?;
        drop(store);
        Self::open_with(dir, around)
    }

    /// Makes a new community on a disk that is in memory only, with photos that are too.
    pub fn init_in_memory(
        disk: &MemoryDisk,
        photos: PhotoStore,
        secrets: Secrets,
        community: &str,
        region_code: &str,
        around: Arc<dyn Surroundings>,
    ) -> Result<Self, OfficeError> {
        let store = Store::in_memory(disk)?;
        Self::found(&store, &secrets, community, region_code, around.as_ref())?;
        Self::over(PathBuf::new(), store, secrets, around, photos)
    }

    /// Opens the community on a disk that is in memory only.
    pub fn open_in_memory(
        disk: &MemoryDisk,
        photos: PhotoStore,
        secrets: Secrets,
        around: Arc<dyn Surroundings>,
    ) -> Result<Self, OfficeError> {
        Self::over(PathBuf::new(), Store::in_memory(disk)?, secrets, around, photos)
    }

    /// Writes down who this office is.
    fn found(
        store: &Store,
        secrets: &Secrets,
        community: &str,
        region_code: &str,
        around: &dyn Surroundings,
    ) -> Result<(), OfficeError> {
        let device: [u8; 10] = random_array(around)?;
        let device = DeviceId::at(around.now_ms(), device);
        let incarnation: [u8; 16] = random_array(around)?;
        let (name, region) = (community.to_owned(), region_code.to_owned());
        let check = secrets.signing.verify_key().0;
        store.write(move |tx| -> Result<(), StoreError> {
            tx.set_meta(meta::COMMUNITY, name.as_bytes())?;
            tx.set_meta(meta::REGION, region.as_bytes())?;
            tx.set_meta(meta::DEVICE, device.as_bytes())?;
            Self::set_incarnation(tx, &incarnation)?;
            tx.set_meta(meta::REFERENCE_VERSION, &1u64.to_be_bytes())?;
            tx.set_meta(meta::GRANT_VERSION, &1u64.to_be_bytes())?;
            catch_up::nothing_yet(tx)?;
            tx.set_meta(meta::CHECK, &check)
        })?;
        Ok(())
    }

    /// Opens the community in this folder.
    pub fn open(dir: &Path) -> Result<Self, OfficeError> {
        Self::open_with(dir, Arc::new(Machine))
    }

    /// Opens it with another clock and randomness.
    pub fn open_with(dir: &Path, around: Arc<dyn Surroundings>) -> Result<Self, OfficeError> {
        let founded = |there: bool| there.then_some(()).ok_or(OfficeError::NotInitialised { dir: dir.to_owned() });
        founded(database_is_there(dir)?)?;
        let store = Store::open(&dir.join(DATABASE_NAME), false)?;
        founded(store.read(|tx| tx.meta(meta::COMMUNITY))?.is_some())?;
        let secrets = Secrets::open(dir)?;
        Self::over(dir.to_owned(), store, secrets, around, PhotoStore::in_folder(dir))
    }

    fn over(
        dir: PathBuf,
        store: Store,
        secrets: Secrets,
        around: Arc<dyn Surroundings>,
        photos: PhotoStore,
    ) -> Result<Self, OfficeError> {
        let identity = store.read(|tx| read_identity(tx, &secrets))?;
        let office = Self {
            inner: Arc::new(Inner {
                dir,
                store,
                secrets,
                around,
                identity,
                photos,
                wrong_sources: WrongSources::default(),
                paces: Paces::default(),
            }),
        };
        catch_up::catch_up(&office)?;
        project::catch_up(&office)?;
        photos::note_what_is_there(&office);
        photos::clear_abandoned(&office)?;
        Ok(office)
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }
    /// The store.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }
    /// The photos of matters.
    pub fn photos(&self) -> &PhotoStore {
        &self.inner.photos
    }
    /// The places from which wrong codes came of late.
    pub(crate) fn wrong_sources(&self) -> &WrongSources {
        &self.inner.wrong_sources
    }
    /// How often each device has asked of late.
    pub(crate) fn paces(&self) -> &Paces {
        &self.inner.paces
    }
    /// The community's secrets.
    pub fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        self.inner.around.now_ms()
    }
    /// Unpredictable bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        random_array(self.inner.around.as_ref())
    }
    /// Who this office is.
    pub fn identity(&self) -> &Identity {
        &self.inner.identity
    }
    /// The office's worker id for what no person of the roster did (imports).
    pub fn own_worker(&self) -> WorkerId {
        WorkerId(self.inner.identity.id.0)
    }

    /// The keys of these subjects.
    pub fn ring(&self, tx: &Tx<'_>, subjects: impl IntoIterator<Item = Subject>) -> Result<KeyRing, OfficeError> {
        let mut ring = KeyRing::new();
        for subject in subjects {
            for wrapped in tx.keys(&subject)? {
                let key = self.secrets().wrap.unwrap(&subject, &wrapped).map_err(|_| OfficeError::WrongKeyFile)?;
                ring.insert(subject, key);
            }
        }
        Ok(ring)
    }

    /// Keeps a key, wrapped. True if it is new.
    pub fn keep_key(&self, tx: &Tx<'_>, subject: &Subject, key: &SubjectKey) -> Result<bool, StoreError> {
        tx.add_key(subject, key.id().0, &self.secrets().wrap.wrap(subject, key))
    }

    /// Writes down which life of the office this is. A life's incarnation is its actor: it is the office's for
    /// ever, also when that life is over.
    pub(crate) fn set_incarnation(tx: &Tx<'_>, incarnation: &[u8; 16]) -> Result<(), StoreError> {
        let device = tx.meta(meta::DEVICE)?.and_then(|b| b.try_into().ok()).map(DeviceId::from_bytes);
        let device = device.ok_or(StoreError::Damaged("the office's device"))?;
        let before = tx.meta(meta::INCARNATION)?.and_then(|b| <[u8; 16]>::try_from(b).ok());
        for life in before.iter().chain([incarnation]) {
            tx.bind_actor(&Actor(*life), device)?;
        }
        tx.set_meta(meta::INCARNATION, incarnation)
    }

    /// The version of the reference data, and of who may what.
    pub fn versions(&self, tx: &Tx<'_>) -> Result<(u64, u64), StoreError> {
        Ok((number(tx.meta(meta::REFERENCE_VERSION)?), number(tx.meta(meta::GRANT_VERSION)?)))
    }
    /// Places or staff changed: devices fetch the reference data anew.
    pub fn reference_changed(tx: &Tx<'_>) -> Result<(), StoreError> {
        let next = number(tx.meta(meta::REFERENCE_VERSION)?) + 1;
        tx.set_meta(meta::REFERENCE_VERSION, &next.to_be_bytes())
    }
    /// Who may what changed.
    pub fn grants_changed(tx: &Tx<'_>) -> Result<(), StoreError> {
        let next = number(tx.meta(meta::GRANT_VERSION)?) + 1;
        tx.set_meta(meta::GRANT_VERSION, &next.to_be_bytes())
    }

    /// The reference data as it stands.
    pub fn reference(&self, tx: &Tx<'_>) -> Result<Reference, StoreError> {
        let now = self.now_ms();
        let mut workers = Vec::new();
        for w in tx.workers()? {
            workers.push(WorkerInfo {
                id: (*w.id.as_bytes()).into(),
                role: w.role.number(),
                name: w.name,
                grids: tx.grids_at(w.id, now)?.iter().map(|g| (*g.as_bytes()).into()).collect(),
                department: w.department,
            });
        }
        Ok(Reference {
            version: self.versions(tx)?.0,
            community: self.identity().community.clone(),
            region_code: self.identity().region_code.clone(),
            grids: tx.grids()?,
            buildings: tx.buildings()?,
            workers,
            categories: tx.categories()?.into_iter().map(|c| c.name).collect(),
            utc_offset_s: UTC_OFFSET_S,
            micro_grids: tx.micro_grids()?,
        })
    }
}

/// Whether the folder has a database with something in it. The key file is written after the first of the database: where
/// it is alone, books were lost, and nothing is founded in their place.
fn database_is_there(dir: &Path) -> Result<bool, OfficeError> {
    let there = std::fs::metadata(dir.join(DATABASE_NAME)).is_ok_and(|found| found.len() > 0);
    if !there && dir.join(secrets::FILE_NAME).exists() {
        return Err(OfficeError::DatabaseGone { dir: dir.to_owned() });
    }
    Ok(there)
}

fn number(bytes: Option<Vec<u8>>) -> u64 {
    bytes.and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes)
}

fn read_identity(tx: &Tx<'_>, secrets: &Secrets) -> Result<Identity, OfficeError> {
    let get = |key| tx.meta(key)?.ok_or(StoreError::Damaged("meta"));
    let text =
        |key| -> Result<String, StoreError> { String::from_utf8(get(key)?).map_err(|_| StoreError::Damaged("meta")) };
    let id16 = |key| -> Result<[u8; 16], StoreError> { get(key)?.try_into().map_err(|_| StoreError::Damaged("meta")) };
    if get(meta::CHECK)? != secrets.signing.verify_key().0 {
        return Err(OfficeError::WrongKeyFile);
    }
    let region_code = text(meta::REGION)?;
    Ok(Identity {
        community: text(meta::COMMUNITY)?,
        id: CommunityId::of(&region_code),
        region_code,
        device: DeviceId::from_bytes(id16(meta::DEVICE)?),
        incarnation: id16(meta::INCARNATION)?,
    })
}
