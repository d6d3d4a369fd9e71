//! Trainings at the console: written down by ticking names, changed, taken away; and what is refused is said in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::{Browser, Console};
use qiaomen_proto::ids::Role;
use qiaomen_server::people::Post;
use qiaomen_server::people::trainings::trainings;

async fn written(clerk: &Browser<'_>, path: &str, on: &str, topic: &str, there: &[&str]) -> crate::support::Answer {
    let mut fields = vec![("on", on), ("topic", topic)];
    fields.extend(there.iter().map(|id| ("there", *id)));
    clerk.post(path, &fields).await
}

#[tokio::test]
async fn a_clerk_ticks_who_was_there_and_the_year_counts_it() {
    let console = Console::new();
    let wang = console.town.phone(1, Role::GridWorker, 0).by.worker.to_string();
    let li = console.town.phone(2, Role::GridWorker, 1).by.worker.to_string();
    let clerk = console.sign_in(Post::Clerk).await;
    assert!(clerk.get("/trainings").await.page().contains("还没有记培训"));
    assert!(clerk.get("/trainings/new").await.page().contains(&format!("value=\"{wang}\"")));
    let done = written(&clerk, "/trainings", "2026-03-10", "燃气安全<b>", &[&wang, &li]).await.to();
    let page = clerk.get(&done).await.page();
    assert!(page.contains("已保存") && page.contains("燃气安全&lt;b&gt;") && page.contains("2 人"), "{page}");
    let id = trainings(&console.town.office, None).unwrap().lines.remove(0).id;
    let path = format!("/trainings/{id}");
    assert_eq!(clerk.get(&path).await.page().matches("checked").count(), 2);
    written(&clerk, &path, "2026-03-11", "消防", &[&li]).await.to();
    let page = clerk.get("/trainings").await.page();
    assert!(page.contains("2026-03-11") && page.contains("消防") && !page.contains("燃气"), "{page}");
    assert!(clerk.get(&format!("/people/{li}")).await.page().contains("消防"), "it stands on her page");
    clerk.post(&format!("{path}/remove"), &[]).await.to();
    assert!(clerk.get("/trainings").await.page().contains("还没有记培训"));
    let admin = console.sign_in(Post::Admin).await;
    let audit = admin.get("/audit").await.page();
    assert!(audit.contains("记了或改了培训") && audit.contains("删了培训"), "{audit}");
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_words_with_a_way_back() {
    let console = Console::new();
    let wang = console.town.phone(1, Role::GridWorker, 0).by.worker.to_string();
    let clerk = console.sign_in(Post::Clerk).await;
    for (on, topic, there, said) in [
        ("2026-12-31", "消防", vec![wang.as_str()], "还没到"),
        ("2026-03-10", "", vec![wang.as_str()], "请填写培训内容"),
        ("2026-03-10", "消防", vec![], "至少一位"),
        ("2026-03-10", "消防", vec!["nobody"], "不在花名册上"),
    ] {
        let answer = written(&clerk, "/trainings", on, topic, &there).await;
        assert_eq!(answer.status, 422, "{topic}");
        assert!(answer.text().contains(said) && answer.text().contains("/trainings/new"), "{}", answer.text());
    }
    assert_eq!(clerk.get("/trainings/00").await.status, 404);
    let supervisor = console.sign_in(Post::Supervisor).await;
    let page = supervisor.get("/trainings").await.page();
    assert!(!page.contains("记一次培训"), "who reads only is not offered it");
    assert_eq!(written(&supervisor, "/trainings", "2026-03-10", "消防", &[&wang]).await.status, 403);
}
