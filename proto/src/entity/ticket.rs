//! `ticket`: a matter 诉求. Its head, and the events of which its state is the fold.

use super::spec::{
    ContainerSpec, FieldSpec, KindSpec, MATTER_ROLES, OFFICE_ONLY, Policy, Readers, Retention, Shape, ValueShape,
    records,
};
use crate::ids::Kind;

/// Index of the container of fields.
pub const FIELDS: u8 = 0;
/// Index of the events: see [`crate::merge::fold`].
pub const EVENTS: u8 = 1;
/// Index of the notes.
pub const NOTES: u8 = 2;
/// Index of the photo references.
pub const PHOTOS: u8 = 3;
/// Index of the decisions.
pub const DECISIONS: u8 = 4;
/// Index of the links (duplicate of, void).
pub const LINKS: u8 = 5;

const fn field(
    number: u8,
    name: &'static str,
    label: &'static str,
    policy: Policy,
    shape: ValueShape,
    sealed: bool,
    purpose: &'static str,
) -> FieldSpec {
    FieldSpec {
        number,
        name,
        label,
        policy,
        shape,
        sealed,
        several: false,
        purpose,
        readers: Readers::Matter,
        retention: Retention::Matter,
        writers: MATTER_ROLES,
    }
}

/// The table.
pub const SPEC: KindSpec = KindSpec {
    kind: Kind::Ticket,
    label: "诉求",
    containers: &[
        ContainerSpec {
            name: "fields",
            label: "诉求",
            shape: Shape::Fields,
            writers: MATTER_ROLES,
            fields: &[
                field(1, "category", "类别", Policy::Rank, ValueShape::Text(64), false, "分给该管的人"),
                field(2, "size", "大小", Policy::Rank, ValueShape::Text(16), false, "小事当日办，大事上联席会议"),
                field(3, "source", "来源", Policy::Latest, ValueShape::Text(64), false, "知道从哪里听到的"),
                field(4, "household", "所在户", Policy::Latest, ValueShape::Uuid, false, "知道去哪里办"),
                field(5, "building", "楼栋", Policy::Latest, ValueShape::Uuid, false, "知道去哪里办"),
                field(6, "unit", "单元", Policy::Latest, ValueShape::Text(32), false, "知道去哪里办"),
                field(7, "grid", "网格", Policy::Rank, ValueShape::Uuid, false, "知道归哪个网格"),
                field(8, "text", "诉求内容", Policy::Review, ValueShape::Text(2000), true, "知道要办什么"),
                field(9, "reporter", "反映人", Policy::Latest, ValueShape::Text(256), true, "办完了告诉他"),
                field(10, "reported_on", "反映日期", Policy::Latest, ValueShape::Date, false, "按时限办理"),
                field(11, "resident", "反映居民", Policy::Latest, ValueShape::Uuid, false, "办完了告诉他"),
            ],
        },
        records("events", "办理过程", MATTER_ROLES),
        records("notes", "备注", MATTER_ROLES),
        records("photos", "照片", MATTER_ROLES),
        records("decisions", "裁定", OFFICE_ONLY),
        records("links", "关联", MATTER_ROLES),
    ],
};
