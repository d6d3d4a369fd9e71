use super::open;
use crate::answer::Answer;
use crate::args::Data;
use crate::bar::Bar;
use crate::failure::{FOUND, Failure};
use crate::words;
use qiaomen_server::export::export_documents;
use qiaomen_server::verify;
use std::path::Path;

pub(super) fn export(data: &Data, out: &Path) -> Result<Answer, Failure> {
    let office = open(data)?;
    let bar = Bar::new("导出");
    let report = export_documents(&office, out, &mut |done, total| bar.at(done, total))?;
    Ok(Answer::new(&report, words::books::exported(&report, out)))
}

pub(super) fn verify(data: &Data) -> Result<Answer, Failure> {
    let office = open(data)?;
    let bar = Bar::new("核对");
    let report = verify::verify(&office, &mut |done, total| bar.at(done, total));
    let exit = if report.is_clean() { 0 } else { FOUND };
    Ok(Answer::new(&report, words::books::verified(&report)).exit(exit))
}
