//! The documents, as any automerge reads them: `OUT/<kind>/<id>.automerge`. Personal values stay sealed.

use crate::office::{Office, OfficeError};
use crate::store::StoreError;
use qiaomen_proto::ids::{DocId, Kind};
use qiaomen_proto::merge::document::{DocumentError, materialise, save};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Ending of an exported document.
pub const DOCUMENT_ENDING: &str = "automerge";

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// Documents by kind.
    pub documents: BTreeMap<&'static str, u64>,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// Why documents could not be exported. What was written until then stays, each file whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is something in the folder.
    #[error("{out} is not empty: documents are exported into an empty or a new folder")]
    NotEmpty {
        /// Which folder.
        out: PathBuf,
    },
    /// A file or folder.
    #[error("could not write {path}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The changes of a document.
    #[error("could not read {doc}")]
    Read {
        /// Which.
        doc: DocId,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// A document.
    #[error("could not export {doc}")]
    Document {
        /// Which.
        doc: DocId,
        /// Why.
        #[source]
        source: DocumentError,
    },
    /// The office's core.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Office(error.into())
    }
}

/// Writes every document into `out`, which is empty or does not exist. One consistent state is
/// exported, whatever arrives meanwhile. `progress` is told documents done and documents there are.
pub fn export_documents(
    office: &Office,
    out: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<ExportReport, ExportError> {
    refuse_unless_empty(out)?;
    for kind in Kind::ALL {
        let folder = out.join(kind.name());
        std::fs::create_dir_all(&folder).map_err(|source| ExportError::Write { path: folder, source })?;
    }
    let mut report = ExportReport { documents: Kind::ALL.iter().map(|kind| (kind.name(), 0)).collect(), bytes: 0 };
    office.store().read(|tx| {
        let documents = tx.documents()?;
        let total = u64::try_from(documents.len()).unwrap_or(u64::MAX);
        for (done, doc) in (1..).zip(documents) {
            let changes = tx.changes(doc).map_err(|source| ExportError::Read { doc, source })?;
            let bytes = materialise(doc, changes.iter().map(|(_, change)| change))
                .and_then(|automerge| save(doc, &automerge))
                .map_err(|source| ExportError::Document { doc, source })?;
            write_whole(&out.join(doc.kind.name()), &format!("{}.{DOCUMENT_ENDING}", doc.uuid), &bytes)?;
            *report.documents.entry(doc.kind.name()).or_default() += 1;
            report.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            progress(done, total);
        }
        Ok(report)
    })
}

fn refuse_unless_empty(out: &Path) -> Result<(), ExportError> {
    match std::fs::read_dir(out).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(ExportError::NotEmpty { out: out.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(ExportError::Write { path: out.to_owned(), source }),
    }
}

/// The file is there whole under its name, or not at all, whatever ends this process. Not forced to the
/// disk one by one: ten thousand documents would take minutes, and an export can be made again.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
    let part = folder.join(format!("{name}.part"));
    let failed = |source| ExportError::Write { path: part.clone(), source };
    std::fs::write(&part, bytes).map_err(failed)?;
    std::fs::rename(&part, folder.join(name)).map_err(failed)
}
