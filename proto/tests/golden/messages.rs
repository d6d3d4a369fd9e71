//! Every message with every field that it can have, and what travels in boxes: `evening.txt` has the ones of
//! a plain evening. A field that a later release adds is optional and stands in a file of its own release: these
//! lines never change, and are read for ever.

use crate::{hex, is_as_in};
use chrono::NaiveDate;
use minicbor::{Decode, Encode};
use qiaomen_proto::change::ChangeHash;
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, NotePayload, Outcome as Met};
use qiaomen_proto::ids::{CommandId, DeviceId, DocId, Kind};
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::reference::{BuildingInfo, GridInfo, MicroGridInfo, Reference, WorkerInfo};
use qiaomen_proto::seal::{BoxSecret, KeyBundle, SigningSecret, SubjectKey, open_with, seal_to};
use qiaomen_proto::wire::auth::{RECEIPT_CONTEXT, REPLY_CONTEXT, REQUEST_CONTEXT, reply_message, request_message};
use qiaomen_proto::wire::enrol::{EnrolReply, EnrolRequest};
use qiaomen_proto::wire::heal::{AgainReason, GiveBack, GivenFate, GivenProof, HeadsOf, PAIR_BYTES, Part};
use qiaomen_proto::wire::pull::{
    Directive, Fate, Membership, Outcome, Progress, StreamState, SyncReply, Verdict, receipt_message,
};
use qiaomen_proto::wire::push::{KEYS_DOWN_INFO, KEYS_UP_INFO, Manifest, SyncRequest};
use qiaomen_proto::wire::rescue::{Rescued, open_record, read_records, seal_record};
use std::fmt::{Debug, Write as _};
use uuid::Uuid;

const NINE: u64 = 1_676_682_000_000;

fn device() -> DeviceId {
    DeviceId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001))
}
fn command() -> CommandId {
    CommandId::at(NINE, [7; 10])
}

/// A message as it stands in a body, before it is compressed. It is read back as the same.
fn message<M: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug>(message: &M) -> Vec<u8> {
    let bytes = minicbor::to_vec(message).unwrap();
    assert_eq!(minicbor::decode::<M>(&bytes).unwrap(), *message);
    bytes
}

#[allow(clippy::needless_update, reason = "a field of a later release is not in these bytes")]
fn request() -> SyncRequest {
    let manifest = Manifest {
        pending_count: 2,
        app_version: "0.1.0".to_owned(),
        wall_ms: NINE,
        last_contact_ms: NINE - 1,
        refetch_count: 3,
    };
    SyncRequest {
        wire_version: 1,
        policy_version: 1,
        capabilities: 5,
        manifest,
        cursor: vec![1, 2, 3],
        batch: vec![9; 3],
        keys: vec![4, 5],
        reference_version: 6,
        wants_feed: true,
        held: Some(vec![(*command().as_bytes()).into()]),
        heads: Some(vec![HeadsOf { doc: [1; 17].into(), heads: vec![2; 16] }]),
        again: Some(AgainReason::Restored.number()),
        give_back: Some(give_back()),
        ..SyncRequest::default()
    }
}

#[allow(clippy::needless_update, reason = "a field of a later release is not in these bytes")]
fn give_back() -> GiveBack {
    let proof = |n: u8| GivenProof {
        incarnation: [7; 16].into(),
        digests: vec![[n; 32].into(), [n + 1; 32].into()],
        signature: vec![8; 64],
    };
    GiveBack {
        batch: vec![9; 3],
        parts: vec![Part { proof: 1, pairs: vec![4; PAIR_BYTES] }],
        proofs: vec![proof(3), proof(5)],
        keys: vec![4, 5],
        finished: vec![[1; 17].into()],
        last: Some(vec![[1; 17].into()]),
        ..GiveBack::default()
    }
}

#[allow(clippy::needless_update, reason = "a field of a later release is not in these bytes")]
fn reply() -> SyncReply {
    let outcomes = [
        Outcome::Applied,
        Outcome::Duplicate,
        Outcome::Waiting,
        Outcome::Rejected,
        Outcome::Quarantined,
        Outcome::SendInFull,
    ];
    let verdict = |outcome| Verdict { outcome, code: 21, waits_for: (outcome == Outcome::Waiting).then_some(3) };
    SyncReply {
        wire_version: 1,
        policy_version: 1,
        incarnation: [7; 16],
        now_ms: NINE,
        verdicts: outcomes.map(verdict).to_vec(),
        receipt: vec![8; 64],
        cursor: vec![1, 2, 3],
        batch: vec![9; 3],
        arrived: vec![Membership { stream: 0, docs: vec![0, 2] }],
        departed: vec![Membership { stream: 1, docs: vec![1] }],
        streams: vec![StreamState { stream: "c".to_owned(), digest: [6; 16] }],
        keys: vec![4, 5],
        more: true,
        reference: vec![3; 2],
        directives: vec![Directive::FetchAgain, Directive::RenewActor, Directive::Wipe],
        progress: Some(Progress { done: 28, total: 100 }),
        fates: Some(vec![Fate { command: (*command().as_bytes()).into(), outcome: Outcome::Rejected, code: 33 }]),
        wanted: Some(vec![[1; 17].into()]),
        proof: vec![8; 64],
        position: 900,
        backed_up: 800,
        given: Some(vec![GivenFate::Has, GivenFate::NotYet, GivenFate::Otherwise]),
        ..SyncReply::default()
    }
}

