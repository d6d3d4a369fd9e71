//! Why an edit was not made.

use crate::clock::NoRandomness;
use crate::store::StoreError;
use qiaomen_proto::change::typed::RebuildError;
use qiaomen_proto::entity::value::NotAValue;
use qiaomen_proto::merge::Misfit;
use qiaomen_proto::seal::BoxError;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// Why an edit was not made. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The device is nobody's yet.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// What it is about is not on this device.
    #[error("no such {0}")]
    Unknown(What),
    /// The kind has no such field.
    #[error("no such field")]
    NoSuchField(String),
    /// What was typed cannot stand there.
    #[error(transparent)]
    Value(#[from] NotAValue),
    /// The author's role may not.
    #[error("not for this role: {0}")]
    Role(Sentence),
    /// It says what already holds.
    #[error("nothing to change")]
    NothingToChange(What),
    /// The step is not possible now, or something for it is missing.
    #[error("not possible: {0}")]
    NotPossible(Sentence),
    /// Too much for one command.
    #[error("too large for one command")]
    TooLarge,
    /// The change could not be made.
    #[error("could not make the change")]
    MakeChange(#[from] RebuildError),
    /// The change would not fit its own document.
    #[error("the change does not fit")]
    Fit(#[from] Misfit),
    /// The rescue record could not be sealed.
    #[error("could not seal the rescue record")]
    SealRescue(#[from] BoxError),
    /// The rescue file could not be written.
    #[error("could not write the rescue file")]
    WriteRescue(#[source] std::io::Error),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The database could not keep it.
    #[error("could not keep the edit")]
    Keep(#[from] StoreError),
}

/// What an edit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// 楼栋.
    Building,
    /// 单元.
    Unit,
    /// 房号.
    Room,
    /// 户.
    Household,
    /// 住户.
    Occupancy,
    /// 居民.
    Resident,
    /// 诉求.
    Ticket,
    /// 民情日志.
    Diary,
    /// 网格.
    Grid,
    /// 待送的一条.
    Command,
}

impl What {
    /// Every one.
    pub const ALL: [What; 10] = [
        What::Building,
        What::Unit,
        What::Room,
        What::Household,
        What::Occupancy,
        What::Resident,
        What::Ticket,
        What::Diary,
        What::Grid,
        What::Command,
    ];
    /// Its permanent name.
    pub fn name(self) -> &'static str {
        match self {
            What::Building => "building",
            What::Unit => "unit",
            What::Room => "room",
            What::Household => "household",
            What::Occupancy => "occupancy",
            What::Resident => "resident",
            What::Ticket => "ticket",
            What::Diary => "diary",
            What::Grid => "grid",
            What::Command => "command",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            What::Building => "楼栋",
            What::Unit => "单元",
            What::Room => "房号",
            What::Household => "户",
            What::Occupancy => "住户",
            What::Resident => "居民",
            What::Ticket => "诉求",
            What::Diary => "民情日志",
            What::Grid => "网格",
            What::Command => "记录",
        }
    }
}
impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label())
    }
}

impl EditError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            EditError::NotEnrolled => sentence!("edit-not-enrolled", "这台设备还没有登记。请先用社区给的登记码登记。"),
            EditError::Unknown(What::Unit) => {
                sentence!("edit-unit", "单元看不懂。请写成“1单元”或“1”，没有单元就留空。")
            }
            EditError::Unknown(What::Room) => sentence!("edit-room", "房号看不懂。请写成“101”这样。"),
            EditError::Unknown(What::Building) => {
                sentence!("edit-building", "社区台账里没有这栋楼。请先同步；仍没有请联系社区。")
            }
            EditError::Unknown(What::Grid) => sentence!("edit-grid", "不知道算哪个网格。请先同步一次再记。"),
            EditError::Unknown(what) => {
                sentence!("edit-unknown", "这台设备上没有这{what}。请先同步；仍没有请联系社区。", what = counted(*what))
            }
            EditError::NoSuchField(field) => {
                sentence!("edit-no-such-field", "没有“{field}”这一项。请更新应用再试。", field = field.as_str())
            }
            EditError::Value(e) => sentence!(
                "edit-value",
                "“{field}”没有存：{why}",
                field = Sentence::of("field", e.field, e.label),
                why = e.sentence.clone()
            ),
            EditError::Role(what) => {
                sentence!("edit-role", "您的岗位不能改“{what}”。请联系网格长或社区。", what = what.clone())
            }
            EditError::NothingToChange(what) => {
                sentence!("edit-nothing-to-change", "这{what}本来就是这样，不用再存。", what = counted(*what))
            }
            EditError::NotPossible(why) => sentence!("edit-not-possible", "没有存：{why}。", why = why.clone()),
            EditError::TooLarge => sentence!("edit-too-large", "一次存的内容太多，请分几次存。"),
            EditError::WriteRescue(_) => {
                sentence!("edit-write-rescue", "没有存上：写不了文件。请看看存储空间是否已满，再试一次。")
            }
            EditError::Keep(e) if e.is_damage() => {
                sentence!("edit-damaged", "没有存上：数据文件坏了。请把设备带到社区；之前的记录另存在救援文件里。")
            }
            EditError::Keep(_) => {
                sentence!("edit-keep", "没有存上：写不了数据。请看看存储空间是否已满，再试一次。")
            }
            EditError::Random(_) | EditError::MakeChange(_) | EditError::Fit(_) | EditError::SealRescue(_) => {
                sentence!("edit-failed", "没有存上：应用出了错。请重新打开应用再试；仍不行请把设备带到社区。")
            }
        }
    }
    /// True where the same edit will never go through.
    pub fn is_permanent(&self) -> bool {
        !matches!(self, EditError::WriteRescue(_) | EditError::Keep(_) | EditError::Random(_))
    }
}

/// With its measure word, as it stands after “这”.
fn counted(what: What) -> Sentence {
    let text = match what {
        What::Building => "栋楼栋",
        What::Unit => "个单元",
        What::Room => "个房号",
        What::Household => "一户",
        What::Occupancy => "一住户",
        What::Resident => "位居民",
        What::Ticket => "件诉求",
        What::Diary => "篇民情日志",
        What::Grid => "个网格",
        What::Command => "条记录",
    };
    Sentence::of("what", what.name(), text)
}
