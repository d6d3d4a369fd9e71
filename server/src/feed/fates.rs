//! What became of commands that were held back: a worker learns what the clerk decided. With what was let in goes what
//! its device needs to bring it again: where its documents are nobody's grid, no phone has them, and should this office
//! lose its disk before a backup, the device that wrote them down is the only one to ask.

use crate::office::{Office, OfficeError};
use crate::review::Reason;
use crate::store::{StoreError, Tx};
use minicbor::bytes::ByteArray;
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::ids::{CommandId, DocId, WorkerId};
use qiaomen_proto::limits::COMMANDS_PER_PUSH_MAX;
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::heal::{KeysPutAway, LetIn, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message};
use qiaomen_proto::wire::pull::{Fate, Outcome};
use std::collections::BTreeSet;

/// What became of these commands that a device asks about; those that are still held are left out.
pub(crate) fn fates(
    office: &Office,
    worker: WorkerId,
    held: &[ByteArray<16>],
) -> Result<(Option<Vec<Fate>>, Option<LetIn>), OfficeError> {
    if held.is_empty() {
        return Ok((None, None));
    }
    office.store().read(|tx| {
        let mut fates = Vec::new();
        for command in held.iter().take(COMMANDS_PER_PUSH_MAX) {
            if let Some((outcome, code)) = fate(tx, worker, CommandId::from_bytes(**command))? {
                fates.push(Fate { command: *command, outcome, code });
            }
        }
        let let_in = let_in(office, tx, fates.iter().filter(|f| f.outcome.is_acknowledged()).map(|f| f.command))?;
        Ok((Some(fates).filter(|f| !f.is_empty()), let_in))
    })
}

/// What became of a command that was held, whoever asks: nobody guesses an id. None while it is held.
fn fate(tx: &Tx<'_>, worker: WorkerId, command: CommandId) -> Result<Option<(Outcome, u16)>, StoreError> {
    let versions = tx.held_states(command)?;
    let own = |(_, _, by): &&(String, Option<String>, WorkerId)| *by == worker;
    let somebody_else_s = |by: WorkerId| by != worker && versions.iter().any(|v| own(&v));
    if tx.applied_by(command)?.is_some_and(|by| !somebody_else_s(by)) {
        // Let in; or brought by another phone, or made again, and taken then.
        return Ok(Some((Outcome::Applied, 0)));
    }
    if versions.iter().any(|(state, ..)| state == "held") {
        return Ok(None);
    }
    let away = versions.iter().rfind(|(state, ..)| state == "discarded");
    Ok(away.map(|(_, reason, _)| (Outcome::Rejected, Reason::code_of(reason.as_deref()).number())))
}

/// These commands as they stand in the book, signed, with the keys of their documents as only the office reads them.
fn let_in(
    office: &Office,
    tx: &Tx<'_>,
    commands: impl Iterator<Item = ByteArray<16>>,
) -> Result<Option<LetIn>, OfficeError> {
    let (mut ids, mut digests, mut docs) = (Vec::new(), Vec::new(), BTreeSet::new());
    for command in commands {
        let pairs = tx.command_pairs(CommandId::from_bytes(*command))?;
        docs.extend(pairs.iter().map(|(doc, _)| *doc));
        ids.push(command);
        digests.push(digest_of(&pairs));
    }
    if ids.is_empty() {
        return Ok(None);
    }
    let mut keys = Vec::new();
    for doc in docs {
        keys.extend(boxed_keys(office, tx, doc)?);
    }
    let message = proof_message(&office.identity().incarnation, digests.iter().copied());
    Ok(Some(LetIn {
        commands: ids,
        signature: office.secrets().signing.sign(PROOF_CONTEXT, &message).to_vec(),
        digests: digests.into_iter().map(Into::into).collect(),
        keys,
    }))
}

/// The keys of a document in a box that the office opens; none if it has none.
fn boxed_keys(office: &Office, tx: &Tx<'_>, doc: DocId) -> Result<Option<KeysPutAway>, OfficeError> {
    let ring = office.ring(tx, [doc.uuid])?;
    let bundle: KeyBundle = ring.iter().map(|(subject, key)| (subject, key.clone())).collect();
    if bundle.keys.is_empty() {
        return Ok(None);
    }
    let damaged = || StoreError::Damaged("keys");
    let plain = bundle.encode().map_err(|_| damaged())?;
    let to = office.secrets().boxes.public();
    let keys = seal_to(&to, PUT_AWAY_INFO, &doc.key(), &plain, office.random()?).map_err(|_| damaged())?;
    Ok(Some(KeysPutAway { doc: doc.key().into(), keys }))
}
