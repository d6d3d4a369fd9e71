//! What the office had kept, and a clerk has let in. Where its documents are none of this device's, no feed brings them,
//! and perhaps nobody else has them: the command's own changes are put away here until a backup of the office has them.

use crate::enrol::Identity;
use crate::store::proof::{KeptProof, Pairs};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::ids::{CommandId, DocId};
use qiaomen_proto::wire::heal::{PROOF_CONTEXT, proof_message};
use qiaomen_proto::wire::pull::SyncReply;
use std::collections::BTreeMap;

/// Puts away what was let in, with the office's signature for it. To be done while the commands are in the outbox.
pub(super) fn put_away(tx: &Tx<'_>, identity: &Identity, answer: &SyncReply) -> Result<(), StoreError> {
    let Some(let_in) = &answer.let_in else { return Ok(()) };
    let Ok(signature) = <[u8; 64]>::try_from(let_in.signature.as_slice()) else { return Ok(()) };
    let message = proof_message(&answer.incarnation, let_in.digests.iter().map(|d| **d));
    if identity.office_key().verify(PROOF_CONTEXT, &message, &signature).is_err() {
        // It would prove nothing later.
        return Ok(());
    }
    let (mut parts, mut changes): (Vec<Pairs>, Vec<_>) = (Vec::new(), Vec::new());
    for (command, digest) in let_in.commands.iter().zip(&let_in.digests) {
        let command = CommandId::from_bytes(**command);
        if tx.outbox_row(command)?.is_none_or(|row| row.state.is_unconfirmed()) {
            continue;
        }
        let own = tx.changes_of(command)?;
        let pairs: Pairs = own.iter().map(|(hash, change)| (change.doc, *hash)).collect();
        // What stands in the book in another form came from somebody else, who has it.
        if digest_of(&pairs) == **digest {
            parts.push(pairs);
            changes.extend(own);
        }
    }
    if parts.is_empty() {
        return Ok(());
    }
    let digests = let_in.digests.iter().map(|d| **d).collect();
    let proof = KeptProof { incarnation: answer.incarnation, digests, signature: signature.to_vec() };
    tx.put_proof(&proof, &parts, answer.position)?;
    let boxes: BTreeMap<DocId, &[u8]> =
        let_in.keys.iter().filter_map(|k| Some((DocId::from_key(&*k.doc)?, k.keys.as_slice()))).collect();
    for change in &changes {
        let doc = change.1.doc;
        tx.put_change_away(doc, change, boxes.get(&doc).copied().unwrap_or_default())?;
    }
    Ok(())
}
