//! One answer of the book beside what stands: fill in, leave, or list.

use super::super::book::{Column, Origin, Told};
use super::super::written;
use super::plan::{Desk, Put};
use super::remark::Notice;
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::spec::{ValueShape, kind_spec};
use qiaomen_proto::entity::value::{Shown, several};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::limits::VALUE_BYTES_MAX;

/// A character of Chinese takes three bytes; fields count characters.
const BYTES_PER_CHARACTER: usize = 3;
/// What sealing and the record around it add to a note, with room to spare.
const NOTE_AROUND_BYTES: usize = 64;

/// What the book says for one field.
pub(super) struct Wish {
    pub(super) field: &'static str,
    pub(super) answer: Answer<String>,
    /// Where the remark points if something else stands; `None` where it is derived and nothing is said.
    pub(super) column: Option<Column>,
}

impl Wish {
    /// The field as the book tells it; nothing if the cell is empty.
    pub(super) fn told<T>(
        field: &'static str,
        told: &Told<T>,
        column: Column,
        text: impl Fn(&T) -> String,
    ) -> Option<Self> {
        let answer = match told {
            Told::Nothing => return None,
            Told::Refused => Answer::Refused,
            Told::Value(value) => Answer::Value(text(value)),
        };
        Some(Self { field, answer, column: Some(column) })
    }

    /// A text that is there or not.
    pub(super) fn text(field: &'static str, text: Option<String>, column: impl Into<Option<Column>>) -> Option<Self> {
        Some(Self { field, answer: Answer::Value(text?), column: column.into() })
    }
}

/// What one answer is beside what stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nobody has ever answered.
    Unanswered,
    /// The same stands, perhaps among others.
    Same,
    /// Something else stands.
    Differs,
}

/// Compares an answer with what stands in a field of the head.
pub(super) fn beside(view: &View<'_>, field: &str, answer: &Answer<String>) -> Beside {
    let Some(standing) = view.field(field) else { return Beside::Unanswered };
    let same = match answer {
        Answer::Value(text) if standing.field.several => {
            let alike = |t: &str| several(t.split(',')) == *text;
            standing.shown.text().is_some_and(alike) || view.candidate_texts(field).iter().any(|t| alike(t))
        }
        Answer::Value(text) => view.candidate_texts(field).contains(text),
        Answer::Refused => {
            standing.shown == Shown::Refused || standing.reading.candidates.iter().any(|c| c.value.is_refusal())
        }
        Answer::Unknown | Answer::Cleared => false,
    };
    if same { Beside::Same } else { Beside::Differs }
}

/// What is to be put into one document, of the wishes of one row; what its fields cannot hold goes into
/// `notes`. `standing` is nothing for a new document.
pub(super) fn puts(
    desk: &mut Desk<'_>,
    kind: Kind,
    standing: Option<&View<'_>>,
    origin: Origin,
    wishes: impl IntoIterator<Item = Wish>,
    notes: &mut Vec<String>,
) -> Vec<Put> {
    let mut puts = Vec::new();
    for Wish { field, answer, column } in wishes {
        let Some(field) = kind_spec(kind).head_field(field) else { continue };
        match standing.map_or(Beside::Unanswered, |view| beside(view, field.name, &answer)) {
            Beside::Same => {}
            Beside::Differs if column.is_none() => {}
            Beside::Differs => desk.warn(Notice::Differs, origin, column),
            Beside::Unanswered => {
                if let (ValueShape::Text(max), Answer::Value(text)) = (field.shape, &answer)
                    && text.len() > max * BYTES_PER_CHARACTER
                {
                    let note = format!("{}:{text}", field.label);
                    if standing.is_none() {
                        desk.warn(Notice::TooLong, origin, column);
                    }
                    notes.push(note);
                    continue;
                }
                desk.added.answers += u32::from(standing.is_some());
                puts.push(Put { field, answer });
            }
        }
    }
    puts
}

/// The notes of a row that do not stand yet, in pieces that a record can hold. A workbook of the office's own has
/// several notes in one cell: what stands note by note stands.
pub(super) fn notes(standing: Option<&View<'_>>, container: u8, said: Vec<String>) -> Vec<String> {
    let there = standing.map(|view| written::notes(view, container)).unwrap_or_default();
    let stands = |text: &str| there.iter().any(|note| note.trim() == text.trim());
    let mut pieces: Vec<String> = said
        .iter()
        .filter(|text| written::joined(&there).is_none_or(|all| all != text.trim()))
        .filter(|text| !text.split(written::NOTE_SEPARATOR).all(stands))
        .flat_map(|text| in_pieces(text))
        .map(str::to_owned)
        .collect();
    pieces.retain(|piece| !stands(piece));
    pieces
}

fn in_pieces(text: &str) -> Vec<&str> {
    const BYTES_MAX: usize = VALUE_BYTES_MAX - NOTE_AROUND_BYTES;
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(BYTES_MAX));
        pieces.push(piece);
        rest = after;
    }
    pieces
}
