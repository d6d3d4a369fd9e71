//! The sync beside the work: by itself when the app opens, after an edit, and now and then; longer pauses after
//! failures. The device is free while a request is on its way.

use super::held::{Held, House};
use qiaomen_client::sync::backoff::delay_ms;
use qiaomen_client::sync::{Effect, Event, Session};
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Host as _, SyncError, SystemHost, Transport as _};
use qiaomen_screens::gate::Problem;
use qiaomen_screens::{Settings, SyncNow};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// Without anything new, the office is asked this often.
const EVERY_MS: u64 = 3 * 60 * 1000;
/// An idle device is looked for this often.
const LOOK_MS: u64 = 20 * 1000;

/// How a sync ended.
enum Ended {
    /// Nothing is left to do now.
    Well,
    /// Trying again may help.
    Later,
    /// There is no device to sync, or somebody has to do something first.
    NotNow,
}

/// Runs as long as the app.
pub(crate) fn run(house: &House, woken: &Receiver<()>) {
    let mut failures = 0;
    let mut wait_ms = EVERY_MS;
    loop {
        match woken.recv_timeout(Duration::from_millis(wait_ms.min(LOOK_MS))) {
            // One sync sends whatever was asked for until it begins.
            Ok(()) => while woken.try_recv().is_ok() {},
            Err(RecvTimeoutError::Timeout) => {
                house.lock_if_idle();
                wait_ms = wait_ms.saturating_sub(LOOK_MS);
                if wait_ms > 0 {
                    continue;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        wait_ms = match once(house) {
            Ended::Later => {
                failures += 1;
                delay_ms(failures, dice())
            }
            Ended::Well | Ended::NotNow => {
                failures = 0;
                EVERY_MS
            }
        }
        .max(1);
    }
}

fn dice() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness all phones come back at the same moment, which is no reason to stop.
    let _ = SystemHost.random(&mut bytes);
    u64::from_be_bytes(bytes)
}

/// One sync.
fn once(house: &House) -> Ended {
    let server = match &house.inside().held {
        Held::Open(device) => device.identity().map(|identity| identity.server().to_owned()),
        _ => None,
    };
    let Some(server) = server else { return Ended::NotNow };
    let mut transport = HttpTransport::new(&server);
    let mut session = Session::default();
    let mut event = Event::Go;
    loop {
        let effect = {
            let mut inside = house.inside();
            // Locked meanwhile: what is unsent goes when the PIN was given.
            let Held::Open(device) = &mut inside.held else { return Ended::NotNow };
            let effect = device.sync_step(&mut session, std::mem::replace(&mut event, Event::Go));
            inside.state.sync = match &effect {
                Ok(Effect::Post { .. }) => SyncNow::Running(session.progress()),
                Ok(Effect::Done) => SyncNow::Idle,
                Err(e) => SyncNow::Failed { sentence: e.sentence(), again: e.retry_helps() },
            };
            if matches!(effect, Err(SyncError::Wiped)) {
                inside.held = Held::Nothing;
                inside.state.forget();
                inside.problem = Some(Problem::Wiped.sentence(Settings::default()));
            }
            inside.asked_at = matches!(effect, Ok(Effect::Post { .. })).then(|| house.elapsed());
            effect
        };
        match effect {
            Ok(Effect::Done) => return Ended::Well,
            Ok(Effect::Post { path, auth, body }) => match transport.post(path, Some(&auth), &body) {
                Ok(reply) => event = Event::Answered(reply),
                Err(e) => {
                    let sentence = SyncError::from(e).sentence();
                    let mut inside = house.inside();
                    inside.state.sync = SyncNow::Failed { sentence, again: true };
                    inside.asked_at = None;
                    return Ended::Later;
                }
            },
            Err(e) if e.retry_helps() => return Ended::Later,
            Err(_) => return Ended::NotNow,
        }
    }
}
