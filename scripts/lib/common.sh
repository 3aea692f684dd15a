# shellcheck shell=bash
# What every script needs: messages, packages, ports, waiting, background programs, the cache and the run's own folder.
#
#   . scripts/lib/common.sh
#   start_run                       # makes $WORK and removes it, with all that runs, when the script ends
#
# Environment
#   USERLINK_CACHE   where downloads are kept between runs (default: ~/.cache/userlink); delete it at will
#   WORK             the folder of this run (default: a new one under $TMPDIR)
#   KEEP_WORK=1      leave that folder for a look after the run
# Messages go to stderr, so that a function can answer on stdout.

[ -z "${USERLINK_COMMON-}" ] || return 0
USERLINK_COMMON=1

set -euo pipefail
shopt -s inherit_errexit   # an error also counts inside $(…)
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin   # mariadbd, chroot

LIB=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034  # used by the scripts on top
REPO=$(readlink -f "$LIB/../..")
export USERLINK_CACHE=${USERLINK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/userlink}
export USERLINK_T0=${USERLINK_T0:-${EPOCHREALTIME/./}}

# --- messages -------------------------------------------------------------------------------------------------------

# say LINE…: lines for the person who watches.
say() { printf "%s\n" "$@" >&2; }

# step TEXT…: a line with the seconds since the start.
step() {
  local us=$((${EPOCHREALTIME/./} - USERLINK_T0))
  printf '[%4d.%d s] %s\n' $((us / 1000000)) $((us / 100000 % 10)) "$*" >&2
}

# die TEXT…: says why and ends the script.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# die_with_log FILE TEXT…: as die, with the end of a log.
die_with_log() {
  local log=$1
  shift
  tail -n 30 "$log" >&2 || true
  die "$@"
}

# --- packages -------------------------------------------------------------------------------------------------------

# has_command NAME
has_command() { command -v "$1" >/dev/null 2>&1; }

# need_root: chroot and apt-get need it.
need_root() { [ "$(id -u)" = 0 ] || die "must run as root"; }

