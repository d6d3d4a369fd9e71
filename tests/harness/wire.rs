use super::program::DEADLINE;
use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

/// What happens to one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It breaks after so many bytes of the reply.
    CutReplyAfter(usize),
    /// It goes no further than this moment, and whoever waits is told.
    StallAt(Moment),
}

/// A moment of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Half of the request's body has gone to the office.
    HalfIn,
    /// The whole request has.
    AllIn,
    /// The first bytes of the reply have come, and go no further.
    Answered,
    /// A request waits at the gate.
    AtTheGate,
}

/// What one connection carried.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carried {
    /// From the phone.
    pub(crate) up: Vec<u8>,
    /// From the office.
    pub(crate) down: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    office: Mutex<Option<SocketAddr>>,
    fates: Mutex<VecDeque<Fate>>,
    carried: Mutex<Vec<Arc<Mutex<Carried>>>>,
    gate: Mutex<Gate>,
    opened: Condvar,
}

/// Lets so many requests through, and the others when it is opened.
#[derive(Debug, Default)]
struct Gate {
    left: Option<usize>,
}

/// What carries bytes between phones and office, writes them down, and breaks where it is told to.
#[derive(Debug)]
pub(crate) struct Wire {
    at: SocketAddr,
    state: Arc<State>,
    reached: Mutex<Receiver<Moment>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let at = listener.local_addr().expect("an address");
        let state = Arc::new(State::default());
        let (tell, reached) = channel();
        let shared = Arc::clone(&state);
        // It listens until the test program ends.
        std::thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                let (state, tell) = (Arc::clone(&shared), tell.clone());
                std::thread::spawn(move || carry(&state, &phone, &tell));
            }
        });
        Self { at, state, reached: Mutex::new(reached) }
    }

    /// Where phones find the office.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.at)
    }
    /// Where it leads; nowhere without signal.
    pub(crate) fn leads_to(&self, office: Option<SocketAddr>) {
        *self.state.office.lock().expect("the wire") = office;
    }
    /// What happens to the next connections, one after the other.
    pub(crate) fn next(&self, fates: impl IntoIterator<Item = Fate>) {
        self.state.fates.lock().expect("the wire").extend(fates);
    }
    /// Lets so many more requests through; the others wait at the gate.
    #[allow(dead_code, reason = "only the browser's stories need it")]
    pub(crate) fn lets_through(&self, requests: usize) {
        self.state.gate.lock().expect("the wire").left = Some(requests);
    }
    /// Lets everything through.
    #[allow(dead_code, reason = "only the browser's stories need it")]
    pub(crate) fn opens(&self) {
        self.state.gate.lock().expect("the wire").left = None;
        self.state.opened.notify_all();
    }
    /// Waits until a connection has stalled.
    #[track_caller]
    pub(crate) fn stalled(&self, at: Moment) {
        let reached = self.reached.lock().expect("the wire").recv_timeout(DEADLINE);
        assert_eq!(reached, Ok(at), "nobody came so far");
    }
    /// Says to the office what somebody said before, and tells the answer.
    pub(crate) fn says_again(&self, request: &[u8]) -> String {
        let office = self.state.office.lock().expect("the wire").expect("an office");
        let mut stream = TcpStream::connect(office).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).and_then(|()| stream.write_all(request)).expect("a request");
        let mut answer = [0; 4096];
        let count = stream.read(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer[..count]).into_owned()
    }
    /// Everything that it has carried.
    pub(crate) fn carried(&self) -> Vec<Carried> {
        let all = self.state.carried.lock().expect("the wire");
        all.iter().map(|one| one.lock().expect("a connection").clone()).collect()
    }
}

fn carry(state: &State, phone: &TcpStream, tell: &Sender<Moment>) {
    let office = *state.office.lock().expect("the wire");
    // Dropped at once where there is no office: the phone sees a connection that breaks.
    let Some(office) = office.and_then(|at| TcpStream::connect(at).ok()) else { return };
    let fate = state.fates.lock().expect("the wire").pop_front();
    let carried = Arc::new(Mutex::new(Carried::default()));
    state.carried.lock().expect("the wire").push(Arc::clone(&carried));
    std::thread::scope(|both| {
        both.spawn(|| {
            up(state, phone, &office, fate, &carried, tell);
            close(phone, &office);
        });
        down(phone, &office, fate, &carried, tell);
        close(phone, &office);
    });
}

fn close(phone: &TcpStream, office: &TcpStream) {
    for stream in [phone, office] {
        // Closed already, then.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

/// Waits where a request begins and the gate is closed.
fn passes_the_gate(state: &State, sent: &[u8], tell: &Sender<Moment>) {
    if !sent.starts_with(b"POST ") {
        return;
    }
    let mut gate = state.gate.lock().expect("the wire");
    if gate.left == Some(0) {
        // The story may be over.
        let _ = tell.send(Moment::AtTheGate);
    }
    while gate.left == Some(0) {
        gate = state.opened.wait(gate).expect("the wire");
    }
    gate.left = gate.left.map(|left| left - 1);
}

fn up(
    state: &State,
    mut phone: &TcpStream,
    mut office: &TcpStream,
    fate: Option<Fate>,
    carried: &Mutex<Carried>,
    tell: &Sender<Moment>,
) {
    let mut buffer = [0; 16 * 1024];
    let mut told = false;
    while let Ok(count @ 1..) = phone.read(&mut buffer) {
        passes_the_gate(state, &buffer[..count], tell);
        let mut passes = count;
        let mut moment = None;
        {
            let mut carried = carried.lock().expect("a connection");
            let before = carried.up.len();
            carried.up.extend_from_slice(&buffer[..count]);
            match (fate, length(&carried.up)) {
                (Some(Fate::StallAt(Moment::HalfIn)), Some((head, body))) => {
                    passes = (head + body / 2).saturating_sub(before).min(count);
                    moment = (before + passes == head + body / 2).then_some(Moment::HalfIn);
                }
                (Some(Fate::StallAt(Moment::AllIn)), Some((head, body))) => {
                    moment = (before + count >= head + body).then_some(Moment::AllIn);
                }
                _ => {}
            }
        }
        if office.write_all(&buffer[..passes]).is_err() {
            return;
        }
        if let Some(moment) = moment.filter(|_| !std::mem::replace(&mut told, true)) {
            // The story may be over.
            let _ = tell.send(moment);
        }
    }
}

fn down(
    mut phone: &TcpStream,
    mut office: &TcpStream,
    fate: Option<Fate>,
    carried: &Mutex<Carried>,
    tell: &Sender<Moment>,
) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = office.read(&mut buffer) {
        let before = {
            let mut carried = carried.lock().expect("a connection");
            let before = carried.down.len();
            carried.down.extend_from_slice(&buffer[..count]);
            before
        };
        let passes = match fate {
            None => count,
            Some(Fate::CutReplyAfter(bytes)) => bytes.saturating_sub(before).min(count),
            Some(Fate::StallAt(_)) => 0,
        };
        if fate == Some(Fate::StallAt(Moment::Answered)) && before == 0 {
            // The story may be over.
            let _ = tell.send(Moment::Answered);
        }
        if phone.write_all(&buffer[..passes]).is_err() {
            return;
        }
        if matches!(fate, Some(Fate::CutReplyAfter(bytes)) if before + count > bytes) {
            return;
        }
    }
}

/// Lengths of head and body of the first request, once its head is there.
fn length(request: &[u8]) -> Option<(usize, usize)> {
    let end = request.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let said = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    Some((end, said.trim().parse().ok()?))
}
