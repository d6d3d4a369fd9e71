//! Where photos rest: a file for each, named by its hash, in a folder by the hash's first byte. What has not come whole
//! rests beside it, for each device that brings it: what one device spoils hinders no other. A piece is on the disk before
//! anybody is told that it is there.

use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DeviceId;
use qiaomen_proto::planted::{Planted, planted};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Name of the folder, in the data folder and beside a backup.
pub const FOLDER_NAME: &str = "photos";
/// What stands behind the name of a photo that has not come whole; before it, which device brings it.
const PART: &str = "part";

/// A file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("could not {step} the photo {path}")]
pub struct PhotoStoreError {
    /// What was to be done.
    pub step: &'static str,
    /// With which file.
    pub path: PathBuf,
    /// Why not.
    #[source]
    pub source: io::Error,
}

impl PhotoStoreError {
    /// What is said of it across the boundary.
    pub fn code(&self) -> Code {
        match self.source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::OfficeFull,
            _ => Code::Internal,
        }
    }
}

/// What there is of a photo after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// So many bytes from the front.
    Part(u32),
    /// All of it, and its hash is right.
    Whole,
    /// All of it, and its hash is wrong: nothing of it was kept.
    Damaged,
}

/// The photos of an office. Clones are the same photos.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    place: Place,
    /// Pieces of one photo that come twice at a time are taken one after the other.
    one: Arc<Mutex<()>>,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(PathBuf),
    Memory(Arc<Mutex<InMemory>>),
}

#[derive(Debug, Default)]
struct InMemory {
    whole: BTreeMap<[u8; 32], Vec<u8>>,
    parts: BTreeMap<([u8; 32], DeviceId), Vec<u8>>,
}

fn hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}

fn named(folder: &Path, hash: &[u8; 32]) -> PathBuf {
    let name = hex(hash);
    folder.join(&name[..2]).join(name)
}

