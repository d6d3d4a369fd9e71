//! After the office was restored: the heads of what is here go up, what the office lacks is asked back, and
//! goes up with the office's own signature of that time.

use super::push::Sent;
use crate::clock::random;
use crate::edit::execute::Desk;
use crate::enrol::Identity;
use crate::error::{EditError, SyncError};
use crate::store::meta::name;
use crate::store::proof::{KeptProof, Pairs};
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::command::digest_of;
use qiaomen_proto::change::{Command, Stamp};
use qiaomen_proto::ids::DocId;
use qiaomen_proto::limits::{GIVEN_PER_REQUEST_MAX, HEADS_PER_REQUEST_MAX};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::{KeyBundle, seal_to};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::heal::{
    GiveBack, GivenFate, GivenProof, HeadsOf, KeysPutAway, PROOF_CONTEXT, PUT_AWAY_INFO, Part, proof_message,
    short_heads,
};
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::push::KEYS_UP_INFO;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Bytes of a batch that goes back, before compression.
const GIVEN_BYTES_MAX: usize = 256 * 1024;
/// Syncs that try to give a document back. What another phone has to bring first may take some days; what
/// the office never takes comes to an end.
const TRIES_MAX: u32 = 20;

/// What goes back with one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// The document of each command, in order, and the part of it.
    commands: Vec<(DocId, i64)>,
    /// Documents of which something goes with this request.
    touched: Vec<DocId>,
    /// Those of which everything that is proven goes with it.
    finished: Vec<DocId>,
}

impl Given {
    /// The documents that it is about.
    pub(crate) fn documents(&self) -> impl Iterator<Item = DocId> {
        self.touched.iter().copied()
    }
}

