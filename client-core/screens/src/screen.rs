//! One request while it is answered.

use crate::again::Again;
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
    /// Why the form that was sent is not done, while the page on which it stands is made again.
    pub(crate) refused: Option<Refused>,
}

/// A form that is not done.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The number of the form, which was not used up.
    pub(crate) number: String,
    /// Why, and what to do.
    pub(crate) sentence: String,
    /// True if nothing is wrong with it, and the sentence asks something.
    pub(crate) is_question: bool,
    /// True once the form was made again, with the sentence above it.
    pub(crate) shown: bool,
}

impl<'a> Screen<'a> {
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
    /// What was sent with the form that goes there, if it is the one that is not done.
    pub(crate) fn again(&self, action: &str) -> Again<'a> {
        if self.is_refused(action) { Again::of(self.request) } else { Again::NO }
    }
    fn is_refused(&self, action: &str) -> bool {
        self.refused.is_some() && self.request.path == action
    }
    fn form_as(&mut self, action: &str, class: &str, kind: Option<&str>, content: &Markup) -> Markup {
        let t = self.texts();
        let refused = self.is_refused(action).then_some(self.refused.as_mut()).flatten();
        let again = refused.map(|refused| {
            refused.shown = true;
            (refused.number.clone(), (refused.sentence.clone(), refused.is_question))
        });
        // The form that was not done keeps its number: whoever goes back to it after it was done sends nothing twice.
        let (number, sentence) = match again {
            Some((number, sentence)) => (number, Some(sentence)),
            None => (self.state.once.hand_out(), None),
        };
        html! {
            form method="post" action=(action) class=(class) enctype=[kind] {
                input type="hidden" name=(ONCE) value=(number);
                @if let Some((sentence, is_question)) = sentence {
                    @let (class, title) = if is_question { ("refusal asks", "asked-title") } else { ("refusal", "refused-title") };
                    // Focused, so that it is in sight however far down the form stands.
                    div class=(class) role="alert" tabindex="-1" autofocus {
                        div {
                            b { (t.say(title)) }
                            p { (sentence) }
                            @if self.request.has_files() { p { (t.say("photo-choose-again")) } }
                        }
                    }
                }
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
    /// What was just done, in the words in which it is said.
    pub(crate) fn said(&self) -> Option<&str> {
        let number = self.request.asks("done")?.parse().ok()?;
        Some(self.state.once.outcome(number)?.said.as_str()).filter(|said| !said.is_empty())
    }
    /// Whether this was just done.
    pub(crate) fn just_done(&self, words: &str) -> bool {
        self.said() == Some(words)
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
