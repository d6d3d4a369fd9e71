//! Matters at the console: a clerk takes one its whole way, and what is refused is said in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::matter::{Told, report};
use crate::steps::{assign, forms, stage, to, told};
use crate::support::phone::EVENING_MS;
use crate::support::{Browser, Console};
use qiaomen_proto::ids::{Role, TicketId};
use qiaomen_proto::merge::fold::{EventKind, EventPayload, Stage};
use qiaomen_server::people::Post;

const SCRIPT: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn a_clerk_takes_a_matter_from_the_report_to_the_resident_s_opinion() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    let list = clerk.get("/tickets").await.page();
    assert!(list.contains("楼门口的灯不亮") && list.contains("已上报") && list.contains(&format!("/tickets/{ticket}")));
    let accepted = clerk.post(&to(ticket, "accept"), &[("category", "管网"), ("size", "small")]).await.to();
    assert_eq!(accepted, format!("/tickets/{ticket}?done=accept"));
    assert!(clerk.get(&accepted).await.page().contains("已受理。"));
    let assigned = assign(&clerk, ticket, "房管").await;
    let page = clerk.get(&assigned).await.page();
    assert!(
        page.contains("交 和顺物业，主管部门 房管") && page.contains("请查灯") && page.contains("还有 3 天"),
        "{page}"
    );
    assert!(page.contains("花名册上没有这个部门的协管员"), "nobody of that department would hear of it");
    for (step, fields) in [
        ("start", vec![]),
        ("extend", vec![("due_on", "2026-12-01"), ("text", "等配件")]),
        ("feedback", vec![("text", "换好了")]),
        ("check", vec![]),
        ("close", vec![]),
        ("rate", vec![("satisfaction", "3")]),
    ] {
        let done = clerk.post(&to(ticket, step), &fields).await.to();
        assert_eq!(done, format!("/tickets/{ticket}?done={step}"));
        assert!(clerk.get(&done).await.page().contains("class=\"said\""), "{step}");
    }
    assert_eq!(stage(&console, ticket), Stage::Rated);
    let list = clerk.get("/tickets").await.page();
    assert!(list.contains("没有在办的诉求") && !list.contains("楼门口的灯不亮"));
    assert!(clerk.get("/tickets?list=over").await.page().contains("楼门口的灯不亮"));
}

#[tokio::test]
async fn a_page_offers_what_can_be_done_and_nothing_else() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    let path = format!("/tickets/{ticket}");
    let page = clerk.get(&path).await.page();
    let fresh = forms(&page);
    assert_eq!(fresh.first(), Some(&"accept"), "what usually comes next stands first");
    for (step, is_there) in
        [("close_on_spot", true), ("assign", true), ("close", false), ("rate", false), ("reopen", false)]
    {
        assert_eq!(fresh.contains(&step), is_there, "{step}");
    }
    assert!(!fresh.contains(&"duplicate") && !fresh.contains(&"report"));
    clerk.post(&to(ticket, "close_on_spot"), &[("text", "当场换了灯泡")]).await.to();
    let page = clerk.get(&path).await.page();
    assert_eq!(forms(&page), ["rate", "reopen", "supplement"]);
    // A large matter is never closed on the spot, and the button is not there.
    let (console, _wang, ticket) = told(&Told { large: true, ..Told::default() });
    let clerk = console.sign_in(Post::Clerk).await;
    assert!(!forms(&clerk.get(&format!("/tickets/{ticket}")).await.page()).contains(&"close_on_spot"));
}

#[tokio::test]
async fn what_no_rule_allows_is_refused_in_words_with_a_way_back() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    let back = format!("href=\"/tickets/{ticket}\"");
    for (step, fields, said, status) in [
        ("close", vec![], "现在不能“办结”：还没有向居民反馈。", 409),
        ("void", vec![], "请填写作废原因。", 422),
        ("assign", vec![("term", "3")], "请填写主管部门。", 422),
        ("assign", vec![("department", "房管"), ("term", "15")], "要先征得居民同意", 422),
        ("assign", vec![("department", "房管"), ("term", "99")], "办理期限请从列出的里面选。", 422),
        ("extend", vec![("text", "等等"), ("due_on", "2020-01-01")], "延期要在现在的期限", 422),
        ("duplicate", vec![], "“标记重复”不在这里做", 422),
    ] {
        let answer = clerk.post(&to(ticket, step), &fields).await;
        assert_eq!(answer.status, status, "{step}");
        assert!(answer.text().contains(said) && answer.text().contains(&back), "{step}: {}", answer.text());
    }
    assert_eq!(stage(&console, ticket), Stage::Reported);
    for path in [to(ticket, "tea"), to(TicketId::from_bytes([9; 16]), "accept"), "/tickets/x/steps/accept".to_owned()] {
        assert_eq!(clerk.post(&path, &[]).await.status, 404, "{path}");
    }
    for path in
        ["/tickets/x", "/tickets/..%2fetc", "/tickets/%ff", &format!("/tickets/{}", TicketId::from_bytes([9; 16]))]
    {
        let status = clerk.get(path).await.status.as_u16();
        assert!([400, 404].contains(&status), "{path}: {status}");
    }
    assert_eq!(clerk.get("/tickets?grid=x").await.status, 400);
    assert_eq!(clerk.get("/tickets?page=-1").await.status, 400);
    assert_eq!(clerk.get("/tickets?page=99999999").await.status, 200, "a page that is not there is empty");
}

