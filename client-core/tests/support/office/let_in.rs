//! What became of what was kept for a person, and what its device needs to bring it again.

use super::{Entry, Office};
use qiaomen_proto::change::Command;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::heal::{KeysPutAway, LetIn, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message};
use qiaomen_proto::wire::pull::{Fate, Outcome, SyncReply};
use qiaomen_proto::wire::push::SyncRequest;

impl Office {
    /// Of what a device calls held or refused: what is in the book.
    pub(super) fn tell_fates(&self, request: &SyncRequest, reply: &mut SyncReply) {
        let asked = |c: &Command| request.held.iter().flatten().any(|id| **id == *c.stamp.command.as_bytes());
        let log = self.log.iter().filter_map(|entry| if let Entry::Command(c) = entry { Some(c) } else { None });
        let told: Vec<&Command> = log.filter(|c| asked(c)).collect();
        if told.is_empty() {
            return;
        }
        let id = |c: &Command| (*c.stamp.command.as_bytes()).into();
        let fate = |c: &&Command| Fate { command: id(c), outcome: Outcome::Applied, code: 0 };
        reply.fates = Some(told.iter().map(fate).collect());
        let digest =
            |c: &&Command| digest_of(&c.changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect::<Vec<_>>());
        let digests: Vec<[u8; 32]> = told.iter().map(digest).collect();
        let message = proof_message(&self.incarnation, digests.iter().copied());
        let mut keys = Vec::new();
        for doc in told.iter().flat_map(|c| &c.changes).map(|c| c.doc) {
            let bundle: KeyBundle = self.ring.keys_of(&doc.uuid).map(|(_, key)| (doc.uuid, key.clone())).collect();
            let plain = bundle.encode().unwrap();
            let keys_ = seal_to(&self.boxes.public(), PUT_AWAY_INFO, &doc.key(), &plain, [6; 32]).unwrap();
            keys.push(KeysPutAway { doc: doc.key().into(), keys: keys_ });
        }
        reply.let_in = Some(LetIn {
            commands: told.iter().map(|c| id(c)).collect(),
            signature: self.signing.sign(PROOF_CONTEXT, &message).to_vec(),
            digests: digests.into_iter().map(Into::into).collect(),
            keys,
        });
    }
}
