//! Identities. Each is its own type, so that a resident's id cannot stand for a door's.
//!
//! Doors and diaries have ids made of stable parts (UUIDv5), so that two devices that create the
//! same door offline create the same document. People, tickets, commands have UUIDv7 ids.

use crate::normalise::{RoomKey, UnitKey};
use crate::sentence::Sentence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Name space of every UUIDv5 of this project. Never changes.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x7169_616f_6d65_6e00_8e2d_1f6c_4a5b_9d01);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl $name {
            /// From 16 bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self { Self(Uuid::from_bytes(bytes)) }
            /// Its 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
            /// A time-ordered id (UUIDv7) of this instant and 10 bytes of randomness.
            pub fn at(now_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
    };
}

id!(/** A door's book (household document). */ HouseholdId);
id!(/** A person. */ ResidentId);
id!(/** A matter. */ TicketId);
id!(/** One worker's diary of one day in one grid. */ DiaryId);
id!(/** A member of staff, of any role. */ WorkerId);
id!(/** One enrolled device. */ DeviceId);
id!(/** One command: one thing that a person did, all or nothing. */ CommandId);
id!(/** A community 社区. */ CommunityId);
id!(/** A grid 网格. */ GridId);
id!(/** A building 楼栋. */ BuildingId);
id!(/** A micro-grid 微网格. */ MicroGridId);

fn v5(parts: &[&[u8]]) -> Uuid {
    let mut name = Vec::new();
    for part in parts {
        // The length first, so that ("ab","c") and ("a","bc") are two names.
        name.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        name.extend_from_slice(part);
    }
    Uuid::new_v5(&NAMESPACE, &name)
}

impl CommunityId {
    /// The community of a 12-digit region code.
    pub fn of(region_code: &str) -> Self {
        Self(v5(&[b"community", region_code.as_bytes()]))
    }
}
impl GridId {
    /// The grid that an office's book first called `name`. A later renaming keeps the id.
    pub fn of(community: CommunityId, name: &str) -> Self {
        Self(v5(&[b"grid", community.as_bytes(), name.as_bytes()]))
    }
}
impl MicroGridId {
    /// The micro-grid that an office's book first called `name`, within its grid.
    pub fn of(grid: GridId, name: &str) -> Self {
        Self(v5(&[b"micro_grid", grid.as_bytes(), name.as_bytes()]))
    }
}
impl BuildingId {
    /// The building that an office's book calls `name` (normalised).
    pub fn of(community: CommunityId, name: &str) -> Self {
        Self(v5(&[b"building", community.as_bytes(), name.as_bytes()]))
    }
}
impl HouseholdId {
    /// The door with these normalised parts, whoever creates it and wherever.
    pub fn of(building: BuildingId, unit: &UnitKey, room: &RoomKey) -> Self {
        Self(v5(&[b"household", building.as_bytes(), unit.as_str().as_bytes(), room.as_str().as_bytes()]))
    }
}
impl DiaryId {
    /// The diary of this worker in this grid on this day of the office's calendar.
    pub fn of(worker: WorkerId, grid: GridId, on: NaiveDate) -> Self {
        Self(v5(&[b"diary", worker.as_bytes(), grid.as_bytes(), on.to_string().as_bytes()]))
    }
}

/// Which device store wrote a change: 16 random bytes, new for each store generation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(pub [u8; 16]);

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actor({})", Uuid::from_bytes(self.0).simple())
    }
}

/// The kind of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// The book of one door 户.
    Household = 1,
    /// A person 居民.
    Resident = 2,
    /// A matter 诉求.
    Ticket = 3,
    /// A worker's day 民情日志.
    Diary = 4,
}

impl Kind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Kind; 4] = [Kind::Household, Kind::Resident, Kind::Ticket, Kind::Diary];
    /// The number on the wire and in databases.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.number() == number)
    }
    /// Its name in paths and exports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Household => "household",
            Kind::Resident => "resident",
            Kind::Ticket => "ticket",
            Kind::Diary => "diary",
        }
    }
}

/// One document: its kind and its id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocId {
    /// The kind.
    pub kind: Kind,
    /// The id within the kind.
    pub uuid: Uuid,
}

