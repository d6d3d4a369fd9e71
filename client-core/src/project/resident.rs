//! A resident's row.

use crate::search::pinyin::pinyin_of;
use qiaomen_proto::entity::value::Shown;
use qiaomen_proto::entity::view::View;
use qiaomen_proto::person::{IdentityNumber, Phone};
use serde_json::json;

/// What lists and the search show of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResidentRow {
    pub(crate) resident: String,
    pub(crate) household: Option<String>,
    pub(crate) name: String,
    pub(crate) name_initials: String,
    pub(crate) name_pinyin: String,
    pub(crate) identity: Option<String>,
    pub(crate) identity_last4: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) phone_last4: Option<String>,
    pub(crate) birth: Option<String>,
    pub(crate) sex: Option<String>,
    pub(crate) relation: Option<String>,
    pub(crate) categories: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) conflicts: usize,
    pub(crate) pending: bool,
    pub(crate) fields_json: String,
}

impl ResidentRow {
    /// Of this person's document.
    pub(crate) fn of(view: &View<'_>, pending: bool) -> Self {
        let head = view.head();
        let text =
            |name: &str| head.iter().find(|f| f.field.name == name).and_then(|f| f.shown.text()).map(str::to_owned);
        let name = head.iter().find(|f| f.field.name == "name").map(|f| f.shown.clone());
        let pinyin = name.as_ref().and_then(Shown::text).map(pinyin_of);
        let identity = text("identity");
        let phone = text("phone");
        let fields: serde_json::Map<String, serde_json::Value> = head
            .iter()
            .map(|f| {
                let value = json!({
                    "state": state(&f.shown),
                    "value": f.shown.text(),
                    "why": format!("{:?}", f.why).to_lowercase(),
                    "conflict": f.conflict,
                });
                (f.field.name.to_owned(), value)
            })
            .collect();
        Self {
            resident: view.register().doc().uuid.to_string(),
            household: text("household"),
            name: name.map(|n| n.label().to_owned()).unwrap_or_default(),
            name_initials: pinyin.as_ref().map(|p| p.initials.clone()).unwrap_or_default(),
            name_pinyin: pinyin.map(|p| p.full).unwrap_or_default(),
            identity_last4: identity
                .as_deref()
                .and_then(|i| IdentityNumber::parse(i).ok())
                .map(|i| i.last4().to_owned()),
            phone_last4: phone.as_deref().and_then(|p| Phone::parse(p).ok()).map(|p| p.last4().to_owned()),
            identity,
            phone,
            birth: text("birth"),
            sex: text("sex"),
            relation: text("relation"),
            categories: text("categories"),
            until: text("until"),
            conflicts: view.conflict_count(),
            pending,
            fields_json: serde_json::Value::Object(fields).to_string(),
        }
    }
}

fn state(shown: &Shown) -> &'static str {
    match shown {
        Shown::Value(_) => "value",
        Shown::Refused => "refused",
        Shown::Unknown => "unknown",
        Shown::Cleared => "cleared",
        Shown::Locked => "locked",
    }
}
