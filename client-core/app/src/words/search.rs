use qiaomen_client::query::tail;
use qiaomen_client::search::{HitKind, Hits};

/// What was found.
pub(crate) fn hits(found: &Hits) -> String {
    if found.hits.is_empty() {
        return "没有找到。可以试试姓名的一个字、拼音首字母、门牌，或号码的最后四位。".to_owned();
    }
    let mut lines: Vec<String> = found
        .hits
        .iter()
        .map(|hit| {
            let kind = match hit.kind {
                HitKind::Resident => "居民",
                HitKind::Door => "户  ",
                HitKind::Ticket => "诉求",
            };
            format!("{kind}  {}  {}  ({}){}", hit.title, hit.subtitle, hit.why_text, number(hit.kind, &hit.id))
        })
        .collect();
    if found.more_count > 0 {
        lines.push(format!("还有 {} 个，请再多写几个字。", found.more_count));
    }
    lines.join("\n")
}

/// Doors are named by their address; the others need a number to be named.
fn number(kind: HitKind, id: &str) -> String {
    if kind == HitKind::Door { String::new() } else { format!("  {}", tail(id)) }
}
