//! One request while it is answered.

use crate::once::Outcome;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::state::State;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::{Device, Intent};
use qiaomen_proto::ids::{CommandId, DocId};

/// Name of the field that carries a form's number.
pub(crate) const ONCE: &str = "once";

/// One request while it is answered.
pub(crate) struct Screen<'a> {
    pub(crate) device: &'a mut Device,
    pub(crate) state: &'a mut State,
    pub(crate) request: &'a Request,
    /// True once a look at something masked was written down: the office is to hear of it soon.
    pub(crate) looked: bool,
}

impl Screen<'_> {
    /// The words of the language that was asked for.
    pub(crate) fn texts(&self) -> Texts {
        Texts::of(self.request.settings.language)
    }
    /// A form that is done once. Everything that changes something is one.
    pub(crate) fn form(&mut self, action: &str, class: &str, content: &Markup) -> Markup {
        self.form_as(action, class, None, content)
    }
    /// The same, with files in it.
    pub(crate) fn form_with_files(&mut self, action: &str, class: &str, content: &Markup) -> Markup {
        self.form_as(action, class, Some("multipart/form-data"), content)
    }
    fn form_as(&mut self, action: &str, class: &str, kind: Option<&str>, content: &Markup) -> Markup {
        let number = self.state.once.hand_out();
        html! {
            form method="post" action=(action) class=(class) enctype=[kind] {
                input type="hidden" name=(ONCE) value=(number);
                (content)
            }
        }
    }
    /// What a person did, durable before this returns.
    pub(crate) fn edit(&mut self, intent: Intent) -> Result<CommandId, Refusal> {
        Ok(self.device.edit(intent)?)
    }
    /// Writes down that masked values of a document are shown. To be called before the page is made: where it fails,
    /// nothing is shown.
    pub(crate) fn look_at(&mut self, doc: DocId, fields: &[&str]) -> Result<(), Refusal> {
        if !fields.is_empty() {
            self.looked |= self.device.look_at(doc, fields)?;
        }
        Ok(())
    }
    /// An outcome whose words stand in the texts.
    pub(crate) fn done(&self, to: impl Into<String>, key: &str) -> Outcome {
        Outcome { to: to.into(), said: self.texts().say(key) }
    }
    /// A value that the form has to hold; `key` is the text that says what is missing.
    pub(crate) fn needed(&self, name: &str, key: &str) -> Result<String, Refusal> {
        self.request.typed(name).map(str::to_owned).ok_or_else(|| Refusal::missing(self.texts().say(key)))
    }
    /// Today, by the office's calendar.
    pub(crate) fn today(&self) -> Result<String, Refusal> {
        Ok(self.device.date()?)
    }
}
