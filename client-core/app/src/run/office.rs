use crate::answer::Answer;
use crate::failure::{Failure, NOT_COMPLETE};
use crate::pin;
use crate::words;
use indicatif::{ProgressBar, ProgressStyle};
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, SyncProgress, SystemHost};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Makes the store where there is none, and the device the office's.
pub(super) fn enrol(home: &Path, pin_file: Option<&Path>, server: &str, code: &str) -> Result<Answer, Failure> {
    if !server.starts_with("http://") && !server.starts_with("https://") {
        return Err(Failure::usage("--server 要写完整的地址，如 http://192.168.1.10:8420。"));
    }
    // A damaged database was set aside under another name: then this is a new device in an old folder.
    let mut device = if home.join("field.db").exists() {
        Device::open(home, &pin::known(pin_file)?, Box::new(SystemHost))?
    } else {
        Device::create(home, &pin::new(pin_file)?, Box::new(SystemHost))?
    };
    device.enrol(&mut HttpTransport::new(server), server, code)?;
    let page = device.status()?;
    Ok(Answer::new(&page, words::status::enrolled(&page)))
}

/// Sends, then fetches.
pub(super) fn sync(device: &mut Device, quiet: bool) -> Result<Answer, Failure> {
    let server = device.identity().map(|i| i.server().to_owned()).ok_or(qiaomen_client::SyncError::NotEnrolled)?;
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::no_length() };
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
        bar.set_style(style);
    }
    let mut show = |progress: &SyncProgress| {
        if let Some((done, total)) = progress.documents {
            bar.set_message("首次同步");
            bar.set_length(u64::from(total));
            bar.set_position(u64::from(done));
        }
    };
    let interrupt = AtomicBool::new(false);
    let report = device.sync(&mut HttpTransport::new(&server), &mut show, &interrupt);
    bar.finish_and_clear();
    let report = report?;
    let outbox = device.outbox()?;
    let answer = Answer::new(&report, words::sync::report(&report, &outbox));
    Ok(Answer { exit: if report.complete { 0 } else { NOT_COMPLETE }, ..answer })
}
