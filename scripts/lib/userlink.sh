# shellcheck shell=bash
# userlink itself, installed the way its README says: an account with the printed privileges, a key, a configuration, the
# sidecar running, the plugin put in from its archive.
#
#   start_mariadb
#   package_userlink                      # sets USERLINK_BIN and USERLINK_WP_ZIP
#   new_linked_wordpress blog bookworm    # a WordPress with CiviCRM's tables; not linked yet
#   link_wordpress blog                   # the sidecar and the plugin

# shellcheck source=scripts/lib/wordpress.sh
. "$(dirname "${BASH_SOURCE[0]}")/wordpress.sh"
# shellcheck source=scripts/lib/civicrm.sh
. "$LIB/civicrm.sh"
# shellcheck source=scripts/lib/go.sh
. "$LIB/go.sh"

# package_userlink [CMS…]: builds this machine's program and the archive for each CMS (WordPress) with scripts/package.
package_userlink() {
  need_go
  step "building the sidecar and the plugin's archive"
  USERLINK_CMSS=${*:-wordpress} USERLINK_ARCHS=$(go env GOARCH) "$REPO/scripts/package" "$WORK/dist" 2>"$WORK/log/package.log" ||
    die_with_log "$WORK/log/package.log" "the archives could not be built"
  USERLINK_BIN=$(echo "$WORK"/dist/userlink-*-linux-*)
  USERLINK_WP_ZIP=$(echo "$WORK"/dist/userlink-for-civicrm-*.zip)
  export USERLINK_BIN USERLINK_WP_ZIP
}

# userlink ARGUMENT…: the program, with the configuration of the site that USERLINK_CONFIG names.
userlink() { "$USERLINK_BIN" "$@"; }

# new_linked_wordpress NAME SUITE [OPTION…]: a WordPress (options as for install_wordpress) and CiviCRM's tables in one
# database.
new_linked_wordpress() {
  local name=$1
  install_wordpress "$@"
  step "CiviCRM's tables"
  load_civicrm_schema "$(wp_database "$name")"
}

# site_config NAME: the site's userlink.yaml.
site_config() { echo "$WORK/sites/$1/userlink/userlink.yaml"; }

# site_address NAME: where its sidecar listens.
site_address() { sed -n 's/^listen: //p' "$(site_config "$1")"; }

# configure_sidecar NAME [--listen ADDRESS] [--cms CMS] [--prefix PREFIX] [--database DATABASE]: a key, the account and its
# privileges, the configuration. Without options for a WordPress of install_wordpress.
configure_sidecar() {
  local name=$1 listen='' cms=wordpress prefix=wp_ database='' folder=$WORK/sites/$1/userlink password
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --listen) listen=$2 ;;
      --cms) cms=$2 ;;
      --prefix) prefix=$2 ;;
      --database) database=$2 ;;
      *) die "configure_sidecar: $1?" ;;
    esac
    shift 2
  done
  [ -n "$database" ] || database=$(wp_database "$name")
  mkdir -p "$folder"
  [ -n "$listen" ] || listen=127.0.0.1:$(free_port)
  password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
  cat >"$folder/userlink.yaml" <<YAML
listen: $listen
civicrm:
  dsn: ul_$name:$password@tcp(127.0.0.1:$DB_PORT)/$database
log: {format: text}
sites:
  - id: main
    cms: $cms
    table_prefix: "$prefix"
    domain_id: 1
    keys: [{id: main-1, secret_file: $folder/main-1.key}]
YAML
  chmod 0640 "$folder/userlink.yaml"
  userlink keys new --config "$folder/userlink.yaml" --site main --cms "$cms" --id main-1 --dir "$folder" >"$folder/keys.txt"
  for _ in first again; do   # once the account is there it sees what this site's own tables ask for beyond the first ones
    userlink check --config "$folder/userlink.yaml" --grants | sed "s/'…'/'$password'/" >"$folder/grants.sql"
    sql "$database" <"$folder/grants.sql"
  done
}

# start_sidecar NAME: runs the site's sidecar and waits until it is ready.
start_sidecar() {
  local name=$1
  start_daemon "sidecar-$name" "$USERLINK_BIN" serve --config "$(site_config "$name")"
  wait_for_daemon "sidecar-$name" 20 sidecar_ready "$name"
}

stop_sidecar() { stop_daemon "sidecar-$1" "${2:-TERM}"; }

sidecar_ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$(site_address "$1")/readyz")" = 200 ]; }

# link_wordpress NAME: the steps of the README's "Install on a real site".
link_wordpress() {
  local name=$1
  need_commands curl:curl
  configure_sidecar "$name"
  start_sidecar "$name"
  wp_config "$name" "define('USERLINK_KEY_ID', 'main-1');" \
    "define('USERLINK_KEY_FILE', '$WORK/sites/$name/userlink/main-1.key');" \
    "define('USERLINK_ADDRESS', '$(site_address "$name")');"
  install_plugin_zip "$name" "$USERLINK_WP_ZIP" >/dev/null
}

# civicrm_counts DATABASE: contacts, emails, log rows and links.
civicrm_counts() {
  sql "$1" -N -e "SELECT (SELECT COUNT(*) FROM civicrm_contact), (SELECT COUNT(*) FROM civicrm_email),
    (SELECT COUNT(*) FROM civicrm_log), (SELECT COUNT(*) FROM civicrm_uf_match)"
}
