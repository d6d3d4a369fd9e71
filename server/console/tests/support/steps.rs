//! Stories about matters begin alike.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "used by several tests, in part")]

use crate::matter::{Told, at_office, report};
use crate::support::phone::Phone;
use crate::support::{Browser, Console};
use qiaomen_proto::ids::{Role, TicketId};
use qiaomen_proto::merge::fold::Stage;

/// 王 has written down a matter in the first grid.
pub(crate) fn told(what: &Told<'_>) -> (Console, Phone, TicketId) {
    let console = Console::new();
    let mut wang = console.town.phone(1, Role::GridWorker, 0);
    let ticket = report(&mut wang, &console.town, what);
    wang.sync(&console.town.office);
    (console, wang, ticket)
}

pub(crate) fn to(ticket: TicketId, step: &str) -> String {
    format!("/tickets/{ticket}/steps/{step}")
}
pub(crate) async fn assign(browser: &Browser<'_>, ticket: TicketId, department: &str) -> String {
    let fields = [("department", department), ("party", "和顺物业"), ("term", "3"), ("text", "请查灯")];
    browser.post(&to(ticket, "assign"), &fields).await.to()
}
pub(crate) fn stage(console: &Console, ticket: TicketId) -> Stage {
    at_office(&console.town, ticket).stage
}
/// The steps for which a page has a form.
pub(crate) fn forms(page: &str) -> Vec<&str> {
    page.split("/steps/").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
