//! The forms by which a matter goes on, each with what its step needs and nothing else.

use crate::frame::token;
use crate::session::Who;
use maud::{Markup, html};
use qiaomen_proto::ids::TicketId;
use qiaomen_proto::merge::fold::{EventKind, SATISFACTIONS};
use qiaomen_server::desk::ticket::TicketView;
use qiaomen_server::matters::plan::{PARTY_CHARACTERS_MAX, TEXT_CHARACTERS_MAX, needs_text, text_label};

/// One step as a form that opens; the likeliest is open.
pub(super) fn form(who: &Who, id: TicketId, view: &TicketView, kind: EventKind, first: bool) -> Markup {
    let word = kind.name();
    html! {
        details.step open[first] id={ "step-" (word) } {
            summary { (label(kind)) }
            form method="post" action={ "/tickets/" (id) "/steps/" (word) } data-ask=[ask(kind)] {
                (token(who))
                @if let Some(hint) = hint(kind) { p.hint { (hint) } }
                @match kind {
                    EventKind::Accept => (sorting(view)),
                    EventKind::Assign => (assignment(view)),
                    EventKind::Extend => (extension(view)),
                    EventKind::Rate => (opinion()),
                    _ => {}
                }
                @if kind != EventKind::Rate {
                    label {
                        (text_label(kind)) @if !needs_text(kind) { "（可不写）" }
                        textarea name="text" rows="3" maxlength=(TEXT_CHARACTERS_MAX) required[needs_text(kind)] {}
                    }
                }
                button.danger[kind == EventKind::Void] type="submit" { (label(kind)) }
            }
        }
    }
}

/// What the button says.
fn label(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Start => "开始办理",
        EventKind::Feedback => "向居民反馈",
        EventKind::Rate => "记下居民评价",
        kind => kind.title(),
    }
}

fn hint(kind: EventKind) -> Option<&'static str> {
    match kind {
        EventKind::CloseOnSpot => Some("小事，当天就办好了的。"),
        EventKind::Check => Some("到现场或打电话看过，确实办好了。"),
        EventKind::SendBack => Some("不该由现在的单位办，或核查没有办好。"),
        EventKind::Escalate => Some("一家办不了，要几家一起定的。"),
        EventKind::Void => Some("登记错了的。作废以后还看得到。"),
        _ => None,
    }
}

fn ask(kind: EventKind) -> Option<&'static str> {
    (kind == EventKind::Void).then_some("确定作废这件诉求吗？")
}

fn sorting(view: &TicketView) -> Markup {
    let stands = &view.line.category;
    let listed = view.forms.categories.iter().any(|c| c.name == *stands);
    html! {
        label { "类别"
            select name="category" {
                // What stands may be a word that the office does not use any more.
                @if !listed { option value="" selected { (stands) } }
                @for c in &view.forms.categories { option value=(c.name) selected[c.name == *stands] { (c.name) } }
            }
        }
        (size_choice(view.line.large))
    }
}

/// Large or small.
pub(super) fn size_choice(large: bool) -> Markup {
    html! {
        fieldset.choices {
            legend { "大小" }
            label { input type="radio" name="size" value="small" checked[!large]; " 小事" }
            label { input type="radio" name="size" value="big" checked[large]; " 大事" }
        }
    }
}

fn assignment(view: &TicketView) -> Markup {
    let forms = &view.forms;
    let consent = forms.terms.iter().filter(|t| t.consent).map(|t| t.label.as_str()).collect::<Vec<_>>().join("、");
    let stands = view.line.department.as_ref().or(view.line.party.as_ref());
    html! {
        label { "主管部门"
            input name="department" list="departments" required maxlength=(PARTY_CHARACTERS_MAX) value=[stands] autocomplete="off";
        }
        datalist id="departments" { @for d in &forms.departments { option value=(d) {} } }
        label { "责任单位（部门自己办的不用填）"
            input name="party" maxlength=(PARTY_CHARACTERS_MAX) autocomplete="off"
                value=[view.line.department.as_ref().and(view.line.party.as_ref())];
        }
        fieldset.choices {
            legend { "办理期限" }
            @for term in &forms.terms {
                label { input type="radio" name="term" value=(term.days) required checked[forms.term == Some(term.days)]; " " (term.label) }
            }
        }
        @if !consent.is_empty() {
            label.tick { input type="checkbox" name="consent" value="1"; " 居民同意（" (consent) "要先征得同意）" }
        }
        (sorting(view))
    }
}

fn extension(view: &TicketView) -> Markup {
    html! {
        label { "延期到哪一天" input name="due_on" type="date" required min=(view.forms.extend_from); }
    }
}

fn opinion() -> Markup {
    html! {
        fieldset.choices {
            legend { "居民的评价" }
            @for (number, title) in SATISFACTIONS {
                label { input type="radio" name="satisfaction" value=(number) required; " " (title) }
            }
        }
    }
}
