//! The map at the console: drawn without a file, a file looked through and taken, each post within its sight.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::counted::{DAY_MS, Matter, door, entry};
use crate::support::phone::{Still, Town};
use crate::support::{Answer, Browser, Console};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use qiaomen_proto::entity::record::{EntryKind, Outcome};
use qiaomen_proto::ids::{BuildingId, GridId};
use qiaomen_proto::reference::{BuildingInfo, GridInfo};
use qiaomen_server::office::Office;
use qiaomen_server::people::Post;
use qiaomen_server::shapes::FILE_BYTES_MAX;
use qiaomen_server::store::StoreError;
use std::sync::Arc;

/// A file with the first grid, its building as a point, and a boiler house that is nobody's.
const FILE: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"名称": "第一网格"}, "geometry": {"type": "Polygon",
   "coordinates": [[[121.48, 42.78], [121.49, 42.78], [121.49, 42.79], [121.48, 42.79], [121.48, 42.78]]]}},
  {"type": "Feature", "properties": {"楼栋": "1#"}, "geometry": {"type": "Point", "coordinates": [121.485, 42.785]}},
  {"type": "Feature", "properties": {"名称": "锅炉房<script>"}, "geometry": {"type": "Point", "coordinates": [121.48, 42.78]}},
  {"type": "Feature", "properties": {"名称": "路<b>"}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}
]}"#;

/// The parts of a form with a file.
fn multipart(token: &str, file: &[u8], text: &str) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    let part = |head: &str| format!("--frontier\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes();
    body.extend(part("name=\"_token\""));
    body.extend(token.as_bytes());
    body.extend(b"\r\n");
    body.extend(part("name=\"file\"; filename=\"map.geojson\""));
    body.extend(file);
    body.extend(b"\r\n");
    body.extend(part("name=\"text\""));
    body.extend(text.as_bytes());
    body.extend(b"\r\n--frontier--\r\n");
    ("multipart/form-data; boundary=frontier".to_owned(), body)
}

