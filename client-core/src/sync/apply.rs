//! One reply, one transaction: verdicts, keys, reference data, what is new, what left, what has to be
//! done again, rows, cursor. A crash leaves all of it or nothing, and the same request can be made again.

use super::bases::Bases;
use super::pull::{self, Feed, FeedError};
use super::push::{FormOf, Sent};
use super::reexecute::{redo_after, redo_everything};
use super::{give_back, let_in, look, photo, scope, training, verdict};
use crate::clock::random;
use crate::edit::execute::Desk;
use crate::enrol::Identity;
use crate::error::{EditError, SyncError};
use crate::outbox::OutboxState;
use crate::project::{derive, project_all};
use crate::query::outbox::keep_words;
use crate::query::sight::Sight;
use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use qiaomen_proto::change::Clock;
use qiaomen_proto::ids::{Actor, BuildingId, CommandId, DocId, GridId, Kind, Subject, WorkerId};
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::reference::Reference;
use qiaomen_proto::seal::{KeyBundle, open_with};
use qiaomen_proto::wire::heal::AgainReason;
use qiaomen_proto::wire::pull::{Directive, SyncReply};
use qiaomen_proto::wire::push::KEYS_DOWN_INFO;
use std::collections::BTreeSet;

/// What a reply came to.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    pub(crate) verdicts: verdict::Verdicts,
    /// Commands that could not be done again.
    pub(crate) refused: u64,
    /// Commands that were done again.
    pub(crate) redone: u64,
    /// Changes that were not here.
    pub(crate) new_count: u64,
    /// True if the office's batch was taken.
    pub(crate) fed: bool,
    /// True if documents came or left.
    pub(crate) moved: bool,
    /// True if everything is being fetched again from here on.
    pub(crate) refetching: bool,
    /// Own digest over all streams, and the office's.
    pub(crate) digests: (Digest, Digest),
    /// True if those of every single stream agree.
    pub(crate) agree: bool,
    /// Commands that are not confirmed.
    pub(crate) unconfirmed: u64,
    /// Those of them that wait.
    pub(crate) waiting: u64,
    /// True if it is to be emptied, and photos are still to go.
    pub(crate) wipe_waits: bool,
    /// True if the device is empty now.
    pub(crate) wiped: bool,
    /// Commands not to be sent again in this form before something moves.
    pub(crate) waited: Vec<FormOf>,
    /// True if something that was given back has arrived.
    pub(crate) given: bool,
    /// True if another life of the office has answered.
    pub(crate) restored: bool,
    /// Documents that the office asks back.
    pub(crate) asked_back: Vec<DocId>,
    /// What became of looks.
    pub(crate) looked: look::Looked,
}

impl Applied {
    /// Whether the office knows something since this reply that it did not know before.
    pub(crate) fn changed_there(&self) -> bool {
        self.given || self.restored || self.verdicts.moved()
    }
}

