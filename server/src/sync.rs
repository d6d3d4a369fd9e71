//! One request of a sync, from signed bytes to signed bytes.

use crate::feed::compare::Heads;
use crate::feed::cursor::Cursor;
use crate::feed::fates::fates;
use crate::feed::page::{Page, page};
use crate::ingest::admit::Grant;
use crate::ingest::{self, Sender, Taken};
use crate::office::{Office, OfficeError};
use crate::people::{attempts, looks, trainings};
use crate::store::StoreError;
use crate::store::sqlite::{DeviceRow, SaidOfItself};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_proto::error::Code;
use qiaomen_proto::limits::{
    BODY_BYTES_MAX, COMMANDS_PER_PUSH_MAX, HEADS_PER_REQUEST_MAX, LOOK_FIELDS_MAX, LOOKS_PER_REQUEST_MAX,
    REQUEST_BYTES_MAX,
};
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::seal::{BoxPublic, KeyBundle, VerifyKey, open_with, seal_to};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::auth::{
    RECEIPT_CONTEXT, REPLY_CONTEXT, REQUEST_CONTEXT, SignedBy, reply_message, request_message,
};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::{PROOF_CONTEXT, proof_message};
use qiaomen_proto::wire::pull::{Directive, SyncReply, receipt_message};
use qiaomen_proto::wire::push::{KEYS_DOWN_INFO, KEYS_UP_INFO, SyncRequest};
use qiaomen_proto::wire::unbatch::DraftBatch;

/// Of what a device calls its app's version, this much is kept.
const APP_VERSION_CHARACTERS_MAX: usize = 32;

