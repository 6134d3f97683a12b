//! Chinese text: counting Han characters, writing them in pinyin, bringing texts to one form, and seeing whether two
//! names have to do with each other.
//!
//! In: texts, and the words that say nothing about a name (a table's, given by the caller). It must not know which.

mod pinyin;

use std::borrow::Cow;

pub use self::pinyin::pinyin;

/// Is this a Han character? 〇 counts, marks of repetition and radicals do not.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{3007}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// How many Han characters a text has.
pub fn han_count(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c)).count()
}

/// A full-width letter, digit or mark as its ASCII twin; the many dashes as `-`; anything else as it is.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// Half width, capital letters, no white space, one kind of dash.
pub fn fold(text: &str) -> Cow<'_, str> {
    rewrite(text, |c| c.is_whitespace())
}

/// As [`fold`], and without colons and dashes: numbers and fingerprints in the one form in which they can be compared.
pub fn normalize(text: &str) -> Cow<'_, str> {
    rewrite(text, |c| c.is_whitespace() || matches!(c, ':' | '-'))
}

fn rewrite(text: &str, drop: impl Fn(char) -> bool) -> Cow<'_, str> {
    let stays = |c: char| {
        let narrow = narrow(c);
        narrow == c && !narrow.is_ascii_lowercase() && !drop(narrow)
    };
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).filter(|c| !drop(*c)).map(|c| c.to_ascii_uppercase()).collect())
}

/// Have two names to do with each other? They have when they are the same, when they share two Han characters in a row
/// outside of the generic words, or when what is left of one without the generic words (at least two Han characters)
/// stands in the other in the same order, as 北大 does in 北京大学.
pub fn related<W: AsRef<str>>(a: &str, b: &str, generic: &[W]) -> bool {
    let (a, b) = (Name::new(a, generic), Name::new(b, generic));
    if a.chars.is_empty() || b.chars.is_empty() {
        return false;
    }
    a.chars == b.chars || a.shares_pair(&b) || a.is_short_for(&b) || b.is_short_for(&a)
}

/// The characters of a name, and which of them say something.
struct Name {
    chars: Vec<char>,
    telling: Vec<bool>,
}

impl Name {
    fn new<W: AsRef<str>>(text: &str, generic: &[W]) -> Self {
        let chars: Vec<char> = fold(text).chars().collect();
        let mut telling: Vec<bool> = chars.iter().map(|c| is_han(*c)).collect();
        for word in generic {
            let word: Vec<char> = fold(word.as_ref()).chars().collect();
            if word.is_empty() {
                continue;
            }
            for (at, window) in chars.windows(word.len()).enumerate() {
                if window == word.as_slice() {
                    telling.iter_mut().skip(at).take(word.len()).for_each(|telling| *telling = false);
                }
            }
        }
        Self { chars, telling }
    }

    fn pairs(&self) -> impl Iterator<Item = (char, char)> {
        let next = self.chars.iter().skip(1).zip(self.telling.iter().skip(1));
        self.chars.iter().zip(&self.telling).zip(next).filter_map(|((a, ta), (b, tb))| (*ta && *tb).then_some((*a, *b)))
    }

    fn shares_pair(&self, other: &Self) -> bool {
        self.pairs().any(|pair| other.pairs().any(|their| their == pair))
    }

    fn is_short_for(&self, long: &Self) -> bool {
        let mut rest = long.chars.iter();
        let mut count = 0;
        for (c, _) in self.chars.iter().zip(&self.telling).filter(|(_, telling)| **telling) {
            count += 1;
            if !rest.any(|their| their == c) {
                return false;
            }
        }
        count >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERIC: [&str; 6] = ["有限公司", "科技", "网络", "中国", "深圳市", "深圳"];

    #[test]
    fn han_characters_are_counted_and_nothing_else() {
        assert_eq!(han_count("小明的 blog 2026！"), 3);
        assert_eq!(han_count("二〇二六𠮷"), 5);
        assert_eq!(han_count("ひらがな한글々"), 0);
        assert_eq!(han_count(""), 0);
    }

    #[test]
    fn normalize_gives_one_form() {
        assert_eq!(normalize(" ab:cd-ef："), "ABCDEF");
        assert_eq!(normalize("ＡＢ－１２"), "AB12");
        assert_eq!(normalize("4403 0519—x"), "44030519X");
        assert!(matches!(normalize("ABC123"), Cow::Borrowed(_)));
        assert_eq!(fold("粤icp备 １２号—1a"), "粤ICP备12号-1A");
    }

    #[test]
    fn related_names_share_two_telling_characters() {
        let related = |a, b| related(a, b, &GENERIC);
        assert!(related("天天记账", "深圳市天天科技有限公司"));
        assert!(related("某某官网", "某某"));
        assert!(!related("深圳美食", "深圳市某某科技有限公司"), "only the city is the same");
        assert!(!related("甲乙网络科技有限公司", "丙丁网络科技有限公司"), "两个通用词相连处也不算");
        assert!(!related("天网", "天津有限公司"));
    }

    #[test]
    fn short_forms_are_related() {
        let related = |a, b| related(a, b, &GENERIC);
        assert!(related("北大", "北京大学"));
        assert!(related("北京大学", "北大"));
        assert!(related("中国石化有限公司", "石油化工"), "石化 stands in 石油化工 in this order");
        assert!(!related("北", "北京大学"), "one character is no short form");
        assert!(!related("大北", "北京大学"), "another order");
        assert!(!related("中国", "中国石油"), "a generic word alone says nothing");
        assert!(related("中国", "中国"), "but the same name is the same name");
        assert!(!related("", ""));
        assert!(!related("abc", "abd"));
    }
}
