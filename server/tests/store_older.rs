//! A database of the first release opens, keeps what it had, and has what came since.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use qiaomen_proto::ids::{CommandId, DeviceId, DocId, ResidentId, WorkerId};
use qiaomen_server::store::sqlite::{BulkItemRow, SaidOfItself, Settled};
use qiaomen_server::store::{Store, StoreError};
use rusqlite::{Connection, params};

const FIRST: &str = include_str!("../migrations/sqlite/0001_first.sql");

#[test]
fn a_database_from_before_bulks_keeps_its_conflicts_its_held_commands_and_its_devices() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("office.db");
    let doc: DocId = ResidentId::from_bytes([5; 16]).into();
    let (device, worker, command) =
        (DeviceId::from_bytes([1; 16]), WorkerId::from_bytes([2; 16]), CommandId::from_bytes([3; 16]));
    {
        let old = Connection::open(&path).unwrap();
        old.execute_batch(FIRST).unwrap();
        old.execute(
            "INSERT INTO device (id, worker, role, verify_key, box_key, enrolled_ms, last_contact_ms)
             VALUES (?1, ?2, 4, ?3, ?3, 10, 1000)",
            params![device.as_bytes(), worker.as_bytes(), [0u8; 32]],
        )
        .unwrap();
        old.execute(
            "INSERT INTO quarantine (command, device, worker, code, docs, command_stored, keys_wrapped, received_ms)
             VALUES (?1, ?2, ?3, 26, ?4, x'0102', x'', 900)",
            params![command.as_bytes(), device.as_bytes(), worker.as_bytes(), doc.key()],
        )
        .unwrap();
        old.execute(
            "INSERT INTO conflict (doc, container, key, state, opened_ms, changed_ms, policy_version, candidates,
                                   decided_by, decided_ms, decision_key)
             VALUES (?1, 0, 'phone', 'decided', 1, 2, 1, x'', 'somebody', 2, '0.phone#1')",
            params![doc.key()],
        )
        .unwrap();
        old.execute("INSERT INTO conflict_event (conflict, at_ms, what, who) VALUES (1, 1, 'opened', NULL)", [])
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
    }
    for _ in 0..2 {
        // The second time there is nothing left to do.
        drop(Store::open(&path, false).unwrap());
    }
    let store = Store::open(&path, false).unwrap();
    let (held, decided, life) = store
        .read(|tx| -> Result<_, StoreError> {
            Ok((tx.quarantine(None)?, tx.conflict(1)?.unwrap(), tx.conflict_events(1)?))
        })
        .unwrap();
    assert_eq!((held.len(), held[0].command_stored.as_slice(), held[0].settled.as_ref()), (1, &[1, 2][..], None));
    assert_eq!(
        (decided.state.as_str(), decided.decision_key.as_deref(), life.len()),
        ("decided", Some("0.phone#1"), 1)
    );
    let since = store
        .write(move |tx| -> Result<_, StoreError> {
            let items = [BulkItemRow { conflict: 1, seen: "00".into(), label: "A".into(), decision_key: None }];
            let bulk = tx.add_bulk("t", "later", "{}", "x", 5, &items)?;
            tx.decide_bulk(bulk, "x", 6, &[(1, "0.phone#1".to_owned())])?;
            assert_eq!(tx.bulk_of(1, "0.phone#1")?, Some(bulk));
            let settled = Settled { who: "x".into(), at_ms: 7, reason: Some("trial".into()), note_sealed: None };
            tx.settle_quarantine(1, "discarded", &settled)?;
            assert_eq!(tx.quarantined(1)?.unwrap().settled, Some(settled));
            // In touch again a day after the last time that the old database knows of.
            let now = 1000 + 24 * 3_600_000;
            tx.note_contact(device, now, &SaidOfItself::default())?;
            tx.silent_since(device, now - 3_600_000)
        })
        .unwrap();
    assert_eq!(since, Some(1000));
}
