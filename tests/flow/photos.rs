use crate::harness::clerk::Clerk;
use crate::harness::page::line;
use crate::harness::picture::{SECRET_IN_FILE, camera};
use crate::harness::slow_link::SlowLink;
use crate::harness::{Office, Phone, settle};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Forty kilobytes a second: a bad place in a stairwell.
const SLOW: u64 = 40_000;

/// A picture in a file beside this phone.
fn picture(phone: &Phone, name: &str, seed: u64) -> String {
    let path = phone.beside(name);
    fs::write(&path, camera(seed, 2_000, 1_500)).unwrap();
    path.to_string_lossy().into_owned()
}

/// A matter with two photos, reported without signal. Its id.
fn report(phone: &Phone, text: &str) -> String {
    let (one, two) = (picture(phone, "one.jpg", 1), picture(phone, "two.jpg", 2));
    let report =
        ["ticket", "report", "--category", "环境卫生", "--door", "1-1-202", text, "--photo", &one, "--photo", &two];
    phone.does(report)["ticket"].as_str().unwrap().to_owned()
}

/// The photos of a matter as this phone has them: name and bytes.
fn own(phone: &Phone, ticket: &str) -> Vec<(String, Vec<u8>)> {
    let out: PathBuf = phone.beside("out");
    let told = phone.does(["ticket", "photos", ticket, "--out", &out.to_string_lossy()]);
    let hashes = told.as_array().unwrap().iter().map(|photo| photo["hash"].as_str().unwrap().to_owned());
    hashes.map(|hash| (hash.clone(), fs::read(out.join(format!("{hash}.jpg"))).unwrap())).collect()
}

fn listed(clerk: &Clerk, ticket: &str) -> Value {
    clerk.asks(&format!("/v1/office/tickets/{ticket}/photos")).json()
}

/// The office shows the same bytes as the phone, as a picture and nothing else.
#[track_caller]
fn same_at(clerk: &Clerk, phone: &Phone, ticket: &str) {
    let list = listed(clerk, ticket);
    let own = own(phone, ticket);
    assert_eq!(list.as_array().unwrap().len(), own.len(), "{list}");
    for (hash, jpeg) in own {
        assert_eq!(line(&list, "hash", &hash)["whole"], true, "{list}");
        let seen = clerk.asks(&format!("/v1/office/tickets/{ticket}/photos/{hash}"));
        assert_eq!(seen.status, 200);
        assert!(seen.body == jpeg, "{hash}: not the bytes of the phone");
        for header in ["content-type: image/jpeg", "cache-control: no-store", "x-content-type-options: nosniff"] {
            assert!(seen.head.contains(header), "{header}: {}", seen.head);
        }
    }
}

#[test]
fn photos_arrive_whole_over_a_slow_link_that_breaks_ten_times_and_the_text_is_there_before_them() {
    let office = Office::with_ledger();
    let link = SlowLink::to(&office.wire.url(), SLOW);
    let wang = Phone::enrolled("马桂", &link.url(), &office.code("马桂"));
    wang.syncs();
    let clerk = Clerk::of(&office);
    let ticket = report(&wang, "楼道里堆了旧家具");

    let mut dice = fastrand::Rng::with_seed(7);
    let total: u64 = listed_size(&wang, &ticket);
    link.breaks_after((0..10).map(|_| total / 14 + dice.u64(0..total / 28)));
    let begun = link.up();
    let under_way = wang.begins_to_sync();
    link.broke();
    // The text is through, the first photo is not.
    let door = office.does(["door", "1-1-202"]);
    assert!(door.to_string().contains("楼道里堆了旧家具"), "{door}");
    let first = listed(&clerk, &ticket);
    assert_eq!(first.as_array().unwrap().len(), 2, "{first}");
    assert!(first.as_array().unwrap().iter().all(|photo| photo["whole"] == false), "{first}");
    under_way.ended();

    let mut syncs = 1;
    while wang.told(["sync"]).exit != 0 {
        syncs += 1;
        assert!(syncs < 20, "it goes on from where it was");
    }
    assert_eq!(link.breaks_left(), 0, "every break was one");
    let gone = link.up() - begun;
    assert!(gone < total * 2, "{gone} bytes for photos of {total}: what had arrived did not go again");
    same_at(&clerk, &wang, &ticket);
    let told = wang.does(["ticket", "photos", &ticket]);
    assert!(told.as_array().unwrap().iter().all(|photo| photo["state"] == "sent"), "{told}");
    settle(&office, &[&wang]);
}

