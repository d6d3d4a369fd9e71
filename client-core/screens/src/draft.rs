//! What was sent and not done is kept for a while under the number of its form, and is shown at an address. Were it the
//! answer to the form itself, a browser could neither load it again nor go back to it without sending once more.

use crate::once::Seen;
use crate::refusal::Refusal;
use crate::request::{Method, Request};
use crate::response::Response;
use crate::routes::shows;
use crate::screen::{ONCE, Refused, Screen};
use crate::state::State;
use qiaomen_client::Device;

/// Forms that are kept: as many as somebody may have open. A form is 64 kB at most, and without its pictures.
const DRAFTS_MAX: usize = 20;
/// Name under which an address asks for one.
pub(crate) const AGAIN: &str = "again";

/// A form that was not done.
#[derive(Debug, Clone)]
struct Draft {
    number: String,
    sent: Request,
    refusal: Refusal,
}

/// Forms that were not done, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Vec<Draft>);

impl Drafts {
    fn keep(&mut self, draft: Draft) {
        self.drop(&draft.number);
        if self.0.len() >= DRAFTS_MAX {
            self.0.remove(0);
        }
        self.0.push(draft);
    }
    /// It was done, or is not wanted any more.
    pub(crate) fn drop(&mut self, number: &str) {
        self.0.retain(|draft| draft.number != number);
    }
    /// Nothing that was typed stays.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// A form was not done: on to the address at which it stands again.
pub(crate) fn put_aside(state: &mut State, request: &Request, refusal: Refusal) -> Response {
    // A number that cannot be used any more is replaced, so that the form can be sent from there.
    let number = match state.once.look(request.typed(ONCE).unwrap_or_default()) {
        Seen::Fresh(number) => state.once.text(number),
        Seen::Done(..) | Seen::Unknown => state.once.hand_out(),
    };
    let to = format!("{}?{AGAIN}={number}", request.path);
    state.drafts.keep(Draft { number, sent: request.without_files(), refusal });
    Response::see_other(&to)
}

/// The page of a form that was not done; what came of it if it was done since. None if nothing is known of it.
pub(crate) fn page(device: &mut Device, state: &mut State, request: &Request) -> Option<Response> {
    let number = request.asks(AGAIN).filter(|_| request.method == Method::Get)?;
    if let Seen::Done(number, outcome) = state.once.look(number) {
        return Some(shows(number, &outcome.to));
    }
    let draft = state.drafts.0.iter().find(|draft| draft.number == number && draft.sent.path == request.path)?.clone();
    // As it was sent, and as it is to look now.
    let mut sent = draft.sent;
    sent.settings = request.settings;
    let refused = Refused { number: draft.number, sentence: String::new(), is_question: false, shown: false };
    let mut screen = Screen { device, state, request: &sent, looked: false, refused: Some(refused) };
    Some(draft.refusal.page(&mut screen))
}
