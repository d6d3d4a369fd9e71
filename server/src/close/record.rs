use super::{Day, GridFigures};
use crate::office::{Office, OfficeError};
use crate::store::sqlite::DayRecordRow;
use crate::store::{StoreError, Tx};
use minicbor::{Decode, Encode};
use qiaomen_proto::ids::WorkerId;
use qiaomen_proto::seal::open_with;
use serde::Serialize;

/// Purpose of the office's signature over a record.
pub const RECORD_CONTEXT: &[u8] = b"qiaomen 2026 day record";
/// Names the purpose of the box in which words beside the reasons rest.
pub(super) const NOTES_INFO: &[u8] = b"qiaomen 2026 day notes";
/// Form of a record.
const FORM: u8 = 1;

/// What is signed: everything in it is a count, an id or a hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// Form of the record.
    #[n(0)]
    pub form: u8,
    /// Its number in the chain; the first is 1.
    #[n(1)]
    pub number: u64,
    /// True if it closes the day, false if it opens it again.
    #[n(2)]
    pub closes: bool,
    /// Which day.
    #[n(3)]
    pub day: String,
    /// How often the day was closed, this time included.
    #[n(4)]
    pub revision: u32,
    /// When it was signed.
    #[n(5)]
    pub signed_ms: u64,
    /// By whom.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub signed_by: [u8; 16],
    /// The community.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub community: [u8; 16],
    /// Which life of the office.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub incarnation: [u8; 16],
    /// Figures: the community first, then each grid.
    #[n(9)]
    pub figures: Vec<GridFigures>,
    /// Where each stream stands.
    #[n(10)]
    pub streams: Vec<StreamAt>,
    /// What was left open, how many, and why.
    #[n(11)]
    pub left: Vec<LeftOpen>,
    /// What came since the record before for days that were closed: which day, how many.
    #[n(12)]
    pub late: Vec<LateCount>,
    /// BLAKE3 of the words beside the reasons; zeros where there are none.
    #[cbor(n(13), with = "minicbor::bytes")]
    pub notes_hash: [u8; 32],
    /// Hash of the record before; zeros in the first.
    #[cbor(n(14), with = "minicbor::bytes")]
    pub previous: [u8; 32],
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct StreamAt {
    /// The stream: `g:<uuid>`, `w:<uuid>`, `d:<code>`, `c`.
    #[n(0)]
    pub stream: String,
    /// Its epoch.
    #[n(1)]
    pub epoch: u64,
    /// Number of its last entry.
    #[n(2)]
    pub seq: u64,
    /// Over the heads of its documents.
    #[cbor(n(3), with = "minicbor::bytes")]
    #[serde(skip)]
    pub digest: [u8; 16],
}

/// Something that was left open.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LeftOpen {
    /// What: a permanent word.
    #[n(0)]
    pub what: String,
    /// How many.
    #[n(1)]
    pub count: u64,
    /// Why: a permanent word.
    #[n(2)]
    pub why: String,
}

/// What came for a closed day.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct LateCount {
    /// Which day.
    #[n(0)]
    pub day: String,
    /// How many commands.
    #[n(1)]
    pub count: u64,
}

impl Record {
    /// The form that is written now.
    pub const FORM: u8 = FORM;
    /// The bytes that are hashed and kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }
    /// Back from those.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let record: Self = decoder.decode().ok()?;
        (decoder.position() == bytes.len() && record.form == FORM).then_some(record)
    }
}

/// The hash of a record's bytes, which the next record names.
pub fn hash_of(record: &[u8]) -> [u8; 32] {
    blake3::derive_key("qiaomen 2026 day record", record)
}

/// A record with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// What it says.
    pub record: Record,
    /// Which day.
    pub day: Day,
    /// When it was signed.
    pub signed_ms: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// The office's signature over that.
    pub signature: [u8; 64],
    notes_sealed: Option<Vec<u8>>,
}

impl RecordView {
    fn of(row: DayRecordRow) -> Result<Self, StoreError> {
        let record = Record::from_bytes(&row.record).ok_or(StoreError::Damaged("day record"))?;
        let day = Day::parse(&row.day).ok_or(StoreError::Damaged("day record"))?;
        let RowParts { signed_ms, hash, signature, notes_sealed } = RowParts::of(row);
        Ok(Self { record, day, signed_ms, hash, signature, notes_sealed })
    }
    /// Who signed.
    pub fn signed_by(&self) -> WorkerId {
        WorkerId::from_bytes(self.record.signed_by)
    }
    /// What was said beside the reasons, in the order of what was left open; none where nothing was said, or this
    /// office's key does not open it.
    pub fn notes(&self, office: &Office) -> Vec<Option<String>> {
        let plain = self.notes_sealed.as_deref().and_then(|sealed| {
            open_with(&office.secrets().boxes, NOTES_INFO, &self.record.number.to_be_bytes(), sealed).ok()
        });
        let notes: Vec<String> = plain.and_then(|p| minicbor::decode(&p).ok()).unwrap_or_default();
        notes.into_iter().map(|n| Some(n).filter(|n| !n.is_empty())).collect()
    }
}

struct RowParts {
    signed_ms: u64,
    hash: [u8; 32],
    signature: [u8; 64],
    notes_sealed: Option<Vec<u8>>,
}
impl RowParts {
    fn of(row: DayRecordRow) -> Self {
        Self { signed_ms: row.signed_ms, hash: row.hash, signature: row.signature, notes_sealed: row.notes_sealed }
    }
}

/// The records of one day, or of every day, oldest first.
pub fn records(tx: &Tx<'_>, day: Option<Day>) -> Result<Vec<RecordView>, StoreError> {
    let day = day.map(|d| d.to_string());
    tx.day_records(day.as_deref())?.into_iter().map(RecordView::of).collect()
}

/// Whether every record is what was signed and follows the one before. Number of records, and the first that is
/// not or does not.
pub fn check_chain(office: &Office, tx: &Tx<'_>) -> Result<(u64, Option<u64>), OfficeError> {
    let key = office.secrets().signing.verify_key();
    let (mut previous, mut count) = ([0; 32], 0);
    for row in tx.day_records(None)? {
        let follows = Record::from_bytes(&row.record).is_some_and(|r| {
            (r.number, r.previous, r.signed_ms) == (count + 1, previous, row.signed_ms)
                && (r.day.as_str(), r.closes) == (row.day.as_str(), row.kind == 1)
                && r.signed_by == *row.signed_by.as_bytes()
                && r.number == row.number
        });
        let hash = hash_of(&row.record);
        if !follows || hash != row.hash || key.verify(RECORD_CONTEXT, &hash, &row.signature).is_err() {
            return Ok((count, Some(row.number)));
        }
        (previous, count) = (hash, count + 1);
    }
    Ok((count, None))
}
