//! The audit at the console: in words, by person, deed and day, as a file; and whether its chain holds. And the
//! rules of every field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::Console;
use qiaomen_proto::ids::Role;
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::people::{Post, clerks};

/// 王 has written a person of hers down; a clerk has looked.
async fn looked_at() -> Console {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&console.town, 0, "101");
    let person = wang.register_resident(9, door, "李春芳", "13900000009");
    wang.ask(&console.town.office).unwrap();
    console.sign_in(Post::Clerk).await;
    let office = &console.town.office;
    let clerk = clerks::clerk(office, "the-clerk").unwrap().unwrap();
    let doc = qiaomen_proto::ids::DocId::from(person);
    note_read(office, clerk, Deed::Read, Some(&doc.key())).unwrap();
    console
}

#[tokio::test]
async fn who_looked_at_whom_is_said_by_door_and_never_by_name() {
    let console = looked_at().await;
    let supervisor = console.sign_in(Post::Supervisor).await;
    let page = supervisor.get("/audit").await.page();
    assert!(page.contains("看了登记内容") && page.contains("1号楼1单元101 的一位居民"), "{page}");
    assert!(!page.contains("李春芳") && !page.contains("13900000009"));
    let file = supervisor.get("/audit/export?deed=read").await.page();
    assert!(file.contains("1号楼1单元101 的一位居民") && !file.contains("李春芳") && !file.contains("登录"));
    assert!(supervisor.get("/audit").await.page().contains("导出了操作记录"));
}

#[tokio::test]
async fn the_audit_is_asked_for_by_person_deed_and_day() {
    let console = looked_at().await;
    let admin = console.sign_in(Post::Admin).await;
    let id = |login: &str| clerks::clerk(&console.town.office, login).unwrap().unwrap();
    let rows = |page: String| page.split_once("<tbody>").map_or(0, |(_, body)| body.matches("<tr>").count());
    let of_clerk = admin.get(&format!("/audit?who={}", id("the-clerk"))).await.page();
    assert_eq!(rows(of_clerk), 3, "her account, her signing in, her look");
    let looks = admin.get(&format!("/audit?who={}&deed=read", id("the-clerk"))).await.page();
    assert_eq!(rows(looks), 1);
    assert!(admin.get(&format!("/audit?who={}&deed=read", id("the-admin"))).await.page().contains("没有这样的记录"));
    // The evening of the tests is that of 2026-09-22 in Beijing.
    assert!(rows(admin.get("/audit?from=2026-09-21&until=2026-09-22").await.page()) > 3);
    assert!(admin.get("/audit?until=2026-09-20").await.page().contains("没有这样的记录"));
    assert!(admin.get("/audit?from=2026-09-23").await.page().contains("没有这样的记录"));
    assert_eq!(admin.get("/audit?from=soon").await.status, 422);
    assert_eq!(admin.get("/audit?deed=no_such").await.status, 404);
}

#[tokio::test]
async fn a_long_audit_is_gone_through_page_by_page_without_a_row_twice_or_left_out() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let clerk = clerks::clerk(&console.town.office, "the-admin").unwrap().unwrap();
    for _ in 0..120 {
        note_read(&console.town.office, clerk, Deed::ReadConflicts, None).unwrap();
    }
    let (mut seen, mut path) = (Vec::new(), "/audit".to_owned());
    loop {
        let page = admin.get(&path).await.page();
        let (_, body) = page.split_once("<tbody>").unwrap();
        seen.extend(
            body.split("<td class=\"num\">").skip(1).map(|r| r.split('<').next().unwrap().parse::<i64>().unwrap()),
        );
        let Some((before, _)) = page.split_once("\">更早的") else { break };
        path = before.rsplit_once("href=\"").unwrap().1.replace("&amp;", "&");
    }
    let last = seen[0];
    assert_eq!(seen, (1..=last).rev().collect::<Vec<_>>());
    assert!(last > 120);
}

#[tokio::test]
async fn a_row_that_was_changed_is_found_on_its_page_and_by_the_whole_chain() {
    let console = looked_at().await;
    let admin = console.sign_in(Post::Admin).await;
    let whole = admin.get("/audit/check").await.page();
    assert!(whole.contains("前后连得上"));
    let page = admin.get("/audit").await.page();
    assert!(page.contains("核对了操作记录：前后连得上") && !page.contains("连不上：记录可能"));
    let conn = rusqlite::Connection::open(console.town.office.dir().join("office.db")).unwrap();
    conn.execute("UPDATE audit SET what = 'signed_out' WHERE what = 'read'", []).unwrap();
    assert!(admin.get("/audit").await.page().contains("连不上：记录可能被人改动"));
    let broken = admin.get("/audit/check").await.page();
    assert!(broken.contains("号连不上"), "{broken}");
    assert!(admin.get("/audit").await.page().contains("有一处连不上"));
}

#[tokio::test]
async fn a_clerk_and_a_leader_do_not_read_what_others_did() {
    let console = Console::new();
    for post in [Post::Clerk, Post::GridLeader, Post::Coordinator] {
        let browser = console.sign_in(post).await;
        for path in ["/audit", "/audit/check", "/audit/export", "/settings"] {
            assert_eq!(browser.get(path).await.status, 403, "{post:?} {path}");
        }
    }
    assert_eq!(console.sign_in(Post::Supervisor).await.get("/settings").await.status, 403);
}

#[tokio::test]
async fn the_settings_say_of_every_field_what_happens_when_two_write_differently() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let page = admin.get("/settings").await.page();
    assert!(page.contains("和顺社区") && page.contains("150782001001"));
    for kind in qiaomen_proto::ids::Kind::ALL {
        for field in qiaomen_proto::entity::kind_spec(kind).containers.iter().flat_map(|c| c.fields) {
            assert!(page.contains(field.label) && page.contains(field.purpose), "{}", field.name);
            let card = [field.readers.sentence(), field.retention.sentence()];
            assert!(card.iter().all(|said| page.contains(said)), "{}", field.name);
        }
    }
    assert!(page.contains("就进“冲突”，由社区定") && page.contains("加密存放，屏幕上遮住"));
}
