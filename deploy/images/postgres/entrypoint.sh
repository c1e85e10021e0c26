#!/bin/bash
# Makes the database cluster at the first start, then runs the command as the user postgres.
set -euo pipefail

# Says what is wrong and ends.
fail() {
  echo "$1" >&2
  exit 1
}

# The value of NAME, else the content of the file that NAME_FILE names, else the default.
value_of() {
  local name=$1 file=$1_FILE
  if [[ -n ${!name:-} ]]; then
    printf '%s' "${!name}"
  elif [[ -n ${!file:-} ]]; then
    cat "${!file}"
  else
    printf '%s' "${2:-}"
  fi
}

# A new cluster whose superuser has the password; over the network everybody needs one. It is made
# in the folder `fresh`, which goes last: where it is still found, an earlier start was cut short.
make_cluster() {
  local user password database fresh=$PGDATA/fresh
  user=$(value_of POSTGRES_USER postgres)
  password=$(value_of POSTGRES_PASSWORD)
  database=$(value_of POSTGRES_DB "$user")
  [[ -n $password ]] || fail "POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is needed"
  if [[ -d $fresh ]]; then find "$PGDATA" -mindepth 1 -delete; fi
  [[ -z $(ls -A "$PGDATA") ]] || fail "$PGDATA holds something that is no database"
  # The arguments are words, as in the official image.
  # shellcheck disable=SC2086
  initdb --pgdata="$fresh" --username="$user" --pwfile=<(printf '%s\n' "$password") \
    --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  printf 'host all all all scram-sha-256\n' >>"$fresh/pg_hba.conf"
  sed -i "s/^#\?listen_addresses.*/listen_addresses = '*'/" "$fresh/postgresql.conf"
  if [[ $database != postgres ]]; then
    printf 'CREATE DATABASE "%s";\n' "$database" \
      | postgres --single -D "$fresh" -c exit_on_error=true postgres >/dev/null
  fi
  find "$fresh" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  mv "$fresh/PG_VERSION" "$PGDATA/" # last: its presence means that the cluster is whole
  rmdir "$fresh"
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-} == postgres && $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA"
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres {} +
  chmod 0700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [[ ${1:-} == postgres && ! -s $PGDATA/PG_VERSION ]]; then
  make_cluster
fi
exec "$@"
