//! What is likely one thing twice, at the console: seen side by side with personal values masked, linked, not the
//! same, taken back; read by a supervisor, hidden from others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::Console;
use crate::support::phone::Phone;
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::to_bytes;
use qiaomen_proto::entity::ticket;
use qiaomen_proto::ids::{DocId, HouseholdId, ResidentId, Role, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_server::duplicates::resolve;
use qiaomen_server::people::Post;

const A: u8 = 11;
const B: u8 = 12;
const NAME: &str = "张三丰";
const PHONE: &str = "13900000001";

/// Where a pair of residents with these numbers is shown.
fn at(a: u8, b: u8) -> String {
    format!("/duplicates/resident/{}/{}", ResidentId::from_bytes([a; 16]), ResidentId::from_bytes([b; 16]))
}
fn id(number: u8) -> String {
    ResidentId::from_bytes([number; 16]).to_string()
}

/// 王 and 李 each wrote down 张三丰, at two doors.
fn one_person_twice() -> (Console, Phone) {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&console.town, 0, "101");
    let other = wang.register_door(&console.town, 0, "201");
    wang.register_resident(A, door, NAME, PHONE);
    wang.register_resident(B, other, NAME, PHONE);
    wang.sync(&console.town.office);
    (console, wang)
}

/// The value of a hidden field of the page.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_clerk_sees_two_side_by_side_and_links_them_and_both_ids_lead_to_the_one_that_is_kept() {
    let (console, _) = one_person_twice();
    let clerk = console.sign_in(Post::Clerk).await;
    let list = clerk.get("/duplicates").await.page();
    assert!(list.contains("姓名和电话都相同") && list.contains("1号楼1单元101") && list.contains("1号楼1单元201"));
    assert!(list.contains("张**") && !list.contains(NAME) && !list.contains(PHONE), "masked in the list");
    assert!(list.contains(&at(A, B)));
    let page = clerk.get(&at(A, B)).await.page();
    assert!(page.contains("139****0001") && !page.contains(NAME) && !page.contains(PHONE));
    assert!(page.contains("相同") && page.contains("不同") && page.contains("data-key=\"a\""));
    let seen = hidden(&page, "seen");
    let to = clerk.post(&format!("{}/link", at(A, B)), &[("keep", &id(B)), ("seen", &seen)]).await.to();
    assert_eq!(to, "/duplicates?kind=resident&said=linked");
    let list = clerk.get(&to).await.page();
    assert!(list.contains("没有疑似重复的居民") && list.contains("已记成同一个"));
    let doc = |n: u8| DocId::from(ResidentId::from_bytes([n; 16]));
    let lead = console.town.office.store().read(|tx| resolve(tx, doc(A))).unwrap();
    assert_eq!(lead, doc(B));
    let done = clerk.get("/duplicates/done").await.page();
    assert!(done.contains("是同一个，留下右边的") && done.contains("/unlink") && !done.contains(NAME));
    let linked = clerk.get(&at(A, B)).await.page();
    assert!(linked.contains("留下的是右边这一份") && !linked.contains("/link\""));
    let to = clerk.post(&format!("{}/unlink", at(A, B)), &[]).await.to();
    assert_eq!(to, format!("{}?said=unlinked", at(A, B)));
    assert!(clerk.get(&to).await.page().contains("/link\""), "it waits again");
    let again = clerk.post(&format!("{}/unlink", at(A, B)), &[]).await;
    assert!(again.text().contains("不用拆开"), "{}", again.text());
}

#[tokio::test]
async fn what_is_not_the_same_leaves_the_list_and_can_be_looked_at_again() {
    let (console, _) = one_person_twice();
    let clerk = console.sign_in(Post::Clerk).await;
    let to = clerk.post(&format!("{}/dismiss", at(A, B)), &[]).await.to();
    assert_eq!(to, "/duplicates?kind=resident&said=dismissed");
    assert!(clerk.get("/duplicates?kind=resident").await.page().contains("没有疑似重复的居民"));
    assert!(clerk.get(&at(A, B)).await.page().contains("已记下不是同一个"));
    let done = clerk.get("/duplicates/done").await.page();
    assert!(done.contains("不是同一个") && done.contains("/reconsider"));
    let to = clerk.post(&format!("{}/reconsider", at(A, B)), &[("from", "done")]).await.to();
    assert_eq!(to, "/duplicates/done?said=reconsidered");
    assert!(clerk.get("/duplicates").await.page().contains(&at(A, B)));
    let again = clerk.post(&format!("{}/reconsider", at(A, B)), &[]).await;
    assert!(again.text().contains("没有标过"), "{}", again.text());
}

