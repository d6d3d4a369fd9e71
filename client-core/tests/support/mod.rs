//! A small world for stories: one honest office in memory, devices of named workers, a line between
//! them that can fail, and one clock for each that moves only when told.
#![allow(dead_code, unreachable_pub, reason = "each story uses a part of the world")]

pub mod host;
pub mod line;
pub mod office;

use host::TestHost;
use line::Line;
use office::Office;
use qiaomen_client::edit::{Intent, resident_of};
use qiaomen_client::{Device, MemoryDisk, SyncError, SyncReport};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, CommandId, HouseholdId, ResidentId, WorkerId};
use qiaomen_proto::normalise::{RoomKey, UnitKey};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;

/// The PIN of every device here.
pub const PIN: &str = "246810";
/// 2025-03-10 09:00 in the office's time zone.
pub const MORNING_MS: u64 = 1_741_568_400_000;

/// The office, and what all devices share.
pub struct World {
    pub office: Rc<RefCell<Office>>,
}

/// One device with its line.
pub struct Phone {
    pub device: Device,
    pub host: TestHost,
    pub line: Line,
    pub folder: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        Self { office: Rc::new(RefCell::new(Office::new(MORNING_MS))) }
    }

    /// A device of this worker, enrolled, and not yet in touch again.
    pub fn phone(&self, name: &str) -> Phone {
        let mut phone = self.blank_phone(name, MORNING_MS);
        phone.enrol(name);
        phone
    }

    /// A device of this worker that has synced once.
    pub fn ready(&self, name: &str) -> Phone {
        let mut phone = self.phone(name);
        let report = phone.sync();
        assert!(report.complete, "{report:?}");
        phone
    }

    /// A device that nobody enrolled yet, with its own idea of the time.
    pub fn blank_phone(&self, name: &str, now_ms: u64) -> Phone {
        let folder = tempfile::tempdir().unwrap();
        let host = TestHost::new(name, now_ms);
        let device = Device::create(folder.path(), PIN, Box::new(host.clone())).unwrap();
        Phone { device, host, line: Line::to(&self.office), folder }
    }

    /// A device on a disk that can be told to fail, enrolled and synced, and its line.
    pub fn on(&self, disk: &MemoryDisk) -> (Device, Line) {
        let mut device = opened(disk);
        let mut line = Line::to(&self.office);
        let code = line.office.borrow_mut().code_for("王");
        device.enrol(&mut line, "https://office.example", &code).unwrap();
        device.sync(&mut line, &mut |_| {}, &AtomicBool::new(false)).unwrap();
        (device, line)
    }

    /// Minutes pass at the office and on these phones.
    pub fn pass_minutes(&self, minutes: u64, phones: &[&Phone]) {
        self.office.borrow_mut().now_ms += minutes * 60_000;
        for phone in phones {
            phone.host.advance(minutes * 60_000);
        }
    }

    /// The office's register of everything equals the phone's.
    pub fn assert_same(&self, phone: &Phone) {
        for (doc, register) in &self.office.borrow().registers {
            assert_eq!(phone.device.register(*doc).unwrap().canonical(), register.canonical(), "{doc}");
        }
    }
}

/// What is on such a disk.
pub fn opened(disk: &MemoryDisk) -> Device {
    Device::in_memory(disk, Box::new(TestHost::new("王", MORNING_MS))).unwrap()
}

impl Phone {
    pub fn enrol(&mut self, name: &str) {
        let code = self.line.office.borrow_mut().code_for(name);
        self.device.enrol(&mut self.line, "https://office.example", &code).unwrap();
    }

    pub fn try_sync(&mut self) -> Result<SyncReport, SyncError> {
        self.device.sync(&mut self.line, &mut |_| {}, &AtomicBool::new(false))
    }
    pub fn sync(&mut self) -> SyncReport {
        self.try_sync().unwrap()
    }

    /// The same files, opened again.
    pub fn reopen(self) -> Self {
        let Self { device, host, line, folder } = self;
        drop(device);
        let device = Device::open(folder.path(), PIN, Box::new(host.clone())).unwrap();
        Self { device, host, line, folder }
    }

    pub fn door(&mut self, room: &str) -> HouseholdId {
        self.device
            .edit(Intent::RegisterHousehold { building: building(), unit: "1单元".into(), room: room.into() })
            .unwrap();
        door_at(room)
    }

    pub fn visit(&mut self, door: HouseholdId, note: &str) -> CommandId {
        let note = (!note.is_empty()).then(|| note.to_owned());
        self.device.edit(Intent::Visit { household: door, outcome: Outcome::Met, note }).unwrap()
    }

    pub fn resident(&mut self, door: HouseholdId, name: &str, phone: &str) -> ResidentId {
        let fields = vec![
            ("name".to_owned(), Answer::Value(name.to_owned())),
            ("phone".to_owned(), Answer::Value(phone.to_owned())),
        ];
        resident_of(self.device.edit(Intent::RegisterResident { household: door, fields }).unwrap())
    }

    pub fn correct(&mut self, resident: ResidentId, field: &str, value: &str) -> CommandId {
        let answer = Answer::Value(value.to_owned());
        self.device.edit(Intent::CorrectResident { resident, field: field.into(), answer }).unwrap()
    }

    pub fn unsent(&self) -> usize {
        self.device.unacknowledged().unwrap().iter().filter(|r| r.state.is_unconfirmed()).count()
    }
}

/// The one building.
pub fn building() -> BuildingId {
    BuildingId::of(office::community(), "1号楼")
}
/// The door of this room in it, first unit.
pub fn door_at(room: &str) -> HouseholdId {
    HouseholdId::of(building(), &UnitKey::parse("1").unwrap(), &RoomKey::parse(room).unwrap())
}
/// The worker of this name.
pub fn worker(name: &str) -> WorkerId {
    office::worker(name)
}
