# shellcheck shell=bash
# The run's own MariaDB: Debian's server program without the service, data in $WORK/db, on a private port and socket.
#
#   start_mariadb                     # sets DB_SOCKET and DB_PORT
#   create_database shop shop secret  # a database and a user who may do all in it
#   sql shop -e 'SELECT 1'
#
# USERLINK_DATABASE names another server than Debian 12's MariaDB 10.11: mariadb-10.5, mariadb-11.8 or mysql-9, out of Debian
# bullseye, trixie and sid, unpacked into the cache with their own libraries.

# shellcheck source=scripts/lib/php.sh
. "$(dirname "${BASH_SOURCE[0]}")/php.sh"

# need_mariadb: the server and client programs; not mariadb-server, which would start a service.
need_mariadb() {
  need_commands mariadbd:mariadb-server-core mariadb-install-db:mariadb-server-core \
    mariadb:mariadb-client mariadb-dump:mariadb-client
}

# get_database_server NAME: prints the folder of an unpacked server.
get_database_server() {
  case $1 in
    mariadb-10.5) cached "$1" build_database_server bullseye mariadb-server-core-10.5 ;;
    mariadb-11.8) cached "$1" build_database_server trixie mariadb-server-core ;;
    mysql-9) cached "$1" build_database_server sid mysql-server-core ;;
    *) die "USERLINK_DATABASE=$1: mariadb-10.5, mariadb-11.8 and mysql-9 can be had" ;;
  esac
}

