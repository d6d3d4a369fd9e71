//! The evening: the network is well, every phone comes home, the clerk decides what is open, until nothing
//! moves any more. It has to end.

use super::phone::Condition;
use super::world::{ROUNDS_MAX, Stuck, World};

impl World {
    /// Brings everybody home. False if it does not come to an end.
    pub fn evening(&mut self) -> Result<bool, Stuck> {
        self.network.calm = true;
        while self.network.arrive().is_some() {}
        self.bureau.restart()?;
        for phone in &mut self.phones {
            phone.give_up();
        }
        self.look_at_held(true)?;
        for _ in 0..ROUNDS_MAX {
            // Nobody is in a hurry any more: limits for each day begin anew.
            self.clock.advance_to(self.clock.now_ms() + 24 * 3_600_000);
            for _ in 0..4 {
                self.decide()?;
            }
            let mut all = true;
            for phone in self.alive() {
                self.enrol_again_if_unknown(phone)?;
                all &= self.sync_calmly(phone)?;
            }
            if all && self.is_still()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A phone that a restored office has never heard of goes to the office once more.
    fn enrol_again_if_unknown(&mut self, phone: usize) -> Result<(), Stuck> {
        let Some((device, worker)) = self.phones[phone].identity() else { return Ok(()) };
        let office = self.bureau.office()?;
        let known = office.store().read(|tx| tx.device(device))?.is_some();
        let number = self.town.workers.iter().position(|(id, _)| *id == worker);
        if let (false, Some(number)) = (known, number) {
            self.tell(|| format!("phone {phone} is unknown to the office"));
            self.enrol(phone, number)?;
        }
        Ok(())
    }

    /// Whether one more sync of everybody would bring nothing.
    fn is_still(&mut self) -> Result<bool, Stuck> {
        let before = self.positions()?;
        for phone in self.alive() {
            if !self.sync_calmly(phone)? {
                return Ok(false);
            }
        }
        let pending = self.phones.iter().filter(|p| p.condition == Condition::Alive).any(|p| {
            p.device()
                .and_then(|d| d.unacknowledged().ok())
                .is_some_and(|rows| rows.iter().any(|r| r.state.is_unconfirmed()))
        });
        Ok(!pending && before == self.positions()?)
    }

    fn positions(&mut self) -> Result<Vec<u64>, Stuck> {
        let office = self.bureau.office()?;
        Ok(office
            .store()
            .read(|tx| tx.streams()?.iter().map(|s| Ok(tx.stream(s)?.next_seq)).collect())
            .map_err(|e: qiaomen_server::store::StoreError| qiaomen_server::office::OfficeError::from(e))?)
    }
}
