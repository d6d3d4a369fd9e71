//! `resident`: a person 居民. Personal values stand here only sealed; an answer that is no value
//! (refused, does not know) stands in the value's own place.

use super::spec::{
    ContainerSpec, FIELD_ROLES, FieldSpec, KindSpec, OFFICE_ONLY, Policy, Readers, Retention, Shape, ValueShape,
    grid_field as plain, records,
};
use crate::ids::Kind;

/// Index of the container of fields.
pub const FIELDS: u8 = 0;
/// Index of the notes.
pub const NOTES: u8 = 1;
/// Index of the decisions.
pub const DECISIONS: u8 = 2;
/// Index of the links (same person as, void).
pub const LINKS: u8 = 3;

const fn sealed(
    number: u8,
    name: &'static str,
    label: &'static str,
    policy: Policy,
    shape: ValueShape,
    purpose: &'static str,
) -> FieldSpec {
    FieldSpec { sealed: true, ..plain(number, name, label, policy, shape, purpose) }
}

/// The table.
pub const SPEC: KindSpec = KindSpec {
    kind: Kind::Resident,
    label: "居民",
    containers: &[
        ContainerSpec {
            name: "fields",
            label: "基本情况",
            shape: Shape::Fields,
            writers: FIELD_ROLES,
            fields: &[
                sealed(1, "name", "姓名", Policy::Review, ValueShape::Text(128), "知道怎么称呼，不重复登记"),
                sealed(
                    2,
                    "identity",
                    "身份证号",
                    Policy::Review,
                    ValueShape::Text(32),
                    "办理低保、优抚等事项时核对身份",
                ),
                sealed(3, "birth", "出生日期", Policy::Review, ValueShape::Date, "按年龄安排敬老、托幼服务"),
                plain(4, "sex", "性别", Policy::Latest, ValueShape::Text(16), "安排体检等分性别的服务"),
                sealed(5, "phone", "联系电话", Policy::Review, ValueShape::Text(64), "停水停电、紧急情况时能联系上"),
                plain(6, "household", "所在户", Policy::Review, ValueShape::Uuid, "知道住在哪一户"),
                plain(7, "relation", "与户主关系", Policy::Latest, ValueShape::Text(64), "应急联系家人"),
                plain(8, "since", "入住日期", Policy::Latest, ValueShape::Date, "统计常住和流动"),
                plain(9, "until", "迁出日期", Policy::Latest, ValueShape::Date, "迁走的人不再打扰"),
                plain(10, "residency", "户籍情况", Policy::Review, ValueShape::Text(64), "区分常住、流动、人户分离"),
                FieldSpec {
                    number: 11,
                    name: "categories",
                    label: "人员类别",
                    policy: Policy::Review,
                    shape: ValueShape::Text(512),
                    sealed: true,
                    several: true,
                    purpose: "需要照顾的人不漏掉；须本人或家人同意",
                    readers: Readers::Grid,
                    retention: Retention::Book,
                    writers: FIELD_ROLES,
                },
                sealed(12, "employer", "工作单位", Policy::Latest, ValueShape::Text(256), "联系在职党员和单位"),
                FieldSpec {
                    number: 13,
                    name: "languages",
                    label: "语言",
                    policy: Policy::Union,
                    shape: ValueShape::Text(128),
                    sealed: false,
                    several: true,
                    purpose: "上门时说得上话",
                    readers: Readers::Grid,
                    retention: Retention::Book,
                    writers: FIELD_ROLES,
                },
                plain(14, "consent", "同意采集", Policy::Restrictive, ValueShape::Flag, "本人同意才登记敏感信息"),
            ],
        },
        records("notes", "备注", FIELD_ROLES),
        records("decisions", "裁定", OFFICE_ONLY),
        records("links", "关联", FIELD_ROLES),
    ],
};
