//! The deeds of the audit in words, from the permanent words that stand in its rows.

use super::posts::Post;
use crate::matters::step_called;
use crate::review::Reason;
use crate::review::Rule;
use crate::review::words;
use qiaomen_proto::entity::kind_spec;
use qiaomen_proto::ids::Kind;

/// What kind of deed something is, for whoever looks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeedWord {
    /// The permanent word.
    pub word: &'static str,
    /// What people call it.
    pub label: &'static str,
}

const fn deed(word: &'static str, label: &'static str) -> DeedWord {
    DeedWord { word, label }
}

/// Every deed, in the order in which a list offers them.
pub const DEEDS: &[DeedWord] = &[
    deed("signed_in", "登录"),
    deed("sign_in_failed", "登录时密码不对"),
    deed("signed_out", "退出"),
    deed("password_changed", "改了自己的密码"),
    deed("clerk_put", "开账号或设密码"),
    deed("password_reset", "重设了别人的密码"),
    deed("post_changed", "改了账号的岗位"),
    deed("account_removed", "删除了账号"),
    deed("enrol_code", "发了登记码"),
    deed("codes_withdrawn", "作废了没用的登记码"),
    deed("device_enrolled", "终端登记"),
    deed("device_revoked", "收回了终端"),
    deed("grid_given", "给了网格"),
    deed("grid_taken", "收了网格"),
    deed("grid_added", "新设了网格"),
    deed("building_moved", "楼栋划到别的网格"),
    deed("training_put", "记了或改了培训"),
    deed("training_removed", "删了培训"),
    deed("imported", "导入了台账"),
    deed("roster_exported", "导出了花名册"),
    deed("read", "看了登记内容"),
    deed("looked", "在终端上看了遮住的内容"),
    deed("looks_beyond", "终端报来的查看太多，当天其余的只计数"),
    deed("read_conflicts", "看了冲突"),
    deed("read_quarantine", "看了待处理"),
    deed("read_parallel", "看了自动合并的"),
    deed("quarantine_exported", "导出了待处理"),
    deed("decided", "裁定了冲突"),
    deed("undone", "撤销了裁定"),
    deed("decided_by_rule", "按规则批量裁定"),
    deed("bulk_undone", "撤销了批量裁定"),
    deed("released", "放行了待处理"),
    deed("discarded", "作废了待处理"),
    deed("rescue_read", "读了抢救文件"),
    deed("residents_searched", "查找居民"),
    deed("ledger_exported", "导出了台账"),
    deed("ledger_view_kept", "存了台账视图"),
    deed("ledger_view_dropped", "删了台账视图"),
    deed("read_duplicates", "看了疑似重复"),
    deed("linked", "认成了同一个"),
    deed("link_taken_back", "拆开了认成同一个的"),
    deed("not_the_same", "记下不是同一个"),
    deed("not_the_same_taken_back", "收回了“不是同一个”"),
    deed("read_tickets", "看了诉求"),
    deed("read_reporter", "看了诉求人"),
    deed("read_photos", "看了诉求的照片"),
    deed("matter", "办了诉求"),
    deed("categories_changed", "改了诉求类别"),
    deed("terms_changed", "改了办理期限"),
    deed("map_put", "导入了网格图"),
    deed("map_cleared", "清掉了网格图"),
    deed("day_closed", "签了日结"),
    deed("day_reopened", "重开了日结"),
    deed("audit_exported", "导出了操作记录"),
    deed("audit_checked", "核对了操作记录"),
];

/// What is said of a deed of a later program.
const LATER: &str = "新版程序的操作";

/// A deed in words, with what stands after its colon.
pub fn label(what: &str) -> String {
    let (word, more) = what.split_once(':').map_or((what, None), |(word, more)| (word, Some(more)));
    let Some(known) = DEEDS.iter().find(|d| d.word == word) else { return LATER.to_owned() };
    let more = more.and_then(|more| match word {
        "imported" => Some(imported(more)),
        "looked" => looked(more),
        "matter" => step_called(more).map(|kind| kind.title().to_owned()),
        "post_changed" => Post::parse(more).map(|post| format!("改为{}", post.title())),
        "discarded" => Reason::ALL.into_iter().find(|r| r.word() == more).map(|r| r.label().to_owned()),
        "decided_by_rule" => Rule::ALL.into_iter().find(|r| r.word() == more).map(|r| r.label().to_owned()),
        "audit_checked" => Some(if more == HOLDS { "前后连得上" } else { "有一处连不上" }.to_owned()),
        _ => None,
    });
    match more {
        Some(more) if !more.is_empty() => format!("{}：{more}", known.label),
        _ => known.label.to_owned(),
    }
}

