//! What is counted by time: what came at which hour, what matters are about and how long they have been open, which
//! conflicts were found and decided in which week. Nothing is counted by who did it.

use super::map::{BUILDING, id_of, open_stages};
use super::numbers::{signed, unsigned};
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::{BuildingId, GridId, StreamId};
use qiaomen_proto::merge::fold::Stage;
use rusqlite::params;

/// Milliseconds of an hour, a day, a week.
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const WEEK_MS: i64 = 7 * DAY_MS;

/// Matters of one category at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCountRow {
    /// The category, where one is written down.
    pub category: Option<String>,
    /// The building, where the matter names it or a door in it.
    pub building: Option<BuildingId>,
    /// The grid that the matter was written down in.
    pub grid: Option<GridId>,
    /// Still open.
    pub open: u32,
    /// Completed.
    pub completed: u32,
    /// Reported before the instant asked for, open or not.
    pub older: u32,
}

/// Open matters that were reported on one day at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeRow {
    /// The day, counted in days since 1970 of the office's calendar; none where it is not known.
    pub day: Option<i64>,
    /// The building, where the matter names it or a door in it.
    pub building: Option<BuildingId>,
    /// The grid that the matter was written down in.
    pub grid: Option<GridId>,
    /// Past the day by which they were due.
    pub overdue: u32,
    /// Due today or later.
    pub due_later: u32,
    /// Nobody has set a day.
    pub not_set: u32,
}

/// The streams of these grids, as a list for SQL.
fn streams(grids: &[GridId]) -> String {
    let texts: Vec<String> = grids.iter().map(|g| format!("\"{}\"", StreamId::Grid(*g).to_text())).collect();
    format!("[{}]", texts.join(","))
}

