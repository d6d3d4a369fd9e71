//! The day close at the console: figures, signature, record, addendum, and opening again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::phone::{EVENING_MS, Phone, Town};
use crate::support::{Browser, Console};
use qiaomen_proto::ids::Role;
use qiaomen_server::close::Day;
use qiaomen_server::people::Post;
use std::sync::atomic::Ordering;

/// 王 is home; 李 has written down a door and is not.
fn evening() -> (Console, Phone) {
    let town = Town::new();
    let (mut wang, mut li) = (town.phone(1, Role::GridWorker, 0), town.phone(2, Role::GridWorker, 1));
    wang.register_door(&town, 0, "101");
    wang.sync(&town.office);
    li.register_door(&town, 1, "201");
    (Console::of(town), li)
}
fn today() -> String {
    Day::of(EVENING_MS).to_string()
}
/// Signs with what the page shows, and one reason for whatever is left.
async fn sign(clerk: &Browser<'_>, why: &str, note: &str) -> crate::support::Answer {
    let page = clerk.get(&format!("/day/{}", today())).await.page();
    let words = ["devices", "conflicts", "held", "duplicates", "due", "overdue"];
    let names: Vec<_> = words.iter().map(|w| [format!("seen-{w}"), format!("why-{w}"), format!("note-{w}")]).collect();
    let seen: Vec<String> = names
        .iter()
        .map(|[seen, ..]| {
            page.split_once(&format!("name=\"{seen}\" value=\"")).unwrap().1.split('"').next().unwrap().to_owned()
        })
        .collect();
    let mut fields = Vec::new();
    for ([name, reason, words], seen) in names.iter().zip(&seen) {
        fields.extend([(name.as_str(), seen.as_str()), (reason, why), (words, note)]);
    }
    clerk.post(&format!("/day/{}/sign", today()), &fields).await
}

#[tokio::test]
async fn a_day_is_signed_with_reasons_printed_exported_and_opened_again() {
    let (console, _) = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    assert_eq!(clerk.get("/").await.to(), "/day");
    assert_eq!(clerk.get("/day").await.to(), format!("/day/{}", today()));
    let page = clerk.get(&format!("/day/{}", today())).await.page();
    assert!(page.contains("1 台终端没到家") && page.contains("签，结束这一天"), "{page}");
    let refused = sign(&clerk, "", "").await;
    assert!(refused.text().contains("请写明为什么留着"), "{}", refused.text());
    assert_eq!(sign(&clerk, "other", "手机<i>没电</i>").await.to(), format!("/day/{}?signed=1", today()));
    let record = clerk.get(&format!("/day/{}/record", today())).await.page();
    assert!(record.contains("日结单 第 1 号") && record.contains("手机&lt;i&gt;没电"), "{record}");
    let export = clerk.get(&format!("/day/{}/record.json", today())).await;
    let json: serde_json::Value = serde_json::from_slice(&export.body).unwrap();
    assert_eq!((json["number"].as_u64(), json["left"][0]["what"].as_str()), (Some(1), Some("devices")));
    assert!(!export.text().contains("没电"), "what leaves the office names nobody");
    assert!(clerk.get("/days").await.page().contains("1 份记录核对无误"));
    let again = clerk.post(&format!("/day/{}/reopen", today()), &[("why", "other"), ("note", "漏了一户")]).await;
    assert_eq!(again.to(), format!("/day/{}?reopened=2", today()));
    assert_eq!(clerk.get(&format!("/day/{}/record", today())).await.status, 404);
}

#[tokio::test]
async fn what_comes_after_the_signature_is_shown_apart() {
    let (console, mut li) = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    sign(&clerk, "tomorrow", "").await.to();
    console.town.around.now_ms.fetch_add(600_000, Ordering::SeqCst);
    li.sync(&console.town.office);
    let page = clerk.get(&format!("/day/{}", today())).await.page();
    assert!(page.contains("补记") && page.contains("2号楼1单元201"), "{page}");
}

#[tokio::test]
async fn an_earlier_day_shows_what_was_signed_or_says_that_it_is_of_now() {
    let (console, mut li) = evening();
    let clerk = console.sign_in(Post::Clerk).await;
    let day = today();
    sign(&clerk, "tomorrow", "").await.to();
    let home = |page: &str| {
        let figure = page.split("<span>终端到家</span>").next().unwrap();
        figure.rsplit("<b>").next().unwrap().split('<').next().unwrap().to_owned()
    };
    assert_eq!(home(&clerk.get(&format!("/day/{day}")).await.page()), "1 / 2");
    console.town.around.now_ms.fetch_add(24 * 3_600_000, Ordering::SeqCst);
    li.sync(&console.town.office);
    let clerk = console.enter("the-clerk").await;
    let page = clerk.get(&format!("/day/{day}")).await.page();
    assert!(home(&page) == "1 / 2" && page.contains("数字是日结时签下的"), "{page}");
    // A leader's part of it was not signed apart; and a day that nobody closed has no other figures.
    let leader = console.sign_in(Post::GridLeader).await;
    assert!(leader.get(&format!("/day/{day}")).await.page().contains("是现在的情况"));
    let before = Day::parse(&day).unwrap().before();
    let page = clerk.get(&format!("/day/{before}")).await.page();
    assert!(page.contains("入册、走访、电话和巡查是这一天的") && !page.contains("签下的"), "{page}");
}

#[tokio::test]
async fn a_leader_sees_her_grid_alone_and_a_supervisor_cannot_sign() {
    let (console, _) = evening();
    let leader = console.sign_in(Post::GridLeader).await;
    let page = leader.get(&format!("/day/{}", today())).await.page();
    assert!(page.contains("第1网格") && !page.contains("第2网格") && !page.contains("签，结束这一天"));
    let supervisor = console.sign_in(Post::Supervisor).await;
    let page = supervisor.get(&format!("/day/{}", today())).await.page();
    assert!(page.contains("第2网格") && !page.contains("签，结束这一天"));
    assert_eq!(supervisor.post(&format!("/day/{}/sign", today()), &[]).await.status, 403);
}

#[tokio::test]
async fn a_day_that_is_none_is_said_to_be_none() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    for odd in ["/day/2026-02-30", "/day/x", "/day/..%2f..%2fetc"] {
        let answer = clerk.get(odd).await;
        assert_eq!(answer.status, 404, "{odd}");
        assert!(answer.text().contains("没有这一天"), "{odd}");
    }
}
