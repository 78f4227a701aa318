//! The folded form in which search texts and searched texts are compared.

use std::collections::HashMap;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::initials;

/// Invisible characters that copied text often contains: the soft hyphen, zero-width spaces and joiners, direction
/// marks and overrides, invisible operators, and the byte order mark. Source: Unicode, general category Cf, those that
/// occur within words.
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

/// Most characters of a run that an index of texts knows. Source: our choice; most Chinese words have two to four
/// characters, and few texts have three characters twice, so that few must be read for longer words.
const RUN_CHARS_MAX: usize = 4;

/// The runs of one to [`RUN_CHARS_MAX`] consecutive characters of a folded text.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().flat_map(move |(start, _)| {
        let rest = text.get(start..).unwrap_or_default();
        rest.char_indices().take(RUN_CHARS_MAX).filter_map(move |(at, last)| rest.get(..at + last.len_utf8()))
    })
}

/// What an index notes of the folded texts that belong together: every run of their characters, and which runs of one
/// character less than the longest occur more than once in them (`true`).
#[must_use]
pub fn runs_of<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<&'a str, bool> {
    let mut found = HashMap::new();
    for run in texts.flat_map(runs) {
        let is_overlap = run.chars().count() == RUN_CHARS_MAX - 1;
        found.entry(run).and_modify(|repeated| *repeated = is_overlap).or_insert(false);
    }
    found
}

/// How an index finds the texts that contain some words: they have all `runs`, and if they have one of `overlaps` more
/// than once, only reading them tells whether they contain the words.
///
/// Where a run overlaps with the next one in characters that occur once, both are at the same place. So a text that has
/// all runs, and each overlap once, contains the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp<'a> {
    /// The runs to look for.
    pub runs: Vec<&'a str>,
    /// What each of them has in common with the next.
    pub overlaps: Vec<&'a str>,
}

impl<'a> LookUp<'a> {
    /// For folded words.
    #[must_use]
    pub fn of(words: &'a str) -> Self {
        let length = words.chars().count();
        let of_length = |wanted: usize| runs(words).filter(move |run| run.chars().count() == wanted);
        let runs = of_length(length.min(RUN_CHARS_MAX)).collect();
        let shorter: Vec<&str> = of_length(RUN_CHARS_MAX - 1).collect();
        // Without the first and the last, which are in one run each.
        let overlaps = shorter.get(1..shorter.len().saturating_sub(1)).unwrap_or_default();
        LookUp { runs, overlaps: overlaps.to_vec() }
    }
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

    #[test]
    fn a_name_is_found_by_its_text_the_text_beside_it_or_its_initials() {
        for (words, found) in
            [("农贸", true), ("mkt-0042", true), ("滨河路", true), ("nmsc", true), ("超市", false), ("nmsx", false)]
        {
            assert_eq!(finds(words, "农贸市场", &["990001-MKT-0042", "滨河路2号"]), found, "{words}");
        }
    }

    #[test]
    fn words_are_looked_up_by_their_runs() {
        let look_up = |words| {
            let LookUp { runs, overlaps } = LookUp::of(words);
            format!("{} / {}", runs.join("|"), overlaps.join("|"))
        };
        for (words, found) in [
            ("垃", "垃 / "),
            ("清理", "清理 / "),
            ("垃圾桶", "垃圾桶 / "),
            ("消防通道", "消防通道 / "),
            ("消防通道堵", "消防通道|防通道堵 / 防通道"),
            ("no 123", "no 1|o 12| 123 / o 1| 12"),
        ] {
            assert_eq!(look_up(words), found, "{words}");
        }
        let found = runs_of(["通道通道通", "道"].into_iter());
        let mut all: Vec<(&str, bool)> = found.into_iter().collect();
        all.sort_unstable();
        let expected = [
            ("通", false),
            ("通道", false),
            ("通道通", true),
            ("通道通道", false),
            ("道", false),
            ("道通", false),
            ("道通道", false),
            ("道通道通", false),
        ];
        assert_eq!(all, expected);
    }

    proptest::proptest! {
        #[test]
        fn runs_find_what_reading_finds(
            texts in proptest::collection::vec("[ab通]{0,14}", 1..4),
            words in "[ab通]{1,7}",
        ) {
            let found = runs_of(texts.iter().map(String::as_str));
            let LookUp { runs, overlaps } = LookUp::of(&words);
            let has_all = runs.iter().all(|run| found.contains_key(run));
            let is_doubtful = overlaps.iter().any(|overlap| found.get(overlap) == Some(&true));
            let contained = texts.iter().any(|text| text.contains(&words));
            proptest::prop_assert!(has_all || !contained);
            proptest::prop_assert!(is_doubtful || has_all == contained);
        }
    }
}