#[tokio::test]
async fn a_resident_calls_and_what_was_typed_comes_back_if_something_is_missing() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let building = console.town.buildings[0].to_string();
    let call = async |text: &str, room: &str, category: &str| {
        let fields = [
            ("text", text),
            ("category", category),
            ("source", "电话"),
            ("size", "big"),
            ("building", building.as_str()),
            ("room", room),
            ("name", "张桂兰"),
            ("phone", "13900000002"),
        ];
        clerk.post("/tickets/new", &fields).await
    };
    assert!(clerk.get("/tickets/new").await.page().contains("1号楼"));
    for (answer, said) in [
        (call("下水道堵了", "101", "管网").await, "台账里没有这一户"),
        (call("下水道堵了", "", "").await, "类别请从列出的里面选"),
        (call("", "", "管网").await, "请填写诉求内容"),
    ] {
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(said) && answer.text().contains("value=\"张桂兰\""), "{}", answer.text());
    }
    let made = call("下水道堵了", "", "管网").await.to();
    assert!(made.ends_with("?done=report") && !made.contains("139"), "no value in an address: {made}");
    let page = clerk.get(&made).await.page();
    assert!(
        page.contains("已登记并受理") && page.contains("下水道堵了") && page.contains("大事") && page.contains("电话")
    );
    assert_eq!(forms(&page).first(), Some(&"assign"));
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    wang.sync(&console.town.office);
    assert_eq!(wang.base.len(), 1, "the worker of the grid has it");
}

#[tokio::test]
async fn the_joint_meeting_s_list_shows_what_lies_before_it_and_why() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    assert!(clerk.get("/tickets/joint").await.page().contains("没有要上会的诉求"));
    clerk.post(&to(ticket, "escalate"), &[("text", "要几家一起定")]).await.to();
    let page = clerk.get("/tickets/joint").await.page();
    assert!(page.contains("要几家一起定") && page.contains("楼门口的灯不亮") && page.contains("会议意见"));
    assert!(forms(&clerk.get(&format!("/tickets/{ticket}")).await.page()).iter().all(|s| *s != "void"));
    let her = console.sign_in(Post::Coordinator).await;
    assert!(her.get("/tickets/joint").await.page().contains("没有要上会的诉求"), "not her department's");
}

#[tokio::test]
async fn what_a_phone_did_too_late_is_shown_with_why_it_does_not_count() {
    let (console, mut wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    clerk.post(&to(ticket, "close_on_spot"), &[("text", "换好了")]).await.to();
    wang.at_ms = EVENING_MS + 60_000;
    crate::matter::step(&mut wang, ticket, EventPayload::new(EventKind::Start), Some("我去看看"));
    wang.sync(&console.town.office);
    let page = clerk.get(&format!("/tickets/{ticket}")).await.page();
    assert!(page.contains("没有计入") && page.contains("事情已经了结") && page.contains("我去看看"));
}

#[tokio::test]
async fn filters_narrow_the_list_and_pages_go_on() {
    let (console, mut wang, _) = told(&Told { number: 1, text: "小的", ..Told::default() });
    report(
        &mut wang,
        &console.town,
        &Told { number: 2, large: true, category: "管网", text: "大的", ..Told::default() },
    );
    for number in 3..=60 {
        report(&mut wang, &console.town, &Told { number, category: "道路", text: "路不平", ..Told::default() });
    }
    wang.sync(&console.town.office);
    let clerk = console.sign_in(Post::Clerk).await;
    let shows_to = async |clerk: &Browser<'_>, query: &str| {
        let page = clerk.get(&format!("/tickets?{query}")).await.page();
        (page.contains("小的"), page.contains("大的"))
    };
    let shows = async |query: &str| shows_to(&clerk, query).await;
    let enc = |name: &str, value: &str| crate::support::encoded(&[(name, value)]);
    assert_eq!(shows("size=big").await, (false, true));
    assert_eq!(shows("size=small").await, (true, false));
    assert_eq!(shows(&enc("category", "管网")).await, (false, true));
    assert_eq!(shows("stage=to_assign").await, (false, false));
    assert_eq!(shows("stage=reported&size=big").await, (false, true));
    assert_eq!(shows("overdue=1").await, (false, false), "due today is not late");
    assert_eq!(shows("today=1&category=%E8%B7%AF%E7%81%AF%E6%8D%9F%E5%9D%8F").await, (true, false));
    assert_eq!(shows(&enc("department", "房管")).await, (false, false));
    assert!(!shows(&format!("grid={}", console.town.grids[0])).await.1, "a large one without a day stands last");
    console.town.around.now_ms.store(EVENING_MS + 2 * 24 * 3_600_000, std::sync::atomic::Ordering::SeqCst);
    // The session has run out with the day.
    let clerk = console.enter("the-clerk").await;
    assert_eq!(shows_to(&clerk, "overdue=1").await, (true, false));
    let first = clerk.get("/tickets").await.page();
    assert!(first.contains("第 1–50 件，共 60 件") && first.contains("/tickets?page=1"));
    let second = clerk.get("/tickets?page=1").await.page();
    assert!(second.contains("第 51–60 件，共 60 件") && second.contains("大的"));
    let board = clerk.get("/tickets?view=board").await.page();
    assert!(board.contains("看全部 60 件") && board.contains("待核查"));
}

