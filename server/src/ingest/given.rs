//! What comes back after the office was restored from a backup. A device hands over what it was given, or
//! had been thanked for, together with the office's own signature of that time. So everybody's work can
//! come back from anybody's phone (also from one whose access was taken back), and nobody can slip in what never
//! was.

use super::commit;
use super::plan::Planned;
use super::{Sender, hold, number_of};
use crate::office::{Office, OfficeError};
use crate::store::Tx;
use qiaomen_proto::change::command::{check_of, digest_of};
use qiaomen_proto::change::{ChangeHash, Command, TypedChange};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{Actor, DocId, Subject};
use qiaomen_proto::limits::{GIVEN_PER_REQUEST_MAX, KEYS_PER_SUBJECT_MAX};
use qiaomen_proto::merge::{Misfit, Register};
use qiaomen_proto::seal::{KeyBundle, SubjectKey, open_with};
use qiaomen_proto::wire::heal::{
    GiveBack, GivenFate, GivenProof, KeysPutAway, PAIR_BYTES, PROOF_CONTEXT, PUT_AWAY_INFO, proof_message,
};
use qiaomen_proto::wire::pull::Outcome;
use qiaomen_proto::wire::push::KEYS_UP_INFO;
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch, DraftCommand};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Takes what is given back. What became of each command, in order.
pub fn take(office: &Office, tx: &Tx<'_>, sender: &Sender, given: &GiveBack) -> Result<Vec<GivenFate>, OfficeError> {
    let nothing = vec![GivenFate::NotYet; given.parts.len().min(GIVEN_PER_REQUEST_MAX)];
    let Ok(batch) = DraftBatch::read(&given.batch, GIVEN_PER_REQUEST_MAX) else { return Ok(nothing) };
    // Each signature costs, and this is the writer's time.
    if batch.commands.len() != given.parts.len() || given.proofs.len() > GIVEN_PER_REQUEST_MAX {
        return Ok(nothing);
    }
    let proven: Vec<bool> = given.proofs.iter().map(|proof| holds(office, proof)).collect();
    let lives = given.proofs.iter().zip(&proven).filter(|(_, proven)| **proven).map(|(proof, _)| *proof.incarnation);
    know_lives(office, tx, lives.collect())?;
    let mut keys = keys(office, sender, &given.keys);
    keys.extend(given.put_away.iter().flatten().take(GIVEN_PER_REQUEST_MAX).flat_map(|p| keys_put_away(office, p)));
    let mut taken = Vec::with_capacity(given.parts.len());
    // What builds on something that stands otherwise will never fit: it does not wait. Nor what comes no more.
    let last = given.last.iter().flatten().filter_map(|key| DocId::from_key(&**key));
    let mut otherwise: BTreeSet<DocId> = last.take(GIVEN_PER_REQUEST_MAX).collect();
    for (draft, part) in batch.commands.into_iter().zip(&given.parts) {
        let number = usize::try_from(part.proof).unwrap_or(usize::MAX);
        let proof = given.proofs.get(number).filter(|_| proven.get(number) == Some(&true));
        let pairs = proof.and_then(|proof| pairs_of(&part.pairs, proof));
        // One that breaks something inside takes nothing of the others with it.
        let done = match pairs {
            Some(pairs) => {
                let touched: Vec<DocId> = draft.changes.iter().filter_map(|c| whole(&batch.docs, c.doc)).collect();
                let hopeless = touched.iter().any(|doc| otherwise.contains(doc));
                let table = Table { docs: &batch.docs, keys: &keys, hopeless };
                let fate = tx.savepoint(|tx| one(office, tx, sender, &table, draft, &pairs))?;
                if fate == GivenFate::Otherwise {
                    otherwise.extend(touched);
                }
                fate
            }
            None => GivenFate::NotYet,
        };
        taken.push(done);
    }
    Ok(taken)
}

