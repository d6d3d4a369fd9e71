//! What became of commands that were held back: a worker learns what the clerk decided. With what was let in goes what
//! its device needs to bring it again: where its documents are nobody's grid, no phone has them, and should this office
//! lose its disk before a backup, the device that wrote them down is the only one to ask.

use crate::office::{Office, OfficeError};
use crate::review::Reason;
use crate::store::{StoreError, Tx};
use minicbor::bytes::ByteArray;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::ids::{CommandId, DocId, WorkerId};
use qiaomen_proto::limits::{COMMANDS_PER_PUSH_MAX, LET_IN_PER_REPLY_MAX};
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::heal::{LetIn, LetInCommand, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message};
use qiaomen_proto::wire::pull::{Fate, Outcome};

/// What became of these commands that a device asks about; those that are still held are left out.
pub(crate) fn fates(
    office: &Office,
    worker: WorkerId,
    held: &[ByteArray<16>],
) -> Result<(Option<Vec<Fate>>, Option<LetIn>), StoreError> {
    if held.is_empty() {
        return Ok((None, None));
    }
    office.store().read(|tx| {
        let (mut fates, mut let_in) = (Vec::new(), Vec::new());
        for command in held.iter().take(COMMANDS_PER_PUSH_MAX) {
            let Some((outcome, code, released)) = fate(tx, worker, CommandId::from_bytes(**command))? else { continue };
            if released {
                if let_in.len() >= LET_IN_PER_REPLY_MAX {
                    // It is told with the next reply: whoever is told lets go of it.
                    continue;
                }
                let_in.push(one(office, tx, *command)?);
            }
            fates.push(Fate { command: *command, outcome, code });
        }
        Ok((Some(fates).filter(|f| !f.is_empty()), signed(office, let_in)))
    })
}

/// What became of a command that was held, whoever asks: nobody guesses an id; and whether a person let it in. None while
/// it is held.
fn fate(tx: &Tx<'_>, worker: WorkerId, command: CommandId) -> Result<Option<(Outcome, u16, bool)>, StoreError> {
    let versions = tx.held_states(command)?;
    let own = |(_, _, by): &&(String, Option<String>, WorkerId)| *by == worker;
    let somebody_else_s = |by: WorkerId| by != worker && versions.iter().any(|v| own(&v));
    if tx.applied_by(command)?.is_some_and(|by| !somebody_else_s(by)) {
        // Let in; or brought by another phone, or made again, and taken then.
        return Ok(Some((Outcome::Applied, 0, versions.iter().any(|(state, ..)| state == "released"))));
    }
    if versions.iter().any(|(state, ..)| state == "held") {
        return Ok(None);
    }
    let away = versions.iter().rfind(|(state, ..)| state == "discarded");
    Ok(away.map(|(_, reason, _)| (Outcome::Rejected, Reason::code_of(reason.as_deref()).number(), false)))
}

/// A command as it stands in the book, with the keys of its documents as only the office reads them.
fn one(office: &Office, tx: &Tx<'_>, command: ByteArray<16>) -> Result<LetInCommand, StoreError> {
    let pairs = tx.command_pairs(CommandId::from_bytes(*command))?;
    let mut docs: Vec<DocId> = Vec::new();
    for (doc, _) in &pairs {
        if !docs.contains(doc) {
            docs.push(*doc);
        }
    }
    let boxed = |doc| {
        boxed_keys(office, tx, doc).unwrap_or_else(|error| {
            // One damaged key must not keep a phone from ever hearing of the rest.
            tracing::error!(%error, "the keys of what was let in could not be boxed");
            Vec::new()
        })
    };
    let keys = docs.into_iter().map(|doc| boxed(doc).into()).collect();
    Ok(LetInCommand { command, digest: digest_of(&pairs).into(), keys })
}

/// These commands with the office's signature that it has them.
fn signed(office: &Office, commands: Vec<LetInCommand>) -> Option<LetIn> {
    if commands.is_empty() {
        return None;
    }
    let message = proof_message(&office.identity().incarnation, commands.iter().map(|c| *c.digest));
    let signature = office.secrets().signing.sign(PROOF_CONTEXT, &message).to_vec();
    Some(LetIn { commands, signature })
}

/// The keys of a document in a box that the office opens; empty if it has none.
fn boxed_keys(office: &Office, tx: &Tx<'_>, doc: DocId) -> Result<Vec<u8>, OfficeError> {
    let ring = office.ring(tx, [doc.uuid])?;
    let bundle: KeyBundle = ring.iter().map(|(subject, key)| (subject, key.clone())).collect();
    if bundle.keys.is_empty() {
        return Ok(Vec::new());
    }
    let damaged = || StoreError::Damaged("keys");
    let plain = bundle.encode().map_err(|_| damaged())?;
    let to = office.secrets().boxes.public();
    Ok(seal_to(&to, PUT_AWAY_INFO, &doc.key(), &plain, office.random()?).map_err(|_| damaged())?)
}
