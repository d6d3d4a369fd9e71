use super::lines;
use qiaomen_server::export::ExportReport;
use qiaomen_server::ledger::import::ImportReport;
use qiaomen_server::office::Office;
use qiaomen_server::verify::VerifyReport;
use std::path::Path;

/// Remarks that a person reads here; a program gets them all.
const REMARKS_SHOWN: usize = 40;
/// Problems that a person reads here.
const PROBLEMS_SHOWN: usize = 40;

pub(crate) fn initialised(office: &Office) -> String {
    let dir = office.dir().display();
    lines([
        format!("{}（{}）建好了账，在 {dir}。", office.identity().community, office.identity().region_code),
        format!("密钥文件：{dir}/community.key。丢了它，个人信息谁也打不开；请另存一份，不要和数据库放在一起。"),
        format!("接着：qiaomen import --data {dir} --ledger 台账.xlsx --dry-run"),
    ])
}

pub(crate) fn imported(report: &ImportReport) -> String {
    let (book, added) = (&report.book, &report.added);
    let staff: u32 = book.staff.values().sum();
    let row = |what: &str, has: u32, new: u32| format!("  {what}：{has}，新增 {new}");
    let roles: Vec<String> = book.staff.iter().map(|(role, n)| format!("{role} {n}")).collect();
    let refused: Vec<String> =
        book.refusals.iter().filter(|(_, n)| **n > 0).map(|(f, n)| format!("{} {n}", field(f))).collect();
    let mut text = vec![
        if report.dry_run {
            "试读（没有写入），台账里有：".to_owned()
        } else {
            "导入完成，台账里有：".to_owned()
        },
        row("网格", book.grids, added.grids),
        row("楼栋", book.buildings, added.buildings),
        row("户", book.doors, added.doors),
        row("居民", book.residents, added.residents),
        format!(
            "{}{}",
            row("工作人员", staff, added.staff),
            if roles.is_empty() { String::new() } else { format!("（{}）", roles.join("、")) }
        ),
        row("诉求", book.tickets, added.tickets),
    ];
    if added.micro_grids > 0 {
        text.push(format!("  微网格：新增 {}", added.micro_grids));
    }
    if added.answers > 0 {
        text.push(format!("  补上原来空着的：{} 处", added.answers));
    }
    if !refused.is_empty() {
        text.push(format!("  拒绝提供：{}", refused.join("、")));
    }
    if book.duplicates > 0 {
        text.push(format!("  重复的行：{}（没有重复登记）", book.duplicates));
    }
    for (title, remarks) in [("没有收的：", &book.rejected), ("收了，但请看一下：", &book.warnings)] {
        if !remarks.is_empty() {
            text.push(format!("{title}{} 处", remarks.len()));
            // The sentence says the row itself.
            text.extend(remarks.iter().take(REMARKS_SHOWN).map(|r| {
                let column = if r.column.is_empty() { String::new() } else { format!(" {} 列", r.column) };
                format!("  {}{column}：{}", r.sheet, r.sentence)
            }));
            if remarks.len() > REMARKS_SHOWN {
                text.push(format!("  …… 其余 {} 处见 --json", remarks.len() - REMARKS_SHOWN));
            }
        }
    }
    if report.dry_run {
        text.push("去掉 --dry-run 正式导入。".to_owned());
    }
    lines(text)
}

fn field(name: &str) -> &str {
    match name {
        "birth" => "出生日期",
        "identity" => "身份证号",
        "name" => "姓名",
        "phone" => "联系电话",
        other => other,
    }
}

pub(crate) fn exported(report: &ExportReport, out: &Path) -> String {
    let total: u64 = report.documents.values().sum();
    let mut text =
        vec![format!("导出了 {total} 份文档，共 {} KB，在 {}。", report.bytes.div_ceil(1024), out.display())];
    text.extend(report.documents.iter().map(|(kind, n)| format!("  {kind}：{n}")));
    text.push("个人信息在文档里仍是密文。".to_owned());
    lines(text)
}

pub(crate) fn verified(report: &VerifyReport) -> String {
    let looked = format!(
        "核对了 {} 份文档、{} 条变更、{} 次操作、{} 条日志流的 {} 条记录；{} 户、{} 名居民、{} 件诉求。",
        report.documents,
        report.changes,
        report.commands,
        report.streams,
        report.entries,
        report.doors,
        report.residents,
        report.tickets
    );
    let to_come = report.photos_to_come.len();
    let photos = format!("照片 {} 张，其中 {to_come} 张还没送到。", report.photos);
    let looked = if report.photos > 0 { format!("{looked}\n{photos}") } else { looked };
    if report.is_clean() {
        return lines([looked, "全部一致。".to_owned()]);
    }
    let mut text = vec![looked, format!("发现 {} 处不一致（没有改动任何东西）：", report.problems.len())];
    text.extend(report.problems.iter().take(PROBLEMS_SHOWN).map(|p| format!("  {}：{}", p.subject, p.sentence)));
    if report.problems.len() > PROBLEMS_SHOWN {
        text.push(format!("  …… 其余 {} 处见 --json", report.problems.len() - PROBLEMS_SHOWN));
    }
    lines(text)
}
