//! A few commands of an evening: as changes, on the wire, in databases, in receipts.

use crate::{hex, is_as_in};
use qiaomen_proto::change::command::check_of;
use qiaomen_proto::change::{Author, Command, Edit, Hlc, Path, Scalar, Stamp, TypedChange, keys};
use qiaomen_proto::entity::record::{
    self, EntryKind, EntryPayload, LinkPayload, NotePayload, Outcome, RefusalPayload, TagPayload,
};
use qiaomen_proto::entity::{diary, household, resident};
use qiaomen_proto::ids::{Actor, CommandId, DeviceId, DocId, Kind, Role, WorkerId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::merge::decision::decide;
use qiaomen_proto::merge::digest::Digest;
use qiaomen_proto::merge::taken_back;
use qiaomen_proto::wire::auth::{SignedBy, reply_message, request_message};
use qiaomen_proto::wire::batch::{BatchWriter, Form};
use qiaomen_proto::wire::pull::{Directive, Outcome as Verdicts, SyncReply, Verdict, receipt_message};
use qiaomen_proto::wire::push::{Manifest, SyncRequest};
use qiaomen_proto::wire::rebuild::rebuild;
use qiaomen_proto::wire::unbatch::{DocRef, DraftBatch};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use uuid::Uuid;

const NINE: u64 = 1_676_682_000_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x6e0c_2a1e_5c0f_4f5d_9a37_0000_0000_0000 + n)
}

fn door() -> DocId {
    DocId::new(Kind::Household, id(1))
}
fn wang_fang() -> DocId {
    DocId::new(Kind::Resident, id(2))
}
fn diary() -> DocId {
    DocId::new(Kind::Diary, id(3))
}

fn author(n: u128, role: Role) -> Author {
    Author { worker: WorkerId(id(10 + n)), role, device: DeviceId(id(20 + n)) }
}

fn put(container: u8, key: &str, value: Scalar) -> Edit {
    Edit { path: Path::new(container, key), value }
}

