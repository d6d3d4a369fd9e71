//! A sentence for a person as data: the Chinese words, and a key with the values in it, by which another language says
//! the same. The core speaks Chinese; whoever shows it may speak otherwise without taking a sentence apart.

use std::borrow::Cow;
use std::fmt;

/// Something that a person reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    key: Cow<'static, str>,
    values: Vec<(Cow<'static, str>, Value)>,
    text: Cow<'static, str>,
}

/// What stands in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number, by which a language may choose its form.
    Number(u64),
    /// Words that are the same in every language: a name, an address, a date.
    Words(String),
    /// Words that each language has of its own.
    Said(Sentence),
}

/// A sentence of one's own: its key, the Chinese words with the names of the values in braces, the values.
///
/// ```
/// use qiaomen_proto::sentence;
/// let left = sentence!("open-wrong-pin", "解锁码不对,还可以试 {left} 次。", left = 3_u32);
/// assert_eq!(left, "解锁码不对,还可以试 3 次。");
/// ```
#[macro_export]
macro_rules! sentence {
    ($key:literal, $text:literal) => { $crate::sentence::Sentence::fixed($key, $text) };
    ($key:literal, $text:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        $(let $name = $crate::sentence::Value::from($value);)+
        let text = format!($text);
        $crate::sentence::Sentence::made($key, vec![$((stringify!($name), $name)),+], text)
    }};
}

impl Sentence {
    /// A sentence without values.
    pub const fn fixed(key: &'static str, text: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), values: Vec::new(), text: Cow::Borrowed(text) }
    }
    /// One of a table, by the permanent name in it: `code` and `too_often` make the key `code-too-often`.
    pub fn of(table: &str, name: &str, text: &'static str) -> Self {
        let key = format!("{table}-{name}").replace(['_', '.'], "-");
        Self { key: Cow::Owned(key), values: Vec::new(), text: Cow::Borrowed(text) }
    }
    /// Words without a key: the same in every language, as what another program said.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { key: Cow::Borrowed(""), values: Vec::new(), text: Cow::Owned(text.into()) }
    }
    /// A sentence with values, and the Chinese that was made with them. See [`sentence!`].
    pub fn made(key: &'static str, values: Vec<(&'static str, Value)>, text: String) -> Self {
        let values = values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        Self { key: Cow::Borrowed(key), values, text: Cow::Owned(text) }
    }
    /// The key by which another language finds it; empty where it is the same in each.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// The values, by name.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (name.as_ref(), value))
    }
    /// In Chinese.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As it is kept until it is read: see [`Sentence::from_stored`].
    pub fn to_stored(&self) -> String {
        let values: serde_json::Map<String, serde_json::Value> = self
            .values
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Number(n) => serde_json::Value::from(*n),
                    Value::Words(words) => serde_json::Value::from(words.as_str()),
                    Value::Said(said) => serde_json::json!({ "said": said.to_stored() }),
                };
                (name.to_string(), value)
            })
            .collect();
        serde_json::json!({ "key": self.key, "values": values, "text": self.text }).to_string()
    }

    /// Back from [`Sentence::to_stored`]. What is not such a text was kept before there were keys: it is shown as it
    /// stands.
    pub fn from_stored(stored: &str) -> Self {
        Self::read(stored, NESTED_MAX).unwrap_or_else(|| Self::plain(stored))
    }

    fn read(stored: &str, nested: usize) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_str(stored).ok()?;
        let values = json.get("values")?.as_object()?.iter().map(|(name, value)| {
            let value = match value {
                serde_json::Value::Number(n) => Value::Number(n.as_u64()?),
                serde_json::Value::String(words) => Value::Words(words.clone()),
                other => Value::Said(Self::read(other.get("said")?.as_str()?, nested.checked_sub(1)?)?),
            };
            Some((Cow::Owned(name.clone()), value))
        });
        Some(Self {
            key: Cow::Owned(json.get("key")?.as_str()?.to_owned()),
            values: values.collect::<Option<_>>()?,
            text: Cow::Owned(json.get("text")?.as_str()?.to_owned()),
        })
    }
}

/// A stored sentence stands in another at most so deep.
const NESTED_MAX: usize = 4;

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(n) => n.fmt(f),
            Value::Words(words) => f.write_str(words),
            Value::Said(said) => said.fmt(f),
        }
    }
}

/// Where other programs read it, it is the Chinese.
impl serde::Serialize for Sentence {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl PartialEq<str> for Sentence {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}
impl PartialEq<&str> for Sentence {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

impl From<crate::error::Code> for Sentence {
    fn from(code: crate::error::Code) -> Self {
        Self::of("code", code.name(), code.sentence())
    }
}

impl From<Sentence> for Value {
    fn from(said: Sentence) -> Self {
        Value::Said(said)
    }
}
impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Value::Words(words.to_owned())
    }
}
impl From<String> for Value {
    fn from(words: String) -> Self {
        Value::Words(words)
    }
}
impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Value::Number(n)
    }
}
impl From<u32> for Value {
    fn from(n: u32) -> Self {
        Value::Number(n.into())
    }
}
impl From<usize> for Value {
    fn from(n: usize) -> Self {
        Value::Number(u64::try_from(n).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_was_kept_says_the_same_with_the_same_values() {
        let inner = sentence!("what-door", "一户");
        let said = sentence!("edit-nothing", "{what}有 {n} 位“{name}”。", what = inner, n = 2_u64, name = "王\"}{");
        assert_eq!(said, "一户有 2 位“王\"}{”。");
        let again = Sentence::from_stored(&said.to_stored());
        assert_eq!((again.key(), again.text()), (said.key(), said.text()));
        let by_name = |s: &Sentence| {
            s.values().map(|(n, v)| (n.to_owned(), v.clone())).collect::<std::collections::BTreeMap<_, _>>()
        };
        assert_eq!(by_name(&again), by_name(&said));
    }

    #[test]
    fn what_was_kept_before_there_were_keys_is_shown_as_it_stands() {
        for old in ["这台设备上没有这一户。", "{}", "{\"key\":\"a\"}", "[1]", ""] {
            assert_eq!(Sentence::from_stored(old), *old);
            assert_eq!(Sentence::from_stored(old).key(), "");
        }
    }

    #[test]
    fn a_text_that_stands_in_itself_very_often_is_only_a_text() {
        let mut deep = sentence!("a", "甲");
        for _ in 0..=NESTED_MAX {
            deep = sentence!("b", "{inner}乙", inner = deep);
        }
        let stored = deep.to_stored();
        assert_eq!(Sentence::from_stored(&stored), *stored);
    }
}
