//! What is held back, written out: in words for a person, and as the bytes that came for a machine, so
//! that nothing is ever in one place only. Keys stay wrapped under the community's key file.

use super::error::ReviewError;
use super::held::docs_of;
use super::quarantine::{HeldAsked, HeldView, select};
use super::words;
use crate::office::Office;
use crate::people::audit::{self, Deed};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qiaomen_proto::ids::WorkerId;
use serde::Serialize;

/// The file.
#[derive(Debug, Clone, Serialize)]
pub struct HeldExport {
    /// Name of the form.
    pub form: &'static str,
    /// Name of the community.
    pub community: String,
    /// 12-digit region code.
    pub region_code: String,
    /// When it was written.
    pub exported_ms: u64,
    /// The same in words.
    pub exported_at: String,
    /// The commands.
    pub commands: Vec<HeldCommand>,
}

/// One command.
#[derive(Debug, Clone, Serialize)]
pub struct HeldCommand {
    /// In words. Values are in the clear.
    #[serde(flatten)]
    pub view: HeldView,
    /// The documents that it touches: kind and id.
    pub documents: Vec<String>,
    /// The command as it came: a batch of one command in full (docs/protocol/wire.md), values sealed. Base64.
    pub command_bytes: String,
    /// The keys that came with it: 16 bytes of subject, 48 wrapped under the community's key file. Base64.
    pub keys_wrapped: String,
}

/// Name of the form of the file.
const FORM: &str = "qiaomen quarantine 1";

/// Writes out what is asked for.
pub fn export_quarantine(office: &Office, asked: &HeldAsked, who: WorkerId) -> Result<HeldExport, ReviewError> {
    let (inner, asked) = (office.clone(), asked.clone());
    office.store().write(move |tx| {
        let mut commands = Vec::new();
        for (row, view) in select(&inner, tx, &asked)? {
            let documents = docs_of(&row)?.iter().map(|d| format!("{} {}", d.kind.name(), d.uuid)).collect();
            commands.push(HeldCommand {
                view,
                documents,
                command_bytes: STANDARD.encode(&row.command_stored),
                keys_wrapped: STANDARD.encode(&row.keys_wrapped),
            });
        }
        audit::note(&inner, tx, who, Deed::QuarantineExported, None)?;
        let now = inner.now_ms();
        Ok(HeldExport {
            form: FORM,
            community: inner.identity().community.clone(),
            region_code: inner.identity().region_code.clone(),
            exported_ms: now,
            exported_at: words::time(now),
            commands,
        })
    })
}
