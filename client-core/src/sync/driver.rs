//! The session over a transport: a request that got no reply is made again a few times, the office's
//! wish to be left alone for a while is granted, and an interrupt ends it between two requests.

use super::backoff::delay_ms;
use super::session::{Effect, Event, Session};
use super::{SyncProgress, SyncReport};
use crate::clock::random;
use crate::device::Device;
use crate::error::SyncError;
use crate::transport::{Transport, TransportError};
use std::sync::atomic::{AtomicBool, Ordering};

/// Attempts for one request.
const ATTEMPTS_MAX: u32 = 3;
/// Longer than this nobody waits in front of a phone: they are told instead.
const WAIT_MS_MAX: u64 = 5_000;
/// While waiting, an interrupt is looked for this often.
const SLICE_MS: u64 = 100;

/// Runs one sync.
pub(crate) fn run(
    device: &mut Device,
    transport: &mut dyn Transport,
    progress: &mut dyn FnMut(&SyncProgress),
    interrupt: &AtomicBool,
) -> Result<SyncReport, SyncError> {
    let mut session = Session::default();
    let mut event = Event::Go;
    let mut failures = 0;
    loop {
        if interrupt.load(Ordering::Relaxed) && matches!(event, Event::Go) {
            return Ok(session.report().clone());
        }
        let answered = matches!(event, Event::Answered(_));
        let effect = session.step(device, std::mem::replace(&mut event, Event::Go));
        if answered {
            progress(&session.progress());
        }
        let (path, auth, body) = match effect {
            Ok(Effect::Done) => return Ok(session.report().clone()),
            Ok(Effect::Post { .. }) if interrupt.load(Ordering::Relaxed) => return Ok(session.report().clone()),
            Ok(Effect::Post { path, auth, body }) => (path, auth, body),
            Err(SyncError::Busy { code, wait }) => {
                failures += 1;
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                if failures >= ATTEMPTS_MAX || wait_ms > WAIT_MS_MAX || !pause(transport, wait_ms, interrupt) {
                    return Err(SyncError::Busy { code, wait });
                }
                continue;
            }
            Err(e) => return Err(e),
        };
        match transport.post(path, Some(&auth), &body) {
            Ok(reply) => {
                failures = if reply.status == 200 { 0 } else { failures };
                session.count_bytes(body.len(), &reply);
                event = Event::Answered(reply);
            }
            Err(e) => {
                session.count_unanswered(body.len());
                failures += 1;
                let dice = u64::from_be_bytes(random(device.host.as_ref())?);
                let too_large = matches!(e, TransportError::TooLarge);
                if too_large || failures >= ATTEMPTS_MAX || !pause(transport, delay_ms(failures, dice), interrupt) {
                    return Err(e.into());
                }
            }
        }
    }
}

/// Waits in slices; false if the transport does not wait. An interrupt ends the waiting, and the loop
/// sees it.
fn pause(transport: &mut dyn Transport, wait_ms: u64, interrupt: &AtomicBool) -> bool {
    let mut left = wait_ms;
    while left > 0 && !interrupt.load(Ordering::Relaxed) {
        let slice = left.min(SLICE_MS);
        if !transport.pause(slice) {
            return false;
        }
        left -= slice;
    }
    true
}
