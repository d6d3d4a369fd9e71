//! The words that stand above the columns, as offices write them.
//!
//! To teach the reader a new spelling, add it here; nothing else needs to know. The first word of a
//! field is the one that the messages use.

use crate::ledger::book::Column;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is what the office calls the column")]
pub enum Field {
    Grid,
    GridType,
    MicroGrid,
    Buildings,
    Quota,
    Building,
    Unit,
    Room,
    Name,
    Sex,
    Relation,
    Identity,
    BornOn,
    Phone,
    Occupancy,
    Category,
    Note,
    Role,
    Department,
    AppointedOn,
    ReportedOn,
    Source,
    Place,
    Matter,
    Size,
    State,
    ClosedOn,
    FedBack,
    Satisfaction,
}

impl Field {
    /// The column, as far as remarks made later point at it.
    pub(super) fn column(self) -> Option<Column> {
        Some(match self {
            Self::Grid => Column::Grid,
            Self::GridType => Column::GridType,
            Self::MicroGrid => Column::MicroGrid,
            Self::Buildings => Column::Buildings,
            Self::Quota => Column::Quota,
            Self::Building => Column::Building,
            Self::Room => Column::Room,
            Self::Name => Column::Name,
            Self::Sex => Column::Sex,
            Self::Relation => Column::Relation,
            Self::Identity => Column::Identity,
            Self::BornOn => Column::BornOn,
            Self::Phone => Column::Phone,
            Self::Occupancy => Column::Occupancy,
            Self::Category => Column::Category,
            Self::Role => Column::Role,
            Self::Department => Column::Department,
            Self::AppointedOn => Column::AppointedOn,
            Self::ReportedOn => Column::ReportedOn,
            Self::Source => Column::Source,
            Self::State => Column::State,
            Self::ClosedOn => Column::ClosedOn,
            Self::Satisfaction => Column::Satisfaction,
            Self::Unit | Self::Note | Self::Place | Self::Matter | Self::Size | Self::FedBack => return None,
        })
    }
}

/// What a sheet can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Which buildings each grid has.
    Grids,
    /// Who works here.
    Roster,
    /// Who lives here.
    Residents,
    /// What people asked for.
    Tickets,
}

