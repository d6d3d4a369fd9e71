//! A ledger that is whole has no problems, and each way to damage it is found and named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::ledger::{damage, found, look, office_with_a_ledger, value};
use qiaomen_server::office::DATABASE_NAME;
use qiaomen_server::verify::ProblemCode as Code;
use std::collections::BTreeSet;

/// Damages a whole ledger with these statements and looks; what was found has to hold these codes, and
/// with `only` nothing else.
fn finds(statements: &str, codes: &[Code], only: bool) {
    let (_dir, office) = office_with_a_ledger();
    damage(&office, statements);
    let (found, codes) = (found(&office), codes.iter().copied().collect::<BTreeSet<_>>());
    assert!(if only { found == codes } else { found.is_superset(&codes) }, "{statements}: {found:?}");
}

#[test]
fn a_whole_ledger_has_no_problems_and_is_counted() {
    let (_dir, office) = office_with_a_ledger();
    let report = look(&office);
    assert_eq!(report.problems, []);
    assert!(report.is_clean());
    assert_eq!((report.documents, report.doors, report.residents, report.tickets), (6, 2, 2, 1));
    // The matter has two days; the diary and each of the two who disagree wrote once.
    assert_eq!((report.changes, report.commands), (9, 7));
    assert_eq!(report.streams, 2, "the grid's, and the office's own");
    assert!(report.entries >= 9);
}

#[test]
fn progress_goes_up_and_ends_at_the_end() {
    let (_dir, office) = office_with_a_ledger();
    let mut told = Vec::new();
    qiaomen_server::verify::verify(&office, &mut |done, total| told.push((done, total)));
    assert!(told.is_sorted());
    assert_eq!(told.last(), Some(&(8, 8)));
}

#[test]
fn every_code_has_a_sentence_that_says_what_to_do_and_prints_in_words() {
    for code in Code::ALL {
        assert!(code.sentence().ends_with('。'), "{code:?}");
        let printed = serde_json::to_string(code).unwrap();
        assert!(printed.contains('_') && printed.to_ascii_lowercase() == printed, "{printed}");
    }
}

#[test]
fn the_page_about_verifying_lists_every_code() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operate/import-verify-export.md");
    let page = std::fs::read_to_string(page).unwrap();
    for code in Code::ALL {
        let name = serde_json::to_value(code).unwrap();
        assert!(page.contains(&format!("`{}`", name.as_str().unwrap())), "{name}");
    }
}

#[test]
fn a_problem_names_what_it_is_about_and_quotes_nothing() {
    let (_dir, office) = office_with_a_ledger();
    damage(&office, "UPDATE resident SET refused_fields = 'phone' WHERE refused_fields = ''");
    let report = look(&office);
    assert_eq!(report.problems.len(), 2);
    assert!(report.problems.iter().all(|problem| problem.subject.starts_with("resident/")));
    let printed = serde_json::to_string(&report).unwrap();
    assert!(!printed.contains("王建国") && !printed.contains("13669074391"), "{printed}");
    assert!(printed.contains("\"code\":\"row_differs\""), "{printed}");
}

#[test]
fn a_page_of_the_file_that_was_overwritten_is_found() {
    let (dir, office) = office_with_a_ledger();
    damage(&office, "PRAGMA wal_checkpoint(TRUNCATE)");
    drop(office);
    let path = dir.path().join("office").join(DATABASE_NAME);
    let mut bytes = std::fs::read(&path).unwrap();
    // The page of the index of places: nothing is read by it here.
    let conn = rusqlite::Connection::open(&path).unwrap();
    let page = "SELECT rootpage FROM sqlite_master WHERE name = 'door_place'";
    let page = conn.query_row(page, [], |r| r.get::<_, u32>(0)).unwrap() as usize;
    drop(conn);
    bytes[(page - 1) * 4096 + 8..page * 4096].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let office = qiaomen_server::office::Office::open(&dir.path().join("office")).unwrap();
    assert!(found(&office).contains(&Code::DatabaseDamaged));
}

