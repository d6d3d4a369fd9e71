//! What is answered, and what the host is asked to do besides.

use crate::settings::Settings;
use maud::Markup;

/// What the host is asked to do besides answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Something new is to be sent: sync when there is a signal.
    Sync,
    /// Close the device until the PIN is given again.
    Lock,
    /// Keep how somebody wants to see it.
    Keep(Settings),
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// As HTTP numbers it.
    pub status: u16,
    /// Where to go on, if the answer is somewhere else.
    pub location: Option<String>,
    /// What kind of content it is.
    pub content_type: &'static str,
    /// Under which name it is to be saved, if it is a file.
    pub save_as: Option<String>,
    /// The content.
    pub body: Vec<u8>,
    /// What the host is asked to do.
    pub wishes: Vec<Wish>,
}

impl Response {
    /// A page.
    pub fn page(status: u16, markup: Markup) -> Self {
        let body = markup.into_string().into_bytes();
        let content_type = "text/html; charset=utf-8";
        Self { status, location: None, content_type, save_as: None, body, wishes: Vec::new() }
    }
    /// Go on there, with a request to look: so reloading does nothing twice.
    pub fn see_other(to: &str) -> Self {
        let content_type = "text/plain; charset=utf-8";
        let location = Some(to.to_owned());
        Self { status: 303, location, content_type, save_as: None, body: Vec::new(), wishes: Vec::new() }
    }
    /// A picture.
    pub fn picture(jpeg: Vec<u8>) -> Self {
        let content_type = "image/jpeg";
        Self { status: 200, location: None, content_type, save_as: None, body: jpeg, wishes: Vec::new() }
    }
    /// A file to be saved.
    pub fn file(name: &str, body: Vec<u8>) -> Self {
        let content_type = "application/octet-stream";
        Self { status: 200, location: None, content_type, save_as: Some(name.to_owned()), body, wishes: Vec::new() }
    }
    /// The same, and this is to be done.
    #[must_use]
    pub fn wishing(mut self, wish: Wish) -> Self {
        self.wishes.push(wish);
        self
    }
}
