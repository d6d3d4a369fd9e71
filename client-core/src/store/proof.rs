//! The office's signatures over what it gave and took, and what it asked back.

use super::document::{Hashed, doc_id, read_change};
use super::{StoreError, Tx, bytes, int};
use qiaomen_proto::change::ChangeHash;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::planted::{Planted, planted};
use qiaomen_proto::wire::heal::PAIR_BYTES;
use rusqlite::params;
use std::collections::HashMap;

/// The (document, hash) pairs of one command, as they were signed.
pub(crate) type Pairs = Vec<(DocId, ChangeHash)>;

/// A signature of the office, as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptProof {
    pub(crate) incarnation: [u8; 16],
    pub(crate) digests: Vec<[u8; 32]>,
    pub(crate) signature: Vec<u8>,
}

impl Tx<'_> {
    /// Keeps a signature with what it is over.
    pub(crate) fn put_proof(&self, proof: &KeptProof, parts: &[Pairs], position: u64) -> Result<(), StoreError> {
        self.run(
            "keep a proof",
            "INSERT INTO proof (incarnation, digests, signature, life, position) VALUES (?1, ?2, ?3, ?1, ?4)",
            params![proof.incarnation, proof.digests.concat(), proof.signature, int(position)],
        )?;
        let number = self.conn.last_insert_rowid();
        for pairs in parts {
            let mut flat = Vec::with_capacity(pairs.len() * PAIR_BYTES);
            for (doc, hash) in pairs {
                flat.extend_from_slice(&doc.key());
                flat.extend_from_slice(&hash.0);
            }
            self.run(
                "keep what a proof is over",
                "INSERT INTO proven_part (proof, pairs) VALUES (?1, ?2)",
                params![number, flat],
            )?;
            let part = self.conn.last_insert_rowid();
            for (doc, hash) in pairs {
                self.run(
                    "keep what a proof is over",
                    "INSERT INTO proven_change (doc, hash, part) VALUES (?1, ?2, ?3)
                     ON CONFLICT (doc, hash) DO UPDATE SET part = excluded.part",
                    params![doc.key(), hash.0, part],
                )?;
            }
        }
        Ok(())
    }

    /// Lets go of proofs of what is in a backup of this life of the office. What an earlier life signed counts
    /// in other numbers.
    pub(crate) fn prune_proofs(&self, life: &[u8; 16], backed_up: u64) -> Result<(), StoreError> {
        self.run(
            "prune proofs",
            "DELETE FROM proof WHERE (life = ?1 OR ?3) AND position <= ?2",
            params![life, int(backed_up), planted(Planted::ProofsOfAnyLife)],
        )?;
        self.run("let go of what was put away", "DELETE FROM put_away WHERE doc NOT IN (SELECT doc FROM put_by)", [])
            .map(|_| ())
    }
    /// Both sides have the same: everything that is proven is in this life's log, up to here.
    pub(crate) fn proofs_are_of(&self, life: &[u8; 16], position: u64) -> Result<(), StoreError> {
        self.run(
            "count proofs anew",
            "UPDATE proof SET life = ?1, position = ?2 WHERE life <> ?1",
            params![life, int(position)],
        )
        .map(|_| ())
    }

    /// A proof by its number.
    pub(crate) fn kept_proof(&self, number: i64) -> Result<Option<KeptProof>, StoreError> {
        let row: Option<(Vec<u8>, Vec<u8>, Vec<u8>)> = self.one(
            "read a proof",
            "SELECT incarnation, digests, signature FROM proof WHERE n = ?1",
            params![number],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )?;
        row.map(|(incarnation, digests, signature)| {
            Ok(KeptProof {
                incarnation: bytes(&incarnation, "incarnation")?,
                digests: digests.as_chunks::<32>().0.to_vec(),
                signature,
            })
        })
        .transpose()
    }

    /// Changes of a document that are proven and that this life of the office has not said to have, with the
    /// number of their part, in an order in which they can be applied.
    pub(crate) fn proven_changes(&self, doc: DocId) -> Result<Vec<(i64, Hashed)>, StoreError> {
        let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = self.all(
            "read proven changes",
            "SELECT p.part, c.hash, c.typed FROM
               (SELECT 0 AS base, n, doc, hash, typed FROM put_by WHERE doc = ?1 UNION ALL
                SELECT 1, n, doc, hash, typed FROM change WHERE doc = ?1
                AND hash NOT IN (SELECT hash FROM put_by WHERE doc = ?1)) c
             JOIN proven_change p ON p.doc = c.doc AND p.hash = c.hash
             WHERE p.given = 0 ORDER BY c.base, c.n",
            params![doc.key()],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )?;
        let rows: Result<Vec<_>, StoreError> =
            rows.into_iter().map(|(part, hash, typed)| Ok((part, read_change(doc, &hash, &typed)?))).collect();
        Ok(behind_what_they_build_on(rows?))
    }

    /// Which proof a part belongs to, and its pairs.
    pub(crate) fn proven_part(&self, part: i64) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
        self.one("read a part", "SELECT proof, pairs FROM proven_part WHERE n = ?1", params![part], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
    }

    fn put_proven_by(&self, doc: DocId) -> Result<(), StoreError> {
        self.run(
            "put proven changes by",
            "INSERT OR IGNORE INTO put_by (doc, hash, typed)
             SELECT c.doc, c.hash, c.typed FROM change c JOIN proven_change p ON p.doc = c.doc AND p.hash = c.hash
             WHERE c.doc = ?1 ORDER BY c.n",
            params![doc.key()],
        )
        .map(|_| ())
    }

    /// Puts by what is proven of a base that is about to go, and is to be given back.
    pub(super) fn put_by(&self, doc: DocId) -> Result<(), StoreError> {
        self.put_proven_by(doc)?;
        self.run(
            "note what is to be given back",
            "INSERT OR IGNORE INTO give_back (doc) SELECT DISTINCT b.doc FROM put_by b
             JOIN proven_change p ON p.doc = b.doc AND p.hash = b.hash WHERE b.doc = ?1 AND p.given = 0",
            params![doc.key()],
        )
        .map(|_| ())
    }

    /// Whether anything of this document's base is proven and in no backup.
    pub(crate) fn is_proven(&self, doc: DocId) -> Result<bool, StoreError> {
        Ok(self
            .one("look for a proof", "SELECT 1 FROM proven_change WHERE doc = ?1 LIMIT 1", params![doc.key()], |_| {
                Ok(())
            })?
            .is_some())
    }
    /// Puts what is proven of a document away that leaves this device, with its keys as only the office reads them.
    pub(crate) fn put_away(&self, doc: DocId, keys: &[u8]) -> Result<(), StoreError> {
        self.put_proven_by(doc)?;
        self.put_keys_away(doc, keys)
    }
    /// Puts a change away that is proven and stands in no document here, with the keys of its document as only the
    /// office reads them.
    pub(crate) fn put_change_away(&self, change: &Hashed, keys: &[u8]) -> Result<(), StoreError> {
        self.put_one_by(change)?;
        self.put_keys_away(change.1.doc, keys)
    }
    /// Puts a change by that is proven and whose document is to be fetched again.
    pub(crate) fn put_change_by(&self, change: &Hashed) -> Result<(), StoreError> {
        self.put_one_by(change)?;
        self.ask_back(change.1.doc)
    }
    fn put_one_by(&self, (hash, change): &Hashed) -> Result<(), StoreError> {
        self.run(
            "put a change by",
            "INSERT OR IGNORE INTO put_by (doc, hash, typed) VALUES (?1, ?2, ?3)",
            params![change.doc.key(), hash.0, change.to_stored()],
        )
        .map(|_| ())
    }
    fn put_keys_away(&self, doc: DocId, keys: &[u8]) -> Result<(), StoreError> {
        self.run(
            "put keys away",
            // What is boxed already is not replaced by nothing.
            "INSERT INTO put_away (doc, keys) VALUES (?1, ?2)
             ON CONFLICT (doc) DO UPDATE SET keys = excluded.keys WHERE length(excluded.keys) > 0",
            params![doc.key(), keys],
        )
        .map(|_| ())
    }
    /// The box of keys of a document that was put away.
    pub(crate) fn keys_put_away(&self, doc: DocId) -> Result<Option<Vec<u8>>, StoreError> {
        self.one("read keys that were put away", "SELECT keys FROM put_away WHERE doc = ?1", params![doc.key()], |r| {
            r.get(0)
        })
    }
    /// Another life of the office has begun, and cannot know what to ask for: all that was put away goes back.
    pub(crate) fn ask_back_put_away(&self) -> Result<(), StoreError> {
        self.run("give back what was put away", "INSERT OR IGNORE INTO give_back (doc) SELECT doc FROM put_away", [])
            .map(|_| ())
    }
    /// A document that is put away while another life of the office has begun is given back too: of what is proven by an
    /// earlier one it is not known whether this one has it.
    pub(crate) fn ask_back_of_earlier_life(&self, doc: DocId, life: &[u8]) -> Result<(), StoreError> {
        self.run(
            "give back what is put away",
            "INSERT OR IGNORE INTO give_back (doc) SELECT DISTINCT c.doc FROM proven_change c
             JOIN proven_part t ON t.n = c.part JOIN proof p ON p.n = t.proof
             WHERE c.doc = ?1 AND c.given = 0 AND p.life <> ?2",
            params![doc.key(), life],
        )
        .map(|_| ())
    }
    /// The office has this part of a document.
    pub(crate) fn part_is_there(&self, doc: DocId, part: i64) -> Result<(), StoreError> {
        self.run(
            "note what was given back",
            "UPDATE proven_change SET given = 1 WHERE doc = ?1 AND part = ?2",
            params![doc.key(), part],
        )
        .map(|_| ())
    }
    /// This part of a document stands otherwise at the office: it is not to be given any more.
    pub(crate) fn part_stands_otherwise(&self, doc: DocId, part: i64) -> Result<(), StoreError> {
        self.run(
            "let go of what stands otherwise",
            "DELETE FROM proven_change WHERE doc = ?1 AND part = ?2",
            params![doc.key(), part],
        )
        .map(|_| ())
    }
    /// Another life of the office has begun: nothing is known of what it has.
    pub(crate) fn nothing_is_there(&self) -> Result<(), StoreError> {
        self.run("forget what was given back", "UPDATE proven_change SET given = 0 WHERE given = 1", []).map(|_| ())
    }

    /// The office asks this document back.
    pub(crate) fn ask_back(&self, doc: DocId) -> Result<(), StoreError> {
        self.run("note what is asked back", "INSERT OR IGNORE INTO give_back (doc) VALUES (?1)", params![doc.key()])
            .map(|_| ())
    }
    /// What is asked back, and how many syncs have tried.
    pub(crate) fn asked_back(&self) -> Result<Vec<(DocId, u32)>, StoreError> {
        let rows: Vec<(Vec<u8>, u32)> =
            self.all("read what is asked back", "SELECT doc, tries FROM give_back ORDER BY doc", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        rows.into_iter().map(|(doc, tries)| Ok((doc_id(&doc)?, tries))).collect()
    }
    /// The office has it. What is put away stays until a backup has it too.
    pub(crate) fn given_back(&self, doc: DocId) -> Result<(), StoreError> {
        self.run(
            "let go of what was put by",
            "DELETE FROM put_by WHERE doc = ?1 AND doc NOT IN (SELECT doc FROM put_away)",
            params![doc.key()],
        )?;
        self.run("note what was given back", "DELETE FROM give_back WHERE doc = ?1", params![doc.key()]).map(|_| ())
    }
    /// Nothing proves it any more.
    pub(crate) fn cannot_give_back(&self, doc: DocId, tries: u32) -> Result<(), StoreError> {
        self.run("note a vain try", "UPDATE give_back SET tries = ?2 WHERE doc = ?1", params![doc.key(), tries])
            .map(|_| ())
    }
    /// One more sync has tried.
    pub(crate) fn tried_to_give_back(&self, doc: DocId) -> Result<(), StoreError> {
        self.run("note a try", "UPDATE give_back SET tries = tries + 1 WHERE doc = ?1", params![doc.key()]).map(|_| ())
    }
    /// Nothing of this document is to be given back any more: the office does not take it.
    pub(crate) fn never_give_back(&self, doc: DocId) -> Result<(), StoreError> {
        self.run("let go of what is not taken", "DELETE FROM proven_change WHERE doc = ?1", params![doc.key()])?;
        self.run("let go of what is not taken", "DELETE FROM put_away WHERE doc = ?1", params![doc.key()])?;
        self.run("note what is not taken", "DELETE FROM give_back WHERE doc = ?1", params![doc.key()]).map(|_| ())
    }
}

/// Each change behind those of the list that it builds on; else in the order in which they came. What was let in is put
/// away before its document comes, if it comes, with what it builds on.
fn behind_what_they_build_on(changes: Vec<(i64, Hashed)>) -> Vec<(i64, Hashed)> {
    let place: HashMap<ChangeHash, usize> = changes.iter().enumerate().map(|(n, (_, (hash, _)))| (*hash, n)).collect();
    let (mut order, mut seen) = (Vec::with_capacity(changes.len()), vec![false; changes.len()]);
    for first in 0..changes.len() {
        // Its own stack: a chain may be as long as the history of a document.
        let mut open = vec![(first, false)];
        while let Some((n, built)) = open.pop() {
            if built {
                order.push(n);
            } else if !std::mem::replace(&mut seen[n], true) {
                open.push((n, true));
                open.extend(changes[n].1.1.deps.iter().filter_map(|dep| place.get(dep)).map(|dep| (*dep, false)));
            }
        }
    }
    let mut changes: Vec<Option<(i64, Hashed)>> = changes.into_iter().map(Some).collect();
    order.into_iter().filter_map(|n| changes.get_mut(n).and_then(Option::take)).collect()
}
