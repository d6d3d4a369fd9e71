//! Which document another one repeats, and the taking back of that.
//!
//! A link is a fact that is added to the document that is set aside: "the same as that one". Taking it back
//! is one more fact about the same other document. A link stands unless somebody who knew of it took it
//! back; of a link and a taking back that did not know of each other the link stands, like a refusal. Of
//! several links that stand the last in the order of facts counts. All of that is read from the changes
//! and what they build on, so every copy sees the same, whatever came first.
//!
//! Nothing is re-keyed by a link: both ids stay what they are, and [`kept`] leads from one to the other.

use super::order::places;
use super::register::Register;
use crate::change::{Edit, Path, Scalar, Stamp, keys};
use crate::entity::kind_spec;
use crate::entity::record::{self, LinkPayload};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Number of a link that says "the same as".
pub const SAME: u8 = 1;

/// How many documents are followed from one to the next. Nobody sets aside so many by hand; a longer chain
/// ends here, so that no reader is kept busy by it.
const CHAIN_MAX: usize = 64;

/// A link that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The document that is kept.
    pub other: Uuid,
    /// Who said so, and when.
    pub stamp: Stamp,
}

/// The links that stand in this document, in the order of facts.
pub fn standing(register: &Register) -> Vec<Link> {
    let container = kind_spec(register.doc().kind).links();
    let mine = register.doc().uuid;
    let places = places(register, container);
    let mut said = Vec::new();
    for path in register.paths_in(container) {
        for op in register.visible(path) {
            let Some(link) = op.value.as_bytes().and_then(|b| record::from_bytes::<LinkPayload>(b).ok()) else {
                continue;
            };
            let other = link.other.and_then(|id| Uuid::from_slice(&id).ok());
            // A document that repeats itself repeats nothing.
            let Some(other) = other.filter(|other| link.kind == SAME && *other != mine) else { continue };
            let place = usize::try_from(op.change).ok().and_then(|i| places.get(i)).copied().unwrap_or_default();
            said.push((place, &path.key, op.change, other, link.withdrawn));
        }
    }
    let others: BTreeSet<Uuid> = said.iter().filter(|(.., withdrawn)| *withdrawn).map(|(_, _, _, o, _)| *o).collect();
    for other in others {
        let takings_back = said.iter().filter(|(_, _, _, o, withdrawn)| *withdrawn && *o == other);
        let known = register.beneath(takings_back.map(|(_, _, change, ..)| *change));
        said.retain(|(_, _, change, o, withdrawn)| *o != other || *withdrawn || !known.holds(*change));
    }
    said.retain(|(.., withdrawn)| !withdrawn);
    said.sort_by_key(|(place, key, ..)| (*place, *key));
    said.into_iter()
        .filter_map(|(_, _, change, other, _)| Some(Link { other, stamp: register.change(change).stamp? }))
        .collect()
}

/// The edit that says that this document is the same as `other`, which is kept; or, `withdrawn`, that it is
/// not after all.
/// Several of one command are told apart by `ordinal`.
pub fn edit(register: &Register, stamp: &Stamp, ordinal: u8, other: Uuid, withdrawn: bool) -> Edit {
    let payload = LinkPayload { kind: SAME, other: Some(other.as_bytes().to_vec()), withdrawn };
    Edit {
        path: Path::new(kind_spec(register.doc().kind).links(), keys::record_key(stamp.command, ordinal)),
        value: Scalar::Bytes(record::to_bytes(&payload)),
    }
}

/// The documents on the way from this one to the one that is kept, itself first. `next` tells which one a
/// document repeats.
pub fn chain<E>(from: Uuid, mut next: impl FnMut(Uuid) -> Result<Option<Uuid>, E>) -> Result<Vec<Uuid>, E> {
    let mut way = vec![from];
    let mut at = from;
    while way.len() < CHAIN_MAX
        && let Some(on) = next(at)?
    {
        if way.contains(&on) {
            break;
        }
        way.push(on);
        at = on;
    }
    Ok(way)
}

/// The document that is kept of all that this one repeats; itself if it repeats none. Where links lead in
/// a ring, the smallest id of the ring is kept: whoever asks from wherever gets the same answer.
pub fn kept<E>(from: Uuid, mut next: impl FnMut(Uuid) -> Result<Option<Uuid>, E>) -> Result<Uuid, E> {
    let way = chain(from, &mut next)?;
    let last = way.last().copied().unwrap_or(from);
    let into = match next(last)? {
        Some(on) => way.iter().position(|id| *id == on),
        None => None,
    };
    let ring = into.and_then(|at| way.get(at..)).unwrap_or_default();
    Ok(ring.iter().min().copied().unwrap_or(last))
}

/// Whether links lead from this document back to it, and it is the one that is kept of that ring.
pub fn keeps_a_ring<E>(id: Uuid, mut next: impl FnMut(Uuid) -> Result<Option<Uuid>, E>) -> Result<bool, E> {
    let way = chain(id, &mut next)?;
    let last = way.last().copied().unwrap_or(id);
    Ok(way.len() > 1 && next(last)? == Some(id) && way.iter().min() == Some(&id))
}
