//! The roster and the devices at the console: who sees whom, a code that is shown once, grids given and taken,
//! a device taken back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::Console;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{COOKIE, HOST};
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_server::ledger::book::{Book, Origin, StaffRow};
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::office::Office;
use qiaomen_server::people::{Post, staff};

const WANG: &str = "王建国";
const SCRIPT: &str = "<script>alert(1)</script>";
const PHONE: &str = "13900000002";

fn row(number: u32, name: &str, role: &str, grid: Option<&str>, since: &str) -> StaffRow {
    StaffRow {
        origin: Origin { sheet: 0, row: number },
        name: name.to_owned(),
        sex: None,
        born_on: Some("1980-05-06".parse().unwrap()),
        role: role.to_owned(),
        grid: grid.map(str::to_owned),
        phone: Some(qiaomen_proto::person::Phone::parse(PHONE).unwrap()),
        department: Some(SCRIPT.to_owned()),
        appointed_on: Some(since.parse().unwrap()),
    }
}

/// 王 in the first grid, 李 in the second, and somebody with an odd name.
fn with_staff() -> Console {
    let console = Console::new();
    let book = Book {
        staff: vec![
            row(2, WANG, "网格员", Some("第一网格"), "2020-01-01"),
            row(3, "李秀兰", "网格员", Some("第二网格"), "2024-06-01"),
            row(4, SCRIPT, "网格长助理", Some("第一网格"), "2020-01-01"),
        ],
        ..Book::default()
    };
    let office = &console.town.office;
    let plan = office.store().read(|tx| plan_import(office, tx, &book)).unwrap();
    run_import(office, plan, &mut |_, _| {}).unwrap();
    console
}

fn id(office: &Office, name: &str) -> WorkerId {
    staff::staff(office).unwrap().into_iter().find(|m| m.name == name).unwrap().id
}

fn deeds(office: &Office) -> Vec<String> {
    let rows = office.store().read(|tx| tx.audit_rows(&Default::default(), 100)).unwrap();
    rows.into_iter().map(|row| row.what).collect()
}

#[tokio::test]
async fn the_roster_of_a_day_has_who_was_in_post_then() {
    let console = with_staff();
    let clerk = console.sign_in(Post::Clerk).await;
    let now = clerk.get("/people").await.page();
    assert!(now.contains(WANG) && now.contains("李秀兰") && now.contains("网格长助理"));
    let then = clerk.get("/people?on=2022-03-01").await.page();
    assert!(then.contains(WANG) && !then.contains("李秀兰"), "李 was appointed two years later");
    assert!(then.contains("看的是 2022-03-01"));
    let early = clerk.get("/people?on=2019-03-01").await.page();
    assert!(early.contains("没有这样的人"));
    let role = clerk.get("/people?role=%E7%BD%91%E6%A0%BC%E5%91%98").await.page();
    assert!(role.contains(WANG) && !role.contains("<td>网格长助理</td>") && now.contains("<td>网格长助理</td>"));
    assert_eq!(clerk.get("/people?on=yesterday").await.status, 422);
    assert_eq!(clerk.get("/people?grid=..%2F..").await.status, 404);
}

#[tokio::test]
async fn an_office_without_a_roster_is_told_where_it_comes_from() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    assert!(admin.get("/people").await.page().contains("花名册还是空的"));
    assert!(admin.get("/devices").await.page().contains("还没有终端"));
}

#[tokio::test]
async fn a_script_in_a_name_or_a_department_is_only_text() {
    let console = with_staff();
    let admin = console.sign_in(Post::Admin).await;
    let odd = id(&console.town.office, SCRIPT);
    for path in ["/people".to_owned(), format!("/people/{odd}"), "/enrol".to_owned(), "/accounts".to_owned()] {
        let page = admin.get(&path).await.page();
        assert!(!page.contains(SCRIPT), "{path}");
    }
    assert!(admin.get("/people").await.page().contains("&lt;script&gt;"));
}

#[tokio::test]
async fn phone_and_birthday_are_masked_until_somebody_asks_and_that_is_written_down() {
    let console = with_staff();
    let supervisor = console.sign_in(Post::Supervisor).await;
    let wang = id(&console.town.office, WANG);
    let path = format!("/people/{wang}");
    let page = supervisor.get(&path).await.page();
    assert!(page.contains("139****0002") && page.contains("1980 年") && !page.contains(PHONE));
    let open = supervisor.post(&format!("{path}/reveal"), &[]).await.to();
    assert!(!open.contains("139"), "nothing of her is in the address: {open}");
    assert!(supervisor.get(&open).await.page().contains(PHONE));
    assert_eq!(deeds(&console.town.office)[0], "read");
    assert!(!supervisor.get(&open).await.page().contains(PHONE), "leave to look is for once");
    let other = console.sign_in(Post::Clerk).await;
    let theirs = supervisor.post(&format!("{path}/reveal"), &[]).await.to();
    assert!(!other.get(&theirs).await.page().contains(PHONE), "and for who asked");
}

