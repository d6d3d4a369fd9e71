//! The ledger at the console: doors, residents, one door with its history, what is masked and shown, views, the
//! workbook, and how far each post sees.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::phone::{Phone, Town};
use crate::support::{Browser, Console, PASSWORD};
use axum::http::StatusCode;
use qiaomen_proto::change::{Edit, Path, Scalar, keys};
use qiaomen_proto::entity::record::{NotePayload, TagPayload, to_bytes};
use qiaomen_proto::entity::{household, ticket};
use qiaomen_proto::ids::{HouseholdId, ResidentId, Role, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload};
use qiaomen_server::duplicates::act;
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::people::{Post, clerks};

const SCRIPT: &str = "<script>alert(document)</script>";

/// 王 and 孙 work in the first grid, 李 in the second.
struct Street {
    console: Console,
    wang: Phone,
    sun: Phone,
    /// 1号楼1单元101, of the first grid, where 张三丰 lives.
    mine: HouseholdId,
    /// 2号楼1单元201, of the second, where 李四光 lives.
    other: HouseholdId,
    zhang: ResidentId,
}

fn put(field: &str, text: &str) -> Edit {
    Edit { path: Path::new(0, field), value: Scalar::Str(text.into()) }
}

impl Street {
    fn new() -> Self {
        let town = Town::new();
        let (mut wang, mut sun) = (town.phone(1, Role::GridWorker, 0), town.phone(3, Role::GridWorker, 0));
        let mut li = town.phone(2, Role::GridWorker, 1);
        let mine = wang.register_door(&town, 0, "101");
        let zhang = wang.register_resident(71, mine, "张三丰", "13900000001");
        let identity = wang.sealed(zhang, "identity", "150782195203041234");
        wang.write(vec![
            (zhang.into(), vec![identity, put("relation", "户主")]),
            (mine.into(), vec![put("use", "自住")]),
        ]);
        wang.register_door(&town, 0, "1001");
        wang.register_door(&town, 0, "201");
        let other = li.register_door(&town, 1, "201");
        li.register_resident(72, other, "李四光", "13900000009");
        wang.sync(&town.office);
        li.sync(&town.office);
        sun.sync(&town.office);
        Self { console: Console::of(town), wang, sun, mine, other, zhang }
    }
    fn door(&self) -> String {
        format!("/ledger/doors/{}", self.mine)
    }
    /// Rows of the audit.
    fn audited(&self) -> u64 {
        let (rows, broken) = self.console.town.office.store().read(|tx| tx.check_audit()).unwrap();
        assert_eq!(broken, None);
        rows
    }
    fn sync(&mut self) {
        for phone in [&mut self.wang, &mut self.sun] {
            phone.sync(&self.console.town.office);
        }
        self.wang.sync(&self.console.town.office);
    }
}

async fn search(browser: &Browser<'_>, said: &str) -> String {
    browser.post("/ledger/residents", &[("q", said)]).await.page()
}

#[tokio::test]
async fn doors_stand_in_the_order_of_people_with_masked_names_and_what_they_come_to() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let page = clerk.get("/ledger").await.page();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(at("1号楼1单元101") < at("1号楼1单元201") && at("1号楼1单元201") < at("1号楼1单元1001"));
    assert!(at("1号楼1单元1001") < at("2号楼1单元201"));
    assert!(page.contains("张**") && !page.contains("张三丰"));
    assert!(page.contains("<b>4</b><span>户</span>") && page.contains("<b>2</b><span>登记在住的人</span>"), "{page}");
    // Columns that somebody does not want are not there; one that is not usual is.
    let narrow = clerk.get("/ledger?col=use&col=counted").await.page();
    assert!(narrow.contains("<th class=\"num\" scope=\"col\">常住人数") && !narrow.contains("张**"), "{narrow}");
}

