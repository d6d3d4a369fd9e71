use super::super::clock::Clock;
use super::*;
use crate::support::{PIN, Phone, World};
use qiaomen_proto::wire::enrol_link::EnrolLink;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A clock that moves when told.
#[derive(Debug, Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Hand {
    fn moves(&self, by: Duration) {
        self.0.fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn house(home: &Path) -> (House, Hand, Receiver<()>) {
    let hand = Hand::default();
    let guard = Guard::at(([127, 0, 0, 1], 4711).into()).unwrap();
    let (house, woken) = House::at(home, guard, Box::new(hand.clone())).unwrap();
    (house, hand, woken)
}

fn looks(house: &House, target: &str) -> String {
    String::from_utf8(house.answer(Request::get(target).unwrap()).body).unwrap()
}

fn does(house: &House, target: &str, form: &str) -> Response {
    house.answer(Request::post(target, form).unwrap())
}

fn asks_for_the_pin(page: &str) -> bool {
    page.contains("action=\"/unlock\"")
}

/// A folder with a device that is nobody's yet.
fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Device::create(folder.path(), PIN, Box::new(SystemHost)).unwrap();
    folder
}

/// The number of the first form on a page that leads there.
fn number_of(page: &str, action: &str) -> String {
    let form = page.split(&format!("action=\"{action}\"")).nth(1).expect("a form");
    form.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a number").to_owned()
}

fn unsent(house: &House) -> usize {
    let Held::Open(device) = &house.inside().held else { panic!("locked") };
    device.unacknowledged().unwrap().len()
}

#[test]
fn a_phone_that_nobody_touches_asks_for_the_pin_and_then_does_what_was_interrupted() {
    let world = World::new();
    let mut phone = world.ready("李");
    let door = phone.door("101");
    phone.sync();
    let Phone { device, folder, .. } = phone;
    drop(device);
    let (house, hand, _woken) = house(folder.path());
    does(&house, UNLOCK_PATH, &format!("pin={PIN}"));
    let page = looks(&house, &format!("/door/{door}"));
    let visit = format!("/door/{door}/visit");
    let form = format!("once={}&outcome=met", number_of(&page, &visit));
    assert_eq!(does(&house, &visit, &form).status, 303);
    assert_eq!(unsent(&house), 1);

    // A touch starts the time again; the line that a script asks for is none.
    let almost = LOCK_AFTER.checked_sub(Duration::from_millis(1)).unwrap();
    hand.moves(almost);
    let page = looks(&house, &format!("/door/{door}"));
    let form = format!("once={}&outcome=not_home", number_of(&page, &visit));
    hand.moves(almost);
    assert!(!asks_for_the_pin(&looks(&house, NO_TOUCH)));
    hand.moves(Duration::from_millis(1));
    // A page that is open is told to make way: it may show what nobody is to read who finds the phone.
    let told = house.answer(Request::get(NO_TOUCH).unwrap());
    assert_eq!((told.status, told.location.as_deref()), (303, Some("/")), "the time is over");
    assert!(asks_for_the_pin(&looks(&house, &format!("/door/{door}"))));

    // What somebody was just sending waits for the PIN; a wrong one neither does nor loses it.
    assert_eq!(does(&house, &visit, &form).location.as_deref(), Some("/"));
    let asked = looks(&house, "/");
    assert!(asks_for_the_pin(&asked) && asked.contains("刚才的那一笔还在"));
    assert_eq!(does(&house, UNLOCK_PATH, "pin=000000").status, 401);
    assert_eq!(does(&house, UNLOCK_PATH, &format!("pin={PIN}")).status, 303);
    assert_eq!(unsent(&house), 2, "what was done before is there, and what was interrupted");
}

#[test]
fn a_page_that_is_open_makes_way_where_the_device_was_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let (house, _, _woken) = house(folder.path());
    let told = house.answer(Request::get(NO_TOUCH).unwrap());
    assert_eq!((told.status, told.location.as_deref()), (303, Some("/")));
}

#[test]
fn a_sync_under_way_is_not_locked_away() {
    let folder = home();
    let (house, hand, _woken) = house(folder.path());
    does(&house, UNLOCK_PATH, &format!("pin={PIN}"));
    house.inside().state.sync = SyncNow::Running(qiaomen_client::SyncProgress::default());
    hand.moves(LOCK_AFTER);
    house.lock_if_idle();
    assert!(matches!(house.inside().held, Held::Open(_)));
    house.inside().state.sync = SyncNow::Idle;
    house.lock_if_idle();
    assert!(matches!(house.inside().held, Held::Locked));
}

