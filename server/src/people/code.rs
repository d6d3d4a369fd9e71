//! One-time codes as people read, type and spell them: twelve letters and digits of Crockford's
//! base 32 (60 bits), in groups of four. Letters that look like digits are taken for them.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters and digits of a code. Twelve are 60 bits: not to be guessed in the life of a code.
const LENGTH: usize = 12;
/// Letters and digits in a group.
const GROUP: usize = 4;

/// A one-time code. It is shown once; only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode([u8; LENGTH]);

impl OneTimeCode {
    /// From random bytes.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        let mut bits = u64::from_be_bytes(bytes);
        Self(std::array::from_fn(|_| {
            let symbol = ALPHABET[usize::try_from(bits & 31).unwrap_or(0)];
            bits >>= 5;
            symbol
        }))
    }

    /// As somebody typed it: case, blanks and dashes of any kind do not matter.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut symbols = Vec::with_capacity(LENGTH);
        for character in typed.chars().map(half_width) {
            let symbol = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c if c.is_whitespace() || is_dash(c) => continue,
                c => c,
            };
            let symbol = u8::try_from(symbol).ok().filter(|s| ALPHABET.contains(s))?;
            if symbols.len() == LENGTH {
                return None;
            }
            symbols.push(symbol);
        }
        Some(Self(symbols.try_into().ok()?))
    }

    /// What is kept of it.
    pub fn hash(&self) -> [u8; 32] {
        blake3::derive_key("qiaomen 2026 one-time enrolment code", &self.0)
    }
}

impl fmt::Display for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, symbol) in self.0.iter().enumerate() {
            if i > 0 && i % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*symbol))?;
        }
        Ok(())
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '_' | '.' | '·')
}

/// A Chinese keyboard types letters and digits at full width.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = OneTimeCode::from_random([0, 1, 2, 3, 4, 5, 6, 7]);
        let text = code.to_string();
        assert_eq!(text.len(), LENGTH + 2);
        for typed in
            [text.clone(), text.to_lowercase(), text.replace('-', ""), text.replace('-', " "), format!("  {text}\n")]
        {
            assert_eq!(OneTimeCode::parse(&typed), Some(code.clone()), "{typed}");
        }
        let wide: String = text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        assert_eq!(OneTimeCode::parse(&wide), Some(code));
    }

    #[test]
    fn letters_that_look_like_digits_are_taken_for_them() {
        assert_eq!(OneTimeCode::parse("O0o0-IiLl-1111"), OneTimeCode::parse("0000-1111-1111"));
    }

    #[test]
    fn what_is_too_short_too_long_or_of_other_letters_is_no_code() {
        for typed in ["", "7F3K-9QXM", "7F3K-9QXM-2B4C-1", "7F3K-9QXM-2B4U", "七楼三单元五零二户主王建国"]
        {
            assert_eq!(OneTimeCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_code_does_not_show_itself_by_accident() {
        assert_eq!(format!("{:?}", OneTimeCode::from_random([9; 8])), "OneTimeCode(…)");
    }
}
