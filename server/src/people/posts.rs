//! Who may do what at the console. A post says it; how far a grid leader or a coordinator sees is the roster's.

use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{GridId, Role, WorkerId};
use serde::Serialize;
use std::collections::BTreeSet;

/// What somebody is at the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Everything, people and settings too.
    Admin,
    /// The community's clerk: the book, conflicts, matters, the day close.
    Clerk,
    /// A grid leader: her own grids, to read.
    GridLeader,
    /// A department's coordinator: the department's matters, and no ledger.
    Coordinator,
    /// A supervisor: reads everything, changes nothing.
    Supervisor,
}

impl Post {
    /// Every post.
    pub const ALL: [Post; 5] = [Post::Admin, Post::Clerk, Post::GridLeader, Post::Coordinator, Post::Supervisor];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Post::Admin => "admin",
            Post::Clerk => "clerk",
            Post::GridLeader => "grid_leader",
            Post::Coordinator => "coordinator",
            Post::Supervisor => "supervisor",
        }
    }
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Post::Admin => "管理员",
            Post::Clerk => "社区工作人员",
            Post::GridLeader => "网格长",
            Post::Coordinator => "部门协调员",
            Post::Supervisor => "督查",
        }
    }
    /// From its word or its title.
    pub fn parse(said: &str) -> Option<Self> {
        let said = said.trim().replace('-', "_");
        Self::ALL.into_iter().find(|p| p.word() == said || p.title() == said)
    }
    /// Whether the office's own work is hers: the book, conflicts, what is held back.
    pub fn is_office(self) -> bool {
        matches!(self, Post::Admin | Post::Clerk)
    }
    /// The role that a worker has on the roster who may have this post; none where it is no worker's.
    pub fn worker_role(self) -> Option<Role> {
        match self {
            Post::GridLeader => Some(Role::GridLeader),
            Post::Coordinator => Some(Role::Coordinator),
            Post::Admin | Post::Clerk | Post::Supervisor => None,
        }
    }
}

/// How far somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    /// Only these grids; none: every grid.
    pub grids: Option<BTreeSet<GridId>>,
    /// Only this department's matters.
    pub department: Option<String>,
}

impl Sight {
    /// What somebody in this post sees at a time. A leader without a grid sees none.
    pub fn of(tx: &Tx<'_>, post: Post, clerk: WorkerId, now_ms: u64) -> Result<Self, StoreError> {
        Ok(match post {
            Post::Admin | Post::Clerk | Post::Supervisor => Self::default(),
            Post::GridLeader => {
                Self { grids: Some(tx.grids_at(clerk, now_ms)?.into_iter().collect()), department: None }
            }
            Post::Coordinator => {
                let department = tx.worker(clerk)?.and_then(|w| w.department).unwrap_or_default();
                Self { grids: None, department: Some(department) }
            }
        })
    }
    /// Whether something in this grid is within it; what stands in no grid is for those who see everything.
    pub fn sees(&self, grid: Option<GridId>) -> bool {
        match (&self.grids, grid) {
            (None, _) => true,
            (Some(grids), Some(grid)) => grids.contains(&grid),
            (Some(_), None) => false,
        }
    }
}
