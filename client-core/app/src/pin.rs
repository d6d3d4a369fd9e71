//! Where the PIN comes from: a file, or the terminal without showing it. Never the environment, which
//! other programs can read, and never the command line, which everybody can.

use crate::failure::Failure;
use std::io::IsTerminal as _;
use std::path::Path;

/// The PIN of a device that is there.
pub(crate) fn known(file: Option<&Path>) -> Result<String, Failure> {
    match file {
        Some(file) => from_file(file),
        None => ask("解锁码："),
    }
}

/// The PIN of a new device: typed twice, so that a slip does not lock its owner out.
pub(crate) fn new(file: Option<&Path>) -> Result<String, Failure> {
    if let Some(file) = file {
        return from_file(file);
    }
    let pin = ask("定一个解锁码（至少 6 位）：")?;
    if pin == ask("再输一次：")? {
        Ok(pin)
    } else {
        Err(Failure::problem("pins_differ", "两次输入的解锁码不一样，没有建库。请再来一次。"))
    }
}

fn from_file(file: &Path) -> Result<String, Failure> {
    let content = std::fs::read_to_string(file)
        .map_err(|_| Failure::usage(format!("读不了解锁码文件 {}。请看看路径和权限。", file.display())))?;
    match content.lines().next().map(str::trim) {
        Some(pin) if !pin.is_empty() => Ok(pin.to_owned()),
        _ => Err(Failure::usage(format!("解锁码文件 {} 的第一行是空的。", file.display()))),
    }
}

fn ask(prompt: &str) -> Result<String, Failure> {
    let nobody = || Failure::usage("没有终端可以输入解锁码。请用 --pin-file 写明解锁码文件。");
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    rpassword::prompt_password(prompt).map(|pin| pin.trim().to_owned()).map_err(|_| nobody())
}
