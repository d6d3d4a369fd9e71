//! A large community: the workbook's doors and people, a year of matters and of diaries on top, and a day on which phones
//! disagree, one of them is lost, and somebody hands over work that the office holds.

use qiaomen_client::clock::SystemHost;
use qiaomen_client::query::DoorFilter;
use qiaomen_client::{Device, Intent, MemoryDisk, Reply, Transport, TransportError};
use qiaomen_proto::change::{Answer, Edit, Hlc, Path, Scalar, keys};
use qiaomen_proto::entity::record::{EntryKind, EntryPayload, Outcome, to_bytes as record};
use qiaomen_proto::entity::{diary, ticket};
use qiaomen_proto::ids::{DiaryId, DocId, GridId, HouseholdId, Role, TicketId, WorkerId};
use qiaomen_proto::limits::BODY_BYTES_MAX;
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_proto::wire::auth::{SignedBy, signature_to_text};
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolRequest};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_server::close::Day;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::{devices, enrol_code, enrol_device};
use std::sync::atomic::AtomicBool;

const TICKETS: usize = 20_000;
const DAYS: u64 = 365;
const ENTRIES: usize = 200_000;
/// Commands that share a transaction.
const GROUP: usize = 250;
const DAY_MS: u64 = 86_400_000;
/// Answers that two phones give differently, and visits of a phone whose access was taken back.
const DISAGREED: usize = 150;
const HELD: usize = 60;

fn put(key: &str, value: impl Into<String>) -> Edit {
    Edit { path: Path::new(ticket::FIELDS, key), value: Scalar::Str(value.into()) }
}

/// Where things can happen: doors with their grids, and a worker for each grid.
pub(crate) struct Places {
    pub(crate) doors: Vec<(HouseholdId, GridId)>,
    pub(crate) workers: Vec<(GridId, WorkerId)>,
}

pub(crate) fn places(office: &Office) -> Places {
    office
        .store()
        .read(|tx| -> Result<Places, OfficeError> {
            let mut doors = Vec::new();
            for doc in tx.documents()? {
                if doc.kind == qiaomen_proto::ids::Kind::Household {
                    let door = HouseholdId(doc.uuid);
                    let Some(row) = tx.door(door)? else { continue };
                    if let Some(grid) = tx.grid_of_building(row.building)? {
                        doors.push((door, grid));
                    }
                }
            }
            let mut workers = Vec::new();
            for worker in tx.workers()?.into_iter().filter(|w| w.role == Role::GridWorker) {
                for grid in tx.grids_at(worker.id, office.now_ms())? {
                    workers.push((grid, worker.id));
                }
            }
            Ok(Places { doors, workers })
        })
        .unwrap()
}

pub(crate) fn matters(office: &Office, places: &Places, now_ms: u64) {
    let categories = ["路灯损坏", "楼道堆物", "漏水", "噪声", "停车", "独居老人", "垃圾清运", "邻里纠纷"];
    for group in 0..TICKETS / GROUP {
        let mut jobs = Vec::new();
        for n in group * GROUP..(group + 1) * GROUP {
            let at_ms = now_ms - DAYS * DAY_MS * u64::try_from(n).unwrap() / u64::try_from(TICKETS).unwrap();
            jobs.push((n, at_ms, places.doors[n * 7 % places.doors.len()], categories[n % categories.len()]));
        }
        let inner = office.clone();
        office
            .store()
            .write(move |tx| -> Result<(), OfficeError> {
                for (n, at_ms, (door, grid), category) in jobs {
                    let stamp = inner.stamp_at(inner.own_worker(), Hlc { wall_ms: at_ms, counter: 0 })?;
                    let id = TicketId::from_bytes(*stamp.command.as_bytes());
                    let doc = DocId::from(id);
                    let key = SubjectKey::from_bytes(inner.random()?);
                    let mut ring = KeyRing::new();
                    ring.insert(id.0, key.clone());
                    let sealed =
                        |field: &str, text: &str| Scalar::Bytes(ring.seal(&id.0, field, text.as_bytes()).unwrap());
                    let text = format!("{category}第 {n} 件，请尽快处理");
                    let mut edits = vec![
                        put("category", category),
                        put("size", if n % 9 == 0 { "大事" } else { "小事" }),
                        put("source", "入户走访"),
                        put("household", door.to_string()),
                        put("grid", grid.to_string()),
                        put("reported_on", Day::of(at_ms).to_string()),
                        Edit { path: Path::new(ticket::FIELDS, "text"), value: sealed("text", &text) },
                    ];
                    let mut steps = vec![EventKind::Report];
                    // Most matters of a year are over; some of this month are open.
                    if n % 25 != 0 {
                        steps.extend([
                            EventKind::Accept,
                            EventKind::Assign,
                            EventKind::Feedback,
                            EventKind::Check,
                            EventKind::Close,
                        ]);
                    } else if n % 50 == 0 {
                        steps.extend([EventKind::Accept, EventKind::Assign]);
                    }
                    for (ordinal, kind) in (0u8..).zip(steps) {
                        let mut payload = EventPayload::new(kind);
                        if kind == EventKind::Assign {
                            payload.party = Some("房管".to_owned());
                            payload.due_on = Day::of(at_ms + 7 * DAY_MS).to_string().parse().ok();
                        }
                        let key = keys::record_key(stamp.command, ordinal);
                        edits.push(Edit {
                            path: Path::new(ticket::EVENTS, &key),
                            value: Scalar::Bytes(record(&payload)),
                        });
                    }
                    inner.write_own(tx, stamp, vec![(doc, edits)], &[(id.0, key)])?;
                }
                Ok(())
            })
            .unwrap();
    }
}

