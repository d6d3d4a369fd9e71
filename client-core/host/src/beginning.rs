//! The first start: a device is made and becomes one of the office's. As in a sync, the device is free while the request
//! is on its way: whoever looks meanwhile is told so and does not wait.

use super::held::{Held, House, Inside};
use qiaomen_client::error::EnrolError;
use qiaomen_client::transport::HttpTransport;
use qiaomen_client::{Device, EnrolAsk, EnrolStep, Reply, SyncProgress, SystemHost, Transport as _, TransportError};
use qiaomen_proto::sentence::Sentence;
use qiaomen_proto::wire::enrol_link::EnrolLink;
use qiaomen_screens::gate;
use qiaomen_screens::{Request, Response, Settings, SyncNow};

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
        let typed = request.typed("link").unwrap_or_default();
        let problem = |inside: &mut Inside, said: Sentence| Begun::Said(not_begun(inside, settings, said, typed));
        let Some(link) = link(request) else {
            return problem(inside, Sentence::plain(gate::Problem::BadLink.sentence(settings)));
        };
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
        match device.enrol_ask(&link.code) {
            Ok(EnrolStep::Ask(asked)) => {
                inside.enrolling = true;
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

fn not_begun(inside: &mut Inside, settings: Settings, problem: Sentence, link: &str) -> Response {
    if matches!(inside.held, Held::Nothing) {
        return gate::begin(settings, Some(&settings.says(&problem)), link);
    }
    inside.state.sync = SyncNow::Failed { sentence: problem, again: false };
    Response::see_other("/")
}

/// The office's code, as it was scanned or pasted, or address and code by hand.
fn link(request: &Request) -> Option<EnrolLink> {
    if let Some(link) = request.typed("link") {
        return EnrolLink::parse(link);
    }
    let server = request.typed("server").filter(|s| s.starts_with("http://") || s.starts_with("https://"))?;
    Some(EnrolLink { server: server.to_owned(), code: request.typed("code")?.to_owned() })
}
