//! The first start: a device is made and becomes one of the office's. As in a sync, the device is free while the request
//! is on its way: whoever looks meanwhile is told so and does not wait.

use super::held::{Held, House, Inside};
use qiaomen_client::error::EnrolError;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, EnrolAsk, EnrolStep, Reply, SyncProgress, SystemHost, Transport as _, TransportError};
use qiaomen_proto::sentence::Sentence;
use qiaomen_proto::wire::enrol_link::EnrolLink;
use qiaomen_screens::gate::{self, Given};
use qiaomen_screens::{Request, Response, Settings, SyncNow};
use std::ops::RangeInclusive;

/// How far a beginning comes without the office.
enum Begun {
    /// No further: this is said.
    Said(Response),
    /// The office is to be asked.
    Asks(EnrolAsk, EnrolLink),
}

impl House {
    /// A new device, or the code again for one that is nobody's yet.
    pub(crate) fn begin(&self, request: &Request) -> Response {
        let (asked, link) = match self.prepare(&mut self.inside(), request) {
            Begun::Said(response) => return response,
            Begun::Asks(asked, link) => (asked, link),
        };
        let reply = HttpTransport::new(&link.server).post(EnrolAsk::PATH, None, asked.body());
        self.finish(&mut self.inside(), &asked, &link.server, reply)
    }

    fn prepare(&self, inside: &mut Inside, request: &Request) -> Begun {
        let settings = request.settings;
        let given = given(request);
        let problem = |inside: &mut Inside, said: Sentence| Begun::Said(not_begun(inside, settings, said, &given));
        let link = whole(&given);
        if link.is_none() && given.code.is_empty() {
            return problem(inside, Sentence::plain(gate::Problem::BadLink.sentence(settings)));
        }
        if matches!(inside.held, Held::Locked) {
            return Begun::Said(gate::unlock(settings, None, false));
        }
        // Touched twice: the first is on its way.
        if inside.enrolling {
            return Begun::Said(Response::see_other("/"));
        }
        if matches!(inside.held, Held::Nothing) {
            let pin = request.typed("pin").unwrap_or_default();
            if Some(pin) != request.typed("again") {
                return problem(inside, Sentence::plain(gate::Problem::PinsDiffer.sentence(settings)));
            }
            match Device::create(&self.home, pin, Box::new(SystemHost)) {
                Ok(device) => inside.held = Held::Open(Box::new(device)),
                Err(e) => return problem(inside, e.sentence()),
            }
        }
        let Held::Open(device) = &mut inside.held else { return Begun::Said(Response::see_other("/")) };
        if device.identity().is_some() {
            return Begun::Said(Response::see_other("/"));
        }
        // The PIN stands; the code alone does not say whom to ask.
        let Some(link) = link else {
            inside.state.given = given;
            inside.state.sync = SyncNow::Idle;
            return Begun::Said(Response::see_other("/"));
        };
        match device.enrol_ask(&link.code) {
            Ok(EnrolStep::Ask(asked)) => {
                inside.enrolling = true;
                // What was typed by hand stands there again if the office will not have it.
                inside.state.given = Given { link: String::new(), ..given };
                inside.state.sync = SyncNow::Running(SyncProgress::default());
                Begun::Asks(asked, link)
            }
            Ok(EnrolStep::Done(_)) => Begun::Said(Response::see_other("/")),
            Err(e) => problem(inside, e.sentence()),
        }
    }

    fn finish(
        &self,
        inside: &mut Inside,
        asked: &EnrolAsk,
        server: &str,
        reply: Result<Reply, TransportError>,
    ) -> Response {
        inside.enrolling = false;
        // Locked meanwhile: the same code asks the same again when the PIN was given.
        let Held::Open(device) = &mut inside.held else {
            inside.state.sync = SyncNow::Idle;
            return Response::see_other("/");
        };
        let done = reply.map_err(EnrolError::from).and_then(|reply| device.enrol_answered(asked, server, &reply));
        match done {
            Ok(_) => {
                inside.state.given = Given::default();
                inside.state.sync = SyncNow::Running(SyncProgress::default());
                self.wake();
                Response::see_other("/sync")
            }
            Err(e) => {
                inside.state.sync = SyncNow::Failed { sentence: e.sentence(), again: false };
                Response::see_other("/")
            }
        }
    }
}

fn not_begun(inside: &mut Inside, settings: Settings, problem: Sentence, given: &Given) -> Response {
    if matches!(inside.held, Held::Nothing) {
        return gate::begin(settings, Some(&settings.says(&problem)), given);
    }
    inside.state.given = given.clone();
    inside.state.sync = SyncNow::Failed { sentence: problem, again: false };
    Response::see_other("/")
}

/// Letters and digits of a code: ours have twelve, and a later office may have more.
const CODE_CHARS: RangeInclusive<usize> = 8..=32;

/// What was typed of the office's code. The office prints the code alone as well, so the box for the whole takes it.
fn given(request: &Request) -> Given {
    let typed = |name: &str| request.typed(name).unwrap_or_default().to_owned();
    let given = Given { link: typed("link"), server: typed("server"), code: typed("code") };
    if is_a_code(&given.link) { Given { code: given.link, link: String::new(), ..given } } else { given }
}

fn is_a_code(text: &str) -> bool {
    let said: Vec<char> = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    CODE_CHARS.contains(&said.len()) && said.iter().all(char::is_ascii_alphanumeric)
}

/// The office's code, as it was scanned or pasted, or address and code by hand.
fn whole(given: &Given) -> Option<EnrolLink> {
    if !given.link.is_empty() {
        return EnrolLink::parse(&given.link);
    }
    let Given { server, code, .. } = given;
    let server = if server.contains("://") { server.clone() } else { format!("http://{server}") };
    let says_where =
        server.strip_prefix("http://").or(server.strip_prefix("https://")).is_some_and(|to| !to.is_empty());
    (says_where && !code.is_empty()).then(|| EnrolLink { server, code: code.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str) -> Given {
        given(&Request::post("/begin", form).unwrap())
    }

    #[test]
    fn a_code_alone_is_taken_from_the_box_for_the_whole_and_goes_with_the_address_beside_it() {
        for code in ["7F3K-9QXM-2B4C", "7f3k9qxm2b4c", "7F3K 9QXM 2B4C"] {
            assert_eq!(of(&format!("link={code}")).code, code);
        }
        for other in ["qiaomen://enrol?server=http://a", "https://a.example/7F3K", "7F3K", "请给我登记码"] {
            assert_eq!(of(&format!("link={other}")).code, "", "{other}");
        }
        let link = whole(&of("link=7F3K-9QXM-2B4C&server=192.168.1.10:8420")).unwrap();
        assert_eq!((&*link.server, &*link.code), ("http://192.168.1.10:8420", "7F3K-9QXM-2B4C"));
        for missing in [
            "link=7F3K-9QXM-2B4C",
            "link=7F3K-9QXM-2B4C&server=http://",
            "server=http://a",
            "code=7F3K-9QXM&server=ftp://a",
        ] {
            assert_eq!(whole(&of(missing)), None, "{missing}");
        }
    }
}
