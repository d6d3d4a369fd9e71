//! One lie each, told slowly enough to be looked at.

use crate::aftermath;
use crate::honest::Honest;
use crate::judge;
use crate::liar::{Liar, Scene, Told};
use crate::line::{Line, request};
use crate::phone::{Phone, Town};
use crate::staff;
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::{DeviceId, Role};
use qiaomen_proto::limits::{REQUEST_BYTES_MAX, REQUESTS_PER_DEVICE_AND_MINUTE_MAX, WALL_MS_MAX};
use qiaomen_proto::seal::KeyBundle;
use qiaomen_proto::wire::auth::HEADER;
use qiaomen_proto::wire::batch::Form;
use qiaomen_proto::wire::enrol::ENROL_PATH;
use qiaomen_proto::wire::envelope::pack;
use qiaomen_proto::wire::pull::{Directive, Outcome};
use qiaomen_proto::wire::push::SYNC_PATH;
use qiaomen_server::http::{Bounds, Serving, serve_on_within};
use qiaomen_server::people::attempts::WRONG_CODES_PER_SOURCE_MAX;
use qiaomen_server::people::{devices, enrol_code};
use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::Ordering;

/// The id of the device that a phone of this number has.
pub(crate) fn device_of(number: u8) -> DeviceId {
    DeviceId::from_bytes([100 + number; 16])
}

/// A town whose office serves.
pub(crate) struct Served {
    runtime: tokio::runtime::Runtime,
    serving: Option<Serving>,
    pub(crate) at: SocketAddr,
    pub(crate) town: Town,
}

impl Served {
    pub(crate) fn within(bounds: Bounds) -> Self {
        let town = Town::new();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (at, serving) = runtime.block_on(serve_on_within(town.office.clone(), "127.0.0.1:0", bounds)).unwrap();
        Self { runtime, serving: Some(serving), at, town }
    }
    pub(crate) fn scene(&self) -> Scene<'_> {
        let foreign = vec![self.town.door(1, "101").into()];
        Scene { town: &self.town, at: self.at, foreign, actors: Vec::new(), token: String::new() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            // The test is over; so is whatever still waits.
            let _ = self.runtime.block_on(serving.stop());
        }
    }
}

#[test]
fn a_request_said_many_times_at_once_is_taken_once() {
    const TIMES: usize = 16;
    let served = Served::within(Bounds::default());
    let mut wang: Phone = served.town.phone(1, Role::GridWorker, 0);
    wang.register_door(&served.town, 0, "101");
    let (signed, body) = wang.request();
    let header = signed.to_text();
    let bytes = request("POST", SYNC_PATH, &[(HEADER, &header)], &body);
    let together = Barrier::new(TIMES);
    let answers: Vec<_> = std::thread::scope(|all| {
        let one = || {
            let mut line = Line::new(served.at);
            together.wait();
            line.ask(&bytes).unwrap()
        };
        let asked: Vec<_> = (0..TIMES).map(|_| all.spawn(one)).collect();
        asked.into_iter().map(|a| a.join().unwrap()).collect()
    });
    let (taken, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.status == 200);
    assert_eq!((taken.len(), refused.len()), (1, TIMES - 1));
    for answer in refused {
        assert_eq!(judge::refusal(answer), Ok(Code::Replayed));
        assert_eq!(answer.json()["counter"], signed.counter);
    }
    aftermath::the_office_is_whole(&served.town);
}

#[test]
fn who_guesses_enrolment_codes_is_stopped_and_a_true_code_goes_through_meanwhile() {
    let served = Served::within(Bounds::default());
    staff::hire(&served.town, 9, "王建国", Role::GridWorker, &[0]);
    let code = enrol_code(&served.town.office, "王建国", None, served.town.office.own_worker()).unwrap().code;
    let mut line = Line::new(served.at);
    let mut enrol = |from: &str, code: &str, number: u8| {
        let headers = [("X-Forwarded-For", from)];
        line.ask(&request("POST", ENROL_PATH, &headers, &pack(&staff::request(code, number)))).unwrap()
    };
    for n in 0..WRONG_CODES_PER_SOURCE_MAX {
        let guess = enrol("203.0.113.5", &format!("AAAA-BBBB-{n:04}"), 7);
        assert_eq!(judge::refusal(&guess), Ok(Code::EnrolCode), "guess {n}");
    }
    let stopped = enrol("203.0.113.5", "AAAA-BBBB-9999", 7);
    assert_eq!(judge::refusal(&stopped), Ok(Code::TooMany));
    assert!(stopped.header("retry-after").is_some());
    assert_eq!(enrol("203.0.113.6", &code.to_string(), 8).status, 200);
}

