//! Rules for passwords, and how they are generated.

use super::invalid::{FieldCode, Invalid};
use super::settings::Settings;

/// Most characters of a password: more only costs time. Source: our choice.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Characters of a generated password. Source: our choice; about 93 bits.
const DRAWN_CHARS: usize = 16;
/// Characters of generated passwords, by kind, without those that look alike on paper.
const ALPHABETS: [&[u8]; 4] = [b"abcdefghjkmnpqrstuvwxyz", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"23456789", b"+=%#@"];

/// How many of the four kinds of characters (lower, upper, digit, other) `password` contains. A letter without case,
/// such as 汉, is of the last kind.
#[must_use]
pub fn classes(password: &str) -> u32 {
    let mut found = [false; 4];
    for character in password.chars() {
        let kind = if character.is_lowercase() {
            0
        } else if character.is_uppercase() {
            1
        } else if character.is_numeric() {
            2
        } else {
            3
        };
        found[kind] = true;
    }
    found.iter().map(|found| u32::from(*found)).sum()
}

/// Checks a password that somebody chose, and reports every fault under `pointer`.
pub fn check(invalid: &mut Invalid, pointer: &str, password: &str, username: &str, settings: &Settings) {
    let chars = password.chars().count();
    let least = settings.password_chars_min;
    if u32::try_from(chars).unwrap_or(u32::MAX) < least {
        invalid.push(pointer, FieldCode::OutOfRange, format!("at least {least} characters"));
    }
    if chars > PASSWORD_CHARS_MAX {
        invalid.push(pointer, FieldCode::TooLong, format!("at most {PASSWORD_CHARS_MAX} characters"));
    }
    let kinds = settings.password_classes_min;
    if classes(password) < kinds {
        let detail = format!("at least {kinds} of: small letters, capital letters, digits, other characters");
        invalid.push(pointer, FieldCode::Malformed, detail);
    }
    if !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase()) {
        invalid.push(pointer, FieldCode::NotAllowed, "must not contain the user name");
    }
}

/// Generates a password with every kind of character; `below(n)` answers a random number below `n`. It is as long as
/// the settings require, and at least 16.
#[must_use]
pub fn draw(settings: &Settings, mut below: impl FnMut(u32) -> u32) -> String {
    let mut below = |end: usize| below(u32::try_from(end).unwrap_or(u32::MAX)) as usize;
    let length = DRAWN_CHARS.max(settings.password_chars_min as usize);
    let all = ALPHABETS.concat();
    let mut drawn: Vec<u8> = Vec::with_capacity(length);
    // One of each kind, the rest of any kind, then shuffled.
    for alphabet in ALPHABETS.into_iter().chain(std::iter::repeat(all.as_slice())).take(length) {
        drawn.extend(alphabet.get(below(alphabet.len())));
    }
    for last in (1..drawn.len()).rev() {
        drawn.swap(last, below(last + 1));
    }
    drawn.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_password_is_named() {
        use FieldCode::{Malformed, NotAllowed, OutOfRange, TooLong};
        let long = "aB3".repeat(43);
        for (password, faults) in [
            ("Kite-flying 7", &[][..]),
            ("Abcdefgh12", &[]),
            ("汉字口令Abcdefgh", &[]),
            ("Abcdefg12", &[OutOfRange]),
            ("abcdefghijkl", &[Malformed]),
            ("abcdefgh1234", &[Malformed]),
            ("xxOFFICE01-1x", &[NotAllowed]),
            ("office01", &[OutOfRange, Malformed, NotAllowed]),
            ("", &[OutOfRange, Malformed]),
            (&long, &[TooLong]),
        ] {
            let mut invalid = Invalid::default();
            check(&mut invalid, "/new_password", password, "office01", &Settings::default());
            let found: Vec<_> = invalid.0.iter().map(|error| error.code).collect();
            assert_eq!(found, faults, "{password}");
            assert!(invalid.0.iter().all(|error| error.pointer == "/new_password"));
        }
    }

    #[test]
    fn kinds_are_counted() {
        for (password, kinds) in [("", 0), ("a", 1), ("aA", 2), ("aA1", 3), ("aA1 ", 4), ("汉", 1), ("éÉ", 2)] {
            assert_eq!(classes(password), kinds, "{password}");
        }
    }

    #[test]
    fn drawn_passwords_obey_the_strictest_rules() {
        let strict = Settings { password_chars_min: 64, password_classes_min: 4, ..Settings::default() };
        for (settings, length) in [(Settings::default(), 16), (strict, 64)] {
            let mut state = 1_u64;
            let mut next = |end: u32| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                u32::try_from((state >> 33) % u64::from(end)).unwrap_or(0)
            };
            for draw_no in 0..200 {
                let password = draw(&settings, &mut next);
                let mut invalid = Invalid::default();
                check(&mut invalid, "/password", &password, "inspector01", &settings);
                assert_eq!((password.len(), invalid.0), (length, Vec::new()), "{draw_no} {password}");
                assert_eq!(classes(&password), 4);
            }
            // Ends even with a broken random generator.
            assert_eq!(draw(&settings, |_| 0).len(), length);
        }
    }

    #[test]
    fn a_password_has_128_characters_at_most_and_as_many_kinds_as_are_asked() {
        let faults = |password: &str, username: &str, settings: &Settings| {
            let mut invalid = Invalid::default();
            check(&mut invalid, "/password", password, username, settings);
            invalid.0.iter().map(|error| error.code).collect::<Vec<_>>()
        };
        let settings = Settings::default();
        let long = format!("aB{}", "3".repeat(126));
        assert_eq!(faults(&long, "office01", &settings), []);
        assert_eq!(faults(&format!("{long}4"), "office01", &settings), [FieldCode::TooLong]);
        // An empty name is contained in every password.
        assert_eq!(faults("Kite-flying 7", "", &settings), []);
        let strict = Settings { password_classes_min: 4, ..settings };
        assert_eq!(faults("Kite-flying 7", "office01", &strict), []);
        assert_eq!(faults("Kiteflying77", "office01", &strict), [FieldCode::Malformed]);
    }

    /// One of each kind first, then any; the last one drawn may keep its position.
    #[test]
    fn every_character_can_be_drawn_and_stand_in_every_place() {
        assert_eq!(draw(&Settings::default(), |end| end - 1), "zZ9@@@@@@@@@@@@@");
        let mut first = std::collections::BTreeSet::new();
        for number in 0..16 {
            first.extend(draw(&Settings::default(), |end| number % end).chars().next());
        }
        assert!(first.len() > 1, "{first:?}");
    }
}