/// After the colon of a check of the chain that found nothing.
pub const HOLDS: &str = "holds";
/// After the colon of a check of the chain that found a row that does not follow.
pub const BROKEN: &str = "broken";

/// `grids=4 doors=120 …` in words; what was not there is not said.
fn imported(figures: &str) -> String {
    const WORDS: [(&str, &str, &str); 8] = [
        ("grids", "网格", "个"),
        ("buildings", "楼栋", "栋"),
        ("micro_grids", "微网格", "个"),
        ("doors", "户", "户"),
        ("residents", "居民", "人"),
        ("staff", "花名册", "人"),
        ("tickets", "诉求", "件"),
        ("answers", "补填", "项"),
    ];
    let said: Vec<String> = figures
        .split(' ')
        .filter_map(|figure| {
            let (word, number) = figure.split_once('=')?;
            let number: u64 = number.parse().ok().filter(|n| *n > 0)?;
            let (_, label, unit) = WORDS.iter().find(|(known, ..)| *known == word)?;
            Some(format!("{label} {number} {unit}"))
        })
        .collect();
    if said.is_empty() { "没有新的内容".to_owned() } else { said.join("、") }
}

/// `<device> <when, as it says> <kind> <fields>` in words. The device by the end of its id, as everywhere.
fn looked(told: &str) -> Option<String> {
    let mut parts = told.split(' ');
    let (device, at_ms, kind, names) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind);
    let fields = kind.and_then(|kind| kind_spec(kind).containers.first()).map_or(&[][..], |head| head.fields);
    let label = |name: &str| fields.iter().find(|field| field.name == name).map_or("别的内容", |field| field.label);
    let labels: Vec<&str> = names.split(',').map(label).collect();
    let tail = device.get(device.len().saturating_sub(DEVICE_TAIL)..).unwrap_or(device);
    Some(format!("{}（终端 {tail}，它记的时间 {}）", labels.join("、"), words::time(at_ms)))
}

/// Characters of a device's id that tell it from another.
const DEVICE_TAIL: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// The words are made in one file and explained here: this reads that file, so that a deed that is added there
    /// cannot be forgotten here.
    #[test]
    fn every_deed_that_can_be_written_has_its_words() {
        let source = include_str!("audit.rs");
        let (_, made) = source.split_once("fn word(self)").unwrap();
        let (made, _) = made.split_once("\n    }\n").unwrap();
        let quoted: Vec<&str> = made.split('"').skip(1).step_by(2).collect();
        assert!(quoted.len() > 20, "{quoted:?}");
        for word in quoted {
            let word = word.split(':').next().unwrap();
            assert!(DEEDS.iter().any(|d| d.word == word), "no words for the deed {word}");
        }
    }

    #[test]
    fn what_stands_after_the_colon_is_said_in_words_or_not_at_all() {
        assert_eq!(label("signed_in"), "登录");
        assert_eq!(label("post_changed:supervisor"), "改了账号的岗位：改为督查");
        assert_eq!(label("imported:grids=4 buildings=0 doors=120"), "导入了台账：网格 4 个、户 120 户");
        assert_eq!(label("imported:grids=0"), "导入了台账：没有新的内容");
        assert_eq!(label("matter:send_back"), "办了诉求：退回");
        assert_eq!(label("discarded:mistake"), "作废了待处理：记错了");
        assert_eq!(label("discarded:no such reason"), "作废了待处理");
        assert_eq!(label("audit_checked:holds"), "核对了操作记录：前后连得上");
        let looked = "looked:0190aaaa-0000-7000-8000-0000deadbeef 1741568400000 resident birth,phone,other";
        let said = "在终端上看了遮住的内容：出生日期、联系电话、别的内容（终端 deadbeef，它记的时间 2025-03-10 09:00）";
        assert_eq!(label(looked), said);
        assert_eq!(label("looked:x"), "在终端上看了遮住的内容");
        assert_eq!(label("of_the_future:x"), LATER);
    }
}
