//! Where a matter stands.

use super::EventKind;
use crate::change::Hlc;
use crate::sentence::Sentence;
use chrono::NaiveDate;
use uuid::Uuid;

macro_rules! named {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $number:literal, $text:literal;)* } $method:ident: $method_doc:literal) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant = $number,)* }
        impl $name {
            /// Every one, in the order of their numbers.
            pub const ALL: [$name; [$($number),*].len()] = [$($name::$variant),*];
            /// The permanent number, in databases.
            pub fn number(self) -> u8 { self as u8 }
            /// The one with this number.
            pub fn from_number(number: u8) -> Option<Self> { Self::ALL.into_iter().find(|x| x.number() == number) }
            #[doc = $method_doc]
            pub fn $method(self) -> &'static str { match self { $($name::$variant => $text,)* } }
        }
    };
}

named! {
    /// Where a matter stands.
    #[derive(Default)]
    Stage {
        /// No report has arrived.
        #[default]
        Draft = 0, "未上报";
        /// Written down.
        Reported = 1, "已上报";
        /// The office has taken it on.
        Accepted = 2, "已受理";
        /// Given to whoever is responsible.
        Assigned = 3, "已派遣";
        /// Being worked on.
        InProgress = 4, "办理中";
        /// The resident knows the result.
        FedBack = 5, "已反馈";
        /// The resident knows the result, and somebody has looked at it.
        Checked = 6, "已核查";
        /// Done.
        Closed = 7, "已办结";
        /// Done, and the resident has said what she thinks.
        Rated = 8, "已评价";
        /// Done at once.
        ClosedOnSpot = 9, "当场办结";
        /// Before the joint meeting.
        JointMeeting = 10, "联席会议";
        /// Returned; somebody has to take it on.
        SentBack = 11, "已退回";
        /// Entered by mistake.
        Void = 12, "已作废";
        /// The same matter as another.
        Duplicate = 13, "重复诉求";
    }
    title: "What people call it."
}

impl Stage {
    /// Whether it was completed: closed, closed on the spot, rated.
    pub fn is_completed(self) -> bool {
        matches!(self, Stage::Closed | Stage::ClosedOnSpot | Stage::Rated)
    }
    /// Whether nothing more is to be done: completed, void, duplicate.
    pub fn is_over(self) -> bool {
        self.is_completed() || matches!(self, Stage::Void | Stage::Duplicate)
    }
    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        self != Stage::Draft && !self.is_over()
    }
}

named! {
    /// Why an event was kept but not taken as a step.
    WhyNot {
        /// No report has arrived.
        NotReported = 1, "还没有上报";
        /// There is a report already.
        AlreadyReported = 2, "已经上报过";
        /// The same step was taken before.
        AlreadyDone = 3, "这一步已经做过";
        /// A later step was taken already.
        TooLate = 4, "后面的步骤已经做了";
        /// The matter was over.
        AlreadyOver = 5, "事情已经了结";
        /// The first completion stands; this one is a supplement.
        SecondCompletion = 6, "已先有人办结，此条留作补充";
        /// Nobody has told the resident in this round.
        CloseWithoutFeedback = 7, "还没有向居民反馈";
        /// Nobody has looked in this round.
        CloseWithoutCheck = 8, "还没有核查";
        /// Only small matters are closed on the spot.
        NotSmall = 9, "大事不能当场办结";
        /// The matter is before the joint meeting.
        EscalationStands = 10, "已提交联席会议，须按程序办结";
        /// Rated before it was done.
        RateBeforeClose = 11, "还没有办结，不能评价";
        /// An assignment without anyone to do it.
        NoParty = 12, "没有写明由谁办理";
        /// An extension without a day.
        NoDate = 13, "没有写明延期到哪一天";
        /// A rating without an opinion.
        NoSatisfaction = 14, "没有写明是否满意";
        /// A duplicate without the other matter.
        NoOther = 15, "没有写明与哪一件重复";
        /// Another record has the same id.
        SameId = 16, "编号与另一条记录相同";
        /// A kind of the future.
        UnknownKind = 17, "本版本不认识的步骤";
    }
    sentence: "What people read."
}

impl From<Stage> for Sentence {
    fn from(stage: Stage) -> Self {
        Self::of("stage", &stage.number().to_string(), stage.title())
    }
}

impl From<WhyNot> for Sentence {
    fn from(why: WhyNot) -> Self {
        Self::of("flag", &why.number().to_string(), why.sentence())
    }
}

/// An event that was kept but not taken as a step, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldFlag {
    /// The event's id.
    pub event: String,
    /// What it would have been.
    pub kind: EventKind,
    /// Why not.
    pub why: WhyNot,
}

/// An event that was taken, and where the matter stood after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The event's id.
    pub event: String,
    /// What it was.
    pub kind: EventKind,
    /// When.
    pub at: Hlc,
    /// Where the matter stood after it.
    pub stage: Stage,
}

/// Where a matter stands, and how it came there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketState {
    /// Where it stands.
    pub stage: Stage,
    /// When it was reported, in milliseconds since 1970.
    pub opened_at: Option<u64>,
    /// The day by which it is to be done.
    pub due_on: Option<NaiveDate>,
    /// Code of the responsible party or department.
    pub party: Option<String>,
    /// Code of the department that answers for the party, where the assignment names one.
    pub department: Option<String>,
    /// When it was completed, if it is.
    pub closed_at: Option<u64>,
    /// The resident's opinion, if it is completed or she gave it before.
    pub satisfaction: Option<u8>,
    /// Whether it was judged large 大事.
    pub large: bool,
    /// When it was first taken to the joint meeting.
    pub escalated_at: Option<u64>,
    /// Whether it is before the joint meeting still.
    pub escalation_stands: bool,
    /// How often it was reopened.
    pub reopened_count: u32,
    /// The ticket that this one repeats.
    pub duplicate_of: Option<Uuid>,
    /// Whether the resident has been told in this round.
    pub has_feedback: bool,
    /// Whether somebody has looked in this round.
    pub has_check: bool,
    /// Whether this is the first round.
    pub first_round: bool,
    /// What was taken, in order.
    pub steps: Vec<Step>,
    /// What was kept but not taken, in order, with the reason.
    pub flags: Vec<FoldFlag>,
    /// Ids of what was added to a matter: supplements, and second completions.
    pub supplements: Vec<String>,
}

impl TicketState {
    /// Whose matter it is: the department that answers for it, else the party that was named alone.
    pub fn whose(&self) -> Option<&str> {
        self.department.as_deref().or(self.party.as_deref())
    }
}
