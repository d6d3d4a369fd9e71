//! Style, script and icon, in the program itself. Symbols stand within the pages, so that none is missing when
//! something else could not be loaded.

/// A file that pages refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Where it is.
    pub path: &'static str,
    /// What kind of content it is.
    pub content_type: &'static str,
    /// The content.
    pub content: &'static str,
}

/// The style sheet.
pub(crate) const STYLE: Asset = Asset {
    path: "/assets/field.css",
    content_type: "text/css; charset=utf-8",
    content: include_str!("../assets/field.css"),
};
/// The script that keeps the line about the sync up to date. Everything works without it.
pub(crate) const SCRIPT: Asset = Asset {
    path: "/assets/field.js",
    content_type: "text/javascript; charset=utf-8",
    content: include_str!("../assets/field.js"),
};
/// The icon.
pub(crate) const ICON: Asset =
    Asset { path: "/assets/icon.svg", content_type: "image/svg+xml", content: include_str!("../assets/icon.svg") };
/// The symbols.
pub(crate) const SYMBOLS: &str = include_str!("../assets/symbols.svg");

/// The file at this path, if there is one. Whoever asks needs no session: nothing of anybody is in it.
pub fn asset(path: &str) -> Option<Asset> {
    [STYLE, SCRIPT, ICON].into_iter().find(|a| a.path == path)
}
