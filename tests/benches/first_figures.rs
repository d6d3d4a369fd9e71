//! First figures: what one evening costs on the wire and on the disk. Prints a table for
//! docs/performance.md. Real encrypted devices, the real office; the link is in memory, and the bytes are
//! those of HTTP/1.1 with all headers, signatures and key boxes, without TLS.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measurement stops where it fails")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

use qiaomen_client::query::DoorFilter;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Intent, Reply, SyncReport, SystemHost, Transport, TransportError};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_proto::merge::document::materialise;
use qiaomen_server::clock::Machine;
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::ledger::invented::{InventedSize, invent};
use qiaomen_server::office::{Office, OfficeError};
use qiaomen_server::people::enrol::enrol_code;
use qiaomen_server::people::staff::staff;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// The office in the same process; counts how long it works.
struct Direct {
    http: HttpTransport,
    spent: Duration,
    first_page: Option<Duration>,
    begun: Instant,
}

impl Transport for Direct {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        let begun = Instant::now();
        let reply = self.http.post(path, auth, body);
        self.spent += begun.elapsed();
        self.first_page.get_or_insert_with(|| self.begun.elapsed());
        reply
    }
}

fn sync(device: &mut Device, url: &str) -> (SyncReport, Direct, Duration) {
    let begun = Instant::now();
    let http = HttpTransport::new(url);
    let mut link = Direct { http, spent: Duration::ZERO, first_page: None, begun };
    let report = device.sync(&mut link, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    (report, link, begun.elapsed())
}

fn enrol(office: &Office, url: &str, dir: &Path, name: &str, worker: &str) -> Device {
    let code = enrol_code(office, worker, None, office.own_worker()).unwrap();
    let mut device = Device::create(&dir.join(name), "246810", Box::new(SystemHost)).unwrap();
    device.enrol(&mut HttpTransport::new(url), url, &code.code.to_string()).unwrap();
    device
}

fn people(device: &Device) -> (Vec<HouseholdId>, Vec<ResidentId>) {
    let doors: Vec<HouseholdId> =
        device.doors(&DoorFilter::default()).unwrap().iter().map(|l| l.household.parse().unwrap()).collect();
    let people =
        doors.iter().flat_map(|d| device.door(*d).unwrap().people).map(|p| p.resident.parse().unwrap()).collect();
    (doors, people)
}

fn phone(resident: ResidentId, n: usize) -> Intent {
    let answer = Answer::Value(format!("1990001{n:04}"));
    Intent::CorrectResident { resident, field: "phone".to_owned(), answer }
}

fn visit(household: HouseholdId, note: Option<&str>) -> Intent {
    Intent::Visit { household, outcome: Outcome::Met, note: note.map(str::to_owned) }
}

fn ticket(household: HouseholdId) -> Intent {
    Intent::ReportTicket {
        category: "路灯损坏".to_owned(),
        size: "小事".to_owned(),
        source: "入户走访".to_owned(),
        household: Some(household),
        building: None,
        unit: None,
        text: "楼门口的灯连着三天不亮，老人晚上不敢出门".to_owned(),
        reporter: None,
    }
}

fn timed(device: &mut Device, day: impl Iterator<Item = Intent>) -> Vec<Duration> {
    day.map(|intent| {
        let begun = Instant::now();
        device.edit(intent).unwrap();
        begun.elapsed()
    })
    .collect()
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |p: usize| ms(times[(times.len() - 1) * p / 100]);
    format!("p50 {:.1} ms, p99 {:.1} ms, worst {:.1} ms", at(50), at(99), at(100))
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let book = invent(7, InventedSize::Grid);
    let office = Office::init(&dir.path().join("office"), "和睦里社区", "150782001001", Arc::new(Machine)).unwrap();
    let begun = Instant::now();
    let plan = office.store().read(|tx| plan_import(&office, tx, &book)).unwrap();
    run_import(&office, plan, &mut |_, _| {}).unwrap();
    println!("| figure | value |\n|---|---|");
    println!("| import of one grid (270 doors, 660 residents, 24 tickets) | {:.2} s |", begun.elapsed().as_secs_f64());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let served = runtime.block_on(qiaomen_server::http::serve_on(office.clone(), "127.0.0.1:0")).unwrap();
    let url = format!("http://{}", served.0);
    let workers: Vec<String> = staff(&office)
        .unwrap()
        .into_iter()
        .filter(|m| !m.grids.is_empty() && matches!(m.role.number(), 2..=4))
        .map(|m| m.id.to_string())
        .collect();

    let mut wang = enrol(&office, &url, dir.path(), "wang", &workers[0]);
    let (first, link, took) = sync(&mut wang, &url);
    println!(
        "| first sync of that grid | {} documents, {:.1} KB down, {:.1} KB up, {} round trips, {:.2} s in all, first page usable after {:.2} s |",
        first.pulled,
        kb(first.bytes_down),
        kb(first.bytes_up),
        first.round_trips,
        took.as_secs_f64(),
        link.first_page.unwrap_or_default().as_secs_f64()
    );
    sizes(&office);
    let mut li = enrol(&office, &url, dir.path(), "li", &workers[1 % workers.len()]);
    sync(&mut li, &url);
    let (doors, residents) = people(&wang);

    // Two hundred edits by others, at the office before we come home.
    for n in 0..200 {
        li.edit(phone(residents[200 + n], 5000 + n)).unwrap();
    }
    let (_, link, _) = sync(&mut li, &url);
    println!(
        "| ingest, one device, 200 commands in one request, over HTTP | {:.0} commands/s |",
        200.0 / link.spent.as_secs_f64()
    );

    let fields = timed(&mut wang, (0..60).map(|n| phone(residents[n], n)));
    let tickets = timed(&mut wang, (0..8).map(|n| ticket(doors[n * 3])));
    let note = "老人身体还好,提醒关好燃气";
    let visits = timed(&mut wang, (0..30).map(|n| visit(doors[n * 2], (n % 3 == 0).then_some(note))));
    let day: Vec<Duration> = [fields.as_slice(), &tickets, &visits].concat();
    for (what, times) in
        [("60 field edits", fields), ("8 tickets", tickets), ("30 visits", visits), ("all of that day", day)]
    {
        println!("| an edit on the device, durable: {what} | {} |", percentiles(times));
    }
    let (evening, _, took) = sync(&mut wang, &url);
    assert!(evening.complete, "the evening is complete");
    println!(
        "| an evening: 60 field edits + 8 tickets + 30 visits up, 200 others' edits down | {:.2} KB up, {:.2} KB down, {} round trips, {:.2} s |",
        kb(evening.bytes_up),
        kb(evening.bytes_down),
        evening.round_trips,
        took.as_secs_f64()
    );
    let (nothing, _, _) = sync(&mut wang, &url);
    println!(
        "| nothing to do | {} B up, {} B down, {} round trips |",
        nothing.bytes_up, nothing.bytes_down, nothing.round_trips
    );
    let many = timed(&mut wang, (0..400).map(|n| visit(doors[n % doors.len()], None)));
    println!("| the same, 400 more visits in the same diary | {} |", percentiles(many));
    let (many, link, _) = sync(&mut wang, &url);
    println!(
        "| ingest, one device, {} visits, over HTTP | {:.0} commands/s |",
        many.pushed,
        400.0 / link.spent.as_secs_f64()
    );
    drop(wang);
    cold_start(&dir.path().join("wang"));
}

/// What a first sync would weigh as automerge snapshots, beside what travels.
fn sizes(office: &Office) {
    let (count, raw) = office
        .store()
        .read(|tx| -> Result<_, OfficeError> {
            let (mut count, mut raw) = (0, Vec::new());
            for doc in tx.documents()? {
                let changes: Vec<_> = tx.changes(doc)?.into_iter().map(|(_, c)| c).collect();
                raw.extend(materialise(doc, &changes).unwrap().save_nocompress());
                count += 1;
            }
            Ok((count, raw))
        })
        .unwrap();
    let packed = zstd::bulk::compress(&raw, 19).unwrap();
    println!(
        "| the same {count} documents as automerge snapshots, one zstd stream (19), without keys | {:.1} KB |",
        kb(packed.len() as u64)
    );
}

fn cold_start(home: &Path) {
    let begun = Instant::now();
    let device = Device::open(home, "246810", Box::new(SystemHost)).unwrap();
    let opened = begun.elapsed();
    let begun = Instant::now();
    device.today().unwrap();
    let today = begun.elapsed();
    let begun = Instant::now();
    let doors = device.doors(&DoorFilter::default()).unwrap();
    let listed = begun.elapsed();
    let begun = Instant::now();
    let hits = device.search("zs").unwrap();
    println!("| unlock (Argon2id and opening the database) | {:.0} ms |", ms(opened));
    println!("| after unlock: today's page | {:.1} ms |", ms(today));
    println!("| all {} doors of the grid | {:.1} ms |", doors.len(), ms(listed));
    println!("| search by pinyin initials ({} found) | {:.1} ms |", hits.hits.len(), ms(begun.elapsed()));
}

fn kb(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1000.0
}
