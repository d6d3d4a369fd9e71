//! `diary`: one worker's day in one grid 民情日志: visits, calls, patrols.

use super::spec::{
    ContainerSpec, FIELD_ROLES, FieldSpec, KindSpec, OFFICE_ONLY, Policy, Readers, Retention, Shape, ValueShape,
    records,
};
use crate::ids::Kind;

/// Index of the container of fields.
pub const FIELDS: u8 = 0;
/// Index of the entries.
pub const ENTRIES: u8 = 1;
/// Index of the decisions.
pub const DECISIONS: u8 = 2;
/// Index of the links (void, an entry taken back).
pub const LINKS: u8 = 3;

const fn field(number: u8, name: &'static str, label: &'static str, shape: ValueShape) -> FieldSpec {
    FieldSpec {
        number,
        name,
        label,
        policy: Policy::Latest,
        shape,
        sealed: false,
        several: false,
        purpose: "知道是谁、哪一天、哪个网格的日志",
        readers: Readers::Diary,
        retention: Retention::Diary,
        writers: FIELD_ROLES,
    }
}

/// The table.
pub const SPEC: KindSpec = KindSpec {
    kind: Kind::Diary,
    label: "民情日志",
    containers: &[
        ContainerSpec {
            name: "fields",
            label: "日志",
            shape: Shape::Fields,
            writers: FIELD_ROLES,
            fields: &[
                field(1, "worker", "网格员", ValueShape::Uuid),
                field(2, "grid", "网格", ValueShape::Uuid),
                field(3, "on", "日期", ValueShape::Date),
            ],
        },
        records("entries", "记录", FIELD_ROLES),
        records("decisions", "裁定", OFFICE_ONLY),
        records("links", "关联", FIELD_ROLES),
    ],
};
