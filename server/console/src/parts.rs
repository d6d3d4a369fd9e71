use maud::{Markup, html};

/// The head of a page: its title, what it is in a line, and what can be done from here.
pub(crate) fn heading(title: &str, line: &str, actions: Markup) -> Markup {
    html! {
        div.heading {
            div {
                h1 { (title) }
                @if !line.is_empty() { p.line { (line) } }
            }
            div.actions { (actions) }
        }
    }
}

/// A figure with its name.
pub(crate) fn figure(name: &str, value: impl std::fmt::Display, tone: Tone) -> Markup {
    html! { div.figure.(tone.class()) { b { (value) } span { (name) } } }
}

/// How much something matters now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it should be.
    Good,
    /// Neither.
    Plain,
    /// Somebody should look.
    Look,
    /// Late, or refused.
    Bad,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Plain => "plain",
            Tone::Look => "look",
            Tone::Bad => "bad",
        }
    }
    /// To be looked at while there are some, good when there are none.
    pub(crate) fn until_none(n: u64) -> Self {
        if n == 0 { Tone::Good } else { Tone::Look }
    }
}

/// A small label.
pub(crate) fn tag(text: &str, tone: Tone) -> Markup {
    html! { span.tag.(tone.class()) { (text) } }
}

/// What is said where a list is empty: what that means, and what to do.
pub(crate) fn nothing(title: &str, line: &str) -> Markup {
    html! { div.nothing { p { strong { (title) } } p { (line) } } }
}

/// What has just been done.
pub(crate) fn done(said: Option<&str>) -> Markup {
    html! { @if let Some(said) = said { p.said role="status" { (said) } } }
}
