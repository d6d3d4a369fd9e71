use super::{open, whose};
use crate::answer::Answer;
use crate::args::{Data, Grids, GridsCommand, WorkerGrid};
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
    match args.command {
        None => {
            let dir = args.dir.ok_or_else(|| Failure::usage("请用 --data 写明放数据的文件夹。"))?;
            list(&Data { dir })
        }
        Some(GridsCommand::Split { data, grid, into, buildings, by }) => {
            let office = open(&data)?;
            let by = whose(&office, &by)?;
            let done = regrid::split_grid(&office, &grid, &into, &buildings, by)?;
            Ok(Answer::new(&done, words::places::regridded(&done)))
        }
        Some(GridsCommand::MoveBuilding { data, building, to, by }) => {
            let office = open(&data)?;
            let by = whose(&office, &by)?;
            let done = regrid::move_building(&office, &building, &to, by)?;
            Ok(Answer::new(&done, words::places::regridded(&done)))
        }
        Some(GridsCommand::Give(args)) => worker_grid(&args, true),
        Some(GridsCommand::Take(args)) => worker_grid(&args, false),
    }
}

fn list(data: &Data) -> Result<Answer, Failure> {
    let office = open(data)?;
    let places = regrid::places(&office)?;
    Ok(Answer::new(&places, words::places::places(&places)))
}

fn worker_grid(args: &WorkerGrid, give: bool) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let by = whose(&office, &args.by)?;
    let changed = regrid::worker_grid(&office, &args.worker, &args.grid, give, by)?;
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
