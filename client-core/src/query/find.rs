//! Doors, people, matters and fields as people name them on a command line: by id, by a piece of an id,
//! or in words. Two that fit are never guessed between: the choices are listed.

use super::order::door_order;
use super::sight::{Sight, address};
use super::stored::{StoredDoor, StoredResident, StoredTicket};
use crate::search::{Question, addresses};
use crate::store::StoreError;
use qiaomen_proto::entity::{FieldSpec, Shape, kind_spec};
use qiaomen_proto::ids::Kind;
use qiaomen_proto::merge::fold::Stage;
use serde::Serialize;
use uuid::Uuid;

/// Something that was meant, or may have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its id.
    pub id: Uuid,
    /// How to tell it from the others.
    pub words: String,
}

/// What a name led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Exactly one.
    One(Choice),
    /// None.
    Nothing,
    /// More than one.
    Several(Vec<Choice>),
}

impl Found {
    fn of(mut choices: Vec<Choice>) -> Self {
        if choices.len() > 1 {
            return Self::Several(choices);
        }
        choices.pop().map_or(Self::Nothing, Self::One)
    }
}

/// A piece of an id has at least so many characters.
const PIECE_CHARS_MIN: usize = 4;

/// The text as a piece of an id: without dashes, small.
fn piece(words: &str) -> Option<String> {
    let bare: String = words.trim().chars().filter(|c| *c != '-' && *c != '…').collect();
    let hexadecimal = bare.bytes().all(|b| b.is_ascii_hexdigit());
    (hexadecimal && bare.len() >= PIECE_CHARS_MIN).then(|| bare.to_ascii_lowercase())
}

/// The text as a whole id.
fn whole(words: &str) -> Option<Uuid> {
    Uuid::try_parse(words.trim()).ok()
}

/// The door that somebody names.
pub(crate) fn door(sight: &Sight<'_>, words: &str) -> Result<Found, StoreError> {
    if let Some(id) = whole(words) {
        return Ok(Found::of(sight.tx.door(&id.to_string())?.iter().filter_map(door_choice).collect()));
    }
    let doors = doors_at(sight, words)?;
    if !doors.is_empty() {
        return Ok(Found::of(doors.iter().filter_map(door_choice).collect()));
    }
    let mut doors = Vec::new();
    if let Some(piece) = piece(words) {
        for id in sight.tx.ids_with_piece(Kind::Household, &piece)? {
            doors.extend(sight.tx.door(&id)?);
        }
    }
    Ok(Found::of(doors.iter().filter_map(door_choice).collect()))
}

fn doors_at(sight: &Sight<'_>, words: &str) -> Result<Vec<StoredDoor>, StoreError> {
    let places = addresses(words);
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut doors: Vec<StoredDoor> = sight
        .tx
        .doors_maybe_meant(&Question::Place(places.clone()))?
        .into_iter()
        .filter(|d| places.iter().any(|p| p.names_door(&d.building_name, &d.unit, &d.room)))
        .collect();
    // "1号楼101" in a building with units means several doors; one without a unit would be meant first.
    doors.sort_by_cached_key(|d| door_order(&d.building_name, &d.unit, d.floor, &d.room));
    Ok(doors)
}

fn door_choice(row: &StoredDoor) -> Option<Choice> {
    Some(Choice { id: row.household.parse().ok()?, words: address(&row.building_name, &row.unit, &row.room) })
}

/// The person that somebody names. "3-2-502 王建国" tells one 王建国 from another.
pub(crate) fn resident(sight: &Sight<'_>, words: &str) -> Result<Found, StoreError> {
    if let Some(id) = whole(words) {
        let row = sight.tx.resident(&id.to_string())?;
        return choices_of_people(sight, row.into_iter().collect());
    }
    if let Some((place, name)) = words.trim().rsplit_once([' ', '/', ' ']) {
        let mut people = Vec::new();
        for door in doors_at(sight, place)? {
            people.extend(sight.tx.residents_of(&door.household)?.into_iter().filter(|r| r.name == name.trim()));
        }
        if !people.is_empty() {
            return choices_of_people(sight, people);
        }
    }
    let people = called_so(sight, words.trim())?;
    if !people.is_empty() {
        return choices_of_people(sight, people);
    }
    let mut people = Vec::new();
    if let Some(piece) = piece(words) {
        for id in sight.tx.ids_with_piece(Kind::Resident, &piece)? {
            people.extend(sight.tx.resident(&id)?);
        }
    }
    choices_of_people(sight, people)
}

