use super::dotted;
use qiaomen_client::query::outbox::RescuePage;
use qiaomen_client::query::{OutboxLine, tail};

/// What is not at the office yet.
pub(crate) fn list(lines: &[OutboxLine]) -> String {
    if lines.is_empty() {
        return "都送到社区了。".to_owned();
    }
    let unsent = lines.iter().filter(|l| l.state.is_unconfirmed()).count();
    let mut text = vec![match lines.len() - unsent {
        0 => format!("这 {unsent} 件还没到社区："),
        stopped if unsent == 0 => format!("这 {stopped} 件社区没有入册："),
        stopped => format!("{unsent} 件还没到社区，{stopped} 件社区没有入册："),
    }];
    text.extend(lines.iter().map(line));
    text.join("\n")
}

/// One command; its short number can be typed.
pub(super) fn line(line: &OutboxLine) -> String {
    let head = dotted([Some(line.state_title), Some(line.said.sentence.as_str()), Some(line.at.as_str())]);
    let mut text = format!("  {}  {head}", tail(&line.command));
    if let Some(why) = &line.why {
        text.push_str(&format!("\n            原因：{why}"));
    }
    if !line.state.is_unconfirmed() || line.why.is_some() {
        text.push_str(&format!("\n            {}", line.what_to_do));
    }
    text
}

/// The rescue file.
pub(crate) fn rescue(page: &RescuePage) -> String {
    format!(
        "救援文件：{}\n里面有 {} 件没确认的记录，共 {} 字节，只有社区打得开。忘了解锁码或手机坏了，把这个文件交给社区。",
        page.path.display(),
        page.commands,
        page.bytes
    )
}