impl Tx<'_> {
    fn counted(
        &self,
        what: &'static str,
        text: &str,
        given: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<(i64, u64)>, StoreError> {
        let mut s = self.conn.prepare_cached(text).map_err(sql(what))?;
        let rows = s.query_map(given, |r| Ok((r.get(0)?, unsigned(r.get(1)?)))).map_err(sql(what))?;
        rows.collect::<Result<_, _>>().map_err(sql(what))
    }

    /// Commands that devices brought and that stand in the book, by the hour in which they first came: hours since
    /// `from_ms`, and how many. Of these grids only, if any are named.
    pub fn arrived_by_hour(
        &self,
        from_ms: u64,
        to_ms: u64,
        grids: Option<&[GridId]>,
    ) -> Result<Vec<(i64, u64)>, StoreError> {
        let all = "SELECT (received_ms - ?1) / ?3, count(*) FROM command
                   WHERE device IS NOT NULL AND outcome = 1 AND received_ms >= ?1 AND received_ms < ?2";
        let (from, to) = (signed(from_ms), signed(to_ms));
        let Some(grids) = grids else {
            return self.counted("arrived by hour", &format!("{all} GROUP BY 1"), &[&from, &to, &HOUR_MS]);
        };
        let text = format!(
            "{all} AND EXISTS (SELECT 1 FROM change h JOIN member m ON m.doc = h.doc WHERE h.command = command.id
                               AND m.stream IN (SELECT value FROM json_each(?4))) GROUP BY 1"
        );
        self.counted("arrived by hour", &text, &[&from, &to, &HOUR_MS, &streams(grids)])
    }

    /// Conflicts that were found since `from_ms`, by week: weeks since then, and how many.
    pub fn conflicts_opened_by_week(
        &self,
        from_ms: u64,
        grids: Option<&[GridId]>,
    ) -> Result<Vec<(i64, u64)>, StoreError> {
        self.conflicts_by_week("opened_ms", from_ms, grids)
    }
    /// Conflicts of which a decision stands, by the week in which it was made.
    pub fn conflicts_decided_by_week(
        &self,
        from_ms: u64,
        grids: Option<&[GridId]>,
    ) -> Result<Vec<(i64, u64)>, StoreError> {
        self.conflicts_by_week("decided_ms", from_ms, grids)
    }
    fn conflicts_by_week(
        &self,
        column: &'static str,
        from_ms: u64,
        grids: Option<&[GridId]>,
    ) -> Result<Vec<(i64, u64)>, StoreError> {
        let all = format!("SELECT ({column} - ?1) / ?2, count(*) FROM conflict WHERE {column} >= ?1");
        let from = signed(from_ms);
        let Some(grids) = grids else {
            return self.counted("conflicts by week", &format!("{all} GROUP BY 1"), &[&from, &WEEK_MS]);
        };
        let text = format!(
            "{all} AND EXISTS (SELECT 1 FROM member m WHERE m.doc = conflict.doc
                               AND m.stream IN (SELECT value FROM json_each(?3))) GROUP BY 1"
        );
        self.counted("conflicts by week", &text, &[&from, &WEEK_MS, &streams(grids)])
    }

    /// Matters by category and place: those that were reported since an instant, open and completed, and how many
    /// were reported before; those entered by mistake or twice are left out. One of which the day is not known was
    /// reported before any instant but the first.
    pub fn matters_by_category(&self, since_ms: u64) -> Result<Vec<CategoryCountRow>, StoreError> {
        let completed: Vec<String> =
            Stage::ALL.iter().filter(|s| s.is_completed()).map(|s| s.number().to_string()).collect();
        let (open, completed) = (open_stages(), completed.join(","));
        // Those with a building come in the order of the index; only the few without have to be sorted. The plus
        // keeps SQLite from looking them up by stage, which are nearly all, and sorting them: 20 ms, not 270.
        let counts = format!(
            "count(*) FILTER (WHERE t.stage IN ({open}) AND coalesce(t.opened_ms, 0) >= ?1),
             count(*) FILTER (WHERE t.stage IN ({completed}) AND coalesce(t.opened_ms, 0) >= ?1),
             count(*) FILTER (WHERE coalesce(t.opened_ms, 0) < ?1)"
        );
        let text = format!(
            "SELECT t.category, t.building, t.grid, {counts} FROM ticket t
             WHERE t.building IS NOT NULL AND +t.stage IN ({open},{completed}) GROUP BY t.category, t.building, t.grid
             UNION ALL SELECT t.category, {BUILDING}, t.grid, {counts} FROM ticket t
             WHERE t.building IS NULL AND +t.stage IN ({open},{completed}) GROUP BY 1, 2, 3"
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("matters by category"))?;
        type T = (Option<String>, Option<Vec<u8>>, Option<Vec<u8>>, [u32; 3]);
        let rows = s
            .query_map([signed(since_ms)], |r| -> rusqlite::Result<T> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, [r.get(3)?, r.get(4)?, r.get(5)?]))
            })
            .map_err(sql("matters by category"))?;
        rows.map(|r| {
            let (category, building, grid, [open, completed, older]) = r.map_err(sql("matters by category"))?;
            let building = id_of(building)?.map(BuildingId::from_bytes);
            Ok(CategoryCountRow {
                category,
                building,
                grid: id_of(grid)?.map(GridId::from_bytes),
                open,
                completed,
                older,
            })
        })
        .collect()
    }

    /// Open matters by the day on which they were reported. `today` is the office's day, `YYYY-MM-DD`; its days
    /// begin `offset_ms` before those of Greenwich.
    pub fn open_by_age(&self, today: &str, offset_ms: i64) -> Result<Vec<AgeRow>, StoreError> {
        let text = format!(
            "SELECT (t.opened_ms + ?2) / ?3, {BUILDING}, t.grid, count(*) FILTER (WHERE t.due_by < ?1),
                    count(*) FILTER (WHERE t.due_by >= ?1), count(*) FILTER (WHERE t.due_by IS NULL)
             FROM ticket t WHERE t.stage IN ({}) GROUP BY 1, 2, 3",
            open_stages()
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("open by age"))?;
        type T = (Option<i64>, Option<Vec<u8>>, Option<Vec<u8>>, [u32; 3]);
        let rows = s
            .query_map(params![today, offset_ms, DAY_MS], |r| -> rusqlite::Result<T> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, [r.get(3)?, r.get(4)?, r.get(5)?]))
            })
            .map_err(sql("open by age"))?;
        rows.map(|r| {
            let (day, building, grid, [overdue, due_later, not_set]) = r.map_err(sql("open by age"))?;
            let (building, grid) = (id_of(building)?.map(BuildingId::from_bytes), id_of(grid)?.map(GridId::from_bytes));
            Ok(AgeRow { day, building, grid, overdue, due_later, not_set })
        })
        .collect()
    }
}
