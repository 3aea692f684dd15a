#!/bin/bash
# matrix.sh [SUITE:PHP…] [civicrm]: runs run.php in new WordPresses, each a single site and a network; and civicrm.php
# beside a real CiviCRM. Default: bookworm:8.2 (6.1), bullseye:7.4 (5.7), trixie:8.4 (6.8), sid:8.2 (newest), civicrm.
# The plugin is put together as in its archive; TEST is a part of the names of the tests to run.

# shellcheck source=scripts/lib/all.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib/all.sh"

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

# put_plugin NAME [--network]: the plugin, active in the site.
put_plugin() {
  local name=$1 network=false plugin
  [ "${2-}" != --network ] || network=true
  plugin=$(wp_path "$name")/wp-content/plugins/userlink-for-civicrm
  mkdir -p "$plugin/shared"
  cp -r "$here"/../{*.php,includes,languages,readme.txt} "$plugin/"
  cp -r "$REPO/shared/php" "$REPO/shared/admin" "$plugin/shared/"
  wp_eval "$name" "require_once ABSPATH . 'wp-admin/includes/admin.php';
    \$e = activate_plugin('userlink-for-civicrm/userlink-for-civicrm.php', '', $network);
    if (is_wp_error(\$e)) { fwrite(STDERR, \$e->get_error_message() . \"\\n\"); exit(1); }"
}

# run_tests NAME SCRIPT: only what failed is shown.
run_tests() {
  local name=$1 log
  log=$(wp_debug_log "$name")
  wp_php "$name" "$here/$2" "$(wp_path "$name")" "${TEST-}" >"$WORK/log/tests-$name.log" || failed=1
  grep -v '^ok' "$WORK/log/tests-$name.log" || true
  # WordPress's own notices on a newer PHP say nothing about the plugin
  [ ! -s "$log" ] || grep -v -e ' userlink: ' -e 'PHP Deprecated: .*/wp-\(includes\|admin\)/' "$log" | sed 's/^/# log: /' | head -20 || true
}

start_run
start_mariadb --fast
failed=0
[ $# -gt 0 ] || set -- bookworm:8.2 bullseye:7.4 trixie:8.4 sid:8.2 civicrm
for one; do
  if [ "$one" = civicrm ]; then
    build_civicrm
    put_plugin civicrm
    run_tests civicrm civicrm.php
    continue
  fi
  for network in '' --network; do
    name=${one%%:*}${network:+net}
    install_wordpress "$name" "${one%%:*}" --php "${one#*:}" ${network:+--multisite}
    put_plugin "$name" $network
    run_tests "$name" run.php
  done
done
exit $failed
