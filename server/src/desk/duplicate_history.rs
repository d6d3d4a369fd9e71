//! What was done about pairs, and what stands linked, with what can be taken back.

use super::duplicates::title_of;
use crate::duplicates::act::{DISMISSED, LINKED, RECONSIDERED, REOPENED, UNLINKED};
use crate::duplicates::{resolve, rings};
use crate::office::{Office, OfficeError};
use crate::review::words::{self, Words};
use qiaomen_proto::ids::DocId;
use serde::Serialize;

/// What can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    /// A link that stands.
    Unlink,
    /// That two are not the same.
    Reconsider,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActLine {
    /// Its number; none for a link that no clerk made here.
    pub id: Option<i64>,
    /// The pair.
    pub docs: (DocId, DocId),
    /// What was said, in words.
    pub what: String,
    /// What the two are about, masked.
    pub titles: [String; 2],
    /// By whom.
    pub who: String,
    /// When.
    pub at: String,
    /// What can be taken back of it.
    pub back: Option<Back>,
}

/// A page of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryPage {
    /// Links that stand and were not made here: a mark on a phone, or a link from before a restore.
    pub elsewhere: Vec<ActLine>,
    /// What was done here, the newest first.
    pub acts: Vec<ActLine>,
    /// Where the next page begins.
    pub before: Option<i64>,
}

/// Links of elsewhere that are shown at most; they are shown on the first page.
const ELSEWHERE_MAX: usize = 50;

/// What was done before this number, so many.
pub fn history(office: &Office, before: Option<i64>, limit: usize) -> Result<HistoryPage, OfficeError> {
    office.store().read(|tx| {
        let mut words = Words::new(office, tx)?;
        let gone = || "（已经没有的资料）".to_owned();
        let mut rows = tx.duplicate_acts(before.unwrap_or(i64::MAX), limit + 1)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let mut acts = Vec::new();
        for row in &rows {
            let (a, b) = row.pair;
            let is_last = tx.last_duplicate_act(row.pair)?.is_some_and(|last| last.id == row.id);
            let stands = tx.same_as(a)?.is_some_and(|to| to == b) || tx.same_as(b)?.is_some_and(|to| to == a);
            let back = match row.what.as_str() {
                LINKED if is_last && stands => Some(Back::Unlink),
                DISMISSED if is_last => Some(Back::Reconsider),
                _ => None,
            };
            let titles = [a, b].map(|doc| title_of(office, tx, &mut words, doc));
            let [one, other] = titles;
            acts.push(ActLine {
                id: Some(row.id),
                docs: row.pair,
                what: said(&row.what, row.kept.map(|k| k == a)),
                titles: [one?.unwrap_or_else(gone), other?.unwrap_or_else(gone)],
                who: words.who(&row.who)?,
                at: words::time(row.at_ms),
                back,
            });
        }
        let mut elsewhere = Vec::new();
        if before.is_none() {
            let rings = rings(tx)?;
            for (doc, to) in tx.same_as_list()? {
                // What leads around is no link that stands; it waits among the matters.
                if rings.contains(&resolve(tx, doc)?) && rings.contains(&resolve(tx, to)?) {
                    continue;
                }
                let pair = (doc.min(to), doc.max(to));
                if tx.last_duplicate_act(pair)?.is_some_and(|last| last.what == LINKED) || tx.register(doc)?.is_none() {
                    continue;
                }
                if elsewhere.len() == ELSEWHERE_MAX {
                    break;
                }
                let titles = [pair.0, pair.1].map(|doc| title_of(office, tx, &mut words, doc));
                let [one, other] = titles;
                elsewhere.push(ActLine {
                    id: None,
                    docs: pair,
                    what: said(LINKED, Some(to == pair.0)),
                    titles: [one?.unwrap_or_else(gone), other?.unwrap_or_else(gone)],
                    who: String::new(),
                    at: String::new(),
                    back: Some(Back::Unlink),
                });
            }
        }
        let before = rows.last().map(|row| row.id).filter(|_| more);
        Ok(HistoryPage { elsewhere, acts, before })
    })
}

fn said(what: &str, first_kept: Option<bool>) -> String {
    let which = match first_kept {
        Some(true) => "，留下左边的",
        Some(false) => "，留下右边的",
        None => "",
    };
    match what {
        LINKED => format!("是同一个{which}"),
        UNLINKED => "拆开了".to_owned(),
        DISMISSED => "不是同一个".to_owned(),
        RECONSIDERED => "收回“不是同一个”".to_owned(),
        REOPENED => "互相标记重复，重新打开了一件".to_owned(),
        other => other.to_owned(),
    }
}