/// By the whole name; if nobody has it, by a part of it; if nobody has that, by its letters.
fn called_so(sight: &Sight<'_>, name: &str) -> Result<Vec<StoredResident>, StoreError> {
    let rows = |question: &Question| -> Result<Vec<StoredResident>, StoreError> {
        Ok(sight.tx.residents_maybe_meant(question)?.into_iter().map(|(row, _)| row).collect())
    };
    match Question::read(name) {
        Question::Words(words) => {
            let maybe = rows(&Question::Words(words))?;
            let (exact, part): (Vec<_>, Vec<_>) = maybe.into_iter().partition(|r| r.name == name);
            Ok(if exact.is_empty() { part.into_iter().filter(|r| r.name.contains(name)).collect() } else { exact })
        }
        Question::Letters(letters) => {
            let whole = |of: &str| of.split(' ').any(|reading| reading == letters);
            let maybe = rows(&Question::Letters(letters.clone()))?;
            Ok(maybe.into_iter().filter(|r| whole(&r.initials) || whole(&r.pinyin)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// Those who live here before those who moved out: of two, the one who is here is meant.
fn choices_of_people(sight: &Sight<'_>, people: Vec<StoredResident>) -> Result<Found, StoreError> {
    let (here, gone): (Vec<_>, Vec<_>) = people.into_iter().partition(|r| r.until.is_none());
    let meant = if here.is_empty() { gone } else { here };
    let mut choices = Vec::new();
    for row in meant {
        let place = row.household.as_deref().map(|h| sight.address(h)).transpose()?.flatten();
        if let Ok(id) = row.resident.parse() {
            choices.push(Choice {
                id,
                words: format!("{} {}", place.unwrap_or_default(), row.called()).trim().to_owned(),
            });
        }
    }
    choices.sort_by(|a, b| a.words.cmp(&b.words).then(a.id.cmp(&b.id)));
    Ok(Found::of(choices))
}

/// The matter that somebody names: open ones before those that are over.
pub(crate) fn ticket(sight: &Sight<'_>, words: &str) -> Result<Found, StoreError> {
    let mut rows: Vec<StoredTicket> = Vec::new();
    if let Some(id) = whole(words) {
        rows.extend(sight.tx.ticket(&id.to_string())?);
        return Ok(Found::of(rows.iter().filter_map(ticket_choice).collect()));
    }
    if let Some(piece) = piece(words) {
        for id in sight.tx.ids_with_piece(Kind::Ticket, &piece)? {
            rows.extend(sight.tx.ticket(&id)?);
        }
    }
    if rows.is_empty() {
        rows.extend(sight.tx.tickets_maybe_meant(&Question::words(words))?.into_iter().map(|(row, _)| row));
        if rows.iter().any(|r| r.is_open) {
            rows.retain(|r| r.is_open);
        }
    }
    rows.sort_by(|a, b| (b.updated_ms, &a.ticket).cmp(&(a.updated_ms, &b.ticket)));
    Ok(Found::of(rows.iter().filter_map(ticket_choice).collect()))
}

fn ticket_choice(row: &StoredTicket) -> Option<Choice> {
    let stage = Stage::from_number(row.stage).unwrap_or_default();
    let text = row.text.as_deref().unwrap_or_default();
    Some(Choice { id: row.ticket.parse().ok()?, words: format!("{text}（{}）", stage.title()) })
}

/// What people also call a field.
const ALSO: [(&str, &str); 10] = [
    ("电话", "phone"),
    ("手机", "phone"),
    ("身份证", "identity"),
    ("生日", "birth"),
    ("类别", "categories"),
    ("单位", "employer"),
    ("关系", "relation"),
    ("户籍", "residency"),
    ("人数", "people_count"),
    ("内容", "text"),
];

/// A field of a kind's head that somebody calls so: by its permanent name, its label, or as people also
/// call it.
pub fn field(kind: Kind, words: &str) -> Option<&'static FieldSpec> {
    let words = words.trim();
    let fields = kind_spec(kind).containers.first()?.fields;
    let named = |name: &str| fields.iter().find(|f| f.name == name);
    let labelled = || fields.iter().find(|f| f.label == words);
    let also = || ALSO.iter().find(|(said, _)| *said == words).and_then(|(_, name)| named(name));
    named(words).or_else(labelled).or_else(also)
}

/// A field of the rows of a kind (an occupancy's) that somebody calls so.
pub fn row_field(kind: Kind, words: &str) -> Option<&'static FieldSpec> {
    let rows = kind_spec(kind).containers.iter().find(|c| c.shape == Shape::Rows)?;
    rows.fields.iter().find(|f| f.name == words.trim() || f.label == words.trim())
}

/// What can be asked of a kind, as people call it.
pub fn field_labels(kind: Kind) -> Vec<&'static str> {
    kind_spec(kind).containers.first().map_or_else(Vec::new, |c| c.fields.iter().map(|f| f.label).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_name_by_label_and_as_people_call_it() {
        for words in ["phone", "联系电话", "电话", " 手机 "] {
            assert_eq!(field(Kind::Resident, words).map(|f| f.name), Some("phone"), "{words}");
        }
        assert_eq!(field(Kind::Household, "居住情况").map(|f| f.name), Some("use"));
        assert_eq!(field(Kind::Household, "电话"), None);
        assert_eq!(row_field(Kind::Household, "户主").map(|f| f.name), Some("head"));
    }

    #[test]
    fn a_piece_of_an_id_is_hexadecimal_and_not_too_short() {
        assert_eq!(piece("0192F1C4").as_deref(), Some("0192f1c4"));
        assert_eq!(piece("0192f1c4-0000").as_deref(), Some("0192f1c40000"));
        assert_eq!(piece("502"), None);
        assert_eq!(piece("王建国"), None);
    }
}
