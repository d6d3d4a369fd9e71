//! The permanent codes of what can be said across the boundary: each with a number that never
//! changes, a sentence for a person, and whether trying again helps. docs/protocol/errors.md is made
//! from this table.

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum Code {
    /// Bytes that are not what was agreed.
    Malformed = 1,
    /// Body too large.
    TooLarge = 2,
    /// Wire version not spoken here.
    WireVersion = 3,
    /// No such device, or a wrong signature.
    NotSigned = 10,
    /// Counter already used.
    Replayed = 11,
    /// Device revoked.
    Revoked = 12,
    /// Enrolment code unknown, used or expired.
    EnrolCode = 13,
    /// Too many attempts.
    TooMany = 14,
    /// One device asks too often.
    TooOften = 15,
    /// The rebuilt change is not the one that was meant.
    CheckFailed = 20,
    /// Builds on changes that are not here.
    Predecessor = 21,
    /// Formed as no honest store forms it.
    Structure = 22,
    /// Cloned or restored store.
    Fork = 23,
    /// The author is not the device's worker.
    NotTheAuthor = 24,
    /// The actor belongs to another device.
    NotTheActor = 25,
    /// The document's grid is not the worker's.
    OutOfScope = 26,
    /// The role may not write there.
    RoleMayNot = 27,
    /// A value of the wrong form.
    ValueForm = 28,
    /// A value out of bounds.
    ValueBounds = 29,
    /// A key that opens nothing, or a sealed value without a key.
    KeyMissing = 30,
    /// A building that does not exist.
    UnknownBuilding = 31,
    /// The id of a door or diary does not follow from its parts.
    IdParts = 32,
    /// A person whose door is not at the office.
    UnknownDoor = 33,
    /// A clerk has looked and put it away.
    PutAway = 34,
    /// The same command is in the book already, in another form.
    TakenBefore = 35,
    /// Given back after a restore, and something else stands in its place by now.
    GivenBack = 36,
    /// To be held back, and so much of this device is held already that it has to stay there.
    HeldFull = 37,
    /// Put away: it was done again, or brought by other means.
    PutAwayDoneAgain = 42,
    /// Put away: it was not the work of whoever signed it.
    PutAwayNotTheirs = 43,
    /// Put away: a mistake.
    PutAwayMistake = 44,
    /// Put away: a trial.
    PutAwayTrial = 45,
    /// The office is busy.
    Busy = 40,
    /// Something failed inside the office.
    Internal = 41,
    /// The office's database is damaged, or not there.
    OfficeDamaged = 46,
    /// The office's disk has no room.
    OfficeFull = 47,
    /// Not signed in at the console.
    SignIn = 50,
    /// No such thing.
    NotFound = 51,
    /// A candidate joined since the page was shown.
    CandidatesChanged = 52,
    /// The choice is not possible for this field.
    ChoiceNotPossible = 53,
    /// Signed in, and this is not for that post.
    NotYours = 54,
    /// A photo that no record names, or whose record is not here yet.
    PhotoUnknown = 60,
    /// What came of a photo is not what its record says.
    PhotoDamaged = 61,
}