/// Applies a reply whose signature and receipt are good.
pub(crate) fn apply(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    sent: &Sent,
    answer: &SyncReply,
    checks: &[[u8; 8]],
    answered_ms: u64,
) -> Result<Applied, SyncError> {
    let mut done = Applied::default();
    // Until it is known what this reply leaves to do.
    tx.put_number(name::COMPLETE, 0)?;
    let mut clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
    clock.measure(sent.asked_ms, answered_ms, answer.now_ms);

    let mut bases = Bases::new(tx);
    let wiping = answer.directives.contains(&Directive::Wipe);
    done.verdicts = verdict::take(tx, &mut bases, sent, &answer.verdicts, desk.identity.worker(), wiping, answered_ms)?;
    done.waited = std::mem::take(&mut done.verdicts.waited);
    if !checks.is_empty() {
        tx.put_receipt_signature(sent.counter, &answer.incarnation, checks, &answer.receipt)?;
        tx.prune_receipts(answered_ms)?;
    }
    let answered = give_back::take(tx, sent, answer)?;
    done.given = answered.arrived || !answered.otherwise.is_empty();
    let mut touched = done.verdicts.docs.clone();
    // Where the batch did not come out as it was meant, what the proof is over is not known.
    let mut pulled = answer.batch.is_empty().then(Vec::new);
    let rekeyed = take_keys(tx, desk.identity, &answer.keys)?;
    let fresh = take_reference(tx, desk.identity, &answer.reference)?;
    training::take(tx, desk.identity.worker(), answer)?;
    let desk = &match &fresh {
        Some((identity, reference)) => Desk { identity, reference, ..*desk },
        None => *desk,
    };

    // Before anything is released: its changes go with its row.
    let_in::put_away(tx, desk.identity, answer)?;

    let mut fetch_again = done.verdicts.base_lacks;
    // Neither brings a feed: taking its absence for one would empty the device.
    let without_feed = [Directive::FetchAgain, Directive::Wipe].iter().any(|d| answer.directives.contains(d));
    // Nor does a reply without streams: every device has at least its worker's own.
    if sent.wants_feed && !without_feed && !answer.streams.is_empty() {
        match take_feed(tx, &mut bases, answer)? {
            Ok(feed) => {
                done.fed = true;
                done.new_count = feed.new_count;
                done.moved = scope::take(tx, &feed, answer)?;
                if let Some(latest) = feed.latest {
                    clock.observe(latest, answered_ms);
                }
                pulled = Some(feed.parts);
                released(tx, &feed.commands, answered_ms, &mut touched)?;
                tx.put_meta(name::CURSOR, &answer.cursor)?;
            }
            Err(wrong) => {
                fetch_again = true;
                if !wrong.is_empty() {
                    renew_actor(tx, desk)?;
                }
                touched.extend(wrong);
            }
        }
    }
    looked_at(tx, answer, answered_ms, &mut touched)?;
    tx.put_cbor(name::CLOCK, &clock)?;
    touched.extend(bases.write()?);
    for doc in answered.otherwise {
        tx.drop_base(doc)?;
        fetch_again = true;
        touched.insert(doc);
    }
    // What lay on a base that has come again otherwise is done again on it.
    let nothing_to_come = done.fed && !answer.more && tx.number(name::REFETCHING)? == 0 && !fetch_again;
    done.verdicts.dropped.extend(tx.to_redo(nothing_to_come)?);
    // Also where it does not say so: to a device that is enrolled anew it owes no word of earlier lives.
    let restored = tx.meta(name::INCARNATION)?.is_some_and(|known| known != answer.incarnation);
    tx.put_meta(name::INCARNATION, &answer.incarnation)?;
    done.restored = restored;
    if restored {
        // What the office of before had kept for a person is not kept there any more.
        if !planted(Planted::HeldByTheOfficeOfBefore) {
            tx.unhold()?;
        }
        tx.nothing_is_there()?;
        tx.ask_back_put_away()?;
    }
    redo(tx, desk, answer, restored, &mut done, &mut touched)?;
    give_back::keep(tx, desk.identity, sent, answer, pulled)?;
    photo::prune(tx, &answer.incarnation, answer.backed_up, answered_ms)?;
    done.looked = look::take(tx, sent, answer, clock.corrected_ms(answered_ms))?;
    let given_up = give_back::given_up(tx)?;
    fetch_again |= !given_up.is_empty();
    touched.extend(given_up);

    if answer.directives.contains(&Directive::FetchAgain) {
        tx.begin_refetch(if restored { AgainReason::Restored } else { AgainReason::Cursor })?;
        done.refetching = true;
    } else if fetch_again {
        done.refetching = scope::refetch(tx, AgainReason::NotAsMeant, answered_ms)?;
    }
    rows(tx, desk, rekeyed, touched, !done.verdicts.dropped.is_empty())?;

    tx.put_number(name::LAST_CONTACT_MS, answered_ms)?;
    tx.put_number(name::OFFICE_POLICY, answer.policy_version.into())?;
    done.unconfirmed = tx.unconfirmed_count()?;
    done.waiting = tx.count_in(OutboxState::Waiting)?;
    done.asked_back = tx.asked_back()?.into_iter().map(|(doc, _)| doc).collect();
    (done.digests, done.agree) = digests(tx, answer)?;
    if done.fed && done.agree && !done.refetching && done.asked_back.is_empty() {
        tx.proofs_are_of(&answer.incarnation, answer.position)?;
    }
    // Nothing may be left here that the office lacks: neither unsent nor lost there.
    let home = done.unconfirmed == 0 || planted(Planted::WipedWithUnsentWork);
    // So with looks, unless the office is an older one that cannot be told of them.
    let home = home && (done.looked.left == 0 || done.looked.unknown);
    if wiping && home && done.asked_back.is_empty() && !done.refetching {
        // Of what it knows since this reply no photo was tried yet.
        let untried = |hash| done.changed_there() || !sent.photos_unwanted.contains(hash);
        done.wipe_waits = tx.photos_to_send()?.iter().any(|photo| untried(&photo.hash));
        if !done.wipe_waits {
            tx.wipe()?;
            done.wiped = true;
        }
    }
    Ok(done)
}

