//! After the office was restored: the heads of what is here go up, what the office lacks is asked back, and
//! goes up with the office's own signature of that time.

use super::push::Sent;
use crate::enrol::Identity;
use crate::error::{EditError, SyncError};
use crate::store::meta::name;
use crate::store::proof::{KeptProof, Pairs};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::change::{Command, Stamp};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::limits::{GIVEN_PER_REQUEST_MAX, HEADS_PER_REQUEST_MAX};
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::heal::{GiveBack, GivenProof, HeadsOf, PROOF_CONTEXT, Part, proof_message, short_heads};
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::push::KEYS_UP_INFO;
use std::collections::{BTreeMap, HashSet};

/// Bytes of a batch that goes back, before compression.
const GIVEN_BYTES_MAX: usize = 256 * 1024;
/// Syncs that try to give a document back. What another phone has to bring first may take some days; what
/// the office never takes comes to an end.
const TRIES_MAX: u32 = 20;

/// What goes back with one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// The documents of each command, in order.
    commands: Vec<Vec<DocId>>,
    /// Documents of which everything that is proven goes with this request.
    finished: Vec<DocId>,
}

impl Given {
    /// The documents that it is about.
    pub(crate) fn documents(&self) -> impl Iterator<Item = DocId> {
        self.finished.iter().copied()
    }
}

/// The heads of everything that is here, while everything is fetched again.
pub(crate) fn heads(tx: &Tx<'_>) -> Result<Option<Vec<HeadsOf>>, StoreError> {
    if tx.number(name::REFETCHING)? != 1 {
        return Ok(None);
    }
    let mut heads = Vec::new();
    for doc in tx.documents_here()?.into_iter().take(HEADS_PER_REQUEST_MAX) {
        let register = tx.base(doc)?;
        if !register.is_blank() {
            heads.push(HeadsOf { doc: doc.key().into(), heads: short_heads(&register.heads()) });
        }
    }
    Ok(Some(heads))
}

/// What was asked back and was not tried in this sync.
pub(crate) fn give_back(
    tx: &Tx<'_>,
    identity: &Identity,
    tried: &HashSet<DocId>,
    seed: [u8; 32],
) -> Result<Option<(GiveBack, Given)>, SyncError> {
    let asked = tx.asked_back()?.into_iter().map(|(doc, _)| doc).filter(|doc| !tried.contains(doc));
    let docs: Vec<DocId> = asked.take(GIVEN_PER_REQUEST_MAX).collect();
    if docs.is_empty() {
        return Ok(None);
    }
    let nothing = HashSet::new();
    let mut writer = BatchWriter::new(&nothing);
    let (mut message, mut given) = (GiveBack::default(), Given::default());
    let mut numbers: BTreeMap<i64, u32> = BTreeMap::new();
    for doc in docs {
        if writer.len() >= GIVEN_PER_REQUEST_MAX || writer.bytes() >= GIVEN_BYTES_MAX {
            break;
        }
        let mut proven = false;
        // A command of several documents goes back document by document: what is there already is skipped.
        for (part, command) in parts(tx, doc)? {
            let Some((proof, pairs)) = tx.proven_part(part)? else { continue };
            let Some(number) = number_of(tx, &mut numbers, &mut message.proofs, proof)? else { continue };
            let make = |e| SyncError::MakeRequest(Box::new(EditError::MakeChange(e)));
            writer.push(&command, Form::InFull).map_err(make)?;
            message.parts.push(Part { proof: number, pairs });
            given.commands.push(vec![doc]);
            proven = true;
        }
        if !proven {
            // The office has said that a backup has it, and lost that one as well.
            tx.cannot_give_back(doc, TRIES_MAX)?;
            continue;
        }
        given.finished.push(doc);
        message.finished.push(doc.key().into());
    }
    message.keys = keys(tx, identity, &given.finished, seed)?;
    message.batch = if writer.is_empty() { Vec::new() } else { writer.finish() };
    Ok(Some((message, given)))
}

/// The proven changes of a document, those of one command together.
fn parts(tx: &Tx<'_>, doc: DocId) -> Result<Vec<(i64, Command)>, StoreError> {
    let mut parts: Vec<(i64, Command)> = Vec::new();
    for (part, (_, change)) in tx.proven_changes(doc)? {
        let stamp: Stamp = change.stamp;
        match parts.last_mut().filter(|(last, c)| *last == part && c.stamp == stamp) {
            Some((_, command)) => command.changes.push(change),
            None => parts.push((part, Command { stamp, changes: vec![change] })),
        }
    }
    Ok(parts)
}

