//! The field app in a grid that is larger than any: 3,000 doors, 8,000 people, 2,000 matters on one device. Prints a
//! table for docs/performance.md. A real encrypted device, the real office, the real program for the memory; a screen's
//! time is that of the pure function alone, from the request to the page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a measurement stops where it fails")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod community;
mod program;

use program::Program;
use qiaomen_client::query::{DoorFilter, TicketFilter, TicketHeap};
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Intent, SystemHost};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_screens::{Request, State, handle};
use qiaomen_server::clock::Machine;
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::office::Office;
use qiaomen_server::people::enrol::enrol_code;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

const PIN: &str = "246810";
/// How often each page is asked for.
const ROUNDS: usize = 20;
/// Edits that are timed.
const EDITS: usize = 500;
/// Edits that the office has confirmed before.
const SENT: usize = 1_000;

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1000.0
}

fn sync(device: &mut Device, url: &str) {
    device.sync(&mut HttpTransport::new(url), &mut |_| {}, &AtomicBool::new(false)).unwrap();
}

fn answered(resident: &str, n: usize) -> Intent {
    let resident: ResidentId = resident.parse().unwrap();
    let answer = Answer::Value(format!("1990001{n:04}"));
    Intent::CorrectResident { resident, field: "phone".to_owned(), answer }
}

fn reported(household: HouseholdId, n: usize) -> Intent {
    Intent::ReportTicket {
        category: "路灯损坏".to_owned(),
        size: "小事".to_owned(),
        source: "入户走访".to_owned(),
        household: Some(household),
        building: None,
        unit: None,
        text: format!("楼门口的灯不亮，第 {n} 次说"),
        reporter: None,
    }
}

/// A day's work, mixed: most are answers, then visits, then matters.
fn work(doors: &[String], residents: &[String], n: usize) -> Intent {
    let household: HouseholdId = doors[n * 5 % doors.len()].parse().unwrap();
    match n % 10 {
        0..=5 => answered(&residents[n * 3 % residents.len()], n % 10_000),
        6..=8 => Intent::Visit { household, outcome: Outcome::Met, note: None },
        _ => reported(household, n),
    }
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::init(&dir.path().join("office"), "和睦里社区", "150782001001", Arc::new(Machine)).unwrap();
    let plan = office.store().read(|tx| plan_import(&office, tx, &community::book())).unwrap();
    run_import(&office, plan, &mut |_, _| {}).unwrap();
    let (doors, grid, worker) = community::places(&office);
    community::matters(&office, &doors, grid);
    community::diaries(&office, &doors, grid, worker);
    let [doors, residents, tickets, _] = office.store().read(|tx| tx.counts()).unwrap();
    println!(
        "{doors} doors, {residents} residents, {tickets} matters\n\n| what | median | longest | bytes |\n|---|---|---|---|"
    );

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let served = runtime.block_on(qiaomen_server::http::serve_on(office.clone(), "127.0.0.1:0")).unwrap();
    let url = format!("http://{}", served.0);
    let code = enrol_code(&office, &worker.to_string(), None, office.own_worker()).unwrap();
    let home = dir.path().join("field");
    let mut device = Device::create(&home, PIN, Box::new(SystemHost)).unwrap();
    device.enrol(&mut HttpTransport::new(&url), &url, &code.code.to_string()).unwrap();
    let begun = Instant::now();
    sync(&mut device, &url);
    println!("| first sync of all of it | {:.1} s | | |", begun.elapsed().as_secs_f64());

    let doors: Vec<String> = device.doors(&DoorFilter::default()).unwrap().into_iter().map(|d| d.household).collect();
    let people = |door: &String| device.door(door.parse().unwrap()).unwrap().people;
    let residents: Vec<String> = doors.iter().take(1_500).flat_map(people).map(|p| p.resident).collect();
    for n in 0..SENT {
        device.edit(work(&doors, &residents, n)).unwrap();
    }
    sync(&mut device, &url);
    let mut times: Vec<Duration> = (SENT..SENT + EDITS)
        .map(|n| {
            let begun = Instant::now();
            device.edit(work(&doors, &residents, n)).unwrap();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |p: usize| ms(times[(times.len() - 1) * p / 100]);
    println!(
        "| an edit, durable: p50 {:.1} ms, p99 {:.1} ms | {:.1} ms | {:.1} ms | |",
        at(50),
        at(99),
        at(50),
        at(100)
    );

    unlocked(device, &home);
    let mut device = Device::open(&home, PIN, Box::new(SystemHost)).unwrap();
    let targets = targets(&device, &doors, &residents);
    let mut state = State::new("figures");
    for target in &targets {
        let request = Request::get(target).unwrap();
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let response = handle(&mut device, &mut state, &request);
            times.push(begun.elapsed());
            assert_eq!(response.status, 200, "{target}");
            bytes = response.body.len();
        }
        times.sort_unstable();
        println!("| {} | {:.1} ms | {:.1} ms | {bytes} |", shown(target), ms(times[ROUNDS / 2]), ms(times[ROUNDS - 1]));
    }
    for (what, asked) in [("pinyin initials", "zxl"), ("address", "3-1-302"), ("last four digits", "0042")] {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                device.search(asked).unwrap();
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!("| search by {what} | {:.1} ms | {:.1} ms | |", ms(times[ROUNDS / 2]), ms(times[ROUNDS - 1]));
    }
    drop(device);
    memory(&home, &targets);
}

/// From the PIN to the first page, and what of it is Argon2 and opening.
fn unlocked(device: Device, home: &Path) {
    drop(device);
    let (mut opens, mut ready) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let begun = Instant::now();
        let mut device = Device::open(home, PIN, Box::new(SystemHost)).unwrap();
        opens.push(begun.elapsed());
        let begun = Instant::now();
        handle(&mut device, &mut State::new("figures"), &Request::get("/").unwrap());
        ready.push(begun.elapsed());
    }
    for (what, mut times) in [("the PIN: Argon2id, opening the database", opens), ("after it: Today, cold", ready)] {
        times.sort_unstable();
        println!("| {what} | {:.0} ms | {:.0} ms | |", ms(times[2]), ms(times[4]));
    }
}

