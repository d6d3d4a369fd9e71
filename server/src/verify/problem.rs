//! What can be found wrong: every code and its sentence.

use super::in_full;
use crate::store::StoreError;
use serde::Serialize;
use std::fmt::Display;

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What does not agree.
    pub code: ProblemCode,
    /// What it is about: an id, a stream, a row's number.
    pub subject: String,
    /// What happened, why it usually happens, what to do now.
    pub sentence: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $sentence:literal;)*) => {
        /// What does not agree. The names are permanent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode { $($(#[$doc])* $code,)* }
        impl ProblemCode {
            /// Every code.
            pub const ALL: &[ProblemCode] = &[$(ProblemCode::$code),*];
            /// What happened, why it usually happens, what to do now.
            pub fn sentence(self) -> &'static str { match self { $(ProblemCode::$code => $sentence,)* } }
        }
    };
}

codes! {
    /// SQLite says that its file is not whole.
    DatabaseDamaged = "数据库文件有损坏，多半是磁盘故障或断电。请先停用并保留原文件，再从备份恢复。";
    /// Rows that cannot be what was written.
    RowsUnreadable = "数据库里有读不出的记录。请保留原文件，从备份恢复。";
    /// A document's row names another kind or suffix.
    DocumentRow = "文档的登记行和文档编号对不上。请从备份恢复。";
    /// A stored change that cannot be read.
    ChangeUnreadable = "这份文档有一条变更读不出来。请从备份恢复，或让设备重新上送。";
    /// A stored change that does not give its hash.
    ChangeHash = "这份文档有一条变更和它的指纹对不上，内容被改动过。请从备份恢复。";
    /// A stored change that does not build on what stands before it.
    ChangeMisfit = "这份文档有一条变更接不上前面的变更，前面可能缺了。请从备份恢复。";
    /// A change stands under another command than its own.
    ChangeCommand = "这份文档有一条变更记在了别的操作名下。请从备份恢复。";
    /// Changes of a document that does not exist.
    ChangeWithoutDocument = "有变更，却没有它所属的文档。请从备份恢复。";
    /// A stored register that cannot be read.
    RegisterUnreadable = "这份文档的登记簿读不出来。变更都在，可以由变更重建。";
    /// A stored register that is not what the changes give.
    RegisterDiffers = "这份文档的登记簿和变更对不上。变更都在，可以由变更重建。";
    /// A stored digest that is not that of the heads.
    DocumentDigest = "这份文档的摘要和它的最新变更对不上。可以由变更重建。";
    /// Automerge cannot make the document, or not read back what it saved.
    DocumentRefused = "这份文档不能用 automerge 打开或保存。请联系维护人员。";
    /// Automerge shows other values than the register.
    DocumentDiffers = "这份文档用 automerge 打开后和登记簿不一样。请联系维护人员。";
    /// A key that the key file does not open.
    KeyUnreadable = "这份文档的钥匙打不开，密钥文件可能不是这个数据库的。请找回原来的密钥文件。";
    /// A document without its row.
    RowMissing = "列表里缺了这一份文档。可以由文档重建。";
    /// A row that is not what the document says.
    RowDiffers = "列表里的这一行和文档对不上。可以由文档重建。";
    /// A row without a document.
    RowExtra = "列表里的这一行没有对应的文档。可以由文档重建。";
    /// Blind indexes that are not those of the document.
    BlindDiffers = "这个人的查找索引和文档对不上，可能查不到。可以由文档重建。";
    /// Blind indexes of nobody.
    BlindExtra = "有一条查找索引没有对应的人。可以由文档重建。";
    /// What a document can be like others by is not what it says.
    LikenessDiffers = "用来查找重复的索引和文档对不上，可能漏掉重复。可以由文档重建。";
    /// A link that is not that of the document.
    LinkDiffers = "这份文档并到了哪一份里，登记的和文档对不上。可以由文档重建。";
    /// A conflict that is not listed.
    ConflictMissing = "这份文档有一处冲突没有列出来，没有人会去裁定。可以由文档重建。";
    /// A conflict that is listed with other candidates.
    ConflictDiffers = "列出的这处冲突和文档里的候选对不上。可以由文档重建。";
    /// A conflict that does not exist.
    ConflictExtra = "列出了一处文档里没有的冲突。可以由文档重建。";
    /// A number is missing in a stream.
    StreamGap = "这条日志流的编号有缺口，设备可能少收内容。请从备份恢复。";
    /// The stream's next number is not the one after its last entry.
    StreamEnd = "这条日志流的编号和末尾对不上。请从备份恢复。";
    /// Entries or members of a stream that does not exist.
    StreamUnknown = "有日志或成员记在一条不存在的流下。请从备份恢复。";
    /// An entry that cannot follow what stands before it.
    EntryOutOfOrder = "这条日志流有一条记录和前面的记录对不上（例如文档没有进来就有了变更）。请从备份恢复。";
    /// An entry whose change does not exist or is of another document.
    EntryChange = "这条日志流有一条记录指向不存在的变更。请从备份恢复。";
    /// A change of a member that the stream does not tell of.
    StreamSkips = "这条日志流漏了一份文档的变更，设备收不到。请从备份恢复。";
    /// Members that are not those of the log.
    MembersDiffer = "这条流里的文档和日志对不上。可以由日志重建。";
    /// A digest that is not the sum of the members'.
    StreamDigest = "这条流的总摘要和其中文档的摘要之和对不上，设备会一直报不一致。可以由文档重建。";
    /// An applied command whose changes are not there, or not those that were acknowledged.
    CommandChanges = "这次操作确认过，它的变更却不全。请从备份恢复，或让设备重新上送。";
    /// A change whose command was never applied.
    CommandMissing = "有变更，却没有它的操作记录。请从备份恢复。";
    /// The file of a photo that had come whole is not there.
    PhotoMissing = "这张照片的文件不见了。请从备份旁边的 photos 文件夹找回；照片还在手机里的会自动再送。";
    /// The file of a photo is not what came.
    PhotoDamaged = "这张照片的文件和它的指纹对不上，多半是磁盘故障。请从备份旁边的 photos 文件夹找回。";
    /// A record of a closed day that is not what was signed, or does not follow from the one before.
    DayChain = "日结记录从这一号起和签名对不上，有人改动或删除过。请保留原文件并查明原因。";
    /// A row of the audit that does not follow from the one before.
    AuditChain = "审计记录从这一行起接不上，有人改动或删除过。请保留原文件并查明原因。";
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, code: ProblemCode, subject: impl Display) {
        self.0.push(Problem { code, subject: subject.to_string(), sentence: code.sentence() });
    }
    /// What could be read; else a problem.
    pub(super) fn sift<T>(&mut self, read: Result<T, StoreError>) -> Option<T> {
        read.map_err(|error| self.add(ProblemCode::RowsUnreadable, in_full(&error))).ok()
    }
    /// Each once, in the order in which they were found.
    pub(super) fn into_list(self) -> Vec<Problem> {
        let mut list: Vec<Problem> = Vec::new();
        for problem in self.0 {
            if !list.contains(&problem) {
                list.push(problem);
            }
        }
        list
    }
}
