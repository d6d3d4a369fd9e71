//! The network of a world: letters under way, in the order in which they arrive. What happens to each is
//! decided when it is sent.

use super::dice::Dice;
use super::figures::Figures;
use qiaomen_client::Reply;
use std::collections::BTreeMap;

/// Something under way, or something that will happen to a phone.
#[derive(Debug)]
pub enum Letter {
    /// A request comes to the office.
    Request {
        /// Its number.
        id: u64,
        /// From this phone.
        phone: usize,
        /// Where to.
        path: &'static str,
        /// The header.
        auth: String,
        /// The body.
        body: Vec<u8>,
    },
    /// A reply comes to a phone.
    Answer {
        /// To which request.
        id: u64,
        /// To this phone.
        phone: usize,
        /// What.
        reply: Reply,
    },
    /// A phone has waited long enough.
    TimeOut {
        /// For which request.
        id: u64,
        /// This phone.
        phone: usize,
    },
}

/// How long a phone waits.
const PATIENCE_MS: u64 = 60_000;
/// The slowest that something arrives which does arrive.
const SLOWEST_MS: u64 = 45_000;
/// A copied request turns up this much later at most.
const ECHO_MS: u64 = 3_600_000;

/// The network.
#[derive(Debug, Default)]
pub struct Network {
    under_way: BTreeMap<(u64, u64), Letter>,
    sent: u64,
    requests: u64,
    /// True while it treats everybody well.
    pub calm: bool,
}

impl Network {
    /// The next thing that arrives, and when.
    pub fn arrive(&mut self) -> Option<(u64, Letter)> {
        self.under_way.pop_first().map(|((at, _), letter)| (at, letter))
    }
    /// When the next thing arrives.
    pub fn next_at(&self) -> Option<u64> {
        self.under_way.first_key_value().map(|((at, _), _)| *at)
    }
    fn put(&mut self, at_ms: u64, letter: Letter) {
        self.sent += 1;
        self.under_way.insert((at_ms, self.sent), letter);
    }
    fn delay(&self, dice: &mut Dice) -> u64 {
        if self.calm { 1 } else { dice.between(50, SLOWEST_MS / 2) }
    }

    /// A phone sends a request. Its number.
    pub fn send(
        &mut self,
        now_ms: u64,
        (phone, path, auth, body): (usize, &'static str, String, Vec<u8>),
        dice: &mut Dice,
        figures: &mut Figures,
    ) -> u64 {
        self.requests += 1;
        let id = self.requests;
        let at = now_ms + self.delay(dice);
        self.put(now_ms + PATIENCE_MS, Letter::TimeOut { id, phone });
        if !self.calm && dice.percent(6) {
            figures.fault("echoed request");
            let echo = now_ms + dice.between(1, ECHO_MS);
            self.put(echo, Letter::Request { id, phone, path, auth: auth.clone(), body: body.clone() });
        }
        if !self.calm && dice.percent(8) {
            figures.fault("lost request");
            return id;
        }
        let mut body = body;
        if !self.calm && dice.percent(2) && !body.is_empty() {
            figures.fault("garbled request");
            let at = dice.below(body.len());
            body[at] ^= 1 << dice.below(8);
        }
        self.put(at, Letter::Request { id, phone, path, auth, body });
        id
    }

    /// The office answers.
    pub fn answer(
        &mut self,
        now_ms: u64,
        (id, phone, reply): (u64, usize, Reply),
        dice: &mut Dice,
        figures: &mut Figures,
    ) {
        if !self.calm && dice.percent(12) {
            figures.fault("lost reply");
            return;
        }
        let mut reply = reply;
        if !self.calm && dice.percent(4) && !reply.body.is_empty() {
            figures.fault("cut reply");
            reply.body.truncate(dice.below(reply.body.len()));
        }
        let at = now_ms + self.delay(dice);
        self.put(at, Letter::Answer { id, phone, reply });
    }
}
