//! Who lives behind a door: how many, who they are to each other, how old.

use super::dice::Dice;
use super::names::{Line, Sex};
use super::{BOOK_YEAR, day_of};
use chrono::{Datelike, NaiveDate};

/// One person before anybody asked a question.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) born_on: NaiveDate,
    pub(super) relation: &'static str,
    pub(super) categories: Vec<&'static str>,
}

impl Member {
    /// Age in whole years at the end of the book's year.
    pub(super) fn age(&self) -> u32 {
        u32::try_from(BOOK_YEAR - self.born_on.year()).unwrap_or(0)
    }
}

/// A door's people and how they hold it.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) occupancy: &'static str,
    pub(super) members: Vec<Member>,
}

/// How many live behind each door, `residents` in all.
pub(super) fn sizes(doors: usize, residents: usize, dice: &mut Dice) -> Vec<u32> {
    let mut sizes: Vec<u32> =
        (0..doors).map(|_| dice.weighted([(5, 0), (21, 1), (30, 2), (24, 3), (12, 4), (5, 5), (3, 6)])).collect();
    let mut total: usize = sizes.iter().map(|size| *size as usize).sum();
    // An empty door stays empty and nobody's last member leaves.
    while total != residents {
        let size = &mut sizes[dice.index(doors)];
        if total < residents && (1..6).contains(size) {
            *size += 1;
            total += 1;
        } else if total > residents && *size > 1 {
            *size -= 1;
            total -= 1;
        }
    }
    sizes
}

/// Invents the home of so many people.
pub(super) fn home(size: u32, elderly: bool, dice: &mut Dice) -> Home {
    if size == 0 {
        return Home { occupancy: "空置", members: Vec::new() };
    }
    let occupancy = dice.weighted([(76, "自住"), (18, "出租"), (6, "人户分离")]);
    let mut members = family(size, elderly, dice);
    // Alone are those who live here and whose children do not.
    if occupancy == "自住" && members.len() <= 2 && members.iter().all(|m| m.age() >= 60) {
        let alone = if members.len() == 1 { "独居老人" } else { "空巢老人" };
        members.iter_mut().for_each(|m| m.categories.push(alone));
    }
    if occupancy == "出租" {
        members.iter_mut().for_each(|m| m.categories.push("流动人口"));
    }
    mark_care(&mut members, dice);
    Home { occupancy, members }
}

/// Care and other categories that a life brings, each once.
fn mark_care(members: &mut [Member], dice: &mut Dice) {
    let poor = dice.percent(3);
    for member in members {
        let age = member.age();
        let marks = [
            ("失能", age >= 70 && dice.percent(7)),
            ("残疾", dice.percent(2)),
            ("特困", age >= 60 && member.categories.contains(&"独居老人") && dice.percent(8)),
            ("低保", poor),
            ("退役军人", member.sex == Sex::Man && age >= 22 && dice.percent(4)),
            ("党员", age >= 25 && dice.percent(6)),
        ];
        member.categories.extend(marks.into_iter().filter(|(_, holds)| *holds).map(|(mark, _)| mark));
    }
}

/// People of one family, head first.
fn family(size: u32, elderly: bool, dice: &mut Dice) -> Vec<Member> {
    let old = dice.percent(if elderly { 70 } else { 35 });
    let mut family = Family::founded(if old { dice.between(62, 88) } else { dice.between(26, 55) }, dice);
    match (size, old) {
        (1, _) => {}
        (2, false) if dice.percent(25) => family.child(dice),
        (2, _) => family.spouse(dice),
        (_, true) => {
            family.spouse(dice);
            family.child_or_grandchild(size, dice);
        }
        (3, false) => {
            family.spouse(dice);
            family.child(dice);
        }
        (_, false) => {
            family.spouse(dice);
            family.child(dice);
            if size >= 5 || dice.percent(45) {
                family.parent("母亲", Sex::Woman, dice);
            }
            if size >= 5 {
                family.parent("父亲", Sex::Man, dice);
            }
        }
    }
    while family.members.len() < size as usize {
        if old { family.child_or_grandchild(size, dice) } else { family.child(dice) }
    }
    family.members
}

