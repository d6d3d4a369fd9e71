//! The office's code by camera: the phone takes a picture of it, and it is read out of that.

use super::gate::{Problem, SCAN_PATH};
use crate::parts::file::pictures;
use crate::request::Request;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_client::photo::read_code;
use qiaomen_proto::wire::enrol_link::EnrolLink;

/// Name of the field in which the picture comes.
const FIELD: &str = "picture";

/// A form of its own: the picture goes off as soon as it is taken.
pub(crate) fn form(t: Texts) -> Markup {
    html! {
        form.card method="post" action=(SCAN_PATH) enctype="multipart/form-data" {
            @let input = html! { input type="file" name=(FIELD) accept="image/*" capture="environment" required data-goes=""; };
            (pictures(t, "gate-scan", &input))
            p.soft { (t.say("gate-scan-how")) }
            // With a script the picture goes by itself.
            button.second.wide.by-hand type="submit" { (t.say("gate-scan-go")) }
        }
    }
}

/// The code in the picture that was sent, or what a person reads where there is none.
pub(crate) fn read(request: &Request) -> Result<String, String> {
    let no_code = || Problem::NoCode.sentence(request.settings);
    let picture = request.files(FIELD).next().ok_or_else(no_code)?;
    let text = read_code(picture).map_err(|_| no_code())?.ok_or_else(no_code)?;
    match EnrolLink::parse(&text) {
        Some(_) => Ok(text),
        None => Err(Problem::OtherCode.sentence(request.settings)),
    }
}
