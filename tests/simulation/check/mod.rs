//! The checkers: they stand outside the programs, know the truth, and believe nobody. Each says in words
//! what it found; a run without findings is a good day.

/// Phones and office have the same, and no phone has more than it should.
mod equal;
/// Nothing that was acknowledged is lost, nothing at all is dropped in silence, nothing is doubled.
mod kept;
/// Every disagreement that a person has to decide is or was in the inbox.
mod inbox;
/// The office's books hold together.
mod books;
/// Pictures are at the office, whole, and show what was photographed.
mod pictures;

use super::world::{Stuck, World};

/// Everything that is wrong.
pub fn check(world: &mut World, came_home: bool) -> Result<Vec<String>, Stuck> {
    let mut findings = Vec::new();
    if !came_home {
        findings.push("it does not end: after the last round of syncs something still moves".to_owned());
    }
    findings.extend(world.endless.iter().map(|phone| format!("phone {phone}: a sync does not end by itself")));
    books::check(world, &mut findings)?;
    equal::check(world, &mut findings)?;
    kept::check(world, &mut findings)?;
    inbox::check(world, &mut findings)?;
    pictures::check(world, &mut findings)?;
    Ok(findings)
}
