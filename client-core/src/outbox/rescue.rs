//! The rescue file: each command that is not confirmed, sealed to the office, beside the database.
//!
//! A record is on the disk before the edit is in the database: an edit that returned can always be
//! rescued. The other way round, a record whose edit never came to be (a crash between the two) stays
//! and harms nobody. A record leaves the file only when its command's receipt is in the database.

use crate::error::{EditError, SyncError};
use crate::open::files::{sync_folder_of, write_whole};
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
    path: PathBuf,
}

impl RescueFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends one record; it is on the disk when this returns.
    pub(crate) fn append(&self, record: &[u8]) -> io::Result<()> {
        let is_new = !self.path.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        let before = file.metadata()?.len();
        if let Err(e) = file.write_all(record).and_then(|()| file.sync_data()) {
            // A part of a record is skipped by every reader; it is only tidier without.
            let _ = file.set_len(before);
            return Err(e);
        }
        if is_new { sync_folder_of(&self.path) } else { Ok(()) }
    }

    /// Takes the records of these commands out.
    pub(crate) fn trim(&self, confirmed: impl Fn(CommandId) -> Result<bool, StoreError>) -> Result<(), SyncError> {
        let content = match fs::read(&self.path) {
            Ok(content) => content,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(SyncError::WriteRescue(e)),
        };
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
        write_whole(&self.path, &kept).map_err(SyncError::WriteRescue)
    }

    /// Commands that have a record.
    pub fn commands(&self) -> io::Result<BTreeSet<CommandId>> {
        match fs::read(&self.path) {
            Ok(content) => Ok(read_records(&content).0.iter().map(|r| r.command).collect()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
            Err(e) => Err(e),
        }
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