/// A family as it grows.
struct Family {
    line: Line,
    head_age: u32,
    head_sex: Sex,
    members: Vec<Member>,
}

impl Family {
    fn founded(head_age: u32, dice: &mut Dice) -> Self {
        let mut family = Self {
            line: Line::any(dice),
            head_age,
            head_sex: if dice.percent(62) { Sex::Man } else { Sex::Woman },
            members: Vec::new(),
        };
        family.add(family.line, family.head_sex, head_age, "户主", dice);
        family
    }

    fn spouse(&mut self, dice: &mut Dice) {
        let age = (self.head_age + dice.below(7)).saturating_sub(3).max(22);
        // Most marry within their own people, some do not.
        let line = if self.line == Line::Mongolian && dice.percent(60) { self.line } else { Line::any(dice) };
        self.add(line, self.head_sex.other(), age, "配偶", dice);
    }

    fn child(&mut self, dice: &mut Dice) {
        let sex = dice.pick([Sex::Man, Sex::Woman]);
        let age = self.head_age.saturating_sub(dice.between(23, 33));
        self.add(self.line, sex, age, if sex == Sex::Man { "子" } else { "女" }, dice);
    }

    /// Three under a roof are as often old people with a grandchild as with a grown child; a
    /// larger house has a child first, then that child's children.
    fn child_or_grandchild(&mut self, size: u32, dice: &mut Dice) {
        let has_child = self.members.iter().any(|m| matches!(m.relation, "子" | "女"));
        if has_child || (size == 3 && dice.percent(45)) {
            let age = self.head_age.saturating_sub(50).min(dice.between(3, 20));
            let sex = dice.pick([Sex::Man, Sex::Woman]);
            self.add(self.line, sex, age, "孙", dice);
        } else {
            self.child(dice);
        }
    }

    fn parent(&mut self, relation: &'static str, sex: Sex, dice: &mut Dice) {
        let age = (self.head_age + dice.between(23, 30)).min(97);
        // A mother keeps the name she was born with.
        let line = if sex == Sex::Man || self.line == Line::Mongolian { self.line } else { Line::any(dice) };
        self.add(line, sex, age, relation, dice);
    }

    fn add(&mut self, line: Line, sex: Sex, age: u32, relation: &'static str, dice: &mut Dice) {
        let born_on = day_of(BOOK_YEAR - i32::try_from(age).unwrap_or(0), dice);
        // No two behind one door share a name: the office would take the second for a repeated row.
        let mut name = line.name(sex, dice);
        while self.members.iter().any(|m| m.name == name) {
            name = line.name(sex, dice);
        }
        self.members.push(Member { name, sex, born_on, relation, categories: Vec::new() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_has_as_many_members_as_asked_and_one_head() {
        let mut dice = Dice::new(5);
        for size in 0..=6 {
            for round in 0..200 {
                let home = home(size, round % 2 == 0, &mut dice);
                assert_eq!(home.members.len(), size as usize);
                assert_eq!(home.members.iter().filter(|m| m.relation == "户主").count(), size.min(1) as usize);
                assert!(home.members.iter().filter(|m| m.relation == "配偶").count() <= 1);
            }
        }
    }

    #[test]
    fn no_child_is_older_than_a_parent_and_no_category_stands_twice() {
        let mut dice = Dice::new(6);
        for round in 0..1_000 {
            let members = home(1 + round % 6, false, &mut dice).members;
            let head = members[0].age();
            for member in &members {
                match member.relation {
                    "子" | "女" | "孙" => assert!(member.age() + 20 <= head),
                    "父亲" | "母亲" => assert!(member.age() >= head + 20),
                    _ => assert!(member.age() >= 20),
                }
                let mut categories = member.categories.clone();
                categories.sort_unstable();
                categories.dedup();
                assert_eq!(categories.len(), member.categories.len());
            }
        }
    }
}
