use super::{open, whose};
use crate::answer::Answer;
use crate::args::{Data, Grids, GridsCommand};
use crate::failure::Failure;
use crate::words;
use qiaomen_server::backup;
use qiaomen_server::clock::Machine;
use qiaomen_server::clock::Surroundings;
use qiaomen_server::ledger::regrid;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub(super) fn grids(args: Grids) -> Result<Answer, Failure> {
    let dir = args.dir.ok_or_else(|| Failure::usage("请用 --data 写明放数据的文件夹。"))?;
    let office = open(&Data { dir })?;
    let by = whose(&office, &args.by)?;
    let regridded = |done| Answer::new(&done, words::places::regridded(&done));
    let (given, args) = match args.command {
        None => {
            let places = regrid::places(&office)?;
            return Ok(Answer::new(&places, words::places::places(&places)));
        }
        Some(GridsCommand::Split { grid, into, buildings }) => {
            return Ok(regridded(regrid::split_grid(&office, &grid, &into, &buildings, by)?));
        }
        Some(GridsCommand::MoveBuilding { building, to }) => {
            return Ok(regridded(regrid::move_building(&office, &building, &to, by)?));
        }
        Some(GridsCommand::Give(args)) => (true, args),
        Some(GridsCommand::Take(args)) => (false, args),
    };
    let changed = regrid::worker_grid(&office, &args.worker, &args.grid, given, by)?;
    Ok(Answer::new(&changed, words::places::worker_grid(&changed)))
}

pub(super) fn backup(data: &Data, to: &Path) -> Result<Answer, Failure> {
    let office = open(data)?;
    let report = office.backup(to)?;
    Ok(Answer::new(&report, words::places::backed_up(&report)))
}

pub(super) fn restore(from: &Path, key: &Path, data: &Data) -> Result<Answer, Failure> {
    let around: Arc<dyn Surroundings> = Arc::new(Machine);
    backup::restore(from, key, &data.dir, &around)?;
    let office = open(data)?;
    let json = json!({ "data": data.dir, "community": office.identity().community });
    Ok(Answer::new(&json, words::places::restored(&office)))
}
