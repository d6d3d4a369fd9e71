use crate::chromium::DESKTOP;
use crate::desk;
use crate::harness::{Office, settle};
use qiaomen_server::close::Left;

/// What the figure with this name shows.
fn figure(browser: &mut crate::Chromium, name: &str) -> String {
    let row = browser.text("#figures");
    let lines: Vec<&str> = row.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let at = lines.iter().position(|l| *l == name).unwrap_or_else(|| panic!("no {name} in {row}"));
    lines[at - 1].to_owned()
}

#[test]
fn three_phones_come_home_while_the_page_is_open_and_the_day_is_decided_signed_and_added_to() {
    let office = Office::with_ledger();
    let (ma, xie, li) = (office.phone("马桂"), office.phone("谢建"), office.phone("李芳"));
    settle(&office, &[&ma, &xie, &li]);
    // A day without signal: two say different things about the same people, and everybody visits.
    for (phone, last) in [(&ma, "1"), (&xie, "2")] {
        phone.does(["resident", "correct", "1-1-202 何志刚", "电话", &format!("1390999000{last}")]);
        phone.does(["household", "correct", "1-1-202", "常住人数", last]);
    }
    // Both meet a woman who has moved in, and each writes her down at another door.
    for (phone, door) in [(&ma, "1-1-202"), (&xie, "1-1-301")] {
        phone.does(["resident", "add", "--door", door, "--name", "乌云", "--phone", "13909990007"]);
    }
    li.does(["visit", "2-1-101", "--outcome", "not-home"]);

    let mut clerk = desk(&office, DESKTOP);
    clerk.opens("/day");
    assert_eq!(figure(&mut clerk, "冲突要定"), "0");
    let before = figure(&mut clerk, "当天入册");
    assert_eq!(before, "0");
    clerk.is_sound("the day before anybody is home");
    clerk.picture("day-empty");

    // Figures move by themselves.
    ma.does(["sync"]);
    clerk.waits_for("#figures", "3");
    xie.does(["sync"]);
    clerk.waits_for("#todo", "2 处冲突要定");
    assert_eq!(figure(&mut clerk, "当天入册"), "6");
    clerk.waits_for("#todo", "1 对疑似重复");
    clerk.is_sound("the day with conflicts");
    clerk.picture("day-full");

    // Decided by keyboard alone.
    clerk.opens("/conflicts");
    clerk.is_sound("the inbox");
    clerk.picture("conflicts");
    clerk.key_goes_on("Enter");
    clerk.is_sound("a conflict");
    clerk.picture("conflict");
    clerk.key_goes_on("b");
    clerk.waits_for("main", "号已定");
    clerk.key_goes_on("a");
    clerk.waits_for("main", "没有要定的冲突");
    clerk.picture("conflicts-empty");

    // One person on two pages is one again, by keyboard too.
    clerk.opens("/duplicates");
    clerk.is_sound("the list of what is likely one thing");
    clerk.picture("duplicates");
    clerk.key_goes_on("Enter");
    clerk.waits_for("main", "姓名和电话都相同");
    clerk.is_sound("a pair");
    clerk.picture("duplicate");
    clerk.key_goes_on("a");
    clerk.waits_for("main", "没有疑似重复的居民");
    clerk.waits_for("main", "已记成同一个");
    clerk.picture("duplicates-empty");

    // Matters are overdue in the book that was taken over: the day is signed with the reason.
    clerk.opens("/day");
    clerk.waits_for("#todo", "冲突都定了");
    clerk.waits_for("#todo", "没有疑似重复");
    clerk.waits_for("#todo", "件已逾期");
    let day = clerk.url();
    clerk.picture("day-before-signing");
    for left in Left::ALL {
        let reason = format!("[name=why-{}]", left.word());
        if clerk.count(&reason) > 0 {
            clerk.chooses(&reason, "tomorrow");
        }
    }
    clerk.clicks("main form[action$='/sign'] button[type=submit]");
    clerk.waits_for("main", "已日结，第 1 号记录");
    clerk.opens(&format!("{day}/record"));
    clerk.is_sound("the record");
    clerk.picture("day-record");
    assert_eq!(clerk.prints("day-record"), 1, "one page of A4");

    // What comes afterwards stands apart.
    li.does(["sync"]);
    clerk.opens(&day);
    clerk.waits_for("main", "补记");
    clerk.is_sound("the day with its addendum");
    clerk.picture("day-addendum");
    clerk.opens("/days");
    clerk.waits_for("main", "1 份记录核对无误");
    clerk.is_sound("the list of days");

    // Everybody has what was decided.
    settle(&office, &[&ma, &xie, &li]);
    office.verifies();
}
