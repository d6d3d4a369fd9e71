use crate::support::{Phone, World, door_at};
use qiaomen_proto::ids::{HouseholdId, ResidentId};
use qiaomen_screens::{Method, Request, Response, Settings, State, handle};
use std::fmt::Write as _;

/// The app in somebody's hand, and the office that it belongs to.
pub(crate) struct Hand {
    pub(crate) world: World,
    pub(crate) phone: Phone,
    pub(crate) state: State,
    pub(crate) settings: Settings,
}

/// One page as it was answered.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) response: Response,
    pub(crate) html: String,
}

impl Hand {
    /// A worker whose phone has synced once.
    pub(crate) fn new() -> Self {
        let world = World::new();
        let phone = world.ready("王");
        Self { world, phone, state: State::new("first"), settings: Settings::default() }
    }
    /// The same with the door 502 in it, known to the office.
    pub(crate) fn at_a_door() -> (Self, HouseholdId) {
        let mut hand = Self::new();
        hand.phone.door("502");
        hand.phone.sync();
        (hand, door_at("502"))
    }
    /// Two phones give a person two numbers, 13800000001 here and 13800000002 there, and both sync; the other phone.
    pub(crate) fn disagrees_about(&mut self, person: ResidentId) -> Phone {
        let mut other = self.world.ready("李");
        self.phone.correct(person, "phone", "13800000001");
        other.correct(person, "phone", "13800000002");
        self.phone.sync();
        other.sync();
        self.phone.sync();
        other
    }
    /// What is answered to a request.
    pub(crate) fn asks(&mut self, method: Method, target: &str, body: &str) -> Page {
        let request = Request::new(method, target, body, self.settings).expect("a request that can be read");
        self.answered(&request)
    }
    /// The answer; of a form that is not done, the page to which it leads on, as a browser shows it.
    fn answered(&mut self, request: &Request) -> Page {
        let response = handle(&mut self.phone.device, &mut self.state, request);
        if let Some(to) = response.location.clone().filter(|to| to.contains("?again=")) {
            assert_eq!((request.method, response.status), (Method::Post, 303));
            return self.asks(Method::Get, &to, "");
        }
        let html = String::from_utf8_lossy(&response.body).into_owned();
        Page { response, html }
    }
    /// Opens a page that is there.
    #[track_caller]
    pub(crate) fn opens(&mut self, target: &str) -> Page {
        let page = self.asks(Method::Get, target, "");
        assert_eq!(page.response.status, 200, "{target}: {}", page.html);
        page
    }
    /// Sends the form of a page that goes there, with what was filled in; the answer.
    #[track_caller]
    pub(crate) fn sends(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let body = page.form(action, fields);
        self.asks(Method::Post, action, &body)
    }
    /// The same with a file.
    #[track_caller]
    pub(crate) fn sends_file(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: &[u8],
    ) -> Page {
        let once = page.once(action);
        let mut body = Vec::new();
        for (name, value) in [("once", once.as_str())].iter().chain(fields) {
            let part = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n");
        body.extend_from_slice(&[head.as_bytes(), file, b"\r\n--x--\r\n"].concat());
        let request = Request::in_parts(action, "multipart/form-data; boundary=x", &body, self.settings);
        self.answered(&request.expect("a form in parts"))
    }
    /// The same, and goes on where the answer leads.
    #[track_caller]
    pub(crate) fn does(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.sends(page, action, fields);
        let to = answer.leads_to();
        self.opens(&to)
    }
}

impl Page {
    /// The number of a form on this page.
    #[track_caller]
    pub(crate) fn once(&self, action: &str) -> String {
        let start = self.html.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form {action}"));
        let form = &self.html[start..start + self.html[start..].find("</form>").unwrap()];
        form.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
    /// The body of a form on this page, with what was filled in beside what it brings itself.
    #[track_caller]
    pub(crate) fn form(&self, action: &str, fields: &[(&str, &str)]) -> String {
        let value = self.once(action);
        let mut body = format!("once={value}");
        for (name, value) in fields {
            write!(body, "&{name}={}", escaped(value)).unwrap();
        }
        body
    }
    /// Where the answer leads.
    #[track_caller]
    pub(crate) fn leads_to(&self) -> String {
        assert_eq!(self.response.status, 303, "{}", self.html);
        self.response.location.clone().unwrap().split('#').next().unwrap().to_owned()
    }
    pub(crate) fn says(&self, words: &str) -> bool {
        self.html.contains(words)
    }
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}
