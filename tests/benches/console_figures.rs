//! What the console's pages take in a large community: 20,000 matters and 200,000 entries of diaries on top of the
//! community's own book. Prints a table for docs/performance.md. Time is that of the server alone, from the request
//! to the last byte of the page, without a network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measurement stops where it fails")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Request, StatusCode};
use qiaomen_console::rights::{For, PLACES};
use qiaomen_proto::change::{Edit, Hlc, Path, Scalar, keys};
use qiaomen_proto::entity::record::{EntryKind, EntryPayload, Outcome, to_bytes as record};
use qiaomen_proto::entity::{diary, ticket};
use qiaomen_proto::ids::{DiaryId, DocId, GridId, HouseholdId, Role, TicketId, WorkerId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_proto::seal::{KeyRing, SubjectKey};
use qiaomen_server::clock::Machine;
use qiaomen_server::close::Day;
use qiaomen_server::http::{Bounds, Edge, router_with};
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::{Post, clerks};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::ServiceExt as _;

const TICKETS: usize = 20_000;
const DAYS: u64 = 365;
const ENTRIES: usize = 200_000;
/// Commands that share a transaction.
const GROUP: usize = 250;
const DAY_MS: u64 = 86_400_000;
const PASSWORD: &str = "a long one for the measurement";
/// How often each page is asked for.
const ROUNDS: usize = 20;

fn put(key: &str, value: impl Into<String>) -> Edit {
    Edit { path: Path::new(ticket::FIELDS, key), value: Scalar::Str(value.into()) }
}

/// Where things can happen: doors with their grids, and a worker for each grid.
struct Places {
    doors: Vec<(HouseholdId, GridId)>,
    workers: Vec<(GridId, WorkerId)>,
}

fn places(office: &Office) -> Places {
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

fn matters(office: &Office, places: &Places, now_ms: u64) {
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
                    let text = format!("{category}第 {n} 件,请尽快处理");
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

fn diaries(office: &Office, places: &Places, now_ms: u64) {
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

fn middle(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() - 1])
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::init(dir.path(), "和顺社区", "150782001001", Arc::new(Machine)).unwrap();
    let book = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ledger-community.xlsx");
    let book = read_workbook(&std::fs::read(book).unwrap(), &mut |_, _| {}).unwrap();
    let plan = office.store().read(|tx| plan_import(&office, tx, &book)).unwrap();
    run_import(&office, plan, &mut |_, _| {}).unwrap();
    let now_ms = office.now_ms();
    let places = places(&office);
    let begun = Instant::now();
    matters(&office, &places, now_ms);
    diaries(&office, &places, now_ms);
    let [doors, residents, tickets, contacts] = office.store().read(|tx| tx.counts()).unwrap();
    println!(
        "{doors} doors, {residents} residents, {tickets} matters, {contacts} contacts (made in {:.0?})",
        begun.elapsed()
    );
    clerks::add_in_post(&office, "measure", PASSWORD, Post::Admin, None, None).unwrap();
    let edge = Edge::new(office.clone(), Bounds::default());
    let router = router_with(edge.clone(), Some(qiaomen_console::pages(edge)));
    let ask = async |request: Request<Body>| {
        let begun = Instant::now();
        let answer = router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, headers, body.len(), begun.elapsed())
    };
    let form = format!("login=measure&password={}", PASSWORD.replace(' ', "+"));
    let request = Request::post("/sign-in")
        .header(HOST, "localhost")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let (_, headers, ..) = ask(request).await;
    let cookie = headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let door = places.doors[places.doors.len() / 2].0.to_string();
    let ticket = office.store().read(|tx| tx.documents()).unwrap();
    let ticket = ticket.iter().find(|d| d.kind == qiaomen_proto::ids::Kind::Ticket).unwrap().uuid.to_string();
    println!("\n| page | middle of {ROUNDS} | longest | bytes |\n|---|---|---|---|");
    for place in PLACES.iter().filter(|p| p.method == "GET" && p.open_to != For::Anybody && p.path != "/live") {
        let path = place.path.replace("{day}", &Day::of(now_ms).to_string());
        let id = if path.starts_with("/tickets") { &ticket } else { &door };
        let path = path.replace("{id}", id);
        let (mut times, mut bytes, mut last) = (Vec::new(), 0, StatusCode::OK);
        for _ in 0..ROUNDS {
            let request =
                Request::get(&path).header(HOST, "localhost").header(COOKIE, &cookie).body(Body::empty()).unwrap();
            let (status, _, size, time) = ask(request).await;
            (bytes, last) = (size, status);
            times.push(time);
        }
        let (middle, longest) = middle(&mut times);
        let note = if last == StatusCode::OK { String::new() } else { format!(" ({last})") };
        println!("| `{}`{note} | {middle:.1?} | {longest:.1?} | {bytes} |", place.path);
    }
}
