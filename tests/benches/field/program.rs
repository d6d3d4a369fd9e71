//! The real program on the device's folder: unlocked and looked at over loopback, as a browser does it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) struct Program {
    child: Child,
    host: String,
    cookie: String,
}

impl Program {
    pub(crate) fn starts(home: &Path) -> Self {
        let this = std::env::current_exe().unwrap();
        let program = this.with_file_name(format!("qiaomen-field{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(program);
        command.arg("--home").arg(home).args(["--json", "app"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect("cargo build --release --bins comes first");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = told["url"].as_str().unwrap().strip_prefix("http://").unwrap();
        let (host, path) = url.split_once('/').unwrap();
        let mut program = Self { child, host: host.to_owned(), cookie: String::new() };
        let begun = program.asks("GET", &format!("/{path}"), "");
        let cookie = begun.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap();
        program.cookie = cookie.split(';').next().unwrap().to_owned();
        program
    }

    /// The whole answer, head and page.
    pub(crate) fn asks(&self, method: &str, target: &str, body: &str) -> String {
        let Self { host, cookie, .. } = self;
        let mut line = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            line,
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).unwrap();
        // A file that is handed out is no text.
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// What the system says that it holds: at most until now, and now, in KB.
    pub(crate) fn memory_kb(&self) -> [u64; 2] {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        ["VmHWM:", "VmRSS:"].map(|name| {
            let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
