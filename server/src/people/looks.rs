//! What workers had shown on their devices: told by the device with its sync, written into the audit once.
//!
//! A look is noted as the device claims it, also at a document that is not here or is not (or no longer) the device's:
//! a door may have gone to another grid between the look and the sync, a person may be unsent or held; and where it
//! was never the device's, the claim itself is what the office has to see. Nobody gains anything by a false one: it
//! stands under the device and the worker that signed the request. Only what has a permanent name gets in: ids, and
//! names of fields that the program knows.

use super::audit;
use crate::close::Day;
use crate::ingest::Sender;
use crate::office::Office;
use crate::store::{StoreError, Tx};
use minicbor::bytes::ByteArray;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_proto::wire::look::Look;

/// Looks of one device on one day that are written down one by one: several times what a long day at the doors comes
/// to. What a device tells beyond is thanked for and counted, and one line of the audit says so: else a phone in
/// wrong hands could bury everything else under its own rows.
pub const LOOKS_PER_DEVICE_DAY_MAX: u64 = 2_000;

/// What stands for a field that this program does not know.
const OTHER: &str = "other";

/// Takes the looks of a request. Their ids: all are durable when the transaction is.
pub fn take(office: &Office, tx: &Tx<'_>, sender: &Sender, looks: &[Look]) -> Result<Vec<ByteArray<16>>, StoreError> {
    let (device, day) = (&sender.device, Day::of(sender.now_ms).to_string());
    for look in looks {
        if tx.look_stands(device.worker, &look.id)? {
            continue;
        }
        let (noted, beyond) = tx.looks_of_day(device.id, &day)?;
        if noted < LOOKS_PER_DEVICE_DAY_MAX {
            tx.put_look(device.worker, &look.id)?;
            let told = audit::Told { device: device.id, at_ms: look.at_ms, fields: &fields(look) };
            audit::note_told(office, tx, device.worker, &told, &*look.doc)?;
        } else if beyond == 0 {
            audit::note(office, tx, device.worker, audit::Deed::LooksBeyond, Some(device.id.as_bytes()))?;
        }
        tx.count_look(device.id, &day, noted >= LOOKS_PER_DEVICE_DAY_MAX)?;
    }
    Ok(looks.iter().map(|look| look.id).collect())
}

/// The kind of the document and the names of its fields as the program knows them, in its order; others last.
fn fields(look: &Look) -> String {
    let kind = DocId::from_key(&*look.doc).map(|doc| doc.kind);
    let head = kind.and_then(|kind| kind_spec(kind).containers.first()).map_or(&[][..], |head| head.fields);
    let told = |name: &str| look.fields.iter().any(|told| told == name);
    let mut names: Vec<&str> = head.iter().map(|field| field.name).filter(|name| told(name)).collect();
    if look.fields.iter().any(|told| !names.contains(&told.as_str())) {
        names.push(OTHER);
    }
    format!("{} {}", kind.map_or(OTHER, Kind::name), names.join(","))
}
