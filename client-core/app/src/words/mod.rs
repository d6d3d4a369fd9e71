//! Answers in words for people. Colour and signs never carry meaning alone: every mark is a word.

/// What the office has to decide.
pub(crate) mod conflicts;
/// Doors.
pub(crate) mod door;
/// Where a value came from.
pub(crate) mod history;
/// What is not at the office yet.
pub(crate) mod outbox;
/// People, and fields of anything.
pub(crate) mod person;
/// Photos of matters.
pub(crate) mod photo;
/// What was found.
pub(crate) mod search;
/// How the device stands.
pub(crate) mod status;
/// How a sync went.
pub(crate) mod sync;
/// Matters.
pub(crate) mod ticket;
/// The day.
pub(crate) mod today;

/// What there is, with dots between.
fn dotted<'a>(words: impl IntoIterator<Item = Option<&'a str>>) -> String {
    words.into_iter().flatten().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Adds a heading and its lines, unless there are none.
fn section(page: &mut Vec<String>, heading: &str, lines: impl IntoIterator<Item = String>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        page.push(String::new());
        page.push(heading.to_owned());
        page.extend(lines.map(|l| l.lines().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n")));
    }
}
