//! Rows of trainings, and who was there.

use super::numbers::signed;
use super::{StoreError, Tx, sql};
use qiaomen_proto::ids::WorkerId;
use rusqlite::{OptionalExtension as _, Row, params};

/// A training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingRow {
    /// Its id.
    pub id: [u8; 16],
    /// The day, as `2026-05-01`.
    pub on: String,
    /// What it was about.
    pub topic: String,
}

const COLUMNS: &str = "id, on_day, topic";

fn row(r: &Row<'_>) -> rusqlite::Result<TrainingRow> {
    Ok(TrainingRow { id: r.get(0)?, on: r.get(1)?, topic: r.get(2)? })
}

impl Tx<'_> {
    /// Writes a training down, or anew, with who was there.
    pub fn put_training(&self, training: &TrainingRow, there: &[WorkerId], now_ms: u64) -> Result<(), StoreError> {
        let text = "INSERT INTO training (id, on_day, topic, made_ms) VALUES (?1,?2,?3,?4)
                    ON CONFLICT DO UPDATE SET on_day = ?2, topic = ?3";
        let mut s = self.conn.prepare_cached(text).map_err(sql("put training"))?;
        s.execute(params![training.id, training.on, training.topic, signed(now_ms)]).map_err(sql("put training"))?;
        let mut s =
            self.conn.prepare_cached("DELETE FROM training_worker WHERE training = ?1").map_err(sql("put training"))?;
        s.execute([training.id]).map_err(sql("put training"))?;
        let text = "INSERT INTO training_worker (training, worker) VALUES (?1,?2) ON CONFLICT DO NOTHING";
        let mut s = self.conn.prepare_cached(text).map_err(sql("put training"))?;
        for worker in there {
            s.execute(params![training.id, worker.as_bytes()]).map_err(sql("put training"))?;
        }
        Ok(())
    }
    /// Takes a training away. True if there was one.
    pub fn remove_training(&self, id: &[u8; 16]) -> Result<bool, StoreError> {
        let mut s = self.conn.prepare_cached("DELETE FROM training WHERE id = ?1").map_err(sql("remove training"))?;
        Ok(s.execute([id]).map_err(sql("remove training"))? == 1)
    }
    /// A training.
    pub fn training(&self, id: &[u8; 16]) -> Result<Option<TrainingRow>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM training WHERE id = ?1");
        let mut s = self.conn.prepare_cached(&text).map_err(sql("training"))?;
        s.query_row([id], row).optional().map_err(sql("training"))
    }
    /// How many trainings there are.
    pub fn training_count(&self) -> Result<usize, StoreError> {
        let mut s = self.conn.prepare_cached("SELECT count(*) FROM training").map_err(sql("trainings"))?;
        let n: i64 = s.query_row([], |r| r.get(0)).map_err(sql("trainings"))?;
        Ok(usize::try_from(n).unwrap_or(0))
    }
    /// The trainings of these days, both of them counted, the latest first, with how many were there.
    pub fn trainings(&self, from: &str, to: &str) -> Result<Vec<(TrainingRow, u32)>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS}, (SELECT count(*) FROM training_worker w WHERE w.training = training.id) FROM training
             WHERE on_day >= ?1 AND on_day <= ?2 ORDER BY on_day DESC, made_ms DESC, id"
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("trainings"))?;
        let rows = s.query_map([from, to], |r| Ok((row(r)?, r.get(3)?))).map_err(sql("trainings"))?;
        rows.collect::<Result<_, _>>().map_err(sql("trainings"))
    }
    /// Who was there.
    pub fn trained_by(&self, id: &[u8; 16]) -> Result<Vec<WorkerId>, StoreError> {
        let text = "SELECT worker FROM training_worker WHERE training = ?1 ORDER BY worker";
        let mut s = self.conn.prepare_cached(text).map_err(sql("trained by"))?;
        let rows = s.query_map([id], |r| Ok(WorkerId::from_bytes(r.get(0)?))).map_err(sql("trained by"))?;
        rows.collect::<Result<_, _>>().map_err(sql("trained by"))
    }
    /// Who was at any training of these days, each once.
    pub fn trained_within(&self, from: &str, to: &str) -> Result<Vec<WorkerId>, StoreError> {
        let text = "SELECT DISTINCT w.worker FROM training_worker w JOIN training t ON t.id = w.training
                    WHERE t.on_day >= ?1 AND t.on_day <= ?2 ORDER BY w.worker";
        let mut s = self.conn.prepare_cached(text).map_err(sql("trained within"))?;
        let rows = s.query_map([from, to], |r| Ok(WorkerId::from_bytes(r.get(0)?))).map_err(sql("trained within"))?;
        rows.collect::<Result<_, _>>().map_err(sql("trained within"))
    }
    /// The trainings at which somebody was, the latest first, so many at most.
    pub fn trainings_of(&self, worker: WorkerId, limit: u32) -> Result<Vec<TrainingRow>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM training WHERE id IN (SELECT training FROM training_worker WHERE worker = ?1)
             ORDER BY on_day DESC, made_ms DESC, id LIMIT ?2"
        );
        let mut s = self.conn.prepare_cached(&text).map_err(sql("trainings of"))?;
        let rows = s.query_map(params![worker.as_bytes(), limit], row).map_err(sql("trainings of"))?;
        rows.collect::<Result<_, _>>().map_err(sql("trainings of"))
    }
}