#[test]
fn a_change_that_was_altered_lost_or_moved_is_found() {
    let altered = "UPDATE change SET stored = replace(CAST(hex(stored) AS TEXT), 'nothing', '') WHERE id = 1";
    finds(altered, &[Code::ChangeUnreadable], true);
    finds("UPDATE change SET hash = zeroblob(32) WHERE id = 1", &[Code::ChangeHash, Code::CommandChanges], true);
    finds(
        "UPDATE change SET command = zeroblob(16) WHERE id = 1",
        &[Code::ChangeCommand, Code::CommandMissing, Code::CommandChanges],
        true,
    );
    // The first change of the matter: the second builds on it.
    let first = "DELETE FROM change WHERE id = (SELECT min(id) FROM change WHERE substr(doc, 1, 1) = x'03')";
    finds(first, &[Code::ChangeMisfit, Code::CommandChanges], true);
    finds(
        "DELETE FROM document WHERE kind = 2",
        &[Code::ChangeWithoutDocument, Code::RowExtra, Code::BlindExtra],
        false,
    );
}

#[test]
fn a_change_in_which_one_letter_was_altered_no_longer_gives_its_hash() {
    let (_dir, office) = office_with_a_ledger();
    let stored = value(&office, "SELECT stored FROM change WHERE substr(doc, 1, 1) = x'01' ORDER BY id LIMIT 1");
    let at = stored.windows("自住".len()).position(|w| w == "自住".as_bytes()).unwrap();
    let mut other = stored.clone();
    other[at..at + "空置".len()].copy_from_slice("空置".as_bytes());
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    damage(&office, &format!("UPDATE change SET stored = x'{}' WHERE stored = x'{}'", hex(&other), hex(&stored)));
    assert_eq!(found(&office), BTreeSet::from([Code::ChangeHash]));
}

#[test]
fn a_register_a_digest_and_a_document_row_that_differ_are_found() {
    finds("UPDATE document SET register = x'00' WHERE kind = 3", &[Code::RegisterUnreadable], true);
    let of_another =
        "UPDATE document SET register = (SELECT register FROM document WHERE kind = 2 ORDER BY doc LIMIT 1)
                      WHERE doc = (SELECT doc FROM document WHERE kind = 2 ORDER BY doc DESC LIMIT 1)";
    finds(of_another, &[Code::RegisterDiffers], true);
    finds(
        "UPDATE document SET digest = zeroblob(16) WHERE kind = 3",
        &[Code::DocumentDigest, Code::StreamDigest],
        true,
    );
    finds("UPDATE document SET suffix = zeroblob(5) WHERE kind = 3", &[Code::DocumentRow], true);
    finds("UPDATE document SET kind = 9 WHERE kind = 3", &[Code::DocumentRow], true);
}

#[test]
fn a_key_that_does_not_open_is_found() {
    finds(
        "UPDATE subject_key SET wrapped = zeroblob(48) WHERE subject IN (SELECT ticket FROM ticket)",
        &[Code::KeyUnreadable],
        true,
    );
}

#[test]
fn rows_that_are_missing_altered_or_too_many_are_found() {
    for table in ["door", "resident", "ticket"] {
        finds(&format!("DELETE FROM {table}"), &[Code::RowMissing], true);
        finds(&format!("UPDATE {table} SET conflict_count = 9"), &[Code::RowDiffers], true);
    }
    finds("DELETE FROM diary_entry", &[Code::RowDiffers], true);
    finds("UPDATE diary_entry SET outcome = 2", &[Code::RowDiffers], true);
    finds(
        "INSERT INTO diary_entry VALUES (zeroblob(16), 'a', zeroblob(16), NULL, 1, 1, NULL, 0)",
        &[Code::RowExtra],
        true,
    );
    finds("INSERT INTO door VALUES (zeroblob(16), zeroblob(16), '1', '9', NULL, 0, 0)", &[Code::RowExtra], true);
    finds("INSERT INTO resident VALUES (zeroblob(16), NULL, 0, 0, '')", &[Code::RowExtra], true);
    finds("INSERT INTO ticket (ticket, stage, conflict_count) VALUES (zeroblob(16), 1, 0)", &[Code::RowExtra], true);
    finds("UPDATE resident SET household = x'00'", &[Code::RowsUnreadable], false);
}

