//! The documents as files: all of them, each whole, into an empty folder only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::ledger::{damage, look, office_with_a_ledger};
use automerge::{Automerge, ReadDoc};
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_server::export::{ExportError, export_documents};
use std::collections::BTreeSet;
use std::path::Path;

/// `<kind>/<file>` of everything in the folder.
fn files(out: &Path) -> BTreeSet<String> {
    let names = |dir: &Path| -> Vec<String> {
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    names(out)
        .into_iter()
        .flat_map(|kind| names(&out.join(&kind)).into_iter().map(move |file| format!("{kind}/{file}")))
        .collect()
}

#[test]
fn every_document_is_a_file_that_any_automerge_opens() {
    let (dir, office) = office_with_a_ledger();
    let out = dir.path().join("out");
    let mut told = Vec::new();
    let report = export_documents(&office, &out, &mut |done, total| told.push((done, total))).unwrap();
    assert_eq!(told.last(), Some(&(6, 6)));
    assert_eq!(
        report.documents.iter().map(|(kind, n)| format!("{kind} {n}")).collect::<Vec<_>>(),
        ["diary 1", "household 2", "resident 2", "ticket 1"]
    );
    let documents: Vec<DocId> = office.store().read(|tx| tx.documents()).unwrap();
    assert_eq!(
        files(&out),
        documents.iter().map(|doc| format!("{}/{}.automerge", doc.kind.name(), doc.uuid)).collect()
    );
    let mut bytes = 0;
    for doc in documents {
        let file = std::fs::read(out.join(format!("{doc}.automerge"))).unwrap();
        bytes += file.len() as u64;
        #[allow(clippy::disallowed_methods, reason = "as a stranger opens it")]
        let opened = Automerge::load(&file).unwrap();
        let (_, fields) = opened.get(automerge::ROOT, "fields").unwrap().unwrap();
        assert!(opened.keys(&fields).count() > 0);
    }
    assert_eq!(report.bytes, bytes);
}

#[test]
fn no_exported_file_tells_a_name_or_a_number() {
    let (dir, office) = office_with_a_ledger();
    let out = dir.path().join("out");
    export_documents(&office, &out, &mut |_, _| {}).unwrap();
    for file in files(&out) {
        let bytes = std::fs::read(out.join(&file)).unwrap();
        for secret in ["王建国", "李秀兰", "11010519491231002X", "13669074391", "1952-03-04", "楼道灯不亮"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{file}");
        }
    }
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let (dir, office) = office_with_a_ledger();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("letter.txt"), "dear").unwrap();
    assert!(matches!(export_documents(&office, &out, &mut |_, _| {}), Err(ExportError::NotEmpty { .. })));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    std::fs::remove_file(out.join("letter.txt")).unwrap();
    export_documents(&office, &out, &mut |_, _| {}).unwrap();
    assert!(matches!(export_documents(&office, &out, &mut |_, _| {}), Err(ExportError::NotEmpty { .. })), "nor twice");
    assert!(matches!(
        export_documents(&office, &out.join("household"), &mut |_, _| {}),
        Err(ExportError::NotEmpty { .. })
    ));
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(export_documents(&office, &file, &mut |_, _| {}), Err(ExportError::Write { .. })));
}

#[test]
fn a_document_that_cannot_be_made_is_named() {
    let (dir, office) = office_with_a_ledger();
    damage(&office, "UPDATE change SET stored = x'00' WHERE substr(doc, 1, 1) = x'03'");
    let failed = export_documents(&office, &dir.path().join("out"), &mut |_, _| {}).unwrap_err();
    assert!(matches!(&failed, ExportError::Read { doc, .. } if doc.kind == Kind::Ticket), "{failed}");
    assert!(!look(&office).is_clean());
}
