use super::lines;
use qiaomen_server::backup::BackupReport;
use qiaomen_server::ledger::regrid::{GridPlaces, Regridded, WorkerGridChanged};
use qiaomen_server::office::Office;

pub(crate) fn places(places: &[GridPlaces]) -> String {
    if places.is_empty() {
        return "还没有网格。qiaomen import 可以导入。".to_owned();
    }
    lines(places.iter().map(|g| format!("{}（{}）：{}", g.name, g.code, g.buildings.join("、"))))
}

pub(crate) fn regridded(done: &Regridded) -> String {
    let moved = format!("{}：{}", done.grid, done.buildings.join("、"));
    lines([
        moved,
        format!("{} 份内容换了经手的网格。终端下次同步时跟着调整，没送出的按办理当时的网格认。", done.documents),
    ])
}

pub(crate) fn worker_grid(changed: &WorkerGridChanged) -> String {
    let what = if changed.given { "从现在起负责" } else { "从现在起不再负责" };
    lines([format!("{} {what} {}。", changed.worker, changed.grid)])
}

pub(crate) fn backed_up(report: &BackupReport) -> String {
    lines([
        format!(
            "备份好了：{}（{} KB，{} 条变更）。",
            report.path.display(),
            report.bytes.div_ceil(1024),
            report.position
        ),
        format!("照片在它旁边的 photos 文件夹里，新存 {} 张；搬走备份时请一起搬。", report.photos),
        "密钥文件 community.key 不在里面，请另外保存，不要和备份放在一起。".to_owned(),
    ])
}

pub(crate) fn restored(office: &Office) -> String {
    let dir = office.dir().display();
    lines([
        format!("{}恢复好了，在 {dir}。", office.identity().community),
        "备份以后入册的内容，终端下次同步时会自动交回；备份以后登记的终端要重新登记。".to_owned(),
        format!("接着：qiaomen serve --data {dir}"),
    ])
}
