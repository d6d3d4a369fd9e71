//! Identity numbers and phones that belong to nobody, each given out once.

use super::dice::Dice;
use super::names::Sex;
use chrono::NaiveDate;
use qiaomen_proto::person::{IdentityNumber, Phone};

/// Numbers of either kind before the first would come again.
const SERIES: u32 = 10_000;

/// The stock that a book draws from.
#[derive(Debug)]
pub(super) struct Papers {
    identity_start: u32,
    identities: u32,
    phone_start: u32,
    phones: u32,
}

impl Papers {
    pub(super) fn new(dice: &mut Dice) -> Self {
        Self { identity_start: dice.below(SERIES), identities: 0, phone_start: dice.below(SERIES), phones: 0 }
    }

    /// A number in region 999, which does not exist, with a right check digit.
    pub(super) fn identity(&mut self, born_on: NaiveDate, sex: Sex) -> Option<IdentityNumber> {
        // Stepping by a number prime to the length meets every number once, without looking ordered.
        let serial = (self.identity_start + self.identities * 6_173) % SERIES;
        self.identities += 1;
        // Region and sequence together spell the serial, so that no two people share both; the sex
        // is the sequence's parity.
        let (region, block) = (serial % 1_000, serial / 1_000);
        let sequence = 40 + 2 * block + u32::from(sex == Sex::Man);
        let first = format!("999{region:03}{}{sequence:03}", born_on.format("%Y%m%d"));
        IdentityNumber::parse(&format!("{first}{}", check_digit(&first))).ok()
    }

    /// A number in the range 199-0000.
    pub(super) fn phone(&mut self) -> Option<Phone> {
        let serial = (self.phone_start + self.phones * 7_919) % SERIES;
        self.phones += 1;
        Phone::parse(&format!("1990000{serial:04}")).ok()
    }
}

/// The last digit of GB 11643 for the 17 before it.
fn check_digit(first: &str) -> char {
    // The weights are the powers of two modulo 11, from the right.
    let sum = first.bytes().fold(0_u32, |sum, digit| (sum * 2 + u32::from(digit - b'0')) % 11) * 2;
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('X'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_one_of_the_standards_examples() {
        // The two examples of GB 11643-1999.
        assert_eq!(check_digit("11010519491231002"), 'X');
        assert_eq!(check_digit("44052418800101001"), '4');
    }
}
