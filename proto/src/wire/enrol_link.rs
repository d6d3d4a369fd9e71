//! What the office's screen shows a phone's camera: where the office is, and a one-time code. Nobody's name.

use std::fmt::{self, Write as _};

/// What such a text begins with.
const BEGINS: &str = "qiaomen://enrol?";
/// Characters of such a text at most.
const LINK_BYTES_MAX: usize = 512;

/// Where a device asks, and with which code: what `enrol` needs.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolLink {
    /// The office's address as a browser knows it: `http://192.168.1.10:8420`.
    pub server: String,
    /// The one-time code.
    pub code: String,
}

impl EnrolLink {
    /// From the text that was read; none if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fields = text.strip_prefix(BEGINS).filter(|_| text.len() <= LINK_BYTES_MAX)?;
        let (mut server, mut code) = (None, None);
        // A field of a later program is passed over.
        for field in fields.split('&') {
            match field.split_once('=')? {
                ("server", value) => server = Some(unescaped(value)?),
                ("code", value) => code = Some(unescaped(value)?),
                _ => {}
            }
        }
        let server = server.filter(|s| s.starts_with("http://") || s.starts_with("https://"))?;
        Some(Self { server, code: code.filter(|code| !code.is_empty())? })
    }
}

impl fmt::Display for EnrolLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(BEGINS)?;
        f.write_str("server=")?;
        escape(f, &self.server)?;
        f.write_str("&code=")?;
        escape(f, &self.code)
    }
}

impl fmt::Debug for EnrolLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnrolLink").field("server", &self.server).finish_non_exhaustive()
    }
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again() {
        let link = EnrolLink { server: "http://192.168.1.10:8420".to_owned(), code: "7F3K-9QXM-2B4C".to_owned() };
        let text = link.to_string();
        assert_eq!(text, "qiaomen://enrol?server=http%3A%2F%2F192.168.1.10%3A8420&code=7F3K-9QXM-2B4C");
        assert_eq!(EnrolLink::parse(&text), Some(link.clone()));
        assert_eq!(EnrolLink::parse(&format!(" {text}&later=1\n")), Some(link));
    }

    #[test]
    fn what_is_something_else_is_no_link() {
        let long = format!("{BEGINS}server=http://a&code={}", "1".repeat(LINK_BYTES_MAX));
        for text in [
            "",
            "https://example.org",
            "qiaomen://enrol?",
            "qiaomen://enrol?server=http://a",
            "qiaomen://enrol?server=http://a&code=",
            "qiaomen://enrol?server=ftp://a&code=1",
            "qiaomen://enrol?server=http%3&code=1",
            "qiaomen://enrol?server=http%zz&code=1",
            "qiaomen://enrol?server=http%3A%2F%2Fa%0A&code=1",
            "qiaomen://enrol?server=http%FF&code=1",
            &long,
        ] {
            assert_eq!(EnrolLink::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_does_not_show_its_code_by_accident() {
        let link = EnrolLink { server: "http://a".to_owned(), code: "7F3K".to_owned() };
        assert!(!format!("{link:?}").contains("7F3K"));
    }
}
