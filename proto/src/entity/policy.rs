//! How values that were written apart become one, by version.
//!
//! The table of today stands beside the fields ([`FieldSpec::policy`]). An older table is today's and
//! where it differed, and is kept as long as anybody reads by it: device and office show the same
//! value and the same conflicts only by the same table, so each says its version in the handshake, and
//! a conflict and a decision say under which they were made.

use super::spec::FieldSpec;
use crate::ids::Kind;
use crate::sentence;
use crate::sentence::Sentence;

/// Version of the table of fields and of the rules of merging. Part of the handshake, of every conflict
/// record and of every decision.
pub const POLICY_VERSION: u32 = 1;

/// How values that were written apart become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// A refusal; else all of them hold.
    Union,
    /// A refusal; else the latest, by causality, then by clock.
    Latest,
    /// The highest role (office, then grid leader, then everyone), then the latest.
    Rank,
    /// A refusal, a "no", what was taken back; else the latest.
    Restrictive,
    /// Facts that are added and never replaced.
    Append,
    /// A person decides; until then a refusal, else the latest.
    Review,
}

impl Policy {
    /// Every one.
    pub const ALL: [Policy; 6] =
        [Policy::Union, Policy::Latest, Policy::Rank, Policy::Restrictive, Policy::Append, Policy::Review];

    /// Its name in documents and databases.
    pub fn name(self) -> &'static str {
        match self {
            Policy::Union => "union",
            Policy::Latest => "latest",
            Policy::Rank => "rank",
            Policy::Restrictive => "restrictive",
            Policy::Append => "append",
            Policy::Review => "review",
        }
    }
}

/// A field that had another policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Differs {
    /// In documents of this kind.
    pub kind: Kind,
    /// In this container.
    pub container: u8,
    /// This field.
    pub field: &'static str,
    /// Had this policy.
    pub policy: Policy,
}

/// One version of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyTable {
    /// Its number.
    pub version: u32,
    /// Where it differs from what stands beside the fields; nowhere in today's.
    pub differs: &'static [Differs],
}

/// Every table that can still be read by, the oldest first, today's last.
const TABLES: &[PolicyTable] = &[PolicyTable::TODAY];

impl PolicyTable {
    /// Today's.
    pub const TODAY: PolicyTable = PolicyTable { version: POLICY_VERSION, differs: &[] };

    /// The table with this number. `None` for one of the future, and for one that nobody reads by any more.
    pub fn numbered(version: u32) -> Option<&'static PolicyTable> {
        TABLES.iter().find(|table| table.version == version)
    }

    /// The policy of a field by this table.
    pub fn policy(&self, kind: Kind, container: u8, field: &FieldSpec) -> Policy {
        self.differs
            .iter()
            .find(|d| d.kind == kind && d.container == container && d.field == field.name)
            .map_or(field.policy, |d| d.policy)
    }
}

/// What a device and its office can say of each other's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tables {
    /// They read by one table.
    Same,
    /// The device's is older: it may show another provisional value than the office until it is updated.
    DeviceOlder,
    /// The office's is older: the device reads by the office's, if it still has it.
    OfficeOlder,
}

impl Tables {
    /// What these two versions are to each other.
    pub fn of(device: u32, office: u32) -> Self {
        match device.cmp(&office) {
            std::cmp::Ordering::Equal => Tables::Same,
            std::cmp::Ordering::Less => Tables::DeviceOlder,
            std::cmp::Ordering::Greater => Tables::OfficeOlder,
        }
    }

    /// What the worker is told; nothing where all is well.
    pub fn sentence(self) -> Option<Sentence> {
        match self {
            Tables::Same => None,
            Tables::DeviceOlder => Some(sentence!(
                "policy-device-older",
                "本机的合并规则比社区的旧：有争议的内容，暂时显示的可能和社区不同。记录都在，请更新本机程序。"
            )),
            Tables::OfficeOlder => Some(sentence!(
                "policy-office-older",
                "社区的合并规则比本机的旧：有争议的内容，以社区显示的为准。记录都在，请告诉社区更新程序。"
            )),
        }
    }
}