#[test]
fn a_device_that_asks_in_a_circle_is_told_to_wait_and_the_honest_sync_beside_it() {
    let served = Served::within(Bounds::default());
    let mut honest = Honest::enrolled(&served.town, served.at, 41, "李秀英", 1);
    let scene = served.scene();
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    let nothing = KeyBundle::default();
    let mut told = std::collections::BTreeMap::<Code, u32>::new();
    for _ in 0..REQUESTS_PER_DEVICE_AND_MINUTE_MAX + 50 {
        let request = pack(&liar.asking(Vec::new(), &nothing));
        // The office's time stands still: as fast as nobody is.
        served.town.around.now_ms.fetch_sub(crate::liar::REQUEST_MS, Ordering::SeqCst);
        if let Told::Refused(code) = liar.send(request).unwrap() {
            *told.entry(code).or_default() += 1;
        }
    }
    assert!(told.get(&Code::TooOften).is_some_and(|n| *n >= 50) && told.len() == 1, "{told:?}");
    honest.works();
    honest.comes_home();
    served.town.around.now_ms.fetch_add(1_000, Ordering::SeqCst);
    liar.is_honest().unwrap();
    aftermath::the_office_is_whole(&served.town);
}

#[test]
fn a_device_whose_access_was_taken_back_writes_nothing_and_its_work_is_kept_for_a_person() {
    let served = Served::within(Bounds::default());
    let scene = served.scene();
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    assert!(devices::revoke(&served.town.office, device_of(20), served.town.office.own_worker()).unwrap());
    let before = served.town.office.store().read(|tx| tx.change_list()).unwrap();
    for _ in 0..20 {
        let command = liar.any_honest_command();
        let id = command.stamp.command;
        let (batch, keys) = liar.written(&[command], Form::Short).unwrap();
        let mut request = liar.asking(batch, &keys);
        request.wants_feed = true;
        request.reference_version = 0;
        let reply = liar.send_commands(&request, &[id]).unwrap().unwrap();
        assert_eq!(reply.verdicts[0].outcome, Outcome::Quarantined);
        assert_eq!(reply.verdicts[0].code, Code::Revoked.number());
        assert_eq!(reply.directives, [Directive::Wipe]);
        assert!(reply.batch.is_empty() && reply.keys.is_empty() && reply.reference.is_empty(), "nothing is handed out");
    }
    assert_eq!(served.town.office.store().read(|tx| tx.change_list()).unwrap(), before);
    let held = served.town.office.store().read(|tx| tx.quarantine(Some("held"))).unwrap();
    assert_eq!(held.len(), liar.held.len());
}

#[test]
fn a_time_that_no_calendar_knows_is_refused_and_the_last_that_one_knows_is_taken() {
    let served = Served::within(Bounds::default());
    let scene = served.scene();
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    for (wall_ms, expected) in [
        (WALL_MS_MAX, (Outcome::Applied, 0)),
        (WALL_MS_MAX + 1, (Outcome::Rejected, Code::ValueBounds.number())),
        (u64::MAX, (Outcome::Rejected, Code::ValueBounds.number())),
    ] {
        let mut command = liar.matter();
        command.stamp.at.wall_ms = wall_ms;
        command.changes[0].stamp = command.stamp;
        let id = command.stamp.command;
        let (batch, keys) = liar.written(&[command], Form::Short).unwrap();
        let request = liar.asking(batch, &keys);
        let reply = liar.send_commands(&request, &[id]).unwrap().unwrap();
        assert_eq!((reply.verdicts[0].outcome, reply.verdicts[0].code), expected, "{wall_ms}");
    }
    // What stands in rows is what stands in documents.
    aftermath::the_office_is_whole(&served.town);
}

