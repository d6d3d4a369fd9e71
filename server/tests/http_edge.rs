//! What comes in at the edge is bounded, and what is wrong is said in a permanent code and in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::asking::{Served, answer};
use crate::phone::Town;
use qiaomen_proto::ids::Role;
use qiaomen_proto::limits::REQUEST_BYTES_MAX;
use qiaomen_proto::seal::VerifyKey;
use qiaomen_proto::wire::auth::{HEADER, REPLY_CONTEXT, REPLY_HEADER, reply_message, signature_from_text};
use qiaomen_proto::wire::enrol::{ENROL_PATH, EnrolReply};
use qiaomen_proto::wire::envelope::{pack, unpack};
use qiaomen_proto::wire::pull::SyncReply;
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::http::Bounds;
use qiaomen_server::people::attempts::WRONG_CODES_PER_SOURCE_MAX;
use qiaomen_server::people::enrol_code;
use std::io::Write as _;
use std::net::Shutdown;
use std::time::Duration;

/// What a test of slowness waits for.
const SOON: Duration = Duration::from_millis(300);

fn impatient() -> Bounds {
    Bounds { body_time: SOON, idle_time: 4 * SOON, wait_time: SOON, ..Bounds::default() }
}

#[test]
fn a_device_enrols_and_syncs_over_http_and_the_answer_is_signed() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    crate::staff::hire(&town, 9, "王建国", Role::GridWorker, &[0]);
    let code = enrol_code(&town.office, "王建国", None, town.office.own_worker()).unwrap().code;
    let reply = served.post(ENROL_PATH, &pack(&crate::staff::request(&code.to_string(), 7)));
    assert_eq!(reply.status, 200);
    let enrolled: EnrolReply = unpack(&reply.body, 4096).unwrap();
    assert_eq!(enrolled.worker, [9; 16]);
    let again = served.post(ENROL_PATH, &pack(&crate::staff::request(&code.to_string(), 8)));
    assert_eq!(again.problem(), (403, "enrol_code".to_owned()));

    let mut phone = town.phone(1, Role::GridWorker, 0);
    phone.register_door(&town, 0, "101");
    let (signed, body) = phone.request();
    let header = signed.to_text();
    let reply = served.ask("POST", SYNC_PATH, &[(HEADER, &header)], &body);
    assert_eq!(reply.status, 200, "{}", reply.head);
    let signature = signature_from_text(reply.header(REPLY_HEADER).unwrap()).unwrap();
    let key: VerifyKey = town.office.secrets().signing.verify_key();
    key.verify(REPLY_CONTEXT, &reply_message(signed.device, signed.counter, &reply.body), &signature).unwrap();
    let answered: SyncReply = unpack(&reply.body, 1 << 23).unwrap();
    assert!(answered.verdicts[0].outcome.is_acknowledged());

    // The very same bytes again are a copy of a request, and the phone learns how far its count was.
    let copied = served.ask("POST", SYNC_PATH, &[(HEADER, &header)], &body);
    assert_eq!(copied.problem(), (409, "replayed".to_owned()));
    assert_eq!(copied.json()["counter"], signed.counter);
}

#[test]
fn behind_a_proxy_on_this_machine_one_place_that_guesses_codes_shuts_nobody_else_out() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    crate::staff::hire(&town, 9, "王建国", Role::GridWorker, &[0]);
    let code = enrol_code(&town.office, "王建国", None, town.office.own_worker()).unwrap().code.to_string();
    let enrol = |from: &str, code: &str, number: u8| {
        let body = pack(&crate::staff::request(code, number));
        served.ask("POST", ENROL_PATH, &[("X-Forwarded-For", from)], &body)
    };
    for n in 0..WRONG_CODES_PER_SOURCE_MAX {
        // What somebody writes before the proxy's word does not make another place of them.
        let guess = enrol(&format!("10.9.9.{n}, 198.51.100.7"), &format!("AAAA-BBBB-{n:04}"), 7);
        assert_eq!(guess.problem(), (403, "enrol_code".to_owned()), "guess {n}");
    }
    let stopped = enrol("198.51.100.7", &code, 8);
    assert_eq!(stopped.problem(), (429, "too_many".to_owned()));
    assert!(stopped.header("retry-after").is_some());
    assert_eq!(enrol("198.51.100.8", &code, 8).status, 200);
}

