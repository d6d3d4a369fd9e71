//! The field app on this machine: the screens behind a loopback address, for a browser or a WebView shell.
//!
//! Everything that the screens themselves may not have stands here: the socket, the threads, the clock, the network.
//! Nobody but whoever was given the address gets in, and nothing leaves this machine but the sync.

/// Who may ask.
mod guard;
/// The device, open or not, behind one lock.
mod held;
/// The first start.
mod beginning;
/// Requests in, answers out.
mod serve;
/// The sync beside the work.
mod syncing;
/// How long nobody has touched anything.
mod clock;
/// What it takes to lie in somebody's browser.
mod browser;

use crate::failure::Failure;
use guard::Guard;
use held::House;
use std::path::Path;
use std::sync::Arc;

/// Opens the app and stays until it is interrupted.
pub(crate) fn run(home: &Path, open: bool, json: bool) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|_| cannot_listen())?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.map_err(|_| cannot_listen())?;
        let address = listener.local_addr().map_err(|_| cannot_listen())?;
        let guard = Guard::at(address).map_err(|_| no_randomness())?;
        let url = guard.entrance();
        let (house, woken) = House::at(home, guard, Box::new(clock::Machine::start())).map_err(|_| no_randomness())?;
        let house = Arc::new(house);
        let syncing = Arc::clone(&house);
        std::thread::spawn(move || syncing::run(&syncing, &woken));
        let said = if json {
            serde_json::json!({ "url": url }).to_string()
        } else {
            format!("敲门已在这台机器上打开(按 Ctrl+C 关掉):\n{url}\n这个地址只能进一次,别给别人。")
        };
        // Whoever started it waits for this line.
        crate::print(&format!("{said}\n"), 0);
        if open {
            browser::open(&url);
        }
        serve::until_interrupted(listener, house).await.map_err(|_| cannot_listen())
    })
}

fn cannot_listen() -> Failure {
    Failure::problem("cannot_listen", "没能在这台机器上打开网页。请看看是不是有安全软件拦住了,再试一次。")
}

fn no_randomness() -> Failure {
    Failure::problem("no_randomness", "系统暂时不能产生随机数,请重启后再试。")
}