fn number_of(
    tx: &Tx<'_>,
    numbers: &mut BTreeMap<i64, u32>,
    proofs: &mut Vec<GivenProof>,
    proof: i64,
) -> Result<Option<u32>, StoreError> {
    if let Some(number) = numbers.get(&proof) {
        return Ok(Some(*number));
    }
    let Some(kept) = tx.kept_proof(proof)? else { return Ok(None) };
    let number = u32::try_from(proofs.len()).unwrap_or(u32::MAX);
    proofs.push(GivenProof {
        incarnation: kept.incarnation.into(),
        digests: kept.digests.into_iter().map(Into::into).collect(),
        signature: kept.signature,
    });
    numbers.insert(proof, number);
    Ok(Some(number))
}

fn keys(tx: &Tx<'_>, identity: &Identity, docs: &[DocId], seed: [u8; 32]) -> Result<Vec<u8>, SyncError> {
    let subjects: Vec<_> = docs.iter().map(|d| d.uuid).collect();
    let ring = tx.ring(&subjects)?;
    let bundle: KeyBundle = ring.iter().map(|(subject, key)| (subject, key.clone())).collect();
    if bundle.keys.is_empty() {
        return Ok(Vec::new());
    }
    let too_large = || SyncError::MakeRequest(Box::new(EditError::TooLarge));
    let plain = bundle.encode().map_err(|_| too_large())?;
    seal_to(&identity.office_box(), KEYS_UP_INFO, identity.device().as_bytes(), &plain, seed)
        .map_err(|e| SyncError::MakeRequest(Box::new(EditError::SealRescue(e))))
}

/// What a reply says about giving back: what is asked for, and what has arrived. True if something has.
pub(crate) fn take(tx: &Tx<'_>, sent: &Sent, answer: &SyncReply) -> Result<bool, StoreError> {
    let mut arrived = false;
    if let (Some(given), Some(taken)) = (&sent.given, &answer.given) {
        let mut open: HashSet<DocId> = HashSet::new();
        for (docs, done) in given.commands.iter().zip(taken) {
            if *done { arrived = true } else { open.extend(docs) }
        }
        for doc in &given.finished {
            if open.contains(doc) { tx.tried_to_give_back(*doc)? } else { tx.given_back(*doc)? }
        }
    }
    for doc in answer.wanted.iter().flatten().filter_map(|key| DocId::from_key(&**key)) {
        tx.ask_back(doc)?;
    }
    Ok(arrived)
}

/// Documents that the office will not take back: after so many tries its version holds.
pub(crate) fn given_up(tx: &Tx<'_>) -> Result<Vec<DocId>, StoreError> {
    let given_up: Vec<DocId> =
        tx.asked_back()?.into_iter().filter(|(_, tries)| *tries >= TRIES_MAX).map(|(doc, _)| doc).collect();
    for doc in &given_up {
        tx.given_back(*doc)?;
        tx.drop_base(*doc)?;
    }
    Ok(given_up)
}

/// Keeps the office's signature of a reply, until a backup has what it is over. One that does not hold proves
/// nothing later and is not kept.
pub(crate) fn keep(
    tx: &Tx<'_>,
    identity: &Identity,
    sent: &Sent,
    answer: &SyncReply,
    pulled: Option<Vec<Pairs>>,
) -> Result<(), StoreError> {
    tx.prune_proofs(&answer.incarnation, answer.backed_up)?;
    let signature = <[u8; 64]>::try_from(answer.proof.as_slice()).ok();
    let Some((signature, pulled)) = signature.zip(pulled) else { return Ok(()) };
    let acknowledged = sent.commands.iter().zip(&answer.verdicts).filter(|(_, v)| v.outcome.is_acknowledged());
    let own = acknowledged.map(|(command, _)| command.changes.iter().map(|(hash, c)| (c.doc, *hash)).collect());
    let parts: Vec<Pairs> = own.chain(pulled).collect();
    let digests: Vec<[u8; 32]> = parts.iter().map(|pairs| digest_of(pairs)).collect();
    let message = proof_message(&answer.incarnation, digests.iter().copied());
    if identity.office_key().verify(PROOF_CONTEXT, &message, &signature).is_err() {
        return Ok(());
    }
    let proof = KeptProof { incarnation: answer.incarnation, digests, signature: signature.to_vec() };
    tx.put_proof(&proof, &parts, answer.position)
}
