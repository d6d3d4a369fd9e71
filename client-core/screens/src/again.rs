//! A form that was not done comes back as it was sent: nobody types a thing twice.

use crate::request::Request;

/// What was filled in; of boxes beside each other everything that was ticked or written.
pub(crate) fn filled_in(request: &Request, name: &str) -> Option<String> {
    let of_name = request.form().all().filter(|(n, _)| *n == name).map(|(_, value)| value.trim());
    let all: Vec<&str> = of_name.filter(|value| !value.is_empty()).collect();
    (!all.is_empty()).then(|| all.join("、"))
}

/// What stands in a form when its page is made: what was sent with it, if it is the one that was not done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Again<'a>(Option<&'a Request>);

impl<'a> Again<'a> {
    /// A form that nobody has sent yet.
    pub(crate) const NO: Self = Self(None);

    /// The form that was sent and not done.
    pub(crate) fn of(request: &'a Request) -> Self {
        Self(Some(request))
    }
    /// Whether it is the one that was not done.
    pub(crate) fn is(self) -> bool {
        self.0.is_some()
    }
    /// What was typed into a field.
    pub(crate) fn typed(self, name: &str) -> &'a str {
        self.0.and_then(|request| request.typed(name)).unwrap_or_default()
    }
    /// The same; what stands there otherwise if the form was not sent yet. A field that was emptied comes back empty.
    pub(crate) fn or(self, name: &str, otherwise: &'a str) -> &'a str {
        if self.is() { self.typed(name) } else { otherwise }
    }
    /// Everything that was ticked or typed under a name, as one text; `otherwise` if the form was not sent yet.
    pub(crate) fn all(self, name: &str, otherwise: &str) -> String {
        self.0.map_or_else(|| otherwise.to_owned(), |request| filled_in(request, name).unwrap_or_default())
    }
    /// Whether this value was chosen; `otherwise` if the form was not sent yet.
    pub(crate) fn chose(self, name: &str, value: &str, otherwise: bool) -> bool {
        let chose = |request: &Request| request.form().all().any(|(n, v)| n == name && v == value);
        self.0.map_or(otherwise, chose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_stands_there_again_and_what_was_emptied_stays_empty() {
        let request = Request::post("/door/1/visit", "note=%E5%A5%BD&phrase=a&phrase=b&party=").unwrap();
        let again = Again::of(&request);
        assert_eq!((again.typed("note"), again.or("party", "物业"), again.or("note", "")), ("好", "", "好"));
        assert!(again.chose("phrase", "b", false) && !again.chose("phrase", "c", true));
        assert_eq!((Again::NO.typed("note"), Again::NO.or("party", "物业")), ("", "物业"));
        assert!(Again::NO.chose("phrase", "c", true));
    }
}