#[tokio::test]
async fn what_was_written_since_a_page_was_shown_has_the_clerk_asked_again() {
    let (console, mut wang) = one_person_twice();
    let clerk = console.sign_in(Post::Clerk).await;
    let seen = hidden(&clerk.get(&at(A, B)).await.page(), "seen");
    wang.set_phone(ResidentId::from_bytes([A; 16]), "13900000009");
    wang.sync(&console.town.office);
    let to = clerk.post(&format!("{}/link", at(A, B)), &[("keep", &id(A)), ("seen", &seen)]).await.to();
    assert_eq!(to, format!("{}?changed=1", at(A, B)));
    assert!(clerk.get(&to).await.page().contains("请重新看一遍"));
    let nobody = clerk.post(&format!("{}/link", at(A, B)), &[("keep", &id(99)), ("seen", &seen)]).await;
    assert_eq!(nobody.status, 404);
    let nothing = clerk.post(&format!("{}/link", at(A, B)), &[("seen", &seen)]).await;
    assert!(nothing.text().contains("请填写留下哪一份"), "{}", nothing.text());
}

#[tokio::test]
async fn personal_values_are_shown_to_whoever_asks_for_them_and_that_is_written_down() {
    let (console, _) = one_person_twice();
    let clerk = console.sign_in(Post::Clerk).await;
    let written = || console.town.office.store().read(|tx| tx.check_audit()).unwrap().0;
    let before = written();
    clerk.get(&at(A, B)).await.page();
    assert_eq!(written(), before, "what is masked was not read");
    let to = clerk.post(&format!("{}/reveal", at(A, B)), &[]).await.to();
    assert_eq!(written(), before + 2, "one row for each");
    assert!(!to.contains(PHONE) && clerk.get(&to).await.page().contains(PHONE));
    let (_, pass) = to.split_once("?clear=").unwrap();
    // It opens this pair in this session for a while, and nothing else.
    let supervisor = console.sign_in(Post::Supervisor).await;
    assert!(!supervisor.get(&to).await.page().contains(PHONE));
    let other: String = pass.chars().rev().collect();
    assert!(!clerk.get(&format!("{}?clear={other}", at(A, B))).await.page().contains(PHONE));
    console.town.around.now_ms.fetch_add(11 * 60_000, std::sync::atomic::Ordering::SeqCst);
    assert!(!clerk.get(&to).await.page().contains(PHONE));
}

#[tokio::test]
async fn a_supervisor_reads_and_finds_no_button_and_others_find_nothing() {
    let (console, _) = one_person_twice();
    let supervisor = console.sign_in(Post::Supervisor).await;
    assert!(supervisor.get("/duplicates").await.page().contains("1号楼1单元101"));
    let page = supervisor.get(&at(A, B)).await.page();
    assert!(page.contains("/reveal") && !page.contains("/link\"") && !page.contains("/dismiss"));
    for way in ["link", "unlink", "dismiss", "reconsider", "reopen"] {
        assert_eq!(supervisor.post(&format!("{}/{way}", at(A, B)), &[]).await.status, 403, "{way}");
    }
    for post in [Post::GridLeader, Post::Coordinator] {
        let other = console.sign_in(post).await;
        for path in ["/duplicates", "/duplicates/done", &at(A, B)] {
            assert_eq!(other.get(path).await.status, 403, "{path}");
        }
        assert_eq!(other.post(&format!("{}/reveal", at(A, B)), &[]).await.status, 403);
    }
}

