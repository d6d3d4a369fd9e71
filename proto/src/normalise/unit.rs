//! Units of a building: 单元.

use super::{
    folded_upper, is_key, key_traits, numeral, settled, strip_after_alnum, strip_decimal, without_leading_zeros,
};
use serde::{Deserialize, Serialize};

/// Unit of a building, normalised: "1", "A", "东"; empty for a building without units.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UnitKey(String);

/// This text names no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a unit")]
pub struct NotAUnit;

key_traits!(UnitKey, NotAUnit);

impl UnitKey {
    /// The building has no units.
    pub fn none() -> Self {
        Self(String::new())
    }

    /// Whether the building has no units.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads "1单元", "1", "１单元", "一单元", "第1单元", "1 单元", "A座"; nothing, "无" and "-" are
    /// [`UnitKey::none`].
    pub fn parse(text: &str) -> Result<Self, NotAUnit> {
        let text = settled(folded_upper(text), step);
        if matches!(text.as_str(), "" | "-" | "/" | "无" | "无单元") {
            return Ok(Self::none());
        }
        // "3单元101" and "1号楼2单元" are more than a unit.
        if !is_key(&text) || ["单元", "楼", "室"].iter().any(|word| text.contains(word)) {
            return Err(NotAUnit);
        }
        Ok(Self(text))
    }
}

fn step(text: &str) -> String {
    let text = strip_decimal(text);
    let text =
        text.strip_suffix("单元门").or_else(|| text.strip_suffix("单元")).filter(|r| !r.is_empty()).unwrap_or(text);
    let text = ["座", "门", "号", "#"].iter().find_map(|suffix| strip_after_alnum(text, suffix)).unwrap_or(text);
    let text = text.strip_prefix('第').filter(|rest| !rest.is_empty()).unwrap_or(text);
    let text = numeral::as_digits(text);
    if text.bytes().all(|b| b.is_ascii_digit()) { without_leading_zeros(&text).to_owned() } else { text }
}

/// How people read a unit: "1单元", "A座", "东单元"; nothing for a building without units.
pub fn unit_label(unit: &UnitKey) -> String {
    let name = unit.as_str();
    if name.is_empty() {
        String::new()
    } else if name.bytes().all(|b| b.is_ascii_uppercase()) {
        format!("{name}座")
    } else {
        format!("{name}单元")
    }
}
