//! Values as they stand in the book. The book is the community's and Chinese, whatever language the app speaks; so
//! these are no texts of the app but words of the book, and this is the one file that holds them. Another language
//! shows them by a key ([`key_of`]), and saves them as they are here.

/// A small matter: done on the day.
pub(crate) const SMALL: &str = "小事";
/// A large one: for the joint meeting.
pub(crate) const LARGE: &str = "大事";
/// Heard at a door.
pub(crate) const HEARD_AT_DOOR: &str = "入户走访";
/// Seen on a round.
pub(crate) const SEEN_ON_ROUND: &str = "巡查";
/// How a door is lived in.
pub(crate) const USES: [&str; 5] = ["自住", "出租", "借住", "空置", "经营"];
/// A door in which nobody lives.
pub(crate) const VACANT: &str = "空置";
/// Somebody agrees, or does not, as the book says it.
pub(crate) const AGREES: [(&str, &str); 2] = [("是", "consent-yes"), ("否", "consent-no")];
/// How a household holds a door.
pub(crate) const HELD_AS: [&str; 4] = ["自住", "出租", "借住", "经营"];
/// What somebody is to the head of the household.
pub(crate) const RELATIONS: [&str; 8] = ["户主", "配偶", "子女", "父母", "孙子女", "兄弟姐妹", "租户", "其他"];
/// How somebody is registered here.
pub(crate) const RESIDENCIES: [&str; 3] = ["常住", "流动", "人户分离"];
/// Categories that the care plan and the community's lists go by. Others may be written as well.
pub(crate) const CATEGORIES: [&str; 9] =
    ["独居老人", "空巢老人", "失能", "残疾", "低保", "特困", "党员", "退役军人", "志愿者"];
/// 性别.
pub(crate) const SEXES: [&str; 2] = ["男", "女"];
/// What a resident may think of how a matter was dealt with, by number.
pub(crate) const OPINIONS: [(&str, &str); 3] = [("满意", "good"), ("基本满意", "fair"), ("不满意", "bad")];

/// Fields that are answered in words of the book.
const IN_WORDS: [&str; 7] = ["use", "kind", "relation", "residency", "categories", "sex", "consent"];
/// The key of each word, by which a language says it that is not the book's.
const SPOKEN: [(&str, &str); 29] = [
    ("自住", "book-own"),
    ("出租", "book-let"),
    ("借住", "book-lent"),
    ("空置", "book-vacant"),
    ("经营", "book-business"),
    ("户主", "book-head"),
    ("配偶", "book-spouse"),
    ("子女", "book-child"),
    ("父母", "book-parent"),
    ("孙子女", "book-grandchild"),
    ("兄弟姐妹", "book-sibling"),
    ("租户", "book-tenant"),
    ("其他", "book-other"),
    ("常住", "book-permanent"),
    ("流动", "book-temporary"),
    ("人户分离", "book-elsewhere"),
    ("独居老人", "book-alone"),
    ("空巢老人", "book-empty-nest"),
    ("失能", "book-dependent"),
    ("残疾", "book-disabled"),
    ("低保", "book-allowance"),
    ("特困", "book-hardship"),
    ("党员", "book-party"),
    ("退役军人", "book-veteran"),
    ("志愿者", "book-volunteer"),
    ("男", "book-male"),
    ("女", "book-female"),
    ("是", "book-yes"),
    ("否", "book-no"),
];

/// Whether a field is answered in words of the book; what stands in others is nobody's to translate.
pub(crate) fn is_in_words(field: &str) -> bool {
    IN_WORDS.contains(&field)
}

/// The key of a word of the book.
pub(crate) fn key_of(word: &str) -> Option<&'static str> {
    SPOKEN.iter().find(|(of_book, _)| *of_book == word).map(|(_, key)| *key)
}

/// Symbols of categories, by words that stand in them. The first that fits is shown.
const CATEGORY_SYMBOLS: [(&str, &[&str]); 11] = [
    ("roof", &["屋顶", "漏水"]),
    ("pipe", &["管网", "管道", "下水", "供水", "供热", "暖气", "停水"]),
    ("lamp", &["路灯", "照明", "停电", "供电"]),
    ("broom", &["卫生", "垃圾", "环境", "保洁"]),
    ("noise", &["噪音", "噪声", "扰民"]),
    ("people", &["纠纷", "邻里", "调解", "矛盾"]),
    ("shield", &["安全", "隐患", "消防", "治安"]),
    ("health", &["疫苗", "卫生站", "健康", "医"]),
    ("building", &["违章", "违建", "老旧", "改造", "物业"]),
    ("road", &["道路", "路面", "停车"]),
    ("care", &["养老", "救助", "低保", "残"]),
];

/// The symbol of a category.
pub(crate) fn symbol_of(category: &str) -> &'static str {
    let fits = |words: &[&str]| words.iter().any(|word| category.contains(word));
    CATEGORY_SYMBOLS.iter().find(|(_, words)| fits(words)).map_or("matter", |(symbol, _)| symbol)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_that_is_offered_has_a_key_of_its_own() {
        let offered =
            USES.iter().chain(&HELD_AS).chain(&RELATIONS).chain(&RESIDENCIES).chain(&CATEGORIES).chain(&SEXES);
        let offered: BTreeSet<&str> = offered.copied().chain(AGREES.iter().map(|(word, _)| *word)).collect();
        let known: BTreeSet<&str> = SPOKEN.iter().map(|(word, _)| *word).collect();
        assert_eq!(offered, known);
        let keys: BTreeSet<&str> = SPOKEN.iter().map(|(_, key)| *key).collect();
        assert_eq!(keys.len(), SPOKEN.len());
    }

    #[test]
    fn each_symbol_of_a_category_is_drawn_and_an_unknown_category_has_one_too() {
        let symbols = crate::assets::SYMBOLS;
        for symbol in CATEGORY_SYMBOLS.iter().map(|(symbol, _)| *symbol).chain(["matter"]) {
            assert!(symbols.contains(&format!("id=\"s-{symbol}\"")), "{symbol}");
        }
        assert_eq!(symbol_of("路灯损坏"), "lamp");
        assert_eq!(symbol_of("其他"), "matter");
    }
}