/// The commands in the order in which they were made, and the registers after them: a door with an
/// occupancy and a note, a resident, a visit, then one phone number from two phones, and the decision.
fn evening() -> (Vec<Command>, BTreeMap<DocId, Register>) {
    let mut registers: BTreeMap<DocId, Register> =
        [door(), wang_fang(), diary()].into_iter().map(|d| (d, Register::genesis(d))).collect();
    let mut commands = Vec::new();
    let mut write =
        |registers: &BTreeMap<DocId, Register>, n: u8, by: Author, actor: u8, edits: Vec<(DocId, Vec<Edit>)>| {
            let wall_ms = NINE + u64::from(n) * 60_000;
            let stamp = Stamp { at: Hlc { wall_ms, counter: 0 }, by, command: CommandId::at(wall_ms, [n; 10]) };
            let changes =
                edits.into_iter().map(|(d, e)| registers[&d].make_change(Actor([actor; 16]), stamp, e)).collect();
            commands.push(Command { stamp, changes });
            commands[commands.len() - 1].clone()
        };
    let apply = |registers: &mut BTreeMap<DocId, Register>, command: &Command| {
        for change in &command.changes {
            let hash = change.hash().unwrap();
            let register = registers.get_mut(&change.doc).unwrap();
            assert_eq!(register.fit(change, &hash), Ok(()));
            register.apply(change, hash);
        }
    };
    let (wang, li, clerk) = (author(1, Role::GridWorker), author(2, Role::GridLeader), author(3, Role::Office));
    let own = |n: u8, ordinal| keys::record_key(CommandId::at(NINE + u64::from(n) * 60_000, [n; 10]), ordinal);
    let text = |t: &str| Scalar::Str(t.to_owned());
    let bytes = |b: Vec<u8>| Scalar::Bytes(b);
    let first = write(
        &registers,
        1,
        wang,
        1,
        vec![
            (
                door(),
                vec![
                    put(household::FIELDS, "building", text(&id(30).to_string())),
                    put(household::FIELDS, "unit", text("1")),
                    put(household::FIELDS, "room", text("101")),
                    put(household::FIELDS, "people_count", Scalar::Uint(3)),
                    put(household::OCCUPANCIES, &keys::row_key(&own(1, 0), "kind"), text("自住")),
                    put(household::NOTES, &own(1, 1), bytes(record::to_bytes(&NotePayload { text: vec![5; 30] }))),
                ],
            ),
            (
                wang_fang(),
                vec![
                    put(resident::FIELDS, "name", bytes(vec![6; 22])),
                    put(resident::FIELDS, "identity", Scalar::Int(-1)),
                    put(resident::FIELDS, "phone", bytes(vec![7; 27])),
                    put(resident::FIELDS, "employer", Scalar::Int(-2)),
                    put(resident::FIELDS, "consent", Scalar::Bool(true)),
                    put(resident::FIELDS, "of_the_future", Scalar::Null),
                ],
            ),
        ],
    );
    apply(&mut registers, &first);
    let entry = EntryPayload {
        kind: EntryKind::Visit,
        outcome: Outcome::Met,
        household: Some(door().uuid.as_bytes().to_vec()),
        note: None,
        building: None,
    };
    let visit = write(
        &registers,
        2,
        wang,
        1,
        vec![(diary(), vec![put(diary::ENTRIES, &own(2, 0), bytes(record::to_bytes(&entry)))])],
    );
    apply(&mut registers, &visit);
    let phone = Path::new(resident::FIELDS, "phone");
    let hers =
        write(&registers, 3, wang, 1, vec![(wang_fang(), vec![put(resident::FIELDS, "phone", bytes(vec![8; 27]))])]);
    let his =
        write(&registers, 4, li, 2, vec![(wang_fang(), vec![put(resident::FIELDS, "phone", bytes(vec![9; 27]))])]);
    apply(&mut registers, &hers);
    apply(&mut registers, &his);
    let register = &registers[&wang_fang()];
    let seen: Vec<_> = register.visible(&phone).into_iter().map(|op| op.id).collect();
    let edits = decide(register, &phone, &seen, &seen[1..], bytes(vec![9; 27]));
    let decision = write(&registers, 5, clerk, 3, vec![(wang_fang(), edits)]);
    apply(&mut registers, &decision);
    (commands, registers)
}

fn batch(commands: &[Command], known: &HashSet<DocId>, form: Form) -> Vec<u8> {
    let mut writer = BatchWriter::new(known);
    commands.iter().for_each(|command| writer.push(command, form).unwrap());
    writer.finish()
}

fn checks(commands: &[Command]) -> Vec<[u8; 8]> {
    let pairs = |c: &Command| c.changes.iter().map(|c| (c.doc, c.hash().unwrap())).collect::<Vec<_>>();
    commands.iter().map(|c| check_of(&pairs(c))).collect()
}

fn request(batch: Vec<u8>) -> SyncRequest {
    let manifest = Manifest {
        pending_count: 5,
        app_version: "0.1.0".to_owned(),
        wall_ms: NINE,
        last_contact_ms: NINE - 1,
        refetch_count: 0,
    };
    SyncRequest {
        wire_version: 1,
        policy_version: 1,
        capabilities: 0,
        manifest,
        cursor: vec![1, 2, 3],
        batch,
        keys: vec![4, 5],
        reference_version: 6,
        wants_feed: true,
        held: None,
        ..SyncRequest::default()
    }
}

fn reply() -> SyncReply {
    SyncReply {
        wire_version: 1,
        policy_version: 1,
        now_ms: NINE,
        verdicts: vec![
            Verdict { outcome: Verdicts::Applied, code: 0, waits_for: None },
            Verdict { outcome: Verdicts::Waiting, code: 21, waits_for: Some(3) },
        ],
        directives: vec![Directive::FetchAgain],
        ..SyncReply::default()
    }
}

