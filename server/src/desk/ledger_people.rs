//! The ledger's residents: a list of them with masked values, and the search for somebody by what is known of her.
//! A search finds by the blind indexes: whole names and whole numbers, or the last four of a number.

use super::aside::Aside;
use super::ledger::{PAGE, Places, address};
use super::mask::masked_field;
use super::order::{DoorPlace, door_place};
use crate::duplicates::resolve;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::store::Tx;
use crate::store::sqlite::ResidentLine;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::{BuildingId, DocId, GridId, HouseholdId, ResidentId};
use qiaomen_proto::person::{IdentityNumber, Phone};
use qiaomen_proto::seal::BlindKind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// People that a search shows at most; who finds more has to say more.
pub const HITS_MAX: usize = 100;
/// Letters of what is searched for at most: the longest name that is taken.
pub const SEARCH_LETTERS_MAX: usize = 60;
/// Digits by which people ask for a number.
const LAST: usize = 4;

/// Which residents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whether {
    /// Who has not moved out.
    #[default]
    Here,
    /// Who has moved out.
    MovedOut,
    /// Whose home is no door of the book.
    Nowhere,
}

impl Whether {
    /// Every one.
    pub const ALL: [Whether; 3] = [Whether::Here, Whether::MovedOut, Whether::Nowhere];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Whether::Here => "here",
            Whether::MovedOut => "out",
            Whether::Nowhere => "nowhere",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Whether::Here => "在住",
            Whether::MovedOut => "已搬走",
            Whether::Nowhere => "没有住址",
        }
    }
    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.word() == word)
    }
    fn is(self, line: &ResidentLine) -> bool {
        match self {
            Whether::Here => !line.moved_out && line.building.is_some(),
            Whether::MovedOut => line.moved_out,
            Whether::Nowhere => !line.moved_out && line.building.is_none(),
        }
    }
}

/// Which residents are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleAsked {
    /// Of this grid.
    pub grid: Option<GridId>,
    /// Of this building.
    pub building: Option<BuildingId>,
    /// Where they are.
    pub whether: Whether,
    /// Who refused to tell something.
    pub refused: bool,
    /// Of whom something has to be decided.
    pub conflict: bool,
    /// Which page, from 1.
    pub page: usize,
}

/// One resident, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResidentListed {
    /// Id.
    pub id: ResidentId,
    /// Name.
    pub name: String,
    /// Sex.
    pub sex: String,
    /// Relation to the head of the household.
    pub relation: String,
    /// Phone.
    pub phone: String,
    /// Identity number.
    pub identity: String,
    /// Home.
    pub door: Option<HouseholdId>,
    /// Address of the home.
    pub address: String,
    /// Grid, by name.
    pub grid: String,
    /// Moved out.
    pub moved_out: bool,
    /// Places that wait for a person.
    pub conflicts: u32,
    /// Was set aside: another one is the same person.
    pub aside: bool,
    /// By what a search found her.
    pub found_by: Vec<&'static str>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeoplePage {
    /// The people.
    pub lines: Vec<ResidentListed>,
    /// How many are meant.
    pub count: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// Number of pages.
    pub pages: usize,
}

/// The residents that are meant and within sight, a page of them.
pub fn residents(office: &Office, tx: &Tx<'_>, asked: &PeopleAsked, sight: &Sight) -> Result<PeoplePage, OfficeError> {
    let places = Places::within(tx, sight)?;
    let lines = Aside::of(tx)?.once(tx.resident_lines(asked.grid, asked.building)?);
    let lines = lines.into_iter().filter(|line| {
        sight.sees(line.grid)
            && asked.whether.is(line)
            && (!asked.refused || line.refused)
            && (!asked.conflict || line.conflicts > 0)
    });
    let lines = in_order(lines.collect(), &places);
    let (count, pages) = (lines.len(), lines.len().div_ceil(PAGE).max(1));
    let page = asked.page.clamp(1, pages);
    let shown = lines.into_iter().skip((page - 1) * PAGE).take(PAGE);
    let mut lines = shown.map(|line| listed(office, tx, &places, line, Vec::new())).collect::<Result<Vec<_>, _>>()?;
    // The head of a household comes first, as far as the household is on this page.
    for household in lines.chunk_by_mut(|a, b| a.door == b.door) {
        household.sort_by_key(|line| line.relation != "户主");
    }
    Ok(PeoplePage { lines, count, page, pages })
}

fn in_order(lines: Vec<ResidentLine>, places: &Places) -> Vec<ResidentLine> {
    let names = places.building_names();
    let mut lines: Vec<(DoorPlace, ResidentLine)> = lines
        .into_iter()
        .map(|line| {
            let building = line.building.and_then(|b| names.get(&b).copied()).unwrap_or_default();
            let door = line.door.unwrap_or_else(|| HouseholdId::from_bytes([0xff; 16]));
            (door_place(places.place(line.grid), building, &line.unit, &line.room, door), line)
        })
        .collect();
    lines.sort_by(|(a, x), (b, y)| (a, x.resident).cmp(&(b, y.resident)));
    lines.into_iter().map(|(_, line)| line).collect()
}

