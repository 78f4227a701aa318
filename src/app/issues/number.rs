//! Issue numbers.

/// Digits after the year: a county finds some ten thousand cases a year. When a year is nearly full, more digits are
/// used. Source: domain §6.2, "numbers are per-year random-offset"; how many digits is our choice.
const DIGITS: std::ops::RangeInclusive<u32> = 7..=9;
/// Draws for each number of digits: with nine of ten numbers taken, one of 32 draws is free with a probability of 97 %.
const DRAWS: usize = 32;

/// An unused number. Random within its year, so that it reveals neither count nor order. `below` draws a number below
/// its argument with equal probability. `None` when all draws, at most 96, were taken: then the random generator is
/// broken.
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
    use std::convert::Infallible;

    use super::*;

    fn draw(mut next: u32, taken: impl Fn(&str) -> bool) -> (Option<String>, usize) {
        let mut asked = 0;
        let number = unused(
            2026,
            |end| {
                next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                next % end
            },
            |number| {
                asked += 1;
                Ok::<_, Infallible>(taken(number))
            },
        );
        (number.unwrap(), asked)
    }

    #[test]
    fn a_full_year_goes_on_with_more_digits() {
        let (number, asked) = draw(1, |number| number.len() == "2026-1234567".len());
        assert_eq!((number.unwrap().len(), asked), ("2026-12345678".len(), DRAWS + 1));
    }

    #[test]
    fn a_nearly_full_year_still_has_numbers() {
        // One of a hundred is free.
        let is_taken = |number: &str| number.len() == "2026-1234567".len() && !number.ends_with("07");
        for seed in 0..200 {
            let (number, asked) = draw(seed, is_taken);
            let number = number.unwrap();
            assert!(!is_taken(&number) && asked <= 2 * DRAWS, "{number} after {asked}");
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
