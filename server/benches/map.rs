//! How long map and overview take to count. Not run with the others: a busy machine would make it a lie.
//! `cargo bench -p qiaomen-server --bench map`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "this measures")]

#[path = "../tests/support/phone.rs"]
mod phone;

use phone::{EVENING_MS, Town};
use qiaomen_proto::change::{Author, Edit, Hlc, OpId, Path, Scalar, Stamp};
use qiaomen_proto::ids::{
    Actor, BuildingId, CommandId, DeviceId, DiaryId, GridId, HouseholdId, Role, StreamId, TicketId, WorkerId,
};
use qiaomen_proto::merge::Register;
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use qiaomen_server::conflict::to_bytes;
use qiaomen_server::desk::map::map;
use qiaomen_server::desk::overview::{Span, overview};
use qiaomen_server::people::Sight;
use qiaomen_server::store::StoreError;
use qiaomen_server::store::sqlite::{DoorRow, EntryProjection, TicketRow};
use std::time::{Duration, Instant};

const GRIDS: u64 = 9;
const BUILDINGS: u64 = 81;
const DOORS: u64 = 2_400;
const ENTRIES: u64 = 200_000;
const TICKETS: u64 = 20_000;
const CONFLICTS: u64 = 5_000;
const DAY_MS: u64 = 24 * 3_600_000;
/// What happened is spread over so many days.
const DAYS: u64 = 400;

fn id(kind: u8, n: u64) -> [u8; 16] {
    let mut id = [kind; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    id
}
fn grid(n: u64) -> GridId {
    GridId::from_bytes(id(1, n % GRIDS))
}
fn building(n: u64) -> BuildingId {
    BuildingId::from_bytes(id(2, n % BUILDINGS))
}
fn door(n: u64) -> HouseholdId {
    HouseholdId::from_bytes(id(3, n % DOORS))
}
/// Some time of the past: spread evenly, and not in order.
fn at(n: u64, of: u64) -> u64 {
    EVENING_MS - (n.wrapping_mul(7_919) % of) * (DAYS * DAY_MS / of)
}

fn fill(tx: &qiaomen_server::store::Tx<'_>) -> Result<(), StoreError> {
    for n in 0..GRIDS {
        let (name, code) = (format!("大{n}网格"), format!("9{n}"));
        let info = GridInfo { id: (*grid(n).as_bytes()).into(), name, grid_type: None, code, quota: None };
        tx.put_grid(&info, u32::try_from(n).unwrap())?;
    }
    for n in 0..BUILDINGS {
        let (id, grid) = (*building(n).as_bytes(), *grid(n).as_bytes());
        tx.put_building(&BuildingInfo { id: id.into(), name: format!("大{n}号楼"), grid: grid.into() })?;
    }
    for n in 0..DOORS {
        let (unit, room) = ("1".to_owned(), n.to_string());
        let building = building(n);
        let row = DoorRow { household: door(n), building, unit, room, use_: None, refused: false, conflict_count: 0 };
        tx.put_door(&row)?;
        let stream = StreamId::Grid(grid(n % BUILDINGS));
        tx.join(&stream, door(n).into(), n)?;
    }
    for n in 0..ENTRIES {
        let household = Some(*door(n).as_bytes());
        let (kind, outcome) = (u8::try_from(n % 3).unwrap() + 1, u8::try_from(n % 5).unwrap() + 1);
        let (key, at_ms) = (n.to_string(), at(n, ENTRIES));
        let row = EntryProjection { key, worker: [1; 16], grid: None, kind, outcome, household, at_ms };
        tx.put_entries(DiaryId::from_bytes(id(4, n / 20)).into(), &[row])?;
        let (command, worker) = (CommandId::from_bytes(id(5, n)), WorkerId::from_bytes([1; 16]));
        let device = Some(DeviceId::from_bytes([9; 16]));
        tx.put_command(command, [0; 8], device, worker, 1, 0, at_ms, at_ms, None)?;
        // What it changed tells its grid; that is asked for the last days only.
        if at_ms + 9 * DAY_MS > EVENING_MS {
            let by = Author { worker, role: Role::GridWorker, device: DeviceId::from_bytes([9; 16]) };
            let stamp = Stamp { at: Hlc { wall_ms: at_ms, counter: 0 }, by, command };
            let edit = Edit { path: Path::new(0, "use"), value: Scalar::Str("自住".to_owned()) };
            let change = Register::genesis(door(n).into()).make_change(Actor(id(7, n)), stamp, vec![edit]);
            tx.add_change(&change, &change.hash().unwrap())?;
        }
    }
    for n in 0..TICKETS {
        let row = TicketRow {
            ticket: TicketId::from_bytes(id(6, n)),
            grid: Some(grid(n)),
            building: (n % 20 != 0).then(|| building(n)),
            household: None,
            category: Some(format!("类别{}", n % 13)),
            size: None,
            stage: if n % 20 < 3 { 4 } else { 7 },
            due_on: Some(format!("2026-09-{:02}", n % 28 + 1)),
            opened_ms: Some(at(n, TICKETS)),
            closed_ms: None,
            conflict_count: 0,
            is_open: true,
            large: false,
            party: None,
            department: None,
            due_by: None,
            joint: false,
            joint_since_ms: None,
        };
        tx.put_ticket(&row)?;
    }
    for n in 0..CONFLICTS {
        let seen = to_bytes(&[OpId { counter: n, actor: Actor([1; 16]) }]);
        tx.add_conflict(door(n).into(), &Path::new(0, format!("use{n}")), &seen, 1, "opened", at(n, CONFLICTS))?;
    }
    Ok(())
}

/// The quickest of a few: what else the machine does is not ours.
fn quickest<T>(what: &str, work: impl Fn() -> T) -> Duration {
    let took = (0..5).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    let took = took.min().unwrap();
    println!("{what}: {took:.2?}");
    took
}

fn main() {
    let town = Town::new();
    town.office.store().write(fill).unwrap();
    let (office, sight) = (&town.office, Sight::default());
    let one = Some(grid(0));
    let took = [
        quickest("map", || map(office, &sight, None).unwrap().unwrap()),
        quickest("map of one grid", || map(office, &sight, one).unwrap().unwrap()),
        quickest("overview", || overview(office, &sight, None, Span::Quarter).unwrap().unwrap()),
        quickest("overview of everything", || overview(office, &sight, None, Span::All).unwrap().unwrap()),
        quickest("overview of one grid", || overview(office, &sight, one, Span::All).unwrap().unwrap()),
    ];
    println!("longest: {:.2?}", took.iter().max().unwrap());
    let view = overview(office, &sight, None, Span::All).unwrap().unwrap();
    assert_eq!(view.categories.iter().map(|c| c.open + c.completed).sum::<u64>(), TICKETS);
    assert!(view.before.iter().flat_map(|d| d.hours).sum::<u64>() > 3_000);
    let own = overview(office, &sight, one, Span::All).unwrap().unwrap();
    assert!(own.before.iter().flat_map(|d| d.hours).sum::<u64>() > 300);
}
