//! What the world knows and the programs do not: every command that was ever made, and what was promised
//! about it. The checkers hold the programs against this.

use qiaomen_client::Intent;
use qiaomen_proto::ids::{CommandId, DeviceId, WorkerId};
use std::collections::{BTreeMap, BTreeSet};

/// A command that a device said was kept.
#[derive(Debug, Clone)]
pub struct Made {
    /// On which phone of the world.
    pub phone: usize,
    /// As which device of the office.
    pub device: DeviceId,
    /// By whom.
    pub worker: WorkerId,
    /// What was meant.
    pub title: &'static str,
    /// When, by the world's clock.
    pub at_ms: u64,
    /// True for what adds a record to a diary, which must never be doubled.
    pub is_contact: bool,
}

/// The truth of one world.
#[derive(Debug, Default)]
pub struct Truth {
    /// Every command that an edit returned.
    pub made: BTreeMap<CommandId, Made>,
    /// Pictures, by the command that names each.
    pub pictures: BTreeMap<CommandId, Vec<u8>>,
    /// Commands whose picture went down with an image of its phone.
    pub pictures_destroyed: BTreeSet<CommandId>,
    /// What an office acknowledged, in a reply that left it.
    pub acknowledged: BTreeSet<CommandId>,
    /// Commands whose last phone image was destroyed by the world itself before they were acknowledged.
    pub destroyed: BTreeSet<CommandId>,
    /// Acknowledged commands that an office lost with its disk, and that no phone had any more.
    pub lost_with_office: BTreeSet<CommandId>,
    /// Commands that a phone had shown as refused before it was wiped: they are in its rescue file.
    pub refused_before_wipe: BTreeSet<CommandId>,
}

impl Truth {
    /// Notes a command.
    pub fn made(&mut self, command: CommandId, made: Made) {
        self.made.insert(command, made);
    }
}

/// True for what adds one record to a diary.
pub fn is_contact(intent: &Intent) -> bool {
    matches!(intent, Intent::Visit { .. } | Intent::Call { .. } | Intent::Patrol { .. })
}