/// The answer.
#[derive(Debug)]
pub struct SyncAnswer {
    /// The body.
    pub body: Vec<u8>,
    /// The office's signature over it.
    pub signature: [u8; 64],
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncRefusal {
    /// What happened.
    pub code: Code,
    /// For [`Code::Replayed`]: the count of the last request that was taken.
    pub counter: Option<u64>,
    /// When to try again.
    pub retry_after_s: Option<u64>,
}

impl From<Code> for SyncRefusal {
    fn from(code: Code) -> Self {
        Self { code, counter: None, retry_after_s: None }
    }
}

/// How a job ends that is no failure of the office.
enum Ended {
    Refused(SyncRefusal),
    Failed(OfficeError),
}
impl From<SyncRefusal> for Ended {
    fn from(refusal: SyncRefusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<StoreError> for Ended {
    fn from(e: StoreError) -> Self {
        Self::Failed(e.into())
    }
}
impl From<OfficeError> for Ended {
    fn from(e: OfficeError) -> Self {
        Self::Failed(e)
    }
}

impl Office {
    /// Whether a device whose signature is good may ask now. A copy of a request says so before it costs anything, and
    /// does not count: whoever copies uses up nobody's time.
    pub(crate) fn in_pace(&self, signed: &SignedBy, device: &DeviceRow) -> Result<(), SyncRefusal> {
        if signed.counter <= device.counter {
            return Err(SyncRefusal { counter: Some(device.counter), ..Code::Replayed.into() });
        }
        self.paces()
            .one(device.id, self.now_ms())
            .map_err(|wait_ms| SyncRefusal { retry_after_s: Some(attempts::seconds(wait_ms)), ..Code::TooOften.into() })
    }

    /// Answers one request.
    pub fn sync(&self, signed: &SignedBy, path: &str, body: &[u8]) -> Result<SyncAnswer, SyncRefusal> {
        self.sync_inner(signed, path, body).map_err(|ended| match ended {
            Ended::Refused(refusal) => refusal,
            Ended::Failed(error) => {
                tracing::error!(device = %signed.device, error = %error, "a sync failed inside");
                SyncRefusal { retry_after_s: Some(5), ..error.code().into() }
            }
        })
    }

    fn sync_inner(&self, signed: &SignedBy, path: &str, body: &[u8]) -> Result<SyncAnswer, Ended> {
        let refuse = |code: Code| Ended::Refused(code.into());
        if body.len() > REQUEST_BYTES_MAX {
            return Err(refuse(Code::TooLarge));
        }
        let device = self.store().read(|tx| tx.device(signed.device))?.ok_or_else(|| refuse(Code::NotSigned))?;
        VerifyKey(device.verify_key)
            .verify(REQUEST_CONTEXT, &request_message(path, signed.counter, body), &signed.signature)
            .map_err(|_| refuse(Code::NotSigned))?;
        self.in_pace(signed, &device)?;
        let request: SyncRequest = unpack(body, BODY_BYTES_MAX).map_err(|_| refuse(Code::Malformed))?;
        if request.wire_version != WIRE_VERSION {
            return Err(refuse(Code::WireVersion));
        }
        if request.heads.as_ref().is_some_and(|h| h.len() > HEADS_PER_REQUEST_MAX) {
            return Err(refuse(Code::TooLarge));
        }
        let looks = request.looks.as_deref().unwrap_or_default();
        if looks.len() > LOOKS_PER_REQUEST_MAX || looks.iter().any(|look| look.fields.len() > LOOK_FIELDS_MAX) {
            return Err(refuse(Code::TooLarge));
        }
        let batch = DraftBatch::read(&request.batch, COMMANDS_PER_PUSH_MAX).map_err(|_| refuse(Code::Malformed))?;
        let keys = self.open_keys(&device, &request.keys).ok_or_else(|| refuse(Code::Malformed))?;
        let (taken, device) = self.take(signed, device, &request, batch, keys)?;
        let revoked = device.revoked_ms.is_some();
        let mut reply = SyncReply {
            wire_version: WIRE_VERSION,
            policy_version: POLICY_VERSION,
            incarnation: self.identity().incarnation,
            now_ms: self.now_ms(),
            cursor: request.cursor.clone(),
            more: true,
            ..SyncReply::default()
        };
        reply.given = taken.given.clone();
        reply.looks = taken.looks.clone();
        if taken.fork {
            reply.directives.push(Directive::RenewActor);
        }
        let mut brought = Vec::new();
        if revoked {
            reply.directives.push(Directive::Wipe);
            reply.more = false;
            self.ask_back(&mut reply, &request)?;
        } else if request.wants_feed {
            // What was taken is durable: its verdicts go out even where nothing can be handed out.
            match self.fill(&mut reply, &device, &request, &taken) {
                Ok(digests) => brought = digests,
                Err(Ended::Failed(error)) => {
                    tracing::error!(device = %device.id, %error, "the feed of a device could not be made");
                    reply.streams.clear();
                }
                Err(refused) => return Err(refused),
            }
        }
        let held = request.held.as_deref().unwrap_or_default();
        (reply.fates, reply.let_in) = fates(self, device.worker, held)?;
        if !taken.acknowledged.is_empty() {
            let message = receipt_message(&reply.incarnation, device.id, signed.counter, &taken.acknowledged);
            reply.receipt = self.secrets().signing.sign(RECEIPT_CONTEXT, &message).to_vec();
        }
        let prove = |digests: &[[u8; 32]]| {
            let message = proof_message(&reply.incarnation, digests.iter().copied());
            self.secrets().signing.sign(PROOF_CONTEXT, &message).to_vec()
        };
        let own_proof = (!brought.is_empty() && !taken.digests.is_empty()).then(|| prove(&taken.digests).into());
        let signed_for: Vec<[u8; 32]> = taken.digests.into_iter().chain(brought).collect();
        let proof = if signed_for.is_empty() { Vec::new() } else { prove(&signed_for) };
        (reply.proof, reply.own_proof) = (proof, own_proof);
        reply.verdicts = taken.verdicts;
        (reply.position, reply.backed_up) = self.store().read(|tx| self.backed_up(tx))?;
        let body = pack(&reply);
        let signature = self.secrets().signing.sign(REPLY_CONTEXT, &reply_message(device.id, signed.counter, &body));
        Ok(SyncAnswer { body, signature })
    }

    /// Before a device is wiped: does it have something that this office lost with its disk? Until that has come
    /// back it does not wipe itself.
    fn ask_back(&self, reply: &mut SyncReply, request: &SyncRequest) -> Result<(), Ended> {
        // Also where it compares already: it says only what this life has not named to it, and has to say all.
        let earlier_life = !request.cursor.is_empty()
            && Cursor::from_bytes(&request.cursor).is_none_or(|c| c.incarnation != self.identity().incarnation);
        if earlier_life {
            reply.directives.push(Directive::FetchAgain);
            reply.cursor = Vec::new();
        }
        if let Some(heads) = &request.heads {
            let wanted = self.store().read(|tx| Heads::of(Some(heads)).wanted(tx))?;
            let wanted: Vec<_> = wanted.into_iter().map(|doc| doc.key().into()).collect();
            reply.wanted = Some(wanted).filter(|w| !w.is_empty());
        }
        Ok(())
    }

    fn open_keys(&self, device: &DeviceRow, boxed: &[u8]) -> Option<KeyBundle> {
        if boxed.is_empty() {
            return Some(KeyBundle::default());
        }
        let plain = open_with(&self.secrets().boxes, KEYS_UP_INFO, device.id.as_bytes(), boxed).ok()?;
        KeyBundle::decode(&plain).ok()
    }

    /// Uses the request's count up, notes what the device says of itself, takes its commands: one job.
    fn take(
        &self,
        signed: &SignedBy,
        device: DeviceRow,
        request: &SyncRequest,
        batch: DraftBatch,
        keys: KeyBundle,
    ) -> Result<(Taken, DeviceRow), Ended> {
        let office = self.clone();
        let (counter, manifest) = (signed.counter, request.manifest.clone());
        let policy_version = request.policy_version;
        let (given, again) = (request.give_back.clone(), request.again.unwrap_or(0));
        let looks = request.looks.clone();
        self.store().write(move |tx| {
            // Read again: between the look before and this job another request may have been taken.
            let device = tx.device(device.id)?.ok_or(Ended::Refused(Code::NotSigned.into()))?;
            if !tx.use_counter(device.id, counter)? {
                return Err(Ended::Refused(SyncRefusal { counter: Some(device.counter), ..Code::Replayed.into() }));
            }
            let now_ms = office.now_ms();
            let skew = i64::try_from(manifest.wall_ms)
                .unwrap_or(i64::MAX)
                .saturating_sub(i64::try_from(now_ms).unwrap_or(i64::MAX));
            let said = SaidOfItself {
                pending_count: manifest.pending_count,
                app_version: manifest.app_version.chars().take(APP_VERSION_CHARACTERS_MAX).collect(),
                skew_ms: skew,
                refetch_count: manifest.refetch_count,
                refetch_reason: again,
                policy_version: Some(policy_version),
            };
            tx.note_contact(device.id, now_ms, &said)?;
            let sender = Sender { offline_since_ms: device.last_contact_ms, device, now_ms, by_hand: false };
            let mut taken = ingest::take(&office, tx, &sender, batch, &keys)?;
            if let Some(given) = &given {
                taken.given = Some(ingest::given::take(&office, tx, &sender, given)?);
            }
            if let Some(looks) = &looks {
                taken.looks = Some(looks::take(&office, tx, &sender, looks)?);
            }
            let settled = taken.verdicts.iter().filter(|v| v.outcome.is_settled()).count();
            let still = manifest.pending_count.saturating_sub(u32::try_from(settled).unwrap_or(u32::MAX));
            tx.note_pending(sender.device.id, still)?;
            Ok((taken, sender.device))
        })
    }

    /// What is new for a device. The digests of the commands that it brings.
    fn fill(
        &self,
        reply: &mut SyncReply,
        device: &DeviceRow,
        request: &SyncRequest,
        taken: &Taken,
    ) -> Result<Vec<[u8; 32]>, Ended> {
        let cursor = if request.cursor.is_empty() {
            Cursor::default()
        } else {
            let own = |c: &Cursor| c.incarnation == self.identity().incarnation || planted(Planted::CursorOfAnyLife);
            match Cursor::from_bytes(&request.cursor).filter(own) {
                Some(cursor) => cursor,
                None => {
                    reply.directives.push(Directive::FetchAgain);
                    reply.cursor = Vec::new();
                    return Ok(Vec::new());
                }
            }
        };
        let (page, reference, worker_keys, trainings) = self.store().read(|tx| -> Result<_, OfficeError> {
            let grant = Grant::at(tx, device.worker, device.role, self.now_ms())?;
            let heads = Heads::of(request.heads.as_deref());
            let page = page(self, tx, &grant, &cursor, &taken.commands, &heads)?;
            if self.versions(tx)?.0 <= request.reference_version {
                return Ok((page, Vec::new(), Vec::new(), None));
            }
            let reference = self.reference(tx)?;
            let workers = tx.workers()?.into_iter().map(|w| w.id.0);
            let keys: Vec<_> = self.ring(tx, workers)?.iter().map(|(s, k)| (s, k.clone())).collect();
            let own = trainings::of_worker(tx, device.worker)?;
            Ok((page, reference.sign(&self.secrets().signing), keys, Some(own)))
        })?;
        let digests = self.put_page(reply, device, page, worker_keys)?;
        reply.reference = reference;
        reply.trainings = trainings;
        Ok(digests)
    }

    fn put_page(
        &self,
        reply: &mut SyncReply,
        device: &DeviceRow,
        page: Page,
        worker_keys: Vec<(uuid::Uuid, qiaomen_proto::seal::SubjectKey)>,
    ) -> Result<Vec<[u8; 32]>, Ended> {
        let mut keys = page.keys;
        keys.keys.extend(worker_keys);
        if !keys.keys.is_empty() {
            let damaged = || Ended::Failed(StoreError::Damaged("keys").into());
            let plain = keys.encode().map_err(|_| damaged())?;
            let seed = self.random().map_err(|e| Ended::Failed(e.into()))?;
            reply.keys = seal_to(&BoxPublic(device.box_key), KEYS_DOWN_INFO, device.id.as_bytes(), &plain, seed)
                .map_err(|_| damaged())?;
        }
        reply.wanted = Some(page.wanted).filter(|w| !w.is_empty());
        reply.cursor = page.cursor;
        reply.batch = page.batch;
        reply.arrived = page.arrived;
        reply.departed = page.departed;
        reply.streams = page.streams;
        reply.more = page.more;
        reply.progress = page.progress;
        Ok(page.digests)
    }
}
