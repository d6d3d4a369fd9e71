//! A value as a document holds it.
//!
//! Values never use `Int`: a negative integer in place of a value is an *answer* that is no value
//! (refused, does not know), so that a refusal stands in the same place, in the same register and
//! under the same policy as the value that it answers for.

use minicbor::{Decode, Encode};

/// One scalar. The subset of automerge's scalars that Qiaomen writes and accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Scalar {
    /// Cleared: there was an answer and it was taken back.
    #[n(0)]
    Null,
    /// Truth.
    #[n(1)]
    Bool(#[n(0)] bool),
    /// A count.
    #[n(2)]
    Uint(#[n(0)] u64),
    /// An answer that is no value: -1 refused, -2 does not know.
    #[n(3)]
    Int(#[n(0)] i64),
    /// Plain text.
    #[n(4)]
    Str(#[n(0)] String),
    /// A sealed value, or a record as CBOR.
    #[n(5)]
    Bytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

/// `Int` that stands for a refusal 拒绝.
pub const REFUSED: i64 = -1;
/// `Int` that stands for "does not know" 不清楚.
pub const UNKNOWN: i64 = -2;

impl Scalar {
    /// Bytes that it takes on the wire and in limits.
    pub fn len(&self) -> usize {
        match self {
            Scalar::Null => 0,
            Scalar::Bool(_) => 1,
            Scalar::Uint(_) | Scalar::Int(_) => 8,
            Scalar::Str(s) => s.len(),
            Scalar::Bytes(b) => b.len(),
        }
    }
    /// True for `Null` and for the empty text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Scalar::Str(s) = self { Some(s) } else { None }
    }
    /// The bytes, if it is such.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Scalar::Bytes(b) = self { Some(b) } else { None }
    }
    /// True for the refusal.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Scalar::Int(REFUSED))
    }
    /// What it says as an answer, the value still as the document holds it.
    pub fn answer(&self) -> Answer<&Scalar> {
        match self {
            Scalar::Null => Answer::Cleared,
            Scalar::Int(REFUSED) => Answer::Refused,
            Scalar::Int(_) => Answer::Unknown,
            value => Answer::Value(value),
        }
    }
    pub(crate) fn to_automerge(&self) -> automerge::ScalarValue {
        match self {
            Scalar::Null => automerge::ScalarValue::Null,
            Scalar::Bool(b) => automerge::ScalarValue::Boolean(*b),
            Scalar::Uint(n) => automerge::ScalarValue::Uint(*n),
            Scalar::Int(n) => automerge::ScalarValue::Int(*n),
            Scalar::Str(s) => automerge::ScalarValue::Str(s.as_str().into()),
            Scalar::Bytes(b) => automerge::ScalarValue::Bytes(b.clone()),
        }
    }
    /// From automerge's, where it is one that Qiaomen writes.
    pub fn from_automerge(value: &automerge::ScalarValue) -> Option<Self> {
        Some(match value {
            automerge::ScalarValue::Null => Scalar::Null,
            automerge::ScalarValue::Boolean(b) => Scalar::Bool(*b),
            automerge::ScalarValue::Uint(n) => Scalar::Uint(*n),
            automerge::ScalarValue::Int(n) => Scalar::Int(*n),
            automerge::ScalarValue::Str(s) => Scalar::Str(s.to_string()),
            automerge::ScalarValue::Bytes(b) => Scalar::Bytes(b.clone()),
            _ => return None,
        })
    }
}

/// What a person said when asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<V> {
    /// A value.
    Value(V),
    /// 拒绝: would not say. An answer, to be respected.
    Refused,
    /// 不清楚: does not know.
    Unknown,
    /// The earlier answer was taken back.
    Cleared,
}

impl Answer<Scalar> {
    /// As the document holds it.
    pub fn into_scalar(self) -> Scalar {
        match self {
            Answer::Value(v) => v,
            Answer::Refused => Scalar::Int(REFUSED),
            Answer::Unknown => Scalar::Int(UNKNOWN),
            Answer::Cleared => Scalar::Null,
        }
    }
}

impl<V> Answer<V> {
    /// The same answer with another form of the value.
    pub fn map<W>(self, f: impl FnOnce(V) -> W) -> Answer<W> {
        match self {
            Answer::Value(v) => Answer::Value(f(v)),
            Answer::Refused => Answer::Refused,
            Answer::Unknown => Answer::Unknown,
            Answer::Cleared => Answer::Cleared,
        }
    }
    /// The value, if it is one.
    pub fn value(&self) -> Option<&V> {
        if let Answer::Value(v) = self { Some(v) } else { None }
    }
}
