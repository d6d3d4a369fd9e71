//! `app`: the screens in a browser on this machine.

use crate::browser;
use crate::failure::Failure;
use qiaomen_host::{App, OpenError};
use std::path::Path;

/// Opens the app and stays until it is interrupted.
pub(crate) fn run(home: &Path, open: bool, json: bool) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| failed(&OpenError::Listen(e)))?;
    runtime.block_on(async {
        let app = App::open(home).await.map_err(|e| failed(&e))?;
        let url = app.url();
        let said = if json {
            serde_json::json!({ "url": url }).to_string()
        } else {
            format!("敲门已在这台机器上打开（按 Ctrl+C 关掉）：\n{url}\n这个地址只能进一次，别给别人。")
        };
        // Whoever started it waits for this line.
        crate::print(&format!("{said}\n"), 0);
        if open {
            browser::open(url);
        }
        let interrupted = async {
            // Whoever cannot be told about an interrupt is ended by the system.
            let _ = tokio::signal::ctrl_c().await;
        };
        app.serve(interrupted).await.map_err(|e| failed(&OpenError::Listen(e)))
    })
}

fn failed(error: &OpenError) -> Failure {
    Failure::problem(error.code(), error.to_string())
}
