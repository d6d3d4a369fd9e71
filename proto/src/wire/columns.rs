//! Bytes in, bytes out, never past the end. A count is checked against what is left before anything
//! is allocated for it.

/// The bytes do not say what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed bytes: {0}")]
pub struct Malformed(pub &'static str);

/// Writes one column.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// One byte.
    pub fn byte(&mut self, b: u8) {
        self.0.push(b);
    }
    /// These bytes, no length.
    pub fn bytes(&mut self, b: &[u8]) {
        self.0.extend_from_slice(b);
    }
    /// LEB128.
    pub fn uint(&mut self, mut n: u64) {
        loop {
            let low = (n & 0x7f).to_le_bytes()[0];
            n >>= 7;
            if n == 0 {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }
    /// A count.
    pub fn count(&mut self, n: usize) {
        self.uint(u64::try_from(n).unwrap_or(u64::MAX));
    }
    /// Zigzag LEB128.
    pub fn int(&mut self, n: i64) {
        self.uint(((n << 1) ^ (n >> 63)).cast_unsigned());
    }
    /// Length, then the bytes.
    pub fn chunk(&mut self, b: &[u8]) {
        self.count(b.len());
        self.bytes(b);
    }
}

/// Reads one column.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Over these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.0.split_first().ok_or(Malformed("ends early"))?;
        self.0 = rest;
        Ok(*first)
    }
    /// This many bytes.
    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(Malformed("ends early"))?;
        self.0 = rest;
        Ok(head)
    }
    /// An array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.bytes(N)?.try_into().map_err(|_| Malformed("ends early"))
    }
    /// LEB128, the shortest form only.
    pub fn uint(&mut self) -> Result<u64, Malformed> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let b = self.byte()?;
            let part = u64::from(b & 0x7f);
            if shift == 63 && part > 1 {
                return Err(Malformed("number too large"));
            }
            n |= part << shift;
            if b & 0x80 == 0 {
                return if b == 0 && shift > 0 { Err(Malformed("number not in shortest form")) } else { Ok(n) };
            }
        }
        Err(Malformed("number too long"))
    }
    /// A count of at most `max`.
    pub fn count(&mut self, max: usize) -> Result<usize, Malformed> {
        usize::try_from(self.uint()?).ok().filter(|n| *n <= max).ok_or(Malformed("count out of bounds"))
    }
    /// Zigzag LEB128.
    pub fn int(&mut self) -> Result<i64, Malformed> {
        let n = self.uint()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }
    /// Length, then at most `max` bytes.
    pub fn chunk(&mut self, max: usize) -> Result<&'a [u8], Malformed> {
        let n = self.count(max)?;
        self.bytes(n)
    }
    /// Length, then text of at most `max` bytes.
    pub fn text(&mut self, max: usize) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.chunk(max)?).map_err(|_| Malformed("not text"))
    }
    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }
    /// Nothing may be left.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed("bytes left over")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back_as_they_went(n: u64, i: i64) {
            let mut w = Writer::default();
            w.uint(n);
            w.int(i);
            let mut r = Reader::new(&w.0);
            prop_assert_eq!(r.uint(), Ok(n));
            prop_assert_eq!(r.int(), Ok(i));
            prop_assert_eq!(r.end(), Ok(()));
        }
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let mut r = Reader::new(&bytes);
            while r.left() > 0 {
                if r.uint().is_err() || r.chunk(10).is_err() { break; }
            }
        }
    }

    #[test]
    fn a_longer_form_of_the_same_number_is_refused() {
        assert!(Reader::new(&[0x80, 0x00]).uint().is_err());
        assert!(Reader::new(&[0xff; 11]).uint().is_err());
    }
}
