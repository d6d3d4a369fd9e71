//! The rescue file: each command that is not confirmed, sealed to the office, beside the database.
//!
//! A record is on the disk before the edit is in the database: an edit that returned can always be
//! rescued. The other way round, a record whose edit never came to be (a crash between the two) stays
//! and harms nobody. A record leaves the file only when its command's receipt is in the database.

use crate::error::{EditError, SyncError};
use crate::open::files::{sync_folder_of, write_whole};
use crate::open::memory::MemoryDisk;
use crate::outbox::OutboxRow;
use crate::store::document::Hashed;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Command;
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::seal::{BoxPublic, KeyBundle};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::rescue::{Rescued, read_records, seal_record};
use std::collections::{BTreeSet, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The file.
#[derive(Debug, Clone)]
pub struct RescueFile {
    place: Place,
}

/// Where it is.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    /// A device that lives in memory only.
    Memory(MemoryDisk),
}

impl RescueFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { place: Place::File(path) }
    }
    pub(crate) fn in_memory(disk: &MemoryDisk) -> Self {
        Self { place: Place::Memory(disk.clone()) }
    }

    /// Where it is; empty for a device that lives in memory.
    pub fn path(&self) -> &Path {
        match &self.place {
            Place::File(path) => path,
            Place::Memory(_) => Path::new(""),
        }
    }

    /// All of it; nothing where there is no file yet.
    pub fn content(&self) -> io::Result<Vec<u8>> {
        match &self.place {
            Place::File(path) => match fs::read(path) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
                other => other,
            },
            Place::Memory(disk) => Ok(disk.rescue()),
        }
    }

    /// Appends one record; it is on the disk when this returns.
    pub(crate) fn append(&self, record: &[u8]) -> io::Result<()> {
        let path = match &self.place {
            Place::File(path) => path,
            Place::Memory(disk) => return disk.write_rescue(|file| file.extend_from_slice(record)),
        };
        let is_new = !path.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        let before = file.metadata()?.len();
        if let Err(e) = file.write_all(record).and_then(|()| file.sync_data()) {
            // A part of a record is skipped by every reader; it is only tidier without.
            let _ = file.set_len(before);
            return Err(e);
        }
        if is_new { sync_folder_of(path) } else { Ok(()) }
    }

    fn replace(&self, content: Vec<u8>) -> io::Result<()> {
        match &self.place {
            Place::File(path) => write_whole(path, &content),
            Place::Memory(disk) => disk.write_rescue(|file| *file = content),
        }
    }

    /// Takes the records of these commands out.
    pub(crate) fn trim(&self, confirmed: impl Fn(CommandId) -> Result<bool, StoreError>) -> Result<(), SyncError> {
        let content = self.content().map_err(SyncError::WriteRescue)?;
        let (records, _) = read_records(&content);
        let mut kept = Vec::new();
        for record in &records {
            if !confirmed(record.command)? {
                kept.extend_from_slice(record.whole);
            }
        }
        if kept.len() == records.iter().map(|r| r.whole.len()).sum::<usize>() {
            return Ok(());
        }
        self.replace(kept).map_err(SyncError::WriteRescue)
    }

    /// Commands that have a record.
    pub fn commands(&self) -> io::Result<BTreeSet<CommandId>> {
        Ok(read_records(&self.content()?).0.iter().map(|r| r.command).collect())
    }
}

/// The record of a command as it stands in the outbox.
pub(crate) fn record_of(
    tx: &Tx<'_>,
    office: &BoxPublic,
    row: &OutboxRow,
    changes: &[Hashed],
    seed: [u8; 32],
) -> Result<Vec<u8>, EditError> {
    let nothing: HashSet<DocId> = HashSet::new();
    let mut batch = BatchWriter::new(&nothing);
    let command = Command { stamp: row.stamp, changes: changes.iter().map(|(_, c)| c.clone()).collect() };
    batch.push(&command, Form::InFull)?;
    let subjects: BTreeSet<_> = changes.iter().map(|(_, c)| c.doc.uuid).collect();
    let mut keys = KeyBundle::default();
    for subject in subjects {
        keys.keys.extend(tx.unacknowledged_keys(subject)?.into_iter().map(|k| (subject, k)));
    }
    let keys = keys.encode().map_err(|_| EditError::TooLarge)?;
    let rescued = Rescued { batch: batch.finish(), keys: keys.to_vec(), intent: row.intent.to_text() };
    Ok(seal_record(office, row.command, &rescued, seed)?)
}