impl Code {
    /// Every code, by number.
    pub const ALL: &[Code] = &[
        Code::Malformed,
        Code::TooLarge,
        Code::WireVersion,
        Code::NotSigned,
        Code::Replayed,
        Code::Revoked,
        Code::EnrolCode,
        Code::TooMany,
        Code::TooOften,
        Code::CheckFailed,
        Code::Predecessor,
        Code::Structure,
        Code::Fork,
        Code::NotTheAuthor,
        Code::NotTheActor,
        Code::OutOfScope,
        Code::RoleMayNot,
        Code::ValueForm,
        Code::ValueBounds,
        Code::KeyMissing,
        Code::UnknownBuilding,
        Code::IdParts,
        Code::UnknownDoor,
        Code::PutAway,
        Code::TakenBefore,
        Code::GivenBack,
        Code::HeldFull,
        Code::PutAwayDoneAgain,
        Code::PutAwayNotTheirs,
        Code::PutAwayMistake,
        Code::PutAwayTrial,
        Code::Busy,
        Code::Internal,
        Code::OfficeDamaged,
        Code::OfficeFull,
        Code::SignIn,
        Code::NotFound,
        Code::CandidatesChanged,
        Code::ChoiceNotPossible,
        Code::NotYours,
        Code::PhotoUnknown,
        Code::PhotoDamaged,
    ];
    /// The permanent number.
    pub fn number(self) -> u16 {
        self as u16
    }
    /// The code with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.number() == number)
    }
    /// The permanent name.
    pub fn name(self) -> &'static str {
        self.row().0
    }
    /// What happened, why it usually happens, what to do now.
    pub fn sentence(self) -> &'static str {
        self.row().1
    }
    /// True if the same thing may go through later.
    pub fn retry_helps(self) -> bool {
        self.row().2
    }

    fn row(self) -> (&'static str, &'static str, bool) {
        match self {
            Code::Malformed => ("malformed", "发来的内容读不懂。多半是传输出错或版本不符，请更新后再同步。", false),
            Code::TooLarge => ("too_large", "一次发来的内容太大。请更新应用后再同步。", false),
            Code::WireVersion => ("wire_version", "应用版本和社区的不一致。请更新应用，没送出的都还在。", false),
            Code::NotSigned => ("not_signed", "社区不认识这台设备。请到社区重新登记设备，没送出的都还在。", false),
            Code::Replayed => ("replayed", "这次请求已经收过。请再同步一次。", true),
            Code::Revoked => ("revoked", "这台设备的使用资格已收回。没送出的已交社区保存，请与社区联系。", false),
            Code::EnrolCode => ("enrol_code", "登记码不对、已用过或已过期。请到社区再要一个。", false),
            Code::TooMany => ("too_many", "试的次数太多。请过几分钟再试。", true),
            Code::TooOften => ("too_often", "这台设备同步得太频繁。没送出的都还在，过一会儿会自动再送。", true),
            Code::CheckFailed => {
                ("check_failed", "内容核对不上，社区没有收。请再同步一次；仍不行请把设备带到社区。", true)
            }
            Code::Predecessor => ("predecessor", "它接着的上一步还没到社区。这一条没有丢，上一步到了就能入册。", true),
            Code::Structure => {
                ("structure", "内容的结构社区认不出来，没有入册（可能是应用比社区的新）。请把设备带到社区。", false)
            }
            Code::Fork => {
                ("fork", "有另一台设备用着同一份数据（可能是手机克隆或恢复过）。社区已留存，会自动重做一遍。", true)
            }
            Code::NotTheAuthor => ("not_the_author", "署名不是这台设备的使用人。社区已留存，等工作人员处理。", false),
            Code::NotTheActor => ("not_the_actor", "这条记录的来源属于另一台设备。社区已留存，等工作人员处理。", false),
            Code::OutOfScope => {
                ("out_of_scope", "这一户不在您负责的网格里（可能网格刚调整过）。社区已留存，等工作人员处理。", false)
            }
            Code::RoleMayNot => ("role_may_not", "您的岗位不能改这一项。请联系网格长或社区。", false),
            Code::ValueForm => ("value_form", "填的内容格式不对，没有入册。请改好再存一次。", false),
            Code::ValueBounds => ("value_bounds", "填的内容太长或超出范围，没有入册。请改短再存一次。", false),
            Code::KeyMissing => ("key_missing", "缺少打开这条内容的钥匙。社区已留存，请再同步一次。", true),
            Code::UnknownBuilding => ("unknown_building", "社区台账里没有这栋楼。社区已留存，等工作人员处理。", false),
            Code::IdParts => ("id_parts", "门牌和编号对不上，社区没有收。请把设备带到社区。", false),
            Code::UnknownDoor => {
                ("unknown_door", "这位居民所在的户还没有进社区的台账。社区已留存，等工作人员先处理那一户。", false)
            }
            Code::PutAway => {
                ("put_away", "社区看过后作废了，没有入册。如果仍要入册，请重新登记；有疑问请问社区。", false)
            }
            Code::TakenBefore => ("taken_before", "这一条先前已经入册（可能由另一台终端送到），不用再办。", false),
            Code::GivenBack => (
                "given_back",
                "社区的数据从备份恢复过，这一条由终端交回，和后来入册的接不上。社区已留存，等工作人员处理。",
                false,
            ),
            Code::HeldFull => (
                "held_full",
                "社区替这台设备留着待核的已经太多，这一条先留在设备里，没有丢。请社区处理一些，之后会自动再送。",
                true,
            ),
            Code::PutAwayDoneAgain => ("put_away_done_again", "社区看过后作废了，原因：已经重做。不用再办。", false),
            Code::PutAwayNotTheirs => {
                ("put_away_not_theirs", "社区看过后作废了，原因：不是本人办的。如果是您办的，请到社区说明。", false)
            }
            Code::PutAwayMistake => {
                ("put_away_mistake", "社区看过后作废了，原因：记错了。如果没有记错，请重新登记。", false)
            }
            Code::PutAwayTrial => ("put_away_trial", "社区看过后作废了，原因：试用时的内容。不用再办。", false),
            Code::Busy => ("busy", "社区这会儿太忙。过一会儿会自动再送。", true),
            Code::Internal => ("internal", "社区的服务出了错。没送出的都还在，过一会儿会自动再送。", true),
            Code::OfficeDamaged => (
                "office_damaged",
                "社区的数据库坏了，暂时收不了。设备里的都还在，社区修好以后会自动再送。请告诉社区的管理员。",
                true,
            ),
            Code::OfficeFull => (
                "office_full",
                "社区的磁盘满了，暂时收不了。设备里的都还在，社区腾出空间以后会自动再送。请告诉社区的管理员。",
                true,
            ),
            Code::SignIn => ("sign_in", "请先登录。", false),
            Code::NotFound => ("not_found", "没有找到。", false),
            Code::CandidatesChanged => ("candidates_changed", "刚才又来了新的说法，请重新看一遍再定。", true),
            Code::ChoiceNotPossible => ("choice_not_possible", "这一项不能这样选。", false),
            Code::PhotoUnknown => {
                ("photo_unknown", "这张照片的记录还没到社区，或不归您这里。照片还在手机里，记录到了会自动再送。", true)
            }
            Code::PhotoDamaged => {
                ("photo_damaged", "收到的照片和记录对不上，社区没有留。照片还在手机里，会自动从头再送。", true)
            }
            Code::NotYours => ("not_yours", "您的岗位看不了这一页，或不能做这一步。需要的话请找管理员。", false),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_number_and_a_name_of_its_own() {
        let numbers: std::collections::BTreeSet<_> = Code::ALL.iter().map(|c| c.number()).collect();
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(numbers.len(), Code::ALL.len());
        assert_eq!(names.len(), Code::ALL.len());
    }
}