impl DocId {
    /// Puts the two together.
    pub fn new(kind: Kind, uuid: Uuid) -> Self {
        Self { kind, uuid }
    }
    /// The last five bytes, which the wire uses for documents that the receiver knows.
    pub fn suffix(&self) -> [u8; 5] {
        let b = self.uuid.as_bytes();
        [b[11], b[12], b[13], b[14], b[15]]
    }
    /// Kind number and id, 17 bytes: the key in databases and digests.
    pub fn key(&self) -> [u8; 17] {
        let mut key = [0; 17];
        key[0] = self.kind.number();
        key[1..].copy_from_slice(self.uuid.as_bytes());
        key
    }
    /// Back from [`DocId::key`].
    pub fn from_key(key: &[u8]) -> Option<Self> {
        let (kind, uuid) = key.split_first()?;
        Some(Self { kind: Kind::from_number(*kind)?, uuid: Uuid::from_slice(uuid).ok()? })
    }
}
impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.uuid)
    }
}
impl fmt::Debug for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
macro_rules! doc {
    ($id:ident, $kind:ident) => {
        impl From<$id> for DocId {
            fn from(id: $id) -> Self {
                DocId::new(Kind::$kind, id.0)
            }
        }
    };
}
doc!(HouseholdId, Household);
doc!(ResidentId, Resident);
doc!(TicketId, Ticket);
doc!(DiaryId, Diary);

/// A key's subject: the document or member of staff whose values it seals. Uuids are unique across kinds.
pub type Subject = Uuid;

/// The role in which somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Role {
    /// Office clerk 社区工作人员.
    Office = 1,
    /// Grid leader 网格长.
    GridLeader = 2,
    /// Grid leader's assistant 网格长助理.
    Assistant = 3,
    /// Grid worker 网格员.
    GridWorker = 4,
    /// Micro-grid or building head 微网格长, 楼栋(单元)长.
    BuildingHead = 5,
    /// Coordinator of a department 网格协管员.
    Coordinator = 6,
    /// Liaison of an employer 网格联络员.
    Liaison = 7,
    /// Supervisor 督导员.
    Supervisor = 8,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Office,
        Role::GridLeader,
        Role::Assistant,
        Role::GridWorker,
        Role::BuildingHead,
        Role::Coordinator,
        Role::Liaison,
        Role::Supervisor,
    ];
    /// The number on the wire.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The role with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.number() == number)
    }
    /// What people call it, in each language.
    pub fn called(self) -> Sentence {
        Sentence::of("role", &self.number().to_string(), self.title())
    }
    /// The Chinese name as in the roster.
    pub fn title(self) -> &'static str {
        match self {
            Role::Office => "社区工作人员",
            Role::GridLeader => "网格长",
            Role::Assistant => "网格长助理",
            Role::GridWorker => "网格员",
            Role::BuildingHead => "楼栋长",
            Role::Coordinator => "网格协管员",
            Role::Liaison => "网格联络员",
            Role::Supervisor => "督导员",
        }
    }
    /// The role that a roster calls by this name.
    pub fn from_title(title: &str) -> Option<Self> {
        match title.trim() {
            "微网格长" | "单元长" | "楼栋(单元)长" | "楼栋（单元）长" => Some(Role::BuildingHead),
            "网格长助力" => Some(Role::Assistant),
            "协管员" => Some(Role::Coordinator),
            "联络员" => Some(Role::Liaison),
            t => Self::ALL.into_iter().find(|r| r.title() == t),
        }
    }
    /// For the policy `rank`: 3 office, 2 grid leader and assistant, 1 everyone else.
    pub fn rank(self) -> u8 {
        match self {
            Role::Office => 3,
            Role::GridLeader | Role::Assistant => 2,
            _ => 1,
        }
    }
}

/// A stream of the log: who sees an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// Everything in one grid.
    Grid(GridId),
    /// What concerns one member of staff wherever it lies.
    Worker(WorkerId),
    /// Matters handed to one department, by its code.
    Department(String),
    /// What everyone in the community sees.
    Community,
}

impl StreamId {
    /// A text that names the stream in databases and on the wire: `g:<uuid>`, `w:<uuid>`, `d:<code>`, `c`.
    pub fn to_text(&self) -> String {
        match self {
            StreamId::Grid(g) => format!("g:{}", g.0.simple()),
            StreamId::Worker(w) => format!("w:{}", w.0.simple()),
            StreamId::Department(d) => format!("d:{d}"),
            StreamId::Community => "c".to_owned(),
        }
    }
    /// Back from [`StreamId::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "c" {
            return Some(StreamId::Community);
        }
        let (tag, rest) = text.split_once(':')?;
        match tag {
            "g" => Some(StreamId::Grid(GridId(Uuid::try_parse(rest).ok()?))),
            "w" => Some(StreamId::Worker(WorkerId(Uuid::try_parse(rest).ok()?))),
            "d" if !rest.is_empty() && rest.len() <= crate::limits::DEPARTMENT_CODE_BYTES_MAX => {
                Some(StreamId::Department(rest.to_owned()))
            }
            _ => None,
        }
    }
}
