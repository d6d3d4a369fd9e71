//! An office and phones in one process, without HTTP, with a clock that moves when it is told to: what old
//! files are made in, and opened in again.

use qiaomen_client::query::{DoorFilter, DoorPage, FieldLine};
use qiaomen_client::{Device, Host, Reply, SyncReport, SystemHost, Transport, TransportError};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::auth::{SignedBy, signature_to_text};
use qiaomen_proto::wire::enrol::ENROL_PATH;
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_server::clock::{NoRandomness, Surroundings};
use qiaomen_server::office::Office;
use qiaomen_server::people::enrol_device;
use qiaomen_server::review::{list_conflicts, list_quarantine};
use qiaomen_server::verify::verify;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The PIN of the old phone.
pub(crate) const PIN: &str = "246810";

/// A clock for everybody.
#[derive(Debug, Clone)]
pub(crate) struct Time(Arc<AtomicU64>);

impl Time {
    pub(crate) fn at(ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(ms)))
    }
    pub(crate) fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    /// Minutes pass.
    pub(crate) fn passes(&self, minutes: u64) {
        self.0.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }
}

impl Host for Time {
    fn now_ms(&self) -> u64 {
        Time::now_ms(self)
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), qiaomen_client::clock::NoRandomness> {
        SystemHost.random(bytes)
    }
}

impl Surroundings for Time {
    fn now_ms(&self) -> u64 {
        Time::now_ms(self)
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        SystemHost.random(bytes).map_err(|_| NoRandomness)
    }
}

/// Straight from a phone to the office.
#[derive(Debug)]
pub(crate) struct Straight(pub(crate) Office);

impl Transport for Straight {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        if path == ENROL_PATH {
            let request = unpack(body, BODY_BYTES_MAX).expect("a request that can be read");
            let reply = enrol_device(&self.0, request).expect("a good code");
            return Ok(Reply { status: 200, body: pack(&reply), ..Reply::default() });
        }
        let signed = SignedBy::parse(auth.expect("a signed request")).expect("a header that can be read");
        let answer = self.0.sync(&signed, path, body).expect("an answer");
        let signature = Some(signature_to_text(&answer.signature));
        Ok(Reply { status: 200, signature, body: answer.body, ..Reply::default() })
    }
}

/// A sync after which nothing is left to send or to fetch.
#[track_caller]
pub(crate) fn syncs(device: &mut Device, office: &Office) -> SyncReport {
    let mut line = Straight(office.clone());
    let report = device.sync(&mut line, &mut |_| {}, &AtomicBool::new(false)).expect("a sync");
    assert!(report.complete && report.digest == report.office_digest, "{report:?}");
    report
}

/// What can be read of an office and a phone: the same whoever opens the files. Sentences are left out, they may be
/// put better; and so is what nobody was asked, a later release asks more.
pub(crate) fn seen(office: &Office, device: &Device) -> Value {
    let conflicts = list_conflicts(office, None).expect("conflicts");
    let conflicts = conflicts.iter().map(|c| json!([c.id, c.state, c.document_id, c.path, c.candidates.len()]));
    let held = list_quarantine(office, None).expect("what is held");
    let held = held.iter().map(|h| json!([h.id, h.state, h.command]));
    let doors = device.doors(&DoorFilter::default()).expect("doors");
    let doors = doors.iter().map(|line| door(&device.door(line.household.parse().expect("an id")).expect("a door")));
    let outbox = device.outbox().expect("an outbox");
    let outbox = outbox.iter().map(|line| json!([line.command, line.state]));
    let report = verify(office, &mut |_, _| {});
    let status = device.status().expect("a status");
    json!({
        "documents": report.documents,
        "changes": report.changes,
        "problems": report.problems,
        "conflicts": conflicts.collect::<Vec<_>>(),
        "held": held.collect::<Vec<_>>(),
        "doors": doors.collect::<Vec<_>>(),
        "outbox": outbox.collect::<Vec<_>>(),
        "digest": status.digest,
    })
}

fn door(page: &DoorPage) -> Value {
    let people = page.people.iter().map(|p| json!([p.name, fields(&p.fields)]));
    json!({
        "address": page.door.address,
        "fields": fields(&page.fields),
        "people": people.collect::<Vec<_>>(),
        "visits": page.visits.iter().map(|v| json!([v.note, v.at_ms])).collect::<Vec<_>>(),
        "notes": page.notes.len(),
        "tickets": page.tickets.len(),
    })
}

fn fields(lines: &[FieldLine]) -> Vec<Value> {
    let asked = lines.iter().filter(|f| f.said.state != "not_asked");
    asked.map(|f| json!([f.field, f.said.state, f.said.value, f.why, f.conflict, f.candidates.len()])).collect()
}
