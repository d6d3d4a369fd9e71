//! The device, open or not, behind one lock. What the lock is held for is short: a page, an edit, a step of a sync;
//! never a request to the office.

use super::clock::{Clock, LOCK_AFTER};
use super::guard::{Guard, secret};
use qiaomen_client::clock::NoRandomness;
use qiaomen_client::{Device, SystemHost};
use qiaomen_screens::gate::{self, BEGIN_PATH, SCAN_PATH, UNLOCK_PATH};
use qiaomen_screens::{Method, Request, Response, State, SyncNow, Wish, handle};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What of a folder is there.
#[derive(Debug)]
pub(crate) enum Held {
    /// Nothing: a new device is to be made.
    Nothing,
    /// A device whose PIN nobody has given.
    Locked,
    /// A device.
    Open(Box<Device>),
}

/// What the lock guards.
#[derive(Debug)]
pub(crate) struct Inside {
    pub(crate) held: Held,
    pub(crate) state: State,
    /// When somebody last touched something, by the app's clock.
    touched: Duration,
    /// A code is on its way to the office.
    pub(crate) enrolling: bool,
    /// Since when the office has been asked something, by the app's clock.
    pub(crate) asked_at: Option<Duration>,
    /// What somebody was doing when the device locked itself: done as soon as the PIN is given.
    interrupted: Option<Request>,
    /// What is to be said on the next page outside.
    pub(crate) problem: Option<String>,
}

/// The app as long as it runs.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) home: PathBuf,
    pub(crate) guard: Guard,
    /// Name of the cookie that keeps language and size of text.
    pub(crate) view_cookie: String,
    clock: Box<dyn Clock>,
    inside: Mutex<Inside>,
    wake: Sender<()>,
}

/// So much of the hash tells the few folders of one machine apart.
const VIEW_HASH_CHARS: usize = 12;

/// The line about the sync is asked for by a script, not by a thumb.
const NO_TOUCH: &str = "/sync/strip";

/// The name of the cookie that keeps how one device is looked at. A browser's cookies know no port, so all apps of one
/// machine share them; and the port is another at each start. The folder is what stays, and it is hashed because its
/// path may hold a name.
fn view_cookie(home: &Path) -> String {
    let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
    let hash = blake3::hash(home.as_os_str().as_encoded_bytes()).to_hex();
    format!("qiaomen-view-{}", &hash[..VIEW_HASH_CHARS])
}

impl House {
    /// The app of this folder; the other end wakes the sync.
    pub(crate) fn at(home: &Path, guard: Guard, clock: Box<dyn Clock>) -> Result<(Self, Receiver<()>), NoRandomness> {
        let (wake, woken) = channel();
        let there = home.join("field.db").exists() || home.join("keystore.json").exists();
        let held = if there { Held::Locked } else { Held::Nothing };
        let inside = Inside {
            held,
            state: State::new(&secret()?),
            touched: clock.elapsed(),
            enrolling: false,
            asked_at: None,
            interrupted: None,
            problem: None,
        };
        let view_cookie = view_cookie(home);
        Ok((Self { home: home.to_owned(), guard, view_cookie, clock, inside: Mutex::new(inside), wake }, woken))
    }

    /// What is inside. A page that panicked has left nothing half done: edits are transactions.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something new is to be sent.
    pub(crate) fn wake(&self) {
        // The sync ends only with the program.
        let _ = self.wake.send(());
    }

    /// How long the app has been running.
    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Closes a device that nobody has touched for a while.
    pub(crate) fn lock_if_idle(&self) {
        let mut inside = self.inside();
        let syncing = matches!(inside.state.sync, SyncNow::Running(_));
        let idle = self.clock.elapsed().saturating_sub(inside.touched) >= LOCK_AFTER;
        if idle && !syncing && matches!(inside.held, Held::Open(_)) {
            inside.held = Held::Locked;
        }
    }

    /// Answers a request that was let in.
    pub(crate) fn answer(&self, request: Request) -> Response {
        self.lock_if_idle();
        let mut inside = self.inside();
        if request.path != NO_TOUCH {
            inside.touched = self.clock.elapsed();
        }
        let settings = request.settings;
        match (request.method, request.path.as_str(), &inside.held) {
            (Method::Post, BEGIN_PATH, _) => {
                drop(inside);
                return self.begin(&request);
            }
            (Method::Post, SCAN_PATH, Held::Nothing) => {
                // Looking for a code in a large picture takes a moment, and nothing inside is needed for it.
                drop(inside);
                return gate::scanned(&request);
            }
            (Method::Post, UNLOCK_PATH, Held::Locked) => return self.unlock(&mut inside, &request),
            (Method::Post, UNLOCK_PATH, _) => return Response::see_other("/"),
            _ => {}
        }
        match inside.held {
            // To a script that is not a page: the page that is open makes way for the one that begins.
            Held::Nothing if request.path == NO_TOUCH => Response::see_other("/"),
            Held::Nothing => {
                let problem = inside.problem.take();
                gate::begin(settings, problem.as_deref(), &gate::Given::default())
            }
            Held::Locked => {
                // To an address: an answer to the form itself could not be gone back to.
                if request.method == Method::Post {
                    inside.interrupted = Some(request);
                    return Response::see_other("/");
                }
                // The same for the page that asks for the PIN.
                if request.path == NO_TOUCH {
                    return Response::see_other("/");
                }
                gate::unlock(settings, None, inside.interrupted.is_some())
            }
            Held::Open(_) => self.within(&mut inside, &request),
        }
    }

    fn within(&self, inside: &mut Inside, request: &Request) -> Response {
        let Held::Open(device) = &mut inside.held else { return gate::unlock(request.settings, None, false) };
        let waited = inside.asked_at.map(|at| self.clock.elapsed().saturating_sub(at));
        inside.state.waited_s = waited.unwrap_or_default().as_secs();
        let response = handle(device, &mut inside.state, request);
        if response.wishes.contains(&Wish::Sync) {
            self.wake();
        }
        if response.wishes.contains(&Wish::Lock) {
            inside.held = Held::Locked;
        }
        response
    }

    fn unlock(&self, inside: &mut Inside, request: &Request) -> Response {
        let pin = request.typed("pin").unwrap_or_default();
        match Device::open(&self.home, pin, Box::new(SystemHost)) {
            Ok(device) => {
                inside.held = Held::Open(Box::new(device));
                self.wake();
                match inside.interrupted.take() {
                    Some(interrupted) => self.within(inside, &interrupted),
                    None => Response::see_other("/"),
                }
            }
            Err(e) => gate::unlock(
                request.settings,
                Some(&request.settings.says(&e.sentence())),
                inside.interrupted.is_some(),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