#[tokio::test]
async fn a_code_is_shown_once_with_a_picture_and_says_nothing_of_the_worker_in_its_address() {
    let console = with_staff();
    let admin = console.sign_in(Post::Admin).await;
    let wang = id(&console.town.office, WANG);
    let second = console.town.grids[1].to_string();
    let to = admin.post("/enrol", &[("worker", &wang.to_string()), ("grid", &second)]).await.to();
    let head = Request::head(&to).header(HOST, "127.0.0.1:8420").header(COOKIE, admin.cookie()).body(Body::empty());
    console.ask(head.unwrap()).await;
    let page = admin.get(&to).await.page();
    assert!(page.contains("<svg class=\"qr\"") && page.contains("第2网格") && page.contains("这次刚给的"));
    assert!(page.contains("http://127.0.0.1:8420") && page.contains("终端连不到"), "a phone cannot reach 127.0.0.1");
    let (_, rest) = page.split_once("aria-label=\"登记码\">").unwrap();
    let code = &rest[..14];
    assert!(qiaomen_server::people::OneTimeCode::parse(code).is_some(), "{code}");
    let again = admin.get(&to).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("只显示一次") && !again.text().contains(code));
    let done = deeds(&console.town.office);
    assert!(done.starts_with(&["enrol_code".to_owned(), "grid_given".to_owned()]), "{done:?}");
    let waiting = admin.get(&format!("/people/{wang}")).await.page();
    assert!(waiting.contains("有一个登记码还没用") && !waiting.contains(code));
    admin.post(&format!("/people/{wang}/withdraw"), &[]).await.to();
    assert!(!admin.get(&format!("/people/{wang}")).await.page().contains("有一个登记码还没用"));
    let used = console.town.office.store().write({
        let hash = qiaomen_server::people::OneTimeCode::parse(code).unwrap().hash();
        let now_ms = console.town.office.now_ms();
        move |tx| tx.use_enrol_code(hash, now_ms)
    });
    assert_eq!(used.unwrap(), None, "a withdrawn code makes nobody a device");
}

#[tokio::test]
async fn a_grid_is_given_and_taken_from_now_on_and_both_are_kept() {
    let console = with_staff();
    let admin = console.sign_in(Post::Admin).await;
    let wang = id(&console.town.office, WANG);
    let path = format!("/people/{wang}");
    let second = console.town.grids[1].to_string();
    admin.post(&format!("{path}/give"), &[("grid", &second)]).await.to();
    assert!(admin.get(&format!("{path}?done=given")).await.page().contains("第1网格、第2网格"));
    let twice = admin.post(&format!("{path}/give"), &[("grid", &second)]).await;
    assert_eq!(twice.status, 422);
    console.town.around.now_ms.fetch_add(3_600_000, std::sync::atomic::Ordering::SeqCst);
    admin.post(&format!("{path}/take"), &[("grid", &second)]).await.to();
    assert_eq!(admin.post(&format!("{path}/take"), &[("grid", &second)]).await.status, 422);
    let page = admin.get(&path).await.page();
    assert!(
        page.contains("管过的网格") && page.matches("第2网格").count() >= 2,
        "as what she had, and could have again"
    );
    let now = console.town.office.now_ms();
    let held = |at| console.town.office.store().read(|tx| tx.grids_at(wang, at)).unwrap().len();
    assert_eq!((held(now - 1), held(now)), (2, 1));
    assert_eq!(&deeds(&console.town.office)[..2], ["grid_taken", "grid_given"]);
}

#[tokio::test]
async fn a_device_is_taken_back_after_a_question_that_says_what_it_means() {
    let console = with_staff();
    let phone = console.town.phone(7, Role::GridWorker, 0);
    let admin = console.sign_in(Post::Admin).await;
    let device = phone.by.device;
    let list = admin.get("/devices").await.page();
    assert!(list.contains("没有联系过") && list.contains("第1网格的台账和诉求"));
    let question = admin.get(&format!("/devices/{device}/revoke")).await.page();
    assert!(question.contains("先交出没送的") && question.contains("进“待处理”") && question.contains("还没有联系过"));
    admin.post(&format!("/devices/{device}/revoke"), &[]).await.to();
    assert!(admin.get("/devices").await.page().contains("还没来过"));
    let again = admin.post(&format!("/devices/{device}/revoke"), &[]).await;
    assert!(again.text().contains("已经收回过"));
    assert_eq!(deeds(&console.town.office)[0], "device_revoked");
    assert_eq!(admin.get("/devices/0/revoke").await.status, 404);
}

