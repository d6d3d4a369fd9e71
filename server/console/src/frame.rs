use crate::assets;
use crate::refusal::Refusal;
use crate::rights::may;
use crate::session::Who;
use axum::http::Method;
use maud::{DOCTYPE, Markup, html};
use qiaomen_server::duplicates;
use qiaomen_server::office::Office;

/// The rooms of the console, in the order in which a day needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Day,
    Conflicts,
    Quarantine,
    Duplicates,
    Ledger,
    Tickets,
    Map,
    Overview,
    People,
    Settings,
    /// In none of them.
    Nowhere,
}

impl Room {
    const ALL: [Room; 10] = [
        Room::Day,
        Room::Conflicts,
        Room::Quarantine,
        Room::Duplicates,
        Room::Ledger,
        Room::Tickets,
        Room::Map,
        Room::Overview,
        Room::People,
        Room::Settings,
    ];
    fn label(self) -> &'static str {
        match self {
            Room::Day => "日结",
            Room::Conflicts => "冲突",
            Room::Quarantine => "待处理",
            Room::Duplicates => "疑似重复",
            Room::Ledger => "台账",
            Room::Tickets => "诉求",
            Room::Map => "网格图",
            Room::Overview => "总览",
            Room::People => "人员设备",
            Room::Settings => "设置",
            Room::Nowhere => "",
        }
    }
    fn path(self) -> &'static str {
        match self {
            Room::Day => "/day",
            Room::Conflicts => "/conflicts",
            Room::Quarantine => "/quarantine",
            Room::Duplicates => "/duplicates",
            Room::Ledger => "/ledger",
            Room::Tickets => "/tickets",
            Room::Map => "/map",
            Room::Overview => "/overview",
            Room::People => "/people",
            Room::Settings => "/settings",
            Room::Nowhere => "",
        }
    }
    /// How many things wait in it.
    fn waiting(self, office: &Office) -> Result<u64, Refusal> {
        Ok(match self {
            Room::Conflicts => office.store().read(|tx| tx.conflict_count("open"))?,
            Room::Quarantine => office.store().read(|tx| tx.quarantine_count("held"))?,
            Room::Duplicates => office.store().read(|tx| duplicates::counts(tx, None))?.total(),
            _ => 0,
        })
    }
}

/// A page with the console around it.
pub(crate) fn page(office: &Office, who: &Who, room: Room, title: &str, body: Markup) -> Result<Markup, Refusal> {
    let post = who.signed_in.post;
    let mut rooms = Vec::new();
    for r in Room::ALL {
        if may(who, &Method::GET, r.path()) {
            rooms.push((r, if post.is_office() { r.waiting(office)? } else { 0 }));
        }
    }
    Ok(document(
        title,
        html! {
            a.skip href="#main" { "跳到内容" }
            div.frame {
                header.rail {
                    a.brand href="/" {
                        img src=(assets::icon()) width="28" height="28" alt="";
                        span { strong { "敲门" } small { (office.identity().community) } }
                    }
                    nav aria-label="主菜单" {
                        ul #rooms data-live="" {
                            @for (r, waiting) in rooms {
                                li {
                                    a href=(r.path()) aria-current=[(r == room).then_some("page")] {
                                        (r.label())
                                        @if waiting > 0 { span.count title="等着处理" { (waiting) } }
                                    }
                                }
                            }
                        }
                    }
                    div.whoami {
                        a href="/account" title="改密码" { (who.signed_in.login) " · " (post.title()) }
                        form method="post" action="/sign-out" {
                            (token(who))
                            button.plain type="submit" { "退出" }
                        }
                    }
                }
                main #main tabindex="-1" { (body) }
            }
        },
    ))
}

/// A page without the console around it: to sign in, to say that something is not there.
pub(crate) fn bare(title: &str, body: Markup) -> Markup {
    document(title, body)
}

/// The session's second token, within a form.
pub(crate) fn token(who: &Who) -> Markup {
    html! { input type="hidden" name=(crate::fields::TOKEN) value=(who.form_token()); }
}

fn document(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · 敲门" }
                link rel="icon" href=(assets::icon()) type="image/svg+xml";
                link rel="stylesheet" href=(assets::style());
                script src=(assets::script()) defer {}
            }
            body { (body) }
        }
    }
}
