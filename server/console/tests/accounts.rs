//! Accounts at the console: opened, changed, removed; the own password; and what was done, as the audit has it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::{Browser, Console, PASSWORD};
use qiaomen_proto::ids::{Role, WorkerId};
use qiaomen_server::people::accounts::accounts;
use qiaomen_server::people::{Post, clerks};

const NEW: &str = "冬至饺子 2026";

fn account(console: &Console, login: &str) -> WorkerId {
    accounts(&console.town.office).unwrap().into_iter().find(|a| a.login == login).unwrap().id
}

async fn open(admin: &Browser<'_>, login: &str, post: &str) -> crate::support::Answer {
    admin.post("/accounts", &[("login", login), ("as", post), ("password", PASSWORD), ("again", PASSWORD)]).await
}

#[tokio::test]
async fn an_administrator_opens_accounts_and_a_leader_is_somebody_of_the_roster() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    open(&admin, "xiaoli", "clerk").await.to();
    assert!(console.enter("xiaoli").await.get("/people").await.page().contains("花名册"));
    let taken = open(&admin, "xiaoli", "clerk").await;
    assert!(taken.text().contains("已经有这个用户名"));
    let leader = console.town.phone(5, Role::GridLeader, 1).by.worker;
    let nobody = open(&admin, "ghost", "grid_leader").await;
    assert!(nobody.text().contains("网格长要先在花名册上"), "{}", nobody.text());
    let worker = console.town.phone(6, Role::GridWorker, 1).by.worker;
    let wrong = open(&admin, "ghost", &format!("grid_leader:{worker}")).await;
    assert!(wrong.text().contains("网格长要先在花名册上"), "a grid worker is no leader");
    open(&admin, "leader2", &format!("grid_leader:{leader}")).await.to();
    let own = console.enter("leader2").await.get("/account").await.page();
    assert!(own.contains("第2网格"), "{own}");
    let second = open(&admin, "leader3", &format!("grid_leader:{leader}")).await;
    assert!(second.text().contains("这位已经有账号了"));
    assert_eq!(open(&admin, "ghost", "emperor").await.status, 404);
}

#[tokio::test]
async fn passwords_that_differ_or_are_short_open_nothing() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let post = |password: &'static str, again: &'static str| {
        [("login", "xiaoli"), ("as", "clerk"), ("password", password), ("again", again)]
    };
    let back = admin.post("/accounts", &post(PASSWORD, NEW)).await;
    let page = back.text();
    assert_eq!(back.status, 422);
    assert!(page.contains("两遍密码不一样") && page.contains("data-here=\"/accounts\""), "{page}");
    assert!(
        page.contains("value=\"xiaoli\"") && page.contains("value=\"clerk\" selected"),
        "what was typed stands there"
    );
    assert!(!page.contains(PASSWORD) && !page.contains(NEW), "a password does not come back");
    assert!(admin.post("/accounts", &post("short", "short")).await.text().contains("密码至少"));
    assert_eq!(accounts(&console.town.office).unwrap().len(), 1);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let own = account(&console, "the-admin");
    let removed = admin.post(&format!("/accounts/{own}/remove"), &[("sure", "yes")]).await;
    assert!(removed.text().contains("这是最后一个管理员"));
    let demoted = admin.post(&format!("/accounts/{own}/post"), &[("post", "clerk")]).await;
    assert!(demoted.text().contains("这是最后一个管理员"));
    assert!(admin.get("/accounts").await.page().contains("the-admin"), "and is still signed in");
    open(&admin, "second", "admin").await.to();
    admin.post(&format!("/accounts/{own}/remove"), &[("sure", "yes")]).await.to();
    assert_eq!(admin.get("/accounts").await.status, 303, "who was removed is signed out");
}

