//! `qiaomen demo`: one day of a community, from the book to the evening, with nothing set up. Real
//! encrypted databases, real HTTP, and at the end a checker that shares no code with what it judges.

/// The checker.
mod check;
/// What each of the team does.
mod day;
/// Phones to look at, when the day is told.
mod phones;
/// The evening's network.
mod network;
/// Who they are.
mod team;
/// The story as it is told.
mod tell;

use check::{DeviceEvidence, Evidence, Findings};
use phones::Home;
use qiaomen_client::query::DoorFilter;
use qiaomen_proto::ids::WorkerId;
use qiaomen_server::export::export_documents;
use qiaomen_server::http::{Bounds, Edge, serve_pages_on};
use qiaomen_server::ledger::book::Book;
use qiaomen_server::ledger::import::{plan_import, run_import};
use qiaomen_server::ledger::invented::{InventedSize, invent};
use qiaomen_server::ledger::workbook::read_workbook;
use qiaomen_server::office::Office;
use qiaomen_server::people::{Post, clerks};
use qiaomen_server::review::{self, Choice};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use team::Member;
use tell::Teller;

/// Where the demonstration listens if it can.
const PORT: u16 = 8420;
/// The invented community is always the same.
const SEED: u64 = 20_231_123;
/// The clerk of the demonstration.
const CLERK: &str = "demo";
/// Rounds of syncing after which everyone must have everything.
const ROUNDS_MAX: usize = 6;

/// What was asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// 用这本台账(xlsx)，不用虚构的社区
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// 数据放在这个文件夹（须为空）；不写就放临时文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// 演示完就退出，不继续提供服务
    #[arg(long)]
    pub(crate) once: bool,
    /// 监听地址；被占用时换一个空闲端口
    #[arg(long, value_name = "ADDR", default_value_t = SocketAddr::from(([127, 0, 0, 1], PORT)))]
    pub(crate) listen: SocketAddr,
}

/// Why the demonstration stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error("这本台账太小，演示需要两个网格，其中一个有两名网格员和一名网格长")]
    TooSmall,
    #[error("没有全部到齐：{0}")]
    NotComplete(String),
    #[error("{0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("读不了 {path}")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

impl DemoError {
    pub(crate) fn other(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Other(Box::new(error))
    }
    pub(crate) fn office(error: qiaomen_server::office::OfficeError) -> Self {
        Self::other(error)
    }
    pub(crate) fn query(error: qiaomen_client::QueryError) -> Self {
        Self::other(error)
    }
}

/// Runs it. With `once` it returns when the story is told; else it serves until it is stopped.
pub(crate) async fn run(args: DemoArgs, json: bool) -> Result<Findings, DemoError> {
    let dir = match &args.data {
        Some(dir) => dir.clone(),
        None => tempfile::Builder::new().prefix("qiaomen-demo-").tempdir().map_err(DemoError::other)?.keep(),
    };
    let teller = Teller { silent: json };
    let office = tokio::task::spawn_blocking({
        let (dir, ledger, teller) = (dir.clone(), args.ledger.clone(), teller);
        move || open_office(&dir, ledger.as_deref(), teller)
    })
    .await
    .map_err(DemoError::other)??;
    let serve = async |addr| {
        let edge = Edge::new(office.clone(), Bounds::default());
        let pages = qiaomen_console::pages(edge.clone());
        serve_pages_on(edge, Some(pages), addr).await
    };
    let served = match serve(args.listen).await {
        Ok(served) => served,
        Err(_) => serve(SocketAddr::new(args.listen.ip(), 0)).await.map_err(DemoError::other)?,
    };
    let url = format!("http://{}", served.0);
    let (findings, homes) = tokio::task::spawn_blocking({
        let (office, url) = (office.clone(), url.clone());
        move || one_day(&office, &url, &dir, teller)
    })
    .await
    .map_err(DemoError::other)??;
    teller.findings(&findings);
    if !args.once {
        let password = open_console(&office)?;
        let phones = phones::open(homes).await?;
        teller.serving(&url, &password, office.dir(), &phones);
        // Ctrl-C ends it; if that cannot be heard, the process is ended from outside.
        let _ = tokio::signal::ctrl_c().await;
    }
    Ok(findings)
}

/// Lets whoever watches into the console. The password is made anew: this office is like any other.
fn open_console(office: &Office) -> Result<String, DemoError> {
    let random: [u8; 8] = office.random().map_err(DemoError::other)?;
    let digits = format!("{:016}", u64::from_be_bytes(random) % 10_000_000_000_000_000);
    let password = format!("{}-{}", &digits[..4], &digits[4..12]);
    clerks::add_in_post(office, CLERK, &password, Post::Admin, None, None).map_err(DemoError::other)?;
    Ok(password)
}

fn open_office(dir: &Path, ledger: Option<&Path>, teller: Teller) -> Result<Office, DemoError> {
    let book: Book = match ledger {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|source| DemoError::Read { path: path.to_owned(), source })?;
            read_workbook(&bytes, &mut |_, _| {}).map_err(DemoError::other)?
        }
        None => invent(SEED, InventedSize::Demo),
    };
    let community = book.community.clone().unwrap_or_else(|| "和睦里社区".to_owned());
    let office = Office::init(
        &dir.join("office"),
        &community,
        "150782001001",
        std::sync::Arc::new(qiaomen_server::clock::Machine),
    )
    .map_err(DemoError::office)?;
    let plan = office.store().read(|tx| plan_import(&office, tx, &book)).map_err(DemoError::other)?;
    run_import(&office, plan, &mut |_, _| {}).map_err(DemoError::other)?;
    teller.morning(&community, &book);
    Ok(office)
}

