//! One door with everything behind it: what is known, who lives there, matters, visits, notes, what is to be decided,
//! and how it all came about. What is sealed is masked until somebody asks to see it.

use super::ledger_history::{History, history};
use super::ledger_teller::{Open, Opened, Teller};
use crate::close::Day;
use crate::duplicates::{aliases, resolve};
use crate::ingest::project::{LARGE, SMALL, due_by};
use crate::ledger::written::tags;
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::review::words::{self, Words};
use crate::store::Tx;
use qiaomen_proto::entity::household;
use qiaomen_proto::entity::record::{EntryPayload, from_bytes};
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::entity::{diary, resident};
use qiaomen_proto::ids::{DiaryId, DocId, HouseholdId, ResidentId, WorkerId};
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Visits that are shown, the latest.
const VISITS_SHOWN: u32 = 20;
/// Matters that are shown.
const MATTERS_SHOWN: usize = 50;

/// A field in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldLine {
    /// What people call it.
    pub label: &'static str,
    /// As people read it; masked where it is sealed and not asked for.
    pub text: String,
    /// Why it holds, where that is not plain.
    pub why: Option<&'static str>,
    /// A person has to decide.
    pub conflict: bool,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteLine {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// The text, or that there is one.
    pub text: String,
}

/// A person behind the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonCard {
    /// Id.
    pub id: ResidentId,
    /// Name.
    pub name: String,
    /// Relation to the head of the household.
    pub relation: String,
    /// Another one is the same person, and is kept.
    pub aside: bool,
    /// Moved out, on this day.
    pub moved_out: Option<String>,
    /// Shown in the clear.
    pub open: bool,
    /// What is known.
    pub fields: Vec<FieldLine>,
    /// Notes, oldest first.
    pub notes: Vec<NoteLine>,
}

/// A matter of the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterCard {
    /// Id.
    pub id: String,
    /// What it is about, in a word.
    pub category: String,
    /// 大事 or 小事.
    pub size: String,
    /// How it stands.
    pub stage: &'static str,
    /// Somebody still has to do something.
    pub is_open: bool,
    /// Past the day by which it was due.
    pub overdue: bool,
    /// When it was reported.
    pub reported_on: String,
    /// By when.
    pub due_on: String,
    /// What was said, or that something was.
    pub text: String,
}

/// A visit or call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisitCard {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What it was and how it ended.
    pub what: String,
    /// What was noted of it, or that something was.
    pub note: Option<String>,
}

/// Something that a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictCard {
    /// Number.
    pub id: i64,
    /// Whom it is about, masked.
    pub about: String,
    /// The field.
    pub label: String,
}

/// A door with everything behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorPage {
    /// Id.
    pub id: HouseholdId,
    /// Address.
    pub address: String,
    /// Grid, by name.
    pub grid: String,
    /// The whole door refused: when, and who noted it.
    pub refused: Option<String>,
    /// The door that is kept, where this one was found to be the same: its id and address.
    pub kept: Option<(HouseholdId, String)>,
    /// Doors that were found to be this one.
    pub also_known: Vec<(HouseholdId, String)>,
    /// The door's own fields, but the address.
    pub fields: Vec<FieldLine>,
    /// Who held the door, since when, until when, in words.
    pub occupancies: Vec<Vec<FieldLine>>,
    /// Tags, in words.
    pub tags: Vec<String>,
    /// Notes, oldest first.
    pub notes: Vec<NoteLine>,
    /// Who lives there, and who did.
    pub people: Vec<PersonCard>,
    /// Matters, open ones first.
    pub matters: Vec<MatterCard>,
    /// Number of matters.
    pub matter_count: usize,
    /// The last visits and calls.
    pub visits: Vec<VisitCard>,
    /// Number of visits and calls.
    pub visit_count: u64,
    /// What is to be decided.
    pub conflicts: Vec<ConflictCard>,
    /// How it came about, the latest first.
    pub history: History,
    /// Documents of which something sealed is shown in the clear.
    #[serde(skip)]
    pub opened: Vec<DocId>,
}

