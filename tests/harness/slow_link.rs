#![allow(clippy::disallowed_methods, reason = "a slow link is slow by the clock; nothing here waits for a result")]

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What goes through at a time.
const PACKET_BYTES: usize = 1_400;

#[derive(Debug)]
struct State {
    office: Mutex<Option<SocketAddr>>,
    bytes_per_second: u64,
    /// When the link is free again: everything that goes up shares it.
    free_at: Mutex<Instant>,
    up: Mutex<u64>,
    /// After so many bytes up in all, everything that is open breaks.
    cuts: Mutex<VecDeque<u64>>,
}

/// A link of so many bytes a second upwards, that breaks when so many have gone through.
#[derive(Debug)]
pub(crate) struct SlowLink {
    at: SocketAddr,
    state: Arc<State>,
    broke: Mutex<Receiver<u64>>,
}

impl SlowLink {
    /// To this office's wire.
    pub(crate) fn to(url: &str, bytes_per_second: u64) -> Self {
        let office = url.strip_prefix("http://").and_then(|at| at.parse().ok());
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let at = listener.local_addr().expect("an address");
        let (tell, broke) = channel();
        let state = Arc::new(State {
            office: Mutex::new(office),
            bytes_per_second,
            free_at: Mutex::new(Instant::now()),
            up: Mutex::default(),
            cuts: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        // It listens until the test program ends.
        std::thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                let (state, tell) = (Arc::clone(&shared), tell.clone());
                std::thread::spawn(move || carry(&state, &phone, &tell));
            }
        });
        Self { at, state, broke: Mutex::new(broke) }
    }
    /// Where phones find the office.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.at)
    }
    /// Breaks each time so many more bytes have gone up.
    pub(crate) fn breaks_after(&self, bytes: impl IntoIterator<Item = u64>) {
        let mut at = *self.state.up.lock().expect("the link");
        let cuts = bytes.into_iter().map(|more| {
            at += more;
            at
        });
        self.state.cuts.lock().expect("the link").extend(cuts);
    }
    /// Breaks that are still to come.
    pub(crate) fn breaks_left(&self) -> usize {
        self.state.cuts.lock().expect("the link").len()
    }
    /// Waits for the next break.
    #[track_caller]
    pub(crate) fn broke(&self) -> u64 {
        let broke = self.broke.lock().expect("the link").recv_timeout(super::program::DEADLINE);
        broke.expect("the link breaks")
    }
    /// Bytes that have gone up.
    pub(crate) fn up(&self) -> u64 {
        *self.state.up.lock().expect("the link")
    }
}

fn close(phone: &TcpStream, office: &TcpStream) {
    for stream in [phone, office] {
        // Closed already, then.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn carry(state: &State, phone: &TcpStream, tell: &Sender<u64>) {
    let office = *state.office.lock().expect("the link");
    let Some(office) = office.and_then(|at| TcpStream::connect(at).ok()) else { return };
    std::thread::scope(|both| {
        both.spawn(|| {
            up(state, phone, &office, tell);
            close(phone, &office);
        });
        let (mut from, mut to) = (&office, phone);
        // Down it is as fast as it likes.
        let _ = std::io::copy(&mut from, &mut to);
        close(phone, &office);
    });
}

fn up(state: &State, mut phone: &TcpStream, mut office: &TcpStream, tell: &Sender<u64>) {
    let mut buffer = [0; PACKET_BYTES];
    while let Ok(count @ 1..) = phone.read(&mut buffer) {
        let bytes = u64::try_from(count).expect("a packet");
        let until = {
            let mut free_at = state.free_at.lock().expect("the link");
            *free_at =
                (*free_at).max(Instant::now()) + Duration::from_micros(bytes * 1_000_000 / state.bytes_per_second);
            *free_at
        };
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
        let gone = {
            let mut up = state.up.lock().expect("the link");
            *up += bytes;
            *up
        };
        let breaks = {
            let mut cuts = state.cuts.lock().expect("the link");
            cuts.front().is_some_and(|at| gone >= *at).then(|| cuts.pop_front()).is_some()
        };
        if breaks {
            // The story may be over.
            let _ = tell.send(gone);
            return;
        }
        if office.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}
