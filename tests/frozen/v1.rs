use crate::world::{PIN, Time, seen, syncs};
use qiaomen_client::{Device, Intent};
use qiaomen_proto::entity::record::Outcome;
use qiaomen_proto::ids::HouseholdId;
use qiaomen_server::office::Office;
use qiaomen_server::review::{list_conflicts, list_quarantine, read_rescue, release};
use qiaomen_server::verify::verify;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files, copied to where they can be written.
struct Files {
    folder: tempfile::TempDir,
    seen: Value,
    time: Time,
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/v1")
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, home) = (folder.path().join("office"), folder.path().join("home"));
        fs::create_dir_all(&data).unwrap();
        fs::create_dir_all(&home).unwrap();
        let database = zstd::decode_all(fs::File::open(kept().join("office.db.zst")).unwrap()).unwrap();
        fs::write(data.join("office.db"), database).unwrap();
        fs::copy(kept().join("community.key"), data.join("community.key")).unwrap();
        for name in ["field.db", "keystore.json", "key.check", "rescue.qmr"] {
            fs::copy(kept().join("home").join(name), home.join(name)).unwrap();
        }
        let seen: Value = serde_json::from_slice(&fs::read(kept().join("seen.json")).unwrap()).unwrap();
        let time = Time::at(seen["now_ms"].as_u64().unwrap());
        Self { folder, seen, time }
    }
    fn office(&self) -> Office {
        Office::open_with(&self.folder.path().join("office"), Arc::new(self.time.clone())).unwrap()
    }
    fn device(&self) -> Device {
        Device::open(&self.folder.path().join("home"), PIN, Box::new(self.time.clone())).unwrap()
    }
}

#[test]
fn an_office_and_a_phone_of_the_first_release_show_what_they_showed() {
    let files = Files::new();
    let (office, device) = (files.office(), files.device());
    let mut now = seen(&office, &device);
    now["now_ms"] = files.seen["now_ms"].clone();
    assert_eq!(now, files.seen);
    assert_eq!(now["problems"], serde_json::json!([]));
    let states: Vec<String> = list_conflicts(&office, None).unwrap().into_iter().map(|c| c.state).collect();
    for state in ["open", "decided"] {
        assert!(states.iter().any(|s| s == state), "{states:?}");
    }
}

#[test]
fn they_finish_their_evening_with_today_s_programs() {
    let files = Files::new();
    let (office, mut wang) = (files.office(), files.device());
    files.time.passes(3 * 24 * 60);
    let door: HouseholdId = wang.doors(&Default::default()).unwrap()[0].household.parse().unwrap();
    let unsent = wang.unacknowledged().unwrap().len();
    wang.edit(Intent::Visit { household: door, outcome: Outcome::Met, note: Some("三天后又来".to_owned()) }).unwrap();
    let report = syncs(&mut wang, &office);
    assert_eq!(report.applied, u64::try_from(unsent + 1).unwrap(), "{report:?}");
    assert!(wang.outbox().unwrap().is_empty());
    assert!(verify(&office, &mut |_, _| {}).is_clean());
    assert!(wang.door(door).unwrap().visits.iter().any(|v| v.note.as_deref() == Some("三天后又来")));
    // What the office had kept it can still let in.
    let held = list_quarantine(&office, Some("held")).unwrap();
    assert_eq!(held.len(), 1);
    release(&office, held[0].id, office.own_worker()).unwrap();
    assert!(verify(&office, &mut |_, _| {}).is_clean());
    syncs(&mut wang, &office);
    // And both open once more.
    drop((wang, office));
    let (office, mut wang) = (files.office(), files.device());
    syncs(&mut wang, &office);
}

#[test]
fn the_rescue_file_of_the_first_release_is_read_without_its_phone() {
    let files = Files::new();
    let office = files.office();
    let file = fs::read(files.folder.path().join("home/rescue.qmr")).unwrap();
    let view = read_rescue(&office, &file, office.own_worker()).unwrap();
    assert_eq!((view.damaged_bytes, view.unreadable.len()), (0, 0));
    assert_eq!(view.commands.len(), files.seen["outbox"].as_array().unwrap().len());
    assert!(view.commands.iter().all(|c| c.state == "missing"), "{view:#?}");
    let words = format!("{view:?}");
    assert!(words.contains("郑守拙") && words.contains("井盖松动"), "{words}");
}