/// A door, if there is one of this id within sight. `from` is the first event of its history that is shown.
pub fn door_page(
    office: &Office,
    tx: &Tx<'_>,
    id: HouseholdId,
    sight: &Sight,
    open: Open,
    from: usize,
) -> Result<Option<DoorPage>, OfficeError> {
    let Some(door) = Opened::of(office, tx, id.into())? else { return Ok(None) };
    let view = door.view();
    let grid = view.building().map(|b| tx.grid_of_building(b)).transpose()?.flatten();
    if !sight.sees(grid) {
        return Ok(None);
    }
    let mut teller = Teller { office, tx, words: Words::new(office, tx)?, open };
    // What leads here is this door too: under another spelling, by another phone.
    let doc = DocId::from(id);
    let mut also = Vec::new();
    let mut also_known = Vec::new();
    for other in aliases(tx, doc)? {
        if let Some(known) = other_door(&teller, HouseholdId(other.uuid), sight)? {
            also.extend(Opened::of(office, tx, other)?);
            also_known.push(known);
        }
    }
    let mut doors = vec![id];
    doors.extend(also.iter().map(|door| HouseholdId(door.register.doc().uuid)));
    let kept = resolve(tx, doc)?;
    let kept = if kept == doc { None } else { other_door(&teller, HouseholdId(kept.uuid), sight)? };
    let mut residents = Vec::new();
    for door in &doors {
        for resident in tx.residents_of(*door)? {
            residents.extend(Opened::of(office, tx, resident.into())?);
        }
    }
    if let Open::Person(person) = open
        && !residents.iter().any(|r| r.register.doc().uuid == person.0)
    {
        return Ok(None);
    }
    let address = teller.words.place(&view)?;
    let mut conflicts = Vec::new();
    for of in std::iter::once(&door).chain(&also).chain(&residents) {
        let about = teller.about(of);
        for row in tx.open_conflicts_of(of.register.doc())? {
            let label = Words::field_label(&of.register, &row.path);
            conflicts.push(ConflictCard { id: row.id, about: about.clone(), label });
        }
    }
    let refused = match view.door_refusal() {
        None => None,
        Some((stamp, _)) => {
            Some(format!("{} {}记的", words::time(stamp.at.wall_ms), teller.words.worker(stamp.by.worker)?))
        }
    };
    let mut fields = Vec::new();
    for field in view.head().iter().filter(|f| !["building", "unit", "room"].contains(&f.field.name)) {
        fields.push(teller.field(id.0, field)?);
    }
    let mut occupancies = Vec::new();
    for (_, row) in view.rows(household::OCCUPANCIES) {
        let mut row: Vec<FieldView> = row.into_values().collect();
        row.sort_by_key(|f| f.field.number);
        occupancies.push(row.iter().map(|f| teller.field(id.0, f)).collect::<Result<_, _>>()?);
    }
    let (matters, matter_count, mut opened) = matters(&mut teller, &doors)?;
    let (visits, visit_count, diaries) = visits(&mut teller, &doors)?;
    let mut notes = Vec::new();
    for of in std::iter::once(&door).chain(&also) {
        notes.extend(teller.notes(&of.view(), household::NOTES)?);
    }
    let mut people = residents.iter().map(|r| person(&mut teller, &r.view())).collect::<Result<Vec<_>, _>>()?;
    people.sort_by_key(|p| (p.aside, p.moved_out.is_some(), p.relation != "户主", p.id));
    opened.extend(diaries);
    opened.extend(std::iter::once(&door).chain(&also).chain(&residents).map(|r| r.register.doc()));
    opened.retain(|doc| open == Open::Everything || open.shows(doc.uuid));
    let grid = grid.and_then(|g| teller.words.grid(g)).unwrap_or_default().to_owned();
    let history = history(&mut teller, std::iter::once(&door).chain(&also).chain(&residents), from)?;
    Ok(Some(DoorPage {
        id,
        address,
        grid,
        refused,
        fields,
        occupancies,
        tags: tags(&view).iter().map(|t| tag(t, &Day::of(office.now_ms()).to_string())).collect(),
        notes,
        kept,
        also_known,
        people,
        matters,
        matter_count,
        visits,
        visit_count,
        conflicts,
        history,
        opened,
    }))
}

fn tag(tag: &qiaomen_proto::entity::record::TagPayload, today: &str) -> String {
    match &tag.expires_on {
        Some(on) if on.as_str() < today => format!("{}（到 {on}，已过期）", tag.code),
        Some(on) => format!("{}（到 {on}）", tag.code),
        None => tag.code.clone(),
    }
}

fn person(teller: &mut Teller<'_, '_, '_>, view: &View<'_>) -> Result<PersonCard, OfficeError> {
    let id = ResidentId(view.register().doc().uuid);
    let mut fields = Vec::new();
    // The name stands above, and the door is this one, unless somebody says otherwise.
    for field in view.head().iter().filter(|f| !["name", "household"].contains(&f.field.name) || f.conflict) {
        fields.push(teller.field(id.0, field)?);
    }
    Ok(PersonCard {
        id,
        name: teller.name(view),
        relation: view.text("relation").unwrap_or_default(),
        aside: resolve(teller.tx, id.into())? != DocId::from(id),
        moved_out: view.text("until"),
        open: teller.open.shows(id.0),
        fields,
        notes: teller.notes(view, resident::NOTES)?,
    })
}

