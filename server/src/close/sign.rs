use super::record::{LateCount, LeftOpen, NOTES_INFO, RECORD_CONTEXT, Record, StreamAt, hash_of};
use super::{Day, Figures, GridFigures, figures, records};
use crate::office::{Office, OfficeError};
use crate::people::Sight;
use crate::people::audit::{self, Deed};
use crate::store::sqlite::DayRecordRow;
use crate::store::{StoreError, Tx};
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::seal::seal_to;
use std::collections::BTreeMap;

/// Letters of what is said beside a reason, at most.
const NOTE_LETTERS_MAX: usize = 200;
/// How far back a day can still be closed or opened again.
const DAYS_BACK_MAX: u64 = 366;

/// What can be left open when a day is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    /// Devices that are not home.
    Devices,
    /// Conflicts that nobody has decided.
    Conflicts,
    /// Held commands.
    Held,
    /// Pairs that are likely one thing.
    Duplicates,
    /// Matters of the day.
    Due,
    /// Matters that are late.
    Overdue,
}

impl Left {
    /// Everything, in the order in which a clerk goes through it.
    pub const ALL: [Left; 6] = [Left::Devices, Left::Conflicts, Left::Held, Left::Duplicates, Left::Due, Left::Overdue];
    /// Its permanent word.
    pub fn word(self) -> &'static str {
        match self {
            Left::Devices => "devices",
            Left::Conflicts => "conflicts",
            Left::Held => "held",
            Left::Duplicates => "duplicates",
            Left::Due => "due",
            Left::Overdue => "overdue",
        }
    }
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Left::Devices => "终端没有全部回来",
            Left::Conflicts => "冲突没有定完",
            Left::Held => "待处理没有清空",
            Left::Duplicates => "疑似重复没有看完",
            Left::Due => "当天要办完的诉求还开着",
            Left::Overdue => "有诉求逾期",
        }
    }
    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.word() == word)
    }
    /// How many there are.
    pub fn count(self, f: &GridFigures) -> u64 {
        match self {
            Left::Devices => f.out(),
            Left::Conflicts => f.conflicts,
            Left::Held => f.held,
            Left::Duplicates => f.duplicates,
            Left::Due => f.due,
            Left::Overdue => f.overdue,
        }
    }
}

/// Why something is left open, or a day opened again. Permanent words with what people read.
pub const REASONS: [(&str, &str); 6] = [
    ("tomorrow", "明天接着办"),
    ("no_signal", "那里没有信号，人已联系上"),
    ("broken_device", "终端坏了或没电"),
    ("waits_for_resident", "等居民答复"),
    ("waits_for_department", "等部门答复"),
    ("other", "其他（请写明）"),
];

/// What people read for a reason's word.
pub fn reason_label(word: &str) -> &str {
    REASONS.iter().find(|(w, _)| *w == word).map_or(word, |(_, label)| label)
}

/// Why one thing is left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whether {
    /// What.
    pub left: Left,
    /// How many there were on the page.
    pub seen: u64,
    /// Word of the reason; empty where nothing is left.
    pub why: String,
    /// In one's own words, perhaps empty. May name people: it rests boxed to the office.
    pub note: String,
}

/// Why a day is not closed or opened.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    /// It lies in the future.
    #[error("{} 还没有到，不能日结。", day.label())]
    Future {
        /// Which day.
        day: Day,
    },
    /// It is too long ago.
    #[error("{} 太久了，不能再动。", day.label())]
    TooLongAgo {
        /// Which day.
        day: Day,
    },
    /// It is closed.
    #[error("{} 已经日结。要改，请先写明原因重开。", day.label())]
    Closed {
        /// Which day.
        day: Day,
    },
    /// It is open.
    #[error("{} 还没有日结，不用重开。", day.label())]
    Open {
        /// Which day.
        day: Day,
    },
    /// Something is left open and nobody says why.
    #[error("“{}”还有 {count} 项，请写明为什么留着。", left.label())]
    Unexplained {
        /// What.
        left: Left,
        /// How many.
        count: u64,
    },
    /// Figures moved since the page was shown.
    #[error("刚才又有变化：“{}”由 {seen} 变为 {now}。请再看一遍再签。", left.label())]
    Moved {
        /// What.
        left: Left,
        /// As it was shown.
        seen: u64,
        /// As it is.
        now: u64,
    },
    /// A reason that is none.
    #[error("请选一个原因；选“其他”的，请用一句话写明（最多 {NOTE_LETTERS_MAX} 个字）。")]
    Reason,
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for CloseError {
    fn from(e: StoreError) -> Self {
        Self::Office(e.into())
    }
}

/// Closes a day. The number of the record.
pub fn sign(office: &Office, day: Day, whether: Vec<Whether>, clerk: WorkerId) -> Result<u64, CloseError> {
    let inner = office.clone();
    office.store().write(move |tx| {
        within_reach(&inner, day)?;
        if is_closed(tx, day)? {
            return Err(CloseError::Closed { day });
        }
        let now = figures(&inner, tx, day, &Sight::default())?;
        let (left, notes) = explained(&now, &whether)?;
        write(&inner, tx, day, Some(now), left, &notes, clerk)
    })
}

/// Opens a closed day again. The number of the record.
pub fn reopen(office: &Office, day: Day, why: &str, note: &str, clerk: WorkerId) -> Result<u64, CloseError> {
    let (inner, why, note) = (office.clone(), why.to_owned(), note.trim().to_owned());
    office.store().write(move |tx| {
        within_reach(&inner, day)?;
        if !is_closed(tx, day)? {
            return Err(CloseError::Open { day });
        }
        check_reason(&why, &note)?;
        let left = vec![LeftOpen { what: "reopened".to_owned(), count: 1, why }];
        write(&inner, tx, day, None, left, &[note], clerk)
    })
}

