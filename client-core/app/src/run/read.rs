use super::named;
use crate::answer::Answer;
use crate::args::{Doors, History};
use crate::failure::Failure;
use crate::words;
use qiaomen_client::Device;
use qiaomen_client::query::DoorFilter;
use qiaomen_client::query::find::{field, field_labels, row_field};
use qiaomen_proto::ids::{CommandId, DocId, HouseholdId, Kind};
use serde_json::json;

pub(super) fn today(device: &Device) -> Result<Answer, Failure> {
    let page = device.today()?;
    Ok(Answer::new(&page, words::today::page(&page)))
}

pub(super) fn doors(device: &Device, which: &Doors) -> Result<Answer, Failure> {
    let filter = DoorFilter {
        building: which.building.clone(),
        unit: which.unit.clone(),
        grid: which.grid.clone(),
        occupied_as: which.occupied_as.clone(),
        refused: which.refused,
        empty: which.empty,
        not_home: which.not_home,
        never_visited: which.never_visited,
        care_due: which.care,
        open_tickets: which.tickets,
        conflicts: which.conflicts,
        pending: which.pending,
    };
    let doors = device.doors(&filter)?;
    Ok(Answer::new(&doors, words::door::list(&doors)))
}

pub(super) fn door(device: &Device, words: &str) -> Result<Answer, Failure> {
    let (id, _) = named::door(device, words)?;
    let page = device.door(id)?;
    Ok(Answer::new(&page, words::door::page(&page)))
}

pub(super) fn search(device: &Device, text: &[String]) -> Result<Answer, Failure> {
    let hits = device.search(&text.join(" "))?;
    Ok(Answer::new(&hits, words::search::hits(&hits)))
}

pub(super) fn outbox(device: &mut Device, rescue: bool, discard: Option<&str>) -> Result<Answer, Failure> {
    if let Some(piece) = discard {
        return self::discard(device, piece);
    }
    let lines = device.outbox()?;
    let text = words::outbox::list(&lines);
    if !rescue {
        return Ok(Answer::new(&lines, text));
    }
    let file = device.rescue_page();
    let text = format!("{text}\n\n{}", words::outbox::rescue(&file));
    Ok(Answer::new(&json!({ "outbox": lines, "rescue": file }), text))
}

/// Takes out what the office refused, after its worker has read why.
fn discard(device: &mut Device, piece: &str) -> Result<Answer, Failure> {
    let lines = device.outbox()?;
    let bare = |id: &str| id.replace('-', "").to_ascii_lowercase();
    let wanted = bare(piece);
    let fits: Vec<_> = lines
        .iter()
        .filter(|l| {
            !wanted.is_empty() && (bare(&l.command).starts_with(&wanted) || bare(&l.command).ends_with(&wanted))
        })
        .collect();
    let line = match fits.as_slice() {
        [only] => *only,
        [] => return Err(Failure::problem("not_found", format!("待送里没有编号是 {piece} 的。"))),
        several => {
            return Err(Failure::problem(
                "ambiguous",
                format!("编号 {piece} 对得上 {} 件，请多写几位。", several.len()),
            ));
        }
    };
    let command: CommandId =
        line.command.parse().map_err(|_| Failure::problem("not_found", format!("待送里没有编号是 {piece} 的。")))?;
    device.discard(command).map_err(|e| Failure::from(e).about(&line.said.sentence))?;
    Ok(Answer::new(
        &json!({ "discarded": line.command, "sentence": line.said.sentence }),
        format!("已丢掉：{}", line.said.sentence),
    ))
}

pub(super) fn status(device: &Device) -> Result<Answer, Failure> {
    let page = device.status()?;
    Ok(Answer::new(&page, words::status::page(&page)))
}

pub(super) fn history(device: &Device, what: &History) -> Result<Answer, Failure> {
    let (doc, title) = subject(device, what)?;
    let (name, label) = place_of(device, doc, &what.field)?;
    let lines = device.history(doc, &name)?;
    Ok(Answer::new(&lines, words::history::list(&title, label, &lines)))
}

/// A field of the head; or one of an occupancy, named with its row as in `door --json`, or without it
/// where there is only one.
fn place_of(device: &Device, doc: DocId, words: &str) -> Result<(String, &'static str), Failure> {
    if let Some(field) = field(doc.kind, words) {
        return Ok((field.name.to_owned(), field.label));
    }
    if let Some((row, field)) = words.split_once('.').and_then(|(row, f)| Some((row, row_field(doc.kind, f)?))) {
        return Ok((format!("{row}.{}", field.name), field.label));
    }
    if let Some(field) = row_field(doc.kind, words) {
        let page = device.door(HouseholdId(doc.uuid))?;
        let rows: Vec<String> = page.occupancies.iter().map(|o| format!("{}.{}", o.row, field.name)).collect();
        return match rows.as_slice() {
            [only] => Ok((only.clone(), field.label)),
            [] => Err(Failure::problem("no_occupancy", "这一户没有登记过住户。")),
            several => {
                let sentence = format!("有 {} 个住户，请写明哪一个：{}。", several.len(), several.join("、"));
                Err(Failure::problem("ambiguous", sentence))
            }
        };
    }
    let labels = field_labels(doc.kind).join("、");
    Err(Failure::problem("no_such_field", format!("没有“{words}”这一项。可以写：{labels}。")))
}

/// A person, a door or a matter: the field tells which is meant where the words fit several.
fn subject(device: &Device, what: &History) -> Result<(DocId, String), Failure> {
    let is = |kind| field(kind, &what.field).is_some();
    let rowed = what.field.contains('.') || row_field(Kind::Household, &what.field).is_some();
    let mut last = None;
    if is(Kind::Resident) {
        match named::resident(device, &what.what) {
            Ok((id, title)) => return Ok((id.into(), title)),
            Err(failure) => last = Some(failure),
        }
    }
    if is(Kind::Household) || rowed {
        match named::door(device, &what.what) {
            Ok((id, title)) => return Ok((id.into(), title)),
            Err(failure) => last = Some(ambiguous_first(last, failure)),
        }
    }
    if is(Kind::Ticket) {
        match named::ticket(device, &what.what) {
            Ok((id, title)) => return Ok((id.into(), title)),
            Err(failure) => last = Some(ambiguous_first(last, failure)),
        }
    }
    Err(last.unwrap_or_else(|| {
        let labels = [Kind::Resident, Kind::Household, Kind::Ticket].map(|kind| field_labels(kind).join("、"));
        let sentence = format!(
            "没有“{}”这一项。居民可以写：{}；户可以写：{}；诉求可以写：{}。",
            what.field, labels[0], labels[1], labels[2]
        );
        Failure::problem("no_such_field", sentence)
    }))
}

/// Of two failures the one that lists choices says more.
fn ambiguous_first(earlier: Option<Failure>, later: Failure) -> Failure {
    earlier.filter(|f| !f.choices.is_empty() || later.choices.is_empty()).unwrap_or(later)
}

pub(super) fn conflicts(device: &Device, all: bool) -> Result<Answer, Failure> {
    let mut lines = device.conflicts()?;
    let others = lines.iter().filter(|l| !l.mine).count();
    if !all {
        lines.retain(|l| l.mine);
    }
    Ok(Answer::new(&lines, words::conflicts::list(&lines, if all { 0 } else { others })))
}
