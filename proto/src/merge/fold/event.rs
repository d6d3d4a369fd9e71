//! One thing that happened to a matter.

use crate::change::{Hlc, Stamp};
use crate::ids::{Role, WorkerId};
use crate::merge::order::Place;
use chrono::NaiveDate;
use minicbor::{Decode, Encode};
use uuid::Uuid;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $number:literal, $name:literal, $title:literal;)*) => {
        /// What happened. The numbers are permanent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $kind,)*
            /// A kind of the future, by its number: kept and shown, without effect.
            Unknown(u8),
        }
        impl EventKind {
            /// Every known kind, in the order of their numbers.
            pub const ALL: [EventKind; [$($number),*].len()] = [$(EventKind::$kind),*];
            /// The number in records.
            pub fn number(self) -> u8 {
                match self { $(EventKind::$kind => $number,)* EventKind::Unknown(number) => number }
            }
            /// The kind with this number.
            pub fn from_number(number: u8) -> Self {
                match number { $($number => EventKind::$kind,)* _ => EventKind::Unknown(number) }
            }
            /// The permanent name, in commands, addresses and the audit.
            pub fn name(self) -> &'static str {
                match self { $(EventKind::$kind => $name,)* EventKind::Unknown(_) => "unknown" }
            }
            /// What people call it.
            pub fn title(self) -> &'static str {
                match self { $(EventKind::$kind => $title,)* EventKind::Unknown(_) => "未知步骤" }
            }
        }
    };
}

kinds! {
    /// Found or told, and written down.
    Report = 1, "report", "上报";
    /// The office takes it on.
    Accept = 2, "accept", "受理";
    /// Given to whoever is responsible (`party`), perhaps until a day (`due_on`).
    Assign = 3, "assign", "派遣";
    /// Work begins.
    Start = 4, "start", "办理";
    /// More time is granted, until `due_on`.
    Extend = 5, "extend", "延期";
    /// The resident has been told the result.
    Feedback = 6, "feedback", "反馈";
    /// Somebody has looked whether it is really done.
    Check = 7, "check", "核查";
    /// Done.
    Close = 8, "close", "办结";
    /// The resident's opinion (`satisfaction`).
    Rate = 9, "rate", "评价";
    /// Returned: by the responsible party, or because a check found it not done.
    SendBack = 10, "send_back", "退回";
    /// Open again.
    Reopen = 11, "reopen", "重新办理";
    /// Taken to the joint meeting.
    Escalate = 12, "escalate", "提交联席会议";
    /// A small matter done at once.
    CloseOnSpot = 13, "close_on_spot", "当场办结";
    /// Entered by mistake.
    Void = 14, "void", "作废";
    /// The same matter as `other`.
    Duplicate = 15, "duplicate", "标记重复";
    /// Something to add.
    Supplement = 16, "supplement", "补充";
}

impl<C> Encode<C> for EventKind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u8(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for EventKind {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self::from_number(d.u8()?))
    }
}

/// What stands in the record of an event. Who and when come from the change's stamp.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct EventPayload {
    /// What happened.
    #[n(0)]
    pub kind: EventKind,
    /// Code of the responsible party or department.
    #[n(1)]
    pub party: Option<String>,
    /// The day by which it is to be done.
    #[cbor(n(2), with = "day", has_nil)]
    pub due_on: Option<NaiveDate>,
    /// The resident's opinion: see [`SATISFACTIONS`]. Other numbers are no opinion.
    #[n(3)]
    pub satisfaction: Option<u8>,
    /// The ticket that this one repeats.
    #[cbor(n(4), with = "id", has_nil)]
    pub other: Option<Uuid>,
    /// What was said or done; sealed under the ticket's key.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub text: Option<Vec<u8>>,
    /// Whether whoever wrote this judged the matter large 大事 (or small 小事). Of several the later
    /// stands; of none, it is small.
    #[n(6)]
    pub large: Option<bool>,
    /// Code of the department that answers for it, where `party` is somebody else: a firm, a team. A later
    /// field: who does not know it yet passes over it.
    #[n(7)]
    pub department: Option<String>,
}

impl EventPayload {
    /// A payload that says only what happened.
    pub fn new(kind: EventKind) -> Self {
        Self {
            kind,
            party: None,
            due_on: None,
            satisfaction: None,
            other: None,
            text: None,
            large: None,
            department: None,
        }
    }
}