# need_packages PACKAGE…: installs the Debian packages that are missing.
need_packages() {
  local package missing=()
  for package; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

# need_commands COMMAND:PACKAGE…: as need_packages, for programs that may have come another way.
need_commands() {
  local pair missing=()
  for pair; do
    has_command "${pair%%:*}" || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  install_packages "${missing[@]}"
}

# install_packages PACKAGE…: one install at a time on a machine, and no service is started by it.
install_packages() {
  need_root
  step "installing Debian packages: $*"
  mkdir -p "$USERLINK_CACHE/locks"
  # shellcheck disable=SC2016  # $0 and $@ are for the new shell
  flock -o "$USERLINK_CACHE/locks/apt" "$BASH" -c '. "$0" && apt_install "$@"' "$LIB/common.sh" "$@" ||
    die "could not install: $*"
}

# apt_install PACKAGE…: refreshes apt's lists only if they are missing or too old to serve.
apt_install() {
  local log
  log=$(mktemp)
  forbid_services
  if ! try_apt_install "$@" >"$log" 2>&1; then
    apt-get update -qq >>"$log" 2>&1 || { cat "$log" >&2; return 1; }
    try_apt_install "$@" >>"$log" 2>&1 || { cat "$log" >&2; return 1; }
  fi
  rm -f "$log"
}

try_apt_install() {
  apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# forbid_services: until this shell ends, no package that is installed may start anything (Debian's policy-rc.d).
forbid_services() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  # shellcheck disable=SC2064  # the path is known now
  trap "rm -f '$policy'" EXIT
}

# --- cache ----------------------------------------------------------------------------------------------------------

# cached NAME FUNCTION [ARGUMENT…]: prints the folder of a thing in the cache. If it is not there yet, "FUNCTION FOLDER
# ARGUMENT…" builds it in a folder of its own, which then gets the name, so a broken build leaves nothing behind. A
# lock lets one run build while others wait. The name ends in a hash of FUNCTION's text and
# arguments: a changed recipe builds anew.
cached() {
  local name=$1 function=$2 dir
  shift 2
  dir=$USERLINK_CACHE/$name-$({ declare -f "$function"; echo "$@"; } | sha256sum | cut -c 1-8)
  if [ ! -d "$dir" ]; then
    mkdir -p "$USERLINK_CACHE/locks"
    # A new shell, because bash ignores errors in a function that is called by "if" or "||".
    # shellcheck disable=SC2163  # the function that it names
    export -f "$function"
    # shellcheck disable=SC2016  # $0 and $@ are for the new shell
    flock -o "$USERLINK_CACHE/locks/$name" "$BASH" -c '. "$0" && build_cached "$@"' "$LIB/all.sh" "$dir" "$function" "$@" >&2 ||
      die "could not get $name"
  fi
  printf '%s\n' "$dir"
}

# build_cached FOLDER FUNCTION [ARGUMENT…]: the part of cached that runs under the lock.
build_cached() {
  local dir=$1 function=$2 building
  shift 2
  [ ! -d "$dir" ] || return 0   # another run was faster
  building=$USERLINK_CACHE/building/${dir##*/}
  rm -rf --one-file-system "$building"
  mkdir -p "$building"
  # shellcheck disable=SC2064  # the path is known now
  trap "rm -rf --one-file-system '$building'" EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  CACHED_AS=$dir "$function" "$building" "$@"
  mv -T "$building" "$dir"
}

# --- the run's own folder -------------------------------------------------------------------------------------------

# start_run: makes $WORK and cleans up when the script ends, however it ends.
start_run() {
  if [ -z "${WORK-}" ]; then WORK=$(mktemp -d "${TMPDIR:-/tmp}/userlink.XXXXXX"); fi
  mkdir -p "$WORK"
  WORK=$(readlink -f "$WORK")
  export WORK
  mkdir -p "$WORK/log" "$WORK/pid"
  touch "$WORK/.userlink-run"
  trap cleanup EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# cleanup: ends all that this run started and removes its folder.
cleanup() {
  [ -e "${WORK:-/nonexistent}/.userlink-run" ] || return 0
  stop_all KILL
  if [ -n "${KEEP_WORK-}" ]; then say "left for a look: $WORK"; return 0; fi
  rm -rf --one-file-system "$WORK"
}

# --- ports and waiting ----------------------------------------------------------------------------------------------

# port_open PORT: somebody listens there on 127.0.0.1.
port_open() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: prints a random free port, below those that the kernel gives to outgoing connections. The same run never
# gets one twice.
free_port() {
  local port
  while :; do
    port=$((20000 + SRANDOM % 12000))
    grep -qsx "$port" "$WORK/ports" && continue
    port_open "$port" && continue
    echo "$port" >>"$WORK/ports"
    echo "$port"
    return 0
  done
}

# wait_for SECONDS COMMAND…: tries COMMAND until it succeeds; false when the time is over.
wait_for() {
  local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@" >/dev/null 2>&1; do
    ((${EPOCHREALTIME/./} < deadline)) || return 1
    sleep 0.05
  done
}

# wait_for_daemon NAME SECONDS COMMAND…: as wait_for; ends the script, with the log, if NAME dies or stays silent.
wait_for_daemon() {
  local name=$1 seconds=$2
  shift 2
  wait_for "$seconds" ready_or_dead "$name" "$@" || true
  "$@" >/dev/null 2>&1 || die_with_log "$WORK/log/$name.log" "$name does not answer"
}

ready_or_dead() {
  local name=$1
  shift
  "$@" || daemon_gone "$name"
}

# --- programs in the background -------------------------------------------------------------------------------------

# start_daemon NAME COMMAND…: runs COMMAND in a process group of its own; output in $WORK/log/NAME.log.
start_daemon() {
  local name=$1
  shift
  ! daemon_runs "$name" || die "$name runs already"
  rm -f "$WORK/pid/$name"
  # shellcheck disable=SC2016  # the new shell writes its own process id, which the program then keeps
  setsid "$BASH" -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "$WORK/pid/$name" "$@" \
    </dev/null >>"$WORK/log/$name.log" 2>&1 &
  disown   # or bash would report its end
  wait_for 10 test -s "$WORK/pid/$name" || die "could not start $name"
}

# daemon_runs NAME: a process of its group is alive.
daemon_runs() {
  [ -s "$WORK/pid/$1" ] && group_alive "$(<"$WORK/pid/$1")"
}

# group_alive ID: one of the group's processes is more than a dead entry that nobody has cleared away yet.
group_alive() {
  local id=$1 file line state group
  kill -0 -- "-$id" 2>/dev/null || return 1
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue   # number (name) state parent group …; the name may hold spaces
    read -r state _ group _ <<<"${line##*) }"
    [ "$group" = "$id" ] && [ "$state" != Z ] && return 0
  done
  return 1
}

daemon_gone() { ! daemon_runs "$1"; }

# stop_daemon NAME [SIGNAL]: ends the program and its children; gentle at first (TERM), unless told otherwise.
stop_daemon() {
  local name=$1 signal=${2:-TERM} pid
  [ -s "$WORK/pid/$name" ] || return 0
  pid=$(<"$WORK/pid/$name")
  kill "-$signal" -- "-$pid" 2>/dev/null || true
  if ! wait_for 20 daemon_gone "$name"; then
    kill -KILL -- "-$pid" 2>/dev/null || true
    wait_for 10 daemon_gone "$name" || say "$name (process group $pid) does not end"
  fi
  rm -f "$WORK/pid/$name"
}

# stop_all [SIGNAL]: ends every program of this run.
stop_all() {
  local file
  for file in "$WORK"/pid/*; do
    [ ! -e "$file" ] || stop_daemon "${file##*/}" "${1:-TERM}"
  done
}
