//! What the office takes: from devices, from itself, and from the desk where something was held.

use super::{Entry, Office, community, worker};
use qiaomen_proto::change::command::{check_of, digest_of};
use qiaomen_proto::change::{Author, ChangeHash, Command, Edit, Hlc, Stamp};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Role};
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::wire::pull::{Outcome, SyncReply, Verdict};
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftCommand};
use std::collections::{BTreeMap, HashMap};

/// A command put together again.
pub(super) struct Rebuilt {
    pub command: Command,
    pub pairs: Vec<(DocId, ChangeHash)>,
    /// The registers of its documents with it.
    pub after: BTreeMap<DocId, Register>,
    /// True if it is there already.
    pub known: bool,
}

impl Office {
    pub(super) fn take(
        &mut self,
        batch: &[u8],
        reply: &mut SyncReply,
        checks: &mut Vec<[u8; 8]>,
        proven: &mut Vec<[u8; 32]>,
    ) {
        let draft = DraftBatch::read(batch, 512).unwrap();
        let mut previous = HashMap::new();
        for command in draft.commands {
            let check = command.check;
            let in_full = command.changes.iter().all(|c| c.explicit.is_some());
            self.arrived.push((command.stamp.command, in_full));
            let (outcome, code, digest) = match self.rebuilt(&draft.docs, command, &mut previous) {
                Ok(rebuilt) => {
                    let digest = digest_of(&rebuilt.pairs);
                    let (outcome, code) = self.verdict(rebuilt, check, &mut previous);
                    (outcome, code, Some(digest))
                }
                Err(Some(code)) => (Outcome::Quarantined, Some(code), None),
                Err(None) => (if in_full { Outcome::Waiting } else { Outcome::SendInFull }, None, None),
            };
            if outcome.is_acknowledged() {
                checks.push(check);
                proven.extend(digest);
            }
            reply.verdicts.push(Verdict { outcome, code: code.map_or(0, Code::number), waits_for: None });
        }
    }

    /// A command as it will stand; else why it is held, or that it cannot be put together yet.
    pub(super) fn rebuilt(
        &self,
        docs: &[DocRef],
        draft: DraftCommand,
        previous: &mut HashMap<DocId, ChangeHash>,
    ) -> Result<Rebuilt, Option<Code>> {
        let mut command = Command { stamp: draft.stamp, changes: Vec::new() };
        let mut pairs = Vec::new();
        let mut after: BTreeMap<DocId, Register> = BTreeMap::new();
        let mut known = false;
        for change in draft.changes {
            let doc = match docs[change.doc] {
                DocRef::Whole(doc) => doc,
                DocRef::Suffix(kind, suffix) => {
                    *self.registers.keys().find(|d| d.kind == kind && d.suffix() == suffix).ok_or(None)?
                }
            };
            let before = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let register = after.entry(doc).or_insert(before);
            let change = rebuild(change, draft.stamp, register, previous.get(&doc).copied()).map_err(|_| None)?;
            let hash = change.hash().unwrap();
            match register.fit(&change, &hash) {
                Ok(()) => register.apply(&change, hash),
                Err(Misfit::Duplicate) => known = true,
                Err(Misfit::Missing(_)) => return Err(None),
                Err(Misfit::Fork) => return Err(Some(Code::Fork)),
                Err(Misfit::Malformed(why) | Misfit::Beyond(why)) => {
                    panic!("an honest device sent a malformed change: {why}")
                }
            }
            previous.insert(doc, hash);
            pairs.push((doc, hash));
            command.changes.push(change);
        }
        assert_eq!(check_of(&pairs), draft.check, "what was rebuilt is not what was meant");
        Ok(Rebuilt { command, pairs, after, known })
    }

    fn verdict(
        &mut self,
        rebuilt: Rebuilt,
        check: [u8; 8],
        previous: &mut HashMap<DocId, ChangeHash>,
    ) -> (Outcome, Option<Code>) {
        let Rebuilt { command, pairs, after, known } = rebuilt;
        if known {
            return (Outcome::Duplicate, None);
        }
        let id = command.stamp.command;
        if let Some((outcome, code)) = self.say.as_mut().and_then(|say| say(&command)) {
            for (doc, _) in &pairs {
                previous.remove(doc);
            }
            return (outcome, Some(code));
        }
        if let Some(earlier) = self.taken.insert(id, check) {
            panic!("{id} was applied twice with different content: {earlier:?} and {check:?}");
        }
        self.keep(command, after);
        (Outcome::Applied, None)
    }

    pub(super) fn keep(&mut self, command: Command, after: BTreeMap<DocId, Register>) {
        self.members.extend(after.keys().filter(|doc| !self.elsewhere.contains(doc)));
        self.registers.extend(after);
        self.log.push(Entry::Command(command));
    }

    /// The office itself does something.
    pub fn act(&mut self, edits: Vec<(DocId, Vec<Edit>)>) -> CommandId {
        self.made += 1;
        let command = CommandId::at(self.now_ms, [u8::try_from(self.made).unwrap(); 10]);
        let by = Author { worker: worker("office"), role: Role::Office, device: DeviceId(community().0) };
        let stamp = Stamp { at: Hlc { wall_ms: self.now_ms, counter: 0 }, by, command };
        let mut after = BTreeMap::new();
        let mut changes = Vec::new();
        for (doc, edits) in edits {
            let mut register = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let change = register.make_change(Actor([7; 16]), stamp, edits);
            register.apply(&change, change.hash().unwrap());
            changes.push(change);
            after.insert(doc, register);
        }
        self.keep(Command { stamp, changes }, after);
        command
    }

    /// A person at the office lets a command in that was kept for a look.
    pub fn release(&mut self, command: Command) {
        let mut after = BTreeMap::new();
        for change in &command.changes {
            let doc = change.doc;
            let mut register = self.registers.get(&doc).cloned().unwrap_or_else(|| Register::genesis(doc));
            let hash = change.hash().unwrap();
            register.fit(change, &hash).unwrap();
            register.apply(change, hash);
            after.insert(doc, register);
        }
        self.keep(command, after);
    }
}
