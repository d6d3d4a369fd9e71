//! The keys under which a command's own records and rows stand.
//!
//! A record is never written twice under one key: the key is made of the command's id and a count
//! within the command. The wire leaves such keys out, because the receiver can make them.

use crate::ids::CommandId;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Key of the `ordinal`-th record or row that `command` adds to one container.
pub fn record_key(command: CommandId, ordinal: u8) -> String {
    let mut key = URL_SAFE_NO_PAD.encode(command.as_bytes());
    if ordinal > 0 {
        key.push('~');
        key.push_str(&ordinal.to_string());
    }
    key
}

/// The command and ordinal that [`record_key`] was made of, if it was.
pub fn parse_record_key(key: &str) -> Option<(CommandId, u8)> {
    let (id, ordinal) = match key.split_once('~') {
        Some((id, ordinal)) => (id, ordinal.parse().ok()?),
        None => (key, 0),
    };
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
    let command = CommandId::from_bytes(bytes);
    (record_key(command, ordinal) == key).then_some((command, ordinal))
}

/// Key of one field of one row: `<row>.<field>`.
pub fn row_key(row: &str, field: &str) -> String {
    format!("{row}.{field}")
}

/// Row and field of a row key.
pub fn split_row_key(key: &str) -> Option<(&str, &str)> {
    key.split_once('.')
}
