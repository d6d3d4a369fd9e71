//! What is held back, at the console: let in or put away by the office, read by a supervisor, hidden from others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::Console;
use qiaomen_proto::ids::Role;
use qiaomen_server::people::Post;

/// 王 has written down two doors of a grid that is not hers.
fn two_held() -> Console {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    wang.register_door(&console.town, 1, "101");
    wang.register_door(&console.town, 1, "102");
    wang.ask(&console.town.office).unwrap();
    console
}

#[tokio::test]
async fn a_clerk_lets_one_in_and_puts_one_away_with_a_reason() {
    let console = two_held();
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/quarantine").await.page();
    assert!(page.contains("2号楼1单元101") && page.contains("2号楼1单元102") && page.contains("可以放行"));
    assert_eq!(clerk.post("/quarantine/1/release", &[]).await.to(), "/quarantine?released=1");
    let nothing = clerk.post("/quarantine/2/discard", &[("reason", "")]).await;
    assert!(nothing.text().contains("请选一个作废的原因"), "{}", nothing.text());
    assert_eq!(clerk.post("/quarantine/2/discard", &[("reason", "mistake")]).await.to(), "/quarantine?discarded=2");
    assert!(clerk.get("/quarantine").await.page().contains("没有要处理的"));
    assert!(clerk.get("/quarantine?state=discarded").await.page().contains("原因：记错了"));
    let again = clerk.post("/quarantine/1/release", &[]).await;
    assert!(again.text().contains("已放行"), "who is second is told: {}", again.text());
}

#[tokio::test]
async fn a_supervisor_reads_and_finds_no_button_and_nothing_is_done_for_one_who_sends_the_form_all_the_same() {
    let console = two_held();
    let supervisor = console.sign_in(Post::Supervisor).await;
    let page = supervisor.get("/quarantine").await.page();
    assert!(page.contains("2号楼1单元101") && !page.contains("/release"));
    assert_eq!(supervisor.post("/quarantine/1/release", &[]).await.status, 403);
    let held = console.town.office.store().read(|tx| tx.quarantine_count("held")).unwrap();
    assert_eq!(held, 2);
}

#[tokio::test]
async fn every_held_command_stands_on_one_page_and_none_is_passed_over() {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    for room in 101..172 {
        wang.register_door(&console.town, 1, &room.to_string());
    }
    wang.ask(&console.town.office).unwrap();
    let clerk = console.sign_in(Post::Clerk).await;
    let (mut at, mut seen) = (Some("/quarantine?state=held".to_owned()), Vec::new());
    while let Some(path) = at {
        let page = clerk.get(&path).await.page();
        seen.extend(
            page.split("id=\"held-").skip(1).map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()),
        );
        let next = page.split("/quarantine?state=held&amp;after=").nth(1);
        at = next.map(|rest| format!("/quarantine?state=held&after={}", rest.split('"').next().unwrap()));
    }
    assert_eq!(seen, (1..=71).collect::<Vec<_>>());
}