#[tokio::test]
async fn who_was_removed_is_signed_out_and_keeps_a_name_in_what_was_done() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let clerk = console.sign_in(Post::Clerk).await;
    clerk.get("/quarantine").await.page();
    let id = account(&console, "the-clerk");
    let asked = admin.post(&format!("/accounts/{id}/remove"), &[]).await;
    assert!(asked.text().contains("请先勾选"));
    admin.post(&format!("/accounts/{id}/remove"), &[("sure", "yes")]).await.to();
    assert_eq!(clerk.get("/quarantine").await.status, 303);
    assert!(clerks::login(&console.town.office, "the-clerk", PASSWORD).is_err());
    let audit = admin.get("/audit").await.page();
    assert!(audit.contains("the-clerk（账号已删除）") && audit.contains("删除了账号"));
    assert_eq!(admin.get(&format!("/accounts/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_new_password_from_the_administrator_ends_the_old_sessions() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let clerk = console.sign_in(Post::Clerk).await;
    let id = account(&console, "the-clerk");
    let typo = admin.post(&format!("/accounts/{id}/password"), &[("password", NEW), ("again", PASSWORD)]).await;
    assert_eq!(typo.status, 422);
    let here = format!("data-here=\"/accounts/{id}\"");
    assert!(typo.text().contains("两遍密码不一样") && typo.text().contains(&here) && typo.text().contains("换岗位"));
    admin.post(&format!("/accounts/{id}/password"), &[("password", NEW), ("again", NEW)]).await.to();
    assert_eq!(clerk.get("/people").await.status, 303);
    assert!(clerks::login(&console.town.office, "the-clerk", PASSWORD).is_err());
    clerks::login(&console.town.office, "the-clerk", NEW).unwrap();
}

#[tokio::test]
async fn everybody_changes_the_own_password_knowing_the_old_one() {
    let console = Console::new();
    for post in Post::ALL {
        let here = console.sign_in(post).await;
        let login = format!("the-{}", post.word());
        let elsewhere = console.enter(&login).await;
        let wrong = here.post("/account", &[("old", NEW), ("password", NEW), ("again", NEW)]).await;
        assert!(wrong.text().contains("原来的密码不对"), "{post:?} {}", wrong.text());
        assert_eq!(wrong.status, 422, "a wrong old password does not sign anybody out");
        let in_place = ["data-here=\"/account\"", "name=\"old\"", "改密码"].map(|part| wrong.text().contains(part));
        assert_eq!(in_place, [true; 3], "on the page of the form");
        let fields = [("old", PASSWORD), ("password", NEW), ("again", NEW)];
        assert_eq!(here.post("/account", &fields).await.to(), "/account?done=true");
        here.get("/account?done=true").await.page();
        assert_eq!(elsewhere.get("/account").await.status, 303, "sessions elsewhere end");
        clerks::login(&console.town.office, &login, NEW).unwrap();
    }
}

#[tokio::test]
async fn guessing_the_old_password_locks_as_guessing_at_the_door_does() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let fields = [("old", "a wrong one"), ("password", NEW), ("again", NEW)];
    for _ in 0..5 {
        assert_eq!(clerk.post("/account", &fields).await.status, 422);
    }
    let locked = clerk.post("/account", &[("old", PASSWORD), ("password", NEW), ("again", NEW)]).await;
    assert_eq!(locked.status, 429);
    assert!(locked.text().contains("密码错的次数太多"));
}

#[tokio::test]
async fn a_post_of_the_offices_own_can_be_changed_and_one_of_the_rosters_cannot() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    let clerk = console.sign_in(Post::Clerk).await;
    console.sign_in(Post::GridLeader).await;
    let (id, leader) = (account(&console, "the-clerk"), account(&console, "the-grid_leader"));
    admin.post(&format!("/accounts/{id}/post"), &[("post", "supervisor")]).await.to();
    assert_eq!(clerk.get("/import").await.status, 403, "a supervisor does not import");
    for (id, post) in [(id, "grid_leader"), (leader, "admin")] {
        let refused = admin.post(&format!("/accounts/{id}/post"), &[("post", post)]).await;
        assert!(refused.text().contains("由花名册定"), "{}", refused.text());
    }
}

#[tokio::test]
async fn a_script_for_a_sign_in_name_is_only_text() {
    let console = Console::new();
    let admin = console.sign_in(Post::Admin).await;
    open(&admin, "<script>alert(1)</script>", "clerk").await.to();
    for path in [
        "/accounts".to_owned(),
        "/audit".to_owned(),
        format!("/accounts/{}", account(&console, "<script>alert(1)</script>")),
    ] {
        let page = admin.get(&path).await.page();
        assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{path}");
    }
}