/// Every page, with something real in it.
fn targets(device: &Device, doors: &[String], residents: &[String]) -> Vec<String> {
    let open = device.tickets(&TicketFilter { heap: TicketHeap::Open, ..TicketFilter::default() }).unwrap();
    let ticket = &open[0].ticket;
    let waits = device.unacknowledged().unwrap();
    let (door, resident, command) = (&doors[6], &residents[9], waits[0].command);
    let mut targets: Vec<String> = ["/", "/grid", "/search", "/search?q=zxl", "/tickets", "/ticket/new"]
        .iter()
        .chain(&["/outbox", "/outbox/file", "/sync", "/sync/strip", "/conflicts", "/diary", "/me"])
        .map(|&t| t.to_owned())
        .collect();
    targets.push("/grid?building=3%E5%8F%B7%E6%A5%BC".to_owned());
    targets.extend(["not_home", "never", "matters", "empty", "unsent"].map(|only| format!("/grid?only={only}")));
    targets.extend(["open", "overdue", "over"].map(|heap| format!("/tickets?heap={heap}")));
    let of_door = ["", "/visit", "/call", "/more", "/field/use", "/new-resident"];
    targets.extend(of_door.map(|page| format!("/door/{door}{page}")));
    targets.push(format!("/ticket/new?household={door}"));
    targets.extend(["", "/field/phone", "/out"].map(|page| format!("/resident/{resident}{page}")));
    targets.extend([format!("/ticket/{ticket}"), format!("/outbox/receipt/{command}")]);
    targets
}

/// A target without ids.
fn shown(target: &str) -> String {
    let parts = target.split('/').map(|part| if part.len() == 36 { "{id}" } else { part });
    parts.collect::<Vec<_>>().join("/").split("household=").next().unwrap_or_default().to_owned()
}

/// What the program holds when every page was looked at three times.
fn memory(home: &Path, targets: &[String]) {
    let program = Program::starts(home);
    let [_, locked] = program.memory_kb();
    let unlocked = program.asks("POST", "/unlock", &format!("pin={PIN}"));
    assert!(unlocked.starts_with("HTTP/1.1 303"), "{unlocked}");
    // The file that is carried by hand is of what waits, and here nothing does any more.
    let pages: Vec<&String> = targets.iter().filter(|target| *target != "/outbox/file").collect();
    for target in pages.iter().cycle().take(pages.len() * 3) {
        let answer = program.asks("GET", target, "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
    }
    let [most, now] = program.memory_kb();
    let mb = |kb: u64| kb as f64 / 1024.0;
    println!(
        "| memory of the program: locked {:.0} MB | now {:.0} MB | most {:.0} MB | |",
        mb(locked),
        mb(now),
        mb(most)
    );
}
