//! The work order 派单 of a matter: one sheet of A4 that whoever does the work takes along. It says where and what;
//! who told stands on it only where somebody asked for that.

use super::ticket::{Asked, id_of, looked_at};
use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::heading;
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_proto::ids::TicketId;
use qiaomen_server::desk::ticket::TicketView;
use qiaomen_server::review::words;

pub(crate) async fn slip(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    id: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Markup, Refusal> {
    let id = id_of(id)?;
    let Query(asked) = asked.map_err(|_| Code::Malformed)?;
    desk.page(who, move |office, who| {
        let named = asked.shows_reporter();
        let view = looked_at(office, who, id, named)?;
        let printed = words::time(office.now_ms());
        let body = html! {
            (heading("派单", "A4 纸一张。反映人默认不印，要上门联系时再印上。", actions(id, &view, named)))
            @if view.order.is_none() { p.notice.noprint { "这件诉求还没有派遣。先派遣，派单上才有责任单位和期限。" } }
            (sheet(&office.identity().community, &view, named, &printed))
        };
        frame::page(office, who, Room::Tickets, &format!("派单 {}", view.line.number), body)
    })
    .await
}

fn actions(id: TicketId, view: &TicketView, named: bool) -> Markup {
    let told = view.reporter.is_some() || view.resident.is_some();
    html! {
        button type="button" data-print { "打印" }
        @if told && !named { a.button.second href={ "/tickets/" (id) "/slip?reporter=shown" } { "印上反映人（会记入查看记录）" } }
        @if named { a.button.second href={ "/tickets/" (id) "/slip" } { "不印反映人" } }
        a.button.second href={ "/tickets/" (id) } { "回诉求" }
    }
}

fn sheet(community: &str, view: &TicketView, named: bool, printed: &str) -> Markup {
    let (line, order) = (&view.line, view.order.as_ref());
    let told: Vec<&str> = [&view.resident, &view.reporter].into_iter().flatten().map(String::as_str).collect();
    html! {
        article.slip {
            h2 { (community) "诉求办理派单" }
            p.slip-head { span { "编号：" (line.number) } span { "打印：" (printed) } }
            table {
                tbody {
                    tr {
                        th { "责任单位" } td { (line.party.as_deref().unwrap_or_default()) }
                        th { "主管部门" } td { (line.department.as_ref().or(line.party.as_ref()).map_or("", String::as_str)) }
                    }
                    tr {
                        th { "派遣时间" } td { @if let Some(order) = order { (order.at) } }
                        th { "办理期限" } td { strong { (line.due_by.as_deref().unwrap_or_default()) } }
                    }
                    tr {
                        th { "类别" } td { (line.category) "（" @if line.large { "大事" } @else { "小事" } "）" }
                        th { "网格" } td { (line.grids.join("、")) }
                    }
                    tr { th { "地点" } td colspan="3" { strong { (line.place) } } }
                    tr.tall { th { "诉求内容" } td.words colspan="3" { (view.text) } }
                    tr {
                        th { "反映人" }
                        td colspan="3" { @if named && !told.is_empty() { (told.join(" ")) } @else { "需要联系居民时，请找社区或网格员。" } }
                    }
                    tr { th { "办理要求" } td.words colspan="3" { (order.and_then(|o| o.text.as_deref()).unwrap_or_default()) } }
                    tr.taller { th { "办理结果" } td colspan="3" {} }
                    tr { th { "办理人" } td {} th { "办结日期" } td {} }
                    tr { th { "居民意见" } td { "□ 满意 □ 基本满意 □ 不满意" } th { "居民签字" } td {} }
                    tr { th { "社区核查" } td {} th { "核查日期" } td {} }
                }
            }
            p.slip-foot { "办完请把结果告诉居民，再把本单交回社区。单上内容只用于办理这件诉求。" }
        }
    }
}
