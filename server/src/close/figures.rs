use super::Day;
use crate::duplicates;
use crate::office::Office;
use crate::people::Sight;
use crate::store::{StoreError, Tx};
use minicbor::{Decode, Encode};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::{DocId, GridId, StreamId, WorkerId};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// What a day comes to in one grid, or in the whole community. Counts; names nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct GridFigures {
    /// The grid; none for the whole community, where what stands in several grids counts once.
    #[cbor(n(0), with = "minicbor::bytes")]
    #[serde(skip)]
    pub grid: Option<[u8; 16]>,
    /// What it is called.
    #[n(1)]
    pub name: String,
    /// Devices that were in touch since the day began, and said that nothing was left.
    #[n(2)]
    pub home: u64,
    /// Devices that were in touch since the day began, and said that something was left.
    #[n(3)]
    pub on_the_way: u64,
    /// Devices that were not in touch since the day began.
    #[n(4)]
    pub silent: u64,
    /// What devices last said is left on them.
    #[n(5)]
    pub pending: u64,
    /// Commands of phones that were done on the day and are in the book.
    #[n(6)]
    pub arrived: u64,
    /// Contacts at doors: met.
    #[n(7)]
    pub met: u64,
    /// Nobody there.
    #[n(8)]
    pub not_home: u64,
    /// Refused.
    #[n(9)]
    pub refused: u64,
    /// Patrols.
    #[n(10)]
    pub patrols: u64,
    /// Conflicts that wait for a person.
    #[n(11)]
    pub conflicts: u64,
    /// Held commands.
    #[n(12)]
    pub held: u64,
    /// Matters that are due on the day and not over.
    #[n(13)]
    pub due: u64,
    /// Matters that were due before and are not over.
    #[n(14)]
    pub overdue: u64,
    /// Pairs that are likely one thing. One that lies in two grids counts in each, and once for the whole.
    #[n(15)]
    pub duplicates: u64,
    /// Photos of which the record is here and the picture is still to come. None in the records of earlier releases.
    #[n(16)]
    pub photos: Option<u64>,
    /// Calls. None in the records of earlier releases, which counted them with the visits.
    #[n(17)]
    pub calls: Option<u64>,
}

impl GridFigures {
    /// The grid's id.
    pub fn id(&self) -> Option<GridId> {
        self.grid.map(GridId::from_bytes)
    }
    /// Photos that are still to come.
    pub fn photos_to_come(&self) -> u64 {
        self.photos.unwrap_or(0)
    }
    /// Devices that are not home.
    pub fn out(&self) -> u64 {
        self.on_the_way + self.silent
    }
}

/// What a day comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// The whole community; for somebody who sees only some grids, the sum of those.
    pub all: GridFigures,
    /// Each grid, in the office's order.
    pub grids: Vec<GridFigures>,
}

