//! A year of matters, small and big, most of them done.

use super::super::book::{Origin, TicketRow};
use super::dice::Dice;
use super::places::{self, Grid};
use super::{BOOK_YEAR, day_of};
use chrono::Days;

/// A category, whether its matters are big (percent), and what people say.
struct Category {
    name: &'static str,
    big: u32,
    texts: [&'static str; 2],
}

const fn category(name: &'static str, big: u32, texts: [&'static str; 2]) -> Category {
    Category { name, big, texts }
}

const CATEGORIES: [Category; 12] = [
    category("环境卫生", 5, ["垃圾桶满了没有清运，有异味", "绿化带里堆着装修垃圾"]),
    category("路灯损坏", 5, ["单元门口路灯不亮，晚上出行不便", "楼后两盏路灯坏了"]),
    category("噪音扰民", 5, ["楼下商户晚间音响声音大", "中午有人装修，影响老人休息"]),
    category("邻里纠纷", 10, ["两户因楼道堆放杂物争执，请求调解", "楼上漏水，两家协商不成"]),
    category("物业服务", 15, ["单元门禁坏了，物业几天没有来修", "楼道多日无人保洁"]),
    category("安全隐患", 20, ["楼道里有人给电动车充电", "外墙皮脱落，砸到行人有危险"]),
    category("屋顶漏水", 25, ["雨后顶楼天花板渗水", "屋面防水层起鼓，楼道顶有水迹"]),
    category("疫苗接种协助", 0, ["老人行动不便，请求上门接种", "独居老人去接种需要人陪同"]),
    category("管网", 35, ["下水管道堵塞，污水外溢", "供热管道漏水，室温上不来"]),
    category("违章建筑", 60, ["一楼在公共绿地上搭了棚子", "楼顶有人私搭阳光房"]),
    category("道路硬化", 60, ["楼前路面坑洼，雨天积水", "院内道路破损，轮椅过不去"]),
    category("老旧小区改造", 70, ["询问楼道粉刷和管线整治的安排", "希望改造时加装楼梯扶手"]),
];

/// So many matters of one year, in the order in which they were reported.
pub(super) fn tickets(grids: &[Grid], count: usize, dice: &mut Dice) -> Vec<TicketRow> {
    let mut tickets: Vec<_> = (0..count)
        // Every category comes, however few the matters are.
        .map(|turn| ticket(&CATEGORIES[turn % CATEGORIES.len()], grids, dice))
        .collect();
    tickets.sort_by_key(|ticket| ticket.reported_on);
    for (row, ticket) in (1..).zip(&mut tickets) {
        ticket.origin.row = row;
    }
    tickets
}

fn ticket(category: &Category, grids: &[Grid], dice: &mut Dice) -> TicketRow {
    let grid = &grids[dice.index(grids.len())];
    let building = &grid.buildings[dice.index(grid.buildings.len())];
    let unit = dice.between(1, building.units);
    let reported_on = day_of(BOOK_YEAR, dice);
    let big = dice.percent(category.big);
    let state = match dice.below(100) {
        0..76 => "已办结",
        76..88 => "办理中",
        _ if big => "联席会议",
        _ => "已上报",
    };
    let closed = state == "已办结";
    let took_days = if big { dice.between(3, 15) } else { dice.weighted([(70, 0), (20, 1), (10, 3)]) };
    TicketRow {
        origin: Origin::default(),
        reported_on,
        source: Some(dice.pick(["入户走访", "巡查", "电话", "微信群", "QQ群", "12345"]).to_owned()),
        place: Some(format!("{}{unit}单元", building.name)),
        building: Some(building.name.clone()),
        unit: places::unit_key(unit),
        text: dice.pick(category.texts).to_owned(),
        category: Some(category.name.to_owned()),
        big,
        state: Some(state.to_owned()),
        closed_on: closed.then(|| reported_on + Days::new(took_days.into())),
        fed_back: closed,
        satisfaction: if closed {
            dice.weighted([(60, Some("满意")), (25, Some("基本满意")), (5, Some("不满意")), (10, None)])
                .map(str::to_owned)
        } else {
            None
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::InventedSize;
    use super::*;

    #[test]
    fn every_category_comes_and_some_small_matters_are_done_the_same_day() {
        let tickets = tickets(&places::plan(InventedSize::Demo), 60, &mut Dice::new(1));
        for category in &CATEGORIES {
            assert!(tickets.iter().any(|t| t.category.as_deref() == Some(category.name)));
        }
        assert!(tickets.iter().filter(|t| !t.big && t.closed_on == Some(t.reported_on)).count() > 10);
        assert!(tickets.is_sorted_by_key(|t| t.reported_on));
    }
}
