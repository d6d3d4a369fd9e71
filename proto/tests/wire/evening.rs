//! What an evening weighs: 60 corrected phone numbers, 8 matters, 30 visits, on their way up.

use crate::town::{Store, random, sent};
use crate::world::Dice;
use qiaomen_proto::change::{Command, Edit, Path, Scalar, Stamp, keys};
use qiaomen_proto::entity::record::{self, EntryKind, EntryPayload, Outcome};
use qiaomen_proto::entity::{diary, resident, ticket};
use qiaomen_proto::ids::{DocId, Kind, Subject};
use qiaomen_proto::limits::COMMANDS_PER_PUSH_MAX;
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::seal::{BoxSecret, KeyBundle, SubjectKey, seal_to};
use qiaomen_proto::wire::batch::Form;
use qiaomen_proto::wire::envelope::pack;
use qiaomen_proto::wire::push::{KEYS_UP_INFO, Manifest, SyncRequest};
use qiaomen_proto::wire::unbatch::DraftBatch;

const MINUTE_MS: u64 = 60_000;

fn put(container: u8, key: &str, value: Scalar) -> Edit {
    Edit { path: Path::new(container, key), value }
}

fn text(text: &str) -> Scalar {
    Scalar::Str(text.to_owned())
}

fn sealed(subject: &Subject, field: &str, plain: &str) -> Scalar {
    Scalar::Bytes(key_of(subject).seal(subject, field, plain.as_bytes()))
}

fn key_of(subject: &Subject) -> SubjectKey {
    SubjectKey::from_bytes(*blake3::hash(subject.as_bytes()).as_bytes())
}

/// The stamp of the next thing done, one to eight minutes later.
fn later(wang: &mut Store, dice: &mut Dice, now_ms: &mut u64) -> Stamp {
    *now_ms += MINUTE_MS + dice.roll() % (7 * MINUTE_MS);
    let mut stamp = wang.stamp();
    stamp.at.wall_ms = *now_ms;
    stamp.at.counter = 0;
    stamp.command = qiaomen_proto::ids::CommandId::at(*now_ms, random(dice).as_bytes()[..10].try_into().unwrap());
    stamp
}

struct Evening {
    office: Store,
    today: Vec<Command>,
    new_keys: KeyBundle,
}

