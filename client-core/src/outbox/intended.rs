//! What was meant, kept as text. A version of this program that does not know an intent (an older
//! one, after a newer was taken back) keeps it as it stands and cannot do it again.

use crate::edit::Intent;

/// An intent as the database keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Intended {
    /// One that this version knows.
    Known(Box<Intent>),
    /// One that it does not: its JSON.
    Unknown(serde_json::Value),
}

impl Eq for Intended {}

impl Intended {
    /// For the database and the rescue file.
    pub fn to_text(&self) -> String {
        match self {
            Intended::Known(intent) => serde_json::to_string(intent).unwrap_or_default(),
            Intended::Unknown(json) => json.to_string(),
        }
    }
    /// Back from [`Intended::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        match serde_json::from_str::<Intent>(text) {
            Ok(intent) => Some(Intended::Known(Box::new(intent))),
            Err(_) => serde_json::from_str(text).ok().map(Intended::Unknown),
        }
    }
    /// The intent, if this version knows it.
    pub fn known(&self) -> Option<&Intent> {
        match self {
            Intended::Known(intent) => Some(intent),
            Intended::Unknown(_) => None,
        }
    }
    /// What it was, in a few words.
    pub fn title(&self) -> &'static str {
        self.known().map_or("未知的办理", Intent::title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_of_a_newer_version_is_kept_as_it_stands() {
        let text = r#"{"intent":"plant_tree","kind":"梧桐"}"#;
        let intended = Intended::from_text(text).unwrap();
        assert!(intended.known().is_none());
        assert_eq!(intended.to_text(), text);
        assert!(Intended::from_text("no json").is_none());
    }
}
