//! A book of the office at the console: looked at row by row, its columns put right, imported whole; what is too
//! large, no book, or somebody else's is refused in words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that breaks off has failed")]

use crate::support::{Browser, Console};
use qiaomen_server::ledger::workbook::FILE_BYTES_MAX;
use qiaomen_server::people::Post;
use rust_xlsxwriter::Workbook;
use std::path::PathBuf;

const GRIDS: (&str, &[&[&str]]) = ("网格划分", &[&["网格名称", "楼栋"], &["第一网格", "1号楼"]]);

/// A book with these sheets.
fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0u32..).zip(*rows) {
            for (column, cell) in (0u16..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn two_people() -> Vec<u8> {
    book(&[
        GRIDS,
        (
            "居民台账",
            &[
                &["楼栋", "单元", "房号", "姓名", "联系电话", "备注"],
                &["1号楼", "1", "101", "王建国", "13900000002", "<script>alert(1)</script>"],
                &["9号楼", "1", "101", "李秀兰", "13900000003", ""],
                &["1号楼", "1", "102", "张春芳", "12", ""],
            ],
        ),
    ])
}

async fn look(clerk: &Browser<'_>, bytes: &[u8]) -> String {
    clerk.upload("/import", "book", bytes).await.to()
}

fn door_count(console: &Console) -> usize {
    console.town.office.store().read(|tx| tx.documents()).unwrap().len()
}

#[tokio::test]
async fn a_clerk_looks_at_every_row_before_anything_is_written() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    assert!(clerk.get("/import").await.page().contains("居民台账"));
    let path = look(&clerk, &two_people()).await;
    let page = clerk.get(&path).await.page();
    assert!(page.contains("1号楼1单元101 王**") && page.contains("新增"), "{page}");
    assert!(
        page.contains("网格划分表里没有这个楼栋")
            && page.contains("不能导入")
            && page.contains("联系电话不是一个电话号码")
    );
    for value in ["王建国", "李秀兰", "张春芳", "13900000002", "13900000003"] {
        assert!(!page.contains(value), "{value} is somebody's own");
    }
    assert_eq!(door_count(&console), 0);
    let rejected = clerk.get(&format!("{path}?show=rejected")).await.page();
    assert!(rejected.contains("网格划分表里没有这个楼栋") && !rejected.contains("王**"));
}

#[tokio::test]
async fn what_was_looked_at_is_imported_whole_and_only_once() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let path = look(&clerk, &two_people()).await;
    assert_eq!(clerk.post(&format!("{path}/run"), &[]).await.to(), path);
    let done = clerk.get(&path).await.page();
    assert!(done.contains("导入结果") && done.contains("新增了居民") && !done.contains("王建国"));
    assert_eq!(door_count(&console), 2, "a door and a person: the others could not be taken");
    let again = clerk.post(&format!("{path}/run"), &[]).await;
    assert_eq!(again.status, 404);
    assert!(again.text().contains("请重新选文件"));
    let second = look(&clerk, &two_people()).await;
    let page = clerk.get(&second).await.page();
    assert!(page.contains("没有新的内容，不用导入") && page.contains("已有，不变"), "{page}");
    let by: String = console.town.office.store().read(|tx| tx.last_audit("imported")).unwrap().unwrap().who;
    let clerk_id = qiaomen_server::people::clerks::clerk(&console.town.office, "the-clerk").unwrap().unwrap();
    assert_eq!(by, clerk_id.to_string(), "who imported stands in the audit");
    assert!(clerk.get("/import").await.page().contains("居民 1 人"));
}

#[tokio::test]
async fn a_column_with_a_word_that_nobody_knows_is_pointed_out_by_the_clerk() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let odd = book(&[
        GRIDS,
        ("住户", &[&["楼栋", "单元", "房号", "称呼", "联系电话"], &["1号楼", "1", "101", "王建国", "13900000002"]]),
    ]);
    let path = look(&clerk, &odd).await;
    let page = clerk.get(&path).await.page();
    assert!(page.contains("没认出来") && !page.contains("王**"));
    // First what it is; then the column that no word names: the fifth field is the name, the fourth column has it.
    let kind = [("k1", "residents"), ("h1", "1"), ("k0", "grids"), ("h0", "1")];
    clerk.post(&format!("{path}/columns"), &kind).await.to();
    let page = clerk.get(&path).await.page();
    assert!(page.contains("缺姓名，不读"), "{page}");
    let column = [("k1", "residents"), ("h1", "1"), ("c1-4", "3"), ("k0", "grids"), ("h0", "1")];
    clerk.post(&format!("{path}/columns"), &column).await.to();
    let page = clerk.get(&path).await.page();
    assert!(page.contains("1号楼1单元101 王**") && page.contains("都认出来了"), "{page}");
    // A later change of another column keeps it.
    let other = [("k1", "residents"), ("h1", "1"), ("c1-4", "3"), ("c1-8", "-"), ("k0", "grids"), ("h0", "1")];
    clerk.post(&format!("{path}/columns"), &other).await.to();
    assert!(clerk.get(&path).await.page().contains("王**"));
    clerk.post(&format!("{path}/run"), &[]).await.to();
    assert_eq!(door_count(&console), 2);
}

