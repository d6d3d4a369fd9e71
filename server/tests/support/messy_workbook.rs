//! Types an invented office's book into a workbook the way offices do: in a manner that the seed
//! chooses anew each time.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

#[path = "messy_content.rs"]
pub mod content;

use content::{Answer, Chance, Content, Day, GRID_NAMES, Impossible, Person};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

/// A cell before it is typed.
#[derive(Clone, PartialEq)]
enum Val {
    Blank,
    Text(String),
    Number(f64),
    Day(Day),
}

fn text(text: impl Into<String>) -> Val {
    Val::Text(text.into())
}

/// A sheet to be typed: headings with a key each, rows by key.
struct Draft {
    title: Option<String>,
    /// Key, heading, heading above (for two rows of headings).
    columns: Vec<(&'static str, String, Option<&'static str>)>,
    rows: Vec<Vec<(&'static str, Val)>>,
    two_rows: bool,
    /// Keys of columns whose equal neighbours are merged downwards.
    merged: Vec<&'static str>,
}

/// The content as an xlsx in the manner of `layout`.
pub fn lay_out(content: &Content, layout: u64) -> Vec<u8> {
    let chance = &mut Chance(layout.wrapping_mul(77) ^ 0x5eed);
    let mut sheets = vec![
        (chance.pick(&["网格划分", "Sheet1", "网格一览", "楼栋分配"]), Some(grids(content, chance))),
        (chance.pick(&["花名册", "Sheet2", "人员名单", "通讯录"]), Some(roster(content, chance))),
        (chance.pick(&["居民台账", "Sheet4", "住户信息", "2023年底册"]), Some(residents(content, chance))),
        (chance.pick(&["诉求台账", "Sheet5", "民情", "办件"]), Some(tickets(content, chance))),
        ("Sheet9", None),
    ];
    chance.shuffle(&mut sheets);
    let mut workbook = Workbook::new();
    for (name, draft) in sheets {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        if let Some(draft) = draft {
            draft.type_into(sheet);
        }
    }
    workbook.save_to_buffer().unwrap()
}

impl Draft {
    fn type_into(&self, sheet: &mut Worksheet) {
        let plain = Format::new();
        let last = self.columns.len() as u16 - 1;
        let mut row = 0;
        if let Some(title) = &self.title {
            sheet.merge_range(0, 0, 0, last, title, &plain).unwrap();
            row = 1;
        }
        for (column, (_, heading, above)) in self.columns.iter().enumerate() {
            let column = column as u16;
            match above {
                Some(above) if self.two_rows => {
                    sheet.write_string(row, column, *above).unwrap();
                    sheet.write_string(row + 1, column, heading).unwrap();
                }
                _ => drop(sheet.write_string(row, column, heading).unwrap()),
            }
        }
        row += if self.two_rows { 2 } else { 1 };
        let first = row;
        for values in &self.rows {
            for (key, value) in values {
                let column = self.columns.iter().position(|(known, ..)| known == key).unwrap() as u16;
                if !self.merged.contains(key) {
                    write(sheet, row, column, value);
                }
            }
            row += 1;
        }
        for key in &self.merged {
            let column = self.columns.iter().position(|(known, ..)| known == key).unwrap() as u16;
            let of =
                |at: usize| self.rows[at].iter().find(|(known, _)| known == key).map_or(Val::Blank, |(_, v)| v.clone());
            let mut from = 0;
            while from < self.rows.len() {
                let mut to = from;
                while to + 1 < self.rows.len() && of(to + 1) == of(from) {
                    to += 1;
                }
                if to > from && of(from) != Val::Blank {
                    sheet.merge_range(first + from as u32, column, first + to as u32, column, "", &plain).unwrap();
                }
                write(sheet, first + from as u32, column, &of(from));
                from = to + 1;
            }
        }
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, value: &Val) {
    match value {
        Val::Blank => {}
        Val::Text(text) => drop(sheet.write_string(row, column, text).unwrap()),
        Val::Number(number) => drop(sheet.write_number(row, column, *number).unwrap()),
        Val::Day((year, month, day)) => {
            let date = ExcelDateTime::from_ymd(*year, *month, *day).unwrap();
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(row, column, &date, &format).unwrap();
        }
    }
}

fn columns(
    chance: &mut Chance,
    words: &[(&'static str, &[&str])],
) -> Vec<(&'static str, String, Option<&'static str>)> {
    let mut columns: Vec<_> = words
        .iter()
        .map(|(key, words)| {
            let word = chance.pick(words);
            let heading = match chance.below(8) {
                0 => format!(" {word} "),
                1 => format!("{word}\n（必填）"),
                2 => format!("*{word}"),
                _ => word.to_owned(),
            };
            (*key, heading, None)
        })
        .collect();
    chance.shuffle(&mut columns);
    columns
}

fn title(chance: &mut Chance, content: &Content, what: &str) -> Option<String> {
    chance.percent(60).then(|| format!("{}{what}(2023年)", content.community))
}

fn day(chance: &mut Chance, (year, month, day): Day) -> Val {
    match chance.below(6) {
        0 => Val::Day((year, month, day)),
        1 => text(format!("{year}-{month:02}-{day:02}")),
        2 => text(format!("{year}/{month}/{day}")),
        3 => text(format!("{year}.{month:02}.{day:02}")),
        4 => text(format!("{year}年{month}月{day}日")),
        _ if chance.percent(50) => Val::Number(f64::from(year) * 10_000.0 + f64::from(month) * 100.0 + f64::from(day)),
        _ => text(format!("{year}{month:02}{day:02}")),
    }
}

const REFUSALS: [&str; 4] = ["拒绝", "拒绝提供", "不愿提供", "保密"];

fn phone(chance: &mut Chance, phone: &Answer) -> Val {
    let digits = match phone {
        Answer::Nothing => return if chance.percent(20) { text("无") } else { Val::Blank },
        Answer::Refused => return text(chance.pick(&REFUSALS)),
        Answer::Value(digits) => digits,
    };
    if digits.starts_with('0') {
        return text(format!("{}-{}", &digits[..4], &digits[4..]));
    }
    match chance.below(6) {
        0 => Val::Number(digits.parse().unwrap()),
        1 => text(format!("{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..])),
        2 => text(format!("{} {} {}", &digits[..3], &digits[3..7], &digits[7..])),
        3 => text(format!("{digits} ")),
        4 => text(format!("+86 {digits}")),
        _ => text(digits),
    }
}

fn identity(chance: &mut Chance, identity: &Answer) -> Val {
    match identity {
        Answer::Nothing => Val::Blank,
        Answer::Refused => text(chance.pick(&REFUSALS)),
        Answer::Value(number) => text(match chance.below(5) {
            0 => format!("{number} "),
            1 => number.to_lowercase(),
            2 => format!("{} {} {}", &number[..6], &number[6..14], &number[14..]),
            _ => number.clone(),
        }),
    }
}

fn name(chance: &mut Chance, name: &Answer) -> Val {
    match name {
        Answer::Nothing => Val::Blank,
        Answer::Refused => text(chance.pick(&REFUSALS)),
        Answer::Value(name) if name.chars().count() == 2 && chance.percent(20) => {
            text(name.chars().map(String::from).collect::<Vec<_>>().join("\u{3000}"))
        }
        Answer::Value(name) => text(name.replace('·', chance.pick(&["·", "•", "・"]))),
    }
}

fn person(chance: &mut Chance, person: &Person) -> Vec<(&'static str, Val)> {
    let categories = person.categories.join(chance.pick(&[",", "、", "，"]));
    vec![
        ("name", name(chance, &person.name)),
        ("relation", text(person.relation)),
        ("identity", identity(chance, &person.identity)),
        ("born", person.born_on.map_or(Val::Blank, |born| day(chance, born))),
        ("phone", phone(chance, &person.phone)),
        ("category", if categories.is_empty() { Val::Blank } else { text(categories) }),
    ]
}

fn grids(content: &Content, chance: &mut Chance) -> Draft {
    let columns = columns(
        chance,
        &[
            ("number", &["序号"]),
            ("grid", &["网格名称", "网格", "网格名"]),
            ("type", &["网格类型", "类型"]),
            ("buildings", &["楼栋", "包含楼栋", "所辖楼栋"]),
            ("quota", &["标准户数", "户数"]),
        ],
    );
    let mut rows = Vec::new();
    let ranges = chance.percent(30);
    for (grid, buildings) in content.grids.iter().enumerate() {
        let named: Vec<String> = buildings.iter().map(|building| format!("{building}号楼")).collect();
        let listed = if ranges && buildings.len() > 1 {
            format!("{}-{}号楼", buildings[0], buildings[buildings.len() - 1])
        } else {
            named.join(chance.pick(&["、", ",", "，"]))
        };
        rows.push(vec![
            ("number", Val::Number(grid as f64 + 1.0)),
            ("grid", text(GRID_NAMES[grid])),
            ("type", text("志愿型")),
            ("buildings", text(listed)),
            ("quota", Val::Number(300.0)),
        ]);
    }
    rows.push(vec![("grid", text("合计")), ("quota", Val::Number(300.0 * content.grids.len() as f64))]);
    Draft { title: title(chance, content, "网格划分一览表"), columns, rows, two_rows: false, merged: Vec::new() }
}

fn roster(content: &Content, chance: &mut Chance) -> Draft {
    let columns = columns(
        chance,
        &[
            ("name", &["姓名", "人员姓名"]),
            ("born", &["出生日期", "出生年月", "生日"]),
            ("role", &["职务", "岗位", "角色"]),
            ("grid", &["所在网格", "网格", "所属网格"]),
            ("phone", &["联系电话", "手机", "电话"]),
            ("since", &["任职时间", "任职日期"]),
            ("size", &["服装尺码"]),
        ],
    );
    let rows = content.staff.iter().map(|staff| {
        let mut row = person(chance, &staff.person);
        row.retain(|(key, _)| ["name", "born", "phone"].contains(key));
        row.push(("role", text(staff.role)));
        row.push(("grid", text(staff.grid.map_or("全社区", |grid| GRID_NAMES[grid]))));
        row.push(("since", day(chance, (2022, 3, 1))));
        row
    });
    let rows = rows.collect();
    Draft { title: title(chance, content, "工作人员花名册"), columns, rows, two_rows: false, merged: Vec::new() }
}

fn tickets(content: &Content, chance: &mut Chance) -> Draft {
    let columns = columns(
        chance,
        &[
            ("on", &["时间", "上报时间", "日期"]),
            ("source", &["来源", "诉求来源"]),
            ("place", &["地点", "发生地点"]),
            ("matter", &["诉求内容", "问题描述", "反映问题"]),
            ("size", &["大小", "大小事"]),
            ("closed", &["办结时间", "办结日期"]),
        ],
    );
    let rows = content.tickets.iter().map(|ticket| {
        vec![
            ("on", day(chance, ticket.on)),
            ("source", text(chance.pick(&["巡查", "12345", "微信群"]))),
            ("place", text(format!("{}号楼1单元", ticket.building))),
            ("matter", text("居民反映路灯损坏问题")),
            ("size", text(if ticket.big { "大事" } else { "小事" })),
            ("closed", ticket.closed_on.map_or(Val::Blank, |on| day(chance, on))),
        ]
    });
    let rows = rows.collect();
    Draft { title: title(chance, content, "诉求台账"), columns, rows, two_rows: false, merged: Vec::new() }
}

/// How a book says that a row belongs to the door above.
#[derive(Clone, Copy, PartialEq)]
enum Continued {
    Blank,
    Repeated,
    Mixed,
    Merged,
}

const ADDRESS: [&str; 4] = ["grid", "building", "unit", "room"];

fn residents(content: &Content, chance: &mut Chance) -> Draft {
    let continued = [Continued::Blank, Continued::Repeated, Continued::Mixed, Continued::Merged][chance.below(4)];
    let mut columns = columns(
        chance,
        &[
            ("grid", &["网格", "所属网格"]),
            ("building", &["楼栋", "楼号", "栋", "幢号"]),
            ("unit", &["单元", "单元号"]),
            ("room", &["房号", "门牌号", "室", "房间号"]),
            ("name", &["姓名", "居民姓名", "家庭成员姓名"]),
            ("relation", &["与户主关系", "关系", "家庭关系"]),
            ("identity", &["身份证号", "身份证号码", "证件号码", "公民身份号码"]),
            ("born", &["出生日期", "出生年月", "生日"]),
            ("phone", &["联系电话", "手机", "电话", "联系方式"]),
            ("occupancy", &["居住情况", "房屋用途", "居住状态"]),
            ("category", &["人员类别", "类别", "人群类别"]),
            ("note", &["备注", "说明"]),
            ("water", &["水表号"]),
        ],
    );
    for column in &mut columns {
        match column.0 {
            "name" | "relation" | "identity" | "born" | "phone" => column.2 = Some("户主/成员"),
            "building" | "unit" | "room" if chance.percent(30) => column.2 = Some("住址"),
            _ => {}
        }
    }
    let mut rows = Vec::new();
    for door in &content.doors {
        let address = |chance: &mut Chance| {
            let unit = door.unit;
            [
                text(GRID_NAMES[door.grid]),
                text(chance.pick(&[&format!("{}号楼", door.building), &format!("{} 号楼", door.building)]) as &str),
                match chance.below(4) {
                    0 => Val::Number(f64::from(unit)),
                    1 => text(unit.to_string()),
                    2 => text(["一单元", "二单元", "三单元"][unit as usize - 1]),
                    _ => text(format!("{unit}单元")),
                },
                if chance.percent(50) { Val::Number(f64::from(door.room)) } else { text(door.room.to_string()) },
            ]
        };
        let first = address(chance);
        let occupancy = text(door.occupancy);
        for row in 0..door.rows.len().max(1) {
            let here = match continued {
                Continued::Repeated => address(chance),
                Continued::Mixed if row == 0 || chance.percent(50) => address(chance),
                Continued::Merged => first.clone(),
                _ if row == 0 => first.clone(),
                _ => [Val::Blank, Val::Blank, Val::Blank, Val::Blank],
            };
            let mut values: Vec<_> = ADDRESS.into_iter().zip(here).collect();
            values.push(("occupancy", if row == 0 { occupancy.clone() } else { Val::Blank }));
            if let Some(index) = door.rows.get(row) {
                values.extend(person(chance, &door.people[*index]));
            }
            rows.push(values);
        }
    }
    for impossible in &content.impossible {
        rows.push(impossible_row(*impossible));
    }
    rows.push(vec![("grid", text("合 计")), ("name", Val::Number(f64::from(content.truth.residents)))]);
    let merged = if continued == Continued::Merged { vec!["building", "grid"] } else { Vec::new() };
    let two_rows = chance.percent(50);
    let title = title(chance, content, "居民基本情况台账");
    Draft { title, columns, rows, two_rows, merged }
}

fn impossible_row(kind: Impossible) -> Vec<(&'static str, Val)> {
    let at = |is: Impossible| kind == is || kind == Impossible::Everything;
    let or = |bad: bool, wrong: &str, right: &str| text(if bad { wrong } else { right });
    vec![
        ("building", or(at(Impossible::Building), "99号楼", "1号楼")),
        ("unit", text("1单元")),
        ("room", text("901")),
        ("name", text("测试行")),
        ("relation", text("户主")),
        ("identity", or(at(Impossible::Identity), "不是身份证", "")),
        ("born", or(at(Impossible::Day), "2023-13-45", "1970-01-01")),
        ("phone", or(at(Impossible::Phone), "123", "13800000000")),
    ]
}
