# shellcheck shell=bash
# The WordPress plugin's archive; scripts/package brings the functions.

# wordpress_archive FOLDER VERSION
wordpress_archive() {
  local to=$1 version=$2 plugin tree
  plugin=$REPO/plugins/wordpress
  grep -q "^Stable tag: *$version\$" "$plugin/readme.txt" || die "readme.txt has another version than the plugin ($version)"
  php "$plugin/build/strings.php" --check || die "the plugin's texts are not current: run php plugins/wordpress/build/strings.php"
  tree=$(mktemp -d)
  mkdir "$tree/userlink-for-civicrm"
  cp -r "$plugin"/{*.php,readme.txt,includes,languages} "$REPO/LICENSE" "$tree/userlink-for-civicrm/"
  shared_into "$tree/userlink-for-civicrm"
  archive "$tree" "$to/userlink-for-civicrm-$version.zip"
  rm -rf "$tree"
}