/// Whether a day is closed as things stand.
pub fn is_closed(tx: &Tx<'_>, day: Day) -> Result<bool, StoreError> {
    Ok(records(tx, Some(day))?.last().is_some_and(|r| r.record.closes))
}

fn within_reach(office: &Office, day: Day) -> Result<(), CloseError> {
    let now_ms = office.now_ms();
    if day > Day::of(now_ms) {
        return Err(CloseError::Future { day });
    }
    if day.from_ms() + DAYS_BACK_MAX * 86_400_000 < now_ms {
        return Err(CloseError::TooLongAgo { day });
    }
    Ok(())
}

fn check_reason(why: &str, note: &str) -> Result<(), CloseError> {
    let letters = note.chars().count();
    let known = REASONS.iter().any(|(word, _)| *word == why);
    let said = why != "other" || note.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    if known && said && letters <= NOTE_LETTERS_MAX && !note.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(CloseError::Reason)
    }
}

/// What is left open, with its reasons, if they are given for what is there now.
fn explained(now: &Figures, whether: &[Whether]) -> Result<(Vec<LeftOpen>, Vec<String>), CloseError> {
    let (mut list, mut notes) = (Vec::new(), Vec::new());
    for left in Left::ALL {
        let count = left.count(&now.all);
        let said = whether.iter().find(|w| w.left == left);
        if let Some(said) = said
            && said.seen != count
        {
            return Err(CloseError::Moved { left, seen: said.seen, now: count });
        }
        if count == 0 {
            continue;
        }
        let said = said.filter(|w| !w.why.is_empty()).ok_or(CloseError::Unexplained { left, count })?;
        check_reason(&said.why, said.note.trim())?;
        list.push(LeftOpen { what: left.word().to_owned(), count, why: said.why.clone() });
        notes.push(said.note.trim().to_owned());
    }
    Ok((list, notes))
}

fn write(
    office: &Office,
    tx: &Tx<'_>,
    day: Day,
    figures: Option<Figures>,
    left: Vec<LeftOpen>,
    notes: &[String],
    clerk: WorkerId,
) -> Result<u64, CloseError> {
    let last = tx.last_day_record()?;
    let number = last.as_ref().map_or(1, |r| r.number + 1);
    // The office's clock may have been set back: the chain goes forward all the same.
    let signed_ms = office.now_ms().max(last.as_ref().map_or(0, |r| r.signed_ms + 1));
    let closes = figures.is_some();
    let earlier = records(tx, Some(day))?;
    let closed_before = earlier.iter().filter(|r| r.record.closes).count();
    let revision = u32::try_from(closed_before).unwrap_or(u32::MAX).saturating_add(u32::from(closes));
    let plain = notes.iter().any(|n| !n.is_empty()).then(|| minicbor::to_vec(notes).unwrap_or_default());
    let record = Record {
        form: Record::FORM,
        number,
        closes,
        day: day.to_string(),
        revision,
        signed_ms,
        signed_by: *clerk.as_bytes(),
        community: *office.identity().id.as_bytes(),
        incarnation: office.identity().incarnation,
        figures: figures.map(|f| std::iter::once(f.all).chain(f.grids).collect()).unwrap_or_default(),
        streams: streams(tx)?,
        left,
        late: late(tx, day)?,
        notes_hash: plain.as_deref().map_or([0; 32], |p| *blake3::hash(p).as_bytes()),
        previous: last.map_or([0; 32], |r| r.hash),
    };
    let bytes = record.to_bytes();
    let hash = hash_of(&bytes);
    let notes_sealed = match plain {
        None => None,
        Some(plain) => {
            let to = office.secrets().boxes.public();
            let seed = office.random().map_err(OfficeError::from)?;
            let sealed = seal_to(&to, NOTES_INFO, &number.to_be_bytes(), &plain, seed);
            Some(sealed.map_err(|_| StoreError::Damaged("the office's own box"))?)
        }
    };
    tx.add_day_record(&DayRecordRow {
        number,
        day: day.to_string(),
        kind: if closes { 1 } else { 2 },
        signed_ms,
        signed_by: clerk,
        record: bytes,
        hash,
        signature: office.secrets().signing.sign(RECORD_CONTEXT, &hash),
        notes_sealed,
    })?;
    let deed = if closes { Deed::DayClosed } else { Deed::DayReopened };
    audit::note(office, tx, clerk, deed, Some(day.to_string().as_bytes()))?;
    Ok(number)
}

fn streams(tx: &Tx<'_>) -> Result<Vec<StreamAt>, StoreError> {
    let mut list = Vec::new();
    for id in tx.streams()? {
        let row = tx.stream(&id)?;
        list.push(StreamAt {
            stream: id.to_text(),
            epoch: row.epoch,
            seq: row.next_seq.saturating_sub(1),
            digest: row.digest.0.to_be_bytes(),
        });
    }
    Ok(list)
}

/// What came for other days since each was closed.
fn late(tx: &Tx<'_>, today: Day) -> Result<Vec<LateCount>, StoreError> {
    let mut closed: BTreeMap<Day, u64> = BTreeMap::new();
    for record in records(tx, None)? {
        if record.record.closes {
            closed.insert(record.day, record.signed_ms);
        } else {
            closed.remove(&record.day);
        }
    }
    let mut list = Vec::new();
    for (day, signed_ms) in closed.into_iter().filter(|(day, _)| *day != today) {
        let count = tx.late_count(day.from_ms(), day.until_ms(), signed_ms)?;
        if count > 0 {
            list.push(LateCount { day: day.to_string(), count });
        }
    }
    Ok(list)
}
