use super::super::clock::Clock;
use super::*;
use qiaomen_proto::wire::enrol_link::EnrolLink;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const PIN: &str = "246810";

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

/// A folder with a device of the book's first worker, with something in it.
fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Device::create(folder.path(), PIN, Box::new(SystemHost)).unwrap();
    folder
}

#[test]
fn a_phone_that_nobody_touches_asks_for_the_pin_and_does_then_what_was_interrupted() {
    let folder = home();
    let (house, hand, _woken) = house(folder.path());
    does(&house, UNLOCK_PATH, &format!("pin={PIN}"));
    assert!(!asks_for_the_pin(&looks(&house, "/")));

    // A touch starts the time again; the line that a script asks for is none.
    hand.moves(LOCK_AFTER - Duration::from_millis(1));
    looks(&house, "/");
    hand.moves(LOCK_AFTER - Duration::from_millis(1));
    looks(&house, NO_TOUCH);
    assert!(matches!(house.inside().held, Held::Open(_)));
    hand.moves(Duration::from_millis(1));
    assert!(asks_for_the_pin(&looks(&house, NO_TOUCH)), "the time is over");
    assert!(asks_for_the_pin(&looks(&house, "/")));

    // What somebody was just sending waits for the PIN.
    let waiting = does(&house, "/settings", "language=en");
    assert!(asks_for_the_pin(&String::from_utf8(waiting.body).unwrap()));
    assert!(house.inside().interrupted.is_some());
    let wrong = does(&house, UNLOCK_PATH, "pin=000000");
    assert_eq!(wrong.status, 401);
    assert!(house.inside().interrupted.is_some(), "a wrong PIN does nothing and loses nothing");
    does(&house, UNLOCK_PATH, &format!("pin={PIN}"));
    assert!(house.inside().interrupted.is_none());
    assert!(matches!(house.inside().held, Held::Open(_)));
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

fn escaped(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}
