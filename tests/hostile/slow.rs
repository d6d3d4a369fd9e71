//! Bytes that trickle, heads that never end, readers that do not read: each is cut in a time that is
//! known, and none keeps an honest device waiting.

use crate::honest::Honest;
use crate::judge;
use crate::line::{Line, connect, request};
use crate::stories::Served;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::Role;
use qiaomen_server::http::Bounds;
use qiaomen_server::people::clerks;
use std::io::{ErrorKind, Read as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What the office of these stories waits for.
const PATIENCE: Duration = Duration::from_millis(700);
/// Within this everybody who is slow has been cut, whatever else the machine does.
const CUT_TIME_MAX: Duration = Duration::from_secs(20);
/// A byte comes so often: often enough that no connection ever looks idle.
const DROP: Duration = Duration::from_millis(40);
/// Slow ones at once.
const SLOW: usize = 24;

fn impatient() -> Bounds {
    Bounds {
        body_time: PATIENCE,
        request_time: 2 * PATIENCE,
        idle_time: 2 * PATIENCE,
        wait_time: PATIENCE,
        ..Bounds::default()
    }
}

/// Says a beginning, then byte after byte until the office has had enough. How long it took, and what
/// the office said, if anything.
#[allow(clippy::disallowed_methods, reason = "it measures how long the office lets itself be held up")]
fn trickles(served: &Served, beginning: &[u8], drop: u8) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let mut stream = connect(served.at).unwrap();
    stream.write_all(beginning).unwrap();
    let mut reading = stream.try_clone().unwrap();
    let (tell, cut) = channel();
    std::thread::scope(|both| {
        both.spawn(move || {
            let mut heard = Vec::new();
            // Cut off is what is waited for.
            let _ = reading.read_to_end(&mut heard);
            let _ = tell.send(heard);
        });
        loop {
            match cut.recv_timeout(DROP) {
                Ok(heard) => return (begun.elapsed(), heard),
                Err(RecvTimeoutError::Disconnected) => return (begun.elapsed(), Vec::new()),
                Err(RecvTimeoutError::Timeout) => {
                    assert!(begun.elapsed() < CUT_TIME_MAX, "nobody cuts it off");
                    // The office may have closed: then the reader says so.
                    let _ = stream.write_all(&[drop]);
                }
            }
        }
    })
}

#[test]
fn bodies_and_heads_that_trickle_are_cut_and_the_honest_do_not_wait() {
    let served = Served::within(impatient());
    let body = b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n".as_slice();
    let pieces = b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice();
    let refused = b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n".as_slice();
    let head = b"POST /v1/enrol HTTP/1.1\r\nX-Slow: ".as_slice();
    std::thread::scope(|all| {
        let slow: Vec<_> = [(body, b'a'), (pieces, b'1'), (refused, b'a'), (head, b'a')]
            .into_iter()
            .cycle()
            .take(SLOW)
            .map(|(beginning, drop)| {
                let served = &served;
                all.spawn(move || (beginning, trickles(served, beginning, drop)))
            })
            .collect();
        // The real device speaks its own HTTP and is not slow.
        let mut honest = Honest::enrolled(&served.town, served.at, 40, "王建国", 0);
        honest.works();
        honest.comes_home();
        assert!(honest.longest < CUT_TIME_MAX, "{:?}", honest.longest);
        for one in slow {
            let (beginning, (time, heard)) = one.join().expect("somebody slow");
            assert!(time < CUT_TIME_MAX, "{time:?}");
            if beginning == body {
                let heard = String::from_utf8_lossy(&heard);
                assert!(heard.starts_with("HTTP/1.1 408") && heard.contains("busy"), "{heard}");
            }
        }
    });
}

/// Asks for a long page over and over and reads nothing, until the office has had enough.
fn asks_and_does_not_read(served: &Served, bearer: &str) {
    let mut stream = connect(served.at).unwrap();
    stream.set_write_timeout(Some(CUT_TIME_MAX)).unwrap();
    let many = request("GET", "/v1/office/quarantine", &[("Authorization", bearer)], b"").repeat(100);
    loop {
        match stream.write_all(&many) {
            Ok(()) => {}
            Err(e) if matches!(e.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => panic!("nobody cuts it off"),
            Err(_) => return,
        }
    }
}

#[test]
fn who_asks_and_does_not_read_the_answers_is_cut() {
    /// Commands that are held back: so many make a page of some tens of kilobytes.
    const HELD: usize = 200;
    let served = Served::within(impatient());
    let mut wang = served.town.phone(1, Role::GridWorker, 0);
    for room in 0..HELD {
        wang.register_door(&served.town, 1, &(1000 + room).to_string());
    }
    wang.sync(&served.town.office);
    clerks::add_clerk(&served.town.office, "zhaomin", "腊八蒜 2026 春").unwrap();
    let token = clerks::login(&served.town.office, "zhaomin", "腊八蒜 2026 春").unwrap().token;
    let bearer = format!("Bearer {token}");
    std::thread::scope(|all| {
        for _ in 0..2 {
            all.spawn(|| asks_and_does_not_read(&served, &bearer));
        }
    });
    let answer = Line::new(served.at).ask(&request("GET", "/v1/health", &[], b"")).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn connections_that_say_nothing_take_every_seat_only_until_they_are_cut() {
    const SEATS: usize = 8;
    let served = Served::within(Bounds { connections_max: SEATS, ..impatient() });
    let silent: Vec<_> = (0..SEATS).map(|_| connect(served.at).unwrap()).collect();
    let answer = Line::new(served.at).ask(&request("GET", "/v1/nowhere", &[], b"")).unwrap();
    assert_eq!(judge::refusal(&answer), Ok(Code::NotFound));
    for mut stream in silent {
        let mut rest = Vec::new();
        // Closed or reset: nothing was said.
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty());
    }
}
