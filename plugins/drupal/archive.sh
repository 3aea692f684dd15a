# shellcheck shell=bash
# The Drupal module's archive; scripts/package brings the functions.

# drupal_archive FOLDER VERSION: the version is only in the archive, as drupal.org does it; in the source it would be in the way.
drupal_archive() {
  local to=$1 version=$2 module tree
  module=$REPO/plugins/drupal
  grep -q "^  version: *$version\$" "$module/userlink.libraries.yml" || die "userlink.libraries.yml has another version than the product ($version)"
  tree=$(mktemp -d)
  mkdir "$tree/userlink"
  cp -r "$module"/{userlink.*,composer.json,README.md,config,css,src} "$tree/userlink/"
  cp "$REPO/LICENSE" "$tree/userlink/LICENSE.txt"
  printf "version: '%s'\n" "$version" >>"$tree/userlink/userlink.info.yml"
  shared_into "$tree/userlink"
  archive "$tree" "$to/userlink-drupal-$version.zip"
  rm -rf "$tree"
}