fn part(folder: &Path, hash: &[u8; 32], from: DeviceId) -> PathBuf {
    named(folder, hash).with_extension(format!("{from}.{PART}"))
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed<'p>(step: &'static str, path: &'p Path) -> impl Fn(io::Error) -> PhotoStoreError + 'p {
    move |source| PhotoStoreError { step, path: path.to_owned(), source }
}

/// A name in a folder is on the disk only when the folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

impl PhotoStore {
    /// In the data folder of an office.
    pub fn in_folder(dir: &Path) -> Self {
        Self { place: Place::Folder(dir.join(FOLDER_NAME)), one: Arc::default() }
    }
    /// In memory, for as long as one of its clones lives.
    pub fn in_memory() -> Self {
        Self::over_memory(InMemory::default())
    }
    fn over_memory(all: InMemory) -> Self {
        Self { place: Place::Memory(Arc::new(Mutex::new(all))), one: Arc::default() }
    }

    /// Photos in memory that begin as those which are whole here: a backup.
    pub fn copy_in_memory(&self, hashes: &[[u8; 32]]) -> Result<Self, PhotoStoreError> {
        let mut whole = BTreeMap::new();
        for hash in hashes {
            whole.extend(self.read(hash)?.map(|bytes| (*hash, bytes)));
        }
        Ok(Self::over_memory(InMemory { whole, parts: BTreeMap::new() }))
    }

    /// Whether a photo is there, all of it.
    pub fn is_whole(&self, hash: &[u8; 32]) -> Result<bool, PhotoStoreError> {
        match &self.place {
            Place::Folder(folder) => {
                let path = named(folder, hash);
                path.try_exists().map_err(failed("look for", &path))
            }
            Place::Memory(all) => Ok(lock(all).whole.contains_key(hash)),
        }
    }

    /// How many bytes from the front a device has brought of a photo that is not whole.
    pub fn part(&self, hash: &[u8; 32], from: DeviceId) -> Result<u64, PhotoStoreError> {
        match &self.place {
            Place::Folder(folder) => {
                let path = part(folder, hash, from);
                match fs::metadata(&path) {
                    Ok(found) => Ok(found.len()),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(0),
                    Err(e) => Err(failed("look for", &path)(e)),
                }
            }
            Place::Memory(all) => Ok(lock(all).parts.get(&(*hash, from)).map_or(0, |bytes| length(bytes))),
        }
    }

    /// Takes a piece from a device that begins at `offset` of a photo of `size` bytes. What does not begin where its part
    /// ends so far is passed over: the answer says where it goes on. Durable when it returns.
    pub fn append(
        &self,
        hash: &[u8; 32],
        from: DeviceId,
        size: u32,
        offset: u32,
        piece: &[u8],
    ) -> Result<Came, PhotoStoreError> {
        let _one = lock(&self.one);
        if self.is_whole(hash)? {
            return Ok(Came::Whole);
        }
        let have = self.part(hash, from)?;
        let size = u64::from(size);
        let fits = have == u64::from(offset) && have + length(piece) <= size;
        let have = if fits && !piece.is_empty() { self.write(hash, from, have, piece)? } else { have };
        if have < size {
            return Ok(Came::Part(u32::try_from(have).unwrap_or(u32::MAX)));
        }
        self.finish(hash, from)
    }

    /// Drops what a device has brought of a photo. True if there was something.
    pub fn drop_part(&self, hash: &[u8; 32], from: DeviceId) -> Result<bool, PhotoStoreError> {
        let _one = lock(&self.one);
        match &self.place {
            Place::Folder(folder) => {
                let path = part(folder, hash, from);
                match fs::remove_file(&path) {
                    Ok(()) => Ok(true),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
                    Err(e) => Err(failed("drop", &path)(e)),
                }
            }
            Place::Memory(all) => Ok(lock(all).parts.remove(&(*hash, from)).is_some()),
        }
    }

    fn write(&self, hash: &[u8; 32], from: DeviceId, have: u64, piece: &[u8]) -> Result<u64, PhotoStoreError> {
        match &self.place {
            Place::Folder(folder) => {
                let path = part(folder, hash, from);
                let home = path.parent().unwrap_or(folder);
                if have == 0 {
                    fs::create_dir_all(home).map_err(failed("make a folder for", &path))?;
                }
                let write = || {
                    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
                    let written = file.write_all(piece).and_then(|()| file.sync_all());
                    if written.is_err() {
                        // Half a piece is no piece: the next one begins where this did.
                        let _ = file.set_len(have);
                    }
                    written?;
                    if have == 0 {
                        [home, folder].into_iter().chain(folder.parent()).try_for_each(sync_folder)?;
                    }
                    Ok(())
                };
                write().map_err(failed("write", &path))?;
            }
            Place::Memory(all) => lock(all).parts.entry((*hash, from)).or_default().extend_from_slice(piece),
        }
        Ok(have + length(piece))
    }

    /// Everything has come from this device: is it what it should be?
    fn finish(&self, hash: &[u8; 32], from: DeviceId) -> Result<Came, PhotoStoreError> {
        let right = |bytes: &[u8]| planted(Planted::PictureUnchecked) || blake3::hash(bytes).as_bytes() == hash;
        match &self.place {
            Place::Folder(folder) => {
                let (whole, part) = (named(folder, hash), part(folder, hash, from));
                if !right(&fs::read(&part).map_err(failed("read", &part))?) {
                    fs::remove_file(&part).map_err(failed("drop", &part))?;
                    return Ok(Came::Damaged);
                }
                fs::rename(&part, &whole).map_err(failed("name", &whole))?;
                sync_folder(whole.parent().unwrap_or(folder)).map_err(failed("name", &whole))?;
                Ok(Came::Whole)
            }
            Place::Memory(all) => {
                let mut all = lock(all);
                match all.parts.remove(&(*hash, from)) {
                    Some(bytes) if right(&bytes) => {
                        all.whole.insert(*hash, bytes);
                        Ok(Came::Whole)
                    }
                    _ => Ok(Came::Damaged),
                }
            }
        }
    }

    /// A photo that is whole, sealed as it came.
    pub fn read(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, PhotoStoreError> {
        match &self.place {
            Place::Folder(folder) => {
                let path = named(folder, hash);
                match fs::read(&path) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(e) => Err(failed("read", &path)(e)),
                }
            }
            Place::Memory(all) => Ok(lock(all).whole.get(hash).cloned()),
        }
    }

    /// Copies these photos into the folder beside a backup, those that are not there yet. How many.
    pub fn copy_to(&self, beside: &Path, hashes: &[[u8; 32]]) -> Result<u64, PhotoStoreError> {
        let folder = beside.join(FOLDER_NAME);
        let mut copied = 0;
        for hash in hashes {
            let to = named(&folder, hash);
            if to.try_exists().map_err(failed("look for", &to))? {
                continue;
            }
            let Some(bytes) = self.read(hash)? else { continue };
            copied += 1;
            let home = to.parent().unwrap_or(&folder);
            let under_way = to.with_extension(PART);
            let copy = || {
                fs::create_dir_all(home)?;
                let mut file = File::create(&under_way)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                fs::rename(&under_way, &to)?;
                [home, folder.as_path(), beside].into_iter().try_for_each(sync_folder)
            };
            copy().map_err(failed("copy", &to))?;
        }
        Ok(copied)
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stores() -> (tempfile::TempDir, [PhotoStore; 2]) {
        let dir = tempfile::tempdir().unwrap();
        let stores = [PhotoStore::in_folder(dir.path()), PhotoStore::in_memory()];
        (dir, stores)
    }

    fn device(number: u8) -> DeviceId {
        DeviceId::from_bytes([number; 16])
    }

    #[test]
    fn what_one_device_spoils_or_begins_hinders_no_other() {
        let (_dir, stores) = stores();
        let hash = *blake3::hash(b"a picture").as_bytes();
        let (liar, honest) = (device(1), device(2));
        for store in stores {
            assert_eq!(store.append(&hash, liar, 9, 0, b"A PICT").unwrap(), Came::Part(6));
            assert_eq!(store.append(&hash, honest, 9, 0, b"a pi").unwrap(), Came::Part(4), "from its own front");
            assert_eq!(store.append(&hash, liar, 9, 6, b"URE").unwrap(), Came::Damaged);
            assert_eq!(store.append(&hash, honest, 9, 4, b"cture").unwrap(), Came::Whole);
            assert_eq!(store.append(&hash, liar, 9, 0, b"A PICTURE").unwrap(), Came::Whole, "and it stays");
            assert_eq!(store.read(&hash).unwrap().as_deref(), Some(&b"a picture"[..]));
            assert!(!store.drop_part(&hash, liar).unwrap() && store.is_whole(&hash).unwrap());
        }
    }

    #[test]
    fn a_photo_comes_in_pieces_and_goes_on_from_where_it_is() {
        let (_dir, stores) = stores();
        let bytes: Vec<u8> = (0..100u8).collect();
        let hash = *blake3::hash(&bytes).as_bytes();
        let a = device(1);
        for store in stores {
            assert_eq!(store.append(&hash, a, 100, 0, &[]).unwrap(), Came::Part(0));
            assert_eq!(store.append(&hash, a, 100, 0, &bytes[..40]).unwrap(), Came::Part(40));
            assert_eq!(store.append(&hash, a, 100, 0, &bytes[..40]).unwrap(), Came::Part(40), "the same again");
            assert_eq!(store.append(&hash, a, 100, 60, &bytes[60..]).unwrap(), Came::Part(40), "a hole");
            assert_eq!(store.append(&hash, a, 100, 40, &[0; 61]).unwrap(), Came::Part(40), "more than there is");
            assert_eq!(store.read(&hash).unwrap(), None);
            assert_eq!(store.append(&hash, a, 100, 40, &bytes[40..]).unwrap(), Came::Whole);
            assert_eq!(store.append(&hash, a, 100, 0, &bytes[..40]).unwrap(), Came::Whole, "once more, late");
            assert_eq!(store.read(&hash).unwrap(), Some(bytes.clone()));
        }
    }

    #[test]
    fn what_is_not_what_it_says_is_not_kept() {
        let (_dir, stores) = stores();
        let hash = *blake3::hash(b"a picture").as_bytes();
        let a = device(1);
        for store in stores {
            assert_eq!(store.append(&hash, a, 9, 0, b"a pict").unwrap(), Came::Part(6));
            assert_eq!(store.append(&hash, a, 9, 6, b"URE").unwrap(), Came::Damaged);
            assert_eq!(store.part(&hash, a).unwrap(), 0, "from the front again");
            assert_eq!(store.append(&hash, a, 9, 0, b"a picture").unwrap(), Came::Whole);
        }
    }
}