#[test]
fn blind_indexes_that_would_not_find_anybody_are_found() {
    finds("DELETE FROM blind WHERE kind = 2", &[Code::BlindDiffers], true);
    finds("UPDATE blind SET value = zeroblob(16) WHERE kind = 1", &[Code::BlindDiffers], true);
    finds("INSERT INTO blind VALUES (zeroblob(16), 1, zeroblob(16))", &[Code::BlindExtra], true);
}

#[test]
fn conflicts_that_nobody_would_see_and_conflicts_of_nothing_are_found() {
    finds("DELETE FROM conflict", &[Code::ConflictMissing], true);
    finds("UPDATE conflict SET state = 'gone'", &[Code::ConflictMissing], true);
    finds("UPDATE conflict SET candidates = x''", &[Code::ConflictDiffers], true);
    let of_nothing =
        "INSERT INTO conflict (doc, container, key, state, opened_ms, changed_ms, policy_version, candidates)
                      SELECT doc, 0, 'people_count', 'open', 0, 0, 1, x'' FROM document WHERE kind = 1 LIMIT 1";
    finds(of_nothing, &[Code::ConflictExtra], true);
}

#[test]
fn a_stream_with_a_gap_or_another_end_is_found() {
    let grid = "(SELECT id FROM stream WHERE id LIKE 'g:%')";
    finds(&format!("DELETE FROM entry WHERE stream = {grid} AND seq = 1"), &[Code::StreamGap], false);
    finds(&format!("UPDATE stream SET next_seq = next_seq + 1 WHERE id = {grid}"), &[Code::StreamEnd], true);
    finds(&format!("INSERT INTO entry SELECT {grid}, 0, 1, doc, NULL FROM document LIMIT 1"), &[Code::StreamEnd], true);
    let last =
        format!("DELETE FROM entry WHERE stream = {grid} AND seq = (SELECT max(seq) FROM entry WHERE stream = {grid})");
    finds(&last, &[Code::StreamEnd, Code::StreamSkips], true);
    finds("INSERT INTO entry SELECT 'd:nobody', 1, 1, doc, NULL FROM document LIMIT 1", &[Code::StreamUnknown], true);
}

#[test]
fn entries_that_do_not_follow_from_each_other_are_found() {
    let one = |kind: u8| format!("(SELECT max(seq) FROM entry WHERE kind = {kind} AND stream LIKE 'g:%')");
    let set = |what: &str, kind: u8| format!("UPDATE entry SET {what} WHERE stream LIKE 'g:%' AND seq = {}", one(kind));
    finds(&set("kind = 3, change = NULL", 2), &[Code::EntryOutOfOrder, Code::MembersDiffer, Code::StreamDigest], true);
    finds(&set("kind = 2, change = NULL", 1), &[Code::EntryOutOfOrder], false);
    finds(&set("doc = zeroblob(17), kind = 4", 1), &[Code::RowsUnreadable], false);
    finds(&set("change = 999", 1), &[Code::EntryChange, Code::StreamSkips], true);
    finds(&set("kind = 4", 1), &[Code::StreamSkips], true);
}

#[test]
fn members_and_digests_that_the_log_does_not_give_are_found() {
    finds("DELETE FROM member WHERE ord = 1", &[Code::MembersDiffer], true);
    finds("UPDATE member SET since_seq = since_seq + 1 WHERE ord = 1", &[Code::MembersDiffer], true);
    finds("UPDATE stream SET digest = zeroblob(16)", &[Code::StreamDigest], true);
}

#[test]
fn commands_without_their_changes_and_changes_without_their_command_are_found() {
    finds(
        "INSERT INTO command SELECT zeroblob(16), check_bytes, device, worker, 1, 0, 0, 0, NULL FROM command LIMIT 1",
        &[Code::CommandChanges],
        true,
    );
    finds("UPDATE command SET check_bytes = zeroblob(8)", &[Code::CommandChanges], true);
    finds("DELETE FROM command", &[Code::CommandMissing], true);
    finds("UPDATE command SET outcome = 4", &[Code::CommandMissing], true);
}

#[test]
fn an_audit_that_was_altered_is_found_and_its_row_named() {
    let (_dir, office) = office_with_a_ledger();
    damage(&office, "UPDATE audit SET what = 'nothing' WHERE id = 1");
    let problems = look(&office).problems;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert_eq!((problem.code, problem.subject.as_str()), (Code::AuditChain, "1"));
}
