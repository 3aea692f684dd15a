# shellcheck shell=bash
# Packages of npm, in the versions that a committed package-lock.json names.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# need_node: Node and npm.
need_node() { need_commands node:nodejs npm:npm; }

# get_npm NAME: prints the folder that holds node_modules, as scripts/lib/NAME/package-lock.json wants it.
get_npm() {
  need_node
  cached "npm-$1" build_npm "$1" "$(sha256sum <"$LIB/$1/package-lock.json")"
}

# build_npm FOLDER NAME CHECKSUM: the checksum is there to build anew when the lock file changes.
build_npm() {
  local dir=$1 name=$2
  step "downloading npm packages ($name)"
  cp "$LIB/$name/package.json" "$LIB/$name/package-lock.json" "$dir/"
  cd "$dir"
  npm ci --ignore-scripts --no-audit --no-fund >log 2>&1 </dev/null || die_with_log log "npm could not install ($name)"
  rm log
}
