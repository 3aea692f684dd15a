# shellcheck shell=bash
# The Backdrop module's archive; scripts/package brings the functions.

# backdrop_archive FOLDER VERSION
backdrop_archive() {
  local to=$1 version=$2 module tree
  module=$REPO/plugins/backdrop
  grep -qx "version = $version" "$module/userlink.info" || die "userlink.info has another version than $version"
  grep -qF "define('USERLINK_VERSION', '$version');" "$module/userlink.module" || die "userlink.module has another version than $version"
  tree=$(mktemp -d)
  mkdir "$tree/userlink"
  cp -r "$module"/{userlink.*,config,README.md} "$tree/userlink/"
  cp "$REPO/LICENSE" "$tree/userlink/LICENSE.txt"
  shared_into "$tree/userlink"
  archive "$tree" "$to/userlink-backdrop-$version.zip"
  rm -rf "$tree"
}
