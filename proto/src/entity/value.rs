//! Between what a person reads and what a document holds: one text per value, sealed where the field is.

use super::spec::{FieldSpec, ValueShape};
use crate::change::{Answer, Scalar};
use crate::ids::Subject;
use crate::person;
use crate::seal::{KeyRing, SubjectKey};
use crate::sentence;
use crate::sentence::Sentence;

/// What a place shows to somebody with these keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "value")]
pub enum Shown {
    /// A value, in the clear.
    Value(String),
    /// 拒绝.
    Refused,
    /// 不清楚.
    Unknown,
    /// Taken back.
    Cleared,
    /// A value that these keys do not open.
    Locked,
}

impl Shown {
    /// The value, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Shown::Value(v) = self { Some(v) } else { None }
    }
    /// As people read it.
    pub fn label(&self) -> &str {
        match self {
            Shown::Value(v) => v,
            Shown::Refused => "拒绝提供",
            Shown::Unknown => "不清楚",
            Shown::Cleared => "已清除",
            Shown::Locked => "（没有钥匙，打不开）",
        }
    }
}

/// What a person typed cannot stand in this field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{label}: {sentence}")]
pub struct NotAValue {
    /// The field's permanent name; empty where it is a record's.
    pub field: &'static str,
    /// What people call the field.
    pub label: &'static str,
    /// What is wrong and how it should look.
    pub sentence: Sentence,
}

impl FieldSpec {
    /// The one spelling of what a person typed for this field.
    pub fn normalise(&self, typed: &str) -> Result<String, NotAValue> {
        let typed = typed.trim();
        let wrong = |sentence: Sentence| NotAValue { field: self.name, label: self.label, sentence };
        let empty = || wrong(sentence!("value-empty", "没有填内容。要清除请选“清除”。"));
        if typed.is_empty() {
            return Err(empty());
        }
        match self.shape {
            ValueShape::Text(max) => {
                let text = match self.name {
                    "phone" => person::Phone::parse(typed)
                        .map_err(|_| {
                            wrong(sentence!("value-phone", "这不像电话号码。请填 11 位手机号，或带区号的座机号。"))
                        })?
                        .as_str()
                        .to_owned(),
                    "identity" => person::IdentityNumber::parse(typed)
                        .map_err(|_| {
                            wrong(sentence!("value-identity", "这不像身份证号。请填 18 位，最后一位可以是 X。"))
                        })?
                        .as_str()
                        .to_owned(),
                    _ if self.several => several(typed.split(SEPARATORS)),
                    _ => typed.to_owned(),
                };
                // Separators alone are no value: the office would refuse an empty text.
                if text.is_empty() {
                    return Err(empty());
                }
                if text.len() > max * 3 {
                    Err(wrong(sentence!("value-too-long", "太长了，最多 {max} 个字。", max = max)))
                } else {
                    Ok(text)
                }
            }
            ValueShape::Uuid => uuid::Uuid::try_parse(typed)
                .map(|u| u.to_string())
                .map_err(|_| wrong(sentence!("value-id", "不是一个编号。"))),
            ValueShape::Date => person::parse_date(typed)
                .map(|d| d.to_string())
                .ok_or_else(|| wrong(sentence!("value-date", "这不是一个日期。请写成 1980-01-31。"))),
            ValueShape::Count(max) => typed
                .parse::<u64>()
                .ok()
                .filter(|n| *n <= max)
                .map(|n| n.to_string())
                .ok_or_else(|| wrong(sentence!("value-count", "请填 0 到 {max} 的数。", max = max))),
            ValueShape::Flag => match typed {
                "是" | "同意" | "true" | "yes" => Ok("是".to_owned()),
                "否" | "不同意" | "false" | "no" => Ok("否".to_owned()),
                _ => Err(wrong(sentence!("value-flag", "请填“是”或“否”。"))),
            },
        }
    }

    /// As the document holds it: `text` is normal (see [`FieldSpec::normalise`]); `key` is needed where
    /// the field is sealed.
    pub fn to_scalar(&self, text: &str, subject: &Subject, key: Option<&SubjectKey>) -> Option<Scalar> {
        if self.sealed {
            return Some(Scalar::Bytes(key?.seal(subject, self.name, text.as_bytes())));
        }
        Some(match self.shape {
            ValueShape::Count(_) => Scalar::Uint(text.parse().ok()?),
            ValueShape::Flag => Scalar::Bool(text == "是"),
            _ => Scalar::Str(text.to_owned()),
        })
    }

    /// What a scalar in this field shows with these keys.
    pub fn show(&self, scalar: &Scalar, subject: &Subject, ring: &KeyRing) -> Shown {
        match scalar.answer() {
            Answer::Refused => Shown::Refused,
            Answer::Unknown => Shown::Unknown,
            Answer::Cleared => Shown::Cleared,
            Answer::Value(value) => match value {
                Scalar::Bytes(bytes) if self.sealed => open_text(ring, subject, self.name, bytes),
                Scalar::Str(s) => Shown::Value(s.clone()),
                Scalar::Uint(n) => Shown::Value(n.to_string()),
                Scalar::Bool(b) => Shown::Value(if *b { "是" } else { "否" }.to_owned()),
                _ => Shown::Locked,
            },
        }
    }
}

/// What people put between several values: the comma, the full-width comma, the enumeration comma and the
/// two semicolons. As numbers, because an editor that folds widths would make two commas of one kind.
pub const SEPARATORS: [char; 5] = [',', '\u{ff0c}', '\u{3001}', ';', '\u{ff1b}'];

/// Codes that stand together in one field: each once, sorted, joined by `,`.
pub fn several<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    let mut codes: Vec<&str> = codes.into_iter().map(str::trim).filter(|c| !c.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(",")
}

/// Opens a sealed text.
pub fn open_text(ring: &KeyRing, subject: &Subject, field: &str, bytes: &[u8]) -> Shown {
    ring.open(subject, field, bytes)
        .ok()
        .and_then(|plain| String::from_utf8(plain).ok())
        .map_or(Shown::Locked, Shown::Value)
}
