//! The office after its disk broke: it goes on from a backup, knows less than it has signed, and takes back what
//! a device can prove.

use super::{Entry, Office};
use qiaomen_proto::change::TypedChange;
use qiaomen_proto::ids::{CommandId, DeviceId, DocId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::{KeyBundle, open_with};
use qiaomen_proto::wire::heal::{
    GiveBack, GivenFate, HEAD_BYTES, HeadsOf, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message,
};
use qiaomen_proto::wire::push::KEYS_UP_INFO;
use qiaomen_proto::wire::unbatch::DraftBatch;
use std::collections::HashMap;

impl Office {
    /// Another life begins, from a backup that has so much of the log.
    pub fn goes_on_from(&mut self, kept: usize) {
        self.incarnation = [self.incarnation[0] + 1; 16];
        self.log.truncate(kept);
        self.registers.clear();
        self.members.clear();
        let mut commands = Vec::new();
        for entry in self.log.clone() {
            match entry {
                Entry::Command(command) => {
                    command.changes.iter().for_each(|change| self.write_again(change));
                    commands.push(command.stamp.command);
                }
                Entry::Departed(doc) => {
                    self.members.remove(&doc);
                }
            }
        }
        self.taken.retain(|command, _| commands.contains(command));
        let lost: Vec<_> = self.ring.iter().map(|(subject, _)| subject).collect();
        for subject in lost.into_iter().filter(|subject| self.registers.keys().all(|doc| doc.uuid != *subject)) {
            self.ring.remove_subject(&subject);
        }
    }

    fn write_again(&mut self, change: &TypedChange) {
        let register = self.registers.entry(change.doc).or_insert_with(|| Register::genesis(change.doc));
        register.apply(change, change.hash().unwrap());
        self.members.insert(change.doc);
    }

    /// Documents of which a device has something that is not here.
    pub(super) fn lacks(&self, heads: &[HeadsOf]) -> Vec<DocId> {
        let knows = |doc, head: &[u8]| self.registers.get(&doc).is_some_and(|r| r.knows_short(head));
        let all = heads.iter().map(|of| (DocId::from_key(&*of.doc).unwrap(), &of.heads));
        let lacking = all.filter(|(doc, heads)| !heads.chunks(HEAD_BYTES).all(|head| knows(*doc, head)));
        lacking.map(|(doc, _)| doc).collect()
    }

    /// Commands that were given back, in order of arrival.
    pub fn commands_given(&self) -> Vec<CommandId> {
        let drafts = self.given.iter().map(|given| DraftBatch::read(&given.batch, 512).unwrap());
        drafts.flat_map(|draft| draft.commands).map(|command| command.stamp.command).collect()
    }

    /// Takes what is given back, on its own signature.
    pub(super) fn take_back(&mut self, from: DeviceId, given: GiveBack) -> Vec<GivenFate> {
        self.take_keys_back(from, &given);
        let draft = DraftBatch::read(&given.batch, 512).unwrap();
        let mut fates = Vec::new();
        for (command, part) in draft.commands.into_iter().zip(&given.parts) {
            let proof = &given.proofs[usize::try_from(part.proof).unwrap()];
            let message = proof_message(&proof.incarnation, proof.digests.iter().map(|d| **d));
            let signature = proof.signature.as_slice().try_into().unwrap();
            self.signing.verify_key().verify(PROOF_CONTEXT, &message, &signature).unwrap();
            let (id, check) = (command.stamp.command, command.check);
            if let Some(fate) = self.say_of_given.as_mut().and_then(|say| say(id)) {
                fates.push(fate);
                continue;
            }
            fates.push(match self.rebuilt(&draft.docs, command, &mut HashMap::new()) {
                Err(_) => GivenFate::NotYet,
                Ok(rebuilt) => {
                    if !rebuilt.known {
                        self.taken.insert(id, check);
                        self.keep(rebuilt.command, rebuilt.after);
                    }
                    GivenFate::Has
                }
            });
        }
        self.given.push(given);
        fates
    }

    fn take_keys_back(&mut self, from: DeviceId, given: &GiveBack) {
        let put_away = given.put_away.iter().flatten().map(|p| (PUT_AWAY_INFO, p.doc.to_vec(), &p.keys));
        let open = (!given.keys.is_empty()).then(|| (KEYS_UP_INFO, from.as_bytes().to_vec(), &given.keys));
        for (what_for, of, boxed) in put_away.chain(open) {
            let plain = open_with(&self.boxes, what_for, &of, boxed).unwrap();
            self.ring.extend(KeyBundle::decode(&plain).unwrap().keys);
        }
    }
}
