//! May this value stand there, written by this role? Asked by the device before it writes, and by
//! the office before it admits.

use super::spec::{Shape, ValueShape, kind_spec};
use super::{diary, household, record, resident, ticket};
use crate::change::{Answer, Path, Scalar, keys};
use crate::ids::{Kind, Role};
use crate::limits::{KEY_BYTES_MAX, PHOTO_BYTES_MAX, PHOTO_EDGE_MAX, VALUE_BYTES_MAX, WALL_MS_MAX};
use crate::merge::fold::EventPayload;

/// Ciphertext is longer than its plaintext by this much (the synthetic IV).
const SEAL_BYTES: usize = 16;
/// A character of Chinese takes three bytes; limits of text are given in characters times this.
const BYTES_PER_CHARACTER: usize = 3;

/// Why a value may not stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The kind has no such container.
    #[error("no such container")]
    NoContainer,
    /// The key is empty, too long, or not formed as its container forms keys.
    #[error("malformed key")]
    Key,
    /// The value has another type than the field.
    #[error("wrong type of value")]
    Type,
    /// The value is too long or too large.
    #[error("value out of bounds")]
    Bounds,
    /// This role may not write there.
    #[error("not for this role")]
    Role,
}

/// Checks one put. Keys of the future in a known container pass: they are stored and not shown.
pub fn check(kind: Kind, path: &Path, value: &Scalar, role: Role) -> Result<(), SchemaError> {
    let spec = kind_spec(kind);
    let container = spec.container(path.container).ok_or(SchemaError::NoContainer)?;
    if path.key.is_empty() || path.key.len() > KEY_BYTES_MAX || path.key.chars().any(char::is_control) {
        return Err(SchemaError::Key);
    }
    if value.len() > VALUE_BYTES_MAX {
        return Err(SchemaError::Bounds);
    }
    if container.shape == Shape::Records {
        if !container.writers.contains(&role) {
            return Err(SchemaError::Role);
        }
        // Decisions have keys that say what they decide; every other record has its command's.
        if path.container != spec.decisions() && keys::parse_record_key(&path.key).is_none() {
            return Err(SchemaError::Key);
        }
        let bytes = value.as_bytes().ok_or(SchemaError::Type)?;
        return check_record(kind, path.container, bytes);
    }
    if container.shape == Shape::Rows
        && keys::split_row_key(&path.key).is_none_or(|(row, _)| keys::parse_record_key(row).is_none())
    {
        // A longer row would leave no room for the key of a decision about it.
        return Err(SchemaError::Key);
    }
    let Some(field) = spec.field(path) else {
        return if container.writers.contains(&role) { Ok(()) } else { Err(SchemaError::Role) };
    };
    if !field.writers.contains(&role) {
        return Err(SchemaError::Role);
    }
    let Answer::Value(value) = value.answer() else {
        // "Int" is an answer only with the two numbers that exist.
        return match value {
            Scalar::Int(n) if *n != crate::change::scalar::REFUSED && *n != crate::change::scalar::UNKNOWN => {
                Err(SchemaError::Type)
            }
            _ => Ok(()),
        };
    };
    if field.sealed {
        let bytes = value.as_bytes().ok_or(SchemaError::Type)?;
        let max = match field.shape {
            ValueShape::Text(characters) => characters * BYTES_PER_CHARACTER,
            _ => 64,
        };
        return if bytes.len() >= SEAL_BYTES && bytes.len() <= SEAL_BYTES + max {
            Ok(())
        } else {
            Err(SchemaError::Bounds)
        };
    }
    check_plain(field.shape, value)
}

fn check_plain(shape: ValueShape, value: &Scalar) -> Result<(), SchemaError> {
    match (shape, value) {
        (ValueShape::Text(max), Scalar::Str(s)) => {
            // Nothing is said by clearing or by an answer, never by an empty text: one meaning, one form.
            if !s.is_empty() && s.len() <= max * BYTES_PER_CHARACTER { Ok(()) } else { Err(SchemaError::Bounds) }
        }
        (ValueShape::Uuid, Scalar::Str(s)) => {
            // One spelling: the same id written two ways would be a conflict of a value with itself.
            match uuid::Uuid::try_parse(s) {
                Ok(id) if id.to_string() == *s => Ok(()),
                _ => Err(SchemaError::Bounds),
            }
        }
        (ValueShape::Date, Scalar::Str(s)) => {
            if is_date(s) {
                Ok(())
            } else {
                Err(SchemaError::Bounds)
            }
        }
        (ValueShape::Count(max), Scalar::Uint(n)) => {
            if *n <= max {
                Ok(())
            } else {
                Err(SchemaError::Bounds)
            }
        }
        (ValueShape::Flag, Scalar::Bool(_)) => Ok(()),
        _ => Err(SchemaError::Type),
    }
}

/// A day in its one spelling, in the years that people write.
fn is_date(text: &str) -> bool {
    crate::person::parse_date(text).is_some_and(|date| date.to_string() == text)
}

fn check_record(kind: Kind, container: u8, bytes: &[u8]) -> Result<(), SchemaError> {
    fn reads<T: for<'b> minicbor::Decode<'b, ()>>(bytes: &[u8], fits: impl Fn(&T) -> bool) -> Result<(), SchemaError> {
        let payload = record::from_bytes::<T>(bytes).map_err(|_| SchemaError::Type)?;
        if fits(&payload) { Ok(()) } else { Err(SchemaError::Bounds) }
    }
    let id = |id: &Option<Vec<u8>>| id.as_ref().is_none_or(|id| id.len() == 16);
    let sealed = |text: &Option<Vec<u8>>| text.as_ref().is_none_or(|text| text.len() >= SEAL_BYTES);
    match (kind, container) {
        (Kind::Diary, diary::ENTRIES) => {
            reads::<record::EntryPayload>(bytes, |e| id(&e.household) && id(&e.building) && sealed(&e.note))
        }
        (Kind::Ticket, ticket::EVENTS) => reads::<EventPayload>(bytes, |e| sealed(&e.text)),
        (Kind::Household, household::TAGS) => reads::<record::TagPayload>(bytes, |t| {
            !t.code.is_empty() && t.expires_on.as_ref().is_none_or(|on| is_date(on))
        }),
        (Kind::Household, household::REFUSALS) => reads::<record::RefusalPayload>(bytes, |_| true),
        (Kind::Household, household::NOTES) | (Kind::Resident, resident::NOTES) | (Kind::Ticket, ticket::NOTES) => {
            reads::<record::NotePayload>(bytes, |n| n.text.len() >= SEAL_BYTES)
        }
        (Kind::Household, household::LINKS)
        | (Kind::Resident, resident::LINKS)
        | (Kind::Ticket, ticket::LINKS)
        | (Kind::Diary, diary::LINKS) => reads::<record::LinkPayload>(bytes, |l| id(&l.other)),
        (Kind::Ticket, ticket::PHOTOS) => reads::<record::PhotoPayload>(bytes, |p| {
            let size = usize::try_from(p.size).unwrap_or(usize::MAX);
            let edges = [p.width, p.height].iter().all(|edge| (1..=PHOTO_EDGE_MAX).contains(edge));
            size > SEAL_BYTES && size <= PHOTO_BYTES_MAX && edges && p.taken_ms.is_none_or(|at| at <= WALL_MS_MAX)
        }),
        (_, c) if c == kind_spec(kind).decisions() => reads::<crate::merge::decision::DecisionRow>(bytes, |_| true),
        _ => Err(SchemaError::NoContainer),
    }
}
