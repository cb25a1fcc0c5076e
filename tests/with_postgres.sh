#!/usr/bin/env bash
# with_postgres.sh [--pooler] COMMAND …: run a command beside a PostgreSQL of Debian's: 15, or MPP_TEST_POSTGRES=….
#
# A private cluster on loopback in a temporary folder, by a user without privileges; stopped and removed at the end.
# The command finds it in MPP_TEST_DATABASE_URL. With --pooler a PgBouncer in transaction mode stands before it, with the
# settings of docs/operations.md; the command finds that in MPP_TEST_POOLER_URL.
set -euo pipefail

pooler=
[ "${1:-}" = --pooler ] && { pooler=1; shift; }

version=${MPP_TEST_POSTGRES:-15}
bin=/usr/lib/postgresql/$version/bin

install() {
    echo "Installing $* …" >&2
    apt-get update -qq >&2
    # Debian would begin a cluster and a service of its own
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" >&2
}

if [ ! -x "$bin/postgres" ]; then
    install "postgresql-$version" || true
    [ -x "$bin/postgres" ] || {
        echo "There is no PostgreSQL $version to install here; MPP_TEST_POSTGRES=… asks for another one." >&2
        exit 1
    }
fi
if [ -n "$pooler" ] && [ ! -x /usr/sbin/pgbouncer ]; then
    install pgbouncer
    service pgbouncer stop >/dev/null 2>&1 || true
fi
"$bin/postgres" --version >&2

as=()
[ "$(id -u)" = 0 ] && as=(runuser -u postgres --)
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
folder=$(mktemp -d /tmp/mpp-postgres.XXXXXX)
[ "$(id -u)" = 0 ] && chown postgres "$folder"
port=$(free_port)
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

cleanup() {
    [ -e "$folder/pgbouncer.pid" ] && kill -INT "$(cat "$folder/pgbouncer.pid")" 2>/dev/null || true
    "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

cd "$folder"
"${as[@]}" "$bin/initdb" -D data -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=trust \
    --auth-host=scram-sha-256 >/dev/null
"${as[@]}" "$bin/pg_ctl" -D data -l "$folder/log" -w start \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=300" >/dev/null
sql() { "${as[@]}" "$bin/psql" -h "$folder" -p "$port" -U postgres -qX -v ON_ERROR_STOP=1; }
sql <<<"CREATE ROLE mpp LOGIN CREATEDB IN ROLE pg_signal_backend PASSWORD '$password'"
sql <<<"CREATE DATABASE mpp OWNER mpp"
export PATH="$bin:$PATH" # pg_dump and pg_restore of the same version
export MPP_TEST_DATABASE_URL="postgresql://mpp:$password@127.0.0.1:$port/mpp"

if [ -n "$pooler" ]; then
    # what the program cannot ask for through a pooler, its role has by itself
    sql <<<"CREATE ROLE mpp_program LOGIN IN ROLE mpp PASSWORD '$password';
            ALTER ROLE mpp_program SET lock_timeout = '5s';
            ALTER ROLE mpp_program SET statement_timeout = '10s';
            ALTER ROLE mpp_program SET idle_in_transaction_session_timeout = '2s'"
    pooled=$(free_port)
    printf '"mpp_program" "%s"\n' "$password" >users.txt
    cat >pgbouncer.ini <<INI
[databases]
* = host=127.0.0.1 port=$port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooled
unix_socket_dir =
pidfile = $folder/pgbouncer.pid
logfile = $folder/pgbouncer.log
auth_type = scram-sha-256
auth_file = $folder/users.txt
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
INI
    [ "$(id -u)" = 0 ] && chown postgres users.txt pgbouncer.ini
    chmod 600 users.txt
    "${as[@]}" /usr/sbin/pgbouncer -q -d pgbouncer.ini
    /usr/sbin/pgbouncer --version | head -n 1 >&2
    export MPP_TEST_POOLER_URL="postgresql://mpp_program:$password@127.0.0.1:$pooled/mpp"
fi

cd "$OLDPWD"
"$@"
