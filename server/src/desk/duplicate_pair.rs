//! One pair, side by side: every field of both, what is the same and what is not, why we think so, which one is
//! proposed to be kept.

use super::duplicates::{SideLine, in_order, people_of, side};
use super::mask::masked_field;
use crate::duplicates::act::{self, DISMISSED};
use crate::duplicates::find::evidence;
use crate::duplicates::{KINDS, Weighed, prefer, resolve, weigh};
use crate::office::{Office, OfficeError};
use crate::review::words::{self, Words};
use crate::store::Tx;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::{FieldView, View};
use qiaomen_proto::entity::{household, kind_spec, resident, ticket};
use qiaomen_proto::ids::{DocId, HouseholdId, Kind};
use serde::Serialize;

/// How the two sides of a row stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Both say the same.
    Same,
    /// They say different things.
    Differs,
    /// Only one says something.
    OneSided,
    /// Nothing is compared: who wrote it down, and when.
    Beside,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is about.
    pub label: &'static str,
    /// What each says; empty where it says nothing.
    pub texts: [String; 2],
    /// How they stand to each other.
    pub agreement: Agreement,
}

/// What became of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It waits.
    Open,
    /// They are not the same, somebody said.
    Dismissed,
    /// The second leads to the first.
    FirstKept,
    /// The first leads to the second.
    SecondKept,
    /// Both lead to a third.
    BothAside,
    /// Nothing speaks for it.
    Nothing,
}

/// A pair in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairView {
    /// The two, the smaller id first.
    pub sides: [SideLine; 2],
    /// The rows.
    pub rows: Vec<Row>,
    /// Why, and how sure.
    pub weighed: Weighed,
    /// Which is proposed to be kept: 0 or 1.
    pub keep: usize,
    /// Why that one.
    pub keep_why: &'static str,
    /// What stands for what was shown.
    pub seen: String,
    /// What became of it.
    pub standing: Standing,
    /// By whom and when, where somebody said something.
    pub said: Option<String>,
    /// The pair behind this one in the list.
    pub next: Option<(DocId, DocId)>,
    /// The pair before it.
    pub previous: Option<(DocId, DocId)>,
    /// True where personal values stand in the clear.
    pub clear: bool,
}

/// A pair, with personal values in the clear or masked; none if there are no such two documents.
pub fn pair(office: &Office, docs: (DocId, DocId), clear: bool) -> Result<Option<PairView>, OfficeError> {
    let (a, b) = (docs.0.min(docs.1), docs.0.max(docs.1));
    if a.kind != b.kind || a == b || !KINDS.contains(&a.kind) {
        return Ok(None);
    }
    office.store().read(|tx| {
        let (Some(left), Some(right)) = (tx.register(a)?, tx.register(b)?) else { return Ok(None) };
        let ring = office.ring(tx, [a.uuid, b.uuid])?;
        let mut words = Words::new(office, tx)?;
        let views = [View::new(&left, &ring), View::new(&right, &ring)];
        let [first, second] = &views;
        let spoke = evidence(tx, (a, b))?;
        let preferred = prefer::prefer(office, first, second);
        let last = tx.last_duplicate_act((a, b))?;
        let said = match &last {
            Some(act) => Some(format!("{} {}", words.who(&act.who)?, words::time(act.at_ms))),
            None => None,
        };
        let order = in_order(tx, a.kind)?;
        let at = order.iter().position(|p| p.docs() == (a, b));
        let (ra, rb) = (resolve(tx, a)?, resolve(tx, b)?);
        let standing = match (ra == a, rb == b) {
            _ if ra == rb && ra == a => Standing::FirstKept,
            _ if ra == rb && rb == b => Standing::SecondKept,
            _ if ra == rb => Standing::BothAside,
            _ if at.is_some() => Standing::Open,
            _ if last.is_some_and(|act| act.what == DISMISSED) => Standing::Dismissed,
            _ => Standing::Nothing,
        };
        // Where it is no longer in the list, the list goes on at its beginning.
        let next = at.map_or_else(|| order.first(), |at| order.get(at + 1).or_else(|| order.first()));
        let docs_of = |pair: &crate::duplicates::Pair| Some(pair.docs()).filter(|docs| *docs != (a, b));
        Ok(Some(PairView {
            rows: rows(office, tx, &mut words, &views, clear)?,
            weighed: weigh(&spoke, first, second),
            keep: usize::from(!preferred.first),
            keep_why: preferred.why,
            seen: act::seen(&left, &right),
            standing,
            said,
            next: next.and_then(docs_of),
            previous: at.and_then(|at| at.checked_sub(1)).and_then(|at| order.get(at)).and_then(docs_of),
            sides: [side(tx, &mut words, first)?, side(tx, &mut words, second)?],
            clear,
        }))
    })
}

