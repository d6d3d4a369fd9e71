//! How a device becomes one of the office's: it shows the one-time code and its public keys; the
//! office answers whose it is, with its own public keys, which are pinned from then on.
//!
//! The secrets are made and kept before the code is sent, so that an answer that was lost can be asked
//! for again with the same keys.

use crate::clock::random;
use crate::device::Device;
use crate::edit::execute::Desk;
use crate::error::{EnrolError, Refusal};
use crate::store::meta::name;
use crate::store::{StoreError, Tx};
use crate::sync::reexecute;
use crate::sync::reply_refusal;
use crate::transport::{Reply, Transport};
use minicbor::{Decode, Encode};
use qiaomen_proto::change::{Author, Clock};
use qiaomen_proto::ids::{Actor, DeviceId, Role, WorkerId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::seal::{BoxPublic, BoxSecret, SigningSecret, VerifyKey};
use qiaomen_proto::wire::WIRE_VERSION;
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::heal::AgainReason;

/// Version of this library, as devices tell it to the office.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Who this device is. Kept in the encrypted database.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Identity {
    #[cbor(n(0), with = "minicbor::bytes")]
    device: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    worker: [u8; 16],
    #[n(2)]
    role: u8,
    #[cbor(n(3), with = "minicbor::bytes")]
    office_verify_key: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    office_box_key: [u8; 32],
    #[n(5)]
    utc_offset_s: i32,
    #[n(6)]
    server: String,
    #[cbor(n(7), with = "minicbor::bytes")]
    signing: [u8; 32],
    #[cbor(n(8), with = "minicbor::bytes")]
    boxing: [u8; 32],
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("author", &self.author()).field("server", &self.server).finish_non_exhaustive()
    }
}

impl Identity {
    /// The device's id.
    pub fn device(&self) -> DeviceId {
        DeviceId::from_bytes(self.device)
    }
    /// Whose it is.
    pub fn worker(&self) -> WorkerId {
        WorkerId::from_bytes(self.worker)
    }
    /// In which role.
    pub fn role(&self) -> Role {
        Role::from_number(self.role).unwrap_or(Role::GridWorker)
    }
    /// Who acts on this device.
    pub fn author(&self) -> Author {
        Author { worker: self.worker(), role: self.role(), device: self.device() }
    }
    /// Where the office is.
    pub fn server(&self) -> &str {
        &self.server
    }
    /// The office's distance from UTC in seconds.
    pub fn utc_offset_s(&self) -> i32 {
        self.utc_offset_s
    }
    /// The key that the office signs with.
    pub fn office_key(&self) -> VerifyKey {
        VerifyKey(self.office_verify_key)
    }
    /// The key that the office receives with.
    pub fn office_box(&self) -> BoxPublic {
        BoxPublic(self.office_box_key)
    }
    /// The same device by newer reference data.
    #[must_use]
    pub(crate) fn with_offset(self, utc_offset_s: i32) -> Self {
        Self { utc_offset_s, ..self }
    }
    pub(crate) fn signing(&self) -> SigningSecret {
        SigningSecret::from_bytes(self.signing)
    }
    pub(crate) fn boxing(&self) -> BoxSecret {
        BoxSecret::from_bytes(self.boxing)
    }
}

/// What an enrolment made of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// The device's id.
    pub device: DeviceId,
    /// Whose it is.
    pub worker: WorkerId,
    /// In which role.
    pub role: Role,
}

/// Secrets that an enrolment under way has made.
#[derive(Encode, Decode)]
struct Secrets {
    #[cbor(n(0), with = "minicbor::bytes")]
    signing: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    boxing: [u8; 32],
    #[cbor(n(2), with = "minicbor::bytes")]
    actor: [u8; 16],
}

const SECRETS: &str = "enrolling";
/// A fingerprint of the code that they were made for.
const ENROLLING_BY: &str = "enrolling_by";
/// A fingerprint of the code that made the device what it is.
const ENROLLED_BY: &str = "enrolled_by";

/// The code as it was typed is not kept. Spelling does not count, as it does not at the office.
fn fingerprint(code: &str) -> [u8; 32] {
    let code: String = code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    blake3::derive_key("qiaomen 2026 fingerprint of an enrolment code", code.as_bytes())
}

/// The next step of an enrolment.
#[derive(Debug)]
pub enum EnrolStep {
    /// This code has made the device what it is already.
    Done(Enrolled),
    /// The office is to be asked.
    Ask(EnrolAsk),
}

/// A question to the office that is under way. Asked again after a lost answer, it is the same question.
pub struct EnrolAsk {
    body: Vec<u8>,
    secrets: Secrets,
    by: [u8; 32],
    asked_ms: u64,
}

impl EnrolAsk {
    /// Where it is posted to.
    pub const PATH: &'static str = ENROL_PATH;

    /// What is posted.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl std::fmt::Debug for EnrolAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolAsk").field("asked_ms", &self.asked_ms).finish_non_exhaustive()
    }
}

pub(crate) fn enrol(
    device: &mut Device,
    transport: &mut dyn Transport,
    server: &str,
    code: &str,
) -> Result<Enrolled, EnrolError> {
    match ask(device, code)? {
        EnrolStep::Done(enrolled) => Ok(enrolled),
        EnrolStep::Ask(asked) => {
            let reply = transport.post(ENROL_PATH, None, asked.body())?;
            answered(device, &asked, server, &reply)
        }
    }
}

