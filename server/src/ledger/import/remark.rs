//! What is said about a row that was read but not taken as it is: every code and every sentence.
//!
//! As in the reader's remarks, a sentence says where, what, and what to do now, and quotes nothing.

use super::super::book::{Book, Column, Origin, Remark};

/// Everything that an import can have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// The title names another community.
    AnotherCommunity,
    /// Something else stands already.
    Differs,
    /// A building stands in another grid.
    BuildingElsewhere,
    /// A building stands in another micro-grid.
    BuildingElsewhereMicro,
    /// A person stands behind another door.
    PersonElsewhere,
    /// Somebody of another name has the same identity number.
    IdentityTaken,
    /// Somebody of the same name stands behind the door, with other papers.
    PerhapsThere,
    /// A role that nobody knows.
    RoleUnknown,
    /// A door in a building that no grid has.
    BuildingUnknown,
    /// A matter of which nobody knows where it is.
    PlaceUnknown,
    /// A text that its field cannot hold.
    TooLong,
    /// A day that is not yet.
    InFuture,
    /// A state in words that nobody knows.
    StateUnknown,
    /// An opinion in words that nobody knows.
    SatisfactionUnknown,
    /// Closed, but on no day.
    ClosedWithoutDay,
    /// Closed before it was reported.
    ClosedBeforeReport,
    /// A closing day for what is not closed.
    DayWithoutClose,
    /// The book says closed; by the rules it is not.
    NotClosedByRule(&'static str),
    /// The book says closed; what stands is open.
    StillOpenHere,
}

impl Notice {
    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::AnotherCommunity => "another_community",
            Self::Differs => "differs_from_ledger",
            Self::BuildingElsewhere => "building_in_two_grids",
            Self::BuildingElsewhereMicro => "building_in_two_micro_grids",
            Self::PersonElsewhere => "person_lives_elsewhere",
            Self::IdentityTaken => "identity_shared",
            Self::PerhapsThere => "person_perhaps_repeated",
            Self::RoleUnknown => "unknown_role",
            Self::BuildingUnknown => "unknown_building",
            Self::PlaceUnknown => "place_unknown",
            Self::TooLong => "value_too_long",
            Self::InFuture => "date_in_future",
            Self::StateUnknown => "state_unknown",
            Self::SatisfactionUnknown => "satisfaction_unknown",
            Self::ClosedWithoutDay => "closed_without_day",
            Self::ClosedBeforeReport => "closed_before_report",
            Self::DayWithoutClose => "day_without_close",
            Self::NotClosedByRule(_) => "not_closed_by_rule",
            Self::StillOpenHere => "still_open_here",
        }
    }

    fn words(self) -> String {
        let words = match self {
            Self::AnotherCommunity => "标题写的是另一个社区，已照常导入。请核对是不是拿错了台账",
            Self::Differs => "台账里已有不同的内容，没有覆盖。请核对，要改请在台账里改",
            Self::BuildingElsewhere => "这个楼栋已经属于另一个网格，没有改动。请核对",
            Self::BuildingElsewhereMicro => "这个楼栋已经属于另一个微网格，没有改动。请核对",
            Self::PersonElsewhere => "这个人已登记在另一户，没有改动。请核对住在哪一户",
            Self::IdentityTaken => "身份证号和台账里已有的另一个人一样，两个人都已保留。请核对证件",
            Self::PerhapsThere => "这一户已有同名的人，证件不同，已按另一个人导入。请核对",
            Self::RoleUnknown => "不认识这个职务。请改成花名册里常用的职务再导入",
            Self::BuildingUnknown => "没有这个楼栋。请先把它写进网格划分表再导入",
            Self::PlaceUnknown => "不知道是哪个楼栋，各网格的设备上看不到这件事。请在诉求里补上楼栋",
            Self::TooLong => "这一格太长，已放进备注。请改短",
            Self::InFuture => "日期还没有到，办理过程按今天记。请核对",
            Self::StateUnknown => "看不懂办理情况，已按已上报导入，原话放进备注。请核对",
            Self::SatisfactionUnknown => "看不懂满意度，原话已作为补充导入。请核对",
            Self::ClosedWithoutDay => "写着已办结，没有办结时间，已按上报当天导入。请核对",
            Self::ClosedBeforeReport => "办结时间早于上报时间，已按上报当天导入。请核对",
            Self::DayWithoutClose => "写着办结时间，办理情况却没有办结，办结时间已放进备注。请核对",
            Self::NotClosedByRule(why) => {
                return format!("写着已办结，按规定还不能办结（{why}），过程已照原样导入。请补办或核对");
            }
            Self::StillOpenHere => "台账里这件事还没有办结，没有覆盖。请在诉求里补办结",
        };
        words.to_owned()
    }

    /// A remark on a cell of the book, or on a whole row.
    pub(super) fn at(self, book: &Book, origin: Origin, column: Option<Column>) -> Remark {
        let sheet = book.sheets.get(origin.sheet);
        let letter = column.zip(sheet).and_then(|(column, sheet)| sheet.letters.get(&column));
        let place = if origin.row == 0 { String::new() } else { format!("第 {} 行：", origin.row) };
        Remark {
            sheet: sheet.map(|sheet| sheet.name.clone()).unwrap_or_default(),
            row: origin.row,
            column: letter.cloned().unwrap_or_default(),
            code: self.code().to_owned(),
            sentence: format!("{place}{}", self.words()),
        }
    }
}
