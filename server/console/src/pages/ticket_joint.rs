//! The list of the joint meeting 联席会议: what lies before it, why, and room to write what it decides.

use super::tickets::{due, size, whose};
use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{heading, nothing};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use qiaomen_server::desk::tickets::{counts, joint};
use qiaomen_server::people::audit::{Deed, note_read};
use qiaomen_server::review::words;

pub(crate) async fn list(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, move |office, who| {
        let lines = joint(office, &who.signed_in.sight)?;
        let total = counts(office, &who.signed_in.sight)?.joint;
        let left = total.saturating_sub(u64::try_from(lines.len()).unwrap_or(u64::MAX));
        note_read(office, who.signed_in.clerk, Deed::ReadTickets, None)?;
        let actions = html! {
            @if !lines.is_empty() { button type="button" data-print { "打印议题单" } }
            a.button.second href="/tickets" { "回列表" }
        };
        let body = html! {
            (heading("联席会议", "提交联席会议、还没有办结的诉求，先提交的在前。", actions))
            p.printed { (office.identity().community) " · 联席会议议题 · " (words::time(office.now_ms())) }
            @if left > 0 { p.notice { "还有 " (left) " 件没有列出来：先办结前面的，后面的就会上来。" } }
            @if lines.is_empty() {
                (nothing("没有要上会的诉求", "在诉求页点“提交联席会议”，就会列到这里。"))
            } @else {
                div.scroll {
                    table.matters {
                        thead { tr {
                            th { "序" } th { "内容" } th { "为什么上会" } th { "地点" } th { "提交" } th { "责任单位" } th { "期限" }
                            th.printed-cell { "会议意见" }
                        } }
                        tbody {
                            @for (n, (line, why)) in lines.iter().enumerate() {
                                tr {
                                    td.num { (n + 1) }
                                    td { a href={ "/tickets/" (line.ticket) } { (line.text) } br; small { (line.number) } }
                                    td.words { (why.as_deref().unwrap_or("—")) }
                                    td { (line.place) br; (line.category) " " (size(line)) }
                                    td { (line.joint_since.as_deref().unwrap_or_default()) }
                                    td { (whose(line)) }
                                    td { (due(line)) }
                                    td.printed-cell {}
                                }
                            }
                        }
                    }
                }
            }
        };
        frame::page(office, who, Room::Tickets, "联席会议", body)
    })
    .await
}
