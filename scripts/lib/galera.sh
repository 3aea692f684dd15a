# shellcheck shell=bash
# A cluster of three MariaDB nodes on this machine: the server program of mariadb.sh with Debian's Galera library, data in
# $WORK/galera, each node on ports of its own. A node is named by its number, 1 to 3.
#
#   found_galera                      # the first node
#   load_civicrm_schema shop
#   start_nodes 2 3                   # the others; they get all that is there
#   node_sql 2 shop -N -e 'SELECT 1'
#   stop_node 2 KILL; start_nodes 2   # it comes back and gets what it missed

# shellcheck source=scripts/lib/mariadb.sh
. "$(dirname "${BASH_SOURCE[0]}")/mariadb.sh"
# shellcheck source=scripts/lib/debian.sh
. "$LIB/debian.sh"

# get_galera: prints the folder of the library and of the scripts with which a node hands its data to a new one. They are
# unpacked, not installed: the package that has the scripts is the one that would start a service.
get_galera() { cached galera-bookworm build_galera; }

build_galera() {
  step "downloading Galera (Debian bookworm)"
  mkdir "$1/debs" "$1/unpacked"
  debian_download bookworm "$1/debs" galera-4 mariadb-server
  debian_unpack "$1/debs" "$1/unpacked"
  mkdir "$1/bin"
  mv "$1/unpacked/usr/lib/libgalera_smm.so" "$1"
  mv "$1"/unpacked/usr/bin/wsrep_sst_{common,rsync} "$1/bin"
  rm -rf "$1/debs" "$1/unpacked"
}

# GALERA_AS: what a node is started by; without root's rights, for rsync refuses to hand data from root to root.
GALERA_AS=()
[ "$(id -u)" != 0 ] || GALERA_AS=(setpriv --reuid=65534 --regid=65534 --clear-groups --)

# found_galera: the first node, for sql and its like to speak to. What is loaded into it now has ids
# without gaps, as CiviCRM's SQL files assume; the nodes that are started after it get all of that.
found_galera() {
  local node
  need_mariadb
  need_commands rsync:rsync lsof:lsof ps:procps
  mkdir -p "$WORK/galera/program"
  cp -r "$(get_galera)/." "$WORK/galera/program"
  chmod 0711 "$WORK"   # whoever nobody is, he must get through to the data
  GALERA_ADDRESS=''
  GALERA_SQL=() GALERA_GROUP=() GALERA_GIVE=() GALERA_TAKE=()
  for node in 1 2 3; do
    GALERA_SQL[node]=$(free_port) GALERA_GROUP[node]=$(free_port) GALERA_GIVE[node]=$(free_port) GALERA_TAKE[node]=$(free_port)
    GALERA_ADDRESS+=${GALERA_ADDRESS:+,}127.0.0.1:${GALERA_GROUP[node]}
    mkdir -p "$WORK/galera/$node/data" "$WORK/galera/$node/tmp"
    [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$WORK/galera/$node"
  done
  "${GALERA_AS[@]}" mariadb-install-db --no-defaults --datadir="$WORK/galera/1/data" \
    --auth-root-authentication-method=normal --skip-test-db --force >"$WORK/log/galera-install.log" 2>&1 ||
    die_with_log "$WORK/log/galera-install.log" "the first node's data folder could not be made"
  launch_node 1 --wsrep-new-cluster
  node_answers 1
  use_node 1
}

# launch_node NODE [SERVER ARGUMENT…]: starts it and does not wait. The others give a node up that is silent for three
# seconds (five are usual).
launch_node() {
  local node=$1 here=$WORK/galera/$1
  shift
  PATH=$WORK/galera/program/bin:$PATH start_daemon "galera-$node" "${GALERA_AS[@]}" mariadbd --no-defaults \
    --datadir="$here/data" --tmpdir="$here/tmp" --socket="$here/socket" --pid-file="$here/pid" \
    --port="${GALERA_SQL[node]}" --bind-address=127.0.0.1 --skip-name-resolve --server-id="$node" \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
    --innodb-buffer-pool-size=128M --innodb-log-file-size=48M --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync \
    --innodb-lock-wait-timeout=5 --binlog-format=ROW --innodb-autoinc-lock-mode=2 --max-connections=100 \
    --wsrep-on=ON --wsrep-provider="$WORK/galera/program/libgalera_smm.so" \
    --wsrep-cluster-name=userlink --wsrep-cluster-address="gcomm://$GALERA_ADDRESS" \
    --wsrep-node-name="node$node" --wsrep-node-address="127.0.0.1:${GALERA_GROUP[node]}" \
    --wsrep-node-incoming-address="127.0.0.1:${GALERA_SQL[node]}" \
    --wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:${GALERA_TAKE[node]}" \
    --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:${GALERA_GROUP[node]};ist.recv_addr=127.0.0.1:${GALERA_GIVE[node]};gcache.size=128M;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S;evs.keepalive_period=PT0.5S" "$@"
}

# start_nodes NODE…: they join, for the first time or again, and have all that the others have when this returns. As on a
# real machine a node that crashed first finds out how far it had got, and then asks for the rest alone.
start_nodes() {
  local node from
  for node; do
    from=$(recovered "$node")
    launch_node "$node" ${from:+--wsrep-start-position="$from"}
  done
  for node in 1 2 3; do   # who handed the data out has to catch up, too
    ! daemon_runs "galera-$node" || node_answers "$node"
  done
}

# recovered NODE: prints the last transaction that a crashed node has, as mariadbd-safe would find it; nothing for a new node.
recovered() {
  local here=$WORK/galera/$1
  [ -d "$here/data/mysql" ] || return 0
  "${GALERA_AS[@]}" mariadbd --no-defaults --datadir="$here/data" --tmpdir="$here/tmp" --socket="$here/socket" --skip-networking \
    --innodb-log-file-size=48M --binlog-format=ROW --wsrep-on=ON --wsrep-provider="$WORK/galera/program/libgalera_smm.so" \
    --wsrep-cluster-address="gcomm://$GALERA_ADDRESS" --wsrep-recover >"$WORK/log/recover-$1.log" 2>&1 ||
    die_with_log "$WORK/log/recover-$1.log" "node $1 does not say how far it had got"
  sed -n 's/.*WSREP: Recovered position:* *//p' "$WORK/log/recover-$1.log" | tail -n 1
}

node_answers() { wait_for_daemon "galera-$1" 90 node_synced "$1"; }

# stop_node NODE [SIGNAL]: a clean shutdown; with KILL, a crash.
stop_node() { stop_daemon "galera-$1" "${2:-TERM}"; }

# node_synced NODE: it is part of a cluster that may write, and has all of it.
node_synced() {
  [ "$(node_status "$1" wsrep_local_state_comment) $(node_status "$1" wsrep_cluster_status)" = "Synced Primary" ]
}

# node_status NODE NAME: one of the server's status variables.
node_status() { node_sql "$1" -N -e "SHOW GLOBAL STATUS LIKE '$2'" | cut -f 2; }

# node_sql NODE [DATABASE] [CLIENT ARGUMENT…]: as sql, on that node.
node_sql() {
  local node=$1
  shift
  DB_SOCKET=$WORK/galera/$node/socket sql "$@"
}

# use_node NODE: the one that sql, create_database, database_dsn and their like speak to.
use_node() { export DB_SOCKET=$WORK/galera/$1/socket DB_PORT=${GALERA_SQL[$1]}; }