/// The columns of one kind of sheet: the field, and the words that name it.
type Words = &'static [(Field, &'static [&'static str])];

/// A column of this name is a row's number and says nothing.
pub(super) const ROW_NUMBERS: [&str; 4] = ["序号", "编号", "序", "行号"];

const GRID: &[&str] = &["网格", "网格名称", "所在网格", "所属网格", "网格名", "负责网格", "网格编号"];
const BUILDING: &[&str] =
    &["楼栋", "楼号", "栋", "楼", "栋号", "幢", "幢号", "楼栋号", "楼幢", "楼幢号", "楼宇", "楼栋名称", "所在楼栋"];
const UNIT: &[&str] = &["单元", "单元号", "所在单元"];
const NAME: &[&str] = &["姓名", "名字", "居民姓名", "人员姓名", "成员姓名", "户主/成员", "家庭成员", "家庭成员姓名"];
const BORN_ON: &[&str] = &["出生日期", "出生年月", "生日", "出生年月日", "出生", "出生时间"];
const PHONE: &[&str] = &["联系电话", "手机", "电话", "手机号", "手机号码", "联系方式", "电话号码", "联系手机"];
const NOTE: &[&str] = &["备注", "说明", "备注说明", "备注信息"];

const GRIDS: Words = &[
    (Field::Grid, GRID),
    (Field::GridType, &["网格类型", "类型", "网格特色", "特色", "网格类别"]),
    (Field::MicroGrid, &["微网格", "微网格名称", "微网格名"]),
    (
        Field::Buildings,
        &[
            "楼栋",
            "楼号",
            "包含楼栋",
            "所辖楼栋",
            "管辖楼栋",
            "所含楼栋",
            "覆盖楼栋",
            "楼栋范围",
            "网格范围",
            "管辖范围",
        ],
    ),
    (Field::Quota, &["标准户数", "户数", "定额户数", "网格户数", "户数标准"]),
    (Field::Note, NOTE),
];

const ROSTER: Words = &[
    (Field::Name, NAME),
    (Field::Sex, &["性别"]),
    (Field::BornOn, BORN_ON),
    (Field::Role, &["职务", "岗位", "角色", "网格职务", "担任职务", "网格岗位", "现任职务"]),
    (Field::Grid, GRID),
    (Field::Phone, PHONE),
    (Field::Department, &["部门/单位", "部门", "单位", "工作单位", "所在单位", "所属单位", "派出单位"]),
    (Field::AppointedOn, &["任职时间", "任职日期", "聘任时间", "上岗时间", "到岗时间", "任命时间"]),
];

const RESIDENTS: Words = &[
    (Field::Grid, GRID),
    (Field::Building, BUILDING),
    (Field::Unit, UNIT),
    (Field::Room, &["房号", "门牌", "室", "房间号", "室号", "户号", "门牌号", "房间", "房屋号", "房", "门号"]),
    (Field::Name, NAME),
    (Field::Relation, &["与户主关系", "关系", "家庭关系", "与户主的关系", "户主关系", "成员关系"]),
    (
        Field::Identity,
        &["身份证号", "身份证号码", "证件号码", "身份证", "证件号", "公民身份号码", "公民身份证号码", "居民身份证号"],
    ),
    (Field::BornOn, BORN_ON),
    (Field::Phone, PHONE),
    (
        Field::Occupancy,
        &["居住情况", "房屋用途", "居住状态", "房屋状态", "居住类型", "住房情况", "房屋性质", "入住情况"],
    ),
    (Field::Category, &["人员类别", "类别", "人员类型", "人群类别", "人员属性", "特殊人群", "重点人群", "人员标签"]),
    (Field::Note, NOTE),
];

const TICKETS: Words = &[
    (
        Field::ReportedOn,
        &[
            "时间",
            "日期",
            "上报时间",
            "上报日期",
            "受理时间",
            "受理日期",
            "登记时间",
            "登记日期",
            "诉求时间",
            "反映时间",
        ],
    ),
    (Field::Source, &["来源", "诉求来源", "渠道", "反映渠道", "上报渠道", "来源渠道"]),
    (Field::Place, &["地点", "位置", "地址", "发生地点", "事发地点", "诉求地点", "具体位置"]),
    (Field::Building, BUILDING),
    (Field::Unit, UNIT),
    (
        Field::Matter,
        &[
            "诉求内容",
            "内容",
            "诉求",
            "问题描述",
            "问题",
            "事项",
            "反映问题",
            "反映内容",
            "事项内容",
            "问题内容",
            "具体内容",
        ],
    ),
    (Field::Category, &["类别", "诉求类别", "问题类别", "分类", "类型", "事项类别", "问题类型", "诉求类型"]),
    (Field::Size, &["大小", "大小事", "事项大小", "大事小事", "大事/小事", "事情大小"]),
    (Field::State, &["办理情况", "办理状态", "状态", "进度", "办理进度", "处理情况", "处理状态", "办结情况"]),
    (Field::ClosedOn, &["办结时间", "办结日期", "完成时间", "完成日期", "办结日"]),
    (Field::FedBack, &["反馈情况", "反馈", "是否反馈", "反馈结果", "回访情况"]),
    (Field::Satisfaction, &["满意度", "评价", "满意情况", "群众满意度", "居民满意度", "满意度评价"]),
];

impl Kind {
    /// Every kind; where a sheet fits two equally well, the earlier one.
    pub const ALL: [Self; 4] = [Self::Residents, Self::Roster, Self::Tickets, Self::Grids];

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Grids => "网格划分",
            Self::Roster => "花名册",
            Self::Residents => "居民台账",
            Self::Tickets => "诉求台账",
        }
    }
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Grids => "grids",
            Self::Roster => "roster",
            Self::Residents => "residents",
            Self::Tickets => "tickets",
        }
    }
    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
    /// The fields that this kind can have, in the order of a book, with what people call them.
    pub fn fields(self) -> impl Iterator<Item = (Field, &'static str)> {
        self.words().iter().map(|(field, words)| (*field, words.first().copied().unwrap_or_default()))
    }
    /// Whether a sheet is not of this kind without this field.
    pub fn requires(self, field: Field) -> bool {
        self.required().contains(&field)
    }

    /// The columns that this kind can have.
    pub(super) fn words(self) -> Words {
        match self {
            Self::Grids => GRIDS,
            Self::Roster => ROSTER,
            Self::Residents => RESIDENTS,
            Self::Tickets => TICKETS,
        }
    }

    /// The columns without which a sheet is not of this kind.
    pub(super) fn required(self) -> &'static [Field] {
        match self {
            Self::Grids => &[Field::Grid, Field::Buildings],
            Self::Roster => &[Field::Name, Field::Role],
            Self::Residents => &[Field::Building, Field::Room, Field::Name],
            Self::Tickets => &[Field::ReportedOn, Field::Matter],
        }
    }
}
