use super::{door, dotted, section, ticket};
use qiaomen_client::query::today::{BirthdayLine, Figures};
use qiaomen_client::query::{DoorLine, TodayPage};

/// The day.
pub(crate) fn page(page: &TodayPage) -> String {
    let mut lines = vec![page.waits.date.clone()];
    let retries = page.waits.retries.iter().map(|r| format!("{}（连续 {} 次没见到）", door::line(&r.door), r.tries));
    section(&mut lines, "再去一趟", retries);
    section(&mut lines, "该看望了", page.waits.care.iter().map(care));
    section(&mut lines, "超期的诉求", page.waits.overdue.iter().map(ticket::line));
    section(&mut lines, "快到期的诉求", page.waits.due.iter().map(ticket::line));
    section(&mut lines, "今天生日", page.waits.birthdays.iter().map(birthday));
    if lines.len() == 1 {
        lines.push("今天没有必须要做的事。".to_owned());
    }
    section(
        &mut lines,
        &format!("今天做了：{}", done(&page.done.figures)),
        page.done.commands.iter().map(|c| {
            dotted([Some(c.at.as_str()), Some(c.said.sentence.as_str()), (!c.at_office).then_some("未送到社区")])
        }),
    );
    lines.join("\n")
}

fn care(line: &DoorLine) -> String {
    let Some(care) = line.care else { return door::line(line) };
    let seen = care.seen_days_ago.map_or_else(|| "还没见到过人".to_owned(), |days| format!("{days} 天前见到人"));
    format!("{}（每 {} 天一次，{seen}）", door::line(line), care.every_days)
}

fn birthday(line: &BirthdayLine) -> String {
    let turns = line.turns.map(|years| format!("{years} 岁"));
    let categories = line.categories.join("、");
    dotted([Some(line.name.as_str()), turns.as_deref(), line.address.as_deref(), Some(categories.as_str())])
}

fn done(done: &Figures) -> String {
    let counts = [
        (done.visits, format!("走访 {} 户次（见到 {}）", done.visits, done.met)),
        (done.calls, format!("电话 {} 次", done.calls)),
        (done.patrols, format!("巡查 {} 次", done.patrols)),
        (done.tickets_reported, format!("上报诉求 {} 件", done.tickets_reported)),
        (done.ticket_steps, format!("办理 {} 步", done.ticket_steps)),
        (done.edits, format!("登记、更正 {} 项", done.edits)),
    ];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect::<Vec<_>>().join("，")
}
