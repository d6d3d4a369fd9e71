//! A question beside which stand "would not say" and "does not know", one touch each: a refusal is an answer, and it
//! is respected the next time.

use crate::again::{Again, filled_in};
use crate::book::{AGREES, CATEGORIES, RELATIONS, RESIDENCIES, SEXES, USES};
use crate::mask::masks;
use crate::screen::Screen;
use crate::texts::Texts;
use maud::{Markup, html};
use qiaomen_proto::change::Answer;
use qiaomen_proto::entity::value::SEPARATORS;
use qiaomen_proto::entity::{FieldSpec, ValueShape};
use qiaomen_proto::person::is_refusal;

/// What follows a field's name where the way of answering stands.
const HOW: &str = ".how";

/// The field whose words are ticked.
pub(crate) const CATEGORIES_FIELD: &str = "categories";

/// What people call a field.
pub(crate) fn label(t: Texts, name: &str, otherwise: &str) -> String {
    t.or(&format!("field-{name}"), otherwise)
}

/// What is usually answered.
fn choices(name: &str) -> &'static [&'static str] {
    match name {
        "use" => &USES,
        "relation" => &RELATIONS,
        "sex" => &SEXES,
        "residency" => &RESIDENCIES,
        _ => &[],
    }
}

/// Where the value is written, without the other two answers. It takes no focus: a keyboard that opens by itself would
/// cover the purpose card, which is to be seen first.
pub(crate) fn input(t: Texts, field: &FieldSpec, id: &str, value: &str) -> Markup {
    let choices = choices(field.name);
    let (kind, mode) = match (field.shape, field.name) {
        (ValueShape::Date, _) => ("date", "text"),
        (ValueShape::Count(_), _) => ("text", "numeric"),
        (_, "phone") => ("tel", "tel"),
        _ => ("text", "text"),
    };
    html! {
        @if field.shape == ValueShape::Flag {
            select #(id) name=(field.name) {
                option value="" {}
                @for (said, key) in AGREES { option value=(said) selected[value == said] { (t.say(key)) } }
            }
        } @else if field.name == CATEGORIES_FIELD {
            // One touch each: the care plan goes by these words, so nobody has to spell them.
            @let (known, other) = told_apart(value);
            span.phrases {
                @for word in CATEGORIES {
                    label.chip { input type="checkbox" name=(field.name) value=(word) checked[known.contains(&word)]; span { (t.of_book(field.name, word)) } }
                }
            }
            input #(id) type="text" name=(field.name) value=(other) placeholder=(t.say("categories-other")) autocomplete="off";
        } @else if choices.is_empty() {
            input #(id) type=(kind) inputmode=(mode) name=(field.name) value=(value) autocomplete="off";
        } @else {
            select #(id) name=(field.name) {
                option value="" {}
                @for choice in choices { option value=(choice) selected[*choice == value] { (t.of_book(field.name, choice)) } }
                @if !value.is_empty() && !choices.contains(&value) { option value=(value) selected { (value) } }
            }
        }
    }
}

/// Which of the words that are offered stand in a value, and what else does.
fn told_apart(value: &str) -> (Vec<&'static str>, String) {
    let said: Vec<&str> = value.split(SEPARATORS).map(str::trim).filter(|word| !word.is_empty()).collect();
    let known = CATEGORIES.into_iter().filter(|word| said.contains(word)).collect();
    let other: Vec<&str> = said.into_iter().filter(|word| !CATEGORIES.contains(word)).collect();
    (known, other.join("、"))
}

/// The question with its three ways of answering.
pub(crate) fn question(t: Texts, field: &FieldSpec, again: Again<'_>) -> Markup {
    let how = format!("{}{HOW}", field.name);
    let id = format!("f-{}", field.name);
    html! {
        fieldset.question {
            legend { label for=(id) { (label(t, field.name, field.label)) } }
            (input(t, field, &id, &again.all(field.name, "")))
            div.ways {
                @for (value, key) in [("value", "answer-value"), ("refused", "answer-refused"), ("unknown", "answer-unknown")] {
                    label.way {
                        input type="radio" name=(how) value=(value) checked[again.chose(&how, value, value == "value")];
                        span { (t.say(key)) }
                    }
                }
            }
            details.purpose {
                summary { (t.say("purpose-ask")) }
                (card(t, field))
            }
        }
    }
}

/// The purpose card: what a question is for, who can see the answer, how long it is kept.
pub(crate) fn card(t: Texts, field: &FieldSpec) -> Markup {
    html! {
        dl.pairs {
            dt { (t.say("purpose-what-for")) } dd { (t.or(&format!("why-{}", field.name), field.purpose)) }
            dt { (t.say("purpose-who-sees")) }
            dd {
                (t.or(&format!("readers-{}", field.readers.name()), field.readers.sentence()))
                @if masks(field.name) { br; (t.say("purpose-masked")) }
            }
            dt { (t.say("purpose-how-long")) }
            dd { (t.or(&format!("retention-{}", field.retention.name()), field.retention.sentence())) }
        }
        p.soft { (t.say("purpose-free")) }
    }
}

/// What was answered to it; nothing if it was passed over.
pub(crate) fn answered(screen: &Screen<'_>, field: &str) -> Option<Answer<String>> {
    let typed = filled_in(screen.request, field);
    match screen.request.typed(&format!("{field}{HOW}")) {
        Some("refused") => Some(Answer::Refused),
        Some("unknown") => Some(Answer::Unknown),
        _ => typed.as_deref().map(of_typed),
    }
}

/// What was typed as an answer: a refusal in any of its spellings is one.
pub(crate) fn of_typed(typed: &str) -> Answer<String> {
    if is_refusal(typed) { Answer::Refused } else { Answer::Value(typed.to_owned()) }
}
