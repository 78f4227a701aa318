#!/bin/sh
# Runs a command with a private PostgreSQL that lives exactly as long as the command.
#
#   tests/run-with-postgres.sh cargo nextest run
#
# The command finds the server's address in ANFANG_TEST_POSTGRES_URL. The cluster listens on
# a Unix socket in a temporary folder only, trusts whoever may enter that folder, and forgets
# to fsync: what is tested is our use of PostgreSQL, not its durability. The service refuses
# such a server, so whoever starts the service itself sets ANFANG_TEST_POSTGRES_SYNC=on.
#
# Exit status: the command's; 69 when there is no PostgreSQL to start, 70 when it did not start.
set -eu

say() { echo "run-with-postgres: $*" >&2; }

if [ $# -eq 0 ]; then
    say "usage: $0 COMMAND [ARGUMENT…]"
    exit 64
fi

# Debian keeps the server's programs out of PATH, one folder a version: take the newest.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -V | tail -n 1)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    found=$(command -v initdb || true)
    if [ -z "$found" ]; then
        say "no PostgreSQL found: neither /usr/lib/postgresql/*/bin nor initdb in PATH"
        exit 69
    fi
    bin=$(dirname "$(readlink -f "$found")")
fi

# A socket's path must be shorter than about 100 bytes, so a long TMPDIR is of no use.
base=${TMPDIR:-/tmp}
[ ${#base} -le 60 ] || base=/tmp
folder=$(mktemp -d "$base/anfang-pg.XXXXXX")

# PostgreSQL refuses to run as root; the programs to step down with are in util-linux.
owner=
if [ "$(id -u)" -eq 0 ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
    chown "$owner" "$folder"
fi
as_owner() {
    if [ -z "$owner" ]; then
        "$@"
    elif setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups true 2>/dev/null; then
        setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
    else
        runuser -u "$owner" -- "$@"
    fi
}

stop() {
    trap - EXIT
    # Our folder may be the caller's, which the server's owner need not be able to enter.
    cd "$folder" 2>/dev/null || cd /
    if [ -f "$folder/data/postmaster.pid" ]; then
        as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    cd /
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

sync=${ANFANG_TEST_POSTGRES_SYNC:-off}
start() (
    cd "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U anfang -A trust -E UTF8 --no-locale --no-sync || exit 1
    as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start -o "-k $folder -c listen_addresses='' \
        -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off \
        -c fsync=$sync -c full_page_writes=$sync -c synchronous_commit=$sync -c wal_level=minimal -c max_wal_senders=0"
)
if ! start </dev/null >"$folder/start" 2>&1; then
    say "PostgreSQL ($bin) did not start:"
    cat "$folder/start" "$folder/log" >&2 2>/dev/null || true
    exit 70
fi

ANFANG_TEST_POSTGRES_URL="postgres://anfang@/postgres?host=$folder"
export ANFANG_TEST_POSTGRES_URL
status=0
"$@" || status=$?
exit $status