/// Did this office sign it, in this life or an earlier one?
fn holds(office: &Office, proof: &GivenProof) -> bool {
    let Ok(signature) = <[u8; 64]>::try_from(proof.signature.as_slice()) else { return false };
    let message = proof_message(&proof.incarnation, proof.digests.iter().map(|d| **d));
    office.secrets().signing.verify_key().verify(PROOF_CONTEXT, &message, &signature).is_ok()
}

/// A life of the office that began after the backup, and ended before anything of it was saved, is heard of here first,
/// by its signature. What it did bears its incarnation as the actor: nobody else may write under that, who may have
/// begun to.
fn know_lives(office: &Office, tx: &Tx<'_>, lives: BTreeSet<[u8; 16]>) -> Result<(), OfficeError> {
    let own = office.identity().device;
    for life in lives.into_iter().map(Actor) {
        if tx.device_of_actor(&life)? != Some(own) {
            tx.claim_actor(&life, own)?;
        }
    }
    Ok(())
}

/// The pairs of a part, if the proof is over them.
fn pairs_of(bytes: &[u8], proof: &GivenProof) -> Option<Vec<(DocId, ChangeHash)>> {
    let (pairs, rest) = bytes.as_chunks::<PAIR_BYTES>();
    if !rest.is_empty() {
        return None;
    }
    let pair = |pair: &[u8; PAIR_BYTES]| Some((DocId::from_key(&pair[..17])?, ChangeHash(pair[17..].try_into().ok()?)));
    let pairs = pairs.iter().map(pair).collect::<Option<Vec<_>>>()?;
    let digest = digest_of(&pairs);
    proof.digests.iter().any(|d| **d == digest).then_some(pairs)
}

fn keys(office: &Office, sender: &Sender, boxed: &[u8]) -> Vec<(Subject, SubjectKey)> {
    if boxed.is_empty() {
        return Vec::new();
    }
    let plain = open_with(&office.secrets().boxes, KEYS_UP_INFO, sender.device.id.as_bytes(), boxed).ok();
    plain.and_then(|plain| KeyBundle::decode(&plain).ok()).map_or_else(Vec::new, |bundle| bundle.keys)
}

/// The keys of a document that had left its device, whoever boxed them.
fn keys_put_away(office: &Office, put_away: &KeysPutAway) -> Vec<(Subject, SubjectKey)> {
    let Some(doc) = DocId::from_key(&*put_away.doc) else { return Vec::new() };
    let plain = open_with(&office.secrets().boxes, PUT_AWAY_INFO, &doc.key(), &put_away.keys).ok();
    let keys = plain.and_then(|plain| KeyBundle::decode(&plain).ok()).map_or_else(Vec::new, |bundle| bundle.keys);
    keys.into_iter().filter(|(subject, _)| *subject == doc.uuid).collect()
}

/// What a batch has for all of its commands.
struct Table<'b> {
    docs: &'b [DocRef],
    keys: &'b [(Subject, SubjectKey)],
    /// True where something that the command builds on stands otherwise here.
    hopeless: bool,
}

fn whole(docs: &[DocRef], number: usize) -> Option<DocId> {
    if let Some(DocRef::Whole(doc)) = docs.get(number) { Some(*doc) } else { None }
}

/// Does what stands of a command belong to another form of it than this change? A form is made under one actor,
/// and done again under another, perhaps on other documents: a visit goes into the diary of the grid that its
/// door is in by then.
fn stands_otherwise(stands: &[(ChangeHash, TypedChange)], change: &TypedChange, hash: ChangeHash) -> bool {
    let (mut here, mut same) = (false, false);
    for (stands, other) in stands {
        if other.actor != change.actor {
            return true;
        }
        here |= other.doc == change.doc;
        same |= other.doc == change.doc && *stands == hash;
    }
    here && !same
}