fn listed_size(phone: &Phone, ticket: &str) -> u64 {
    let told = phone.does(["ticket", "photos", ticket]);
    told.as_array().unwrap().iter().map(|photo| photo["size"].as_u64().unwrap()).sum()
}

#[test]
fn where_a_picture_was_taken_stays_on_the_phone_and_nobody_on_the_way_sees_it() {
    let office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    let clerk = Clerk::of(&office);
    let ticket = report(&wang, "楼道里堆了旧家具");
    assert!(fs::read(wang.beside("one.jpg")).unwrap().windows(20).any(|w| w == &SECRET_IN_FILE.as_bytes()[..20]));
    settle(&office, &[&wang]);
    same_at(&clerk, &wang, &ticket);
    for (_, jpeg) in own(&wang, &ticket) {
        assert!(!jpeg.windows(4).any(|w| w == b"Exif"), "no metadata");
        assert!(!jpeg.windows(3).any(|w| w == b"GPS"));
        // It lay on its side, and stands upright now: its dark half is above.
        let picture = image::load_from_memory(&jpeg).unwrap().into_rgb8();
        assert!(picture.height() > picture.width() && picture.height() <= 1_600);
        assert!(picture.get_pixel(picture.width() / 2, 10).0[0] < picture.get_pixel(10, picture.height() - 10).0[0]);
    }
    // Sealed on the way, and at the office.
    let jpegs: Vec<Vec<u8>> = own(&wang, &ticket).into_iter().map(|(_, jpeg)| jpeg[600..640].to_vec()).collect();
    for carried in office.wire.carried() {
        // The last connections are the clerk's, who may see them.
        let asked = String::from_utf8_lossy(&carried.up[..carried.up.len().min(40)]).into_owned();
        let clerks = asked.starts_with("GET");
        assert!(clerks || !jpegs.iter().any(|piece| carried.up.windows(40).any(|w| w == &piece[..])), "{asked}");
    }
}

#[test]
fn a_phone_that_dies_while_a_photo_goes_sends_the_rest_when_it_lives_again() {
    let office = Office::with_ledger();
    let link = SlowLink::to(&office.wire.url(), 8 * SLOW);
    let wang = Phone::enrolled("马桂", &link.url(), &office.code("马桂"));
    wang.syncs();
    let clerk = Clerk::of(&office);
    let ticket = report(&wang, "楼道里堆了旧家具");
    link.breaks_after([listed_size(&wang, &ticket) / 3]);
    let under_way = wang.begins_to_sync();
    link.broke();
    under_way.dies();
    same_without_signal(&wang, &ticket);
    let report = wang.syncs();
    assert_eq!(report["photos_left"], 0, "{report}");
    same_at(&clerk, &wang, &ticket);
    settle(&office, &[&wang]);
}

/// Both photos are on the phone, whatever the office has.
fn same_without_signal(phone: &Phone, ticket: &str) {
    assert_eq!(own(phone, ticket).len(), 2);
}

#[test]
fn an_office_that_lost_its_disk_gets_the_photos_again_and_keeps_those_of_its_backup() {
    let mut office = Office::with_ledger();
    let wang = office.phone("马桂");
    wang.syncs();
    let before = report(&wang, "备份以前的");
    settle(&office, &[&wang]);
    let backup = office.beside("backup.db").to_string_lossy().into_owned();
    let told = office.does(["backup", "--to", &backup]);
    assert_eq!(told["photos"], 2, "{told}");
    let after = report(&wang, "备份以后的");
    settle(&office, &[&wang]);

    office.kill();
    let lost = office.beside("lost");
    fs::rename(office.data(), &lost).unwrap();
    office.does(["restore", "--from", &backup, "--key", &lost.join("community.key").to_string_lossy()]);
    office.serve();
    let clerk = Clerk::of(&office);
    let kept = listed(&clerk, &before);
    assert!(kept.as_array().unwrap().iter().all(|photo| photo["whole"] == true), "{kept}");

    settle(&office, &[&wang]);
    same_at(&clerk, &wang, &before);
    same_at(&clerk, &wang, &after);
}