/// The office's batch, tried and taken; or the documents that do not come out as it means them: their
/// bases are dropped, to be fetched again.
fn take_feed(
    tx: &Tx<'_>,
    bases: &mut Bases<'_, '_>,
    answer: &SyncReply,
) -> Result<Result<Feed, Vec<DocId>>, SyncError> {
    bases.begin_trial();
    match pull::read_feed(tx, bases, &answer.batch) {
        Ok(feed) => {
            bases.settle();
            Ok(Ok(feed))
        }
        Err(FeedError::Store(e)) => Err(e.into()),
        Err(FeedError::NotAsMeant(docs)) => {
            bases.abandon();
            for doc in &docs {
                bases.drop(*doc)?;
            }
            Ok(Err(docs))
        }
    }
}

fn redo(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    answer: &SyncReply,
    restored: bool,
    done: &mut Applied,
    touched: &mut BTreeSet<DocId>,
) -> Result<(), SyncError> {
    if answer.directives.contains(&Directive::Wipe) {
        // Soon nothing is here any more: what is left goes to the office as it is. But what is held there has
        // used numbers up: should it be let in, new work under the same ones would look like a copied phone's.
        return if done.verdicts.dropped.is_empty() { Ok(()) } else { renew_actor(tx, desk) };
    }
    let renew = restored || done.verdicts.forked || answer.directives.contains(&Directive::RenewActor);
    let redone = if renew {
        redo_everything(tx, desk, Actor(random(desk.host)?))
    } else if !done.verdicts.dropped.is_empty() {
        redo_after(tx, desk, &done.verdicts.dropped)
    } else {
        return Ok(());
    };
    let redone = redone.map_err(|e| match e {
        EditError::WriteRescue(e) => SyncError::WriteRescue(e),
        EditError::Keep(e) => SyncError::Keep(e),
        EditError::Random(e) => SyncError::Random(e),
        e => SyncError::MakeRequest(Box::new(e)),
    })?;
    done.redone = redone.count;
    done.refused = redone.refused;
    touched.extend(redone.docs);
    Ok(())
}

/// Rows of what changed; documents that left go.
/// `dropped` where commands left the overlay.
fn rows(
    tx: &Tx<'_>,
    desk: &Desk<'_>,
    rekeyed: Vec<Subject>,
    mut touched: BTreeSet<DocId>,
    dropped: bool,
) -> Result<(), SyncError> {
    let mut doors = BTreeSet::new();
    for subject in rekeyed {
        for doc in Kind::ALL.map(|kind| DocId::new(kind, subject)) {
            if tx.is_at_office(doc)? {
                if doc.kind == Kind::Diary {
                    // Its entries are written once; those that did not open before have to be written again.
                    doors.extend(tx.remove_rows(doc)?);
                }
                touched.insert(doc);
            }
        }
    }
    project_all(tx, &touched, desk.reference)?;
    let gone = tx.gone()?;
    if !gone.is_empty() {
        let (me, offset) = (desk.identity.author(), desk.identity.utc_offset_s());
        keep_words(&Sight::new(tx, desk.reference, Some(me), offset, 0), &gone)?;
    }
    for doc in &gone {
        give_back::put_away(tx, desk, *doc)?;
        tx.forget(*doc)?;
        doors.extend(tx.remove_rows(*doc)?);
    }
    if !gone.is_empty() {
        renew_actor(tx, desk)?;
    }
    if !gone.is_empty() || dropped {
        tx.forget_stray_keys(&desk.reference.staff())?;
    }
    Ok(derive(tx, &doors)?)
}