/// Makes and keeps the secrets; what the office is to be asked.
pub(crate) fn ask(device: &mut Device, code: &str) -> Result<EnrolStep, EnrolError> {
    let by = fingerprint(code);
    // The device may have died between being enrolled and saying so; its code is used up by then.
    if let Some(done) = done_by(device, by)? {
        return Ok(EnrolStep::Done(done));
    }
    let fresh = Secrets {
        signing: random(device.host.as_ref())?,
        boxing: random(device.host.as_ref())?,
        actor: random(device.host.as_ref())?,
    };
    // The same again for the same code: its answer may have been lost. Under another code they would be those of
    // a device that the office knows already, and refused.
    let secrets = device.store.write::<Secrets, StoreError>(|tx| {
        let earlier = tx.meta(ENROLLING_BY)?.filter(|earlier| *earlier == by).map(|_| tx.cbor(SECRETS));
        if let Some(earlier) = earlier.transpose()?.flatten() {
            return Ok(earlier);
        }
        tx.put_cbor(SECRETS, &fresh)?;
        tx.put_meta(ENROLLING_BY, &by)?;
        Ok(fresh)
    })?;
    let request = EnrolRequest {
        wire_version: WIRE_VERSION,
        code: code.trim().to_owned(),
        verify_key: SigningSecret::from_bytes(secrets.signing).verify_key().0,
        box_key: BoxSecret::from_bytes(secrets.boxing).public().0,
        actor: secrets.actor,
        app_version: APP_VERSION.to_owned(),
    };
    Ok(EnrolStep::Ask(EnrolAsk { body: pack(&request), secrets, by, asked_ms: device.host.now_ms() }))
}

/// Makes the device what the office's answer says.
pub(crate) fn answered(
    device: &mut Device,
    asked: &EnrolAsk,
    server: &str,
    reply: &Reply,
) -> Result<Enrolled, EnrolError> {
    let answered_ms = device.host.now_ms();
    // The same question may have been asked twice at once. The first answer holds: the second would begin the count
    // of commands again under what was numbered since.
    if let Some(done) = done_by(device, asked.by)? {
        return Ok(done);
    }
    if reply.status != 200 {
        let refusal: Refusal = reply_refusal(reply);
        return Err(EnrolError::Refused(refusal));
    }
    let answer: EnrolReply = unpack(&reply.body, BODY_BYTES_MAX).map_err(|_| EnrolError::ReadAnswer)?;
    let identity = Identity {
        device: answer.device,
        worker: answer.worker,
        role: Role::from_number(answer.role).ok_or(EnrolError::ReadAnswer)?.number(),
        office_verify_key: answer.office_verify_key,
        office_box_key: answer.office_box_key,
        utc_offset_s: answer.utc_offset_s,
        server: server.trim().to_owned(),
        signing: asked.secrets.signing,
        boxing: asked.secrets.boxing,
    };
    let times = (asked.asked_ms, answered_ms, answer.now_ms);
    keep(device, &identity, Actor(asked.secrets.actor), asked.by, times)?;
    device.reload()?;
    Ok(enrolled(&identity))
}

/// What the device is, if this code made it so.
fn done_by(device: &Device, by: [u8; 32]) -> Result<Option<Enrolled>, StoreError> {
    let Some(identity) = &device.identity else { return Ok(None) };
    let done = device.store.read::<_, StoreError>(|tx| tx.meta(ENROLLED_BY))?.is_some_and(|made| made == by);
    Ok(done.then(|| enrolled(identity)))
}

fn enrolled(identity: &Identity) -> Enrolled {
    Enrolled { device: identity.device(), worker: identity.worker(), role: identity.role() }
}

fn keep(
    device: &mut Device,
    identity: &Identity,
    actor: Actor,
    by: [u8; 32],
    times: (u64, u64, u64),
) -> Result<(), EnrolError> {
    let before = device.identity.clone();
    let Device { store, host, rescue, reference, .. } = device;
    store.write::<_, EnrolError>(|tx| {
        let unsent = tx.unconfirmed_count()? > 0;
        // What was looked at goes up in the name of whose device it is.
        if (unsent || tx.looks_unsent()? > 0) && before.is_some_and(|b| b.worker() != identity.worker()) {
            return Err(EnrolError::OtherWorker);
        }
        tx.forget_looks_but_of(identity.worker())?;
        tx.put_cbor(name::IDENTITY, identity)?;
        tx.put_meta(ENROLLED_BY, &by)?;
        tx.put_meta(name::ACTOR, &actor.0)?;
        tx.put_number(name::COUNTER, 0)?;
        let mut clock: Clock = tx.cbor(name::CLOCK)?.unwrap_or_default();
        clock.measure(times.0, times.1, times.2);
        tx.put_cbor(name::CLOCK, &clock)?;
        tx.begin_refetch(AgainReason::Enrolled)?;
        tx.put_number(name::COMPLETE, 0)?;
        forget_secrets(tx)?;
        if unsent {
            // The unsent work names the old device as where it was done: it is done again as the new one.
            let desk = Desk { host: host.as_ref(), identity, reference, rescue };
            reexecute::redo_everything(tx, &desk, actor).map_err(|e| EnrolError::CarryOver(Box::new(e)))?;
        }
        Ok(())
    })
}

fn forget_secrets(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.remove_meta(ENROLLING_BY)?;
    tx.remove_meta(SECRETS)
}
