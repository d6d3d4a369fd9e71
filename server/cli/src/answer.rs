//! What a command answers: for programs and for people.

use serde::Serialize;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// For programs, one line.
    pub(crate) json: String,
    /// For people; without the last line's end. Empty where everything has been said already.
    pub(crate) text: String,
    /// The exit code.
    pub(crate) exit: u8,
}

impl Answer {
    /// An answer to a question, or to something that was done.
    pub(crate) fn new(json: &impl Serialize, text: impl Into<String>) -> Self {
        // What is answered here always has a form as JSON: structs and lists with text as keys.
        Self { json: serde_json::to_string(json).unwrap_or_default(), text: text.into(), exit: 0 }
    }
    /// With another exit code.
    pub(crate) fn exit(self, exit: u8) -> Self {
        Self { exit, ..self }
    }
}
