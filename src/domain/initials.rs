//! Search by the pinyin initials 拼音首字母 of a name, as people type them on a phone: `nmsc` is 农贸市场. A character with
//! several readings matches each of their initials.

use pinyin::ToPinyinMulti as _;

use super::search::fold;

/// Characters of a name that are indexed. Source: our choice; names have a hundred at most, and nobody types so many
/// letters.
const LETTERS_MAX: usize = 64;

/// The initials of a name, one entry for each character: those of all its readings. Latin letters and digits stand for
/// themselves; characters without a reading are left out.
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

/// The initials of a name as one text: one word for each character, with one letter for each reading, such as `d t hx`
/// for 打铜巷.
#[must_use]
pub fn of(name: &str) -> String {
    letters(name).into_iter().map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// The typed letters without the spaces between them.
fn typed(words: &str) -> impl Iterator<Item = char> + Clone {
    words.chars().filter(|character| !character.is_whitespace())
}

/// Whether a folded search text can be initials: two or more letters or digits and nothing else. A single letter would
/// match nearly every name.
#[must_use]
pub fn are(words: &str) -> bool {
    typed(words).all(|character| character.is_ascii_alphanumeric())
        && typed(words).filter(char::is_ascii_alphabetic).count() >= 2
}

/// The initials of a name, for looking for many words in it.
#[derive(Debug, Clone)]
pub struct Initials(Vec<Vec<char>>);

impl Initials {
    /// Of this name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Initials(letters(name))
    }

    /// Whether a folded search text is these initials, or consecutive ones of them.
    #[must_use]
    pub fn fit(&self, words: &str) -> bool {
        if !are(words) {
            return false;
        }
        let typed: Vec<char> = typed(words).collect();
        self.0.windows(typed.len()).any(|run| run.iter().zip(&typed).all(|(letters, typed)| letters.contains(typed)))
    }
}

/// Whether a folded search text is the initials of a name, or of consecutive characters in it.
#[must_use]
pub fn fit(name: &str, words: &str) -> bool {
    Initials::of(name).fit(words)
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
