#!/bin/bash
# matrix.sh [-m] [SUITE:PHP…]: runs run.php in new WordPresses, each a single site and (with -m, or by default) a network.
# Default: bookworm:8.2 (6.1), bullseye:7.4 (5.7), trixie:8.4 (6.8), sid:8.2 (newest).
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

start_run
start_mariadb --fast
failed=0
for pair in "${@:-bookworm:8.2 bullseye:7.4 trixie:8.4 sid:8.2}"; do
  for one in $pair; do
    for network in '' --network; do
      name=${one%%:*}${network:+net}
      install_wordpress "$name" "${one%%:*}" --php "${one#*:}" ${network:+--multisite}
      put_plugin "$name" $network
      step "$one ${network:+a network}"
      wp_php "$name" "$here/run.php" "$(wp_path "$name")" "${TEST-}" | grep -v '^ok' || true
      [ "${PIPESTATUS[0]}" = 0 ] || failed=1
      if [ -s "$(wp_debug_log "$name")" ]; then
        # WordPress's own notices on a newer PHP say nothing about the plugin
        grep -v -e ' userlink: ' -e 'PHP Deprecated: .*/wp-\(includes\|admin\)/' "$(wp_debug_log "$name")" | sed 's/^/# log: /' | head -20 || true
      fi
    done
  done
done
exit $failed
