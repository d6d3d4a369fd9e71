//! The payload of records: immutable facts, CBOR with integer keys. Who and when stand in the
//! change's stamp. Fields that can name a person are sealed bytes. Events of tickets stand in
//! [`crate::merge::fold`].

use minicbor::{Decode, Encode};

/// What kind of contact an entry of the diary is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
#[repr(u8)]
pub enum EntryKind {
    /// At the door 走访.
    #[n(1)]
    Visit = 1,
    /// By telephone 电话.
    #[n(2)]
    Call = 2,
    /// Round through the grid 巡查.
    #[n(3)]
    Patrol = 3,
}

impl EntryKind {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            EntryKind::Visit => "走访",
            EntryKind::Call => "电话",
            EntryKind::Patrol => "巡查",
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
#[repr(u8)]
pub enum Outcome {
    /// Somebody was met or reached 见到.
    #[n(1)]
    Met = 1,
    /// Nobody home, no answer 没人.
    #[n(2)]
    NotHome = 2,
    /// Would not talk 拒访.
    #[n(3)]
    Refused = 3,
    /// Nothing to report 无异常.
    #[n(4)]
    Clear = 4,
    /// Something found; a ticket may follow 发现问题.
    #[n(5)]
    Found = 5,
}

impl Outcome {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Met => "见到",
            Outcome::NotHome => "没人",
            Outcome::Refused => "拒访",
            Outcome::Clear => "无异常",
            Outcome::Found => "发现问题",
        }
    }
}

/// An entry of a diary.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryPayload {
    /// Visit, call or patrol.
    #[n(0)]
    pub kind: EntryKind,
    /// How it ended.
    #[n(1)]
    pub outcome: Outcome,
    /// The door (16 bytes of its id).
    #[cbor(n(2), with = "minicbor::bytes")]
    pub household: Option<Vec<u8>>,
    /// What was said or seen; sealed under the diary's key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub note: Option<Vec<u8>>,
    /// Where a patrol went: a building (16 bytes).
    #[cbor(n(4), with = "minicbor::bytes")]
    pub building: Option<Vec<u8>>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NotePayload {
    /// The text; sealed under the document's key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub text: Vec<u8>,
}

/// A tag on a door.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TagPayload {
    /// Code of the dictionary.
    #[n(0)]
    pub code: String,
    /// Why it is there.
    #[n(1)]
    pub basis: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    #[n(2)]
    pub expires_on: Option<String>,
    /// True where the tag is taken away.
    #[n(3)]
    pub withdrawn: bool,
}

/// The whole door would not give data. Remembered and respected.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RefusalPayload {
    /// How many people live there, if that much was said.
    #[n(0)]
    pub people_count: Option<u32>,
    /// True where the door changed its mind: the refusal no longer holds.
    #[n(1)]
    pub withdrawn: bool,
}

/// A link to another document, or the statement that this one is void.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LinkPayload {
    /// 1 the same as `other`, 2 void.
    #[n(0)]
    pub kind: u8,
    /// The other document's id (16 bytes).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub other: Option<Vec<u8>>,
    /// True where the link is taken back.
    #[n(2)]
    pub withdrawn: bool,
}

/// A payload that cannot be read: from the future, or damaged.
#[derive(Debug, thiserror::Error)]
#[error("a record cannot be read")]
pub struct UnreadableRecord(#[from] minicbor::decode::Error);

/// The bytes of a payload.
pub fn to_bytes<T: Encode<()>>(payload: &T) -> Vec<u8> {
    // Encoding into a Vec has no error but an encoder's own, and derived ones have none.
    minicbor::to_vec(payload).unwrap_or_default()
}

/// Reads a payload; the whole of the bytes must be it.
pub fn from_bytes<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, UnreadableRecord> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let payload = decoder.decode()?;
    if decoder.position() != bytes.len() {
        return Err(UnreadableRecord(minicbor::decode::Error::message("bytes left over")));
    }
    Ok(payload)
}