/// Matters, how many there are, and of which something sealed is there to be shown.
fn matters(
    teller: &mut Teller<'_, '_, '_>,
    doors: &[HouseholdId],
) -> Result<(Vec<MatterCard>, usize, Vec<DocId>), OfficeError> {
    let today = Day::of(teller.office.now_ms()).to_string();
    let mut cards = Vec::new();
    let mut ids = Vec::new();
    for door in doors {
        ids.extend(teller.tx.tickets_of(*door)?);
    }
    ids.sort_unstable();
    let count = ids.len();
    // The latest of many: ids are made in the order of time.
    for id in ids.into_iter().rev().take(MATTERS_SHOWN) {
        let Some(matter) = Opened::of(teller.office, teller.tx, id.into())? else { continue };
        let view = matter.view();
        let state = view.ticket_state();
        let size = view.text("size").unwrap_or_else(|| if state.large { LARGE } else { SMALL }.to_owned());
        let due_on = due_by(&view, &state, size == LARGE).unwrap_or_default();
        let reported = view.text("reported_on").or_else(|| state.opened_at.map(|at| Day::of(at).to_string()));
        cards.push((
            DocId::from(id),
            MatterCard {
                id: id.to_string(),
                category: view.text("category").unwrap_or_else(|| "未分类".to_owned()),
                size,
                stage: state.stage.title(),
                is_open: state.stage.is_open(),
                overdue: state.stage.is_open() && !due_on.is_empty() && due_on < today,
                reported_on: reported.unwrap_or_default(),
                due_on,
                text: view.field("text").map_or_else(String::new, |f| teller.text(id.0, &f.shown)),
            },
        ));
    }
    cards.sort_by(|(_, a), (_, b)| (b.is_open, &b.reported_on, &b.id).cmp(&(a.is_open, &a.reported_on, &a.id)));
    let (docs, cards) = cards.into_iter().unzip();
    Ok((cards, count, docs))
}

/// The door with its address, if it is within sight.
fn other_door(
    teller: &Teller<'_, '_, '_>,
    door: HouseholdId,
    sight: &Sight,
) -> Result<Option<(HouseholdId, String)>, OfficeError> {
    let Some(row) = teller.tx.door(door)? else { return Ok(None) };
    let grid = teller.tx.grid_of_building(row.building)?;
    Ok(if sight.sees(grid) { Some((door, teller.words.door(door)?)) } else { None })
}

/// The last visits, how many there were, and the diaries of which a note is there to be shown.
fn visits(
    teller: &mut Teller<'_, '_, '_>,
    doors: &[HouseholdId],
) -> Result<(Vec<VisitCard>, u64, Vec<DocId>), OfficeError> {
    let (mut lines, mut count) = (Vec::new(), 0);
    for door in doors {
        lines.extend(teller.tx.last_visits(*door, VISITS_SHOWN)?);
        count += teller.tx.visit_count(*door)?;
    }
    lines.sort_by(|a, b| (b.at_ms, &a.key).cmp(&(a.at_ms, &b.key)));
    lines.truncate(usize::try_from(VISITS_SHOWN).unwrap_or(usize::MAX));
    let mut diaries: HashMap<[u8; 16], Option<Opened>> = HashMap::new();
    let (mut cards, mut docs) = (Vec::new(), Vec::new());
    for line in lines {
        let doc = DocId::from(DiaryId::from_bytes(line.diary));
        let diary = match diaries.entry(line.diary) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Opened::of(teller.office, teller.tx, doc)?),
        };
        let note = diary.as_ref().and_then(|diary| {
            let path = qiaomen_proto::change::Path::new(diary::ENTRIES, &line.key);
            let said = diary
                .register
                .visible(&path)
                .into_iter()
                .find_map(|op| from_bytes::<EntryPayload>(op.value.as_bytes()?).ok()?.note)?;
            Some(diary.view().sealed_text(&said))
        });
        if note.is_some() && !docs.contains(&doc) {
            docs.push(doc);
        }
        cards.push(VisitCard {
            at: words::time(line.at_ms),
            who: teller.words.worker(WorkerId::from_bytes(*line.worker.as_bytes()))?,
            what: words::contact(line.kind, line.outcome),
            note: note.map(|text| teller.text(doc.uuid, &text)),
        });
    }
    Ok((cards, count, docs))
}