#[test]
fn wrong_pins_are_counted_through_the_page_and_then_even_the_right_one_waits() {
    let folder = home();
    let (house, _, _woken) = house(folder.path());
    for left in [9, 8, 7] {
        let page = String::from_utf8(does(&house, UNLOCK_PATH, "pin=000000").body).unwrap();
        assert!(page.contains(&format!("还可以试 {left} 次")), "{page}");
    }
    // The wait is said with the attempt that brings it on, and the count with the wait.
    let page = String::from_utf8(does(&house, UNLOCK_PATH, "pin=000000").body).unwrap();
    assert!(page.contains("还可以试 7 次") && page.contains(" 秒再试"), "{page}");
    assert_eq!(does(&house, UNLOCK_PATH, &format!("pin={PIN}")).status, 401);
    assert!(matches!(house.inside().held, Held::Locked));
    // Starting the program again does not begin the count again.
    drop(house);
    let (house, _, _woken) = self::house(folder.path());
    assert_eq!(does(&house, UNLOCK_PATH, &format!("pin={PIN}")).status, 401);
}

#[test]
fn while_the_code_is_on_its_way_other_pages_are_answered_and_a_second_touch_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (house, _, _woken) = house(folder.path());
    // An office that takes the question and answers when the story says so.
    let office = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let server = format!("http://{}", office.local_addr().unwrap());
    let link = EnrolLink { server, code: "ABCD-EFGH-JKLM".to_owned() }.to_string();
    let fields = [("link", link.as_str()), ("pin", PIN), ("again", PIN)];
    let form: Vec<String> = fields.iter().map(|(n, v)| format!("{n}={}", escaped(v))).collect();
    let form = form.join("&");
    std::thread::scope(|both| {
        let first = both.spawn(|| does(&house, BEGIN_PATH, &form));
        let (line, _) = office.accept().unwrap();
        let mut asked = String::new();
        BufReader::new(&line).read_line(&mut asked).unwrap();
        assert!(asked.starts_with("POST "), "{asked}");

        assert!(looks(&house, "/").contains("登记码正在送往社区"));
        assert_eq!(does(&house, BEGIN_PATH, &form).location.as_deref(), Some("/"));
        office.set_nonblocking(true).unwrap();
        assert!(office.accept().is_err(), "one question is under way, not two");

        // The line breaks: it is said, and the same code may be given again.
        line.shutdown(std::net::Shutdown::Both).unwrap();
        assert_eq!(first.join().unwrap().location.as_deref(), Some("/"));
    });
    let page = looks(&house, "/");
    assert!(page.contains("action=\"/begin\"") && page.contains("role=\"alert\""), "{page}");
}

#[test]
fn of_a_code_without_an_address_only_the_address_is_asked_and_the_pin_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (house, _, _woken) = house(folder.path());
    let code = "7F3K-9QXM-2B4C";
    // The PINs differ: the code is not lost.
    let page = does(&house, BEGIN_PATH, &format!("link={code}&pin={PIN}&again=000000"));
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("两次输入的解锁码不一样") && page.contains(&format!("value=\"{code}\"")), "{page}");
    assert_eq!(does(&house, BEGIN_PATH, &format!("code={code}&pin={PIN}&again={PIN}")).location.as_deref(), Some("/"));
    let asked = |page: &str| {
        page.contains("还差社区服务的地址")
            && page.contains(&format!("value=\"{code}\""))
            && !page.contains("name=\"pin\"")
    };
    let page = looks(&house, "/");
    assert!(asked(&page) && !page.contains("name=\"link\""), "{page}");
    // An address at which nobody answers: it stands there with the code, to be mended.
    let nobody = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    assert_eq!(does(&house, BEGIN_PATH, &format!("server={nobody}&code={code}")).location.as_deref(), Some("/"));
    let page = looks(&house, "/");
    assert!(page.contains("role=\"alert\"") && page.contains(&format!("value=\"{nobody}\"")), "{page}");
    assert!(page.contains(&format!("value=\"{code}\"")), "{page}");
}

fn escaped(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[test]
fn two_devices_of_one_machine_keep_language_and_letters_apart_and_one_keeps_them_over_starts() {
    let (one, other) = (home(), home());
    let name = |folder: &Path| house(folder).0.view_cookie;
    assert_ne!(name(one.path()), name(other.path()));
    assert_eq!(name(one.path()), name(one.path()));
    let path = one.path().to_string_lossy().into_owned();
    assert!(!path.split('/').any(|part| part.len() > 2 && name(one.path()).contains(part)), "no name of a folder");
}
