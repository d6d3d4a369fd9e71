//! What the office has confirmed, and its signature for it.

use super::{StoreError, Tx, bytes, int, uint};
use crate::outbox::{Intended, Proof, Receipt};
use qiaomen_proto::ids::CommandId;
use rusqlite::{Params, params};

/// Receipts are kept this long: long enough for a year-end question, short enough not to pile up.
const KEPT_MS: u64 = 400 * 24 * 3600 * 1000;
/// A command's id begins with so many milliseconds at most: six bytes of them.
const COMMAND_MS_MAX: u64 = (1 << 48) - 1;

/// A receipt as it is stored: command, counter, time, intent, check.
type Raw = (Vec<u8>, i64, i64, String, Vec<u8>);
/// A proof as it is stored: counter, check, incarnation, checks, signature.
type RawProof = (i64, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

impl Tx<'_> {
    /// Keeps the receipt of one command.
    pub(crate) fn put_receipt(&self, receipt: &Receipt) -> Result<(), StoreError> {
        self.run(
            "keep a receipt",
            "INSERT OR REPLACE INTO receipt (command, counter, at_ms, intent, checks) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                receipt.command.as_bytes(),
                int(receipt.counter),
                int(receipt.at_ms),
                receipt.intent.to_text(),
                receipt.check
            ],
        )
        .map(|_| ())
    }

    /// Keeps the office's signature over the receipts of one request.
    pub(crate) fn put_receipt_signature(
        &self,
        counter: u64,
        incarnation: &[u8; 16],
        checks: &[[u8; 8]],
        signature: &[u8],
    ) -> Result<(), StoreError> {
        self.run(
            "keep a receipt's signature",
            "INSERT OR REPLACE INTO receipt_signature (counter, incarnation, checks, signature) VALUES (?1, ?2, ?3, ?4)",
            params![int(counter), incarnation, checks.concat(), signature],
        )
        .map(|_| ())
    }

    /// The office's signature over a command's receipt.
    pub(crate) fn proof(&self, command: CommandId) -> Result<Option<Proof>, StoreError> {
        let row: Option<RawProof> = self.one(
            "read a receipt's signature",
            "SELECT r.counter, r.checks, s.incarnation, s.checks, s.signature
             FROM receipt r JOIN receipt_signature s ON s.counter = r.counter WHERE r.command = ?1",
            params![command.as_bytes()],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)),
        )?;
        row.map(|(counter, check, incarnation, checks, signature)| {
            Ok(Proof {
                counter: uint(counter),
                check: bytes(&check, "check")?,
                incarnation: bytes(&incarnation, "incarnation")?,
                checks: checks.as_chunks::<8>().0.to_vec(),
                signature: bytes(&signature, "signature")?,
            })
        })
        .transpose()
    }

    /// Whether the office has confirmed this command.
    pub(crate) fn has_receipt(&self, command: CommandId) -> Result<bool, StoreError> {
        Ok(self
            .one("look for a receipt", "SELECT 1 FROM receipt WHERE command = ?1", params![command.as_bytes()], |_| {
                Ok(())
            })?
            .is_some())
    }

    /// The last receipts, newest first.
    pub(crate) fn receipts(&self, max: u32) -> Result<Vec<Receipt>, StoreError> {
        self.receipts_by(
            "read receipts",
            "SELECT command, counter, at_ms, intent, checks FROM receipt ORDER BY at_ms DESC, command DESC LIMIT ?1 + 0",
            params![max],
        )
    }

    /// Receipts of what was done from the first moment until before the second: a command's id begins with its time.
    pub(crate) fn receipts_done_between(&self, from_ms: u64, until_ms: u64) -> Result<Vec<Receipt>, StoreError> {
        let first = |at_ms: u64| at_ms.min(COMMAND_MS_MAX).to_be_bytes();
        let (from, until) = (first(from_ms), first(until_ms));
        self.receipts_by(
            "read the receipts of a day",
            "SELECT command, counter, at_ms, intent, checks FROM receipt WHERE command >= ?1 AND command < ?2
             ORDER BY command DESC",
            params![&from[2..], &until[2..]],
        )
    }

    /// The receipt of one command.
    pub(crate) fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        let found = self.receipts_by(
            "read a receipt",
            "SELECT command, counter, at_ms, intent, checks FROM receipt WHERE command = ?1",
            params![command.as_bytes()],
        )?;
        Ok(found.into_iter().next())
    }

    fn receipts_by(&self, step: &'static str, sql: &str, params: impl Params) -> Result<Vec<Receipt>, StoreError> {
        let rows: Vec<Raw> =
            self.all(step, sql, params, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?)))?;
        rows.into_iter()
            .map(|(command, counter, at_ms, intent, check)| {
                Ok(Receipt {
                    command: CommandId::from_bytes(bytes(&command, "command id")?),
                    counter: uint(counter),
                    at_ms: uint(at_ms),
                    intent: Intended::from_text(&intent).ok_or(StoreError::Unreadable { what: "intent" })?,
                    check: bytes(&check, "check")?,
                })
            })
            .collect()
    }

    /// Lets go of receipts that nobody will ask for any more.
    pub(crate) fn prune_receipts(&self, now_ms: u64) -> Result<(), StoreError> {
        let before = int(now_ms.saturating_sub(KEPT_MS));
        self.run("prune receipts", "DELETE FROM receipt WHERE at_ms < ?1", params![before])?;
        self.run(
            "prune signatures",
            "DELETE FROM receipt_signature WHERE counter NOT IN (SELECT counter FROM receipt)",
            [],
        )
        .map(|_| ())
    }
}
