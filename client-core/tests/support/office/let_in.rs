//! What became of what was kept for a person, and what its device needs to bring it again.

use super::{Entry, Office};
use qiaomen_proto::change::Command;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::heal::{LetIn, LetInCommand, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message};
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
        let commands: Vec<LetInCommand> = told.iter().map(|c| self.let_in(c)).collect();
        let message = proof_message(&self.incarnation, commands.iter().map(|c| *c.digest));
        reply.let_in = Some(LetIn { signature: self.signing.sign(PROOF_CONTEXT, &message).to_vec(), commands });
    }

    fn let_in(&self, command: &Command) -> LetInCommand {
        let pairs: Vec<_> = command.changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect();
        let boxed = |doc: DocId| {
            let bundle: KeyBundle = self.ring.keys_of(&doc.uuid).map(|(_, key)| (doc.uuid, key.clone())).collect();
            seal_to(&self.boxes.public(), PUT_AWAY_INFO, &doc.key(), &bundle.encode().unwrap(), [6; 32]).unwrap()
        };
        // Each command of these stories has one change in a document.
        let keys = command.changes.iter().map(|c| boxed(c.doc).into()).collect();
        LetInCommand { command: (*command.stamp.command.as_bytes()).into(), digest: digest_of(&pairs).into(), keys }
    }
}
