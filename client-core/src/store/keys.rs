//! Keys of subjects.

use super::{StoreError, Tx, bytes};
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::{KeyId, KeyRing, SubjectKey};
use rusqlite::params;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

impl Tx<'_> {
    /// Adds a key; tells whether it was new.
    pub(crate) fn put_key(&self, subject: Subject, key: &SubjectKey, acknowledged: bool) -> Result<bool, StoreError> {
        let new = self.run(
            "add a key",
            "INSERT OR IGNORE INTO subject_key (subject, key_id, secret, acknowledged) VALUES (?1, ?2, ?3, ?4)",
            params![subject.as_bytes(), key.id().0, key.as_bytes(), acknowledged],
        )? > 0;
        if acknowledged && !new {
            self.acknowledge_key(subject, key.id())?;
        }
        Ok(new)
    }

    fn keys_where(&self, sql: &str, subject: Subject) -> Result<Vec<SubjectKey>, StoreError> {
        let rows: Vec<Zeroizing<Vec<u8>>> =
            self.all("read keys", sql, params![subject.as_bytes()], |r| Ok(Zeroizing::new(r.get(0)?)))?;
        rows.iter().map(|secret| Ok(SubjectKey::from_bytes(bytes(secret, "key")?))).collect()
    }

    /// A ring with the keys of one subject.
    pub(crate) fn ring_of(&self, subject: Subject) -> Result<KeyRing, StoreError> {
        self.ring(&[subject])
    }

    /// A ring with the keys of these subjects.
    pub(crate) fn ring(&self, subjects: &[Subject]) -> Result<KeyRing, StoreError> {
        let mut ring = KeyRing::new();
        for subject in subjects {
            let keys = self.keys_where("SELECT secret FROM subject_key WHERE subject = ?1", *subject)?;
            ring.extend(keys.into_iter().map(|k| (*subject, k)));
        }
        Ok(ring)
    }

    /// Keys of a subject that the office does not have for certain.
    pub(crate) fn unacknowledged_keys(&self, subject: Subject) -> Result<Vec<SubjectKey>, StoreError> {
        self.keys_where("SELECT secret FROM subject_key WHERE subject = ?1 AND acknowledged = 0", subject)
    }

    /// The office has this key.
    pub(crate) fn acknowledge_key(&self, subject: Subject, key: KeyId) -> Result<(), StoreError> {
        self.run(
            "mark a key as the office's",
            "UPDATE subject_key SET acknowledged = 1 WHERE subject = ?1 AND key_id = ?2",
            params![subject.as_bytes(), key.0],
        )
        .map(|_| ())
    }

    /// Subjects of which a key is here.
    pub(crate) fn subjects_with_keys(&self) -> Result<Vec<Subject>, StoreError> {
        let rows: Vec<Vec<u8>> =
            self.all("list subjects", "SELECT DISTINCT subject FROM subject_key ORDER BY subject", [], |r| r.get(0))?;
        rows.iter().map(|s| Ok(Subject::from_bytes(bytes(s, "subject")?))).collect()
    }

    /// Forgets the keys of what is neither here nor touched by a command of the outbox. Staff have names:
    /// theirs stay.
    pub(crate) fn forget_stray_keys(&self, staff: &BTreeSet<Subject>) -> Result<(), StoreError> {
        if planted(Planted::StrayKeysStay) {
            return Ok(());
        }
        for subject in self.subjects_with_keys()?.into_iter().filter(|s| !staff.contains(s)) {
            let mut wanted = false;
            for kind in Kind::ALL {
                let doc = DocId::new(kind, subject).key();
                wanted |= self
                    .one(
                        "look for a use of a key",
                        "SELECT 1 FROM document WHERE doc = ?1 AND here = 1 UNION ALL
                         SELECT 1 FROM pending_change p JOIN outbox o ON o.command = p.command
                         WHERE p.doc = ?1 AND o.state IN ('pending', 'waiting') LIMIT 1",
                        params![doc],
                        |_| Ok(()),
                    )?
                    .is_some();
            }
            if !wanted {
                self.forget_keys(subject)?;
            }
        }
        Ok(())
    }

    /// Forgets every key of a subject.
    pub(crate) fn forget_keys(&self, subject: Subject) -> Result<(), StoreError> {
        self.run("forget keys", "DELETE FROM subject_key WHERE subject = ?1", params![subject.as_bytes()]).map(|_| ())
    }
}
