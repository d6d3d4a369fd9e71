//! What travels sealed, boxed or signed. Fuzzing finds no key: so each input is taken twice, once as it
//! came, and once as what an honest key would have let through.

use qiaomen_proto::ids::{BuildingId, CommandId, GridId, Subject, WorkerId};
use qiaomen_proto::limits::KEYS_PER_MESSAGE_MAX;
use qiaomen_proto::reference::{REFERENCE_CONTEXT, Reference};
use qiaomen_proto::seal::{
    BOX_OVERHEAD_BYTES, BoxPublic, BoxSecret, KeyBundle, KeyRing, SEAL_OVERHEAD_BYTES, SigningSecret, SubjectKey,
    VerifyKey, WrapKey, open_with, seal_to,
};
use qiaomen_proto::wire::push::{KEYS_UP_INFO, RESCUE_INFO};
use qiaomen_proto::wire::rescue::{Record, open_record, read_records, seal_record};

/// The office of the published bytes.
fn office() -> BoxSecret {
    BoxSecret::from_bytes([9; 32])
}

/// A rescue file: every byte belongs to one whole record, or to none.
pub(crate) fn rescue(bytes: &[u8]) {
    let (records, damaged) = read_records(bytes);
    let whole: Vec<&[u8]> = records.iter().map(|record| record.whole).collect();
    let file = whole.concat();
    assert_eq!(file.len() + damaged, bytes.len());
    assert_eq!(read_records(&file), (records.clone(), 0), "whole records alone are an undamaged file");
    // Opening costs: of a file full of records, the first few.
    for record in records.iter().take(4) {
        opens(record);
    }
    // And as what stands in a record that an enrolled device boxed.
    let command = CommandId::from_bytes([7; 16]);
    let boxed = seal_to(&office().public(), RESCUE_INFO, command.as_bytes(), bytes, [4; 32]).expect("an honest key");
    opens(&Record { command, boxed: &boxed, whole: &boxed });
}

fn opens(record: &Record<'_>) {
    let Ok(rescued) = open_record(&office(), record) else { return };
    let again = seal_record(&office().public(), record.command, &rescued, [4; 32]).expect("an honest key");
    let (records, damaged) = read_records(&again);
    assert_eq!((records.len(), damaged), (1, 0));
    assert_eq!(open_record(&office(), &records[0]).expect("an honest record"), rescued);
}

/// Keys, sealed values, boxes, signatures.
pub(crate) fn sealed(bytes: &[u8]) {
    if let Ok(bundle) = KeyBundle::decode(bytes) {
        assert!(bundle.keys.len() <= KEYS_PER_MESSAGE_MAX);
        assert_eq!(bundle.encode().expect("no more keys than were read")[..], *bytes);
    }
    let (subject, key) = (Subject::from_bytes([1; 16]), SubjectKey::from_bytes([2; 32]));
    if let Ok(plain) = key.open(&subject, "phone", bytes) {
        assert_eq!(key.seal(&subject, "phone", &plain), bytes, "the same value, the same bytes");
    }
    let value = key.seal(&subject, "phone", bytes);
    assert_eq!(value.len(), bytes.len() + SEAL_OVERHEAD_BYTES);
    let mut ring = KeyRing::new();
    ring.insert(subject, key.clone());
    assert_eq!(ring.open(&subject, "phone", &value).as_deref(), Ok(bytes));
    assert!(ring.open(&subject, "name", &value).is_err(), "a value of one field is none of another");
    let wrap = WrapKey::from_bytes([3; 32]);
    if let Ok(unwrapped) = wrap.unwrap(&subject, bytes) {
        assert_eq!(wrap.wrap(&subject, &unwrapped), bytes);
    }
    boxed(bytes);
    signed(bytes);
}

fn boxed(bytes: &[u8]) {
    let secret = office();
    if let Ok(plain) = open_with(&secret, KEYS_UP_INFO, &[1; 16], bytes) {
        assert_eq!(plain.len() + BOX_OVERHEAD_BYTES, bytes.len());
    }
    // To a key that somebody else names; it may be no usable point.
    let Some((key, plain)) = bytes.split_first_chunk::<32>() else { return };
    if let Ok(made) = seal_to(&BoxPublic(*key), KEYS_UP_INFO, &[1; 16], plain, [4; 32]) {
        assert_eq!(made.len(), plain.len() + BOX_OVERHEAD_BYTES);
        assert!(open_with(&secret, KEYS_UP_INFO, &[1; 16], &made).is_err() || *key == secret.public().0);
    }
}

fn signed(bytes: &[u8]) {
    let Some((key, rest)) = bytes.split_first_chunk::<32>() else { return };
    let Some((signature, message)) = rest.split_first_chunk::<64>() else { return };
    let theirs = VerifyKey(*key);
    if theirs.verify(b"qiaomen request 1", message, signature).is_ok() {
        assert!(theirs.verify(b"qiaomen reply 1", message, signature).is_err(), "one purpose is not another");
    }
    let ours = SigningSecret::from_bytes([5; 32]);
    assert!(ours.verify_key().verify(b"qiaomen reply 1", message, signature).is_err(), "nobody forges by chance");
}

/// Reference data, as it came and as the office would have signed it.
pub(crate) fn reference(bytes: &[u8]) {
    let office = SigningSecret::from_bytes([5; 32]);
    let mut signed = office.sign(REFERENCE_CONTEXT, bytes).to_vec();
    signed.extend_from_slice(bytes);
    for bytes in [bytes, &signed] {
        let Ok(reference) = Reference::open(bytes, &office.verify_key()) else { continue };
        assert_eq!(Reference::open(&reference.sign(&office), &office.verify_key()).as_ref(), Ok(&reference));
        for building in &reference.buildings {
            let id = BuildingId::from_bytes(*building.id);
            assert!(reference.grid_of(id).is_some());
            reference.micro_grid_of(id);
        }
        for worker in &reference.workers {
            assert!(reference.worker(WorkerId::from_bytes(*worker.id)).is_some());
            worker.role();
            for grid in &worker.grids {
                reference.grid(GridId::from_bytes(**grid));
            }
        }
    }
}