fn evening(with_notes: bool) -> Evening {
    let (mut wang, mut dice, mut now_ms) = (Store::new(1), Dice(7), crate::world::NINE);
    let residents: Vec<DocId> = (0..60).map(|_| DocId::new(Kind::Resident, random(&mut dice))).collect();
    let doors: Vec<DocId> = (0..30).map(|_| DocId::new(Kind::Household, random(&mut dice))).collect();
    for doc in &residents {
        // What the office has known since its books were taken in.
        let stamp = later(&mut wang, &mut dice, &mut now_ms);
        let fields = [("name", "王小明"), ("identity", "150203199001011234"), ("phone", "13669074391")];
        let edits = fields.map(|(name, v)| put(resident::FIELDS, name, sealed(&doc.uuid, name, v)));
        wang.write(stamp, vec![(*doc, edits.to_vec())]);
    }
    let office = wang.clone();
    now_ms += 600 * MINUTE_MS;
    let (grid, worker) = (random(&mut dice), random(&mut dice));
    let diary_doc = DocId::new(Kind::Diary, random(&mut dice));
    let mut new_keys = vec![(diary_doc.uuid, key_of(&diary_doc.uuid))];
    for n in 0..60 {
        let stamp = later(&mut wang, &mut dice, &mut now_ms);
        let doc = residents[n];
        let number = format!("139{:08}", dice.roll() % 100_000_000);
        wang.write(stamp, vec![(doc, vec![put(resident::FIELDS, "phone", sealed(&doc.uuid, "phone", &number))])]);
        if n % 2 == 0 {
            let stamp = later(&mut wang, &mut dice, &mut now_ms);
            let note = (with_notes && n % 4 == 0)
                .then(|| sealed(&diary_doc.uuid, "note", &format!("老人说腿疼，下周再来{n}")));
            let entry = EntryPayload {
                kind: if n % 6 == 0 { EntryKind::Call } else { EntryKind::Visit },
                outcome: [Outcome::Met, Outcome::Met, Outcome::NotHome][n % 3],
                household: Some(doors[n / 2].uuid.as_bytes().to_vec()),
                note: note.and_then(|n| n.as_bytes().map(<[u8]>::to_vec)),
                building: None,
            };
            let own = keys::record_key(stamp.command, 0);
            let mut edits = vec![put(diary::ENTRIES, &own, Scalar::Bytes(record::to_bytes(&entry)))];
            if n == 0 {
                edits.push(put(diary::FIELDS, "worker", text(&worker.to_string())));
                edits.push(put(diary::FIELDS, "grid", text(&grid.to_string())));
                edits.push(put(diary::FIELDS, "on", text("2023-02-18")));
            }
            wang.write(stamp, vec![(diary_doc, edits)]);
        }
        if n % 8 == 7 || n == 59 {
            let stamp = later(&mut wang, &mut dice, &mut now_ms);
            let doc = DocId::new(Kind::Ticket, random(&mut dice));
            new_keys.push((doc.uuid, key_of(&doc.uuid)));
            let mut report = EventPayload::new(EventKind::Report);
            report.large = Some(false);
            let edits = vec![
                put(ticket::FIELDS, "category", text(["物业", "治安", "环境"][n % 3])),
                put(ticket::FIELDS, "size", text("小")),
                put(ticket::FIELDS, "source", text("走访")),
                put(ticket::FIELDS, "household", text(&doors[n / 2].uuid.to_string())),
                put(ticket::FIELDS, "building", text(&doors[n / 8].uuid.to_string())),
                put(ticket::FIELDS, "unit", text("2")),
                put(ticket::FIELDS, "grid", text(&grid.to_string())),
                put(ticket::FIELDS, "text", sealed(&doc.uuid, "text", "楼道灯不亮晚上老人看不见台阶容易摔倒了急")),
                put(ticket::FIELDS, "reported_on", text("2023-02-18")),
                put(ticket::EVENTS, &keys::record_key(stamp.command, 0), Scalar::Bytes(record::to_bytes(&report))),
            ];
            wang.write(stamp, vec![(doc, edits)]);
        }
    }
    while new_keys.len() < 16 {
        let new = random(&mut dice);
        new_keys.push((new, key_of(&new)));
    }
    let today = wang.commands[60..].to_vec();
    Evening { office, today, new_keys: KeyBundle { keys: new_keys } }
}

fn request(batch: Vec<u8>, keys: Vec<u8>) -> SyncRequest {
    SyncRequest {
        wire_version: 1,
        policy_version: 1,
        capabilities: 0,
        manifest: Manifest {
            pending_count: 98,
            app_version: "0.1.0".to_owned(),
            wall_ms: crate::world::NINE,
            last_contact_ms: crate::world::NINE,
            refetch_count: 0,
        },
        cursor: vec![0x5a; 60],
        batch,
        keys,
        reference_version: 3,
        wants_feed: true,
        held: None,
        ..SyncRequest::default()
    }
}

fn zstd_len(bytes: &[u8]) -> usize {
    zstd::bulk::compress(bytes, 19).unwrap().len()
}

#[test]
fn sixty_numbers_eight_matters_and_thirty_visits_fit_in_eight_kilobytes_with_headers_and_keys() {
    const HEADERS: usize = 500;
    for with_notes in [false, true] {
        let Evening { office, today, new_keys } = evening(with_notes);
        assert_eq!((today.len(), new_keys.keys.len()), (98, 16));
        let batch = sent(&today, Form::Short, &office);
        let full = sent(&today, Form::InFull, &office);
        let office_key = BoxSecret::from_bytes([9; 32]).public();
        let keys = seal_to(&office_key, KEYS_UP_INFO, &[1; 16], &new_keys.encode().unwrap(), [3; 32]).unwrap();
        let body = pack(&request(batch.clone(), keys.clone())).len();
        println!(
            "evening up, notes {with_notes}: batch {} plain, {} packed; in full {} plain, {} packed; keys {}; body {body}; \
             with headers {}",
            batch.len(),
            zstd_len(&batch),
            full.len(),
            zstd_len(&full),
            keys.len(),
            body + HEADERS,
        );
        let read = DraftBatch::read(&batch, COMMANDS_PER_PUSH_MAX).unwrap();
        println!("  documents {}, commands {}", read.docs.len(), read.commands.len());
        // Notes at every second door are more than the evening that the limit was set for.
        assert!(body + HEADERS <= 8 * 1024 + if with_notes { 1024 } else { 0 });
    }
}
