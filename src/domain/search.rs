//! The folded form in which search texts and searched texts are compared.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::initials;

/// Invisible characters that copied text often contains: the soft hyphen, zero-width spaces and joiners, direction
/// marks and overrides, invisible operators, and the byte order mark. Source: Unicode, general category Cf, those that
/// occur within words. PostgreSQL's `search_form` lists the same (migration `second_look`).
const UNSEEN: [(char, char); 5] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{feff}', '\u{feff}'),
];

/// The form in which a search compares texts: NFKC, lower case, without invisible characters, trimmed.
#[must_use]
pub fn fold(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let is_seen = |c: &char| !UNSEEN.iter().any(|(first, last)| (first..=last).contains(&c));
    let folded: String = composed.chars().filter(is_seen).flat_map(char::to_lowercase).collect();
    folded.trim().to_owned()
}

/// Whether the folded search text is contained in a name or in the text beside it, or is the name's initials.
#[must_use]
pub fn finds(words: &str, name: &str, beside: &[&str]) -> bool {
    std::iter::once(&name).chain(beside).any(|text| fold(text).contains(words)) || initials::fit(name, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_found_alike() {
        for (written, form) in [
            ("消防通道 ", "消防通道"),
            ("\u{3000}消防通道", "消防通道"),
            ("ＫＩＯＳＫ　１２", "kiosk 12"),
            ("ÉCOLE", "école"),
            ("E\u{301}cole", "école"),
            ("消\u{200b}防\u{feff}", "消防"),
            ("ｶﾞ", "ガ"),
            ("①", "1"),
            ("１００％", "100%"),
            ("\u{3000}\u{200b} \t", ""),
        ] {
            assert_eq!(fold(written), form, "{written:?}");
            assert_eq!(fold(form), form, "{form:?}");
        }
    }
}
