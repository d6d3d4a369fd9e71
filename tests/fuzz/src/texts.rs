//! Texts that say who, when, what: headers, stamps, keys, ids.

use qiaomen_proto::change::{Hlc, Stamp, keys};
use qiaomen_proto::ids::{CommandId, DocId, Role, StreamId};
use qiaomen_proto::limits::DEPARTMENT_CODE_BYTES_MAX;
use qiaomen_proto::wire::auth::{SignedBy, signature_from_text, signature_to_text};

/// One text, read as each of them.
pub(crate) fn texts(bytes: &[u8]) {
    if let Some(doc) = DocId::from_key(bytes) {
        assert_eq!(doc.key()[..], *bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(by) = SignedBy::parse(text) {
        assert_eq!(SignedBy::parse(&by.to_text()), Some(by));
    }
    if let Some(signature) = signature_from_text(text) {
        assert_eq!(signature_to_text(&signature), text, "one signature has one text");
    }
    if let Some(stamp) = Stamp::parse(text) {
        assert_eq!(stamp.to_text(), text, "one stamp has one text");
    }
    if let Some(hlc) = Hlc::parse(text) {
        assert_eq!(hlc.to_string(), text, "one instant has one text");
    }
    if let Some((command, ordinal)) = keys::parse_record_key(text) {
        assert_eq!(keys::record_key(command, ordinal), text, "one record has one key");
    }
    if let Some((row, field)) = keys::split_row_key(text) {
        assert_eq!(keys::row_key(row, field), text);
    }
    if let Some(stream) = StreamId::from_text(text) {
        assert_eq!(StreamId::from_text(&stream.to_text()).as_ref(), Some(&stream));
        assert!(!matches!(stream, StreamId::Department(code) if code.len() > DEPARTMENT_CODE_BYTES_MAX));
    }
    if let Ok(id) = text.parse::<CommandId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Some(role) = Role::from_title(text) {
        assert_eq!(Role::from_title(role.title()), Some(role));
    }
}