#[allow(clippy::needless_update, reason = "a field of a later release is not in these bytes")]
fn reference() -> Reference {
    Reference {
        version: 4,
        community: "和顺社区".to_owned(),
        region_code: "150782001001".to_owned(),
        grids: vec![GridInfo {
            id: [1; 16].into(),
            name: "第一网格".to_owned(),
            grid_type: Some("志愿型".to_owned()),
            code: "001".to_owned(),
            quota: Some(300),
        }],
        buildings: vec![BuildingInfo { id: [2; 16].into(), name: "1号楼".to_owned(), grid: [1; 16].into() }],
        workers: vec![WorkerInfo {
            id: [3; 16].into(),
            role: 4,
            name: vec![5; 3],
            grids: vec![[1; 16].into()],
            department: Some("民政".to_owned()),
        }],
        categories: vec!["路灯损坏".to_owned()],
        utc_offset_s: 28_800,
        micro_grids: vec![MicroGridInfo {
            id: [4; 16].into(),
            grid: [1; 16].into(),
            name: "第一微网格".to_owned(),
            buildings: vec![[2; 16].into()],
        }],
        ..Reference::default()
    }
}

#[test]
fn every_message_is_the_bytes_of_the_first_release() {
    let mut now = String::new();
    let mut line = |name: &str, bytes: &[u8]| writeln!(now, "{name} {}", hex(bytes)).unwrap();
    line("sync_request", &message(&request()));
    line("sync_reply", &message(&reply()));
    line(
        "enrol_request",
        &message(&EnrolRequest {
            wire_version: 1,
            code: "7F3K9QXM".to_owned(),
            verify_key: [1; 32],
            box_key: [2; 32],
            actor: [3; 16],
            app_version: "0.1.0".to_owned(),
        }),
    );
    line(
        "enrol_reply",
        &message(&EnrolReply {
            device: *device().as_bytes(),
            worker: [4; 16],
            role: 4,
            office_verify_key: [5; 32],
            office_box_key: [6; 32],
            incarnation: [7; 16],
            now_ms: NINE,
            utc_offset_s: 28_800,
        }),
    );
    line("reference", &message(&reference()));
    let note = NotePayload { text: vec![1, 2, 3] };
    line("note", &record::to_bytes(&note));
    let entry = EntryPayload {
        kind: EntryKind::Visit,
        outcome: Met::NotHome,
        household: Some(vec![1; 16]),
        note: Some(vec![2; 3]),
        building: None,
    };
    line("entry", &record::to_bytes(&entry));
    let event = EventPayload {
        kind: EventKind::from_number(6),
        party: Some("物业".to_owned()),
        due_on: NaiveDate::from_ymd_opt(2023, 2, 20),
        satisfaction: Some(2),
        other: Some(Uuid::from_u128(9)),
        text: Some(vec![3; 3]),
        large: Some(true),
        department: None,
    };
    line("event", &record::to_bytes(&event));
    let for_a_department = EventPayload { department: Some("住建".to_owned()), ..event };
    line("event_for_a_department", &record::to_bytes(&for_a_department));
    is_as_in("proto/tests/golden/messages.txt", &now);
}

#[test]
fn what_is_signed_boxed_and_rescued_is_the_bytes_of_the_first_release() {
    let (office, phone) = (BoxSecret::from_bytes([9; 32]), BoxSecret::from_bytes([8; 32]));
    let signing = SigningSecret::from_bytes([5; 32]);
    let bundle = KeyBundle { keys: vec![(Uuid::from_u128(1), SubjectKey::from_bytes([2; 32]))] };
    let bundle = bundle.encode().unwrap();
    let mut now = String::new();
    let mut line = |name: &str, bytes: &[u8]| writeln!(now, "{name} {}", hex(bytes)).unwrap();
    line("key_bundle", &bundle);
    for (name, secret, info) in [("keys_up", &office, KEYS_UP_INFO), ("keys_down", &phone, KEYS_DOWN_INFO)] {
        let boxed = seal_to(&secret.public(), info, device().as_bytes(), &bundle, [3; 32]).unwrap();
        assert_eq!(*open_with(secret, info, device().as_bytes(), &boxed).unwrap(), *bundle);
        line(name, &boxed);
    }
    let rescued = Rescued { batch: vec![1; 5], keys: bundle.to_vec(), intent: r#"{"intent":"visit"}"#.to_owned() };
    let record = seal_record(&office.public(), command(), &rescued, [4; 32]).unwrap();
    let (records, damaged) = read_records(&record);
    assert_eq!((records.len(), damaged), (1, 0));
    assert_eq!(open_record(&office, &records[0]).unwrap(), rescued);
    line("rescue_record", &record);
    for (name, context, what) in [
        ("request_signature", REQUEST_CONTEXT, request_message("/v1/sync", 12, b"body")),
        ("reply_signature", REPLY_CONTEXT, reply_message(device(), 12, b"body")),
        ("receipt_signature", RECEIPT_CONTEXT, receipt_message(&[7; 16], device(), 12, &[[1; 8], [2; 8]])),
    ] {
        line(name, &signing.sign(context, &what));
    }
    let signed = reference().sign(&signing);
    assert_eq!(Reference::open(&signed, &signing.verify_key()).unwrap(), reference());
    line("reference_signed", &signed);
    let heads = [ChangeHash([1; 32]), ChangeHash([2; 32])];
    for kind in Kind::ALL {
        let doc = DocId::new(kind, Uuid::from_u128(7));
        line("digest_of_heads", &Digest::of(doc, &heads).to_bytes());
        line("command_check", &check_of(&[(doc, heads[0]), (doc, heads[1])]));
    }
    is_as_in("proto/tests/golden/sealed.txt", &now);
}
