#!/bin/sh
# Changes the rules in every way that cargo-mutants knows, and names each change that no unit test notices.
#
#   tests/mutants.sh                            src/domain: some 3,700 changes, several hours
#   tests/mutants.sh app                        the pure files of src/app: some 350 changes
#   tests/mutants.sh --shard 3/8                an eighth
#   tests/mutants.sh -f 'src/domain/geo.rs'     one file
#   tests/mutants.sh app --list                 what would be changed
#
# The domain stands on nothing of ours (docs/ARCHITECTURE.md), so it is tried as a crate of its own in a temporary
# folder, which builds in seconds. So are the files of `app` that use neither store nor files nor clock: they are a
# second crate there, that takes the domain as it is. Arguments are handed on to cargo-mutants; what it found is left in
# target/mutants, or in target/mutants-app.
#
# Exit status: that of cargo-mutants (0: all were noticed, 2: some were not); 69 when there is no cargo-mutants.
set -eu

if ! cargo mutants --version >/dev/null 2>&1; then
    echo "mutants: cargo-mutants is missing. Type: cargo install --locked cargo-mutants" >&2
    exit 69
fi

root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/anfang-mutants.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# manifest NAME CRATE…: a manifest with these crates, in the versions that the project names and has locked.
manifest() {
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[dependencies]\n' "$1"
    shift
    for crate in "$@"; do line "$crate"; done
}
line() {
    grep -E "^$1 = " "$root/Cargo.toml" || { echo "mutants: Cargo.toml does not name $1" >&2; exit 70; }
}
profile() {
    printf '\n[profile.dev]\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n'
}

# domain FOLDER: the crate of the rules, in this folder.
domain() {
    mkdir -p "$1/src"
    {
        manifest domain hmac icu_normalizer icu_properties jiff pinyin serde serde_json sha2 thiserror utoipa uuid
        printf '\n[dev-dependencies]\n'
        line proptest
    } >"$1/Cargo.toml"
    cp -R "$root/src/domain" "$1/src/"
    # What the domain shows to the project alone, it shows to the crate beside it.
    sed 's/^pub(crate) mod text;/pub mod text;/' "$root/src/domain/mod.rs" >"$1/src/domain/mod.rs"
    printf '//! The domain alone.\npub mod domain;\n' >"$1/src/lib.rs"
}

if [ "${1-}" = app ]; then
    shift
    output=$root/target/mutants-app
    domain "$folder/domain"
    mkdir "$folder/src"
    {
        manifest app calamine csv encoding_rs jiff rust_xlsxwriter sha1 sha2 tracing uuid zip
        printf 'domain = { path = "domain" }\n\n[workspace]\nmembers = ["domain"]\n'
        profile
    } >"$folder/Cargo.toml"
    # What the files find around them: the domain, and the error that they answer.
    cat >"$folder/src/lib.rs" <<'LIB'
//! The pure files of `app` alone.
pub use domain::domain;
pub mod app {
    #[derive(Debug, PartialEq)]
    pub enum AppError { Internal(String), StorageFull }
    pub type Result<T> = std::result::Result<T, AppError>;
    async fn blocking<T>(work: impl FnOnce() -> Result<T>) -> Result<T> { work() }
    pub mod imports { pub mod read; pub mod sheet; pub mod workbook; }
    pub mod issues { pub mod number; }
    pub mod long_jobs { pub mod workbook; }
    pub mod photos { pub mod checksum; }
    pub mod sheets;
}
LIB
    for file in imports/read imports/sheet imports/workbook issues/number long_jobs/workbook photos/checksum sheets; do
        mkdir -p "$folder/src/app/$(dirname "$file")"
        cp "$root/src/app/$file.rs" "$folder/src/app/$file.rs"
        [ ! -d "$root/src/app/$file" ] || cp -R "$root/src/app/$file" "$folder/src/app/$file"
    done
    set -- --package app --exclude src/lib.rs "$@"
else
    output=$root/target/mutants
    domain "$folder"
    profile >>"$folder/Cargo.toml"
    # The vectors of its specifications, which tests compare with.
    cp -R "$root/docs" "$folder/"
fi
cp "$root/Cargo.lock" "$folder/"

mkdir -p "$output"
status=0
cargo mutants --dir "$folder" --output "$output" "$@" -- --lib || status=$?
exit $status
