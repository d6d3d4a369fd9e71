//! What is said about a row: every code and every sentence, in one place.
//!
//! A sentence says where, what, and what to do now. It quotes nothing from the book: no sentence can
//! then carry a name, a number or a phone out of the room.

use super::words::Field;
use crate::ledger::book::Remark;

/// The row that said it first: its number, or nothing if it stands on another sheet.
pub(super) type First = Option<u32>;

/// Everything that can be odd or wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    // About a sheet or a column of it.
    SheetHidden,
    SheetNotRecognised,
    SheetLeftOut,
    ColumnNotRead,
    // A row that cannot be taken.
    BuildingUnknown,
    BuildingMissing,
    UnitUnreadable,
    RoomUnreadable,
    RoomMissing,
    DoorAboveUnreadable,
    NameUnreadable,
    IdentityUnreadable,
    IdentityRounded,
    DateUnreadable,
    PhoneUnreadable,
    CellMissing,
    GridUnknown,
    BuildingsUnreadable,
    // A row that is taken.
    CheckDigit,
    BirthDisagrees,
    NameMissing,
    IdentityShared { first: First },
    PerhapsRepeated { first: First },
    GridDiffers,
    OccupancyDiffers,
    VacantWithPeople,
    BuildingTwice,
    BuildingInTwoMicroGrids,
    QuotaUnreadable,
    // A row that is left out because it is there already.
    Repeated { first: First },
    RepeatedElsewhere { first: First },
    RepeatedDiffers { first: First },
    StaffRepeated,
}

