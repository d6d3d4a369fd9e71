//! The overview at the console: plots with their figures, filters, sight, and nothing of a worker.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::counted::{DAY_MS, Matter, door, entry};
use crate::support::Console;
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::Role;
use qiaomen_server::people::Post;

/// Two doors came in at 22:13; one was visited; three matters are open.
fn evening() -> Console {
    let console = Console::new();
    let town = &console.town;
    let mut wang = town.phone(1, Role::GridWorker, 0);
    wang.register_door(town, 0, "101");
    wang.register_door(town, 0, "102");
    wang.ask(&town.office).unwrap();
    let there = door(town, 1, "201");
    entry(town, there, EntryKind::Visit, Outcome::Met, DAY_MS);
    Matter { building: Some(town.buildings[0]), due_by: Some("2026-09-20"), days: Some(2), ..Matter::open() }
        .put(town, 1);
    Matter { grid: Some(town.grids[1]), category: Some("道路"), ..Matter::open() }.put(town, 2);
    Matter { category: Some("噪音扰民"), days: Some(200), ..Matter::open() }.put(town, 3);
    console
}

/// The cells of a row of a plot's table.
fn row(page: &str, plot: &str, name: &str) -> Vec<String> {
    let panel = page.split(&format!("id=\"{plot}\"")).nth(1).unwrap().split("</section>").next().unwrap();
    let row = panel.split("<tr>").find(|row| row.starts_with(&format!("<th scope=\"row\">{name}</th>")));
    let row = row.unwrap_or_else(|| panic!("no row {name} in {panel}"));
    row.split("<td class=\"num\">").skip(1).map(|cell| cell.split("</td>").next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_plot_has_its_figures_as_a_table_and_in_a_sentence() {
    let console = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/overview").await.page();
    assert_eq!(page.matches("role=\"img\"").count(), 5);
    assert_eq!(page.matches("<details class=\"data\">").count(), 5);
    assert_eq!(row(&page, "arrivals", "22 时")[..2], ["2", "0"]);
    assert!(page.contains("今天到现在送到 2 条，22 时最多，2 条。"));
    assert_eq!(row(&page, "ages", "1–3 天"), ["1", "0", "0", "1"]);
    assert_eq!(row(&page, "ages", "30 天以上"), ["0", "0", "1", "1"]);
    assert!(page.contains("没办结的诉求 3 件：已逾期 1 件，没到期 0 件，没定期限 2 件。"));
    assert_eq!(row(&page, "coverage", "第1网格"), ["2", "0", "0%", "0", "0%"]);
    assert_eq!(row(&page, "coverage", "第2网格"), ["1", "1", "100%", "1", "100%"]);
    assert_eq!(row(&page, "categories", "合计"), ["2", "0", "2"]);
    assert!(page.contains("这以前还有 1 件"));
    assert_eq!(row(&page, "conflicts", "合计"), ["0", "0"]);
    // A legend of one series would say nothing.
    assert!(!page.contains("前 7 天，每天一条线"), "there is nothing of the days before");
}

#[tokio::test]
async fn the_filter_narrows_to_a_grid_and_widens_to_all_of_the_time() {
    let console = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get(&format!("/overview?grid={}&span=all", console.town.grids[1])).await.page();
    assert_eq!(row(&page, "categories", "道路"), ["1", "0", "1"]);
    assert!(!page.contains("噪音扰民") && !page.contains("管网"));
    assert_eq!(row(&page, "arrivals", "合计")[0], "0");
    assert!(page.contains("<option value=\"all\" selected>"));
    let page = clerk.get("/overview?span=all").await.page();
    assert_eq!(row(&page, "categories", "噪音扰民"), ["1", "0", "1"]);
    assert!(page.contains("最近 52 周"));
    // A word that is none is as if it was not said.
    assert!(clerk.get("/overview?span=%3Cb%3E&grid=").await.page().contains("最近 12 周"));
    assert_eq!(clerk.get("/overview?grid=nonsense").await.status, 404);
}

#[tokio::test]
async fn a_grid_leader_sees_her_own_and_a_supervisor_everything() {
    let console = evening();
    let leader = console.sign_in(Post::GridLeader).await;
    let page = leader.get("/overview").await.page();
    assert!(page.contains("第1网格") && !page.contains("第2网格") && !page.contains("道路"));
    assert_eq!(leader.get(&format!("/overview?grid={}", console.town.grids[1])).await.status, 404);
    let supervisor = console.sign_in(Post::Supervisor).await;
    assert!(supervisor.get("/overview").await.page().contains("第2网格"));
}

#[tokio::test]
async fn nothing_of_a_worker_stands_in_it() {
    let console = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    let worker = qiaomen_proto::ids::WorkerId::from_bytes([1; 16]).to_string();
    for path in ["/overview", "/map"] {
        let page = clerk.get(path).await.page();
        assert!(!page.contains(&worker) && !page.contains("网格员"), "{path}");
    }
}

#[tokio::test]
async fn an_office_in_which_nothing_has_happened_shows_empty_plots_and_no_shares() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/overview").await.page();
    assert!(page.contains("今天还没有送到的。") && page.contains("没有诉求"));
    assert_eq!(row(&page, "coverage", "合计"), ["0", "0", "—", "0", "—"]);
    assert!(!page.contains("NaN") && !page.contains("inf"));
}