/// Under the old actor this store no longer knows which numbers are used: should a document that is gone
/// be begun again here, it would look like the work of a copied phone.
fn renew_actor(tx: &Tx<'_>, desk: &Desk<'_>) -> Result<(), SyncError> {
    Ok(tx.put_meta(name::ACTOR, &random::<16>(desk.host)?)?)
}

/// Keys that came; the subjects that gained one.
fn take_keys(tx: &Tx<'_>, identity: &Identity, boxed: &[u8]) -> Result<Vec<Subject>, SyncError> {
    if boxed.is_empty() {
        return Ok(Vec::new());
    }
    let plain = open_with(&identity.boxing(), KEYS_DOWN_INFO, identity.device().as_bytes(), boxed)
        .map_err(|_| SyncError::ReadReply("box of keys"))?;
    let bundle = KeyBundle::decode(&plain).map_err(|_| SyncError::ReadReply("keys"))?;
    let mut gained = Vec::new();
    for (subject, key) in &bundle.keys {
        if tx.put_key(*subject, key, true)? {
            gained.push(*subject);
        }
    }
    Ok(gained)
}

/// Reference data that came, and this device under it.
fn take_reference(tx: &Tx<'_>, identity: &Identity, bytes: &[u8]) -> Result<Option<(Identity, Reference)>, SyncError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let reference =
        Reference::open(bytes, &identity.office_key()).map_err(|_| SyncError::ReadReply("reference data"))?;
    tx.put_meta(name::REFERENCE, bytes)?;
    for building in &reference.buildings {
        let (id, grid) = (BuildingId::from_bytes(*building.id), GridId::from_bytes(*building.grid));
        tx.rename_building(&id.to_string(), &building.name, &grid.to_string())?;
    }
    let identity = identity.clone().with_offset(reference.utc_offset_s);
    tx.put_cbor(name::IDENTITY, &identity)?;
    Ok(Some((identity, reference)))
}

/// Commands that the office had kept or refused, and that are in the book after all. What somebody else did under
/// the same id is another act.
fn released(
    tx: &Tx<'_>,
    commands: &[(CommandId, WorkerId)],
    now_ms: u64,
    touched: &mut BTreeSet<DocId>,
) -> Result<(), StoreError> {
    for (command, by) in commands.iter().filter(|_| !planted(Planted::ReleaseUnheard)) {
        let row = tx.outbox_row(*command)?.filter(|row| !row.state.is_unconfirmed());
        let Some(row) = row.filter(|row| row.stamp.by.worker == *by) else { continue };
        touched.extend(tx.docs_of(*command)?);
        verdict::release(tx, &row, now_ms)?;
    }
    Ok(())
}

/// What a clerk did with commands that the office had kept.
fn looked_at(tx: &Tx<'_>, answer: &SyncReply, now_ms: u64, touched: &mut BTreeSet<DocId>) -> Result<(), StoreError> {
    for fate in answer.fates.iter().flatten() {
        let command = CommandId::from_bytes(*fate.command);
        let Some(mut row) = tx.outbox_row(command)?.filter(|row| !row.state.is_unconfirmed()) else { continue };
        touched.extend(tx.docs_of(command)?);
        if fate.outcome.is_acknowledged() {
            released(tx, &[(command, row.stamp.by.worker)], now_ms, touched)?;
        } else if row.state == OutboxState::Quarantined && !planted(Planted::PutAwayUnheard) {
            row.state = OutboxState::Rejected;
            row.code = fate.code;
            row.reason = None;
            tx.update_outbox(&row)?;
        }
    }
    Ok(())
}

fn digests(tx: &Tx<'_>, answer: &SyncReply) -> Result<((Digest, Digest), bool), StoreError> {
    if answer.more {
        return Ok(((Digest::default(), Digest::default()), false));
    }
    let all = tx.digests()?;
    let sum = all
        .iter()
        .fold((Digest::default(), Digest::default()), |sum, (_, own, office)| (sum.0.with(*own), sum.1.with(*office)));
    Ok((sum, all.iter().all(|(_, own, office)| own == office)))
}
