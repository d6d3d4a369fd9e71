//! By what a document can be like another: made from the document alone, under the community's key, so that
//! equal rows tell who is alike and nothing else.

use crate::office::{Office, OfficeError};
use crate::store::Tx;
use crate::store::sqlite::LikenessRow;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::ids::Kind;
use qiaomen_proto::person::IdentityNumber;

/// Values of one field that are taken together with those of another, at most: a field on which more people
/// disagree is a conflict, and not a way to find somebody.
const VALUES_MAX: usize = 6;

macro_rules! hows {
    ($($(#[$doc:meta])* $how:ident = $number:literal;)*) => {
        /// In which way two documents are alike. The numbers stand in the database and in what was dismissed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum How { $($(#[$doc])* $how = $number,)* }
        impl How {
            /// Every one, in the order of their numbers.
            pub const ALL: &[How] = &[$(How::$how),*];
        }
    };
}

hows! {
    /// The same identity number.
    Identity = 1;
    /// The same name and phone number.
    NamePhone = 2;
    /// The same name and date of birth.
    NameBirth = 3;
    /// Building, unit and room, whatever the spelling.
    Door = 4;
    /// Building and room, of a door without a unit.
    DoorWithoutUnit = 5;
    /// Building and room, of a door with a unit.
    DoorWithUnit = 6;
    /// A matter of this category at this door, still open.
    MatterAtDoor = 7;
    /// The same, completed.
    MatterAtDoorOver = 8;
    /// A matter of this category in this unit or building, still open.
    MatterAtPlace = 9;
    /// The same, completed.
    MatterAtPlaceOver = 10;
}

impl How {
    /// Its number.
    pub fn number(self) -> u8 {
        self as u8
    }
    /// The way under which the value stands: what is open is found by what is completed, a door with a unit
    /// by one without.
    pub fn family(self) -> How {
        match self {
            How::DoorWithUnit => How::DoorWithoutUnit,
            How::MatterAtDoorOver => How::MatterAtDoor,
            How::MatterAtPlaceOver => How::MatterAtPlace,
            how => how,
        }
    }
    /// The one with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|how| how.number() == number)
    }
}

/// The rows of a document, sorted.
pub fn likeness(office: &Office, view: &View<'_>) -> Vec<LikenessRow> {
    let mut rows = match view.register().doc().kind {
        Kind::Resident => person(office, view),
        Kind::Household => door(office, view),
        Kind::Ticket => matter(office, view),
        Kind::Diary => Vec::new(),
    };
    rows.sort_unstable();
    rows.dedup_by_key(|row| (row.how, row.value));
    rows
}

/// Writes them.
pub(crate) fn project(office: &Office, tx: &Tx<'_>, view: &View<'_>) -> Result<(), OfficeError> {
    let (doc, rows) = (view.register().doc(), likeness(office, view));
    // Most of what is written changes none of them.
    if tx.likeness_of(doc)? != rows {
        tx.set_likeness(doc, &rows)?;
    }
    Ok(())
}

fn row(office: &Office, how: How, parts: &[&str], at_ms: u64) -> LikenessRow {
    LikenessRow { how: how.number(), value: office.secrets().blind.alike(how.family().number(), parts), at_ms }
}

fn values(view: &View<'_>, field: &str) -> Vec<String> {
    let mut texts = view.candidate_texts(field);
    texts.truncate(VALUES_MAX);
    texts
}

/// Every value that stands counts, as for a look-up: who is in dispute is found by either.
fn person(office: &Office, view: &View<'_>) -> Vec<LikenessRow> {
    let names: Vec<String> = values(view, "name").iter().map(|n| without_blanks(n)).collect();
    let identities = values(view, "identity");
    let told = identities.iter().filter_map(|i| IdentityNumber::parse(i).ok()?.birth_date());
    let births: Vec<String> = values(view, "birth").into_iter().chain(told.map(|b| b.to_string())).collect();
    let mut rows: Vec<LikenessRow> = identities.iter().map(|i| row(office, How::Identity, &[i], 0)).collect();
    for name in &names {
        rows.extend(values(view, "phone").iter().map(|phone| row(office, How::NamePhone, &[name, phone], 0)));
        rows.extend(births.iter().map(|birth| row(office, How::NameBirth, &[name, birth], 0)));
    }
    rows
}

/// "张 三" and "张三" are one name.
fn without_blanks(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

fn door(office: &Office, view: &View<'_>) -> Vec<LikenessRow> {
    let Some(building) = view.building() else { return Vec::new() };
    let text = |field| view.text(field).unwrap_or_default();
    let door = super::spelling::spelled(&text("unit"), &text("room"));
    let building = building.to_string();
    let bare = if door.unit.is_empty() { How::DoorWithoutUnit } else { How::DoorWithUnit };
    vec![
        row(office, How::Door, &[&building, &door.unit, &door.room], 0),
        row(office, bare, &[&building, &door.room], 0),
    ]
}

fn matter(office: &Office, view: &View<'_>) -> Vec<LikenessRow> {
    let state = view.ticket_state();
    let (Some(category), Some(at_ms)) = (view.text("category"), state.opened_at) else { return Vec::new() };
    let (at_door, at_place) = if state.stage.is_open() {
        (How::MatterAtDoor, How::MatterAtPlace)
    } else if state.stage.is_completed() {
        (How::MatterAtDoorOver, How::MatterAtPlaceOver)
    } else {
        // Void, or a repetition already.
        return Vec::new();
    };
    let mut rows = Vec::new();
    if let Some(door) = view.household() {
        rows.push(row(office, at_door, &[&door.to_string(), &category], at_ms));
    }
    if let Some(building) = view.building() {
        let unit = view.text("unit").unwrap_or_default();
        rows.push(row(office, at_place, &[&building.to_string(), &unit, &category], at_ms));
    }
    rows
}
