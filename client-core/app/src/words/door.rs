use super::{dotted, person, section, ticket};
use qiaomen_client::query::{DoorLine, DoorPage, EntryLine, OccupancyLine};

/// The list of doors.
pub(crate) fn list(doors: &[DoorLine]) -> String {
    if doors.is_empty() {
        return "没有这样的户。".to_owned();
    }
    let mut lines: Vec<String> = doors.iter().map(line).collect();
    lines.push(format!("共 {} 户", doors.len()));
    lines.join("\n")
}

/// One door in a list.
pub(super) fn line(door: &DoorLine) -> String {
    let people = match (door.resident_count, door.people_count) {
        (0, None) => "没有登记人".to_owned(),
        (0, Some(said)) => format!("说有 {said} 人，没有登记"),
        (registered, _) => format!("登记 {registered} 人"),
    };
    let visit =
        door.last_visit.as_deref().map(|at| format!("上次 {at} {}", door.last_outcome_title.unwrap_or_default()));
    let open = (door.open_tickets > 0).then(|| format!("{} 件诉求没办完", door.open_tickets));
    let words = dotted([
        door.occupied_as.as_deref(),
        Some(people.as_str()),
        door.refusal.then_some("整户拒访"),
        visit.as_deref(),
        open.as_deref(),
        (door.conflicts > 0).then_some("有冲突"),
        door.pending.then_some("未送到社区"),
    ]);
    format!("{}  {words}", door.address)
}

/// A door's page.
pub(crate) fn page(page: &DoorPage) -> String {
    let door = &page.door;
    let mut lines = vec![
        dotted([Some(door.address.as_str()), door.grid_name.as_deref(), door.pending.then_some("未送到社区")]),
        format!("编号 {}", door.household),
    ];
    if let Some(refusal) = &page.refusal {
        let people = refusal.people_count.map(|n| format!("，只说有 {n} 人")).unwrap_or_default();
        lines.push(format!("整户拒访{people}（{} {} 记）。请尊重，不要追问。", refusal.at, refusal.by.name));
    }
    // The address is the heading. Whoever refused is not asked for the rest.
    const ADDRESS: [&str; 3] = ["building", "unit", "room"];
    let asked = if page.refusal.is_some() { person::answered } else { person::fields };
    section(&mut lines, "户况", asked(&page.fields, &ADDRESS));
    section(&mut lines, "住户", page.occupancies.iter().map(occupancy));
    let (here, gone): (Vec<_>, Vec<_>) = page.people.iter().partition(|p| p.moved_out_on.is_none());
    section(&mut lines, &format!("居民（{} 人）", here.len()), here.into_iter().map(person::at_the_door));
    section(&mut lines, "已搬走", gone.into_iter().map(person::at_the_door));
    let tags = page.tags.iter().map(|t| {
        let until = t.expires_on.as_deref().map(|day| format!("到 {day}"));
        dotted([Some(t.code.as_str()), t.basis.as_deref(), until.as_deref(), t.expired.then_some("已过期")])
    });
    section(&mut lines, "标签", tags);
    section(&mut lines, "备注", page.notes.iter().map(person::note));
    section(&mut lines, "没办完的诉求", page.tickets.iter().map(ticket::line));
    section(&mut lines, "走访和电话", page.visits.iter().map(entry));
    lines.join("\n")
}

fn occupancy(occupancy: &OccupancyLine) -> String {
    let mut lines = vec![format!("{}  编号 {}", if occupancy.current { "现住" } else { "以前" }, occupancy.row)];
    lines.extend(occupancy.fields.iter().map(|f| format!("  {}", person::field(f).replace('\n', "\n  "))));
    lines.join("\n")
}

/// A visit, call or patrol.
pub(super) fn entry(entry: &EntryLine) -> String {
    dotted([
        Some(entry.at.as_str()),
        Some(entry.kind_title),
        Some(entry.outcome_title),
        entry.worker_name.as_deref(),
        entry.note.as_deref(),
        entry.pending.then_some("未送到社区"),
    ])
}
