//! The field app on this machine: the screens (`qiaomen-screens`) behind a loopback address, for a browser or a
//! WebView shell.
//!
//! Everything that the screens themselves may not have stands here: the socket, the threads, the clock, the network.
//! Nobody but whoever was given the address gets in, and nothing leaves this machine but the sync.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

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
/// A world to try it in.
#[cfg(test)]
#[path = "../../tests/support/mod.rs"]
mod support;

use guard::Guard;
use held::House;
use qiaomen_client::clock::NoRandomness;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Why the app did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No address on this machine.
    #[error("没能在这台机器上打开网页。请看看是不是有安全软件拦住了，再试一次。")]
    Listen(#[source] std::io::Error),
    /// Nothing to make a token of.
    #[error("系统暂时不能产生随机数，请重启后再试。")]
    Randomness(#[source] NoRandomness),
}

impl OpenError {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Listen(_) => "cannot_listen",
            Self::Randomness(_) => "no_randomness",
        }
    }
}

/// The app of one device, with an address of its own. It answers once it [serves](Self::serve).
#[derive(Debug)]
pub struct App {
    listener: TcpListener,
    house: Arc<House>,
    url: String,
}

impl App {
    /// Opens the app of the device in this folder, on a free port of the loopback address. A folder that is empty asks
    /// for the office's code first.
    pub async fn open(home: &Path) -> Result<Self, OpenError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(OpenError::Listen)?;
        let guard = Guard::at(listener.local_addr().map_err(OpenError::Listen)?).map_err(OpenError::Randomness)?;
        let url = guard.entrance();
        let clock = Box::new(clock::Machine::start());
        let (house, woken) = House::at(home, guard, clock).map_err(OpenError::Randomness)?;
        let house = Arc::new(house);
        let syncing = Arc::clone(&house);
        std::thread::spawn(move || syncing::run(&syncing, &woken));
        Ok(Self { listener, house, url })
    }

    /// The address to be opened in a browser. It lets in once.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Answers until `end`.
    pub async fn serve(self, end: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        serve::until(end, self.listener, self.house).await
    }
}
