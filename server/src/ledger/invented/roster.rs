//! Staff of every role: who leads, helps, walks, comes from a department, speaks for an employer, inspects.

use super::super::book::{Origin, StaffRow};
use super::dice::Dice;
use super::names::{Line, Sex};
use super::papers::Papers;
use super::places::Grid;
use super::{BOOK_YEAR, day_of};
use chrono::NaiveDate;

const DEPARTMENTS: [&str; 8] = ["公安", "民政", "司法", "住建", "卫健", "市场监督", "城管", "党群服务中心"];
const EMPLOYERS: [&str; 6] = ["供电公司", "邮政局", "第三小学", "供热公司", "林业局", "人民医院"];

/// Buildings from which on a grid has a third grid worker.
const BUILDINGS_FOR_A_THIRD_WORKER: usize = 3;

/// The roster of these grids, and one supervisor over all.
pub(super) fn staff(grids: &[Grid], papers: &mut Papers, dice: &mut Dice) -> Vec<StaffRow> {
    let mut staff = Vec::new();
    for (place, grid) in grids.iter().enumerate() {
        let mut add = |role: &str, ages: (u32, u32), department: Option<&str>| {
            staff.push(one(role, Some(&grid.name), ages, department, papers, dice));
        };
        add("网格长", (40, 58), None);
        add("网格长助理", (35, 58), Some("区直机关"));
        let workers = if grid.buildings.len() >= BUILDINGS_FOR_A_THIRD_WORKER { 3 } else { 2 };
        for _ in 0..workers {
            add("网格员", (22, 57), None);
        }
        add("网格协管员", (28, 55), Some(DEPARTMENTS[place % DEPARTMENTS.len()]));
        add("网格联络员", (28, 58), Some(EMPLOYERS[place % EMPLOYERS.len()]));
    }
    staff.push(one("督导员", None, (45, 59), None, papers, dice));
    staff
}

fn one(
    role: &str,
    grid: Option<&String>,
    ages: (u32, u32),
    department: Option<&str>,
    papers: &mut Papers,
    dice: &mut Dice,
) -> StaffRow {
    let sex = dice.pick([Sex::Man, Sex::Woman]);
    let age = dice.between(ages.0, ages.1);
    StaffRow {
        origin: Origin::default(),
        name: Line::any(dice).name(sex, dice),
        sex: Some(sex.title().to_owned()),
        born_on: Some(day_of(BOOK_YEAR - i32::try_from(age).unwrap_or(0), dice)),
        role: role.to_owned(),
        grid: grid.cloned(),
        phone: papers.phone(),
        department: department.map(str::to_owned),
        appointed_on: NaiveDate::from_ymd_opt(BOOK_YEAR - 1, dice.between(1, 12), 1),
    }
}