pub(crate) fn diaries(office: &Office, places: &Places, now_ms: u64) {
    let per_day = ENTRIES / (usize::try_from(DAYS).unwrap() * places.workers.len()) + 1;
    for day in 0..DAYS {
        let at_ms = Day::of(now_ms - day * DAY_MS).from_ms() + 9 * 3_600_000;
        let mut jobs = Vec::new();
        for (n, (grid, worker)) in places.workers.iter().enumerate() {
            let theirs: Vec<HouseholdId> = places.doors.iter().filter(|(_, g)| g == grid).map(|(d, _)| *d).collect();
            let visits: Vec<HouseholdId> = (0..per_day)
                .map(|v| theirs[(usize::try_from(day).unwrap() * per_day + v * 3 + n) % theirs.len()])
                .collect();
            jobs.push((*grid, *worker, visits));
        }
        let inner = office.clone();
        office
            .store()
            .write(move |tx| -> Result<(), OfficeError> {
                for (grid, worker, visits) in jobs {
                    let on: chrono::NaiveDate = Day::of(at_ms).to_string().parse().unwrap();
                    let doc = DocId::from(DiaryId::of(worker, grid, on));
                    let stamp = inner.stamp_at(worker, Hlc { wall_ms: at_ms, counter: 0 })?;
                    let mut edits = vec![
                        put("worker", worker.to_string()),
                        put("grid", grid.to_string()),
                        put("on", on.to_string()),
                    ];
                    for (ordinal, door) in (0u8..=254).zip(visits) {
                        let outcome = if ordinal % 3 == 0 { Outcome::NotHome } else { Outcome::Met };
                        let payload = EntryPayload {
                            kind: EntryKind::Visit,
                            outcome,
                            household: Some(door.as_bytes().to_vec()),
                            note: None,
                            building: None,
                        };
                        let key = keys::record_key(stamp.command, ordinal);
                        edits.push(Edit {
                            path: Path::new(diary::ENTRIES, &key),
                            value: Scalar::Bytes(record(&payload)),
                        });
                    }
                    inner.write_own(tx, stamp, vec![(doc, edits)], &[])?;
                }
                Ok(())
            })
            .unwrap();
    }
}

/// The office at the other end of the line.
struct Direct<'o>(&'o Office);

impl Transport for Direct<'_> {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        if path == ENROL_PATH {
            let request: EnrolRequest = unpack(body, BODY_BYTES_MAX).unwrap();
            let reply = enrol_device(self.0, request).unwrap();
            return Ok(Reply { status: 200, body: pack(&reply), ..Reply::default() });
        }
        let answer = self.0.sync(&SignedBy::parse(auth.unwrap()).unwrap(), path, body).unwrap();
        Ok(Reply {
            status: 200,
            signature: Some(signature_to_text(&answer.signature)),
            body: answer.body,
            ..Reply::default()
        })
    }
}

fn phone(office: &Office, disk: &MemoryDisk, worker: WorkerId) -> Device {
    let mut device = Device::in_memory(disk, Box::new(SystemHost)).unwrap();
    let code = enrol_code(office, &worker.to_string(), None, office.own_worker()).unwrap();
    device.enrol(&mut Direct(office), "http://office", &code.code.to_string()).unwrap();
    sync(&mut device, office);
    device
}

fn sync(device: &mut Device, office: &Office) {
    // What is held or refused is no failure of the sync.
    device.sync(&mut Direct(office), &mut |_| {}, &AtomicBool::new(false)).unwrap();
}

/// A day on which two phones disagree and a third is lost.
pub(crate) fn a_bad_day(office: &Office, places: &Places) {
    let disks = ["first", "second", "lost"].map(|name| MemoryDisk::new(name).unwrap());
    let worker = places.workers[0].1;
    let [mut first, mut second, mut lost] = [0, 1, 2].map(|n| phone(office, &disks[n], worker));
    let doors: Vec<HouseholdId> =
        first.doors(&DoorFilter::default()).unwrap().iter().map(|l| l.household.parse().unwrap()).collect();
    let people: Vec<_> = doors.iter().flat_map(|d| first.door(*d).unwrap().people).take(DISAGREED).collect();
    let newcomer: Vec<_> = [("name", "何来"), ("phone", "19900029999"), ("birth", "1980-05-05")]
        .map(|(field, value)| (field.to_owned(), Answer::Value(value.to_owned())))
        .into();
    for (device, prefix) in [(&mut first, "1990001"), (&mut second, "1990002")] {
        device.edit(Intent::RegisterResident { household: doors[0], fields: newcomer.clone() }).unwrap();
        for (n, person) in people.iter().enumerate() {
            let answer = Answer::Value(format!("{prefix}{n:04}"));
            let resident = person.resident.parse().unwrap();
            device.edit(Intent::CorrectResident { resident, field: "phone".to_owned(), answer }).unwrap();
        }
        sync(device, office);
    }
    for door in doors.iter().take(HELD) {
        lost.edit(Intent::Visit { household: *door, outcome: Outcome::Met, note: None }).unwrap();
    }
    let id = lost.identity().unwrap().device();
    devices::revoke(office, id, office.own_worker()).unwrap();
    // It hands over what it has before it is emptied; that it then is emptied is an error of the sync.
    let _ = lost.sync(&mut Direct(office), &mut |_| {}, &AtomicBool::new(false));
}
