//! The line to the office, and what can happen on it.

use super::office::Office;
use qiaomen_client::{Reply, Transport, TransportError};
use qiaomen_proto::wire::enrol::ENROL_PATH;
use qiaomen_proto::wire::photo::PHOTO_PATH;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// What happens to one exchange.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It goes well.
    None,
    /// The request does not arrive.
    LoseRequest,
    /// The request arrives, the reply does not.
    LoseReply,
    /// The reply breaks off and arrives as this many bytes.
    CutReply(usize),
    /// Somebody changes a byte of the reply.
    AlterReply,
    /// Somebody else answers, with a signature of their own.
    ForgeReply,
    /// The office says that it is busy.
    Busy(u64),
    /// The office says that this device asks too often.
    TooOften(u64),
    /// Somebody on the way says that it is too much, and nothing of the office's.
    TooManyOnTheWay,
}

pub struct Line {
    pub office: Rc<RefCell<Office>>,
    /// What happens to the next exchanges, in order.
    pub faults: VecDeque<Fault>,
    /// Bodies of the requests that were made.
    pub requests: Vec<Vec<u8>>,
    /// Whether it waits between attempts.
    pub patient: bool,
    /// What it waited.
    pub waited_ms: u64,
    /// Called after each exchange.
    pub after: Option<Box<dyn FnMut(usize)>>,
}

impl Line {
    pub fn to(office: &Rc<RefCell<Office>>) -> Self {
        Self {
            office: Rc::clone(office),
            faults: VecDeque::new(),
            requests: Vec::new(),
            patient: false,
            waited_ms: 0,
            after: None,
        }
    }
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push_back(fault);
    }
}

impl Transport for Line {
    fn post(&mut self, path: &str, auth: Option<&str>, body: &[u8]) -> Result<Reply, TransportError> {
        let fault = self.faults.pop_front().unwrap_or(Fault::None);
        if matches!(fault, Fault::LoseRequest) {
            return Err(TransportError::Unreachable { source: None });
        }
        if let Fault::Busy(seconds) = fault {
            let body = br#"{"code":"busy","number":40,"sentence":"","retry":true}"#.to_vec();
            return Ok(Reply { status: 503, retry_after_s: Some(seconds), body, ..Reply::default() });
        }
        if let Fault::TooOften(seconds) = fault {
            let body = br#"{"code":"too_often","number":15,"sentence":"","retry":true}"#.to_vec();
            return Ok(Reply { status: 429, retry_after_s: Some(seconds), body, ..Reply::default() });
        }
        if let Fault::TooManyOnTheWay = fault {
            return Ok(Reply { status: 429, retry_after_s: Some(1), ..Reply::default() });
        }
        let mut reply = match path {
            ENROL_PATH => self.office.borrow_mut().enrol(body),
            PHOTO_PATH => self.office.borrow_mut().photo(auth, body),
            _ => self.office.borrow_mut().sync(auth, body),
        };
        self.requests.push(body.to_vec());
        if let Some(after) = &mut self.after {
            after(self.requests.len());
        }
        match fault {
            Fault::LoseReply => return Err(TransportError::BrokenOff { source: None }),
            Fault::CutReply(n) => reply.body.truncate(n),
            Fault::AlterReply => {
                let middle = reply.body.len() / 2;
                reply.body[middle] ^= 1;
            }
            Fault::ForgeReply => reply.signature = Some(self.office.borrow().forged(auth, &reply.body)),
            _ => {}
        }
        reply.head_bytes_up = 100;
        reply.head_bytes_down = 100;
        Ok(reply)
    }

    fn pause(&mut self, wait_ms: u64) -> bool {
        self.waited_ms += wait_ms;
        self.patient
    }
}
