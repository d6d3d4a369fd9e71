//! The rules of every field, in words: what happens when two people write different things, why it is asked, who may
//! write and who can see it, how long it is kept. Read off the tables that device and office merge by, so that what is said is what is done.

use qiaomen_proto::entity::spec::{FIELD_ROLES, MATTER_ROLES, OFFICE_ONLY, Shape};
use qiaomen_proto::entity::{FieldSpec, Policy, kind_spec};
use qiaomen_proto::ids::{Kind, Role};
use serde::Serialize;

/// One rule, and what it means for who sits at the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleWords {
    /// Its permanent name.
    pub policy: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What happens when two write differently.
    pub meaning: &'static str,
    /// Whether somebody at the office has to decide.
    pub asks_a_person: bool,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldWords {
    /// What people call it.
    pub label: &'static str,
    /// What happens when two write differently.
    pub rule: RuleWords,
    /// Why it is asked.
    pub purpose: &'static str,
    /// Who may write it.
    pub writers: String,
    /// Kept as ciphertext, masked on the screen.
    pub sealed: bool,
    /// Holds several values.
    pub several: bool,
}

/// The fields of a part of a document; none where it is a list to which facts are added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartWords {
    /// What people call it.
    pub label: &'static str,
    /// Its fields.
    pub fields: Vec<FieldWords>,
    /// Who may add to it, where it is a list.
    pub writers: String,
}

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindWords {
    /// What people call it.
    pub label: &'static str,
    /// Who can see it; a document travels whole, so one sentence says it for all its fields.
    pub readers: &'static str,
    /// How long it is kept.
    pub retention: &'static str,
    /// Its parts.
    pub parts: Vec<PartWords>,
}

/// The rule of a field that holds several values and is decided by a person.
const SEVERAL_REVIEWED: &str =
    "两个人互不知情地写了不同的内容，就进“冲突”，由社区定，可以都留；没定以前，有人拒绝的按拒绝，否则几个都显示。";

/// A rule in words.
pub fn rule(policy: Policy) -> RuleWords {
    let (label, meaning, asks_a_person) = match policy {
        Policy::Union => ("都算", "几个人写的都留下；有人拒绝的，按拒绝。不用裁定。", false),
        Policy::Latest => ("最新的算", "暂按最后写的；有人拒绝过的，先按拒绝。写过的都查得到，不用裁定。", false),
        Policy::Rank => ("职务高的算", "先看职务：社区、网格长、其他人；职务一样的，按最后写的。不用裁定。", false),
        Policy::Restrictive => ("从严", "有一个人说“不”或拒绝，就按“不”；都没有，按最后写的。不用裁定。", false),
        Policy::Append => ("只增不改", "写了就留着，改要另写一条。不会冲突。", false),
        Policy::Review => (
            "社区裁定",
            "两个人互不知情地写了不同的内容，就进“冲突”，由社区定；没定以前，有人拒绝的按拒绝，否则暂按最后写的。",
            true,
        ),
    };
    RuleWords { policy: policy.name(), label, meaning, asks_a_person }
}

/// Every rule that there is.
pub fn rules() -> Vec<RuleWords> {
    Policy::ALL.into_iter().map(rule).collect()
}

/// Every kind of document with its fields.
pub fn kinds() -> Vec<KindWords> {
    Kind::ALL
        .iter()
        .map(|kind| {
            let spec = kind_spec(*kind);
            let parts = spec.containers.iter().map(|container| PartWords {
                label: container.label,
                fields: container.fields.iter().map(field).collect(),
                writers: if container.shape == Shape::Records { writers(container.writers) } else { String::new() },
            });
            let first = spec.containers.iter().find_map(|container| container.fields.first());
            KindWords {
                label: spec.label,
                readers: first.map_or("", |field| field.readers.sentence()),
                retention: first.map_or("", |field| field.retention.sentence()),
                parts: parts.collect(),
            }
        })
        .collect()
}

fn field(spec: &FieldSpec) -> FieldWords {
    FieldWords {
        label: spec.label,
        rule: match spec.policy {
            Policy::Review if spec.several => RuleWords { meaning: SEVERAL_REVIEWED, ..rule(spec.policy) },
            policy => rule(policy),
        },
        purpose: spec.purpose,
        writers: writers(spec.writers),
        sealed: spec.sealed,
        several: spec.several,
    }
}

/// Who they are; the sets that the tables use by what people call them.
fn writers(roles: &[Role]) -> String {
    if roles == OFFICE_ONLY {
        "只有社区".to_owned()
    } else if roles == FIELD_ROLES {
        "社区和入户的人".to_owned()
    } else if roles == MATTER_ROLES {
        "社区、入户的人、部门和督导".to_owned()
    } else {
        roles.iter().map(|role| role.title()).collect::<Vec<_>>().join("、")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_tables_is_said_and_only_review_asks_a_person() {
        let said: usize = kinds().iter().flat_map(|k| &k.parts).map(|p| p.fields.len()).sum();
        let there: usize = Kind::ALL.iter().flat_map(|k| kind_spec(*k).containers).map(|c| c.fields.len()).sum();
        assert_eq!(said, there);
        let asking: Vec<&str> = rules().iter().filter(|r| r.asks_a_person).map(|r| r.policy).collect();
        assert_eq!(asking, ["review"]);
    }

    #[test]
    fn the_phone_of_a_resident_is_sealed_and_decided_by_the_office() {
        let kinds = kinds();
        let resident = kinds.iter().find(|k| k.label == "居民").unwrap();
        let phone = resident.parts[0].fields.iter().find(|f| f.label == "联系电话").unwrap();
        assert!(phone.sealed && phone.rule.asks_a_person && phone.purpose.contains("紧急"));
        let decisions = resident.parts.iter().find(|p| p.label == "裁定").unwrap();
        assert_eq!(decisions.writers, "只有社区");
    }
}