#[tokio::test]
async fn a_script_in_any_text_comes_out_as_text() {
    let (console, _wang, ticket) =
        told(&Told { text: SCRIPT, category: SCRIPT, reporter: Some(SCRIPT), ..Told::default() });
    let clerk = console.sign_in(Post::Clerk).await;
    let fields = [("department", SCRIPT), ("party", "<script>p"), ("term", "0"), ("text", SCRIPT)];
    clerk.post(&to(ticket, "assign"), &fields).await.to();
    clerk.post(&to(ticket, "escalate"), &[("text", SCRIPT)]).await.to();
    let new = clerk.post("/tickets/new", &[("text", SCRIPT), ("name", "\"><script>"), ("category", SCRIPT)]).await;
    assert_eq!(new.status, 422);
    let mut pages = vec![new.text()];
    for path in [
        "/tickets".to_owned(),
        "/tickets?view=board".to_owned(),
        "/tickets/joint".to_owned(),
        format!("/tickets/{ticket}?reporter=shown&done=%3Cscript%3E"),
        format!("/tickets/{ticket}/slip?reporter=shown"),
        format!("/tickets?{}", crate::support::encoded(&[("department", SCRIPT), ("view", "\"><script>")])),
    ] {
        pages.push(clerk.get(&path).await.page());
    }
    for page in pages {
        assert!(page.contains("&lt;script&gt;"), "it is shown: {page}");
        assert_eq!(page.matches("<script").count(), 1, "only the console's own: {page}");
    }
}

#[tokio::test]
async fn the_administrator_sets_terms_and_categories_and_phones_get_them() {
    let (console, _wang, ticket) = told(&Told::default());
    let admin = console.sign_in(Post::Admin).await;
    assert!(admin.get("/tickets/terms").await.page().contains("屋顶漏水"));
    let version =
        |console: &Console| console.town.office.store().read(|tx| console.town.office.versions(tx)).unwrap().0;
    let before = version(&console);
    let fields = [
        ("term0", "0"),
        ("term1", "5"),
        ("consent1", "1"),
        ("category0", "路灯损坏"),
        ("days0", "5"),
        ("category1", "养犬"),
    ];
    assert_eq!(admin.post("/tickets/terms", &fields).await.to(), "/tickets/terms?done=1");
    let reference = console.town.office.store().read(|tx| console.town.office.reference(tx)).unwrap();
    assert_eq!(reference.categories, ["路灯损坏", "养犬"]);
    assert!(version(&console) > before, "phones fetch it anew");
    let page = admin.get(&format!("/tickets/{ticket}")).await.page();
    assert!(page.contains("5 天") && !page.contains("15 天") && page.contains("养犬"));
    for (fields, said) in [
        (vec![("term0", "x"), ("category0", "a")], "天数请填"),
        (vec![("term0", "400"), ("category0", "a")], "期限最多到"),
        (vec![("category0", "a")], "种期限"),
        (vec![("term0", "0")], "类别"),
    ] {
        let answer = admin.post("/tickets/terms", &fields).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(said), "{}", answer.text());
    }
    let clerk = console.sign_in(Post::Clerk).await;
    assert_eq!(clerk.post("/tickets/terms", &fields).await.status, 403);
}

#[tokio::test]
async fn the_work_order_says_who_where_what_and_by_when() {
    let (console, _wang, ticket) = told(&Told::default());
    let clerk = console.sign_in(Post::Clerk).await;
    let slip = format!("/tickets/{ticket}/slip");
    assert!(clerk.get(&slip).await.page().contains("还没有派遣"));
    assign(&clerk, ticket, "房管").await;
    let page = clerk.get(&slip).await.page();
    for said in ["和顺社区诉求办理派单", "和顺物业", "房管", "请查灯", "楼门口的灯不亮", "第1网格", "居民签字"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("还没有派遣"));
}
