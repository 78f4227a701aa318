//! Numbers of issues.

/// Digits behind the year: a county finds some ten thousand cases a year. A year that is nearly full goes on with
/// more. Source: domain §6.2, "numbers are per-year random-offset"; how many digits is our choice.
const DIGITS: std::ops::RangeInclusive<u32> = 7..=9;
/// Draws with as many digits: with nine of ten numbers taken, one of 32 is free with a chance of 97 %.
const DRAWS: usize = 32;

/// A number that no issue has. Random within its year, so that it counts nothing and orders nothing. `below` draws a
/// number below its argument, each alike. `None` when each draw was taken, of which there are never more than 96:
/// then chance itself is broken.
///
/// # Errors
/// What `is_taken` answers.
pub(crate) fn unused<E>(
    year: i16,
    mut below: impl FnMut(u32) -> u32,
    mut is_taken: impl FnMut(&str) -> Result<bool, E>,
) -> Result<Option<String>, E> {
    for digits in DIGITS {
        for _ in 0..DRAWS {
            let number = format!("{year}-{:0width$}", below(10_u32.pow(digits)), width = digits as usize);
            if !is_taken(&number)? {
                return Ok(Some(number));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;
    use std::convert::Infallible;

    use super::*;

    fn draw(mut next: u32, taken: &HashSet<String>) -> (Option<String>, usize) {
        let mut asked = 0;
        let number = unused(
            2026,
            |end| {
                next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                next % end
            },
            |number| {
                asked += 1;
                Ok::<_, Infallible>(taken.contains(number))
            },
        );
        (number.unwrap(), asked)
    }

    #[test]
    fn a_full_year_goes_on_with_more_digits() {
        let full: HashSet<String> = (0..10_000_000).map(|number| format!("2026-{number:07}")).collect();
        let (number, asked) = draw(1, &full);
        assert_eq!((number.unwrap().len(), asked), ("2026-12345678".len(), DRAWS + 1));
    }

    #[test]
    fn a_nearly_full_year_still_has_numbers() {
        // One of a hundred is free.
        let nearly: HashSet<String> =
            (0..10_000_000).filter(|number| number % 100 != 7).map(|number| format!("2026-{number:07}")).collect();
        for seed in 0..200 {
            let (number, asked) = draw(seed, &nearly);
            let number = number.unwrap();
            assert!(!nearly.contains(&number) && asked <= 2 * DRAWS, "{number} after {asked}");
        }
    }

    #[test]
    fn chance_that_is_broken_ends() {
        let mut asked = 0;
        let number = unused(
            2026,
            |_| 0,
            |_| {
                asked += 1;
                Ok::<_, Infallible>(true)
            },
        );
        assert_eq!((number.unwrap(), asked), (None, 3 * DRAWS));
    }
}