#[test]
fn an_evening_is_the_bytes_of_the_first_release() {
    let (commands, registers) = evening();
    let mut now = String::new();
    let mut line = |name: &str, bytes: &[u8]| writeln!(now, "{name} {}", hex(bytes)).unwrap();
    for change in commands.iter().flat_map(|c| &c.changes) {
        line("change", change.to_automerge().unwrap().raw_bytes());
        line("hash", &change.hash().unwrap().0);
        line("stored_change", &change.to_stored());
        assert_eq!(TypedChange::from_stored(change.doc, &change.to_stored()).unwrap(), *change);
    }
    for register in registers.values() {
        line("stored_register", &register.to_stored());
    }
    let known = HashSet::from([door(), wang_fang()]);
    line("batch_short", &batch(&commands, &known, Form::Short));
    line("batch_in_full", &batch(&commands, &HashSet::new(), Form::InFull));
    checks(&commands).iter().for_each(|check| line("check", check));
    let device = commands[0].stamp.by.device;
    line("receipt", &receipt_message(&[7; 16], device, 12, &checks(&commands)));
    line("request_signed", &request_message("/v1/sync", 12, b"body"));
    line("reply_signed", &reply_message(device, 12, b"body"));
    line("header", SignedBy { device, counter: 12, signature: [3; 64] }.to_text().as_bytes());
    let digest = registers.values().fold(Digest::default(), |sum, r| sum.with(Digest::of(r.doc(), &r.heads())));
    line("digest", &digest.to_bytes());
    line("sync_request", &minicbor::to_vec(request(vec![9; 3])).unwrap());
    line("sync_reply", &minicbor::to_vec(reply()).unwrap());
    line(
        "tag",
        &record::to_bytes(&TagPayload {
            code: "dibao".to_owned(),
            basis: None,
            expires_on: Some("2024-01-31".to_owned()),
            withdrawn: false,
        }),
    );
    line("refusal", &record::to_bytes(&RefusalPayload { people_count: Some(3), withdrawn: true }));
    line("link", &record::to_bytes(&LinkPayload { kind: 1, other: Some(vec![1; 16]), withdrawn: false }));
    line("link_taken_back", &record::to_bytes(&taken_back::payload(commands[0].stamp.command)));
    is_as_in("proto/tests/golden/evening.txt", &now);
}

#[test]
fn the_office_rebuilds_the_evening_from_either_form() {
    let (commands, after) = evening();
    for (known, form) in [(HashSet::new(), Form::Short), (HashSet::new(), Form::InFull)] {
        let read = DraftBatch::read(&batch(&commands, &known, form), commands.len()).unwrap();
        let mut registers: BTreeMap<DocId, Register> = after.keys().map(|d| (*d, Register::genesis(*d))).collect();
        let mut previous = HashMap::new();
        for (draft, command) in read.commands.into_iter().zip(&commands) {
            for (change, meant) in draft.changes.into_iter().zip(&command.changes) {
                let DocRef::Whole(doc) = read.docs[change.doc] else { panic!() };
                let register = registers.get_mut(&doc).unwrap();
                let built = rebuild(change, draft.stamp, register, previous.get(&doc).copied()).unwrap();
                assert_eq!(&built, meant);
                let hash = built.hash().unwrap();
                register.apply(&built, hash);
                previous.insert(doc, hash);
            }
        }
        for (doc, register) in &registers {
            assert_eq!(register.canonical(), after[doc].canonical());
        }
    }
}

#[test]
fn a_digest_is_a_sum_over_documents_in_any_order() {
    let (_, registers) = evening();
    let each: Vec<Digest> = registers.values().map(|r| Digest::of(r.doc(), &r.heads())).collect();
    let sum = each.iter().fold(Digest::default(), |sum, d| sum.with(*d));
    assert_eq!(each.iter().rev().fold(Digest::default(), |sum, d| sum.with(*d)), sum);
    assert_eq!(each.iter().fold(sum, |sum, d| sum.without(*d)), Digest::default());
    assert_eq!(Digest::from_bytes(sum.to_bytes()), sum);
    assert_eq!(each.iter().collect::<std::collections::BTreeSet<_>>().len(), each.len());
    // The same heads in another document are another number; so are other heads in the same.
    let heads = registers[&door()].heads();
    assert_ne!(Digest::of(door(), &heads), Digest::of(diary(), &heads));
    assert_ne!(Digest::of(door(), &heads), Digest::of(door(), &[]));
}
