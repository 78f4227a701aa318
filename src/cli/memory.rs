//! How the C library keeps memory that was given back.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// How many areas glibc allocates from. Source: mallopt(3).
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// Starts the program again in this process with one area to allocate from, where nobody has chosen how many.
///
/// glibc takes up to eight for each core, so that threads do not wait for each other, and each keeps what its largest
/// moment took. What works through many rows reads them in whichever thread is free, so it takes that room in all of
/// them (`docs/BENCHMARKS.md`). glibc reads the variable only when a program starts. Where that fails the program goes
/// on as it is. Other C libraries do not know the variable.
pub(super) fn with_one_arena() {
    if cfg!(not(target_env = "gnu")) || env::var_os(ARENAS).is_some() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut words = env::args_os();
    let name = words.next().unwrap_or_else(|| program.clone().into());
    // It answers only if it fails.
    drop(Command::new(program).arg0(name).args(words).env(ARENAS, "1").exec());
}
