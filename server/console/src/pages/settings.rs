//! How the community's books are kept: who this office is, and the rule of every field in words.

use crate::desk::Desk;
use crate::frame::{self, Room};
use crate::parts::{Tone, heading, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use qiaomen_proto::entity::spec::POLICY_VERSION;
use qiaomen_server::desk::policies::{KindWords, PartWords, kinds, rules};
use qiaomen_server::people::attempts::WRONG_PASSWORDS_MAX;
use qiaomen_server::people::clerks::{PASSWORD_CHARACTERS_MIN, SESSION_LIFE_MS};
use qiaomen_server::people::enrol::CODE_LIFE_MS;
use qiaomen_server::review::words::duration;

pub(crate) async fn show(State(desk): State<Desk>, Extension(who): Extension<Who>) -> Result<Markup, Refusal> {
    desk.page(who, |office, who| {
        let identity = office.identity();
        let body = html! {
            (heading("设置", "社区是谁，每一栏按什么规则合并。", html! { button.second type="button" data-print { "打印" } }))
            div.split {
                section.panel {
                    h2 { "社区" }
                    dl.pairs {
                        dt { "名称" } dd { (identity.community) }
                        dt { "区划代码" } dd { (identity.region_code) }
                    }
                    p.hint { "名称和区划代码在建库时定下，终端登记时一并带走，这里不能改。" }
                }
                section.panel {
                    h2 { "期限" }
                    dl.pairs {
                        dt { "登录" } dd { "登录一次管 " (duration(SESSION_LIFE_MS)) }
                        dt { "密码" } dd { "至少 " (PASSWORD_CHARACTERS_MIN) " 个字符；连错 " (WRONG_PASSWORDS_MAX) " 次锁一会儿，越错锁得越久" }
                        dt { "登记码" } dd { (duration(CODE_LIFE_MS)) "内有效，只能用一次" }
                    }
                }
                section.panel {
                    h2 { "相关的地方" }
                    ul.links {
                        li { a href="/tickets/terms" { "类别与期限" } "：诉求分哪几类，各几天办完" }
                        li { a href="/people" { "花名册" } "：人、职务、网格" }
                        li { a href="/accounts" { "账号" } "：谁能登录，能做什么" }
                        li { a href="/devices" { "终端" } "：登记、收回" }
                        li { a href="/import" { "导入台账" } "：表格变成台账" }
                        li { a href="/audit" { "操作记录" } "：谁做了什么" }
                    }
                }
            }
            section.panel {
                h2 { "两个人写得不一样，怎么办" }
                p.soft { "终端离线时各写各的，送到后合并。每一栏按下面的一种规则；规则是第 " (POLICY_VERSION) " 版，终端和社区用同一版。" }
                dl.pairs {
                    @for rule in rules() {
                        dt { (tag(rule.label, if rule.asks_a_person { Tone::Look } else { Tone::Plain })) }
                        dd { (rule.meaning) }
                    }
                }
            }
            @for kind in kinds() { (one_kind(&kind)) }
        };
        frame::page(office, who, Room::Settings, "设置", body)
    })
    .await
}

fn one_kind(kind: &KindWords) -> Markup {
    let lists: Vec<&PartWords> = kind.parts.iter().filter(|part| part.fields.is_empty()).collect();
    html! {
        h2 { (kind.label) }
        dl.pairs {
            dt { "谁能看" } dd { (kind.readers) "。加密存放的平时遮住，看一次记一次。" }
            dt { "保存多久" } dd { (kind.retention) "。" }
        }
        div.scroll {
            table.policies {
                thead { tr { th scope="col" { "栏目" } th scope="col" { "规则" } th scope="col" { "写得不一样时" } th scope="col" { "为什么登记" } th scope="col" { "谁能写" } th scope="col" { "保密" } } }
                tbody {
                    @for part in kind.parts.iter().filter(|part| !part.fields.is_empty()) {
                        @for field in &part.fields {
                            tr {
                                th scope="row" { @if part.label != kind.label { small { (part.label) } br; } (field.label) @if field.several { small { "（可以几个）" } } }
                                td { (tag(field.rule.label, if field.rule.asks_a_person { Tone::Look } else { Tone::Plain })) }
                                td { (field.rule.meaning) }
                                td { (field.purpose) }
                                td { (field.writers) }
                                td { @if field.sealed { "加密存放，屏幕上遮住" } }
                            }
                        }
                    }
                }
            }
        }
        @if !lists.is_empty() {
            p.soft { "只增不改的：" @for (at, part) in lists.iter().enumerate() { @if at > 0 { "、" } (part.label) "（" (part.writers) "）" } "。写了就留着，不会冲突。" }
        }
    }
}
