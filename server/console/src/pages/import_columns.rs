//! Which sheet is what, and which column holds which field: shown as it was read off the headings, and changed where
//! a clerk knows better.

use super::import::{Draft, gone, kept_in, with_book};
use crate::desk::Desk;
use crate::fields::Fields;
use crate::frame::token;
use crate::parts::{Tone, tag};
use crate::refusal::Refusal;
use crate::session::Who;
use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Redirect;
use maud::{Markup, html};
use qiaomen_server::ledger::workbook::{Choices, FieldLayout, Kind, SheetChoice, SheetLayout};
use std::sync::Arc;

/// What is chosen for a sheet that is not to be read.
const LEFT_OUT: &str = "none";
/// What is chosen for a field that no column holds.
const NO_COLUMN: &str = "-";

fn name(what: char, sheet: usize) -> String {
    format!("{what}{sheet}")
}
fn column_name(sheet: usize, field: usize) -> String {
    format!("c{sheet}-{field}")
}

/// The form, folded up as long as everything was recognised.
pub(super) fn form(who: &Who, kept: &str, draft: &Draft) -> Markup {
    let all_read = draft.sheets.iter().all(|sheet| sheet.is_read() || sheet.hidden || sheet.left_out);
    html! {
        details.panel.noprint open[!all_read] {
            summary { strong { "哪张表、哪一列" } " "
                @if all_read { (tag("都认出来了", Tone::Good)) } @else { (tag("有认不出的", Tone::Look)) }
            }
            p.soft { "认错了、没认出来的，在这里指给它，再点“按这样重新读”。改了表的种类或标题行，列会重新认一遍。" }
            form method="post" action={ "/import/" (kept) "/columns" } {
                (token(who))
                @for sheet in &draft.sheets { (one(sheet)) }
                button type="submit" { "按这样重新读" }
            }
        }
    }
}

fn one(sheet: &SheetLayout) -> Markup {
    html! {
        fieldset {
            legend { "工作表“" (sheet.name) "” · " (sheet.rows) " 行 "
                @if sheet.hidden { (tag("隐藏的，不读", Tone::Plain)) }
                @else if sheet.left_out { (tag("不读", Tone::Plain)) }
                @else if sheet.kind.is_none() { (tag("没认出来，不读", Tone::Look)) }
                @else if !sheet.is_read() { (tag(&format!("缺{}，不读", sheet.missing().join("、")), Tone::Bad)) }
            }
            @if !sheet.hidden {
                div.filters {
                    label { "这是"
                        select name=(name('k', sheet.index)) {
                            option value=(LEFT_OUT) selected[sheet.left_out || sheet.kind.is_none()] { "不读这张" }
                            @for kind in Kind::ALL {
                                option value=(kind.word()) selected[!sheet.left_out && sheet.kind == Some(kind)] { (kind.label()) }
                            }
                        }
                    }
                    label { "标题在第几行"
                        select name=(name('h', sheet.index)) {
                            option value="" { "自己找" }
                            @for row in &sheet.heading_rows { option value=(row) selected[sheet.heading_row == Some(*row)] { (row) } }
                        }
                    }
                    @if !sheet.left_out {
                        @for (at, field) in sheet.fields.iter().enumerate() { (choice(sheet, at, field)) }
                    }
                }
            }
        }
    }
}

fn choice(sheet: &SheetLayout, at: usize, field: &FieldLayout) -> Markup {
    html! {
        label { (field.label) @if field.required { "*" }
            select name=(column_name(sheet.index, at)) {
                option value=(NO_COLUMN) { "没有" }
                @for (number, letter, heading) in &sheet.columns {
                    option value=(number) selected[field.column == Some(*number)] { (letter) @if !heading.is_empty() { " · " (heading) } }
                }
            }
        }
    }
}

/// What a form says of a sheet, beside how it was read.
fn chosen(fields: &Fields, sheet: &SheetLayout) -> SheetChoice {
    let said = fields.get(&name('k', sheet.index)).unwrap_or_default();
    if said == LEFT_OUT {
        // A sheet that was not recognised stays what it is: left out is what somebody decides about one that was.
        return SheetChoice { left_out: sheet.left_out || sheet.kind.is_some(), ..SheetChoice::default() };
    }
    let kind = Kind::parse(said);
    let heading_row: Option<u32> = fields.get(&name('h', sheet.index)).and_then(|row| row.parse().ok());
    let mut choice = SheetChoice { kind, heading_row, ..SheetChoice::default() };
    if sheet.left_out || kind != sheet.kind || heading_row != sheet.heading_row {
        return choice;
    }
    for (at, field) in sheet.fields.iter().enumerate() {
        let Some(said) = fields.get(&column_name(sheet.index, at)) else { continue };
        let column = said.parse().ok().filter(|column| sheet.columns.iter().any(|(known, ..)| known == column));
        // What was not touched stays as it was read, so that one column can go from one field to another.
        if column != field.column && (column.is_some() || said == NO_COLUMN) {
            choice.columns.insert(field.field, column);
        }
    }
    choice
}

pub(crate) async fn choose(
    State(desk): State<Desk>,
    Extension(who): Extension<Who>,
    kept: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Redirect, Refusal> {
    let kept = kept_in(kept)?;
    let back = format!("/import/{kept}");
    let fields = Fields::of(&desk, &who, request).await.map_err(|refusal| refusal.back(back.clone()))?;
    let (books, clerk) = (desk.books.clone(), who.signed_in.clerk);
    let read = with_book(&desk, move |office| {
        let draft = books.look(office, clerk, &kept).filter(|draft| !draft.bytes.is_empty()).ok_or_else(gone)?;
        let mut choices = Choices::default();
        for sheet in draft.sheets.iter().filter(|sheet| !sheet.hidden) {
            let mut choice = chosen(&fields, sheet);
            // What was chosen before and not touched now goes on.
            if let Some(before) = draft.choices.sheets.get(&sheet.index)
                && (choice.kind, choice.heading_row) == (sheet.kind, sheet.heading_row)
                && !choice.left_out
                && !sheet.left_out
            {
                for (field, column) in &before.columns {
                    choice.columns.entry(*field).or_insert(*column);
                }
            }
            choices.sheets.insert(sheet.index, choice);
        }
        let again = Draft::read(office, draft.bytes.clone(), choices)?;
        books.put(office, clerk, kept, Arc::new(again));
        Ok(())
    });
    read.await.map_err(|refusal| refusal.back(back.clone()))?;
    Ok(Redirect::to(&format!("{back}?columns=true")))
}