/// The day; what came of it, and the phones, which are put down.
fn one_day(office: &Office, url: &str, dir: &Path, teller: Teller) -> Result<(Findings, Vec<Home>), DemoError> {
    let mut team: Vec<Member> = Vec::new();
    let chosen = team::choose(office)?;
    team::train(office, &chosen)?;
    for (number, who) in chosen.iter().enumerate() {
        let mut member = team::enrol(office, url, dir, number, who)?;
        let report = member.sync(0)?;
        teller.enrolled(number, &member, &report);
        team.push(member);
    }
    let [wang, li, leader, zhao, other] = team.as_mut_slice() else { return Err(DemoError::TooSmall) };
    let meeting = day::look_around(wang, zhao)?;
    let there = zhao.device.doors(&DoorFilter::default()).map_err(DemoError::query)?;
    let there: Vec<_> = there.iter().filter_map(|l| l.household.parse().ok()).collect();
    let (first, second) = day::two_of_one_grid(&meeting);
    wang.work(first)?;
    li.work(second)?;
    leader.work(day::the_leader(&meeting))?;
    zhao.work(day::elsewhere(&there))?;
    other.work(day::elsewhere(there.get(there.len() / 2..).unwrap_or_default()))?;
    teller.day(&team);
    evening(&mut team, teller)?;
    decide(office, teller)?;
    settle(&mut team)?;
    let findings = look(office, &mut team, dir)?;
    Ok((findings, team.into_iter().filter(|member| member.dated_right).map(Home::of).collect()))
}

/// Everyone comes home; one of them is cut off in the middle.
fn evening(team: &mut [Member], teller: Teller) -> Result<(), DemoError> {
    for (number, member) in team.iter_mut().enumerate() {
        // The leader's reply is lost after the office has taken the work.
        let cut = number == 2;
        if cut {
            let broken = member.sync(u32::MAX).is_err();
            teller.cut_off(member, broken);
        }
        let report = member.sync(0)?;
        teller.home(member, &report);
    }
    Ok(())
}

fn decide(office: &Office, teller: Teller) -> Result<(), DemoError> {
    open_console(office)?;
    let clerk = clerks::clerk(office, CLERK).map_err(DemoError::office)?;
    let clerk: WorkerId = clerk.unwrap_or_else(|| office.own_worker());
    let open = review::list_conflicts(office, Some("open")).map_err(DemoError::other)?;
    teller.conflicts(&open);
    for (n, conflict) in open.iter().enumerate() {
        // The first of two, the second of two, in turn: the story needs both.
        let label = if n % 2 == 0 { "A" } else { "B" };
        let choice = Choice::Take(label.to_owned());
        review::decide(office, conflict.id, choice, None, clerk).map_err(DemoError::other)?;
        teller.decided(conflict, label);
    }
    Ok(())
}

/// Syncs until everyone has everything.
fn settle(team: &mut [Member]) -> Result<(), DemoError> {
    for _ in 0..ROUNDS_MAX {
        let mut quiet = true;
        for member in team.iter_mut() {
            let report = member.sync(0)?;
            quiet &= report.complete && report.pulled == 0 && report.pushed == 0;
        }
        if quiet {
            return Ok(());
        }
    }
    Err(DemoError::NotComplete(format!("{ROUNDS_MAX} 轮之后仍有新内容")))
}

fn look(office: &Office, team: &mut [Member], dir: &Path) -> Result<Findings, DemoError> {
    let office_documents = dir.join("documents-office");
    export_documents(office, &office_documents, &mut |_, _| {}).map_err(DemoError::other)?;
    let (mut devices, mut edits) = (Vec::new(), Vec::new());
    for member in team.iter() {
        let documents = member.home.with_extension("documents");
        hand_out(&member.device, &documents)?;
        let outbox = member.device.unacknowledged().map_err(DemoError::other)?;
        let outbox = outbox.iter().map(|row| *row.command.as_bytes()).collect();
        devices.push(DeviceEvidence { worker: member.worker, documents, outbox });
        edits.extend(member.done.iter().map(|id| *id.as_bytes()));
    }
    let office_db = office.dir().join(qiaomen_server::office::DATABASE_NAME);
    check::check(&Evidence { office_db, office_documents, devices, edits }).map_err(DemoError::other)
}

/// Writes a device's documents as any automerge reads them.
fn hand_out(device: &qiaomen_client::Device, out: &Path) -> Result<(), DemoError> {
    for doc in device.documents().map_err(DemoError::query)? {
        let folder = out.join(doc.kind.name());
        std::fs::create_dir_all(&folder).map_err(DemoError::other)?;
        let bytes = device.document(doc).map_err(DemoError::other)?;
        std::fs::write(folder.join(format!("{}.automerge", doc.uuid)), bytes).map_err(DemoError::other)?;
    }
    Ok(())
}
