//! The rows that a question can mean: a coarse net, read again closely in `search::rank`.

use super::query_book::{DOOR_COLUMNS, RESIDENT_COLUMNS, TICKET_COLUMNS, door, resident, ticket};
use super::{StoreError, Tx};
use crate::query::stored::{StoredDoor, StoredResident, StoredTicket};
use crate::search::rank::NUMBER_END_DIGITS_MIN;
use crate::search::{Home, Question};
use qiaomen_proto::ids::Kind;
use rusqlite::{Row, params_from_iter};

/// More words than these nobody types; each costs a comparison a row.
const WORDS_MAX: usize = 8;

/// An address as the rows have it, with the blank before it that keeps it apart.
const ADDRESS: &str = "' ' || coalesce(d.building_name, '') ||
    CASE coalesce(d.unit, '') WHEN '' THEN '' ELSE d.unit || '单元' END || coalesce(d.room, '')";

/// Columns of the door beside a row.
const HOME: &str = "d.building_name, d.unit, d.room, d.floor";

fn home(r: &Row<'_>, at: usize) -> rusqlite::Result<Home> {
    Ok(Home {
        building_name: r.get(at)?,
        unit: r.get::<_, Option<String>>(at + 1)?.unwrap_or_default(),
        room: r.get::<_, Option<String>>(at + 2)?.unwrap_or_default(),
        floor: r.get(at + 3)?,
    })
}

fn columns(of: &str, table: &str) -> String {
    of.split(',').map(|c| format!("{table}.{}", c.trim())).collect::<Vec<_>>().join(", ")
}

fn count(columns: &str) -> usize {
    columns.split(',').count()
}

/// One condition a word: each has to stand somewhere in the haystack.
fn every_word(haystack: &str, words: &[String]) -> String {
    (1..=words.len().min(WORDS_MAX))
        .map(|n| format!("instr(upper({haystack}), ?{n}) > 0"))
        .collect::<Vec<_>>()
        .join(" AND ")
}

impl Tx<'_> {
    /// People who can be meant, with their doors.
    pub(crate) fn residents_maybe_meant(&self, question: &Question) -> Result<Vec<(StoredResident, Home)>, StoreError> {
        let (condition, values): (String, Vec<String>) = match question {
            Question::Digits(digits) if digits.len() >= NUMBER_END_DIGITS_MIN => {
                ("r.phone LIKE '%' || ?1 OR r.identity LIKE '%' || ?1".to_owned(), vec![digits.clone()])
            }
            // The first letter begins one of the syllables; the rest is looked at closely.
            Question::Letters(letters) => {
                ("instr(r.name_initials, substr(?1, 1, 1)) > 0".to_owned(), vec![letters.clone()])
            }
            Question::Words(words) => {
                let haystack = format!("r.name || ' ' || coalesce(r.categories, '') || {ADDRESS}");
                (every_word(&haystack, words), words.iter().take(WORDS_MAX).cloned().collect())
            }
            Question::Nothing | Question::Place(_) | Question::Digits(_) => return Ok(Vec::new()),
        };
        let sql = format!(
            "SELECT {}, {HOME} FROM resident_row r LEFT JOIN door_row d ON d.household = r.household WHERE {condition}",
            columns(RESIDENT_COLUMNS, "r")
        );
        self.all("search residents", &sql, params_from_iter(values), |r| {
            Ok((resident(r)?, home(r, count(RESIDENT_COLUMNS))?))
        })
    }

    /// Doors that can be meant.
    pub(crate) fn doors_maybe_meant(&self, question: &Question) -> Result<Vec<StoredDoor>, StoreError> {
        let from = format!("SELECT {} FROM door_row d", columns(DOOR_COLUMNS, "d"));
        match question {
            Question::Nothing | Question::Letters(_) => Ok(Vec::new()),
            Question::Place(places) => {
                let mut found = Vec::new();
                for place in places {
                    let unit = place.unit.as_ref().map(|u| u.as_str());
                    let room = place.room.as_ref().map(|r| r.as_str());
                    found.extend(self.all(
                        "search doors",
                        &format!("{from} WHERE (?1 IS NULL OR d.unit = ?1) AND (?2 IS NULL OR d.room = ?2)"),
                        (unit, room),
                        door,
                    )?);
                }
                // Two readings of one text may mean one door.
                found.sort_by(|a, b| a.household.cmp(&b.household));
                found.dedup_by(|a, b| a.household == b.household);
                Ok(found)
            }
            Question::Digits(digits) => self.all(
                "search doors",
                &format!("{from} WHERE d.room = ?1 OR d.building_name = ?1 || '号楼'"),
                [digits],
                door,
            ),
            Question::Words(words) => {
                let haystack = format!("coalesce(d.use, '') || {ADDRESS}");
                let sql = format!("{from} WHERE {}", every_word(&haystack, words));
                self.all("search doors", &sql, params_from_iter(words.iter().take(WORDS_MAX)), door)
            }
        }
    }

    /// Matters that can be meant, with their doors.
    pub(crate) fn tickets_maybe_meant(&self, question: &Question) -> Result<Vec<(StoredTicket, Home)>, StoreError> {
        let Question::Words(words) = question else { return Ok(Vec::new()) };
        let haystack = format!(
            "coalesce(t.text, '') || ' ' || coalesce(t.category, '') || ' ' || coalesce(t.reporter, '') || {ADDRESS}"
        );
        let sql = format!(
            "SELECT {}, {HOME} FROM ticket_row t LEFT JOIN door_row d ON d.household = t.household WHERE {}",
            columns(TICKET_COLUMNS, "t"),
            every_word(&haystack, words)
        );
        self.all("search matters", &sql, params_from_iter(words.iter().take(WORDS_MAX)), |r| {
            Ok((ticket(r)?, home(r, count(TICKET_COLUMNS))?))
        })
    }

    /// Ids that begin or end with this piece (without dashes, small); a few are enough to be too many.
    pub(crate) fn ids_with_piece(&self, kind: Kind, piece: &str) -> Result<Vec<String>, StoreError> {
        let (table, id) = match kind {
            Kind::Household => ("door_row", "household"),
            Kind::Resident => ("resident_row", "resident"),
            Kind::Ticket => ("ticket_row", "ticket"),
            Kind::Diary => return Ok(Vec::new()),
        };
        let sql = format!(
            "SELECT {id} FROM {table} WHERE replace({id}, '-', '') LIKE ?1 || '%' OR replace({id}, '-', '') LIKE '%' || ?1
             ORDER BY {id} LIMIT 20"
        );
        self.all("find by a piece of an id", &sql, [piece], |r| r.get(0))
    }
}
