//! Keys, sealed values, boxes, blind indexes, signatures.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use proptest::prelude::*;
use qiaomen_proto::limits::KEYS_PER_MESSAGE_MAX;
use qiaomen_proto::seal::{
    BOX_OVERHEAD_BYTES, BadSignature, BlindKey, BlindKind, BoxError, BoxPublic, BoxSecret, BundleError, KeyBundle,
    KeyRing, OpenError, SEAL_OVERHEAD_BYTES, SigningSecret, SubjectKey, VerifyKey, WrapKey, open_with, seal_to,
};
use uuid::Uuid;

const WANG: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
const LI: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);

fn key(byte: u8) -> SubjectKey {
    SubjectKey::from_bytes([byte; 32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_same_value_of_one_field_gives_the_same_bytes_and_opens() {
    let sealed = key(1).seal(&WANG, "phone", b"13669074391");
    assert_eq!(sealed, key(1).seal(&WANG, "phone", b"13669074391"));
    assert_eq!(sealed.len(), 11 + SEAL_OVERHEAD_BYTES);
    assert_eq!(key(1).open(&WANG, "phone", &sealed).unwrap(), b"13669074391");
}

#[test]
fn a_sealed_value_does_not_open_for_another_person_field_or_key() {
    let sealed = key(1).seal(&WANG, "phone", b"13669074391");
    assert_eq!(key(1).open(&LI, "phone", &sealed), Err(OpenError::NotAuthentic));
    assert_eq!(key(1).open(&WANG, "phone2", &sealed), Err(OpenError::NotAuthentic));
    assert_eq!(key(2).open(&WANG, "phone", &sealed), Err(OpenError::NotAuthentic));
}

#[test]
fn sealed_bytes_key_ids_and_blind_entries_are_those_of_the_first_release() {
    let all: Vec<String> = [
        key(7).id().0.to_vec(),
        key(7).seal(&WANG, "name", "王芳".as_bytes()),
        key(7).seal(&WANG, "note", b""),
        WrapKey::from_bytes([8; 32]).wrap(&WANG, &key(7)),
        BoxSecret::from_bytes([9; 32]).public().0.to_vec(),
        seal_to(&BoxSecret::from_bytes([9; 32]).public(), b"info", b"aad", b"keys", [3; 32]).unwrap(),
        SigningSecret::from_bytes([5; 32]).sign(b"receipt", b"message").to_vec(),
    ]
    .into_iter()
    .chain(BlindKind::ALL.map(|kind| BlindKey::from_bytes([6; 32]).blind(kind, "0964").to_vec()))
    .map(|bytes| hex(&bytes))
    .collect();
    insta::assert_snapshot!(all.join("\n"), @"
    32900d917acc34a9
    4d755eaaad27dbe1432727351340f8704a75614fab52
    a3d18f8f3c837380f3369d12483320dd
    518aa36a6b41af942fd55e811fed52dd4b897423c631394c30b24e0a740f54269497383a99ce319f4e32a970bb8db4d3
    de8923a675d02180cdd7d0097ba404b9e1e2930d5665cba58d1765006361793b
    69d4adabd6213d1fde927f2ac434df8c3d0a4bcdf5769a8fa3f56b3c96258d09ac26710447d146b74858241dac9545160d9370f1
    e774a1596337f2f4a74a249816d711edeccdd89d6555eb542600e58181b882c1ad5acb48f7f823e833811539654944f71fb4d131896c49f30bb8983d95f88106
    3279b6d87b5c905259075a33bc416d6b
    eadfeec7a3a865c39fd9c88dd23b74df
    33b2ad396cf23eebd03c56cc4292f440
    17d5e44608fc1efc9c4cc40aab02f6c0
    16d30aeab989c059cfdd5121a5e3205c
    a8d4f1b9fbf2db6f667181cd8b472af5
    ");
}

#[test]
fn debug_never_shows_a_secret() {
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        SubjectKey::from_bytes([0x41; 32]),
        WrapKey::from_bytes([0x41; 32]),
        BlindKey::from_bytes([0x41; 32]),
        BoxSecret::from_bytes([0x41; 32]),
        SigningSecret::from_bytes([0x41; 32]),
        KeyBundle { keys: vec![(Uuid::nil(), SubjectKey::from_bytes([0x41; 32]))] },
    );
    assert!(!shown.contains("41") && !shown.contains("65"), "{shown}");
}

#[test]
fn a_door_made_twice_offline_opens_under_both_keys_and_all_seal_under_one() {
    let mut ring = KeyRing::new();
    assert_eq!(ring.open(&WANG, "note", b""), Err(OpenError::NoKey));
    assert!(ring.seal(&WANG, "note", b"x").is_none());
    assert!(ring.insert(WANG, key(1)));
    assert!(ring.insert(WANG, key(2)));
    assert!(!ring.insert(WANG, key(1)));
    for made_by in [1, 2] {
        let sealed = key(made_by).seal(&WANG, "note", "门铃坏了".as_bytes());
        assert_eq!(ring.open(&WANG, "note", &sealed).unwrap(), "门铃坏了".as_bytes());
    }
    let smallest = if key(1).id() < key(2).id() { key(1) } else { key(2) };
    assert_eq!(ring.sealing_key(&WANG), Some(&smallest));
    assert_eq!(ring.seal(&WANG, "note", b"x"), Some(smallest.seal(&WANG, "note", b"x")));
    let mut other_order = KeyRing::new();
    other_order.extend([(WANG, key(2)), (WANG, key(1))]);
    assert_eq!(other_order.sealing_key(&WANG), Some(&smallest));
    assert!(ring.iter().eq(other_order.iter()));
    assert_eq!((ring.len(), ring.is_empty()), (2, false));
}

#[test]
fn when_the_keys_of_a_subject_are_gone_its_values_are_dark() {
    let mut ring = KeyRing::new();
    ring.extend([(WANG, key(1)), (WANG, key(2)), (LI, key(3))]);
    let sealed = ring.seal(&WANG, "name", b"x").unwrap();
    assert!(ring.remove_subject(&WANG));
    assert!(!ring.remove_subject(&WANG));
    assert_eq!(ring.open(&WANG, "name", &sealed), Err(OpenError::NoKey));
    assert!(ring.contains(&LI, key(3).id()) && !ring.contains(&WANG, key(1).id()));
    assert_eq!(ring.keys_of(&WANG).count(), 0);
}

#[test]
fn a_box_opens_only_for_its_receiver_purpose_and_message() {
    let (office, other) = (BoxSecret::from_bytes([1; 32]), BoxSecret::from_bytes([2; 32]));
    let boxed = seal_to(&office.public(), b"push keys", b"push 17", b"secret", [3; 32]).unwrap();
    assert_eq!(boxed.len(), 6 + BOX_OVERHEAD_BYTES);
    assert_eq!(open_with(&office, b"push keys", b"push 17", &boxed).unwrap().as_slice(), b"secret");
    assert_eq!(open_with(&other, b"push keys", b"push 17", &boxed), Err(BoxError::NotAuthentic));
    assert_eq!(open_with(&office, b"pull keys", b"push 17", &boxed), Err(BoxError::NotAuthentic));
    assert_eq!(open_with(&office, b"push keys", b"push 18", &boxed), Err(BoxError::NotAuthentic));
    assert_eq!(open_with(&office, b"push keys", b"push 17", &boxed[..47]), Err(BoxError::CutShort));
    for at in 0..boxed.len() {
        let mut changed = boxed.clone();
        changed[at] ^= 1;
        assert_eq!(open_with(&office, b"push keys", b"push 17", &changed), Err(BoxError::NotAuthentic), "byte {at}");
    }
}

#[test]
fn a_seed_used_twice_by_mistake_still_gives_two_messages_two_key_streams() {
    let office = BoxSecret::from_bytes([1; 32]).public();
    let first = seal_to(&office, b"i", b"a", b"message one", [3; 32]).unwrap();
    let second = seal_to(&office, b"i", b"a", b"message two", [3; 32]).unwrap();
    assert_ne!(first[..32], second[..32]);
    assert_eq!(first, seal_to(&office, b"i", b"a", b"message one", [3; 32]).unwrap());
}

#[test]
fn a_public_key_that_hides_nothing_is_refused() {
    assert_eq!(seal_to(&BoxPublic([0; 32]), b"i", b"a", b"m", [3; 32]), Err(BoxError::PublicKey));
}

#[test]
fn a_bundle_comes_back_and_ends_at_its_limit() {
    let bundle: KeyBundle = [(WANG, key(1)), (LI, key(2)), (WANG, key(3))].into_iter().collect();
    let bytes = bundle.encode().unwrap();
    assert_eq!(bytes.len(), 3 * 48);
    assert_eq!(KeyBundle::decode(&bytes).unwrap(), bundle);
    assert_eq!(KeyBundle::decode(&[]).unwrap(), KeyBundle::default());
    assert_eq!(KeyBundle::decode(&bytes[..47]), Err(BundleError::NotWhole(47)));

    let full = KeyBundle { keys: vec![(WANG, key(1)); KEYS_PER_MESSAGE_MAX] };
    assert_eq!(KeyBundle::decode(&full.encode().unwrap()).unwrap().keys.len(), KEYS_PER_MESSAGE_MAX);
    let past = KeyBundle { keys: vec![(WANG, key(1)); KEYS_PER_MESSAGE_MAX + 1] };
    assert_eq!(past.encode().unwrap_err(), BundleError::TooMany(KEYS_PER_MESSAGE_MAX + 1));
    assert_eq!(
        KeyBundle::decode(&vec![0; 48 * (KEYS_PER_MESSAGE_MAX + 1)]),
        Err(BundleError::TooMany(KEYS_PER_MESSAGE_MAX + 1))
    );
}

#[test]
fn a_wrapped_key_unwraps_for_its_subject_only() {
    let store = WrapKey::from_bytes([8; 32]);
    let wrapped = store.wrap(&WANG, &key(1));
    assert_eq!(wrapped.len(), 48);
    assert_eq!(store.unwrap(&WANG, &wrapped).unwrap(), key(1));
    assert_eq!(store.unwrap(&LI, &wrapped), Err(OpenError::NotAuthentic));
    assert_eq!(WrapKey::from_bytes([9; 32]).unwrap(&WANG, &wrapped), Err(OpenError::NotAuthentic));
    assert_eq!(store.unwrap(&WANG, &wrapped[..10]), Err(OpenError::NotAuthentic));
}

#[test]
fn a_wrap_key_and_a_subject_key_of_the_same_bytes_open_nothing_of_each_other() {
    let wrapped = WrapKey::from_bytes([1; 32]).wrap(&WANG, &key(2));
    assert_eq!(key(1).open(&WANG, "subject key", &wrapped), Err(OpenError::NotAuthentic));
}

#[test]
fn the_indexes_of_two_kinds_share_no_entry() {
    let index = BlindKey::from_bytes([6; 32]);
    let entries: std::collections::BTreeSet<_> = BlindKind::ALL.map(|kind| index.blind(kind, "3533")).into();
    assert_eq!(entries.len(), BlindKind::ALL.len());
    assert_ne!(index.blind(BlindKind::Phone, "1"), BlindKey::from_bytes([7; 32]).blind(BlindKind::Phone, "1"));
    for kind in BlindKind::ALL {
        assert_eq!(BlindKind::from_number(kind.number()), Some(kind));
    }
    assert_eq!(BlindKind::from_number(0), None);
}

#[test]
fn a_signature_holds_for_its_message_purpose_and_signer() {
    let device = SigningSecret::from_bytes([5; 32]);
    let signature = device.sign(b"request", b"message");
    let verify = device.verify_key();
    assert_eq!(verify.verify(b"request", b"message", &signature), Ok(()));
    assert_eq!(verify.verify(b"request", b"massage", &signature), Err(BadSignature));
    assert_eq!(verify.verify(b"receipt", b"message", &signature), Err(BadSignature));
    // The border between purpose and message is part of what is signed.
    assert_eq!(verify.verify(b"requestm", b"essage", &signature), Err(BadSignature));
    let other = SigningSecret::from_bytes([6; 32]).verify_key();
    assert_eq!(other.verify(b"request", b"message", &signature), Err(BadSignature));
    assert_eq!(VerifyKey([0; 32]).verify(b"request", b"message", &signature), Err(BadSignature));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sealed_opens_and_whatever_is_changed_does_not(
        secret: [u8; 32], subject: u128, field in "[a-z_]{1,20}",
        plain in prop::collection::vec(any::<u8>(), 0..200), at: prop::sample::Index,
    ) {
        let (key, subject) = (SubjectKey::from_bytes(secret), Uuid::from_u128(subject));
        let mut sealed = key.seal(&subject, &field, &plain);
        prop_assert_eq!(key.open(&subject, &field, &sealed), Ok(plain));
        let at = at.index(sealed.len());
        sealed[at] ^= 0x10;
        prop_assert_eq!(key.open(&subject, &field, &sealed), Err(OpenError::NotAuthentic));
    }

    #[test]
    fn strange_bytes_open_as_nothing(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        prop_assert!(key(1).open(&WANG, "name", &bytes).is_err());
        prop_assert!(open_with(&BoxSecret::from_bytes([1; 32]), b"i", b"a", &bytes).is_err());
        prop_assert!(WrapKey::from_bytes([1; 32]).unwrap(&WANG, &bytes).is_err());
        if let Ok(bundle) = KeyBundle::decode(&bytes) {
            let again = bundle.encode().unwrap();
            prop_assert_eq!(again.as_slice(), bytes.as_slice());
        }
    }
}
