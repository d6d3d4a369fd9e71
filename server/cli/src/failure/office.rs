//! What is the matter with the books themselves: the folder, the database, the key, a backup; and the way out.

use super::{Failure, in_full};
use qiaomen_server::backup::BackupError;
use qiaomen_server::office::OfficeError;
use qiaomen_server::secrets::SecretsError;
use qiaomen_server::store::{StoreError, Trouble};

/// How a backup becomes the books again.
const RESTORE: &str = "qiaomen restore --from 备份文件 --key 密钥文件 --data 文件夹";
/// What nobody has to fear for.
const GIVEN_BACK: &str = "备份之后终端送到过的内容，各终端下次同步时会自动补回";

impl From<OfficeError> for Failure {
    fn from(e: OfficeError) -> Self {
        match &e {
            OfficeError::NotInitialised { dir } => Self::problem(
                "not_initialised",
                format!("{} 里还没有建账。请看看路径对不对；新社区先运行 qiaomen init。", dir.display()),
            ),
            OfficeError::DatabaseGone { dir } => Self::problem(
                "database_gone",
                format!(
                    "{dir} 里有社区的密钥，数据库 office.db 却不见了，或是空的。没有改动任何东西，也没有另建新账。\
                     请用最近的备份恢复到这个文件夹：qiaomen restore --from 备份文件 --key {dir}/community.key --data {dir}。\
                     {GIVEN_BACK}。",
                    dir = dir.display()
                ),
            ),
            OfficeError::AlreadyInitialised { dir } => {
                Self::problem("already_initialised", format!("{} 里已经有一个社区的账，没有改动。", dir.display()))
            }
            OfficeError::MakeDir { dir, source } => {
                Self::problem("cannot_write", format!("建不了文件夹 {}：{source}。", dir.display()))
            }
            OfficeError::RegionCode => Self::usage("区划代码是 12 位数字，例如 150782001001。"),
            OfficeError::WrongKeyFile => Self::problem(
                "wrong_key_file",
                "密钥文件 community.key 不是这个数据库的，个人信息打不开。请找回原来的密钥文件；没有改动任何东西。",
            ),
            OfficeError::Secrets(SecretsError::Read { path, .. }) => Self::problem(
                "no_key_file",
                format!("读不了密钥文件 {}。没有它，个人信息打不开。请找回备份；没有改动任何东西。", path.display()),
            ),
            OfficeError::Secrets(SecretsError::Damaged { path }) => Self::problem(
                "key_file_damaged",
                format!("密钥文件 {} 坏了。请用备份替换；没有改动任何东西。", path.display()),
            ),
            OfficeError::Secrets(SecretsError::Write { path, .. }) => {
                Self::problem("cannot_write", format!("写不了密钥文件 {}。请看看权限和磁盘。", path.display()))
            }
            OfficeError::Store(error) => store(error),
            OfficeError::Secrets(_) | OfficeError::Randomness(_) => {
                Self::problem("internal", format!("没有办成，没有改动。请联系维护人员。（{}）", in_full(&e)))
            }
        }
    }
}

/// The database.
fn store(error: &StoreError) -> Failure {
    let detail = in_full(error);
    let passing = |code, sentence: String| Failure { retry: true, ..Failure::problem(code, sentence) };
    match (error, error.trouble()) {
        (StoreError::Later { .. }, _) => {
            Failure::problem("too_new", "数据库是更新版本的程序写的。请用新版的 qiaomen 打开。")
        }
        (StoreError::Empty { path }, _) => Failure::problem(
            "database_gone",
            format!("数据库 {} 是空的，没有改动。请用最近的备份恢复：{RESTORE}。{GIVEN_BACK}。", path.display()),
        ),
        (_, Trouble::NotOurs) => Failure::problem(
            "database_not_ours",
            format!(
                "这个文件不是社区的数据库，没有改动。请看看路径对不对；原来是社区的，就是坏了，请用最近的备份恢复到一个新的文件夹：{RESTORE}。（{detail}）"
            ),
        ),
        (_, Trouble::Damaged) => Failure::problem(
            "database_damaged",
            format!(
                "数据库 office.db 坏了，这一步没有写进去。请先停下服务，把整个文件夹原样复制一份留着，再用最近的备份恢复到一个新的文件夹：{RESTORE}。{GIVEN_BACK}。（{detail}）"
            ),
        ),
        (_, Trouble::Full) => {
            passing("disk_full", "磁盘满了，这一步没有写进去；以前写下的都还在。请腾出空间再试。".to_owned())
        }
        (_, Trouble::NotAllowed) => Failure::problem(
            "cannot_write",
            format!("打不开或写不了数据库 office.db，没有改动。请看看文件夹的权限，是不是只读。（{detail}）"),
        ),
        (_, Trouble::Disk) => passing(
            "disk",
            format!("磁盘读写出错，这一步没有写进去。请看看磁盘有没有松动或损坏，尽快做一份备份。（{detail}）"),
        ),
        (_, Trouble::Busy) => passing(
            "database_busy",
            "数据库正被另一个程序占用（可能在导入或备份），没有改动。请等它做完再试。".to_owned(),
        ),
        (_, Trouble::Other) => {
            passing("database", format!("数据库出了错，没有改动。请再试一次；仍不行请联系维护人员。（{detail}）"))
        }
    }
}

impl From<BackupError> for Failure {
    fn from(e: BackupError) -> Self {
        match e {
            BackupError::Office(e) => e.into(),
            BackupError::Copy { path, source } => Self::write(&path, &source),
            BackupError::Read { path, source } => Self::read(&path, &source),
            BackupError::Photo(e) => Self::write(&e.path, &e.source),
            BackupError::Exists { .. } => Self::problem("not_empty", e.to_string()),
            BackupError::NoBackup { .. } => Self::problem("no_backup", e.to_string()),
            BackupError::Damaged { .. } => Self::problem("backup_damaged", e.to_string()),
        }
    }
}