impl Problem {
    /// The stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::SheetHidden => "sheet_hidden",
            Self::SheetNotRecognised => "sheet_not_recognised",
            Self::SheetLeftOut => "sheet_left_out",
            Self::ColumnNotRead => "column_not_read",
            Self::BuildingUnknown => "unknown_building",
            Self::BuildingMissing => "building_missing",
            Self::UnitUnreadable => "unit_unreadable",
            Self::RoomUnreadable => "room_unreadable",
            Self::RoomMissing => "room_missing",
            Self::DoorAboveUnreadable => "door_above_unreadable",
            Self::NameUnreadable => "name_unreadable",
            Self::IdentityUnreadable => "identity_unreadable",
            Self::IdentityRounded => "identity_rounded",
            Self::DateUnreadable => "date_unreadable",
            Self::PhoneUnreadable => "phone_unreadable",
            Self::CellMissing => "cell_missing",
            Self::GridUnknown => "unknown_grid",
            Self::BuildingsUnreadable => "buildings_unreadable",
            Self::CheckDigit | Self::BirthDisagrees => "identity_check_digit",
            Self::NameMissing => "name_missing",
            Self::IdentityShared { .. } => "identity_shared",
            Self::PerhapsRepeated { .. } => "person_perhaps_repeated",
            Self::GridDiffers => "grid_differs",
            Self::OccupancyDiffers => "occupancy_differs",
            Self::VacantWithPeople => "vacant_with_people",
            Self::BuildingTwice => "building_in_two_grids",
            Self::BuildingInTwoMicroGrids => "building_in_two_micro_grids",
            Self::QuotaUnreadable => "quota_unreadable",
            Self::Repeated { .. } | Self::RepeatedElsewhere { .. } => "person_repeated",
            Self::RepeatedDiffers { .. } => "person_repeated_differs",
            Self::StaffRepeated => "staff_repeated",
        }
    }

    /// What is wrong and what to do, without the place.
    pub(super) fn words(self, field: Option<Field>) -> String {
        let column = field.map_or("", label);
        match self {
            Self::SheetHidden => "这张工作表是隐藏的，没有读。需要的话请取消隐藏再导入".into(),
            Self::SheetNotRecognised => "认不出这张工作表的标题行，没有读。如果它是台账，请检查标题行".into(),
            Self::SheetLeftOut => "按您说的，这张工作表没有读".into(),
            Self::ColumnNotRead => "认不出这一列的标题，这一列没有读。需要的话请改成常用的标题".into(),
            Self::BuildingUnknown => "网格划分表里没有这个楼栋。请改正楼栋，或先把它写进网格划分表再导入".into(),
            Self::BuildingMissing => "不知道是哪个楼栋。请填上楼栋再导入".into(),
            Self::UnitUnreadable => "单元看不懂。请改成“1单元”这样再导入".into(),
            Self::RoomUnreadable => "房号看不懂。请改成“101”这样再导入".into(),
            Self::RoomMissing => "不知道是哪一户。请填上房号再导入".into(),
            Self::DoorAboveUnreadable => "这一行接着上面的住户，而上面那一户没能读懂。请先改正上面那一行再导入".into(),
            Self::NameUnreadable => "姓名不像一个人的名字。请改正再导入".into(),
            Self::IdentityUnreadable => "身份证号不是18位（或旧的15位）。请核对证件，改正或清空再导入".into(),
            Self::IdentityRounded => {
                "身份证号被表格当成了数字，后几位已经丢失。请把这一列设成文本，重新填写再导入".into()
            }
            Self::DateUnreadable => format!("{column}不是一个日期。请改成 1980-01-31 这样再导入"),
            Self::PhoneUnreadable => {
                "联系电话不是一个电话号码。请改成 11 位手机号或带区号的座机号，一格一个号码".into()
            }
            Self::CellMissing => format!("{column}是空的。请填上再导入"),
            Self::GridUnknown => "网格划分表里没有这个网格。请改正网格名称再导入".into(),
            Self::BuildingsUnreadable => "楼栋看不懂。请写成“1号楼、2号楼”这样再导入".into(),
            Self::CheckDigit => "身份证号的最后一位（校验码）不对，已照原样导入。请核对证件".into(),
            Self::BirthDisagrees => "身份证号里的生日和出生日期一栏不一样，两个都已照原样导入。请核对证件".into(),
            Self::NameMissing => "没有姓名，其他内容已导入。请补上姓名".into(),
            Self::IdentityShared { first } => {
                format!("身份证号和{}的另一个人一样，两个人都已导入。请核对证件", earlier(first))
            }
            Self::PerhapsRepeated { first } => format!("和{}可能是同一个人，两行都已导入。请核对", earlier(first)),
            Self::GridDiffers => "网格和网格划分表不一致，已按网格划分表导入。请核对".into(),
            Self::OccupancyDiffers => "同一户的居住情况前后不一样，已按前面的导入。请核对".into(),
            Self::VacantWithPeople => "这一户写的是空置，却登记了人，都已照原样导入。请核对".into(),
            Self::BuildingTwice => "这个楼栋已经属于前面的网格，已按前面的导入。请核对".into(),
            Self::BuildingInTwoMicroGrids => "这个楼栋已经属于前面的微网格，已按前面的导入。请核对".into(),
            Self::QuotaUnreadable => "标准户数不是一个数，没有读入。请改正".into(),
            Self::Repeated { first } => format!("和{}是同一个人，没有重复导入", earlier(first)),
            Self::RepeatedElsewhere { first } => {
                format!("和{}是同一个人，却写在另一户，已按前面的导入。请核对住在哪一户", earlier(first))
            }
            Self::RepeatedDiffers { first } => {
                format!("和{}是同一个人，但有的内容不一样，已按前面的导入。请核对", earlier(first))
            }
            Self::StaffRepeated => "和前面的一行完全一样，没有重复导入".into(),
        }
    }

    /// A remark on one place of the book.
    pub(super) fn at(self, sheet: &str, row: u32, column: String, field: Option<Field>) -> Remark {
        let sentence = format!("第 {row} 行：{}", self.words(field));
        Remark { sheet: sheet.to_owned(), row, column, code: self.code().to_owned(), sentence }
    }

    /// A remark on a whole sheet.
    pub(super) fn about_sheet(self, sheet: &str) -> Remark {
        let (column, code) = (String::new(), self.code().to_owned());
        Remark { sheet: sheet.to_owned(), row: 0, column, code, sentence: self.words(None) }
    }
}

/// How the sentences call an earlier row.
fn earlier(first: First) -> String {
    first.map_or_else(|| "另一张工作表里的一行".into(), |row| format!("第 {row} 行"))
}

/// How the sentences call a column.
fn label(field: Field) -> &'static str {
    match field {
        Field::Grid => "网格名称",
        Field::Name => "姓名",
        Field::Role => "职务",
        Field::BornOn => "出生日期",
        Field::AppointedOn => "任职时间",
        Field::ReportedOn => "时间",
        Field::ClosedOn => "办结时间",
        Field::Matter => "诉求内容",
        _ => "这一格",
    }
}
