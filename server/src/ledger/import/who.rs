//! Which resident who stands is the person of a row.
//!
//! Two rounds, so that a row that knows somebody exactly is never too late because one that only
//! resembles came first. Each resident is at most one row of the book: one identity number can stand
//! under two names (the reader lists it), and two people who told nothing can live behind one door.

use super::super::book::{Book, PersonRow, Told};
use crate::office::{Office, OfficeError};
use crate::store::{StoreError, Tx};
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_proto::merge::Register;
use qiaomen_proto::seal::{BlindKind, KeyRing};
use std::collections::{HashMap, HashSet};

/// A resident who stands.
pub(super) struct Standing {
    register: Register,
    ring: KeyRing,
    household: Option<HouseholdId>,
}

impl Standing {
    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.register, &self.ring)
    }
}

/// Everybody of the book who stands already.
#[derive(Default)]
pub(super) struct Who {
    standing: HashMap<ResidentId, Standing>,
    /// For each door and person of the book, by index.
    known: HashMap<(usize, usize), ResidentId>,
    /// People of the book for whom somebody else was found with the same identity number.
    taken: HashSet<(usize, usize)>,
    /// People of the book beside whom somebody of the same name stands behind the door.
    perhaps: HashSet<(usize, usize)>,
}

impl Who {
    /// The resident that this person of the book is.
    pub(super) fn is(&self, door: usize, person: usize) -> Option<(ResidentId, &Standing)> {
        let id = self.known.get(&(door, person))?;
        Some((*id, self.standing.get(id)?))
    }
    /// Somebody of another name has the same identity number.
    pub(super) fn shares_identity(&self, door: usize, person: usize) -> bool {
        self.taken.contains(&(door, person))
    }
    /// Somebody of the same name stands behind the door.
    pub(super) fn resembles(&self, door: usize, person: usize) -> bool {
        self.perhaps.contains(&(door, person))
    }

    /// Looks everybody up. `doors` are the ids of the book's doors.
    pub(super) fn look_up(
        office: &Office,
        tx: &Tx<'_>,
        book: &Book,
        doors: &[Option<HouseholdId>],
    ) -> Result<Self, OfficeError> {
        let mut who = Self::default();
        if tx.counts()?[1] == 0 {
            return Ok(who);
        }
        let mut used: HashSet<ResidentId> = HashSet::new();
        for round in [Round::Exact, Round::Near] {
            for (d, (door, household)) in book.doors.iter().zip(doors).enumerate() {
                let Some(household) = *household else { continue };
                for (p, person) in door.people.iter().enumerate() {
                    if who.known.contains_key(&(d, p)) {
                        continue;
                    }
                    let candidates = who.candidates(office, tx, person, household)?;
                    let free = candidates.iter().filter(|id| !used.contains(*id));
                    let best = free
                        .filter_map(|id| Some((round.likeness(&who.compare(*id, person, household)?)?, *id)))
                        .max_by_key(|(score, id)| (*score, std::cmp::Reverse(*id)));
                    if let Some((_, id)) = best {
                        used.insert(id);
                        who.known.insert((d, p), id);
                    }
                }
            }
        }
        who.note_doubts(office, tx, book, doors, &used)?;
        Ok(who)
    }