/// What a day comes to as things stand now, within what somebody sees.
pub fn figures(office: &Office, tx: &Tx<'_>, day: Day, sight: &Sight) -> Result<Figures, StoreError> {
    let now_ms = office.now_ms();
    let none = GridFigures { photos: Some(0), calls: Some(0), ..GridFigures::default() };
    let mut all = GridFigures { name: office.identity().community.clone(), ..none.clone() };
    let mut grids: BTreeMap<GridId, GridFigures> = BTreeMap::new();
    let mut order = Vec::new();
    for info in tx.grids()? {
        let grid = GridId::from_bytes(*info.id);
        order.push(grid);
        grids.insert(grid, GridFigures { grid: Some(*info.id), name: info.name, ..none.clone() });
    }
    let mut whole = |grid: Option<GridId>, add: &dyn Fn(&mut GridFigures)| match grid {
        None => add(&mut all),
        Some(grid) => {
            if let Some(figures) = grids.get_mut(&grid) {
                add(figures);
            }
        }
    };
    let mut of_worker: HashMap<WorkerId, Vec<GridId>> = HashMap::new();
    for device in tx.devices()?.into_iter().filter(|d| d.revoked_ms.is_none()) {
        let mine = match of_worker.get(&device.worker) {
            Some(mine) => mine.clone(),
            None => tx.grids_at(device.worker, now_ms)?,
        };
        of_worker.insert(device.worker, mine.clone());
        let seen = device.last_contact_ms.is_some_and(|at| at >= day.from_ms());
        let left = u64::from(device.pending_count);
        for grid in std::iter::once(None).chain(mine.into_iter().map(Some)) {
            whole(grid, &|f| {
                match (seen, left) {
                    (true, 0) => f.home += 1,
                    (true, _) => f.on_the_way += 1,
                    (false, _) => f.silent += 1,
                }
                f.pending += left;
            });
        }
    }
    for (grid, n) in tx.commands_by_grid(day.from_ms(), day.until_ms(), now_ms)? {
        whole(grid, &|f| f.arrived += n);
    }
    for (grid, kind, outcome, n) in tx.contacts_by_grid(day.from_ms(), day.until_ms())? {
        whole(None, &|f| count_contact(f, kind, outcome, n));
        if grid.is_some() {
            whole(grid, &|f| count_contact(f, kind, outcome, n));
        }
    }
    for (grid, n) in tx.open_conflicts_by_grid()? {
        whole(grid, &|f| f.conflicts += n);
    }
    for (grid, late, n) in tx.due_by_grid(&day.to_string())? {
        let add = |f: &mut GridFigures| if late { f.overdue += n } else { f.due += n };
        whole(None, &add);
        if grid.is_some() {
            whole(grid, &add);
        }
    }
    for (ticket, n) in tx.photos_to_come()? {
        let add = |f: &mut GridFigures| f.photos = Some(f.photos.unwrap_or(0) + n);
        whole(None, &add);
        for stream in tx.streams_of(DocId::from(ticket))? {
            if let StreamId::Grid(grid) = stream {
                whole(Some(grid), &add);
            }
        }
    }
    for (docs, worker) in tx.held_docs()? {
        whole(None, &|f| f.held += 1);
        for grid in grids_of(tx, &docs, worker, now_ms, &mut of_worker)? {
            whole(Some(grid), &|f| f.held += 1);
        }
    }
    let alike = duplicates::counts(tx, sight.grids.as_ref())?;
    for (grid, n) in &alike.grids {
        whole(Some(*grid), &|f| f.duplicates += n);
    }
    let grids: Vec<GridFigures> =
        order.iter().filter(|g| sight.sees(Some(**g))).filter_map(|g| grids.remove(g)).collect();
    if sight.grids.is_some() {
        all = sum(&grids);
    }
    all.duplicates = alike.total();
    Ok(Figures { all, grids })
}

/// The grids in which held work lies: those of its documents; where they are not in the book yet, those of whoever
/// brought it.
fn grids_of(
    tx: &Tx<'_>,
    docs: &[u8],
    worker: WorkerId,
    now_ms: u64,
    of_worker: &mut HashMap<WorkerId, Vec<GridId>>,
) -> Result<Vec<GridId>, StoreError> {
    let mut grids = Vec::new();
    for doc in docs.chunks(17).filter_map(DocId::from_key) {
        for stream in tx.streams_of(doc)? {
            if let StreamId::Grid(grid) = stream
                && !grids.contains(&grid)
            {
                grids.push(grid);
            }
        }
    }
    if !grids.is_empty() {
        return Ok(grids);
    }
    if let Some(mine) = of_worker.get(&worker) {
        return Ok(mine.clone());
    }
    let mine = tx.grids_at(worker, now_ms)?;
    of_worker.insert(worker, mine.clone());
    Ok(mine)
}

/// A call is none of the visits, however it ended: the office signs at how many doors somebody was.
fn count_contact(f: &mut GridFigures, kind: u8, outcome: u8, n: u64) {
    match outcome {
        _ if kind == EntryKind::Call as u8 => f.calls = Some(f.calls.unwrap_or(0) + n),
        o if o == Outcome::Met as u8 => f.met += n,
        o if o == Outcome::NotHome as u8 => f.not_home += n,
        o if o == Outcome::Refused as u8 => f.refused += n,
        _ => f.patrols += n,
    }
}

fn sum(grids: &[GridFigures]) -> GridFigures {
    let mut all = GridFigures {
        name: grids.iter().map(|g| g.name.as_str()).collect::<Vec<_>>().join("、"),
        ..GridFigures::default()
    };
    for g in grids {
        all.home += g.home;
        all.on_the_way += g.on_the_way;
        all.silent += g.silent;
        all.pending += g.pending;
        all.arrived += g.arrived;
        all.met += g.met;
        all.not_home += g.not_home;
        all.refused += g.refused;
        all.patrols += g.patrols;
        all.conflicts += g.conflicts;
        all.held += g.held;
        all.due += g.due;
        all.overdue += g.overdue;
        all.calls = all.calls.max(Some(0)).map(|n| n + g.calls.unwrap_or(0));
        all.photos = all.photos.max(Some(0)).map(|n| n + g.photos.unwrap_or(0));
    }
    all
}
