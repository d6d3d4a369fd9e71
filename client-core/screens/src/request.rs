//! What is asked: bounded and taken apart once, so that pages see names and values only.

use crate::multipart;
use crate::settings::Settings;

/// Fields of one form or address at most.
const FIELDS_MAX: usize = 200;
/// A form is no longer than this: the longest text that the book takes, with room for the rest.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// A form with pictures: nine as a phone's camera writes them.
pub const FILES_BYTES_MAX: usize = 96 * 1024 * 1024;
/// An address is no longer than this.
pub const PATH_BYTES_MAX: usize = 2 * 1024;

/// To look, or to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Look.
    Get,
    /// Do.
    Post,
}

/// What is asked. What may ask at all is the host's to know.
#[derive(Debug, Clone)]
pub struct Request {
    /// To look, or to do.
    pub method: Method,
    /// The path, without what follows `?`.
    pub path: String,
    query: Fields,
    form: Fields,
    files: Vec<(String, Vec<u8>)>,
    had_files: bool,
    /// How the answer is to look.
    pub settings: Settings,
}

/// Names and values, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(text: &str) -> Option<Self> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_str(text).ok()?;
        (fields.len() <= FIELDS_MAX).then_some(Self(fields))
    }
    /// The first value of this name, without blanks around it; none where it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }
    /// Everything, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

impl Request {
    /// From an address with what follows `?`, and a form's body; none if one of them is too long or unreadable.
    pub fn new(method: Method, target: &str, body: &str, settings: Settings) -> Option<Self> {
        if target.len() > PATH_BYTES_MAX || body.len() > FORM_BYTES_MAX {
            return None;
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (query, form) = (Fields::read(query)?, Fields::read(body)?);
        Some(Self { method, path: path.to_owned(), query, form, files: Vec::new(), had_files: false, settings })
    }
    /// From an address and a form that was sent in parts; none if its content type says that it is none, or if it is
    /// too long or unreadable.
    pub fn in_parts(target: &str, content_type: &str, body: &[u8], settings: Settings) -> Option<Self> {
        let boundary = multipart::boundary(content_type)?;
        if body.len() > FILES_BYTES_MAX {
            return None;
        }
        let mut request = Self::new(Method::Post, target, "", settings)?;
        let mut typed_bytes = 0;
        for part in multipart::parts(body, boundary)? {
            // A field in which no file was chosen comes as an empty one.
            if part.is_file && !part.content.is_empty() {
                request.had_files = true;
                request.files.push((part.name, part.content.to_vec()));
            } else if !part.is_file {
                typed_bytes += part.name.len() + part.content.len();
                request.form.0.push((part.name, String::from_utf8(part.content.to_vec()).ok()?));
            }
        }
        (typed_bytes <= FORM_BYTES_MAX).then_some(request)
    }
    /// Whether a form with this content type is sent in parts.
    pub fn is_in_parts(content_type: &str) -> bool {
        multipart::boundary(content_type).is_some()
    }
    /// A request to look.
    pub fn get(target: &str) -> Option<Self> {
        Self::new(Method::Get, target, "", Settings::default())
    }
    /// A request to do.
    pub fn post(target: &str, body: &str) -> Option<Self> {
        Self::new(Method::Post, target, body, Settings::default())
    }

    /// A value of the address.
    pub(crate) fn asks(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }
    /// A value of the form.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.form.get(name)
    }
    /// The files of this name.
    pub(crate) fn files(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.files.iter().filter(move |(n, _)| n == name).map(|(_, content)| content.as_slice())
    }
    /// Whether files came with the form.
    pub(crate) fn has_files(&self) -> bool {
        self.had_files
    }
    /// The same without its files, which are too much to keep; that there were some is remembered.
    pub(crate) fn without_files(&self) -> Self {
        let Self { method, path, query, form, had_files, settings, files: _ } = self;
        Self {
            method: *method,
            path: path.clone(),
            query: query.clone(),
            form: form.clone(),
            files: Vec::new(),
            had_files: *had_files,
            settings: *settings,
        }
    }
    /// Everything that the form holds.
    pub(crate) fn form(&self) -> &Fields {
        &self.form
    }
    /// The parts of the path.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_without_blanks_around_and_what_is_too_long_is_not_read_at_all() {
        let request = Request::post("/door/1?show=2", "note=+%E5%A5%BD+&empty=").unwrap();
        assert_eq!(request.typed("note"), Some("好"));
        assert_eq!(request.typed("empty"), None);
        assert_eq!(request.asks("show"), Some("2"));
        assert_eq!(request.parts(), ["door", "1"]);
        assert!(Request::post("/", &"a".repeat(FORM_BYTES_MAX)).is_some());
        assert!(Request::post("/", &"a".repeat(FORM_BYTES_MAX + 1)).is_none());
        assert!(Request::post("/", &"a=1&".repeat(FIELDS_MAX + 1)).is_none());
    }
}
