//! Names of disks: no two of one process may be the same at a time, whoever plays beside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives names.
#[derive(Debug, Clone)]
pub struct Names {
    world: String,
    given: Arc<AtomicU64>,
}

impl Names {
    /// Names for one world. `world` is its own within this process.
    pub fn of(world: &str) -> Self {
        Self { world: world.to_owned(), given: Arc::default() }
    }
    /// One that was never given.
    pub fn fresh(&self, what: &str) -> String {
        format!("{}-{what}-{}", self.world, self.given.fetch_add(1, Ordering::Relaxed))
    }
}
