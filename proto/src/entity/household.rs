//! `household`: the book of one door 户. Its address, how it is lived in, and facts about the door.

use super::spec::{
    ContainerSpec, FIELD_ROLES, KindSpec, OFFICE_ONLY, Policy, Shape, ValueShape, grid_field as field, records,
};
use crate::ids::Kind;

/// Index of the container of fields.
pub const FIELDS: u8 = 0;
/// Index of the occupancies: who holds the door, since when, until when.
pub const OCCUPANCIES: u8 = 1;
/// Index of the tags.
pub const TAGS: u8 = 2;
/// Index of the notes.
pub const NOTES: u8 = 3;
/// Index of the refusals of the whole door.
pub const REFUSALS: u8 = 4;
/// Index of the decisions.
pub const DECISIONS: u8 = 5;
/// Index of the links (duplicate of, void).
pub const LINKS: u8 = 6;

const ADDRESS: &str = "找得到这一户";

/// The table.
pub const SPEC: KindSpec = KindSpec {
    kind: Kind::Household,
    label: "户",
    containers: &[
        ContainerSpec {
            name: "fields",
            label: "户况",
            shape: Shape::Fields,
            writers: FIELD_ROLES,
            fields: &[
                field(1, "building", "楼栋", Policy::Latest, ValueShape::Uuid, ADDRESS),
                field(2, "unit", "单元", Policy::Latest, ValueShape::Text(32), ADDRESS),
                field(3, "room", "房号", Policy::Latest, ValueShape::Text(32), ADDRESS),
                field(4, "use", "居住情况", Policy::Review, ValueShape::Text(64), "知道这一户有没有人住、要不要上门"),
                field(5, "people_count", "常住人数", Policy::Review, ValueShape::Count(99), "应急时知道家里有几个人"),
            ],
        },
        ContainerSpec {
            name: "occupancies",
            label: "住户",
            shape: Shape::Rows,
            writers: FIELD_ROLES,
            fields: &[
                field(1, "kind", "居住方式", Policy::Latest, ValueShape::Text(64), "区分自住、出租、借住"),
                field(2, "head", "户主", Policy::Review, ValueShape::Uuid, "有事知道找谁"),
                field(3, "since", "入住日期", Policy::Review, ValueShape::Date, "统计常住和流动"),
                field(4, "until", "迁出日期", Policy::Latest, ValueShape::Date, "迁走的人不再打扰"),
            ],
        },
        records("tags", "标签", FIELD_ROLES),
        records("notes", "备注", FIELD_ROLES),
        records("refusals", "整户拒访", FIELD_ROLES),
        records("decisions", "裁定", OFFICE_ONLY),
        records("links", "关联", FIELD_ROLES),
    ],
};
