#!/bin/sh
# Changes the rules in src/domain in every way that cargo-mutants knows, and names each change that no unit test notices.
#
#   tests/mutants.sh                            all of it: some 3,700 changes, several hours
#   tests/mutants.sh --shard 3/8                an eighth
#   tests/mutants.sh -f 'src/domain/geo.rs'     one file
#   tests/mutants.sh --list                     what would be changed
#
# The domain stands on nothing of ours (docs/ARCHITECTURE.md), so it is tried as a crate of its own in a temporary
# folder, which builds in seconds. Arguments are handed on to cargo-mutants; what it found is left in target/mutants.
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

# The crates that src/domain uses, in the versions that the project names and has locked.
line() {
    grep -E "^$1 = " "$root/Cargo.toml" || { echo "mutants: Cargo.toml does not name $1" >&2; exit 70; }
}
mkdir "$folder/src"
{
    printf '[package]\nname = "domain"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[dependencies]\n'
    for crate in hmac icu_normalizer icu_properties jiff pinyin serde serde_json sha2 thiserror utoipa uuid; do line "$crate"; done
    printf '\n[dev-dependencies]\n'
    line proptest
    printf '\n[profile.dev]\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n'
} >"$folder/Cargo.toml"
cp "$root/Cargo.lock" "$folder/"
cp -R "$root/src/domain" "$folder/src/"
# The vectors of its specifications, which tests compare with.
cp -R "$root/docs" "$folder/"
printf '//! The domain alone.\npub mod domain;\n' >"$folder/src/lib.rs"

mkdir -p "$root/target/mutants"
status=0
cargo mutants --dir "$folder" --output "$root/target/mutants" "$@" -- --lib || status=$?
exit $status
