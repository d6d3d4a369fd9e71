use super::{open, whose};
use crate::answer::Answer;
use crate::args::{Data, Devices, Enrol};
use crate::failure::Failure;
use crate::words;
use qiaomen_proto::ids::DeviceId;
use qiaomen_server::people::{Post, clerks, devices as list, enrol_code, staff as roster};
use serde_json::json;
use std::io::IsTerminal as _;
use std::path::Path;

pub(super) fn enrol(args: &Enrol) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let made = enrol_code(&office, &args.worker, args.grid.as_deref(), whose(&office, &args.by)?)?;
    let json = json!({
        "code": made.code.to_string(),
        "worker": made.worker,
        "expires_ms": made.expires_ms,
        "expires_at": qiaomen_server::review::words::time(made.expires_ms),
        "grid_given": made.grid_given,
    });
    Ok(Answer::new(&json, words::people::code(&made)))
}

pub(super) fn staff(data: &Data) -> Result<Answer, Failure> {
    let staff = roster::staff(&open(data)?)?;
    Ok(Answer::new(&staff, words::people::staff(&staff)))
}

pub(super) fn devices(args: &Devices) -> Result<Answer, Failure> {
    let office = open(&args.data)?;
    let Some(said) = &args.revoke else {
        let list = list::devices(&office)?;
        return Ok(Answer::new(&list, words::people::devices(&list, office.now_ms())));
    };
    let id: Option<DeviceId> = said.trim().parse().ok();
    let revoked = match id {
        Some(id) => list::revoke(&office, id, whose(&office, &args.by)?)?,
        None => false,
    };
    if !revoked {
        return Err(Failure::problem(
            "not_found",
            format!("没有“{said}”这台终端，或已经收回过。qiaomen devices 列出编号。"),
        ));
    }
    let text = "已收回。那台终端下次联系时，先交出没送的内容（待核），再清空。";
    Ok(Answer::new(&json!({ "revoked": id }), text))
}

pub(super) fn add_clerk(
    data: &Data,
    login: &str,
    password_file: Option<&Path>,
    post: Option<Post>,
    worker: Option<&str>,
) -> Result<Answer, Failure> {
    let office = open(data)?;
    let new = clerks::clerk(&office, login)?.is_none();
    let worker = match worker {
        Some(said) => Some(roster::one(&office, said)?.ok_or_else(|| {
            Failure::problem("not_found", format!("花名册上没有“{said}”，或有几个同名的（请用编号）。"))
        })?),
        None => None,
    };
    let password = password(password_file)?;
    let id = match post {
        Some(post) => clerks::add_in_post(&office, login, &password, post, worker, None)?,
        None => clerks::add_clerk(&office, login, &password)?,
    };
    let text = if new {
        format!("{} 可以登录了。", login.trim())
    } else {
        format!("{} 的密码已换。", login.trim())
    };
    Ok(Answer::new(&json!({ "login": login.trim(), "id": id, "new": new }), text))
}

/// From a file, or typed twice without showing it. Never from the command line, which everybody can read.
fn password(file: Option<&Path>) -> Result<String, Failure> {
    if let Some(file) = file {
        let content = std::fs::read_to_string(file).map_err(|e| Failure::read(file, &e))?;
        return Ok(content.lines().next().unwrap_or_default().trim_end_matches('\r').to_owned());
    }
    let nobody = || Failure::usage("没有终端可以输入密码。请用 --password-file 写明密码文件。");
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map_err(|_| nobody());
    let password = ask("密码（至少 8 个字符）：")?;
    if password == ask("再输一次：")? {
        Ok(password)
    } else {
        Err(Failure::problem("passwords_differ", "两次输入的密码不一样，没有改动。请再来一次。"))
    }
}