# build_database_server FOLDER SUITE PACKAGE
build_database_server() {
  local dir=$1 suite=$2 package=$3 loader libraries program
  need_commands patchelf:patchelf
  step "downloading $package (Debian $suite)"
  mkdir "$dir/debs" "$dir/root"
  debian_download_all "$suite" "$dir/debs" "$package"
  unpack_root "$dir/debs" "$dir/root"
  rm -rf "$dir/debs"
  libraries=$(cd "$dir/root" && echo usr/lib/*-linux-gnu*)
  loader=$(cd "$dir/root" && find "$libraries" -name 'ld-*.so*' -type f)
  find "$dir/root/usr/bin" "$dir/root/usr/sbin" -type f \( -name mariadbd -o -name mysqld -o -name my_print_defaults -o -name resolveip \) |
    while read -r program; do
      patchelf --set-interpreter "$CACHED_AS/root/$loader" --force-rpath --set-rpath "$CACHED_AS/root/$libraries" "$program"
    done
  # mariadb-install-db wants it beside itself; in newer suites it comes with the client
  [ -e "$dir/root/usr/bin/my_print_defaults" ] || ln -s "$(command -v my_print_defaults)" "$dir/root/usr/bin/my_print_defaults"
}

# start_mariadb [--fast] [SERVER ARGUMENT…]: starts the server; again after stop_mariadb, with the same data and port.
# Every commit is flushed to disk, unless --fast (for tests that measure nothing and lose nothing by a crash).
start_mariadb() {
  local durable=(--innodb-flush-log-at-trx-commit=1) server=()
  if [ "${1-}" = --fast ]; then
    shift
    durable=(--innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=OFF --innodb-flush-method=nosync)
  fi
  need_mariadb
  export DB_SOCKET=$WORK/db/socket DB_PORT=${DB_PORT:-$(free_port)}
  database_server
  [ -d "$WORK/db/data/mysql" ] || create_data_folder
  start_daemon mariadb "${server[@]}" --user="$(id -un)" \
    --datadir="$WORK/db/data" --tmpdir="$WORK/db/tmp" --socket="$DB_SOCKET" --pid-file="$WORK/db/pid" \
    --port="$DB_PORT" --bind-address=127.0.0.1 --skip-name-resolve \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
    --innodb-buffer-pool-size=128M "${durable[@]}" "$@"
  wait_for_daemon mariadb 60 sql -e 'SELECT 1'
}

# database_server: sets "server" to the program and the arguments that only it understands.
database_server() {
  local root=''
  server=(mariadbd --no-defaults --innodb-log-file-size=48M)
  [ -n "${USERLINK_DATABASE-}" ] || return 0
  root=$(get_database_server "$USERLINK_DATABASE")/root
  server=("$root/usr/sbin/mariadbd" --no-defaults --innodb-log-file-size=48M)
  if [[ $USERLINK_DATABASE != mysql-* ]]; then
    server+=(--lc-messages-dir="$root/usr/share/mysql" --plugin-dir="$root/usr/lib/mysql/plugin")
    return 0
  fi
  # A table as WordPress makes them has dates of zeros; that is WordPress's business, which sets a mode of its own.
  server=("$root/usr/sbin/mysqld" --no-defaults --basedir="$root/usr" --lc-messages-dir="$root/usr/share/mysql" --plugin-dir="$root/usr/lib/mysql/plugin"
    --mysqlx=OFF --secure-file-priv= "--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION")
}

# create_data_folder: an empty server; root has no password and may come from this machine alone. --force: the machine's
# name need not be known to anybody.
create_data_folder() {
  local root='' install=(mariadb-install-db)
  mkdir -p "$WORK/db/data" "$WORK/db/tmp"
  case ${USERLINK_DATABASE-} in
    mysql-*)
      "${server[@]}" --initialize-insecure --user="$(id -un)" --datadir="$WORK/db/data" >"$WORK/log/mariadb-install.log" 2>&1 ||
        die_with_log "$WORK/log/mariadb-install.log" "MySQL's data folder could not be made"
      return 0
      ;;
    ?*)
      root=$(get_database_server "$USERLINK_DATABASE")/root
      install=("$root/usr/bin/mariadb-install-db" --basedir="$root/usr")
      ;;
  esac
  "${install[@]}" --no-defaults --user="$(id -un)" --datadir="$WORK/db/data" \
    --auth-root-authentication-method=normal --skip-test-db --force >"$WORK/log/mariadb-install.log" 2>&1 ||
    die_with_log "$WORK/log/mariadb-install.log" "MariaDB's data folder could not be made"
}

# sql [DATABASE] [CLIENT ARGUMENT…]: MariaDB's client as root.
sql() { mariadb --no-defaults -uroot -S "$DB_SOCKET" --default-character-set=utf8mb4 "$@"; }

# sql_dump DATABASE [ARGUMENT…]: with triggers and routines, without the name of who made them, so that it loads anywhere.
# shellcheck disable=SC2016  # the backquotes are SQL's
sql_dump() {
  mariadb-dump --no-defaults -uroot -S "$DB_SOCKET" --default-character-set=utf8mb4 \
    --single-transaction --routines --triggers "$@" | sed -E 's/ ?DEFINER=`[^`]*`@`[^`]*`//g'
}

# create_database NAME [USER [PASSWORD]]: empty, in place of an old one; USER may do all in it.
create_database() {
  sql -e "DROP DATABASE IF EXISTS \`$1\`;
    CREATE DATABASE \`$1\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
  [ $# -lt 2 ] || grant_database "$@"
}

# grant_database NAME USER [PASSWORD]: USER (with the password PASSWORD, or USER) may do all in it, by TCP and by socket.
grant_database() {
  local name=$1 user=$2 password=${3-$2} host
  for host in 127.0.0.1 localhost; do
    sql -e "CREATE USER IF NOT EXISTS '$user'@'$host' IDENTIFIED BY '$password';
      GRANT ALL ON \`$name\`.* TO '$user'@'$host'"
  done
}

# database_dsn NAME USER [PASSWORD]: prints the address of a database as the sidecar's settings want it.
database_dsn() { echo "$2:${3-$2}@tcp(127.0.0.1:$DB_PORT)/$1"; }

# stop_mariadb [SIGNAL]: a clean shutdown; with KILL, a crash.
stop_mariadb() { stop_daemon mariadb "${1:-TERM}"; }
