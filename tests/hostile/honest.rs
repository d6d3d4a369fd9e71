//! Honest devices, the real ones, at work among the liars.

use crate::phone::{Still, Town};
use crate::staff;
use qiaomen_client::clock::NoRandomness;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Host, Intent, SyncReport, SystemHost};
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::{BuildingId, CommandId, DocId, HouseholdId, Role, WorkerId};
use qiaomen_server::people::enrol_code;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PIN: &str = "246810";

/// This machine with the office's time.
struct OfficeTime(Arc<Still>);
impl Host for OfficeTime {
    fn now_ms(&self) -> u64 {
        self.0.now_ms.load(Ordering::SeqCst)
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        SystemHost.random(bytes)
    }
}

/// An honest device.
pub(crate) struct Honest {
    pub(crate) device: Device,
    http: HttpTransport,
    building: BuildingId,
    door: HouseholdId,
    /// Everything that its owner did.
    pub(crate) done: Vec<CommandId>,
    /// Rounds so far.
    rounds: u64,
    /// The longest sync.
    pub(crate) longest: Duration,
    _home: TempDir,
}

impl Honest {
    /// Somebody new on the roster, in one grid, with a device that was enrolled over HTTP.
    pub(crate) fn enrolled(town: &Town, at: SocketAddr, number: u8, name: &str, grid: usize) -> Self {
        staff::hire(town, number, name, Role::GridWorker, &[grid]);
        let code = enrol_code(&town.office, name, None, town.office.own_worker()).unwrap().code.to_string();
        let (home, url) = (TempDir::new().unwrap(), format!("http://{at}"));
        let host = Box::new(OfficeTime(town.around.clone()));
        let mut device = Device::create(&home.path().join("home"), PIN, host).unwrap();
        let mut http = HttpTransport::new(&url);
        device.enrol(&mut http, &url, &code).unwrap();
        let door = town.door(grid, "101");
        let building = town.buildings[grid];
        let longest = Duration::ZERO;
        let mut honest = Self { device, http, building, door, done: Vec::new(), rounds: 0, longest, _home: home };
        honest.syncs();
        honest
    }

    /// A round of work: what people do all day.
    pub(crate) fn works(&mut self) {
        self.rounds += 1;
        let (household, note) = (self.door, format!("第 {} 次", self.rounds));
        if self.rounds == 1 {
            let (building, unit, room) = (self.building, "1".to_owned(), "101".to_owned());
            self.does(Intent::RegisterHousehold { building, unit, room });
        }
        self.does(Intent::Note { doc: DocId::from(household), text: note.clone() });
        self.does(Intent::Visit { household, outcome: Outcome::Met, note: Some(note) });
        let count = (self.rounds % 9).to_string();
        let answer = qiaomen_proto::change::Answer::Value(count);
        self.does(Intent::CorrectHousehold { household, field: "people_count".to_owned(), answer });
    }

    fn does(&mut self, intent: Intent) {
        self.done.push(self.device.edit(intent).unwrap());
    }

    /// A sync that ends, and ends well.
    #[allow(clippy::disallowed_methods, reason = "it measures how long honest devices wait")]
    pub(crate) fn syncs(&mut self) -> SyncReport {
        let begun = Instant::now();
        let report = self.device.sync(&mut self.http, &mut |_| {}, &AtomicBool::new(false)).expect("an honest sync");
        self.longest = self.longest.max(begun.elapsed());
        assert_eq!((report.rejected, report.quarantined), (0, 0), "{report:?}");
        report
    }

    /// Syncs until nothing is new; then everything agrees.
    pub(crate) fn comes_home(&mut self) {
        let mut report = self.syncs();
        while report.pushed + report.pulled > 0 {
            report = self.syncs();
        }
        assert!(report.complete && report.digest == report.office_digest, "{report:?}");
        assert!(self.device.unacknowledged().unwrap().is_empty());
        for command in &self.done {
            assert!(self.device.proof_of(*command).unwrap().is_some(), "no receipt for {command}");
        }
    }

    pub(crate) fn worker(&self) -> WorkerId {
        self.device.identity().unwrap().author().worker
    }
}

/// How far the liars are: an honest device does a round of work for each step.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    told: Mutex<u64>,
    more: Condvar,
}

impl Progress {
    pub(crate) fn add(&self, requests: u64) {
        *self.told.lock().unwrap() += requests;
        self.more.notify_all();
    }
    /// Nobody is waited for any more.
    pub(crate) fn end(&self) {
        *self.told.lock().unwrap() = u64::MAX / 2;
        self.more.notify_all();
    }
    pub(crate) fn wait_for(&self, requests: u64) {
        let told = self.told.lock().unwrap();
        drop(self.more.wait_while(told, |told| *told < requests).unwrap());
    }
}
