//! Names by the first letters of their characters in pinyin 拼音首字母, as people type them on a phone: `nmsc` is
//! 农贸市场. A character of several readings stands for each of their letters.

use pinyin::ToPinyinMulti as _;

use super::search::fold;

/// Characters of a name that have letters here. Source: our choice; names have a hundred at most, and nobody types so
/// many letters.
const LETTERS_MAX: usize = 64;

/// The letters of a name, one entry a character: those of all its readings. Latin letters and digits are themselves;
/// what has no letter is left out.
fn letters(name: &str) -> Vec<Vec<char>> {
    let of = |character: char| {
        if character.is_ascii_alphanumeric() {
            return Some(vec![character]);
        }
        let readings = character.to_pinyin_multi()?;
        let mut firsts: Vec<char> = readings.into_iter().filter_map(|reading| reading.plain().chars().next()).collect();
        firsts.retain(char::is_ascii_lowercase);
        firsts.sort_unstable();
        firsts.dedup();
        (!firsts.is_empty()).then_some(firsts)
    };
    fold(name).chars().filter_map(of).take(LETTERS_MAX).collect()
}

/// The letters of a name in one text: one word a character, of one letter a reading, such as `d t hx` for 打铜巷.
#[must_use]
pub fn of(name: &str) -> String {
    letters(name).into_iter().map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// The letters that were typed, without the blanks between them.
fn typed(words: &str) -> impl Iterator<Item = char> + Clone {
    words.chars().filter(|character| !character.is_whitespace())
}

/// Whether folded words can be initials: two letters or more, and nothing else but digits. One letter alone would fit
/// nearly every name.
#[must_use]
pub fn are(words: &str) -> bool {
    typed(words).all(|character| character.is_ascii_alphanumeric())
        && typed(words).filter(char::is_ascii_alphabetic).count() >= 2
}

/// Whether folded words are the initials of a name, or of a run of its characters.
#[must_use]
pub fn fit(name: &str, words: &str) -> bool {
    if !are(words) {
        return false;
    }
    let typed: Vec<char> = typed(words).collect();
    letters(name).windows(typed.len()).any(|run| run.iter().zip(&typed).all(|(letters, typed)| letters.contains(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_letters() {
        for (name, words, fits) in [
            ("禾丰农贸市场", "hfnm", true),
            ("禾丰农贸市场", "nm sc", true),
            ("禾丰农贸市场", "hnm", false),
            ("打铜巷", "dtx", true),
            ("打铜巷", "dth", true),
            ("长兴路（重阳桥段）", "cxl", true),
            ("长兴路（重阳桥段）", "zxlcy", true),
            ("绿地二期", "ld", true),
            ("Ａ区３号楼", "aq3hl", true),
            ("Ａ区３号楼", "33", false),
            ("禾丰", "h", false),
            ("禾丰", "hf!", false),
            ("", "hf", false),
        ] {
            assert_eq!(fit(name, words), fits, "{name} {words}");
        }
    }

    #[test]
    fn letters_of_a_name_are_bounded() {
        // 市 has a second, rare reading.
        assert_eq!(of("农贸市场 No 1"), "n m fs c n o 1");
        assert_eq!(of(&"场".repeat(100)).split(' ').count(), LETTERS_MAX);
        assert_eq!(of("（）——"), "");
    }
}
