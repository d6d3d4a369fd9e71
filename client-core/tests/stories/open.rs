use crate::support::host::TestHost;
use crate::support::{MORNING_MS, PIN, World};
use qiaomen_client::{Device, Host, OpenError};
use std::fs;
use std::path::Path;
use std::time::Duration;

fn host() -> TestHost {
    TestHost::new("opener", MORNING_MS)
}
fn open(folder: &Path, pin: &str, host: &TestHost) -> Result<Device, OpenError> {
    Device::open(folder, pin, Box::new(host.clone()))
}
fn made() -> (tempfile::TempDir, TestHost) {
    let (folder, host) = (tempfile::tempdir().unwrap(), host());
    Device::create(folder.path(), PIN, Box::new(host.clone())).unwrap();
    (folder, host)
}

#[test]
fn an_empty_folder_is_no_device() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(open(folder.path(), PIN, &host()), Err(OpenError::NotHere)));
}

#[test]
fn a_second_device_is_not_made_over_the_first() {
    let (folder, host) = made();
    assert!(matches!(Device::create(folder.path(), PIN, Box::new(host.clone())), Err(OpenError::AlreadyHere)));
    assert!(matches!(Device::create(folder.path(), "1234", Box::new(host)), Err(OpenError::PinTooShort)));
}

#[test]
fn two_programs_do_not_open_one_device_at_once() {
    let (folder, host) = made();
    let first = open(folder.path(), PIN, &host).unwrap();
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::InUse)));
    drop(first);
    open(folder.path(), PIN, &host).unwrap();
}

#[test]
fn a_wrong_pin_is_counted_and_the_right_one_starts_the_count_again() {
    let (folder, host) = made();
    for left in [9, 8] {
        assert!(matches!(open(folder.path(), "000000", &host), Err(OpenError::WrongPin { left: l, .. }) if l == left));
    }
    open(folder.path(), PIN, &host).unwrap();
    assert!(matches!(open(folder.path(), "000000", &host), Err(OpenError::WrongPin { left: 9, .. })));
}

#[test]
fn after_three_wrong_pins_one_waits_and_after_ten_the_device_is_locked() {
    let (folder, host) = made();
    for _ in 0..3 {
        open(folder.path(), "000000", &host).unwrap_err();
    }
    let Err(OpenError::LockedOut { wait: Some(wait), left: 7 }) = open(folder.path(), PIN, &host) else { panic!() };
    assert_eq!(wait, Duration::from_secs(30));
    let said = open(folder.path(), PIN, &host).unwrap_err().sentence();
    assert_eq!(said.text(), "试错太多次，请过 30 秒再试；还可以试 7 次。");
    // A clock that is set back skips nothing.
    host.set(MORNING_MS - 86_400_000);
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::LockedOut { wait: Some(_), .. })));
    host.set(MORNING_MS);
    for _ in 3..10 {
        host.advance(3_600_000);
        open(folder.path(), "000000", &host).unwrap_err();
    }
    host.advance(365 * 86_400_000);
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::LockedOut { wait: None, .. })));
}

#[test]
fn a_key_of_another_device_is_told_from_a_damaged_database() {
    let (folder, host) = made();
    let (other, _) = (tempfile::tempdir().unwrap(), ());
    let stranger = TestHost::new("stranger", MORNING_MS);
    Device::create(other.path(), PIN, Box::new(stranger)).unwrap();
    fs::copy(other.path().join("keystore.json"), folder.path().join("keystore.json")).unwrap();
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::WrongKey)));
    assert!(folder.path().join("field.db").exists(), "nothing was set aside");
}

#[test]
fn a_damaged_key_store_is_no_wrong_pin() {
    let (folder, host) = made();
    let path = folder.path().join("keystore.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"wrapped\": \"", "\"wrapped\": \"A")).unwrap();
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::KeystoreDamaged)));
    fs::write(&path, "{").unwrap();
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::KeystoreDamaged)));
    fs::remove_file(&path).unwrap();
    assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::KeystoreDamaged)));
}

#[test]
fn a_lost_fingerprint_is_written_again() {
    let (folder, host) = made();
    let path = folder.path().join("key.check");
    let before = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    open(folder.path(), PIN, &host).unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
}

fn damage(path: &Path, at: f64) {
    let mut bytes = fs::read(path).unwrap();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = (bytes.len() as f64 * at) as usize;
    for byte in &mut bytes[at..at + 64] {
        *byte ^= 0x5a;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_database_is_set_aside_and_the_rescue_file_remains() {
    for at in [0.0, 0.5, 0.9] {
        let world = World::new();
        let mut li = world.ready("李");
        let door = li.door("101");
        li.visit(door, "一切都好");
        let rescued = li.device.rescue_file().commands().unwrap();
        assert_eq!(rescued.len(), 2);
        let (folder, host) = (li.folder, li.host.clone());
        drop(li.device);
        damage(&folder.path().join("field.db"), at);
        let before = fs::read(folder.path().join("field.db")).unwrap();
        let Err(OpenError::DatabaseDamaged { kept }) = open(folder.path(), PIN, &host) else {
            panic!("damage at {at}")
        };
        assert_eq!(fs::read(kept).unwrap(), before, "it is kept as it was");
        assert!(folder.path().join("rescue.qmr").metadata().unwrap().len() > 0);
        assert!(matches!(open(folder.path(), PIN, &host), Err(OpenError::DatabaseMissing)));
        // A new device can be made here; nothing of the old one is lost by it.
        Device::create(folder.path(), PIN, Box::new(host.clone())).unwrap();
        let names: Vec<String> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        for kind in ["field.db.damaged", "rescue.qmr.earlier", "keystore.json.earlier"] {
            assert!(names.iter().any(|n| n.starts_with(kind)), "{kind} of {names:?}");
        }
    }
}

#[test]
fn nothing_personal_stands_in_any_file_in_the_clear() {
    let world = World::new();
    let mut li = world.ready("李");
    let door = li.door("101");
    li.resident(door, "欧阳若兰", "13800138000");
    li.visit(door, "欧阳若兰说水管漏水");
    li.sync();
    li.visit(door, "欧阳若兰说修好了");
    drop(li.device);
    for file in fs::read_dir(li.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for secret in ["欧阳若兰", "13800138000", "水管"] {
            assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} in {path:?}");
        }
    }
    // On the wire neither.
    for request in &li.line.requests {
        let plain = zstd::decode_all(request.as_slice()).unwrap();
        assert!(!plain.windows("欧阳".len()).any(|w| w == "欧阳".as_bytes()));
    }
}

#[test]
fn the_host_of_a_test_is_a_host() {
    let mut a = [0; 4];
    host().random(&mut a).unwrap();
    assert_ne!(a, [0; 4]);
}
