//! Finding a person, a door or a matter by what somebody remembers of it: a piece of a name, its
//! letters, an address, the last digits of a phone.
//!
//! The text is classified before any data is seen ([`question`](crate::search::question)); the database
//! gives the rows that can be meant (`store::query_search`); what is likeliest comes first
//! ([`rank`](crate::search::rank)). Values stand in the clear in the rows, and the rows stand in the
//! encrypted database.

/// Doors as people name them.
pub mod address;
/// How a name sounds, in letters.
pub mod pinyin;
/// What is asked.
pub mod question;
/// Which of the rows is likeliest meant.
pub mod rank;

pub use address::{Address, addresses};
pub use pinyin::{Pinyin, pinyin_of};
pub use question::Question;
pub use rank::MatchedBy;

use crate::device::Device;
use crate::error::QueryError;
use crate::query::order::{DoorOrder, door_order};
use crate::query::sight::{Sight, address};
use crate::query::stored::{StoredDoor, StoredResident, StoredTicket};
use crate::store::StoreError;
use qiaomen_proto::merge::fold::Stage;
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;
use rank::{Match, match_door, match_resident, match_ticket};
use serde::Serialize;

/// Hits that are shown; whoever sees more types more.
pub const HITS_MAX: usize = 50;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// A person.
    Resident,
    /// A door.
    Door,
    /// A matter.
    Ticket,
}

/// Something that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Its id.
    pub id: String,
    /// The name, the address, or what the matter is.
    pub title: String,
    /// Where, as whom, how it stands.
    pub subtitle: String,
    /// The same, piece by piece.
    #[serde(skip)]
    pub pieces: Vec<Sentence>,
    /// What matched.
    pub why: MatchedBy,
    /// The same in words.
    pub why_text: &'static str,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Hits {
    /// The likeliest first.
    pub hits: Vec<Hit>,
    /// How many more there are.
    pub more_count: usize,
}

impl Device {
    /// Finds people, doors and matters.
    pub fn search(&self, text: &str) -> Result<Hits, QueryError> {
        self.look(|sight| search(sight, text))
    }
}

/// A hit with its place in the order.
struct Ranked {
    of: Match,
    hit: Hit,
    door: Option<DoorOrder>,
}

fn search(sight: &Sight<'_>, text: &str) -> Result<Hits, StoreError> {
    let question = Question::read(text);
    let mut found = ask(sight, &question)?;
    // "3号楼楼道灯" reads as a place; where no such place is, the words may stand in a matter.
    if found.is_empty() && matches!(question, Question::Place(_)) {
        found = ask(sight, &Question::words(text))?;
    }
    found.sort_by(|a, b| {
        (b.of.score.cmp(&a.of.score))
            .then_with(|| a.hit.kind.cmp(&b.hit.kind))
            .then_with(|| a.door.cmp(&b.door))
            .then_with(|| (&a.hit.title, &a.hit.id).cmp(&(&b.hit.title, &b.hit.id)))
    });
    let more_count = found.len().saturating_sub(HITS_MAX);
    Ok(Hits { hits: found.into_iter().take(HITS_MAX).map(|r| r.hit).collect(), more_count })
}

fn ask(sight: &Sight<'_>, question: &Question) -> Result<Vec<Ranked>, StoreError> {
    let mut found = Vec::new();
    for (row, home) in sight.tx.residents_maybe_meant(question)? {
        if let Some(of) = match_resident(question, &row, &home.address()) {
            found.push(resident_hit(row, &home, of));
        }
    }
    for row in sight.tx.doors_maybe_meant(question)? {
        if let Some(of) = match_door(question, &row) {
            found.push(door_hit(row, of));
        }
    }
    for (row, home) in sight.tx.tickets_maybe_meant(question)? {
        if let Some(of) = match_ticket(question, &row, &home.address()) {
            found.push(ticket_hit(row, &home, of));
        }
    }
    Ok(found)
}

/// Where a person lives or a matter lies, as far as a row tells it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Home {
    pub(crate) building_name: Option<String>,
    pub(crate) unit: String,
    pub(crate) room: String,
    pub(crate) floor: Option<i32>,
}

impl Home {
    /// The address; empty where there is no door.
    pub(crate) fn address(&self) -> String {
        self.building_name.as_deref().map(|b| address(b, &self.unit, &self.room)).unwrap_or_default()
    }
    fn order(&self) -> Option<DoorOrder> {
        self.building_name.as_deref().map(|b| door_order(b, &self.unit, self.floor, &self.room))
    }
}

fn resident_hit(row: StoredResident, home: &Home, of: Match) -> Ranked {
    let pieces = [
        place_of(home),
        row.relation.clone().map(Sentence::plain),
        row.until.as_ref().map(|_| sentence!("hit-moved-out", "已搬走")),
    ];
    let hit = hit(HitKind::Resident, row.resident.clone(), row.called().to_owned(), pieces.into_iter().flatten(), of);
    Ranked { of, hit, door: home.order() }
}

fn door_hit(row: StoredDoor, of: Match) -> Ranked {
    let pieces = [
        row.occupied_as.map(Sentence::plain),
        Some(sentence!("hit-people", "登记 {n} 人", n = row.resident_count)),
        row.refusal.then(|| sentence!("hit-refuses", "整户拒访")),
        (row.open_tickets > 0).then(|| sentence!("hit-matters", "{n} 件诉求没办完", n = row.open_tickets)),
    ];
    let title = address(&row.building_name, &row.unit, &row.room);
    let hit = hit(HitKind::Door, row.household, title, pieces.into_iter().flatten(), of);
    Ranked { of, hit, door: Some(door_order(&row.building_name, &row.unit, row.floor, &row.room)) }
}

fn ticket_hit(row: StoredTicket, home: &Home, of: Match) -> Ranked {
    let stage = Stage::from_number(row.stage).unwrap_or_default();
    let pieces = [row.category.map(Sentence::plain), place_of(home), Some(stage.into())];
    let hit = hit(HitKind::Ticket, row.ticket, row.text.unwrap_or_default(), pieces.into_iter().flatten(), of);
    Ranked { of, hit, door: home.order() }
}

fn place_of(home: &Home) -> Option<Sentence> {
    Some(home.address()).filter(|place| !place.is_empty()).map(Sentence::plain)
}

fn hit(kind: HitKind, id: String, title: String, pieces: impl Iterator<Item = Sentence>, of: Match) -> Hit {
    let pieces: Vec<Sentence> = pieces.collect();
    let subtitle = pieces.iter().map(Sentence::text).collect::<Vec<_>>().join(" · ");
    Hit { kind, id, title, subtitle, pieces, why: of.by, why_text: of.by.label() }
}

#[cfg(test)]
mod tests;