/// The heads of what is here, while everything is fetched again: of what this fetch has not named yet. What it has
/// named is as the office has it, and to say it with every page would cost the square of a grid.
pub(crate) fn heads(tx: &Tx<'_>) -> Result<Option<Vec<HeadsOf>>, StoreError> {
    if tx.number(name::REFETCHING)? != 1 {
        return Ok(None);
    }
    let mut heads = Vec::new();
    for doc in tx.documents_not_named(tx.number(name::GENERATION)?)?.into_iter().take(HEADS_PER_REQUEST_MAX) {
        let register = tx.base(doc)?;
        let passed_over = planted(Planted::UnsentIsNotCompared) && !tx.pending_commands_of(doc)?.is_empty();
        if !register.is_blank() && !passed_over {
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
    let asked = tx.asked_back()?.into_iter().filter(|(doc, _)| !tried.contains(doc));
    let docs: Vec<(DocId, u32)> = asked.take(GIVEN_PER_REQUEST_MAX).collect();
    if docs.is_empty() {
        return Ok(None);
    }
    let nothing = HashSet::new();
    let mut writer = BatchWriter::new(&nothing);
    let (mut message, mut given) = (GiveBack::default(), Given::default());
    let mut numbers: BTreeMap<i64, u32> = BTreeMap::new();
    let full = |writer: &BatchWriter<'_>| writer.len() >= GIVEN_PER_REQUEST_MAX || writer.bytes() >= GIVEN_BYTES_MAX;
    for (doc, tries) in docs {
        if full(&writer) {
            break;
        }
        let (mut proven, mut whole) = (false, true);
        // A command of several documents goes back document by document: what is there already is skipped.
        for (part, command) in parts(tx, doc)? {
            if full(&writer) {
                // The rest goes when the office has said that it has these.
                whole = false;
                break;
            }
            let Some((proof, pairs)) = tx.proven_part(part)? else { continue };
            let Some(number) = number_of(tx, &mut numbers, &mut message.proofs, proof)? else { continue };
            let make = |e| SyncError::MakeRequest(Box::new(EditError::MakeChange(e)));
            writer.push(&command, Form::InFull).map_err(make)?;
            message.parts.push(Part { proof: number, pairs });
            given.commands.push((doc, part));
            proven = true;
        }
        if !proven {
            // The office has said that a backup has it, and lost that one as well.
            tx.cannot_give_back(doc, TRIES_MAX)?;
            continue;
        }
        given.touched.push(doc);
        if planted(Planted::OfferTakenForGiven) {
            tx.given_back(doc)?;
        }
        if !whole {
            continue;
        }
        given.finished.push(doc);
        message.finished.push(doc.key().into());
        if tries + 1 >= TRIES_MAX {
            message.last.get_or_insert_default().push(doc.key().into());
        }
    }
    message.keys = keys(tx, identity, &given.touched, seed)?;
    for doc in &given.touched {
        let boxed = tx.keys_put_away(*doc)?.filter(|keys| !keys.is_empty());
        if let Some(keys) = boxed {
            message.put_away.get_or_insert_default().push(KeysPutAway { doc: doc.key().into(), keys });
        }
    }
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
    if bundle.keys.is_empty() || planted(Planted::GivenWithoutKeys) {
        return Ok(Vec::new());
    }
    let too_large = || SyncError::MakeRequest(Box::new(EditError::TooLarge));
    let plain = bundle.encode().map_err(|_| too_large())?;
    seal_to(&identity.office_box(), KEYS_UP_INFO, identity.device().as_bytes(), &plain, seed)
        .map_err(|e| SyncError::MakeRequest(Box::new(EditError::SealRescue(e))))
}

/// Puts away what is proven of a document that leaves this device: should the office lose its disk before a backup
/// has it, it may have nobody else to ask. Its keys are the office's alone from here on.
pub(crate) fn put_away(tx: &Tx<'_>, desk: &Desk<'_>, doc: DocId) -> Result<(), SyncError> {
    if !tx.is_proven(doc)? {
        return Ok(());
    }
    let ring = tx.ring_of(doc.uuid)?;
    let bundle: KeyBundle = ring.iter().map(|(subject, key)| (subject, key.clone())).collect();
    let boxed = if bundle.keys.is_empty() {
        Vec::new()
    } else {
        let too_large = || SyncError::MakeRequest(Box::new(EditError::TooLarge));
        let plain = bundle.encode().map_err(|_| too_large())?;
        seal_to(&desk.identity.office_box(), PUT_AWAY_INFO, &doc.key(), &plain, random(desk.host)?)
            .map_err(|e| SyncError::MakeRequest(Box::new(EditError::SealRescue(e))))?
    };
    tx.put_away(doc, &boxed)?;
    // What an earlier life of the office has signed and this one has not said to have goes back now: once it is put away
    // nobody compares it any more.
    let life = tx.meta(name::INCARNATION)?.unwrap_or_default();
    Ok(tx.ask_back_of_earlier_life(doc, &life)?)
}

/// What a reply says about giving back.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    /// True if something has arrived.
    pub(crate) arrived: bool,
    /// Documents that stand otherwise at the office: its version holds.
    pub(crate) otherwise: BTreeSet<DocId>,
}

/// Takes note of what is asked for, and of what became of what was given.
pub(crate) fn take(tx: &Tx<'_>, sent: &Sent, answer: &SyncReply) -> Result<Answered, StoreError> {
    let mut answered = Answered::default();
    if let (Some(given), Some(fates)) = (&sent.given, &answer.given) {
        let mut open: BTreeSet<DocId> = BTreeSet::new();
        for ((doc, part), fate) in given.commands.iter().zip(fates) {
            match fate {
                GivenFate::Has => {
                    answered.arrived = true;
                    tx.part_is_there(*doc, *part)?;
                }
                GivenFate::NotYet => {
                    open.insert(*doc);
                }
                GivenFate::Otherwise => {
                    answered.otherwise.insert(*doc);
                    tx.part_stands_otherwise(*doc, *part)?;
                }
            }
        }
        for doc in &given.touched {
            let settled = given.finished.contains(doc) && !open.contains(doc);
            if settled { tx.given_back(*doc)? } else { tx.tried_to_give_back(*doc)? }
        }
    }
    for doc in answer.wanted.iter().flatten().filter_map(|key| DocId::from_key(&**key)) {
        if !answered.otherwise.contains(&doc) {
            tx.ask_back(doc)?;
        }
    }
    Ok(answered)
}

/// Documents that the office will not take back: after so many tries its version holds.
pub(crate) fn given_up(tx: &Tx<'_>) -> Result<Vec<DocId>, StoreError> {
    let given_up: Vec<DocId> =
        tx.asked_back()?.into_iter().filter(|(_, tries)| *tries >= TRIES_MAX).map(|(doc, _)| doc).collect();
    for doc in &given_up {
        // Before its base goes: what is proven of that would be put by, and asked back again without end.
        tx.never_give_back(*doc)?;
        tx.drop_base(*doc)?;
    }
    Ok(given_up)
}

/// Keeps the office's signature of a reply, until a backup has what it is over. One that does not hold proves
/// nothing later and is not kept. Where the batch did not come out as it was meant (`pulled` is none), that for what it
/// acknowledges alone is.
pub(crate) fn keep(
    tx: &Tx<'_>,
    identity: &Identity,
    sent: &Sent,
    answer: &SyncReply,
    pulled: Option<Vec<Pairs>>,
) -> Result<(), StoreError> {
    tx.prune_proofs(&answer.incarnation, answer.backed_up)?;
    let signature = match (&pulled, &answer.own_proof) {
        (None, Some(own)) => own.as_slice(),
        (None, None) => return Ok(()),
        (Some(_), _) => answer.proof.as_slice(),
    };
    let Ok(signature) = <[u8; 64]>::try_from(signature) else { return Ok(()) };
    let acknowledged = || {
        let verdicts = sent.commands.iter().zip(&answer.verdicts);
        verdicts.filter(|(_, verdict)| verdict.outcome.is_acknowledged()).map(|(command, _)| command)
    };
    let own = acknowledged().map(|command| command.changes.iter().map(|(hash, c)| (c.doc, *hash)).collect());
    let parts: Vec<Pairs> = own.chain(pulled.into_iter().flatten()).collect();
    let digests: Vec<[u8; 32]> = parts.iter().map(|pairs| digest_of(pairs)).collect();
    let message = proof_message(&answer.incarnation, digests.iter().copied());
    if identity.office_key().verify(PROOF_CONTEXT, &message, &signature).is_err() {
        return Ok(());
    }
    let proof = KeptProof { incarnation: answer.incarnation, digests, signature: signature.to_vec() };
    tx.put_proof(&proof, &parts, answer.position)?;
    for change in acknowledged().flat_map(|command| &command.changes) {
        // Its document is to be fetched again, and the office may lose its disk before that.
        if !tx.has_change(change)? {
            tx.put_change_by(change)?;
        }
    }
    Ok(())
}
