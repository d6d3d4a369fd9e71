//! A device that lives in memory only: for an app's own tests, and for days that are played thousands of
//! times. Everything above the files is the same as on a phone.

use crate::error::OpenError;
use crate::store::memory::MemoryDatabase;
use crate::store::{Store, StoreError};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What would be the folder of a device. It stays when the device is dropped, as a disk does when a phone
/// is switched off; a device that is opened on it again finds what was durable.
#[derive(Debug, Clone)]
pub struct MemoryDisk {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    database: MemoryDatabase,
    rescue: Mutex<Vec<u8>>,
}

impl MemoryDisk {
    /// An empty disk. No two of one process may have the same name at a time.
    pub fn new(name: &str) -> Result<Self, StoreError> {
        let inner = Inner { database: MemoryDatabase::new(name)?, rescue: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Another disk with the same content: a backup, or a cloned phone.
    pub fn copy(&self, name: &str) -> Result<Self, StoreError> {
        let inner = Inner { database: self.inner.database.copy(name)?, rescue: Mutex::new(self.rescue()) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// From now on, so many more writes become durable and the next ones fail, as if the power had gone:
    /// what is committed counts, and each write of the rescue file. None: all succeed.
    pub fn fail_after(&self, writes: Option<u32>) {
        self.inner.database.fail_after(writes);
    }

    /// Bytes of the rescue file.
    pub fn rescue(&self) -> Vec<u8> {
        self.file().clone()
    }

    fn file(&self) -> MutexGuard<'_, Vec<u8>> {
        self.inner.rescue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write_rescue(&self, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        if !self.inner.database.may_write() {
            return Err(io::Error::other("the disk has failed"));
        }
        write(&mut self.file());
        Ok(())
    }
}

pub(crate) fn open(disk: &MemoryDisk) -> Result<Store, OpenError> {
    disk.inner.database.open().map_err(OpenError::Database)
}
