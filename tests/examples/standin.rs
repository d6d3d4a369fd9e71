//! TEMPORARY stand-in
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout)]
use qiaomen_server::office::Office;
use qiaomen_server::review::{self, Choice};
use serde_json::json;
use std::path::{Path, PathBuf};
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let get = |n: &str| args.iter().position(|a| a == n).map(|i| args[i + 1].clone());
    let data = PathBuf::from(get("--data").unwrap());
    let open = || Office::open(&data).unwrap();
    let fail = |code: &str, s: String| { eprintln!("{}", json!({"error": {"code": code, "sentence": s}})); std::process::exit(1) };
    let out = match args[0].as_str() {
        "init" => { Office::init(&data, &get("--community").unwrap(), &get("--region").unwrap(), std::sync::Arc::new(qiaomen_server::clock::Machine)).unwrap(); json!({}) }
        "import" => {
            let office = open();
            let book = qiaomen_server::ledger::workbook::read_workbook(&std::fs::read(get("--ledger").unwrap()).unwrap(), &mut |_, _| {}).unwrap();
            let r = if args.iter().any(|a| a == "--dry-run") { qiaomen_server::ledger::import::dry_run(&office, &book).unwrap() } else { qiaomen_server::ledger::import::run_import(&office, office.store().read(|tx| qiaomen_server::ledger::import::plan_import(&office, tx, &book)).unwrap(), &mut |_, _| {}).unwrap() };
            serde_json::to_value(r).unwrap()
        }
        "serve" => {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let (a, _s) = qiaomen_server::http::serve_on(open(), get("--listen").unwrap()).await.unwrap();
                println!("http://{a}");
                std::future::pending::<()>().await;
            });
            json!({})
        }
        "enrol" => {
            let office = open();
            match qiaomen_server::people::enrol_code(&office, &get("--worker").unwrap(), get("--grid").as_deref(), office.own_worker()) {
                Ok(c) => json!({"code": c.code.to_string()}),
                Err(e) => fail("enrol", e.to_string()),
            }
        }
        "conflicts" => serde_json::to_value(review::list_conflicts(&open(), Some("open")).unwrap()).unwrap(),
        "quarantine" => serde_json::to_value(review::list_quarantine(&open(), Some("held")).unwrap()).unwrap(),
        "status" => serde_json::to_value(review::status(&open()).unwrap()).unwrap(),
        "decide" => {
            let office = open();
            let c = if let Some(v) = get("--value") { Choice::Value(v) } else { Choice::Take(get("--take").unwrap()) };
            match review::decide(&office, args[1].parse().unwrap(), c, get("--seen").as_deref(), office.own_worker()) {
                Ok(d) => serde_json::to_value(d).unwrap(),
                Err(e) => fail(e.code().name(), e.to_string()),
            }
        }
        "undo" => { let office = open(); serde_json::to_value(review::undo(&office, args[1].parse().unwrap(), office.own_worker()).unwrap()).unwrap() }
        "export" => { serde_json::to_value(qiaomen_server::export::export_documents(&open(), Path::new(&get("--documents").unwrap()), &mut |_, _| {}).unwrap()).unwrap() }
        "verify" => { let r = qiaomen_server::verify::verify(&open(), &mut |_, _| {}); if !r.is_clean() { println!("{r:#?}"); std::process::exit(1) } json!({}) }
        other => fail("no", other.to_owned()),
    };
    println!("{out}");
}
