//! What the office itself writes: imports and decisions. Ordinary commands by the office's own "device".

use super::plan::Planned;
use super::{commit, number_of};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Author, Clock, Command, Edit, Hlc, Stamp};
use qiaomen_proto::ids::{Actor, CommandId, DocId, Role, Subject, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::SubjectKey;
use qiaomen_proto::wire::pull::Outcome;
use std::collections::BTreeMap;

const CLOCK: &str = "office_clock";

impl Office {
    /// The stamp of the office's next command.
    pub fn next_stamp(&self, tx: &Tx<'_>, by: WorkerId) -> Result<Stamp, OfficeError> {
        self.next_stamp_as(tx, by, Role::Office)
    }

    /// The stamp of the next command that somebody writes at the office's console in a role of her own: what a
    /// department's coordinator does there is hers, as if she had done it on her phone.
    pub fn next_stamp_as(&self, tx: &Tx<'_>, by: WorkerId, role: Role) -> Result<Stamp, OfficeError> {
        let mut clock: Clock = match tx.meta(CLOCK)? {
            Some(bytes) => minicbor::decode(&bytes).map_err(|_| StoreError::Damaged("clock"))?,
            None => Clock::default(),
        };
        let at = clock.tick(self.now_ms());
        tx.set_meta(CLOCK, &minicbor::to_vec(clock).unwrap_or_default())?;
        let command = CommandId::at(at.wall_ms, self.random()?);
        Ok(Stamp { at, by: Author { worker: by, role, device: self.identity().device }, command })
    }

    /// The stamp of a command about what happened at another time: a book tells of last year. The
    /// office's clock takes no note of it.
    pub fn stamp_at(&self, by: WorkerId, at: Hlc) -> Result<Stamp, OfficeError> {
        let command = CommandId::at(at.wall_ms, self.random()?);
        Ok(Stamp { at, by: Author { worker: by, role: Role::Office, device: self.identity().device }, command })
    }

    /// Writes a command of the office's own: edits of one or more documents.
    pub fn write_own(
        &self,
        tx: &Tx<'_>,
        stamp: Stamp,
        edits: Vec<(DocId, Vec<Edit>)>,
        keys: &[(Subject, SubjectKey)],
    ) -> Result<(), OfficeError> {
        let actor = Actor(self.identity().incarnation);
        let mut after: BTreeMap<DocId, Register> = BTreeMap::new();
        let (mut changes, mut hashes, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for (doc, edits) in edits {
            let mut register = match after.remove(&doc) {
                Some(register) => register,
                None => tx.register(doc)?.unwrap_or_else(|| Register::genesis(doc)),
            };
            let change = register.make_change(actor, stamp, edits);
            let hash = change.hash().map_err(|_| StoreError::Damaged("a change of the office's own"))?;
            register.fit(&change, &hash).map_err(|_| StoreError::Damaged("a change of the office's own"))?;
            register.apply(&change, hash);
            after.insert(doc, register);
            pairs.push((doc, hash));
            changes.push(change);
            hashes.push(hash);
        }
        let now_ms = self.now_ms();
        tx.put_command(
            stamp.command,
            check_of(&pairs),
            None,
            stamp.by.worker,
            number_of(Outcome::Applied),
            0,
            stamp.at.wall_ms,
            now_ms,
            None,
        )?;
        commit::commit(self, tx, Planned { command: Command { stamp, changes }, hashes, after }, keys, now_ms)
    }
}
