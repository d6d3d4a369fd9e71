use super::open;
use crate::answer::Answer;
use crate::args::Data;
use crate::bar::Bar;
use crate::failure::Failure;
use crate::words;
use qiaomen_server::clock::Machine;
use qiaomen_server::ledger::import;
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::Office;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub(super) fn init(data: &Data, community: &str, region: &str) -> Result<Answer, Failure> {
    let community = community.trim();
    if community.is_empty() {
        return Err(Failure::usage("社区名称是空的。"));
    }
    let office = Office::init(&data.dir, community, region, Arc::new(Machine))?;
    let identity = office.identity();
    let json = json!({
        "community": identity.community,
        "region_code": identity.region_code,
        "id": identity.id,
        "data": data.dir,
        "key_file": data.dir.join(qiaomen_server::secrets::FILE_NAME),
    });
    Ok(Answer::new(&json, words::books::initialised(&office)))
}

pub(super) fn import(data: &Data, ledger: &Path, dry_run: bool) -> Result<Answer, Failure> {
    let office = open(data)?;
    let bytes = std::fs::read(ledger).map_err(|e| Failure::read(ledger, &e))?;
    let book = {
        let bar = Bar::new("读台账");
        read_workbook(&bytes, &mut |done, total| bar.at(done, total))?
    };
    let report = if dry_run {
        import::dry_run(&office, &book)?
    } else {
        let plan = office.store().read(|tx| import::plan_import(&office, tx, &book))?;
        let bar = Bar::new("写入");
        import::run_import(&office, plan, &mut |done, total| bar.at(done, total))?
    };
    Ok(Answer::new(&report, words::books::imported(&report)))
}
