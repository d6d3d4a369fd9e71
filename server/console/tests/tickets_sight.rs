//! Matters at the console: who sees which, who may do what, and that a look is written down.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::matter::{Told, report};
use crate::steps::{assign, forms, stage, to, told};
use crate::support::Console;
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_proto::merge::fold::Stage;
use qiaomen_server::ledger::regrid;
use qiaomen_server::people::Post;

#[tokio::test]
async fn a_form_from_elsewhere_or_without_its_token_does_nothing() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    for path in [to(ticket, "accept"), "/tickets/new".to_owned()] {
        let answer = console.post(&path, clerk.cookie(), &[("text", "x")]).await;
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(stage(&console, ticket), Stage::Reported);
}

#[tokio::test]
async fn a_leader_sees_her_own_grid_s_matters_reads_them_and_finds_no_other_door() {
    let (console, _wang, ticket) = told(&Told::default());
    let mut li = console.town.phone(2, Role::GridWorker, 1);
    let door = li.register_door(&console.town, 1, "101");
    let other =
        report(&mut li, &console.town, &Told { number: 2, door: Some(door), text: "楼上漏水", ..Told::default() });
    li.sync(&console.town.office);
    let leader = console.sign_in(Post::GridLeader).await;
    let list = leader.get("/tickets").await.page();
    assert!(list.contains("楼门口的灯不亮") && !list.contains("楼上漏水"));
    let grid = console.town.grids[1];
    assert!(!leader.get(&format!("/tickets?grid={grid}")).await.page().contains("楼上漏水"));
    assert!(!leader.get("/tickets?view=board").await.page().contains("楼上漏水"));
    let page = leader.get(&format!("/tickets/{ticket}")).await.page();
    assert!(page.contains("您的岗位在这里只看不改") && forms(&page).is_empty());
    for path in
        [format!("/tickets/{other}"), format!("/tickets/{other}/slip"), format!("/tickets/{other}?reporter=shown")]
    {
        let answer = leader.get(&path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("楼上漏水"));
    }
    assert_eq!(leader.post(&to(ticket, "accept"), &[]).await.status, 403);
    assert_eq!(leader.get("/tickets/new").await.status, 403);
}

#[tokio::test]
async fn a_coordinator_finds_her_department_s_matters_works_them_and_returns_one() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    let her = console.sign_in(Post::Coordinator).await;
    assert!(her.get("/tickets").await.page().contains("没有在办的诉求"));
    assert_eq!(her.get(&format!("/tickets/{ticket}")).await.status, 404);
    assert_eq!(her.post(&to(ticket, "start"), &[]).await.status, 404);
    let assigned = assign(&clerk, ticket, "房管").await;
    assert!(!clerk.get(&assigned).await.page().contains("花名册上没有"), "she is on the roster and hears of it");
    assert!(her.get("/tickets").await.page().contains("楼门口的灯不亮"));
    let path = format!("/tickets/{ticket}");
    let page = her.get(&path).await.page();
    assert_eq!(forms(&page), ["start", "feedback", "send_back", "supplement"]);
    assert_eq!(her.post(&to(ticket, "close"), &[]).await.status, 403);
    her.post(&to(ticket, "start"), &[]).await.to();
    assert!(her.get(&path).await.page().contains("网格协管员"), "under her own role");
    let gone = her.post(&to(ticket, "send_back"), &[("text", "不归我们管")]).await.to();
    assert_eq!(gone, "/tickets?done=send_back");
    let list = her.get(&gone).await.page();
    assert!(list.contains("已退回") && !list.contains("楼门口的灯不亮"));
    assert_eq!(her.get(&path).await.status, 404);
    for path in ["/tickets/new", "/tickets/terms"] {
        assert_eq!(her.get(path).await.status, 403, "{path}");
    }
    assert_eq!(stage(&console, ticket), Stage::SentBack);
}

#[tokio::test]
async fn a_supervisor_reads_and_changes_nothing() {
    let (console, _wang, ticket) = told(&Told::default());
    let supervisor = console.sign_in(Post::Supervisor).await;
    assert!(supervisor.get("/tickets").await.page().contains("楼门口的灯不亮"));
    let page = supervisor.get(&format!("/tickets/{ticket}")).await.page();
    assert!(page.contains("楼门口的灯不亮") && forms(&page).is_empty());
    assert_eq!(supervisor.post(&to(ticket, "accept"), &[]).await.status, 403);
    assert_eq!(supervisor.post("/tickets/new", &[]).await.status, 403);
    assert_eq!(supervisor.post("/tickets/terms", &[]).await.status, 403);
    assert_eq!(stage(&console, ticket), Stage::Reported);
}

#[tokio::test]
async fn who_told_is_masked_until_somebody_asks_and_the_asking_is_written_down() {
    let (console, _wang, ticket) = told(&Told { reporter: Some("张桂兰 13900000002"), ..Told::default() });
    let clerk = console.sign_in(Post::Clerk).await;
    let path = format!("/tickets/{ticket}");
    let looks = |deed: &str| {
        let deed = deed.to_owned();
        console.town.office.store().read(|tx| tx.audit_count(&deed)).unwrap()
    };
    for page in [clerk.get(&path).await, clerk.get(&format!("{path}/slip")).await, clerk.get("/tickets").await] {
        assert!(!page.page().contains("桂兰") && !page.text().contains("13900000002"));
    }
    assert!(clerk.get(&path).await.page().contains("张** 139****0002"));
    assert_eq!((looks("read"), looks("read_reporter"), looks("read_tickets") > 0), (3, 0, true));
    let shown = clerk.get(&format!("{path}?reporter=shown")).await.page();
    assert!(shown.contains("张桂兰 13900000002"));
    assert!(clerk.get(&format!("{path}/slip?reporter=shown")).await.page().contains("张桂兰 13900000002"));
    assert_eq!(looks("read_reporter"), 2);
}

#[tokio::test]
async fn after_a_building_goes_to_another_grid_its_matters_are_seen_there() {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    let door = wang.register_door(&console.town, 0, "101");
    let ticket = report(&mut wang, &console.town, &Told { door: Some(door), ..Told::default() });
    wang.sync(&console.town.office);
    let leader = console.sign_in(Post::GridLeader).await;
    assert!(leader.get("/tickets").await.page().contains("楼门口的灯不亮"));
    // The grid that stands written in the matter is still the first one.
    regrid::move_building(&console.town.office, "1号楼", "第2网格", WorkerId::from_bytes([70; 16])).unwrap();
    assert!(!leader.get("/tickets").await.page().contains("楼门口的灯不亮"));
    assert_eq!(leader.get(&format!("/tickets/{ticket}")).await.status, 404);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get(&format!("/tickets?grid={}", console.town.grids[1])).await.page();
    assert!(page.contains("楼门口的灯不亮"));
}
