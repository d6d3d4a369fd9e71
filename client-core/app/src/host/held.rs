//! The device, open or not, behind one lock. What the lock is held for is short: a page, an edit, a step of a sync;
//! never a request to the office.

use super::clock::Touched;
use super::guard::{Guard, secret};
use qiaomen_client::clock::NoRandomness;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, SystemHost};
use qiaomen_proto::wire::enrol_link::EnrolLink;
use qiaomen_screens::gate::{self, BEGIN_PATH, UNLOCK_PATH};
use qiaomen_screens::{Method, Request, Response, Settings, State, SyncNow, Wish, handle};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What of a folder is there.
#[derive(Debug)]
pub(super) enum Held {
    /// Nothing: a new device is to be made.
    Nothing,
    /// A device whose PIN nobody has given.
    Locked,
    /// A device.
    Open(Box<Device>),
}

/// What the lock guards.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) held: Held,
    pub(super) state: State,
    touched: Touched,
    /// What somebody was doing when the device locked itself: done as soon as the PIN is given.
    interrupted: Option<Request>,
    /// What is to be said on the next page outside.
    pub(super) problem: Option<String>,
}

/// The app as long as it runs.
#[derive(Debug)]
pub(super) struct House {
    home: PathBuf,
    pub(super) guard: Guard,
    inside: Mutex<Inside>,
    wake: Sender<()>,
}

/// The line about the sync is asked for by a script, not by a thumb.
const NO_TOUCH: &str = "/sync/strip";

impl House {
    /// The app of this folder; the other end wakes the sync.
    pub(super) fn at(home: &Path, guard: Guard) -> Result<(Self, Receiver<()>), NoRandomness> {
        let (wake, woken) = channel();
        let there = home.join("field.db").exists() || home.join("keystore.json").exists();
        let held = if there { Held::Locked } else { Held::Nothing };
        let inside =
            Inside { held, state: State::new(&secret()?), touched: Touched::now(), interrupted: None, problem: None };
        Ok((Self { home: home.to_owned(), guard, inside: Mutex::new(inside), wake }, woken))
    }

    /// What is inside. A page that panicked has left nothing half done: edits are transactions.
    pub(super) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something new is to be sent.
    fn wake(&self) {
        // The sync ends only with the program.
        let _ = self.wake.send(());
    }

    /// Closes a device that nobody has touched for a while.
    pub(super) fn lock_if_idle(&self) {
        let mut inside = self.inside();
        let syncing = matches!(inside.state.sync, SyncNow::Running(_));
        if inside.touched.is_idle() && !syncing && matches!(inside.held, Held::Open(_)) {
            inside.held = Held::Locked;
        }
    }

    /// Answers a request that was let in.
    pub(super) fn answer(&self, request: Request) -> Response {
        self.lock_if_idle();
        let mut inside = self.inside();
        if request.path != NO_TOUCH {
            inside.touched = Touched::now();
        }
        let settings = request.settings;
        match (request.method, request.path.as_str(), &inside.held) {
            (Method::Post, BEGIN_PATH, _) => return self.begin(&mut inside, &request),
            (Method::Post, UNLOCK_PATH, Held::Locked) => return self.unlock(&mut inside, &request),
            (Method::Post, UNLOCK_PATH, _) => return Response::see_other("/"),
            _ => {}
        }
        match inside.held {
            Held::Nothing => {
                let problem = inside.problem.take();
                gate::begin(settings, problem.as_deref(), "")
            }
            Held::Locked => {
                if request.method == Method::Post {
                    inside.interrupted = Some(request);
                }
                gate::unlock(settings, None, inside.interrupted.is_some())
            }
            Held::Open(_) => self.within(&mut inside, &request),
        }
    }

    fn within(&self, inside: &mut Inside, request: &Request) -> Response {
        let Held::Open(device) = &mut inside.held else { return gate::unlock(request.settings, None, false) };
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
            Err(e) => gate::unlock(request.settings, Some(&e.sentence()), inside.interrupted.is_some()),
        }
    }

    /// A new device, or the code again for one that is nobody's yet.
    fn begin(&self, inside: &mut Inside, request: &Request) -> Response {
        let settings = request.settings;
        let typed = request.typed("link").unwrap_or_default();
        let Some(link) = link(request) else {
            return self.not_begun(inside, settings, gate::Problem::BadLink.sentence(settings), typed);
        };
        if matches!(inside.held, Held::Locked) {
            return gate::unlock(settings, None, false);
        }
        if matches!(inside.held, Held::Nothing) {
            let pin = request.typed("pin").unwrap_or_default();
            if Some(pin) != request.typed("again") {
                return self.not_begun(inside, settings, gate::Problem::PinsDiffer.sentence(settings), typed);
            }
            match Device::create(&self.home, pin, Box::new(SystemHost)) {
                Ok(device) => inside.held = Held::Open(Box::new(device)),
                Err(e) => return self.not_begun(inside, settings, e.sentence(), typed),
            }
        }
        let Held::Open(device) = &mut inside.held else { return Response::see_other("/") };
        if device.identity().is_some() {
            return Response::see_other("/");
        }
        match device.enrol(&mut HttpTransport::new(&link.server), &link.server, &link.code) {
            Ok(_) => {
                inside.state.sync = SyncNow::Running(qiaomen_client::SyncProgress::default());
                self.wake();
                Response::see_other("/sync")
            }
            Err(e) => {
                inside.state.sync = SyncNow::Failed { sentence: e.sentence(), again: false };
                Response::see_other("/")
            }
        }
    }

    fn not_begun(&self, inside: &mut Inside, settings: Settings, problem: String, link: &str) -> Response {
        if matches!(inside.held, Held::Nothing) {
            return gate::begin(settings, Some(&problem), link);
        }
        inside.state.sync = SyncNow::Failed { sentence: problem, again: false };
        Response::see_other("/")
    }
}

/// The office's code, as it was scanned or pasted, or address and code by hand.
fn link(request: &Request) -> Option<EnrolLink> {
    if let Some(link) = request.typed("link") {
        return EnrolLink::parse(link);
    }
    let server = request.typed("server").filter(|s| s.starts_with("http://") || s.starts_with("https://"))?;
    Some(EnrolLink { server: server.to_owned(), code: request.typed("code")?.to_owned() })
}
