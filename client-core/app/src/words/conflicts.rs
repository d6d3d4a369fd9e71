use super::{dotted, person};
use qiaomen_client::query::ConflictLine;

/// What the office has to decide; `others` more do not concern me.
pub(crate) fn list(lines: &[ConflictLine], others: usize) -> String {
    let more = (others > 0).then(|| format!("另有 {others} 处冲突与您写的无关，加 --all 可以看。"));
    if lines.is_empty() {
        return ["没有和您有关的冲突。".to_owned()].into_iter().chain(more).collect::<Vec<_>>().join("\n");
    }
    let mut text: Vec<String> = lines
        .iter()
        .map(|line| {
            let title = dotted([line.place.as_deref(), Some(line.title.as_str())]);
            format!("{title}\n  {}", person::field(&line.field).replace('\n', "\n  "))
        })
        .collect();
    text.push(format!("共 {} 处，由社区裁定；现在暂按标着“暂用”的。", lines.len()));
    text.extend(more);
    text.join("\n")
}
