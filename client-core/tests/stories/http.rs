use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Transport, TransportError};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};

/// Somebody who listens once, answers these bytes, and tells what was asked.
fn listener(answer: Vec<u8>) -> (String, JoinHandle<Vec<u8>>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let asked = spawn(move || {
        let (mut stream, _) = socket.accept().unwrap();
        let (mut asked, mut part) = (Vec::new(), [0; 4096]);
        while !asked.ends_with(b"the body") {
            let n = stream.read(&mut part).unwrap();
            asked.extend_from_slice(&part[..n]);
        }
        stream.write_all(&answer).unwrap();
        asked
    });
    (base, asked)
}

#[test]
fn every_byte_of_an_exchange_is_counted() {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\nqiaomen-office: abc\r\ncontent-length: 5\r\n\r\n";
    let (base, asked) = listener([head.as_bytes(), b"reply"].concat());
    let mut transport = HttpTransport::new(&format!("{base}/"));
    let reply = transport.post("/v1/sync", Some("device 1 signature"), b"the body").unwrap();
    let asked = asked.join().unwrap();
    let text = String::from_utf8_lossy(&asked);
    assert_eq!(reply.head_bytes_up, u64::try_from(asked.len() - b"the body".len()).unwrap(), "{text}");
    assert_eq!(reply.head_bytes_down, u64::try_from(head.len()).unwrap());
    assert_eq!((reply.status, reply.body.as_slice(), reply.signature.as_deref()), (200, &b"reply"[..], Some("abc")));
    assert!(text.starts_with("POST /v1/sync HTTP/1.1\r\n"), "{text}");
    assert!(text.contains("qiaomen-device: device 1 signature\r\n"), "{text}");
}

#[test]
fn a_busy_office_is_an_answer_and_says_when_to_come_back() {
    let (base, asked) =
        listener(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\n{}".to_vec());
    let reply = HttpTransport::new(&base).post("/v1/sync", None, b"the body").unwrap();
    asked.join().unwrap();
    assert_eq!((reply.status, reply.retry_after_s), (503, Some(7)));
}

#[test]
fn nobody_there_and_a_reply_that_breaks_off_are_told_apart() {
    let (base, asked) = listener(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf".to_vec());
    let mut transport = HttpTransport::new(&base);
    assert!(matches!(transport.post("/v1/sync", None, b"the body"), Err(TransportError::BrokenOff { .. })));
    asked.join().unwrap();
    assert!(matches!(transport.post("/v1/sync", None, b"the body"), Err(TransportError::Unreachable { .. })));
}
