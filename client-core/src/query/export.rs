//! Documents as automerge files: what the office confirmed, and what it did not yet.

use crate::device::Device;
use crate::error::{QueryError, StoreError};
use qiaomen_proto::change::TypedChange;
use qiaomen_proto::ids::DocId;
use qiaomen_proto::merge::document::{DocumentError, materialise, save};
use qiaomen_proto::sentence;
use qiaomen_proto::sentence::Sentence;

/// Why a document could not be handed out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database could not be read.
    #[error("could not read a document's changes")]
    Read(#[from] StoreError),
    /// Automerge could not make the document of them.
    #[error("could not make the document")]
    Make(#[from] DocumentError),
}

impl ExportError {
    /// What a person reads.
    pub fn sentence(&self) -> Sentence {
        match self {
            ExportError::Read(_) => sentence!("export-read", "读不了数据，没有导出。请重新打开再试。"),
            ExportError::Make(_) => sentence!("export-make", "有一份文档拼不起来，没有导出。请把设备带到社区。"),
        }
    }
}

impl Device {
    /// Every document that is here or was begun here.
    pub fn documents(&self) -> Result<Vec<DocId>, QueryError> {
        self.look(|sight| {
            let mut docs = sight.tx.documents_here()?;
            docs.extend(sight.tx.documents_begun()?);
            docs.sort_unstable();
            docs.dedup();
            Ok(docs)
        })
    }

    /// One document as an automerge file.
    pub fn document(&self, doc: DocId) -> Result<Vec<u8>, ExportError> {
        let changes: Vec<TypedChange> = self.store.read::<_, StoreError>(|tx| {
            let base = tx.base_changes(doc)?;
            let pending = tx.pending_on(doc)?;
            let news = pending.into_iter().filter(|(hash, _)| !base.iter().any(|(known, _)| known == hash));
            let news: Vec<TypedChange> = news.map(|(_, change)| change).collect();
            Ok(base.into_iter().map(|(_, change)| change).chain(news).collect())
        })?;
        Ok(save(doc, &materialise(doc, &changes)?)?)
    }
}
