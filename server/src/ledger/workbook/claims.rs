//! What two parts of a workbook make the reader of the format ask for.
//!
//! The list of shared texts announces how many there are, and the reader asks for that much memory before
//! it has read them: 10^13 end the process, which nothing can catch. The styles are copied into every
//! cell format whole: a font's name of 8 MB and a million formats come to terabytes (measured with a
//! fortieth of it: 1.2 MB of styles took 2 GB). Both are looked at here, before the reader sees the file.
//!
//! Every form is refused in which the reader could see something else than is looked at here: another
//! encoding, and in styles comments and the like. No spreadsheet program writes them there.

/// The shortest that a shared text can be: `<si/>`.
const SHARED_TEXT_BYTES_MIN: u64 = 5;
/// So many shared texts may be announced by a list that is shorter: some programs count the cells that
/// use them. The reader takes 24 MB for it.
const SHARED_TEXTS_ANNOUNCED: u64 = 1_000_000;
/// The longest value of the styles, copied into every format: 2 KB in the 65,000 formats that a
/// spreadsheet program allows are half of this.
const COPIED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The bytes as text, unless another encoding could hide in them: UTF-16 has zeros between its letters,
/// and what switches alphabets does it with a control character.
fn plain_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let strange = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    (!text.chars().any(strange)).then_some(text)
}

/// Whether a list of shared texts announces no more of them than it can have. Every place that could be
/// read as the number is looked at, whatever stands around it.
pub(super) fn counts_its_texts(bytes: &[u8]) -> bool {
    // The `count` beside it, of cells that use the texts, is not read.
    const COUNT: &str = "uniqueCount";
    let Some(text) = plain_text(bytes) else { return false };
    let max = SHARED_TEXTS_ANNOUNCED.max(text.len() as u64 / SHARED_TEXT_BYTES_MIN);
    text.match_indices(COUNT).all(|(at, _)| {
        let after = text[at + COUNT.len()..].trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else { return true };
        let Some(value) = value.strip_prefix(['"', '\'']) else { return true };
        let value = value.split(['"', '\'']).next().unwrap_or_default();
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        digits.is_empty() || digits.parse::<u64>().is_ok_and(|count| count <= max)
    })
}

/// Whether the styles, copied into every format, stay small.
pub(super) fn formats_are_modest(bytes: &[u8]) -> bool {
    let Some(text) = plain_text(bytes) else { return false };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // One declaration at the top, and then elements only.
    let body = match text.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, body)| body),
        None => text,
    };
    if body.contains("<!") || body.contains("<?") {
        return false;
    }
    let (mut longest, mut formats) = (0_usize, 0_usize);
    let mut rest = body;
    while let Some((_, tag)) = rest.split_once('<') {
        let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        formats += usize::from(name.ends_with("xf"));
        let (value, after) = values(tag);
        longest = longest.max(value);
        rest = after;
    }
    longest.saturating_mul(formats) <= COPIED_BYTES_MAX
}

/// The length of the longest value of the tag that begins here, and what stands after the tag.
fn values(mut tag: &str) -> (usize, &str) {
    let mut longest = 0;
    while let Some(at) = tag.find(['"', '\'', '>']) {
        let (mark, after) = (tag.as_bytes()[at], &tag[at + 1..]);
        if mark == b'>' {
            return (longest, after);
        }
        let Some(end) = after.find(char::from(mark)) else { break };
        longest = longest.max(end);
        tag = &after[end + 1..];
    }
    // A tag or a value without an end takes all that is left.
    (longest.max(tag.len()), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_texts_is_found_however_it_is_written() {
        let list = |text: &str| counts_its_texts(format!("<sst {text}><si><t>网格</t></si></sst>").as_bytes());
        assert!(list("uniqueCount=\"1\" count=\"70000\""));
        assert!(list(""));
        let lies = [
            "uniqueCount=\"10000000000000\"",
            "uniqueCount = '0010000000000000'",
            "uniqueCount\n=\n\" 99999999999999999999\"",
        ];
        for lie in lies {
            assert!(!list(lie), "{lie}");
        }
        assert!(list("><si><t>uniqueCount 是什么"), "a text may be about it");
    }

    #[test]
    fn no_other_encoding_hides_anything() {
        let wide: Vec<u8> = "<sst uniqueCount=\"10000000000000\">".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!counts_its_texts(&wide));
        assert!(!counts_its_texts("<sst uni\u{1b}(BqueCount=\"1\">".as_bytes()));
        assert!(!formats_are_modest(&wide));
    }

    #[test]
    fn a_long_name_in_many_formats_is_too_much_and_in_few_is_not() {
        let styles = |name: usize, formats: usize| {
            let font = format!("<fonts><font><name val=\"{}\"/></font></fonts>", "'<".repeat(name / 2));
            let formats = "<xf fontId='0' applyFont='1'/>".repeat(formats);
            formats_are_modest(
                format!("<?xml version='1.0'?><styleSheet>{font}<cellXfs>{formats}</cellXfs>").as_bytes(),
            )
        };
        assert!(styles(2_000, 60_000));
        assert!(styles(1_000_000, 100));
        assert!(!styles(50_000, 40_000));
    }

    #[test]
    fn nothing_can_be_hidden_from_the_look_at_styles() {
        let long = "x".repeat(10_000);
        let formats = "<x:xf/>".repeat(30_000);
        for hidden in [
            format!("<!-- \" --><font name=\"{long}\"/>{formats}"),
            format!("<?a \" ?><font name=\"{long}\"/>{formats}"),
            format!("<font name='{long}'>{formats}"),
            format!("{formats}<font name='{long}"),
        ] {
            assert!(!formats_are_modest(hidden.as_bytes()), "{}", &hidden[..30]);
        }
    }
}
