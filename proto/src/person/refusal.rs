//! "No" as an answer.

/// What people write into a field when the resident did not want to tell.
const REFUSALS: [&str; 25] = [
    "拒",
    "拒绝",
    "拒绝提供",
    "拒绝透露",
    "拒绝登记",
    "拒绝填写",
    "拒绝回答",
    "拒绝告知",
    "拒不提供",
    "拒填",
    "拒登",
    "拒答",
    "不愿",
    "不愿意",
    "不愿提供",
    "不愿意提供",
    "不愿透露",
    "不愿意透露",
    "不愿告知",
    "不想提供",
    "不提供",
    "不便提供",
    "不方便提供",
    "不便透露",
    "保密",
];

/// Whether this text says that the resident refused to tell. A refusal is an answer; an empty field
/// or 未提供 (nobody asked) is none.
pub fn is_refusal(text: &str) -> bool {
    let folded = crate::normalise::folded(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = ["本人", "居民", "住户", "户主", "对方"].iter().find_map(|who| bare.strip_prefix(who)).unwrap_or(bare);
    REFUSALS.contains(&bare)
}
