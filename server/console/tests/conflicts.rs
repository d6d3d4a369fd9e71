//! Conflicts at the console: side by side, decided with one key, asked again, taken back, many by a rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::Console;
use crate::support::phone::{Phone, Town};
use qiaomen_proto::change::{Edit, Path, Scalar};
use qiaomen_proto::ids::{ResidentId, Role};
use qiaomen_server::people::Post;

/// Two workers of one grid say different things about the phones of these many people.
fn quarrel(people: u8) -> (Console, Phone, Phone, Vec<ResidentId>) {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 0));
    let door = wang.register_door(&town, 0, "101");
    let list: Vec<_> =
        (0..people).map(|n| wang.register_resident(50 + n, door, &format!("张<b>{n}</b>"), "13900000001")).collect();
    wang.sync(&town.office);
    li.sync(&town.office);
    for person in &list {
        wang.set_phone(*person, "13900000002");
        li.set_phone(*person, "13900000003");
    }
    wang.sync(&town.office);
    li.sync(&town.office);
    (Console::of(town), wang, li, list)
}

/// The field `seen` of the first form on a page.
fn seen(page: &str) -> String {
    page.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}
fn open(console: &Console) -> u64 {
    console.town.office.store().read(|tx| tx.conflict_count("open")).unwrap()
}

#[tokio::test]
async fn both_values_stand_side_by_side_with_what_differs_marked_and_one_key_takes_one_and_shows_the_next() {
    let (console, ..) = quarrel(2);
    let clerk = console.sign_in(Post::Clerk).await;
    let list = clerk.get("/conflicts").await.page();
    assert!(list.contains("1号楼1单元101") && list.contains("联系电话") && list.contains("13900000003"));
    assert!(!list.contains("<b>"), "a name is text, whatever it looks like");
    let page = clerk.get("/conflicts/1").await.page();
    assert!(page.contains("1390000000<mark>2</mark>") && page.contains("1390000000<mark>3</mark>"), "{page}");
    assert!(page.contains("data-key=\"a\"") && page.contains("data-key=\"b\"") && page.contains("data-key=\"n\""));
    assert!(!page.contains("都要"), "a phone number is one or the other");
    let done = clerk.post("/conflicts/1/decide", &[("seen", &seen(&page)), ("take", "B")]).await;
    assert_eq!(done.to(), "/conflicts/2?decided=1");
    let page = clerk.get("/conflicts/2").await.page();
    let done = clerk.post("/conflicts/2/decide", &[("seen", &seen(&page)), ("value", "13900000009")]).await;
    assert_eq!(done.to(), "/conflicts?decided=2");
    assert_eq!(open(&console), 0);
    assert!(clerk.get("/conflicts").await.page().contains("没有要定的冲突"));
    assert!(clerk.get("/conflicts?state=decided").await.page().contains("13900000009"));
}

#[tokio::test]
async fn a_clerk_is_asked_again_where_somebody_joined_and_told_what_she_did_not_choose() {
    let (console, _, mut li, people) = quarrel(1);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/conflicts/1").await.page();
    li.set_phone(people[0], "13900000004");
    li.sync(&console.town.office);
    let joined = clerk.post("/conflicts/1/decide", &[("seen", &seen(&page)), ("take", "A")]).await;
    assert_eq!(joined.to(), "/conflicts/1?changed=1");
    assert!(clerk.get("/conflicts/1?changed=1").await.page().contains("请重新看一遍再定"));
    let nothing = clerk.post("/conflicts/1/decide", &[("seen", "x")]).await;
    assert!(nothing.status.is_client_error() && nothing.text().contains("请选一种说法"), "{}", nothing.text());
    assert_eq!(open(&console), 1);
}

#[tokio::test]
async fn a_decision_is_taken_back_and_waits_again() {
    let (console, ..) = quarrel(1);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/conflicts/1").await.page();
    clerk.post("/conflicts/1/decide", &[("seen", &seen(&page)), ("take", "A")]).await.to();
    let on = clerk.post("/conflicts/1/undo", &[]).await.to();
    assert_eq!(open(&console), 1);
    assert!(clerk.get(&on).await.page().contains("已收回"));
}

#[tokio::test]
async fn a_rule_shows_what_it_would_decide_decides_it_and_is_taken_back_whole() {
    let (console, ..) = quarrel(3);
    let clerk = console.sign_in(Post::Clerk).await;
    let preview = clerk.post("/conflicts/rule", &[("rule", "later")]).await.page();
    assert!(preview.contains("会定 3 处"), "{preview}");
    assert_eq!(open(&console), 3, "looking decides nothing");
    let token = preview.split_once("name=\"preview\" value=\"").unwrap().1.split('"').next().unwrap();
    let done = clerk.post("/conflicts/rule/decide", &[("preview", token)]).await.page();
    assert!(done.contains("定 3 处"), "{done}");
    assert_eq!(open(&console), 0);
    assert_eq!(clerk.post("/conflicts/rule/1/undo", &[]).await.to(), "/conflicts?taken_back=1");
    assert_eq!(open(&console), 3);
    let none = clerk.post("/conflicts/rule", &[("rule", "the stars")]).await;
    assert!(none.text().contains("请选一条规则"));
}

#[tokio::test]
async fn what_was_merged_by_itself_is_never_called_online_and_what_came_late_is_called_offline() {
    let (console, mut wang, mut li, people) = quarrel(1);
    let doc = people[0].into();
    let put = |key: &str, text: &str| Edit { path: Path::new(0, key), value: Scalar::Str(text.to_owned()) };
    wang.write(vec![(doc, vec![put("relation", "配偶")])]);
    li.write(vec![(doc, vec![put("sex", "女")])]);
    let office = &console.town.office;
    wang.sync(office);
    console.town.around.now_ms.fetch_add(120_000, std::sync::atomic::Ordering::SeqCst);
    li.sync(office);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/conflicts/parallel").await.page();
    assert!(page.contains("离线写的") && page.contains(" 送到"), "{page}");
    assert!(!page.contains("在线"), "that nobody knows");
}

#[tokio::test]
async fn a_leader_reads_the_conflicts_of_her_grid_and_of_no_other() {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 1), town.phone(2, Role::GridWorker, 1));
    let door = wang.register_door(&town, 1, "301");
    let person = wang.register_resident(50, door, "赵六", "13900000001");
    wang.sync(&town.office);
    li.sync(&town.office);
    wang.set_phone(person, "13900000002");
    li.set_phone(person, "13900000003");
    wang.sync(&town.office);
    li.sync(&town.office);
    let console = Console::of(town);
    let leader = console.sign_in(Post::GridLeader).await;
    assert!(!leader.get("/conflicts").await.page().contains("赵六"), "hers is the first grid");
    assert_eq!(leader.get("/conflicts/1").await.status, 404);
    assert_eq!(leader.post("/conflicts/1/decide", &[("seen", "x"), ("take", "A")]).await.status, 403);
    let supervisor = console.sign_in(Post::Supervisor).await;
    let page = supervisor.get("/conflicts/1").await.page();
    assert!(page.contains("赵六") && !page.contains("/decide"), "reads, and finds no button");
}
