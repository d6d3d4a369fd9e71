//! The sync without a network: told what happened, it says what to do next.

/// The photos' turn, once the text is through.
mod photos;

use super::apply::{Applied, apply};
use super::photo::SentPiece;
use super::push::{self, FormOf, Sent};
use super::{SyncProgress, SyncReport, pull, reply_refusal, said, scope};
use crate::clock::random;
use crate::device::Device;
use crate::edit::execute::Desk;
use crate::error::SyncError;
use crate::store::meta::name;
use crate::transport::Reply;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::wire::heal::AgainReason;
use qiaomen_proto::wire::push::SYNC_PATH;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Replies in a row after which nothing had moved.
const STALLED_MAX: u32 = 4;
/// How often one sync begins to fetch everything again.
const REFETCHES_MAX: u32 = 2;
/// How often one sync believes that its numbers were used already.
const REPLAYED_MAX: u32 = 2;
/// How far an unsigned answer may push our numbers: no honest device is this far behind.
const COUNTER_LEAP_MAX: u64 = 1 << 32;

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// Nothing yet, or the last request got no reply: begin, or go on.
    Go,
    /// The last request was answered.
    Answered(Reply),
}

/// What to do next.
#[derive(Debug)]
pub enum Effect {
    /// Post this, and tell what came back.
    Post {
        /// Where to.
        path: &'static str,
        /// The header that signs it.
        auth: String,
        /// The body.
        body: Vec<u8>,
    },
    /// Nothing more: the report is final.
    Done,
}

/// A request that is under way.
#[derive(Debug)]
enum Under {
    Text(Box<Sent>),
    Photo(Box<SentPiece>),
}

/// One sync: the text first, then photos, piece by piece.
#[derive(Debug, Default)]
pub struct Session {
    report: SyncReport,
    progress: SyncProgress,
    sent: Option<Under>,
    /// True once the text is through, as far as it goes now.
    text_through: bool,
    /// True if both sides had the same then.
    agreed: bool,
    /// Photos that this sync does not try again, as things stand.
    given_up: HashSet<[u8; 32]>,
    /// Those of them that the office will not have: no reason to put the emptying of the device off.
    unwanted: HashSet<[u8; 32]>,
    /// How often each came out damaged there.
    damaged: HashMap<[u8; 32], u32>,
    /// How often a photo was answered by another life of the office than the text.
    lives: u32,
    /// Answers in a row after which a photo was no further.
    photo_stalled: u32,
    /// True if the office took none of the looks that it was told of: this sync does not tell them again.
    looks_refused: bool,
    /// True if the office wants the device emptied, and photos were still to go.
    wipe_waits: bool,
    waited: HashSet<FormOf>,
    /// Documents that were given back in this sync, whatever became of it.
    given: HashSet<DocId>,
    pushed: HashSet<qiaomen_proto::ids::CommandId>,
    stalled: u32,
    refetches: u32,
    replayed: u32,
    looked_again: bool,
}

impl Session {
    /// The figures so far.
    pub fn report(&self) -> &SyncReport {
        &self.report
    }
    /// How far it is.
    pub fn progress(&self) -> SyncProgress {
        self.progress
    }
    /// Bytes that went and came beside what replies tell: a request that got no reply.
    pub(crate) fn count_unanswered(&mut self, bytes: usize) {
        self.report.bytes_up += u64::try_from(bytes).unwrap_or(0);
    }

    /// One step. After an error the session may be told to go on; nothing was half done.
    pub fn step(&mut self, device: &mut Device, event: Event) -> Result<Effect, SyncError> {
        match (event, self.sent.take()) {
            (Event::Answered(reply), Some(Under::Text(sent))) => match self.take(device, &sent, &reply)? {
                true => self.ask(device),
                false => {
                    self.text_through = true;
                    self.go_on_with_photos(device)
                }
            },
            (Event::Answered(reply), Some(Under::Photo(sent))) => {
                self.take_photo(device, &sent, &reply)?;
                // Another life of the office has answered: what the text says of it comes first.
                if self.text_through { self.go_on_with_photos(device) } else { self.ask(device) }
            }
            _ if self.text_through => self.go_on_with_photos(device),
            _ => self.ask(device),
        }
    }

    fn ask(&mut self, device: &mut Device) -> Result<Effect, SyncError> {
        let Device { host, store, identity, reference, .. } = device;
        let identity = identity.as_ref().ok_or(SyncError::NotEnrolled)?;
        let seeds = [random(host.as_ref())?, random(host.as_ref())?];
        let (now_ms, version) = (host.now_ms(), reference.version);
        let request =
            store.write(|tx| push::request(tx, identity, version, &self.waited, &self.given, now_ms, seeds))?;
        self.pushed.extend(request.sent.commands.iter().map(|c| c.row.command));
        self.report.pushed = u64::try_from(self.pushed.len()).unwrap_or(u64::MAX);
        self.sent = Some(Under::Text(Box::new(Sent { photos_unwanted: self.unwanted.clone(), ..request.sent })));
        Ok(Effect::Post { path: SYNC_PATH, auth: request.auth, body: request.body })
    }

