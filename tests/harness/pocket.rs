use super::folder::Folder;
use super::office::Office;
use super::phone::PIN;
use qiaomen_client::clock::NoRandomness;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, Host, SyncReport, SystemHost};
use std::sync::atomic::AtomicBool;

/// This machine with another date.
#[derive(Debug, Clone, Copy)]
struct WrongDate {
    ahead_ms: u64,
}

impl Host for WrongDate {
    fn now_ms(&self) -> u64 {
        SystemHost.now_ms() + self.ahead_ms
    }
    fn random(&self, buf: &mut [u8]) -> Result<(), NoRandomness> {
        SystemHost.random(buf)
    }
}

/// The machine's time, as the office has it.
pub(crate) fn now_ms() -> u64 {
    SystemHost.now_ms()
}

/// A phone in this process, whose clock is ahead.
pub(crate) struct Pocket {
    /// The device.
    pub(crate) device: Device,
    http: HttpTransport,
    // Last, so that the device is closed when its folder goes.
    _folder: Folder,
}

impl Pocket {
    /// A phone of this member of staff, enrolled.
    pub(crate) fn enrolled(office: &Office, worker: &str, ahead_ms: u64) -> Self {
        let (folder, url) = (Folder::new("pocket"), office.wire.url());
        let host = Box::new(WrongDate { ahead_ms });
        let mut device = Device::create(&folder.path().join("home"), PIN, host).expect("a new device");
        let mut http = HttpTransport::new(&url);
        device.enrol(&mut http, &url, &office.code(worker)).expect("an enrolment");
        Self { device, http, _folder: folder }
    }

    /// A sync after which nothing is left to send or to fetch.
    #[track_caller]
    pub(crate) fn syncs(&mut self) -> SyncReport {
        let report = self.device.sync(&mut self.http, &mut |_| {}, &AtomicBool::new(false)).expect("a sync");
        assert!(report.complete && report.digest == report.office_digest, "{report:?}");
        report
    }
}