fn listed(
    office: &Office,
    tx: &Tx<'_>,
    places: &Places,
    line: ResidentLine,
    found_by: Vec<&'static str>,
) -> Result<ResidentListed, OfficeError> {
    let register = tx.register(line.resident.into())?;
    let ring = office.ring(tx, [line.resident.0])?;
    let view = register.as_ref().map(|register| View::new(register, &ring));
    let of = |field: &str| {
        view.as_ref().and_then(|v| v.field(field)).map_or_else(String::new, |f| masked_field(f.field, &f.shown))
    };
    let name = of("name");
    Ok(ResidentListed {
        id: line.resident,
        name: if name.is_empty() { "（没有登记姓名）".to_owned() } else { name },
        sex: of("sex"),
        relation: of("relation"),
        phone: of("phone"),
        identity: of("identity"),
        address: match line.building {
            None => "（没有住址）".to_owned(),
            Some(building) => address(places.building_names().get(&building).copied(), &line.unit, &line.room),
        },
        door: line.door,
        grid: places.grid(line.grid).to_owned(),
        moved_out: line.moved_out,
        conflicts: line.conflicts,
        aside: resolve(tx, line.resident.into())? != DocId::from(line.resident),
        found_by,
    })
}

/// Whom the head of a household is called, masked: whoever is called so, else nobody.
pub(super) fn head(office: &Office, tx: &Tx<'_>, door: HouseholdId) -> Result<String, OfficeError> {
    for resident in tx.residents_of(door)? {
        let Some(register) = tx.register(resident.into())? else { continue };
        let ring = office.ring(tx, [resident.0])?;
        let view = View::new(&register, &ring);
        if view.text("relation").as_deref() == Some("户主") && view.text("until").is_none() {
            return Ok(view.field("name").map_or_else(String::new, |f| masked_field(f.field, &f.shown)));
        }
    }
    Ok(String::new())
}

/// What is looked for: the indexes, with what people call them and what is blinded.
fn keys(said: &str) -> Vec<(BlindKind, &'static str, String)> {
    let said = said.trim();
    let mut keys = Vec::new();
    if let Ok(number) = IdentityNumber::parse(said) {
        keys.push((BlindKind::Identity, "身份证号", number.as_str().to_owned()));
    }
    if let Ok(phone) = Phone::parse(said) {
        keys.push((BlindKind::Phone, "电话", phone.as_str().to_owned()));
    }
    let last: String = said.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let digits = last.trim_end_matches('X').chars().all(|c| c.is_ascii_digit());
    if last.chars().count() == LAST && digits {
        keys.push((BlindKind::PhoneLast4, "电话尾号", last.clone()));
        keys.push((BlindKind::IdentityLast4, "身份证尾号", last));
    }
    if !said.chars().any(|c| c.is_ascii_digit()) {
        // As it is typed here, and as books and phones may have spelled it.
        let bare: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        let dot = |text: &str| text.replace(['•', '・', '‧', '∙', '⋅', '･', '．', '.'], "·");
        let spellings: BTreeSet<String> = [said.to_owned(), dot(said), dot(&bare), bare].into();
        keys.extend(spellings.into_iter().map(|s| (BlindKind::Name, "姓名", s)));
    }
    keys
}

/// Whether there is anything that can be looked for by this.
pub fn can_be_searched(said: &str) -> bool {
    let letters = said.trim().chars().count();
    (2..=SEARCH_LETTERS_MAX).contains(&letters) && !keys(said).is_empty()
}

/// Everybody within sight whom this finds, masked; and whether there are more than are shown.
pub fn search(
    office: &Office,
    tx: &Tx<'_>,
    said: &str,
    sight: &Sight,
) -> Result<(Vec<ResidentListed>, bool), OfficeError> {
    let places = Places::within(tx, sight)?;
    let mut found: BTreeMap<ResidentId, Vec<&'static str>> = BTreeMap::new();
    for (kind, label, text) in keys(said) {
        let blind = office.secrets().blind.blind(kind, &text);
        for subject in tx.by_blind(kind.number(), &blind)? {
            let by = found.entry(ResidentId(subject)).or_default();
            if !by.contains(&label) {
                by.push(label);
            }
        }
    }
    let mut lines = Vec::new();
    for id in found.keys() {
        lines.extend(tx.resident_line(*id)?.filter(|line| sight.sees(line.grid)));
    }
    let more = lines.len() > HITS_MAX;
    let mut hits = Vec::new();
    for line in in_order(lines, &places).into_iter().take(HITS_MAX) {
        let by = found.remove(&line.resident).unwrap_or_default();
        hits.push(listed(office, tx, &places, line, by)?);
    }
    Ok((hits, more))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(said: &str) -> Vec<BlindKind> {
        keys(said).into_iter().map(|(kind, ..)| kind).collect()
    }

    #[test]
    fn what_is_typed_tells_by_what_to_look() {
        assert_eq!(kinds("15078219520304123x"), [BlindKind::Identity]);
        assert_eq!(kinds("139 0000 0002"), [BlindKind::Phone]);
        assert_eq!(kinds("0002"), [BlindKind::PhoneLast4, BlindKind::IdentityLast4]);
        assert_eq!(kinds("123x"), [BlindKind::PhoneLast4, BlindKind::IdentityLast4]);
        assert_eq!(kinds("张三"), [BlindKind::Name]);
        assert!(kinds("其木格•乌云").len() == 2);
        assert!(!can_be_searched("张") && !can_be_searched("12") && !can_be_searched("") && !can_be_searched("3号楼"));
    }
}
