//! How somebody wants to see it. The host keeps it between two starts, as a short text.

use crate::texts::Texts;
use qiaomen_proto::sentence::Sentence;

/// A language of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Every language, the first one first.
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];
    /// As browsers and screen readers know it.
    pub fn code(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }
}

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// In which language.
    pub language: Language,
    /// Larger text.
    pub large: bool,
}

/// What stands in the text for larger letters.
const LARGE: &str = "large";

impl Settings {
    /// What the device says, in this language.
    pub fn says(self, sentence: &Sentence) -> String {
        Texts::of(self.language).said(sentence)
    }
    /// For the host to keep.
    pub fn to_text(self) -> String {
        format!("{}.{}", self.language.code(), if self.large { LARGE } else { "normal" })
    }
    /// Back from it; what cannot be read is as if nothing had been kept.
    pub fn from_text(text: &str) -> Self {
        let (code, size) = text.split_once('.').unwrap_or((text, ""));
        let language = Language::ALL.into_iter().find(|l| l.code() == code).unwrap_or_default();
        Self { language, large: size == LARGE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_and_nonsense_is_nothing() {
        let settings = Settings { language: Language::English, large: true };
        assert_eq!(Settings::from_text(&settings.to_text()), settings);
        assert_eq!(Settings::from_text("\"><script>"), Settings::default());
    }
}
