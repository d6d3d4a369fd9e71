//! One grid that is far larger than any: 3,000 doors and 8,000 people of invented books, a year of matters, two weeks in
//! which mostly nobody was at home.

use qiaomen_proto::change::{Edit, Hlc, Path, Scalar, keys};
use qiaomen_proto::entity::record::{EntryKind, EntryPayload, Outcome, to_bytes as record};
use qiaomen_proto::entity::{diary, ticket};
use qiaomen_proto::ids::{DiaryId, DocId, GridId, HouseholdId, Kind, Role, TicketId, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_server::close::Day;
use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::invented::{InventedSize, invent};
use qiaomen_server::office::{Office, OfficeError};

const DOORS: usize = 3_000;
const TICKETS: usize = 2_000;
/// Commands that share a transaction.
const GROUP: usize = 250;
const DAY_MS: u64 = 86_400_000;
/// Days with a diary, and visits in each.
const DIARIES: usize = 12;
const VISITS: u8 = 250;

/// Two invented communities, as one grid.
pub(crate) fn book() -> Book {
    let mut book = invent(7, InventedSize::Community);
    let mut other = invent(8, InventedSize::Community);
    for door in &mut other.doors {
        door.building = beyond(&door.building);
    }
    for grid in &mut other.grids {
        grid.buildings = grid.buildings.iter().map(|b| beyond(b)).collect();
    }
    let more = other.doors.into_iter().filter(|door| door.people.len() >= 3);
    let missing = DOORS - book.doors.len();
    book.doors.extend(more.take(missing));
    let buildings = book.grids.iter().chain(&other.grids).flat_map(|g| g.buildings.clone()).collect();
    book.grids.truncate(1);
    book.grids[0].buildings = buildings;
    book.grids[0].micro_grids.clear();
    let name = book.grids[0].name.clone();
    for door in &mut book.doors {
        door.grid.clone_from(&name);
    }
    for member in book.staff.iter_mut().filter(|m| m.grid.is_some()) {
        member.grid = Some(name.clone());
    }
    book.tickets.clear();
    book
}

/// The same number, a hundred further.
fn beyond(building: &str) -> String {
    format!("1{building:0>5}")
}

fn put(key: &str, value: impl Into<String>) -> Edit {
    Edit { path: Path::new(ticket::FIELDS, key), value: Scalar::Str(value.into()) }
}

/// The doors, the grid, and whose it is.
pub(crate) fn places(office: &Office) -> (Vec<HouseholdId>, GridId, WorkerId) {
    office
        .store()
        .read(|tx| -> Result<_, OfficeError> {
            let doors = tx.documents()?.into_iter().filter(|doc| doc.kind == Kind::Household);
            let doors = doors.map(|doc| HouseholdId(doc.uuid)).collect();
            let worker = tx.workers()?.into_iter().find(|w| w.role == Role::GridWorker).expect("a grid worker");
            let grid = tx.grids_at(worker.id, office.now_ms())?[0];
            Ok((doors, grid, worker.id))
        })
        .unwrap()
}

pub(crate) fn matters(office: &Office, doors: &[HouseholdId], grid: GridId) {
    let categories = ["路灯损坏", "楼道堆物", "漏水", "噪声", "停车", "独居老人", "垃圾清运", "邻里纠纷"];
    let now_ms = office.now_ms();
    for group in 0..TICKETS / GROUP {
        let mut jobs = Vec::new();
        for n in group * GROUP..(group + 1) * GROUP {
            let at_ms = now_ms - 365 * DAY_MS * u64::try_from(n).unwrap() / u64::try_from(TICKETS).unwrap();
            jobs.push((n, at_ms, doors[n * 7 % doors.len()], categories[n % categories.len()]));
        }
        let inner = office.clone();
        office
            .store()
            .write(move |tx| -> Result<(), OfficeError> {
                for (n, at_ms, door, category) in jobs {
                    let stamp = inner.stamp_at(inner.own_worker(), Hlc { wall_ms: at_ms, counter: 0 })?;
                    let id = TicketId::from_bytes(*stamp.command.as_bytes());
                    let key = SubjectKey::from_bytes(inner.random()?);
                    let mut ring = KeyRing::new();
                    ring.insert(id.0, key.clone());
                    let text = format!("{category}第 {n} 件，请尽快处理");
                    let sealed = Scalar::Bytes(ring.seal(&id.0, "text", text.as_bytes()).unwrap());
                    let mut edits = vec![
                        put("category", category),
                        put("size", if n % 9 == 0 { "大事" } else { "小事" }),
                        put("source", "入户走访"),
                        put("household", door.to_string()),
                        put("grid", grid.to_string()),
                        put("reported_on", Day::of(at_ms).to_string()),
                        Edit { path: Path::new(ticket::FIELDS, "text"), value: sealed },
                    ];
                    // One in ten is open, and most of those are late.
                    let mut steps = vec![EventKind::Report];
                    if n % 10 != 0 {
                        steps.extend([EventKind::Accept, EventKind::Assign, EventKind::Feedback]);
                        steps.extend([EventKind::Check, EventKind::Close]);
                    }
                    for (ordinal, kind) in (0u8..).zip(steps) {
                        let mut payload = EventPayload::new(kind);
                        if kind == EventKind::Assign {
                            payload.party = Some("房管".to_owned());
                            payload.due_on = Day::of(at_ms + 7 * DAY_MS).to_string().parse().ok();
                        }
                        let key = keys::record_key(stamp.command, ordinal);
                        let value = Scalar::Bytes(record(&payload));
                        edits.push(Edit { path: Path::new(ticket::EVENTS, &key), value });
                    }
                    inner.write_own(tx, stamp, vec![(DocId::from(id), edits)], &[(id.0, key)])?;
                }
                Ok(())
            })
            .unwrap();
    }
}

/// Two visits of three met nobody.
pub(crate) fn diaries(office: &Office, doors: &[HouseholdId], grid: GridId, worker: WorkerId) {
    for day in 0..DIARIES {
        let back_ms = u64::try_from(day + 1).unwrap() * DAY_MS;
        let at_ms = Day::of(office.now_ms() - back_ms).from_ms() + 9 * 3_600_000;
        let theirs: Vec<HouseholdId> = doors.iter().skip(day * usize::from(VISITS)).copied().collect();
        let inner = office.clone();
        office
            .store()
            .write(move |tx| -> Result<(), OfficeError> {
                let on: chrono::NaiveDate = Day::of(at_ms).to_string().parse().unwrap();
                let stamp = inner.stamp_at(worker, Hlc { wall_ms: at_ms, counter: 0 })?;
                let mut edits =
                    vec![put("worker", worker.to_string()), put("grid", grid.to_string()), put("on", on.to_string())];
                for (ordinal, door) in (0..VISITS).zip(theirs) {
                    let outcome = if ordinal % 3 == 0 { Outcome::Met } else { Outcome::NotHome };
                    let payload = EntryPayload {
                        kind: EntryKind::Visit,
                        outcome,
                        household: Some(door.as_bytes().to_vec()),
                        note: None,
                        building: None,
                    };
                    let key = keys::record_key(stamp.command, ordinal);
                    let value = Scalar::Bytes(record(&payload));
                    edits.push(Edit { path: Path::new(diary::ENTRIES, &key), value });
                }
                inner.write_own(tx, stamp, vec![(DocId::from(DiaryId::of(worker, grid, on)), edits)], &[])?;
                Ok(())
            })
            .unwrap();
    }
}
