//! What is done: one function for each command; each a few lines.

/// Opening the books, bringing a workbook in.
mod books;
/// Serving.
mod serve;
/// Staff, devices, clerks.
mod people;
/// Conflicts, decisions, doors.
mod review;
/// What is held back, and rescue files.
mod held;
/// Grids, backups.
mod places;
/// Export and verify.
mod check;

use crate::answer::Answer;
use crate::args::{By, ClerkCommand, Command, Data};
use crate::demo;
use crate::failure::{Failure, PROBLEM};
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::office::Office;
use qiaomen_server::people::clerks;

/// Does what was typed.
pub(crate) fn run(command: Command, json: bool) -> Result<Answer, Failure> {
    match command {
        Command::Demo(args) => demonstrate(args, json),
        Command::Init { data, community, region } => books::init(&data, &community, &region),
        Command::Import { data, ledger, dry_run } => books::import(&data, &ledger, dry_run),
        Command::Serve { data, listen, verbose } => serve::serve(&data, listen, verbose, json),
        Command::Enrol(args) => people::enrol(&args),
        Command::Staff { data } => people::staff(&data),
        Command::Devices(args) => people::devices(&args),
        Command::Clerk(ClerkCommand::Add { data, login, password_file, post, worker }) => {
            people::add_clerk(&data, &login, password_file.as_deref(), post, worker.as_deref())
        }
        Command::Conflicts(args) => review::conflicts(args),
        Command::Decide(args) => review::decide(args),
        Command::Undo(args) => review::undo(&args),
        Command::Door { data, door, by } => review::door(&data, &door, &by),
        Command::Grids(args) => places::grids(args),
        Command::Backup { data, to } => places::backup(&data, &to),
        Command::Restore { from, key, data } => places::restore(&from, &key, &data),
        Command::Quarantine(args) => held::quarantine(&args, json),
        Command::Rescue(args) => held::rescue(&args),
        Command::Export { data, documents } => check::export(&data, &documents),
        Command::Verify { data } => check::verify(&data),
    }
}

fn open(data: &Data) -> Result<Office, Failure> {
    Ok(Office::open(&data.dir)?)
}

/// As whom: the office itself, or one of its clerks.
fn whose(office: &Office, by: &By) -> Result<WorkerId, Failure> {
    let Some(login) = &by.clerk else { return Ok(office.own_worker()) };
    let clerk = clerks::clerk(office, login)?;
    clerk.ok_or_else(|| {
        Failure::problem("not_found", format!("没有“{login}”这位工作人员。qiaomen clerk add 可以添加。"))
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|e| Failure::problem("internal", format!("开不了线程：{e}。")))
}

fn demonstrate(args: demo::DemoArgs, json: bool) -> Result<Answer, Failure> {
    let findings = runtime()?.block_on(demo::run(args, json)).map_err(|e| Failure::problem("demo", e.to_string()))?;
    let well = findings.converged && findings.digests_equal && findings.lost == 0;
    Ok(Answer::new(&findings, "").exit(if well { 0 } else { PROBLEM }))
}
