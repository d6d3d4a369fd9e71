use super::{open, runtime};
use crate::answer::Answer;
use crate::args::Data;
use crate::failure::{Failure, NO_LISTENING};
use qiaomen_server::http::{self, Bounds, Edge};
use serde_json::json;
use std::io::Write as _;
use std::net::SocketAddr;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn serve(data: &Data, listen: SocketAddr, verbose: bool, json: bool) -> Result<Answer, Failure> {
    log(verbose);
    let office = open(data)?;
    let cannot = |e: std::io::Error| Failure {
        exit: NO_LISTENING,
        ..Failure::problem(
            "cannot_listen",
            format!("监听不了 {listen}：{e}。可能已经有一个服务在用；可以用 --listen 换一个端口。"),
        )
    };
    runtime()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(cannot)?;
        let addr = listener.local_addr().map_err(cannot)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let stop = async move {
            tokio::select! {
                // If Ctrl-C cannot be heard, the other signal still can.
                Ok(()) = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        };
        let first = qiaomen_console::first_code(&office)?;
        say(&office.identity().community, addr, first.as_deref(), json);
        let edge = Edge::new(office, Bounds::default());
        let pages = qiaomen_console::pages(edge.clone());
        http::serve_pages(edge, Some(pages), listener, stop).await.map_err(cannot)
    })?;
    let words = if json { "" } else { "已停止。" };
    Ok(Answer { json: json!({ "stopped": true }).to_string(), ..Answer::new(&(), words) })
}

/// Said at once, not at the end: whoever starts us waits for it.
fn say(community: &str, addr: SocketAddr, first: Option<&str>, json: bool) {
    let url = format!("http://{addr}");
    let first = first.map(|code| format!("{url}{}{code}", qiaomen_console::FIRST_PATH));
    let line = if json {
        json!({ "url": url, "community": community, "first": first }).to_string()
    } else {
        let first =
            first.map(|to| format!("还没有人能登录。第一个账号在这里开（只能用一次）：{to}\n")).unwrap_or_default();
        format!("{community}的服务开着，控制台：{url}\n{first}按 Ctrl-C 停止。")
    };
    let mut out = std::io::stdout().lock();
    // Whoever started us may not be listening: the service goes on.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    if !addr.ip().is_loopback() {
        eprintln!("注意：这个地址别的机器也连得上，传输没有加密。请放在能加密的代理（HTTPS）后面。");
    }
}

/// Logs go to standard error and name ids only.
fn log(verbose: bool) {
    use tracing_subscriber::filter::LevelFilter;
    let level = if verbose { LevelFilter::DEBUG } else { LevelFilter::INFO };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(false).init();
}
