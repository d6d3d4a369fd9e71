//! What the office had kept, and a clerk has let in. Where its documents are none of this device's, no feed brings them,
//! and perhaps nobody else has them: the command's own changes are put away here until a backup of the office has them.

use crate::enrol::Identity;
use crate::store::document::Hashed;
use crate::store::proof::{KeptProof, Pairs};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::wire::heal::{PROOF_CONTEXT, proof_message};
use qiaomen_proto::wire::pull::SyncReply;

/// Puts away what was let in, with the office's signature for it. To be done while the commands are in the outbox.
pub(super) fn put_away(tx: &Tx<'_>, identity: &Identity, answer: &SyncReply) -> Result<(), StoreError> {
    let Some(let_in) = &answer.let_in else { return Ok(()) };
    let Ok(signature) = <[u8; 64]>::try_from(let_in.signature.as_slice()) else { return Ok(()) };
    let message = proof_message(&answer.incarnation, let_in.commands.iter().map(|c| *c.digest));
    if identity.office_key().verify(PROOF_CONTEXT, &message, &signature).is_err() {
        // It would prove nothing later.
        return Ok(());
    }
    let (mut parts, mut away): (Vec<Pairs>, Vec<(Hashed, Vec<u8>)>) = (Vec::new(), Vec::new());
    for told in &let_in.commands {
        let command = CommandId::from_bytes(*told.command);
        if tx.outbox_row(command)?.is_none_or(|row| row.state.is_unconfirmed()) {
            continue;
        }
        let own = tx.changes_of(command)?;
        let pairs: Pairs = own.iter().map(|(hash, change)| (change.doc, *hash)).collect();
        // What stands in the book in another form is not this store's to prove.
        if digest_of(&pairs) != *told.digest {
            continue;
        }
        let mut docs: Vec<DocId> = Vec::new();
        for (hash, change) in own {
            let nth = docs.iter().position(|doc| *doc == change.doc).unwrap_or(docs.len());
            if nth == docs.len() {
                docs.push(change.doc);
            }
            let keys = told.keys.get(nth).map(|keys| keys.to_vec()).unwrap_or_default();
            away.push(((hash, change), keys));
        }
        parts.push(pairs);
    }
    if parts.is_empty() {
        return Ok(());
    }
    let digests = let_in.commands.iter().map(|c| *c.digest).collect();
    let proof = KeptProof { incarnation: answer.incarnation, digests, signature: signature.to_vec() };
    tx.put_proof(&proof, &parts, answer.position)?;
    for (change, keys) in &away {
        tx.put_change_away(change, keys)?;
    }
    Ok(())
}
