//! A form that is sent in parts (RFC 7578): names, values, and files. Bounded and taken apart once.

/// Parts of one form at most.
const PARTS_MAX: usize = 64;
/// Lines before a part's content are no longer than this.
const HEAD_BYTES_MAX: usize = 2 * 1024;
/// A boundary is no longer than this.
const BOUNDARY_BYTES_MAX: usize = 70;

/// One part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    pub(crate) name: String,
    /// True if it is a file, whatever it is called.
    pub(crate) is_file: bool,
    pub(crate) content: &'b [u8],
}

/// The boundary that a content type names, if it is a form in parts.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()).then_some(boundary)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    // Pictures are long, and rarely hold the first byte of a boundary's line end.
    while let Some(at) = bytes.get(from..)?.iter().position(|b| *b == first) {
        if bytes[from + at..].starts_with(what) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// The parts of a body; none if it is not formed as agreed.
pub(crate) fn parts<'b>(body: &'b [u8], boundary: &str) -> Option<Vec<Part<'b>>> {
    let opening = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(opening.as_bytes())?;
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        if parts.len() >= PARTS_MAX {
            return None;
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(&rest[..rest.len().min(HEAD_BYTES_MAX)], b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 4..];
        let end = find(rest, between.as_bytes())?;
        let (name, is_file) = named(head)?;
        parts.push(Part { name, is_file, content: &rest[..end] });
        rest = &rest[end + between.len()..];
    }
}

fn named(head: &str) -> Option<(String, bool)> {
    let line = head.lines().find(|l| l.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let name = line.split(';').find_map(|p| p.trim().strip_prefix("name=\""))?.strip_suffix('"')?;
    let is_file = line.split(';').any(|p| p.trim().starts_with("filename"));
    Some((name.to_owned(), is_file))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xe7\x81\xaf\r\n--x\r\nContent-Disposition: form-data; \
        name=\"photos\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--y\r\n\r\n--x--\r\n";

    #[test]
    fn a_form_in_parts_is_taken_apart_and_a_picture_is_what_it_was() {
        let parts = parts(BODY, boundary("multipart/form-data; boundary=x").unwrap()).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].name.as_str(), parts[0].is_file, parts[0].content), ("text", false, "灯".as_bytes()));
        assert_eq!(parts[1].content, b"\xff\xd8\r\n--y\r\n");
        assert!(parts[1].is_file);
    }

    #[test]
    fn what_ends_too_early_anywhere_is_no_form() {
        for end in 0..BODY.len() - 4 {
            assert_eq!(parts(&BODY[..end], "x"), None, "{end}");
        }
        assert!(parts(b"--x--\r\n", "x").unwrap().is_empty());
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
        let many = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(PARTS_MAX + 1);
        assert_eq!(parts(&[&many[..], b"--x--"].concat(), "x"), None);
    }
}
