//! The compressed envelope, and the frames that devices and office send.

use crate::world::Dice;
use minicbor::{Decode, Encode};
use proptest::prelude::*;
use qiaomen_proto::ids::{DeviceId, StreamId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::wire::auth::{SignedBy, reply_message, request_message, signature_from_text, signature_to_text};
use qiaomen_proto::wire::columns::Malformed;
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::pull::{Directive, Membership, Outcome, Progress, StreamState, SyncReply, Verdict};
use qiaomen_proto::wire::push::{Manifest, SyncRequest};
use std::io::Write as _;
use uuid::Uuid;

fn request() -> SyncRequest {
    SyncRequest {
        wire_version: 1,
        policy_version: 1,
        capabilities: 0,
        manifest: Manifest {
            pending_count: 98,
            app_version: "0.1.0".to_owned(),
            wall_ms: crate::world::NINE,
            last_contact_ms: 0,
            refetch_count: 1,
        },
        cursor: vec![1; 40],
        batch: vec![2; 500],
        keys: vec![3; 48],
        reference_version: 7,
        wants_feed: true,
        held: None,
        ..SyncRequest::default()
    }
}

fn reply() -> SyncReply {
    SyncReply {
        wire_version: 1,
        policy_version: 1,
        incarnation: [9; 16],
        now_ms: crate::world::NINE,
        verdicts: vec![
            Verdict { outcome: Outcome::Applied, code: 0, waits_for: None },
            Verdict { outcome: Outcome::Waiting, code: 21, waits_for: Some(0) },
            Verdict { outcome: Outcome::SendInFull, code: 0, waits_for: None },
        ],
        receipt: vec![1; 64],
        cursor: vec![2; 40],
        batch: vec![3; 500],
        arrived: vec![Membership { stream: 0, docs: vec![0, 1, 300] }],
        departed: vec![Membership { stream: 1, docs: Vec::new() }],
        streams: vec![StreamState { stream: StreamId::Community.to_text(), digest: [5; 16] }],
        keys: vec![4; 48],
        more: true,
        reference: vec![6; 70],
        directives: vec![Directive::FetchAgain, Directive::RenewActor, Directive::Wipe],
        progress: Some(Progress { done: 3, total: 270 }),
        fates: None,
        ..SyncReply::default()
    }
}

fn comes_back<T>(message: &T)
where
    T: PartialEq + std::fmt::Debug + Encode<()> + for<'b> Decode<'b, ()>,
{
    assert_eq!(&unpack::<T>(&pack(message), BODY_BYTES_MAX).unwrap(), message);
}

#[test]
fn every_message_comes_back_as_it_went() {
    comes_back(&request());
    comes_back(&reply());
    comes_back(&SyncReply::default());
    comes_back(&EnrolRequest {
        wire_version: 1,
        code: "8 位登记码".to_owned(),
        verify_key: [1; 32],
        box_key: [2; 32],
        actor: [3; 16],
        app_version: "0.1.0".to_owned(),
    });
    comes_back(&EnrolReply {
        device: [1; 16],
        worker: [2; 16],
        role: 4,
        office_verify_key: [3; 32],
        office_box_key: [4; 32],
        incarnation: [5; 16],
        now_ms: u64::MAX,
        utc_offset_s: -1,
    });
}

/// The request of a version to come: it says two more things, one of them with parts.
#[derive(Encode)]
#[cbor(map)]
struct RequestOfTheFuture {
    #[n(0)]
    wire_version: u16,
    #[n(1)]
    policy_version: u32,
    #[n(2)]
    capabilities: u64,
    #[n(3)]
    manifest: Manifest,
    #[cbor(n(4), with = "minicbor::bytes")]
    cursor: Vec<u8>,
    #[cbor(n(5), with = "minicbor::bytes")]
    batch: Vec<u8>,
    #[cbor(n(6), with = "minicbor::bytes")]
    keys: Vec<u8>,
    #[n(7)]
    reference_version: u64,
    #[n(8)]
    wants_feed: bool,
    #[n(20)]
    mood: String,
    #[n(21)]
    parts: Vec<Vec<u32>>,
}

#[test]
fn what_a_later_version_says_beside_is_passed_over() {
    let now = request();
    let later = RequestOfTheFuture {
        wire_version: now.wire_version,
        policy_version: now.policy_version,
        capabilities: now.capabilities,
        manifest: now.manifest.clone(),
        cursor: now.cursor.clone(),
        batch: now.batch.clone(),
        keys: now.keys.clone(),
        reference_version: now.reference_version,
        wants_feed: now.wants_feed,
        mood: "fine".to_owned(),
        parts: vec![vec![1, 2], vec![]],
    };
    assert_eq!(unpack::<SyncRequest>(&pack(&later), BODY_BYTES_MAX), Ok(now));
}

#[test]
fn a_bomb_is_refused_when_the_bound_is_reached() {
    // 1 GB of nothing in 100 KB.
    let mut bomb = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
    let nothing = vec![0; 1 << 20];
    for _ in 0..1024 {
        bomb.write_all(&nothing).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 200_000);
    assert_eq!(unpack::<SyncRequest>(&bomb, BODY_BYTES_MAX), Err(Malformed("larger than a body may be")));
    // The same in many frames one after the other.
    let frame = zstd::bulk::compress(&nothing, 3).unwrap();
    let many = frame.repeat(20);
    assert_eq!(unpack::<SyncRequest>(&many, BODY_BYTES_MAX), Err(Malformed("larger than a body may be")));
}

#[test]
fn a_frame_that_wants_a_window_larger_than_a_body_is_refused() {
    for (log, fits) in [(23, true), (24, false), (27, false)] {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(log).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(&minicbor::to_vec(request()).unwrap()).unwrap();
        encoder.flush().unwrap();
        let bytes = encoder.finish().unwrap();
        assert_eq!(unpack::<SyncRequest>(&bytes, BODY_BYTES_MAX).is_ok(), fits, "{log}");
    }
}

#[test]
fn a_message_is_the_whole_of_its_bytes() {
    let plain = minicbor::to_vec(request()).unwrap();
    let packed = |plain: &[u8]| zstd::bulk::compress(plain, 3).unwrap();
    assert!(unpack::<SyncRequest>(&packed(&plain), BODY_BYTES_MAX).is_ok());
    assert!(unpack::<SyncRequest>(&packed(&[&plain[..], &[0]].concat()), BODY_BYTES_MAX).is_err());
    assert!(unpack::<SyncRequest>(&packed(&plain[..plain.len() - 1]), BODY_BYTES_MAX).is_err());
    assert!(unpack::<SyncRequest>(&[&packed(&plain)[..], &[1, 2, 3]].concat(), BODY_BYTES_MAX).is_err());
    assert!(unpack::<SyncRequest>(&packed(&plain)[..40], BODY_BYTES_MAX).is_err());
    assert!(unpack::<SyncRequest>(&plain, BODY_BYTES_MAX).is_err(), "not compressed");
    assert!(unpack::<SyncRequest>(&[], BODY_BYTES_MAX).is_err());
}

#[test]
fn what_states_no_length_is_refused_before_it_is_looked_through() {
    // An unknown key whose value opens arrays without end.
    for opening in [0x9f, 0xbf, 0x5f, 0x7f] {
        let mut plain = vec![0xa1, 0x18, 0x63];
        plain.resize(100_000, opening);
        let packed = zstd::bulk::compress(&plain, 3).unwrap();
        assert_eq!(unpack::<SyncRequest>(&packed, BODY_BYTES_MAX), Err(Malformed("of no stated length")));
    }
    // Arrays of stated length, as deep: only counted.
    let mut plain = vec![0xa1, 0x18, 0x63];
    plain.resize(100_000, 0x82);
    let packed = zstd::bulk::compress(&plain, 3).unwrap();
    assert!(unpack::<SyncRequest>(&packed, BODY_BYTES_MAX).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_unpacked_or_refused(plain in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = unpack::<SyncRequest>(&plain, BODY_BYTES_MAX);
        let packed = zstd::bulk::compress(&plain, 1).unwrap();
        let _ = unpack::<SyncRequest>(&packed, BODY_BYTES_MAX);
        let _ = unpack::<SyncReply>(&packed, BODY_BYTES_MAX);
        let _ = unpack::<EnrolRequest>(&packed, BODY_BYTES_MAX);
    }

    #[test]
    fn honest_messages_changed_on_the_way_are_unpacked_or_refused(seed: u64) {
        let mut dice = Dice(seed);
        let mut plain = minicbor::to_vec(reply()).unwrap();
        for _ in 0..=dice.below(3) {
            let at = dice.below(plain.len());
            plain[at] = dice.roll().to_be_bytes()[0];
        }
        let mut packed = zstd::bulk::compress(&plain, 1).unwrap();
        let _ = unpack::<SyncReply>(&packed, BODY_BYTES_MAX);
        let at = dice.below(packed.len());
        packed[at] ^= 1 << dice.below(8);
        let _ = unpack::<SyncReply>(&packed, BODY_BYTES_MAX);
    }

    #[test]
    fn the_header_comes_back_as_it_went_and_strange_ones_are_refused(
        device: [u8; 16], counter: u64, half: [u8; 32], strange: String,
    ) {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&half);
        let signed = SignedBy { device: DeviceId::from_bytes(device), counter, signature };
        prop_assert_eq!(SignedBy::parse(&signed.to_text()), Some(signed.clone()));
        let ending = signed.to_text() + " ";
        prop_assert_eq!(SignedBy::parse(&ending), None);
        prop_assert_eq!(SignedBy::parse(&strange), None);
        prop_assert_eq!(signature_from_text(&signature_to_text(&signature)), Some(signature));
    }
}

#[test]
fn what_is_signed_tells_path_count_and_body_apart() {
    let messages = [
        request_message("/v1/sync", 1, b"body"),
        request_message("/v1/sync", 2, b"body"),
        request_message("/v1/sync", 1, b"bod"),
        request_message("/v1/syn", 1, b"body"),
        reply_message(DeviceId(Uuid::from_u128(1)), 1, b"body"),
        reply_message(DeviceId(Uuid::from_u128(2)), 1, b"body"),
        reply_message(DeviceId(Uuid::from_u128(1)), 2, b"body"),
    ];
    let different: std::collections::BTreeSet<_> = messages.iter().collect();
    assert_eq!(different.len(), messages.len());
}