#[tokio::test]
async fn a_sheet_is_left_out_when_the_clerk_says_so() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let path = look(&clerk, &two_people()).await;
    let choice = [("k1", "none"), ("k0", "grids"), ("h0", "1")];
    clerk.post(&format!("{path}/columns"), &choice).await.to();
    let page = clerk.get(&path).await.page();
    assert!(page.contains("按您说的，这张工作表没有读") && !page.contains("王**"), "{page}");
}

#[tokio::test]
async fn the_book_of_a_whole_community_is_shown_page_by_page() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/ledger-small.xlsx");
    let path = look(&clerk, &std::fs::read(path).unwrap()).await;
    let rows = |page: &str| page.rsplit_once("<tbody>").unwrap().1.matches("<tr>").count();
    let first = clerk.get(&path).await.page();
    assert_eq!(rows(&first), 50);
    let second = clerk.get(&format!("{path}?show=&page=1")).await.page();
    assert!(rows(&second) > 0 && second.contains("前面的"));
    assert!(clerk.get(&format!("{path}?page=100000")).await.page().contains("共"));
}

#[tokio::test]
async fn what_is_no_book_is_refused_in_words() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let words = [
        (b"hello".to_vec(), "这不是 .xlsx 表格"),
        (vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "旧式的 .xls"),
        (Vec::new(), "请先选一个表格文件"),
        (vec![0; FILE_BYTES_MAX + 1], "最多只能读 16 MB"),
        (vec![0; FILE_BYTES_MAX + 1024 * 1024], "最多只能读 16 MB"),
    ];
    for (bytes, sentence) in words {
        let answer = clerk.upload("/import", "book", &bytes).await;
        assert!(answer.status.is_client_error() && answer.text().contains(sentence), "{sentence}: {}", answer.text());
        assert!(answer.text().contains("type=\"file\" name=\"book\""), "{sentence}: another can be chosen there");
    }
    let unread = look(&clerk, &book(&[("别的", &[&["甲", "乙"], &["1", "2"]])])).await;
    assert!(clerk.get(&unread).await.page().contains("没有找到台账"));
    assert_eq!(clerk.post(&format!("{unread}/run"), &[]).await.status, 404, "there is nothing to import");
    let not_a_form = clerk.post("/import", &[("book", "x")]).await;
    assert_eq!(not_a_form.status, 400);
}

#[tokio::test]
async fn nobody_sees_the_book_of_another_and_only_the_office_imports() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let path = look(&clerk, &two_people()).await;
    let admin = console.sign_in(Post::Admin).await;
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(admin.post(&format!("{path}/run"), &[]).await.status, 404);
    for post in [Post::Supervisor, Post::GridLeader, Post::Coordinator] {
        let browser = console.sign_in(post).await;
        assert_eq!(browser.get("/import").await.status, 403, "{post:?}");
        assert_eq!(browser.get(&path).await.status, 403, "{post:?}");
        assert_eq!(browser.upload("/import", "book", &two_people()).await.status, 403, "{post:?}");
        assert_eq!(browser.post(&format!("{path}/run"), &[]).await.status, 403, "{post:?}");
    }
    assert_eq!(door_count(&console), 0);
}

#[tokio::test]
async fn a_book_goes_away_when_it_is_put_away_replaced_or_an_hour_old() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let first = look(&clerk, &two_people()).await;
    clerk.post(&format!("{first}/drop"), &[]).await.to();
    assert_eq!(clerk.get(&first).await.status, 404);
    let second = look(&clerk, &two_people()).await;
    let third = look(&clerk, &two_people()).await;
    assert_eq!(clerk.get(&second).await.status, 404, "one for each clerk");
    console.town.around.now_ms.fetch_add(3_600_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(clerk.get(&third).await.status, 404);
}

#[tokio::test]
async fn an_upload_without_the_token_of_the_session_is_not_read() {
    let console = Console::new();
    let clerk = console.sign_in(Post::Clerk).await;
    let answer = console.upload("/import", clerk.cookie(), "", "book", &two_people()).await;
    assert_eq!(answer.status, 401);
}