fn one(
    office: &Office,
    tx: &Tx<'_>,
    sender: &Sender,
    table: &Table<'_>,
    draft: DraftCommand,
    pairs: &[(DocId, ChangeHash)],
) -> Result<GivenFate, OfficeError> {
    let (stamp, check) = (draft.stamp, draft.check);
    let stands = tx.command_changes(stamp.command)?;
    // What somebody else did under its id is another act, and stands in its way.
    let mut misfits = stands.iter().any(|(_, c)| c.stamp.by.worker != stamp.by.worker);
    let mut waits = false;
    let mut after: BTreeMap<DocId, Register> = BTreeMap::new();
    let mut before: HashMap<DocId, ChangeHash> = HashMap::new();
    let (mut changes, mut hashes): (Vec<TypedChange>, Vec<ChangeHash>) = (Vec::new(), Vec::new());
    let mut all = Vec::new();
    for change in draft.changes {
        let Some(doc) = whole(table.docs, change.doc) else { return Ok(GivenFate::NotYet) };
        let register = match after.entry(doc) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(place) => place.insert(tx.register(doc)?.unwrap_or_else(|| Register::genesis(doc))),
        };
        let built = rebuild(change, stamp, register, before.get(&doc).copied());
        let Ok((change, hash)) = built.map_err(drop).and_then(|b| b.hash().map(|h| (b, h)).map_err(drop)) else {
            return Ok(GivenFate::NotYet);
        };
        if !pairs.contains(&(doc, hash)) {
            return Ok(GivenFate::NotYet);
        }
        if !misfits && stands_otherwise(&stands, &change, hash) {
            // Its phone has done it again meanwhile: once is enough.
            return Ok(GivenFate::Otherwise);
        }
        match register.fit(&change, &hash) {
            Ok(()) => {
                register.apply(&change, hash);
                changes.push(change.clone());
                hashes.push(hash);
            }
            Err(Misfit::Duplicate) => {}
            // What it builds on may come from another phone.
            Err(Misfit::Missing(_)) => waits = true,
            // A copy of its phone has gone on in its place.
            Err(Misfit::Fork | Misfit::Beyond(_) | Misfit::Malformed(_)) => misfits = true,
        }
        all.push(change);
        before.insert(doc, hash);
    }
    if misfits || waits && table.hopeless {
        let own =
            table.keys.iter().filter(|(subject, _)| all.iter().any(|c| c.doc.uuid == *subject)).cloned().collect();
        // It stays its author's work, whoever brings it: the office has signed it.
        let author = tx.device(stamp.by.device)?.unwrap_or_else(|| sender.device.clone());
        let author = Sender { device: author, ..sender.clone() };
        hold::hold(office, tx, &author, Code::GivenBack, &Command { stamp, changes: all }, check, own)?;
        return Ok(GivenFate::Otherwise);
    }
    let fate = if waits { GivenFate::NotYet } else { GivenFate::Has };
    if changes.is_empty() {
        return Ok(fate);
    }
    after.retain(|doc, _| changes.iter().any(|c| c.doc == *doc));
    let mut own_keys = Vec::new();
    for (subject, key) in table.keys.iter().filter(|(subject, _)| after.keys().any(|d| d.uuid == *subject)) {
        if tx.keys(subject)?.len() < KEYS_PER_SUBJECT_MAX {
            own_keys.push((*subject, key.clone()));
        }
    }
    let planned = Planned { command: Command { stamp, changes }, hashes, after };
    commit::commit(office, tx, planned, &own_keys, sender.now_ms)?;
    // Of a command that comes back in parts, what is acknowledged grows with it.
    let stands = tx.command_pairs(stamp.command)?;
    tx.forget_applied(stamp.command)?;
    let device = Some(stamp.by.device).filter(|d| *d != office.identity().device);
    let (applied, at) = (number_of(Outcome::Applied), stamp.at.wall_ms);
    tx.put_command(
        stamp.command,
        check_of(&stands),
        device,
        stamp.by.worker,
        applied,
        0,
        at,
        sender.now_ms,
        sender.offline_since_ms,
    )?;
    if fate == GivenFate::Has {
        hold::settle_let_in(office, tx, stamp.command, check_of(&stands))?;
    }
    Ok(fate)
}
