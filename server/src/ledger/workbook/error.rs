//! Why a workbook cannot be read at all. A single row that cannot be read is a remark, not an error.

use super::{FILE_BYTES_MAX, SHEET_COLUMNS_MAX, SHEET_ROWS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX};

/// The workbook as a whole cannot be taken. Nothing has been read.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The file is larger than [`FILE_BYTES_MAX`].
    #[error("the workbook has {bytes} bytes, more than {FILE_BYTES_MAX}")]
    FileTooLarge {
        /// Size of the file.
        bytes: usize,
    },
    /// Unpacked, the file would be larger than [`UNPACKED_BYTES_MAX`].
    #[error("the workbook unpacks to more than {UNPACKED_BYTES_MAX} bytes")]
    UnpackedTooLarge,
    /// The file is no xlsx: something else, or cut off.
    #[error("the file is not an xlsx workbook, or only a part of one")]
    NotAWorkbook,
    /// The file is an old xls or is locked with a password: both look like this from outside.
    #[error("the file is an old xls workbook or is locked with a password")]
    OldOrLocked,
    /// The file looks like an xlsx but its inside is broken.
    #[error("could not open the workbook")]
    Damaged {
        /// What the reader of the format said, if it came to say anything.
        source: Option<Box<calamine::XlsxError>>,
    },
    /// More than [`SHEETS_MAX`] sheets.
    #[error("the workbook has more than {SHEETS_MAX} sheets")]
    TooManySheets,
    /// A sheet has too many rows, columns or too much text.
    #[error("sheet {number} of the workbook is too large")]
    SheetTooLarge {
        /// Place of the sheet in the workbook, from 1.
        number: usize,
    },
    /// No sheet has the headings of a ledger.
    #[error("no sheet of the workbook has the headings of a ledger")]
    NothingRecognised,
    /// Residents, but no sheet of grids that says which buildings there are.
    #[error("the workbook has residents but no sheet of grids")]
    NoGrids,
}

impl WorkbookError {
    /// What happened, why it usually happens, what to do now.
    pub fn sentence(&self) -> String {
        let mb = |bytes: usize| bytes / (1024 * 1024);
        match self {
            Self::FileTooLarge { bytes } => format!(
                "这个文件有 {} MB，最多只能读 {} MB。通常是因为表里贴了照片；请删去照片再导入。",
                mb(*bytes),
                mb(FILE_BYTES_MAX)
            ),
            Self::UnpackedTooLarge => {
                "这个文件展开后太大，没有打开。请在表格软件里另存为一个新的 .xlsx 文件再导入。".into()
            }
            Self::NotAWorkbook => {
                "这不是 .xlsx 表格，或者文件没有传完整。请重新拷贝一次，或在表格软件里另存为 .xlsx 再导入。".into()
            }
            Self::OldOrLocked => "这是旧式的 .xls 表格，或者表格加了打开密码。请去掉密码，另存为 .xlsx 再导入。".into(),
            Self::Damaged { .. } => {
                "这个表格文件坏了，打不开。请用表格软件打开，另存为一个新的 .xlsx 文件再导入。".into()
            }
            Self::TooManySheets => format!("这个文件里的工作表超过 {SHEETS_MAX} 张。请只留下台账要用的几张再导入。"),
            Self::SheetTooLarge { number } => format!(
                "第 {number} 张工作表太大：最多 {SHEET_ROWS_MAX} 行、{SHEET_COLUMNS_MAX} 列。请删去多余的行列，或者分成几个文件再导入。"
            ),
            Self::NothingRecognised => {
                "没有找到台账：没有一张工作表有能认出的标题行（例如“楼栋、单元、房号、姓名”）。请检查标题行再导入。"
                    .into()
            }
            Self::NoGrids => {
                "没有找到网格划分表，不知道有哪些楼栋。请在文件里加一张有“网格名称、楼栋”两列的工作表再导入。".into()
            }
        }
    }
}