#[tokio::test]
async fn an_address_that_names_no_pair_shows_none() {
    let (console, _) = one_person_twice();
    let clerk = console.sign_in(Post::Clerk).await;
    for path in [
        at(A, A),
        at(A, 99),
        at(A, B).replace("resident", "diary"),
        at(A, B).replace("resident", "household"),
        "/duplicates/resident/x/y".to_owned(),
        format!("/duplicates/{}/{}/{}", "%3Cscript%3E", id(A), id(B)),
    ] {
        let answer = clerk.get(&path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(!answer.text().contains("<script>"));
    }
    assert_eq!(clerk.post(&format!("{}/reveal", at(A, 99)), &[]).await.status, 404);
    assert_eq!(clerk.post(&format!("{}/dismiss", at(A, 99)), &[]).await.status, 404);
}

fn put(key: &str, value: &str) -> Edit {
    Edit { path: Path::new(0, key), value: Scalar::Str(value.to_owned()) }
}
fn step(phone: &mut Phone, matter: TicketId, payload: &EventPayload, mut edits: Vec<Edit>) {
    let stamp = phone.stamp();
    let path = Path::new(ticket::EVENTS, keys::record_key(stamp.command, 0));
    edits.push(Edit { path, value: Scalar::Bytes(to_bytes(payload)) });
    phone.write_stamped(stamp, vec![(matter.into(), edits)]);
}
fn matter(phone: &mut Phone, number: u8, door: HouseholdId, category: &str, text: &str) -> TicketId {
    let id = TicketId::from_bytes([number; 16]);
    let text = phone.sealed(ResidentId(id.0), "text", text);
    let edits = vec![put("category", category), put("household", &door.to_string()), text];
    step(phone, id, &EventPayload::new(EventKind::Report), edits);
    id
}

#[tokio::test]
async fn two_matters_marked_as_repeating_each_other_are_shown_until_one_is_opened_again() {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridLeader, 0);
    let mut li = console.town.phone(2, Role::Assistant, 0);
    let door = wang.register_door(&console.town, 0, "101");
    let a = matter(&mut wang, 21, door, "管网", "下水堵了");
    let b = matter(&mut wang, 22, door, "管网", "下水又堵了");
    wang.sync(&console.town.office);
    li.sync(&console.town.office);
    let mark = |other: TicketId| EventPayload { other: Some(other.0), ..EventPayload::new(EventKind::Duplicate) };
    step(&mut wang, a, &mark(b), Vec::new());
    step(&mut li, b, &mark(a), Vec::new());
    wang.sync(&console.town.office);
    li.sync(&console.town.office);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/duplicates").await.page();
    assert!(page.contains("互相标记成了重复") && page.contains("/reopen"), "{page}");
    let done = clerk.get("/duplicates/done").await.page();
    assert!(!done.contains("不是在这里记的"), "what leads around is no link that stands");
    let to = clerk.post(&format!("/duplicates/ticket/{a}/{b}/reopen"), &[("keep", &a.to_string())]).await.to();
    assert_eq!(to, "/duplicates?kind=ticket&said=reopened");
    let page = clerk.get(&to).await.page();
    assert!(page.contains("没有疑似重复的诉求") && page.contains("已重新打开"));
    let again = clerk.post(&format!("/duplicates/ticket/{a}/{b}/reopen"), &[("keep", &a.to_string())]).await;
    assert!(again.text().contains("不用再打开"), "{}", again.text());
    // Of the two marks one stands: it was made on a phone, and can be taken back here.
    let done = clerk.get("/duplicates/done").await.page();
    assert!(done.contains("不是在这里记的") && done.contains(&format!("/duplicates/ticket/{a}/{b}/unlink")));
}

#[tokio::test]
async fn what_somebody_typed_comes_out_as_text_on_every_page() {
    const SCRIPT: &str = "<script>alert(1)</script>";
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridLeader, 0);
    let door = wang.register_door(&console.town, 0, "101");
    for number in [A, B] {
        let resident = ResidentId::from_bytes([number; 16]);
        let mut edits = vec![put("household", &door.to_string()), put("relation", SCRIPT), put("residency", SCRIPT)];
        for (field, text) in [("name", SCRIPT), ("phone", PHONE), ("employer", SCRIPT)] {
            edits.push(wang.sealed(resident, field, text));
        }
        wang.write(vec![(resident.into(), edits)]);
    }
    let a = matter(&mut wang, 21, door, SCRIPT, SCRIPT);
    let b = matter(&mut wang, 22, door, SCRIPT, SCRIPT);
    wang.sync(&console.town.office);
    let clerk = console.sign_in(Post::Clerk).await;
    let matters = format!("/duplicates/ticket/{a}/{b}");
    let mut pages = vec!["/duplicates?kind=resident".to_owned(), "/duplicates?kind=ticket".to_owned()];
    for pair in [at(A, B), matters] {
        pages.push(clerk.post(&format!("{pair}/reveal"), &[]).await.to());
        pages.push(pair);
    }
    clerk.post(&format!("{}/dismiss", at(A, B)), &[]).await.to();
    pages.push("/duplicates/done?said=%3Cscript%3E".to_owned());
    let mut escaped = 0;
    for path in pages {
        let page = clerk.get(&path).await.page();
        assert!(!page.contains(SCRIPT), "{path}");
        escaped += usize::from(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
    assert!(escaped >= 3, "it was there to be escaped");
}