async fn send(console: &Console, who: &Browser<'_>, origin: &str, (kind, body): (String, Vec<u8>)) -> Answer {
    let request = Request::post("/map/import")
        .header(HOST, "127.0.0.1:8420")
        .header(ORIGIN, origin)
        .header(COOKIE, who.cookie())
        .header(CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap();
    console.ask(request).await
}
const HOME: &str = "http://127.0.0.1:8420";

async fn give(console: &Console, who: &Browser<'_>, file: &[u8], text: &str) -> Answer {
    send(console, who, HOME, multipart(who.token(), file, text)).await
}

#[tokio::test]
async fn without_a_map_file_every_grid_and_building_stands_in_the_schematic_and_leads_to_its_ledger() {
    let console = Console::new();
    let town = &console.town;
    let there = door(town, 0, "101");
    entry(town, there, EntryKind::Visit, Outcome::Met, 2 * DAY_MS);
    Matter { building: Some(town.buildings[0]), due_by: Some("2026-09-01"), ..Matter::open() }.put(town, 1);
    let clerk = console.sign_in(Post::Clerk).await;
    let page = clerk.get("/map").await.page();
    assert!(page.contains("这是示意图") && page.contains("网格和楼栋示意图"));
    for (kind, id) in [("grid", town.grids[0].to_string()), ("grid", town.grids[1].to_string())]
        .into_iter()
        .chain(town.buildings.iter().map(|b| ("building", b.to_string())))
    {
        // In the drawing and in the table.
        assert_eq!(page.matches(&format!("href=\"/ledger?{kind}={id}\"")).count(), 2, "{kind} {id}");
    }
    // Shade and mark are also words, for whoever does not see them.
    let said = "1号楼：1 户，30 天内走访到 1 户，90 天内 1 户，最近一次走访：2 天前；没办结的诉求 1 件，其中逾期 1 件";
    assert!(page.contains(&format!("aria-label=\"{said}\"")), "{page}");
    assert!(page.contains("url(#map-week)") && page.contains(">!1</text>"));
    assert!(page.contains("8–30 天") && page.contains("还没走访到"), "the legend says what the shades are");
    // The same in the table: doors, 7, 30, 90 days, never, last, open, overdue.
    let row = page.split("<tbody>").nth(2).unwrap().split("</tr>").nth(1).unwrap();
    let cells: Vec<&str> =
        row.split("<td").skip(1).map(|c| c.split_once('>').unwrap().1.split("</td>").next().unwrap()).collect();
    assert_eq!(cells[..5], ["1", "1", "1", "1", "0"]);
    assert!(cells[5].starts_with("2 天前") && cells[5].contains("2026-09-19"), "{}", cells[5]);
    assert_eq!(cells[6..], ["1", "<strong>1</strong>"]);
    assert!(clerk.get("/map?by=half").await.page().contains("过半没有走访过"));
}

#[tokio::test]
async fn an_office_without_grids_is_told_what_to_do() {
    let dir = tempfile::TempDir::new().unwrap();
    let around = Arc::new(Still::default());
    let office = Office::init(dir.path(), "和顺社区", "150782001001", around.clone()).unwrap();
    let (grid, building) = (GridId::from_bytes([1; 16]), BuildingId::from_bytes([1; 16]));
    let town = Town { dir, office, around, grids: [grid; 2], buildings: [building; 2] };
    let console = Console::of(town);
    let admin = console.sign_in(Post::Admin).await;
    for path in ["/map", "/overview"] {
        assert!(admin.get(path).await.page().contains("还没有网格"), "{path}");
    }
    assert!(admin.get("/map/export").await.page().contains("\"features\":[]"));
    give(&console, &admin, FILE.as_bytes(), "").await.to();
    assert!(admin.get("/map/import/check").await.page().contains("一处都没有对上"));
}

#[tokio::test]
async fn a_file_is_looked_through_and_then_drawn_and_what_it_leaves_out_stays_in_the_schematic() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    assert_eq!(give(&console, &clerk, FILE.as_bytes(), "").await.to(), "/map/import/check");
    let page = clerk.get("/map/import/check").await.page();
    assert!(
        page.contains("收下 2 处") && page.contains("锅炉房&lt;script&gt;") && page.contains("图形是一条线"),
        "{page}"
    );
    assert!(!page.contains("房<script>") && !page.contains("路<b>"));
    assert!(clerk.get("/map").await.page().contains("这是示意图"), "nothing is drawn before it is taken");
    assert_eq!(clerk.post("/map/import/put", &[]).await.to(), "/map?put=2");
    let page = clerk.get("/map?put=2").await.page();
    assert!(
        page.contains("地图收下了，画出 2 处")
            && page.contains("网格和楼栋地图")
            && page.contains("<path class=\"place")
    );
    assert!(page.contains("地图上还没有的") && !page.contains("这是示意图"));
    assert_eq!(page.matches(&format!("href=\"/ledger?building={}\"", console.town.buildings[1])).count(), 2);
    let again = clerk.post("/map/import/put", &[]).await;
    assert!(again.status == 404 && again.text().contains("没有等着核对的地图文件"), "{}", again.text());
    let out = clerk.get("/map/export").await;
    assert!(out.headers[CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert!(out.page().contains("121.485"));
    assert_eq!(clerk.post("/map/clear", &[]).await.to(), "/map?cleared=2");
    assert!(clerk.get("/map").await.page().contains("这是示意图"));
}

#[tokio::test]
async fn a_pasted_file_is_taken_as_a_chosen_one_and_can_be_put_away() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    assert_eq!(give(&console, &clerk, b"", FILE).await.to(), "/map/import/check");
    assert!(clerk.get("/map/import/check").await.page().contains("收下 2 处"));
    assert_eq!(clerk.post("/map/import/drop", &[]).await.to(), "/map/import");
    assert_eq!(clerk.get("/map/import/check").await.status, 404);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_in_words_with_a_way_back() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    for (file, said) in
        [(&b""[..], "没有内容"), (b"\xb5\xda", "不是 UTF-8"), (b"{\"type\":", "第 1 行"), (b"{}", "不是 GeoJSON")]
    {
        let answer = give(&console, &clerk, file, "").await;
        assert!(answer.status.is_client_error() && answer.text().contains(said), "{said}: {}", answer.text());
        assert!(answer.text().contains("href=\"/map/import\""));
    }
    let long = vec![b' '; FILE_BYTES_MAX + 1];
    let answer = give(&console, &clerk, &long, "").await;
    assert!(answer.status == 413 && answer.text().contains("最多 4 MB"), "{} {}", answer.status, answer.text());
    let answer = give(&console, &clerk, &vec![b' '; 3 * FILE_BYTES_MAX], "").await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_form_from_elsewhere_without_its_token_or_of_too_many_parts_is_not_read() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let refused = |answer: Answer| assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.text());
    refused(send(&console, &clerk, "http://elsewhere.example", multipart(clerk.token(), FILE.as_bytes(), "")).await);
    refused(send(&console, &clerk, HOME, multipart("guessed", FILE.as_bytes(), "")).await);
    let (kind, body) = multipart(clerk.token(), FILE.as_bytes(), "");
    refused(send(&console, &clerk, HOME, ("multipart/form-data".to_owned(), body.clone())).await);
    refused(send(&console, &clerk, HOME, (kind.clone(), body[..body.len() / 2].to_vec())).await);
    let part = b"--frontier\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n".repeat(20);
    refused(send(&console, &clerk, HOME, (kind, [part, body].concat())).await);
    assert_eq!(clerk.get("/map/import/check").await.status, 404, "nothing was kept");
}

