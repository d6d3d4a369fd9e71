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
    /// The permanent name.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::NotHome => "not_home",
            Outcome::Refused => "refused",
            Outcome::Clear => "clear",
            Outcome::Found => "found",
        }
    }
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

/// A link to another document, or the statement that this one, or an entry in it, is void.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LinkPayload {
    /// 1 the same as `other`, 2 void, 3 what the command `other` wrote into this diary is taken back.
    #[n(0)]
    pub kind: u8,
    /// The other document's id, or the command's (16 bytes).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub other: Option<Vec<u8>>,
    /// True where the link is taken back.
    #[n(2)]
    pub withdrawn: bool,
}

/// When a photo was taken, as seen from the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum PhotoStage {
    /// Before the work 办理前.
    Before = 1,
    /// After it 办理后.
    After = 2,
    /// Neither, or it was not said 其他.
    Other = 3,
}

impl PhotoStage {
    /// Every stage, in the order in which people see them.
    pub const ALL: [PhotoStage; 3] = [PhotoStage::Before, PhotoStage::After, PhotoStage::Other];
    /// The permanent number.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The one with this number; what a later release adds is shown beside the others.
    pub fn from_number(number: u8) -> Self {
        Self::ALL.into_iter().find(|s| s.number() == number).unwrap_or(PhotoStage::Other)
    }
    /// The permanent word.
    pub fn word(self) -> &'static str {
        match self {
            PhotoStage::Before => "before",
            PhotoStage::After => "after",
            PhotoStage::Other => "other",
        }
    }
    /// Back from [`PhotoStage::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            PhotoStage::Before => "办理前",
            PhotoStage::After => "办理后",
            PhotoStage::Other => "其他",
        }
    }
}

/// A photo of a matter. The picture is not in the document: it travels by itself, sealed under the matter's key
/// ([`crate::seal::SubjectKey::seal_photo`]), and is found again by the hash of its ciphertext.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PhotoPayload {
    /// Its id, drawn at random: sealed with the picture, so that no other can be put in its place.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: [u8; 16],
    /// BLAKE3 of the ciphertext.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// Bytes of the ciphertext.
    #[n(2)]
    pub size: u32,
    /// Number of its [`PhotoStage`].
    #[n(3)]
    pub stage: u8,
    /// Pixels across.
    #[n(4)]
    pub width: u16,
    /// Pixels down.
    #[n(5)]
    pub height: u16,
    /// When it was taken, where that is known and is not the time of the command.
    #[n(6)]
    pub taken_ms: Option<u64>,
}

impl PhotoPayload {
    /// Its stage.
    pub fn stage(&self) -> PhotoStage {
        PhotoStage::from_number(self.stage)
    }
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