    /// Residents behind the door, and whoever has the identity number.
    fn candidates(
        &mut self,
        office: &Office,
        tx: &Tx<'_>,
        person: &PersonRow,
        household: HouseholdId,
    ) -> Result<Vec<ResidentId>, OfficeError> {
        let mut ids = tx.residents_of(household)?;
        if let Told::Value(identity) = &person.identity {
            let blind = office.secrets().blind.blind(BlindKind::Identity, identity.as_str());
            ids.extend(tx.by_blind(BlindKind::Identity.number(), &blind)?.into_iter().map(ResidentId));
        }
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            if !self.standing.contains_key(id) {
                let register = tx.register((*id).into())?.ok_or(StoreError::Damaged("resident without a document"))?;
                let ring = office.ring(tx, [id.0])?;
                let household = tx.resident(*id)?.and_then(|row| row.household);
                self.standing.insert(*id, Standing { register, ring, household });
            }
        }
        Ok(ids)
    }

    fn compare(&self, id: ResidentId, person: &PersonRow, household: HouseholdId) -> Option<Compared> {
        let standing = self.standing.get(&id)?;
        let view = standing.view();
        let of = |field: &str, said: Option<&str>| Match::of(&view.candidate_texts(field), said);
        let birth = person.born_on.value().map(ToString::to_string);
        Some(Compared {
            same_door: standing.household == Some(household),
            name: of("name", person.name.value().map(String::as_str)),
            identity: of("identity", person.identity.value().map(|i| i.as_str())),
            birth: of("birth", birth.as_deref()),
            phone: of("phone", person.phone.value().map(|p| p.as_str())),
            relation: of("relation", person.relation.as_deref()),
        })
    }

    /// For people who are new: who beside them should be looked at.
    fn note_doubts(
        &mut self,
        office: &Office,
        tx: &Tx<'_>,
        book: &Book,
        doors: &[Option<HouseholdId>],
        used: &HashSet<ResidentId>,
    ) -> Result<(), OfficeError> {
        for (d, (door, household)) in book.doors.iter().zip(doors).enumerate() {
            let Some(household) = *household else { continue };
            for (p, person) in door.people.iter().enumerate() {
                if self.known.contains_key(&(d, p)) {
                    continue;
                }
                // Whoever another row of the book is has been listed by the reader.
                let free = self.candidates(office, tx, person, household)?.into_iter().filter(|id| !used.contains(id));
                for id in free.collect::<Vec<_>>() {
                    let Some(compared) = self.compare(id, person, household) else { continue };
                    if compared.identity == Match::Same {
                        self.taken.insert((d, p));
                    } else if compared.same_door && compared.name == Match::Same {
                        self.perhaps.insert((d, p));
                    }
                }
            }
        }
        Ok(())
    }
}

/// How strict to be.
#[derive(Clone, Copy)]
enum Round {
    Exact,
    Near,
}

/// One thing that is known of a person, there and in the book.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Same,
    Differs,
    /// Only one of the two tells it.
    Half,
    /// Neither tells it.
    Untold,
}

impl Match {
    fn of(there: &[String], said: Option<&str>) -> Self {
        match said {
            None if there.is_empty() => Self::Untold,
            Some(said) if there.iter().any(|text| text == said) => Self::Same,
            Some(_) if !there.is_empty() => Self::Differs,
            _ => Self::Half,
        }
    }
    fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::Untold)
    }
}

struct Compared {
    same_door: bool,
    name: Match,
    identity: Match,
    birth: Match,
    phone: Match,
    relation: Match,
}

impl Round {
    /// How much the two resemble each other; nothing if they are two people.
    fn likeness(self, c: &Compared) -> Option<usize> {
        use Match::{Differs, Same, Untold};
        let is_same = |m: Match| m == Same;
        let nothing_differs = [c.name, c.identity, c.birth, c.phone, c.relation].iter().all(|m| *m != Differs);
        let same = match self {
            Round::Exact => {
                let key_agrees = c.name.agrees() && c.identity.agrees() && c.birth.agrees();
                // Without name and number it takes everything else.
                let named = is_same(c.identity) || (c.same_door && is_same(c.name));
                key_agrees && (named || (c.same_door && nothing_differs))
            }
            Round::Near => {
                let by_number = is_same(c.identity) && c.name != Differs;
                let by_name = c.same_door && is_same(c.name) && !(c.identity == Differs && c.birth == Differs);
                let unnamed = c.same_door && !is_same(c.name) && c.name != Differs && c.identity != Differs;
                let by_rest = unnamed
                    && (is_same(c.birth)
                        || is_same(c.phone)
                        || (c.name == Untold && is_same(c.relation) && nothing_differs));
                by_number || by_name || by_rest
            }
        };
        let likes = [c.name, c.identity, c.birth, c.phone, c.relation];
        same.then(|| likes.iter().filter(|m| is_same(**m)).count() * 2 + usize::from(c.same_door))
    }
}