#[tokio::test]
async fn a_grid_leader_sees_her_grid_and_a_guessed_id_of_another_shows_nothing() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    give(&console, &clerk, FILE.as_bytes(), "").await.to();
    clerk.post("/map/import/put", &[]).await.to();
    let leader = console.sign_in(Post::GridLeader).await;
    let page = leader.get("/map").await.page();
    assert!(page.contains("第1网格") && !page.contains("第2网格") && !page.contains("2号楼"));
    assert!(!page.contains("/map/import"), "she has no button for it");
    assert_eq!(leader.get(&format!("/map?grid={}", console.town.grids[1])).await.status, 404);
    assert_eq!(leader.get(&format!("/map?grid={}", console.town.grids[0])).await.status, 200);
    let out = leader.get("/map/export").await.page();
    assert!(out.contains("第1网格") && !out.contains("第2网格"));
    assert_eq!(clerk.get("/map?grid=nonsense").await.status, 404);
}

#[tokio::test]
async fn the_map_is_changed_by_the_office_alone_and_map_and_overview_are_not_for_a_coordinator() {
    let console = Console::new();
    for post in [Post::Supervisor, Post::GridLeader] {
        let who = console.sign_in(post).await;
        assert_eq!(who.get("/map").await.status, 200);
        assert_eq!(who.get("/map/import").await.status, 403);
        assert_eq!(who.get("/map/import/check").await.status, 403);
        assert_eq!(give(&console, &who, FILE.as_bytes(), "").await.status, 403);
        for path in ["/map/import/put", "/map/import/drop", "/map/clear"] {
            assert_eq!(who.post(path, &[]).await.status, 403, "{path}");
        }
    }
    let places = qiaomen_console::rights::PLACES.iter().filter(|p| p.path.starts_with("/map") || p.path == "/overview");
    let mut count = 0;
    for place in places {
        assert!(!place.open_to.allows(Some(Post::Coordinator)) && !place.open_to.allows(None), "{}", place.path);
        count += 1;
    }
    assert_eq!(count, 9);
}

#[tokio::test]
async fn a_name_with_markup_is_shown_as_it_was_written() {
    let console = Console::new();
    let grid = GridId::from_bytes([8; 16]);
    let name = "<script>x</script>".to_owned();
    let info = GridInfo {
        id: (*grid.as_bytes()).into(),
        name: name.clone(),
        grid_type: None,
        code: "8".to_owned(),
        quota: None,
    };
    let building = BuildingInfo { id: [9; 16].into(), name: format!("{name}\"'2"), grid: (*grid.as_bytes()).into() };
    let store = console.town.office.store();
    store
        .write(move |tx| -> Result<(), StoreError> {
            tx.put_grid(&info, 9)?;
            tx.put_building(&building)
        })
        .unwrap();
    Matter { grid: Some(grid), category: Some("<script>y</script>"), ..Matter::open() }.put(&console.town, 1);
    let clerk = console.sign_in(Post::Clerk).await;
    let drawn = FILE.replace("第一网格", "<script>x</script>");
    for step in ["schematic", "drawn"] {
        for path in
            ["/map".to_owned(), format!("/map?grid={grid}"), "/overview".to_owned(), format!("/overview?grid={grid}")]
        {
            let page = clerk.get(&path).await.page();
            assert!(page.contains("&lt;script&gt;x"), "{step} {path}");
            assert!(
                !page.contains("<script>x") && !page.contains("<script>y") && !page.contains("\"'2\""),
                "{step} {path}"
            );
        }
        give(&console, &clerk, drawn.as_bytes(), "").await.to();
        let page = clerk.get("/map/import/check").await.page();
        assert!(page.contains("&lt;script&gt;x") && !page.contains("<script>x"));
        clerk.post("/map/import/put", &[]).await.to();
    }
    assert!(clerk.get("/map").await.page().contains("网格和楼栋地图"));
}