    /// Applies a reply; true if there is more to do.
    fn take(&mut self, device: &mut Device, sent: &Sent, reply: &Reply) -> Result<bool, SyncError> {
        self.report.round_trips += 1;
        self.progress.round_trips += 1;
        if reply.status != 200 {
            return self.refused(device, reply);
        }
        let identity = device.identity.clone().ok_or(SyncError::NotEnrolled)?;
        let answer = pull::read(reply, &identity, sent)?;
        let checks = pull::receipt(&answer, &identity, sent)?;
        let answered_ms = device.host.now_ms();
        let Device { host, store, rescue, reference, .. } = device;
        let desk = Desk { host: host.as_ref(), identity: &identity, reference, rescue };
        let done = store.write(|tx| apply(tx, &desk, sent, &answer, &checks, answered_ms))?;
        if !answer.reference.is_empty() || done.wiped {
            device.reload()?;
        }
        if done.verdicts.acknowledged() + done.verdicts.taken_before > 0 || done.new_count > 0 {
            let Device { store, rescue, .. } = device;
            store.read(|tx| rescue.trim(|command| tx.has_receipt(command)))?;
        }
        if done.wiped {
            if let Some(home) = &device.home {
                home.wipe();
            }
            return Err(SyncError::Wiped);
        }
        if let Some(progress) = answer.progress {
            self.progress.documents = Some((progress.done, progress.total));
        }
        // Only what was answered was tried.
        self.given.extend(sent.given.iter().flat_map(|g| g.documents()));
        self.count(&done);
        self.go_on(device, sent, answer.more, &done, answered_ms)
    }

    fn count(&mut self, done: &Applied) {
        let report = &mut self.report;
        report.applied += done.verdicts.applied;
        report.duplicate += done.verdicts.duplicate + done.verdicts.taken_before;
        report.rejected += done.verdicts.rejected + done.refused;
        report.quarantined += done.verdicts.quarantined;
        report.waiting = done.waiting;
        report.pulled += done.new_count;
        report.digest = done.digests.0.to_string();
        report.office_digest = done.digests.1.to_string();
        self.progress.unsent = done.unconfirmed;
        self.progress.pulled = report.pulled;
        if done.given {
            // What others waited for may be there now, and what builds on it.
            self.given.clear();
        }
        if done.verdicts.acknowledged() > 0 || done.given {
            // Something that others waited for may be there now.
            self.waited.clear();
        }
        if done.changed_there() {
            // What the office knew nothing of a moment ago it may know now.
            self.given_up.clear();
            self.unwanted.clear();
        }
        self.waited.extend(done.waited.iter().copied());
        self.looks_refused |= done.looked.refused;
        let moved = done.verdicts.moved() || done.redone > 0 || done.new_count > 0 || done.moved || done.given;
        let moved = moved || done.looked.taken > 0;
        self.stalled = if moved { 0 } else { self.stalled + 1 };
    }

    fn go_on(
        &mut self,
        device: &mut Device,
        sent: &Sent,
        more: bool,
        done: &Applied,
        now_ms: u64,
    ) -> Result<bool, SyncError> {
        let settled = done.unconfirmed == 0;
        let given = done.asked_back.is_empty();
        let told = done.looked.left == 0;
        let complete =
            settled && given && told && sent.wants_feed && done.fed && !more && !done.refetching && done.agree;
        self.agreed = complete;
        self.wipe_waits |= done.wipe_waits;
        self.report.complete = device.store.write::<_, SyncError>(|tx| {
            // Photos come after this, and belong to the whole.
            let all = complete && tx.photos_to_send()?.is_empty();
            tx.put_number(name::COMPLETE, u64::from(all))?;
            Ok(all)
        })?;
        if complete {
            return Ok(false);
        }
        let unsent = {
            let waited = &self.waited;
            let rows = device.store.read(|tx| tx.unconfirmed(usize::MAX))?;
            rows.iter().any(|row| !waited.contains(&push::form_of(row)))
        };
        if done.refetching {
            self.refetches += 1;
            if self.refetches > REFETCHES_MAX {
                return Ok(false);
            }
        }
        if self.stalled > STALLED_MAX {
            return Err(SyncError::NoProgress);
        }
        let to_give = done.asked_back.iter().any(|doc| !self.given.contains(doc));
        let to_tell = !told && !self.looks_refused;
        if unsent || to_tell || to_give || more && done.fed || !sent.wants_feed || done.refetching {
            return Ok(true);
        }
        if done.fed && settled && given && !done.agree {
            return self.heal(device, now_ms);
        }
        Ok(false)
    }

    /// The two sides disagree, though nothing is on its way: something may just have come in there. If
    /// not, everything is fetched again, not too often a day.
    fn heal(&mut self, device: &mut Device, now_ms: u64) -> Result<bool, SyncError> {
        if !self.looked_again {
            self.looked_again = true;
            return Ok(true);
        }
        self.refetches += 1;
        if self.refetches > 1 {
            return Ok(false);
        }
        Ok(device.store.write(|tx| scope::refetch(tx, AgainReason::DigestDiffers, now_ms))?)
    }

    fn refused(&mut self, device: &mut Device, reply: &Reply) -> Result<bool, SyncError> {
        let refusal = reply_refusal(reply);
        match refusal.code {
            Some(Code::Replayed) if self.replayed < REPLAYED_MAX => {
                self.replayed += 1;
                let theirs = said(reply).counter.unwrap_or(0);
                device.store.write::<_, SyncError>(|tx| {
                    let own = tx.number(name::COUNTER)?;
                    if theirs > own && theirs - own < COUNTER_LEAP_MAX {
                        tx.put_number(name::COUNTER, theirs)?;
                    }
                    Ok(())
                })?;
                Ok(true)
            }
            Some(code @ (Code::Busy | Code::TooMany | Code::TooOften)) => {
                Err(SyncError::Busy { code, wait: Duration::from_secs(refusal.retry_after_s.unwrap_or(5)) })
            }
            _ => Err(SyncError::Refused(refusal)),
        }
    }

    /// Bytes of an exchange, both ways.
    pub(crate) fn count_bytes(&mut self, body: usize, reply: &Reply) {
        let len = |n: usize| u64::try_from(n).unwrap_or(0);
        self.report.bytes_up += reply.head_bytes_up + len(body);
        self.report.bytes_down += reply.head_bytes_down + len(reply.body.len());
    }
}