#[test]
fn a_cursor_from_nowhere_gets_an_answer() {
    let served = Served::within(Bounds::default());
    let scene = served.scene();
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    let honest = qiaomen_server::feed::cursor::Cursor::from_bytes(&liar.phone.cursor).unwrap();
    for seq in [0, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1] {
        for loaded_to in [None, Some(i64::MAX), Some(i64::MIN)] {
            let mut cursor = honest.clone();
            for at in &mut cursor.streams {
                (at.seq, at.loaded_to) = (seq, loaded_to);
            }
            let mut request = liar.asking(Vec::new(), &KeyBundle::default());
            (request.cursor, request.wants_feed) = (cursor.to_bytes(), true);
            let Told::Taken(reply) = liar.send(pack(&request)).unwrap() else { panic!("{seq} is refused") };
            assert!(!reply.streams.is_empty(), "a feed is made for {seq} {loaded_to:?}");
        }
    }
}

#[test]
fn who_sends_far_too_much_still_hears_why() {
    let served = Served::within(Bounds::default());
    for megabytes in [2, 8, 32] {
        let mut wang = served.town.phone(megabytes, Role::GridWorker, 0);
        let (signed, body) = wang.sign(vec![0; usize::from(megabytes) * REQUEST_BYTES_MAX]);
        let header = signed.to_text();
        let headers = [(HEADER, header.as_str())];
        for bytes in
            [request("POST", SYNC_PATH, &headers, &body), crate::line::in_pieces("POST", SYNC_PATH, &headers, &body)]
        {
            let answer = Line::new(served.at).ask(&bytes).unwrap();
            assert_eq!(judge::refusal(&answer), Ok(Code::TooLarge), "{megabytes} MB");
        }
        // Somebody who is refused before the body is looked at hears it too.
        let unsigned = request("POST", SYNC_PATH, &[], &body);
        assert_eq!(judge::refusal(&Line::new(served.at).ask(&unsigned).unwrap()), Ok(Code::NotSigned));
        let nowhere = request("POST", "/v1/nowhere", &[], &body);
        assert_eq!(judge::refusal(&Line::new(served.at).ask(&nowhere).unwrap()), Ok(Code::NotFound));
    }
}

#[test]
fn each_lie_is_told_once_and_the_next_honest_sync_goes_through() {
    let served = Served::within(Bounds::default());
    let mut honest = Honest::enrolled(&served.town, served.at, 41, "李秀英", 1);
    honest.works();
    honest.syncs();
    let mut scene = served.scene();
    let rows = served.town.office.store().read(|tx| tx.change_list()).unwrap();
    scene.foreign = rows.iter().map(|row| row.doc).collect();
    scene.actors = vec![served.town.office.store().read(|tx| tx.change(rows[0].id)).unwrap().actor];
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    for lie in crate::commands::LIES {
        for _ in 0..4 {
            liar.tells(lie).unwrap_or_else(|e| panic!("“{}”: {e}", lie.0));
        }
        liar.is_honest().unwrap_or_else(|e| panic!("after “{}”: {e}", lie.0));
    }
    honest.comes_home();
    aftermath::the_office_is_whole(&served.town);
    aftermath::nobody_wrote_what_is_not_theirs(&served.town, &[device_of(20)].into());
    aftermath::nothing_honest_is_lost(&served.town, &honest);
}

#[test]
fn false_pieces_of_photos_and_photos_that_cannot_be_harm_nobody() {
    const PIECES: u32 = 2_000;
    let served = Served::within(Bounds::default());
    let mut honest = Honest::enrolled(&served.town, served.at, 41, "李秀英", 1);
    honest.works();
    let scene = served.scene();
    let mut liar = Liar::new(&scene, 20, Role::GridWorker, 1);
    for n in 0..PIECES {
        liar.brings_a_false_piece().unwrap_or_else(|e| panic!("piece {n}: {e}"));
        if n % 20 == 0 {
            liar.is_honest().unwrap();
            liar.names_an_odd_photo().unwrap_or_else(|e| panic!("record {n}: {e}"));
            liar.is_honest().unwrap();
        }
    }
    let told = |what: &str| liar.answers.get(what).copied().unwrap_or(0);
    assert!(told("photo part") > 100 && told("photo photo_damaged") > 0, "{:?}", liar.answers);
    honest.comes_home();
    aftermath::the_office_is_whole(&served.town);
    aftermath::nothing_honest_is_lost(&served.town, &honest);
}
