//! Who does something with a matter, in which role, and how far that person sees.

use crate::people::SignedIn;
use crate::people::posts::{Post, Sight};
use crate::store::sqlite::TicketRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::{Role, StreamId, WorkerId};

/// Somebody who may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// Under which id it is written.
    pub worker: WorkerId,
    /// In which role.
    pub role: Role,
    /// How far she sees.
    pub sight: Sight,
}

impl Hand {
    /// The hand of somebody at the console. A leader works on her phone, and a supervisor changes nothing.
    pub fn of(who: &SignedIn) -> Option<Self> {
        Some(Self { worker: who.clerk, role: role_of(who)?, sight: who.sight.clone() })
    }
}

fn role_of(who: &SignedIn) -> Option<Role> {
    match who.post {
        Post::Admin | Post::Clerk => Some(Role::Office),
        Post::Coordinator => Some(Role::Coordinator),
        Post::GridLeader | Post::Supervisor => None,
    }
}

/// Whether a matter is within somebody's sight: in her grids as it stands in them now, or her department's now.
pub fn sees(tx: &Tx<'_>, sight: &Sight, row: &TicketRow) -> Result<bool, StoreError> {
    if let Some(department) = &sight.department {
        return Ok(!department.is_empty() && row.department.as_ref() == Some(department));
    }
    let Some(grids) = &sight.grids else { return Ok(true) };
    let streams = tx.streams_of(row.ticket.into())?;
    Ok(streams.iter().any(|s| matches!(s, StreamId::Grid(grid) if grids.contains(grid))))
}
