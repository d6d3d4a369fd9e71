//! Rust text as a rule wants to read it: the same bytes in the same places, with blanks where
//! comments, strings and, for rules about the product, tests were.

/// Reads databases and documents as a stranger would, and shares no code with what it judges.
pub(crate) const CHECKER: &str = "server/cli/src/demo/check.rs";

/// Which part of the project a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// `proto/`
    Proto,
    /// `client-core/` without the screens, their host and the app
    Device,
    /// `client-core/screens/`
    Screens,
    /// `client-core/host/`
    Host,
    /// `client-core/app/`
    FieldApp,
    /// `server/` without the command line
    Office,
    /// `server/console/`
    Console,
    /// `server/cli/`
    OfficeCli,
    /// `tests/`
    Tests,
}

/// Rooms by folder, the inner before the outer.
pub(crate) const ROOMS: [(&str, Room); 9] = [
    ("proto/", Room::Proto),
    ("client-core/screens/", Room::Screens),
    ("client-core/host/", Room::Host),
    ("client-core/app/", Room::FieldApp),
    ("client-core/", Room::Device),
    ("server/console/", Room::Console),
    ("server/cli/", Room::OfficeCli),
    ("server/", Room::Office),
    ("tests/", Room::Tests),
];

/// The room of a file, if it is in one.
pub(crate) fn room(path: &str) -> Option<Room> {
    ROOMS.into_iter().find(|(folder, _)| path.starts_with(folder)).map(|(_, room)| room)
}

/// Whether a Rust file is shipped: not in `tests/`, not a crate's own tests.
pub(crate) fn is_product(path: &str) -> bool {
    let test_file = path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/benches/");
    path.ends_with(".rs") && !test_file && !matches!(room(path), None | Some(Room::Tests))
}

/// The text with comments, strings and characters blanked out.
pub(crate) fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut kept = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match not_code(&text[at..], at > 0 && is_name(bytes[at - 1])) {
            Some(len) => at + len,
            None => {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        blank(&mut kept[at..end]);
        at = end;
    }
    String::from_utf8(kept).unwrap_or_default()
}

/// The text as in [`code`], without what is compiled for tests only.
pub(crate) fn product(text: &str) -> String {
    let code = code(text);
    let mut kept = code.clone().into_bytes();
    for (start, mark) in code.match_indices("#[cfg(test)]") {
        let end = item_end(&code[start + mark.len()..]).map_or(code.len(), |len| start + mark.len() + len);
        blank(&mut kept[start..end]);
    }
    String::from_utf8(kept).unwrap_or_default()
}

/// Places where a word stands by itself; the word may be a path (`Utc::now`) or a call (`dbg!`).
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let alone = |byte: Option<&u8>| byte.is_none_or(|byte| !is_name(*byte));
    let ends_in_name = word.bytes().last().is_some_and(is_name);
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).and_then(|before| code.as_bytes().get(before));
        alone(before) && (!ends_in_name || alone(code.as_bytes().get(at + word.len())))
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

/// The length of the comment, string or character that the text starts with.
fn not_code(text: &str, after_name: bool) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_comment(text));
    }
    if text.starts_with('"') {
        return Some(string(text));
    }
    if let Some(rest) = text.strip_prefix('\'') {
        return character(rest);
    }
    // b"…", c"…", r#"…"#, br"…": only where no name goes on, as `for` and `br` would.
    if after_name {
        return None;
    }
    let prefix = ["br", "cr", "b", "c", "r"]
        .into_iter()
        .find(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"')))?;
    let rest = &text[prefix.len()..];
    if !prefix.ends_with('r') {
        return rest.starts_with('"').then(|| prefix.len() + string(rest));
    }
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let closing = format!("\"{}", "#".repeat(hashes));
    let body = &rest[hashes + 1..];
    Some(prefix.len() + hashes + 1 + body.find(&closing).map_or(body.len(), |end| end + closing.len()))
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A character, as opposed to a lifetime: `'a'` and `'\n'`, but not `'a`.
fn character(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices();
    match characters.next()?.1 {
        '\\' => {
            let (after, _) = characters.nth(1)?;
            rest[after..].find('\'').map(|end| 1 + after + end + 1)
        }
        _ => characters.next().filter(|(_, next)| *next == '\'').map(|(at, _)| 1 + at + 1),
    }
}

/// Where the item that follows an attribute ends.
fn item_end(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && byte == b'}' {
                    return Some(at + 1);
                }
            }
            b';' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_a_comment_or_a_string_is_no_code() {
        for text in [
            "// dbg!(1)\n",
            "/* a /* dbg!(1) */ b */",
            "let a = \"\\\"dbg!(1)\";",
            "let a = r#\"\"dbg!(1)\"#;",
            "let a = br\"dbg!(1)\";",
            "let a = ('\"', 'x', \"dbg!(1)\");",
        ] {
            assert_eq!(words(&code(text), "dbg!").count(), 0, "{text}");
        }
    }

    #[test]
    fn a_word_beside_a_comment_or_a_string_is_code() {
        for text in [
            "/* a */ dbg!(1)",
            "\"a\"; dbg!(1)",
            "'\\''; dbg!(1)",
            "fn f<'a>(x: &'a str) { dbg!(x) } // '",
            "r\"\\\"; dbg!(1)",
            "'敲'; dbg!(1)",
            "b'\\\\'; dbg!(1)",
        ] {
            assert_eq!(words(&code(text), "dbg!").count(), 1, "{text}");
        }
    }

    #[test]
    fn every_line_stays_where_it_was() {
        let text = "a // 敲门\n\"x\ny\" b\n";
        assert_eq!(code(text).len(), text.len());
        assert_eq!(code(text).lines().count(), 3);
    }

    #[test]
    fn what_is_compiled_for_tests_only_is_not_the_product() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if x { y } } }\nfn c() {}";
        let product = product(text);
        assert!(product.contains("fn a") && product.contains("fn c"));
        assert!(!product.contains("fn b"));
    }

    #[test]
    fn a_word_stands_by_itself() {
        let code = "use axum::Router; let myaxum = axum2; axum";
        assert_eq!(words(code, "axum").collect::<Vec<_>>(), [4, 38]);
    }

    #[test]
    fn the_inner_room_counts_before_the_outer() {
        assert_eq!(room("server/cli/src/main.rs"), Some(Room::OfficeCli));
        assert_eq!(room("server/src/lib.rs"), Some(Room::Office));
        assert!(is_product("server/src/lib.rs"));
        assert!(!is_product("server/src/store/tests.rs") && !is_product("tests/src/lib.rs"));
    }
}