/// The first pair of a kind that waits.
pub fn first_open(office: &Office, kind: Kind) -> Result<Option<(DocId, DocId)>, OfficeError> {
    office.store().read(|tx| Ok(in_order(tx, kind)?.first().map(crate::duplicates::Pair::docs)))
}

fn rows(
    office: &Office,
    tx: &Tx<'_>,
    words: &mut Words<'_, '_>,
    views: &[View<'_>; 2],
    clear: bool,
) -> Result<Vec<Row>, OfficeError> {
    let [first, second] = views;
    let kind = first.register().doc().kind;
    let mut rows = Vec::new();
    for field in kind_spec(kind).containers.first().map_or(&[][..], |c| c.fields) {
        let (here, there) = (first.field(field.name), second.field(field.name));
        let texts = [text(words, here.as_ref(), clear)?, text(words, there.as_ref(), clear)?];
        // What is compared are the values, not what is shown of them.
        let same = here.as_ref().map(|f| &f.shown) == there.as_ref().map(|f| &f.shown);
        push(&mut rows, field.label, texts, same);
    }
    let counted = |list: [usize; 2], unit: &str| {
        let said = |n: usize| if n == 0 { String::new() } else { format!("{n} {unit}") };
        list.map(said)
    };
    match kind {
        Kind::Household => {
            let of = |view: &View<'_>| people_of(office, tx, view.register().doc(), clear);
            let real = |view: &View<'_>| people_of(office, tx, view.register().doc(), true);
            let mut names = [real(first)?, real(second)?];
            names.iter_mut().for_each(|n| n.sort_unstable());
            let same = names.first() == names.last();
            push(&mut rows, "登记的人", [of(first)?.join("、"), of(second)?.join("、")], same);
            let door = |view: &View<'_>| HouseholdId(view.register().doc().uuid);
            let matters = [tx.tickets_of(door(first))?.len(), tx.tickets_of(door(second))?.len()];
            rows.extend(aside("诉求", counted(matters, "件")));
            let visits =
                [tx.entries_at(door(first), 0, u64::MAX)?.len(), tx.entries_at(door(second), 0, u64::MAX)?.len()];
            rows.extend(aside("走访", counted(visits, "次")));
        }
        Kind::Ticket => {
            let [one, other] = [first.ticket_state(), second.ticket_state()];
            let told = [one.opened_at, other.opened_at].map(|at| at.map(words::time).unwrap_or_default());
            rows.extend(aside("上报", told));
            rows.extend(aside("办到哪里", [one.stage.title().to_owned(), other.stage.title().to_owned()]));
            let due = [one.due_on, other.due_on].map(|d| d.map(|d| d.to_string()).unwrap_or_default());
            rows.extend(aside("期限", due));
            rows.extend(aside("责任方", [one.party.unwrap_or_default(), other.party.unwrap_or_default()]));
        }
        Kind::Resident | Kind::Diary => {}
    }
    let notes = match kind {
        Kind::Household => household::NOTES,
        Kind::Resident => resident::NOTES,
        Kind::Ticket | Kind::Diary => ticket::NOTES,
    };
    rows.extend(aside("备注", counted([first.records(notes).len(), second.records(notes).len()], "条")));
    let by = [author(words, first)?, author(words, second)?];
    rows.push(Row { label: "谁登记的", texts: by, agreement: Agreement::Beside });
    Ok(rows)
}

fn push(rows: &mut Vec<Row>, label: &'static str, texts: [String; 2], same: bool) {
    let [here, there] = &texts;
    let agreement = match (here.is_empty(), there.is_empty()) {
        (true, true) => return,
        (true, false) | (false, true) => Agreement::OneSided,
        (false, false) if same => Agreement::Same,
        (false, false) => Agreement::Differs,
    };
    rows.push(Row { label, texts, agreement });
}

/// A row that is compared as it is shown.
fn aside(label: &'static str, texts: [String; 2]) -> Option<Row> {
    let mut rows = Vec::new();
    let same = texts.first() == texts.last();
    push(&mut rows, label, texts, same);
    rows.pop()
}

fn text(words: &mut Words<'_, '_>, field: Option<&FieldView>, clear: bool) -> Result<String, OfficeError> {
    let Some(view) = field else { return Ok(String::new()) };
    match &view.shown {
        Shown::Cleared => Ok(String::new()),
        shown if clear || !view.field.sealed => {
            // A matter names who told of it by id: that name is a personal value too.
            if view.field.name == "resident" && !clear {
                return Ok("（已登记的居民）".to_owned());
            }
            words.value(view.field, shown)
        }
        shown => Ok(masked_field(view.field, shown)),
    }
}

fn author(words: &mut Words<'_, '_>, view: &View<'_>) -> Result<String, OfficeError> {
    let first = view.register().changes().iter().filter_map(|c| c.stamp).min_by_key(|stamp| stamp.at);
    let Some(stamp) = first else { return Ok(String::new()) };
    Ok(format!("{} {}", words.worker(stamp.by.worker)?, words::time(stamp.at.wall_ms)))
}