#[tokio::test]
async fn each_filter_leaves_out_what_it_is_not_about() {
    let mut street = Street::new();
    street.wang.set_phone(street.zhang, "13900000002");
    street.sun.set_phone(street.zhang, "13900000003");
    street.sync();
    let (clerk, town) = (street.console.sign_in(Post::Clerk).await, &street.console.town);
    let doors = async |query: &str| {
        let page = clerk.get(&format!("/ledger?{query}")).await.page();
        ["1号楼1单元101<", "1号楼1单元201<", "1号楼1单元1001<", "2号楼1单元201<"].map(|door| page.contains(door))
    };
    assert_eq!(doors("").await, [true; 4]);
    assert_eq!(doors(&format!("grid={}", town.grids[1])).await, [false, false, false, true]);
    assert_eq!(doors(&format!("building={}", town.buildings[0])).await, [true, true, true, false]);
    // The building of another grid than the one that is chosen means nothing.
    let both = format!("grid={}&building={}", town.grids[1], town.buildings[0]);
    assert_eq!(doors(&both).await, [false, false, false, true]);
    assert_eq!(doors("use=%E8%87%AA%E4%BD%8F").await, [true, false, false, false]);
    assert_eq!(doors("conflict=1").await, [true, false, false, false]);
    assert_eq!(doors("days=30").await, [true; 4], "nobody was ever there");
    assert_eq!(doors("refused=1").await, [false; 4]);
    assert_eq!(doors("open=1").await, [false; 4]);
    assert!(clerk.get("/ledger?refused=1").await.page().contains("没有符合条件的户"));
    assert_eq!(clerk.get("/ledger?grid=%zz&days=x&page=99").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_office_with_nothing_in_it_says_what_to_do() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    assert!(clerk.get("/ledger").await.page().contains("台账里还没有户"));
    assert!(clerk.get("/ledger/residents").await.page().contains("台账里还没有人"));
    assert!(clerk.get("/ledger/residents?whether=out").await.page().contains("没有符合条件的人"));
}

#[tokio::test]
async fn somebody_is_found_by_name_number_or_its_end_and_by_nothing_less() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let before = street.audited();
    for said in ["张三丰", " 张 三丰", "13900000001", "139-0000-0001", "0001", "1234", "150782195203041234"] {
        let page = search(&clerk, said).await;
        assert!(page.contains("张**") && page.contains("139****0001"), "{said}: {page}");
        assert!(!page.contains("张三丰") && !page.contains("13900000001") && !page.contains("195203041234"), "{said}");
        assert!(page.contains("1507**********1234"), "{said}");
    }
    assert!(street.audited() >= before + 7, "every search is written down");
    assert!(search(&clerk, "张三").await.contains("没有找到"));
    for said in ["张", "", "11", "12345"] {
        let answer = clerk.post("/ledger/residents", &[("q", said)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains("末四位"));
    }
    let list = clerk.get("/ledger/residents").await.page();
    assert!(list.contains("共 <") || list.contains("共 2 人"), "{list}");
    assert!(list.contains("李**") && !list.contains("李四光"));
}

#[tokio::test]
async fn a_door_s_page_is_masked_until_somebody_asks_which_is_written_down_before_it_is_shown() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let page = clerk.get(&street.door()).await.page();
    assert!(page.contains("张**") && page.contains("139****0001") && page.contains("1507**********1234"));
    for secret in ["张三丰", "13900000001", "150782195203041234"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let before = street.audited();
    let reveal = format!("{}/reveal", street.door());
    let shown = clerk.post(&reveal, &[("what", &street.zhang.to_string())]).await.page();
    for secret in ["张三丰", "13900000001", "150782195203041234"] {
        assert!(shown.contains(secret), "{secret}");
    }
    assert_eq!(street.audited(), before + 1, "one person, one row");
    let all = clerk.post(&reveal, &[("what", "all")]).await.page();
    assert!(all.contains("张三丰") && all.contains("已记入审计"));
    assert_eq!(street.audited(), before + 3, "the door and whoever lives there");
    // Shown once: the page itself is masked as before.
    assert!(!clerk.get(&street.door()).await.page().contains("张三丰"));
    // Somebody who lives elsewhere is not shown by way of this door, and nothing is by half a form.
    let stranger = ResidentId::from_bytes([72; 16]).to_string();
    assert_eq!(clerk.post(&reveal, &[("what", &stranger)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(clerk.post(&reveal, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(street.audited(), before + 3);
}

#[tokio::test]
async fn the_history_tells_who_changed_what_from_what_to_what_and_from_which_device() {
    let mut street = Street::new();
    street.wang.set_phone(street.zhang, "13900000002");
    street.sync();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let page = clerk.get(&street.door()).await.page();
    let (_, history) = page.split_once("变更历史").unwrap();
    let masked = "<del>139****0001 → </del>".replace(" → </del>", "</del>");
    assert!(history.contains(&masked) && history.contains("<ins>139****0002</ins>"), "{history}");
    assert!(history.contains("网格员") && history.contains("终端（尾号 6565）"), "the device by the end of its id");
    assert!(history.contains("本户 · ") && history.contains("1号楼</ins>"));
    assert!(!history.contains("13900000002"));
    let open = clerk.post(&format!("{}/reveal", street.door()), &[("what", "all")]).await.page();
    assert!(open.contains("<del>13900000001</del>") && open.contains("<ins>13900000002</ins>"));
    // What two wrote apart is in it, and so is what the office decided and that it was a decision.
    street.sun.set_phone(street.zhang, "13900000003");
    street.wang.set_phone(street.zhang, "13900000004");
    street.sync();
    let clerk = street.console.sign_in(Post::Admin).await;
    let disputed = clerk.get(&street.door()).await.page();
    let (_, rest) = disputed.split_once("href=\"/conflicts/").unwrap();
    let conflict = rest.split('"').next().unwrap();
    assert!(disputed.contains("要定的冲突"));
    let asked = clerk.get(&format!("/conflicts/{conflict}")).await.page();
    let seen = asked.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    clerk.post(&format!("/conflicts/{conflict}/decide"), &[("take", "A"), ("seen", &seen)]).await.to();
    let decided = clerk.get(&street.door()).await.page();
    assert!(
        decided.contains(">裁定<") && decided.contains("社区的电脑") && decided.contains("社区已裁定"),
        "{decided}"
    );
    assert!(!decided.contains("要定的冲突"));
}

#[tokio::test]
async fn a_door_that_was_set_aside_leads_to_the_one_that_is_kept_and_is_told_there() {
    let mut street = Street::new();
    let twin = street.wang.register_door(&street.console.town, 0, "101-1");
    let again = street.wang.register_resident(73, twin, "张三丰", "13900000001");
    street.sync();
    let office = street.console.town.office.clone();
    let clerk = street.console.sign_in(Post::Clerk).await;
    assert!(clerk.get("/ledger").await.page().contains("<b>5</b><span>户</span>"));
    let by = qiaomen_proto::ids::WorkerId::from_bytes([77; 16]);
    act::link(&office, twin.into(), street.mine.into(), None, by).unwrap();
    act::link(&office, again.into(), street.zhang.into(), None, by).unwrap();
    let list = clerk.get("/ledger").await.page();
    assert!(list.contains("<b>4</b><span>户</span>") && !list.contains("101-1"), "counted once");
    let people = clerk.get("/ledger/residents").await.page();
    assert!(people.contains("共 2 人"), "{people}");
    let kept = clerk.get(&street.door()).await.page();
    assert!(kept.contains(&format!("href=\"/ledger/doors/{twin}\"")) && kept.contains("重复，另一份为准"));
    assert!(kept.contains("登记在住 1 人") && kept.contains("101-1"), "its history is here too: {kept}");
    let aside = clerk.get(&format!("/ledger/doors/{twin}")).await.page();
    assert!(aside.contains("是同一户，以那一份为准") && aside.contains(&format!("href=\"{}\"", street.door())));
    // Whoever is looked for is found under both, and told which one counts.
    let found = search(&clerk, "0001").await;
    assert_eq!(found.matches("重复，另一份为准").count(), 1);
    // Taken back, they are two again.
    act::unlink(&office, twin.into(), by).unwrap();
    assert!(clerk.get("/ledger").await.page().contains("<b>5</b><span>户</span>"));
}

#[tokio::test]
async fn a_long_history_is_turned_like_pages() {
    let mut street = Street::new();
    for n in 0..30 {
        street.wang.set_phone(street.zhang, &format!("139000001{n:02}"));
    }
    street.sync();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let first = clerk.get(&street.door()).await.page();
    assert!(first.contains("139****0129") && !first.contains("139****0001<") && first.contains("更早的"));
    let second = clerk.get(&format!("{}?from=25", street.door())).await.page();
    let (_, history) = second.split_once("变更历史").unwrap();
    assert!(history.contains("139****0001<") && history.contains("更近的") && !history.contains("更早的"));
    let beyond = clerk.get(&format!("{}?from=99999999999999", street.door())).await.page();
    assert!(beyond.contains("没有更早的了"));
}

#[tokio::test]
async fn a_grid_leader_sees_her_own_grid_and_no_other_by_any_way() {
    let street = Street::new();
    let leader = street.console.sign_in(Post::GridLeader).await;
    let list = leader.get("/ledger").await.page();
    assert!(list.contains("1号楼1单元101") && !list.contains("2号楼"));
    assert!(!leader.get("/ledger/residents").await.page().contains("李**"));
    let elsewhere = leader.get(&format!("/ledger?grid={}", street.console.town.grids[1])).await.page();
    assert!(!elsewhere.contains("2号楼1单元201"));
    assert!(search(&leader, "李四光").await.contains("没有找到"));
    assert!(search(&leader, "张三丰").await.contains("张**"));
    let other = format!("/ledger/doors/{}", street.other);
    assert_eq!(leader.get(&other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(leader.post(&format!("{other}/reveal"), &[("what", "all")]).await.status, StatusCode::NOT_FOUND);
    let mine = leader.post(&format!("{}/reveal", street.door()), &[("what", "all")]).await.page();
    assert!(mine.contains("张三丰"));
    // Her workbook holds what she sees; another grid's is not written.
    let file = leader.post("/ledger/export", &[]).await;
    let book = read_workbook(&file.body, &mut |_, _| {}).unwrap();
    assert!(book.doors.len() == 3 && book.doors.iter().all(|d| d.building == "1号楼"));
    let grid = street.console.town.grids[1].to_string();
    assert_eq!(leader.post("/ledger/export", &[("grid", &grid)]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(leader.post("/ledger/views", &[("name", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_supervisor_reads_and_shows_but_hands_nothing_out_and_a_coordinator_sees_no_ledger() {
    let street = Street::new();
    let supervisor = street.console.sign_in(Post::Supervisor).await;
    let list = supervisor.get("/ledger").await.page();
    assert!(list.contains("2号楼1单元201") && !list.contains("/ledger/export") && !list.contains("存为视图"));
    assert_eq!(supervisor.post("/ledger/export", &[]).await.status, StatusCode::FORBIDDEN);
    let before = street.audited();
    let shown = supervisor.post(&format!("{}/reveal", street.door()), &[("what", "all")]).await.page();
    assert!(shown.contains("张三丰"));
    assert_eq!(street.audited(), before + 2);
    let console = &street.console;
    let worker = console.town.phone(91, Role::Coordinator, 0).by.worker;
    clerks::add_in_post(&console.town.office, "fangguan", PASSWORD, Post::Coordinator, Some(worker), None).unwrap();
    let answer = console.post("/sign-in", "", &[("login", "fangguan"), ("password", PASSWORD)]).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    for path in ["/ledger", "/ledger/residents", &street.door()] {
        assert_eq!(console.get(path, cookie).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/ledger/residents", "/ledger/export", &format!("{}/reveal", street.door())] {
        assert_eq!(console.post(path, cookie, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_view_is_kept_found_again_and_let_go() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let query = "use=%E8%87%AA%E4%BD%8F&days=90&junk=%E5%BC%A0%E4%B8%89%E4%B8%B0";
    let to = clerk.post("/ledger/views", &[("name", SCRIPT), ("query", query)]).await.to();
    assert_eq!(to, "/ledger?use=%E8%87%AA%E4%BD%8F&days=90&kept=1", "only what is a filter is kept");
    let page = clerk.get(&to).await.page();
    assert!(page.contains("已存为视图") && page.contains("&lt;script&gt;alert(document)") && !page.contains(SCRIPT));
    assert!(page.contains("href=\"/ledger?use=%E8%87%AA%E4%BD%8F&amp;days=90\""));
    let again = clerk.post("/ledger/views", &[("name", SCRIPT), ("query", "")]).await;
    assert!(again.text().contains("已经有一个同名的视图"), "{}", again.text());
    let long = "长".repeat(41);
    for name in ["", long.as_str()] {
        let refused = clerk.post("/ledger/views", &[("name", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Another clerk finds it, and its name is readable in no row.
    let admin = street.console.sign_in(Post::Admin).await;
    assert!(admin.get("/ledger").await.page().contains("&lt;script&gt;alert(document)"));
    let rows = street.console.town.office.store().read(|tx| tx.ledger_views()).unwrap();
    assert!(!rows[0].name_sealed.windows(5).any(|w| w == b"alert"));
    assert_eq!(admin.post("/ledger/views/1/delete", &[]).await.to(), "/ledger?dropped=1");
    let gone = clerk.post("/ledger/views/1/delete", &[]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(!clerk.get("/ledger").await.page().contains("script&gt;alert"));
}

#[tokio::test]
async fn the_workbook_is_handed_out_as_a_file_and_written_down() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let before = street.audited();
    let file = clerk.post("/ledger/export", &[]).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.headers["content-type"].to_str().unwrap().contains("spreadsheetml"));
    let named = file.headers["content-disposition"].to_str().unwrap();
    assert!(named.contains("ledger-2026-09-21.xlsx") && named.contains("attachment"), "{named}");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert_eq!(street.audited(), before + 1);
    let book = read_workbook(&file.body, &mut |_, _| {}).unwrap();
    // This street's workers have no names: only their rows are no rows.
    let refused: Vec<&str> = book.rejected.iter().map(|r| r.sheet.as_str()).collect();
    assert_eq!((book.doors.len(), refused), (4, vec!["花名册"; 3]));
    let grid = street.console.town.grids[1].to_string();
    let one = clerk.post("/ledger/export", &[("grid", &grid)]).await;
    assert_eq!(read_workbook(&one.body, &mut |_, _| {}).unwrap().doors.len(), 1);
    assert_eq!(clerk.post("/ledger/export", &[("grid", "x")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_text_of_anybody_becomes_a_script_on_any_page() {
    let mut street = Street::new();
    let (door, zhang) = (street.mine, street.zhang);
    let wang = &mut street.wang;
    wang.write(vec![(door.into(), vec![put("use", SCRIPT)])]);
    for field in ["name", "employer", "categories"] {
        let edit = wang.sealed(zhang, field, SCRIPT);
        wang.write(vec![(zhang.into(), vec![edit])]);
    }
    wang.write(vec![(zhang.into(), vec![put("relation", SCRIPT), put("residency", SCRIPT)])]);
    let stamp = wang.stamp();
    let sealed = |edit: Edit| edit.value.as_bytes().unwrap().to_vec();
    let note = sealed(wang.sealed(zhang, "note", SCRIPT));
    let record = |container: u8, n: u8, bytes: Vec<u8>| Edit {
        path: Path::new(container, keys::record_key(stamp.command, n)),
        value: Scalar::Bytes(bytes),
    };
    let tag = TagPayload { code: SCRIPT.into(), basis: None, expires_on: None, withdrawn: false };
    wang.write(vec![
        (zhang.into(), vec![record(qiaomen_proto::entity::resident::NOTES, 0, to_bytes(&NotePayload { text: note }))]),
        (door.into(), vec![record(household::TAGS, 1, to_bytes(&tag))]),
    ]);
    let matter = TicketId::from_bytes([9; 16]);
    let text = wang.sealed(ResidentId(matter.0), "text", SCRIPT);
    let report = record(ticket::EVENTS, 2, to_bytes(&EventPayload::new(EventKind::Report)));
    let grid = street.console.town.grids[0].to_string();
    let fields = vec![put("household", &door.to_string()), put("grid", &grid), put("category", SCRIPT), text, report];
    wang.write(vec![(matter.into(), fields)]);
    street.sync();
    assert!(street.wang.outbox.is_empty(), "everything was taken");
    let clerk = street.console.sign_in(Post::Clerk).await;
    let mut pages = vec![
        ("list", clerk.get("/ledger?open=1").await.page()),
        ("people", clerk.get("/ledger/residents").await.page()),
        ("found", search(&clerk, SCRIPT).await),
        ("door", clerk.get(&street.door()).await.page()),
    ];
    pages.push(("shown", clerk.post(&format!("{}/reveal", street.door()), &[("what", "all")]).await.page()));
    for (name, page) in &pages {
        assert!(!page.contains("<script>"), "{name}");
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "{name}");
    }
    let shown = &pages[4].1;
    assert!(shown.matches("&lt;script&gt;").count() >= 9, "they are there, as texts: {shown}");
}

#[tokio::test]
async fn a_door_that_is_none_is_said_to_be_none() {
    let street = Street::new();
    let clerk = street.console.sign_in(Post::Clerk).await;
    let zhang = format!("/ledger/doors/{}", street.zhang);
    for path in ["/ledger/doors/1", "/ledger/doors/..%2f..", "/ledger/doors/%00", &zhang] {
        let answer = clerk.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(clerk.get(&zhang).await.text().contains("没有这一户"));
}