#[test]
fn who_does_not_sign_gets_no_further() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    let mut phone = town.phone(1, Role::GridWorker, 0);
    let (signed, body) = phone.request();
    assert_eq!(served.post(SYNC_PATH, &body).problem(), (401, "not_signed".to_owned()));
    let text = signed.to_text();
    for header in ["", "x", "a b c", &text[..text.len() - 2], "北京"] {
        assert_eq!(
            served.ask("POST", SYNC_PATH, &[(HEADER, header)], &body).problem(),
            (401, "not_signed".to_owned()),
            "{header}"
        );
    }
    let other = [body.as_slice(), b"!"].concat();
    assert_eq!(served.ask("POST", SYNC_PATH, &[(HEADER, &text)], &other).problem(), (401, "not_signed".to_owned()));
    // None of this used the phone's count up.
    assert_eq!(served.ask("POST", SYNC_PATH, &[(HEADER, &text)], &body).status, 200);
}

#[test]
fn garbage_is_malformed_whoever_signed_it() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    let mut phone = town.phone(1, Role::GridWorker, 0);
    for garbage in [&b""[..], b"{}", &[0xff; 999], &pack(&7u8), &pack(&vec![1u8; 100])] {
        assert_eq!(served.post(ENROL_PATH, garbage).problem(), (400, "malformed".to_owned()));
        let (signed, body) = phone.sign(garbage.to_vec());
        let reply = served.ask("POST", SYNC_PATH, &[(HEADER, &signed.to_text())], &body);
        assert_eq!(reply.problem(), (400, "malformed".to_owned()));
    }
}

#[test]
fn a_body_of_the_limit_is_read_and_one_byte_more_is_not() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    let mut phone = town.phone(1, Role::GridWorker, 0);
    let (signed, body) = phone.sign(vec![0; REQUEST_BYTES_MAX]);
    let header = [(HEADER, signed.to_text())];
    let header = [(header[0].0, header[0].1.as_str())];
    assert_eq!(served.ask("POST", SYNC_PATH, &header, &body).problem(), (400, "malformed".to_owned()));
    let over = [body.as_slice(), b"!"].concat();
    assert_eq!(served.ask("POST", SYNC_PATH, &header, &over).problem(), (413, "too_large".to_owned()));
    // A body that does not say how long it is, is counted as it comes.
    let mut stream = served.connect();
    let head = format!(
        "POST {SYNC_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{HEADER}: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        header[0].1
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"10000\r\n".as_slice(), &[0; 0x10000], b"\r\n"].concat();
    for _ in 0..=REQUEST_BYTES_MAX / 0x10000 {
        // It may have been refused already.
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    assert_eq!(answer(&mut stream).problem(), (413, "too_large".to_owned()));
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let town = Town::new();
    let served = Served::new(&town.office, impatient());
    let mut stream = served.connect();
    stream
        .write_all(
            format!("POST {ENROL_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf")
                .as_bytes(),
        )
        .unwrap();
    let reply = answer(&mut stream);
    assert_eq!(reply.problem(), (408, "busy".to_owned()));
    assert!(reply.header("retry-after").is_some());
}

#[test]
fn a_connection_on_which_nothing_comes_is_closed() {
    let town = Town::new();
    let served = Served::new(&town.office, impatient());
    for start in ["", "POST /v1/sy"] {
        let mut stream = served.connect();
        stream.write_all(start.as_bytes()).unwrap();
        let mut rest = Vec::new();
        // Closed or reset, but not before long.
        let _ = std::io::Read::read_to_end(&mut stream, &mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
    assert_eq!(served.ask("GET", "/v1/health", &[], b"").status, 200);
}

#[test]
fn where_nothing_is_and_how_nobody_may_ask_is_said_in_json() {
    let town = Town::new();
    let served = Served::new(&town.office, Bounds::default());
    for path in ["/", "/v1", "/v1/nothing", "/v1/office/nothing", "/v1/office", "/../etc/passwd", "/v1/sync/"] {
        assert_eq!(served.ask("GET", path, &[], b"").problem(), (404, "not_found".to_owned()), "{path}");
    }
    for (method, path) in
        [("GET", SYNC_PATH), ("PUT", ENROL_PATH), ("POST", "/v1/health"), ("DELETE", "/v1/office/conflicts")]
    {
        assert_eq!(served.ask(method, path, &[], b"").problem().0, 405, "{method} {path}");
    }
    let health = served.ask("GET", "/v1/health", &[], b"");
    assert_eq!((health.status, &health.json()["ok"]), (200, &true.into()));
    assert_eq!(health.header("cache-control"), Some("no-store"));
}

#[test]
fn a_server_that_is_told_to_stop_stops_and_frees_its_port() {
    let town = Town::new();
    let mut served = Served::new(&town.office, Bounds::default());
    // A connection that says nothing does not hold it up.
    let idle = served.connect();
    assert_eq!(served.ask("GET", "/v1/health", &[], b"").status, 200);
    let serving = served.serving.take().unwrap();
    idle.shutdown(Shutdown::Write).unwrap();
    served.runtime.block_on(serving.stop()).unwrap();
    assert!(std::net::TcpListener::bind(served.addr).is_ok());
}