/// One event with its place in the order. The derived order is place, time, id, then the rest, so that
/// even two records that wrongly share an id have one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketEvent {
    /// After what its author had seen.
    pub place: Place,
    /// When.
    pub at: Hlc,
    /// The record's key.
    pub id: String,
    /// Who.
    pub by: WorkerId,
    /// In which role.
    pub role: Role,
    /// What.
    pub payload: EventPayload,
}

impl TicketEvent {
    /// The record `payload` under the key `id` in a change with this stamp, by somebody who had seen no
    /// other event.
    pub fn new(id: String, stamp: &Stamp, payload: EventPayload) -> Self {
        Self { place: Place::of(stamp.at), at: stamp.at, id, by: stamp.by.worker, role: stamp.by.role, payload }
    }

    /// The same, by somebody who had seen these.
    #[must_use]
    pub fn after(mut self, seen: &[TicketEvent]) -> Self {
        if let Some(latest) = seen.iter().map(|event| event.place).max() {
            self.place = Place::following(self.at, latest);
        }
        self
    }

    /// Whether both are one record, wherever they stand: a command that was done again on another base.
    pub(super) fn is_same_record(&self, other: &Self) -> bool {
        (&self.id, self.at, self.by, self.role, &self.payload)
            == (&other.id, other.at, other.by, other.role, &other.payload)
    }

    /// The resident's opinion, if the event tells one.
    pub fn satisfaction(&self) -> Option<u8> {
        self.payload.satisfaction.filter(|given| satisfaction_title(*given).is_some())
    }

    /// Milliseconds since 1970.
    pub fn at_ms(&self) -> u64 {
        self.at.wall_ms
    }
}

/// The opinions that a resident can have, by number.
pub const SATISFACTIONS: [(u8, &str); 3] = [(3, "满意"), (2, "基本满意"), (1, "不满意")];

/// What people call this opinion.
pub fn satisfaction_title(number: u8) -> Option<&'static str> {
    SATISFACTIONS.into_iter().find_map(|(n, title)| (n == number).then_some(title))
}

/// The opinion that the books call so.
pub fn satisfaction_from_title(title: &str) -> Option<u8> {
    let title = crate::normalise::folded(title);
    SATISFACTIONS.into_iter().find_map(|(number, t)| (t == title).then_some(number))
}

/// A day as its number since 1970-01-01: three bytes where its text takes eleven.
mod day {
    use chrono::NaiveDate;
    use minicbor::decode::Error as DecodeError;
    use minicbor::encode::{Error as EncodeError, Write};
    use minicbor::{Decoder, Encoder};

    /// The number of 1970-01-01 in chrono's count from the year one.
    const EPOCH: i32 = 719_163;

    pub(super) fn encode<C, W: Write>(
        day: &Option<NaiveDate>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        match day {
            Some(day) => e.i32(chrono::Datelike::num_days_from_ce(day) - EPOCH)?.ok(),
            None => e.null()?.ok(),
        }
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Option<NaiveDate>, DecodeError> {
        let number = d.i32()?;
        number
            .checked_add(EPOCH)
            .and_then(NaiveDate::from_num_days_from_ce_opt)
            .map(Some)
            .ok_or_else(|| DecodeError::message("no such day"))
    }

    pub(super) fn nil() -> Option<Option<NaiveDate>> {
        Some(None)
    }

    pub(super) fn is_nil(day: &Option<NaiveDate>) -> bool {
        day.is_none()
    }
}

/// An id as its 16 bytes.
mod id {
    use minicbor::decode::Error as DecodeError;
    use minicbor::encode::{Error as EncodeError, Write};
    use minicbor::{Decoder, Encoder};
    use uuid::Uuid;

    pub(super) fn encode<C, W: Write>(
        id: &Option<Uuid>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        match id {
            Some(id) => e.bytes(id.as_bytes())?.ok(),
            None => e.null()?.ok(),
        }
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Option<Uuid>, DecodeError> {
        Uuid::from_slice(d.bytes()?).map(Some).map_err(|_| DecodeError::message("an id has 16 bytes"))
    }

    pub(super) fn nil() -> Option<Option<Uuid>> {
        Some(None)
    }

    pub(super) fn is_nil(id: &Option<Uuid>) -> bool {
        id.is_none()
    }
}
