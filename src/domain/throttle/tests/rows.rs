//! What single rows say.

use super::*;

#[test]
fn an_account_waits_as_the_settings_have_it() {
    assert_eq!(Allowance::of_account(&Settings::default()), FIVE);
    let strict = Settings { sign_in_failures_max: 3, sign_in_lock_minutes: 7, ..Settings::default() };
    assert_eq!(Allowance::of_account(&strict), Allowance { failures: 3, wait_max: secs(420) });
}