#[tokio::test]
async fn a_grid_leader_finds_her_own_grid_and_nobody_elses_by_list_or_by_guess() {
    let console = with_staff();
    console.town.phone(8, Role::GridWorker, 1);
    let leader = console.sign_in(Post::GridLeader).await;
    let list = leader.get("/people").await.page();
    assert!(list.contains(WANG) && !list.contains("李秀兰") && !list.contains("第2网格"));
    assert!(!list.contains("/people/export") && !list.contains("登记终端"));
    assert!(!leader.get("/devices").await.page().contains("第2网格"));
    let (wang, li) = (id(&console.town.office, WANG), id(&console.town.office, "李秀兰"));
    let mine = leader.get(&format!("/people/{wang}")).await.page();
    assert!(!mine.contains("/give") && !mine.contains("/enrol"));
    assert_eq!(leader.get(&format!("/people/{li}")).await.status, 404);
    assert_eq!(leader.post(&format!("/people/{li}/reveal"), &[]).await.status, 404);
    assert_eq!(leader.get("/people/export").await.status, 403);
    assert_eq!(
        leader.get(&format!("/people?grid={}", console.town.grids[1])).await.page().matches("李秀兰").count(),
        0
    );
}

#[tokio::test]
async fn who_does_not_look_after_people_changes_nothing() {
    let console = with_staff();
    let phone = console.town.phone(7, Role::GridWorker, 0);
    let (wang, device) = (id(&console.town.office, WANG), phone.by.device);
    let grid = console.town.grids[1].to_string();
    for post in [Post::Clerk, Post::Supervisor, Post::GridLeader, Post::Coordinator] {
        let browser = console.sign_in(post).await;
        for (path, fields) in [
            (format!("/people/{wang}/give"), vec![("grid", grid.as_str())]),
            (format!("/people/{wang}/take"), vec![("grid", grid.as_str())]),
            (format!("/people/{wang}/enrol"), vec![]),
            (format!("/people/{wang}/withdraw"), vec![]),
            ("/enrol".to_owned(), vec![]),
            (format!("/devices/{device}/revoke"), vec![]),
            ("/accounts".to_owned(), vec![]),
        ] {
            assert_eq!(browser.post(&path, &fields).await.status, 403, "{post:?} {path}");
        }
    }
    let coordinator = console.enter("the-coordinator").await;
    assert_eq!(coordinator.get("/people").await.status, 403);
    assert_eq!(coordinator.get("/devices").await.status, 403);
    assert!(console.town.office.store().read(|tx| tx.device(device)).unwrap().unwrap().revoked_ms.is_none());
    let done = deeds(&console.town.office);
    assert!(!done.iter().any(|d| d.starts_with("grid_") || d == "enrol_code"), "{done:?}");
}

#[tokio::test]
async fn the_roster_as_a_file_names_people_and_not_their_phones_and_is_written_down() {
    let console = with_staff();
    let supervisor = console.sign_in(Post::Supervisor).await;
    let file = supervisor.get("/people/export?on=2022-03-01").await;
    let text = file.page();
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"roster-2022-03-01.csv\"");
    assert!(text.starts_with("\u{feff}\"姓名\"") && text.contains(WANG) && !text.contains("李秀兰"));
    assert!(!text.contains(PHONE) && !text.contains("139"));
    assert_eq!(deeds(&console.town.office)[0], "roster_exported");
}

#[tokio::test]
async fn a_form_of_another_site_enrols_nobody() {
    let console = with_staff();
    let admin = console.sign_in(Post::Admin).await;
    let wang = id(&console.town.office, WANG);
    let without = console.post(&format!("/people/{wang}/enrol"), admin.cookie(), &[]).await;
    assert_eq!(without.status, 401, "no token");
    let request = Request::post(format!("/people/{wang}/enrol"))
        .header(HOST, "127.0.0.1:8420")
        .header("origin", "http://evil.example")
        .header(COOKIE, admin.cookie())
        .body(Body::from(format!("_token={}", admin.token())));
    assert_eq!(console.ask(request.unwrap()).await.status, 401);
    assert!(!deeds(&console.town.office).contains(&"enrol_code".to_owned()));
}
