# shellcheck shell=bash
# CiviCRM 5.33 out of Debian bullseye, the last suite that has it: its tables alone, or all of it on WordPress 5.7 and
# PHP 7.4.
#
#   start_mariadb
#   load_civicrm_schema shop                     # the tables, in any database
#   build_civicrm                                # the whole, as the site "civicrm" of wordpress.sh
#   civi eval 'echo json_encode(CRM_Utils_System::synchronizeUsers());'
#   civi reset

# shellcheck source=scripts/lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
# shellcheck source=scripts/lib/mariadb.sh
. "$LIB/mariadb.sh"
# shellcheck source=scripts/lib/wordpress.sh
. "$LIB/wordpress.sh"

# --- the tables alone -----------------------------------------------------------------------------------------------

# get_civicrm_sql: prints the folder of CiviCRM's own SQL files.
get_civicrm_sql() { cached civicrm-sql-bullseye build_civicrm_sql; }

build_civicrm_sql() {
  step "downloading CiviCRM's tables (Debian bullseye)"
  debian_download bullseye "$1" civicrm-common
  dpkg-deb --fsys-tarfile "$1"/civicrm-common_*.deb | tar -x -C "$1" --strip-components=5 ./usr/share/civicrm/sql
  rm "$1"/*.deb
}

# load_civicrm_schema DATABASE [sample]: CiviCRM's tables, first rows and triggers, as its installer makes them; with
# "sample" its 201 demonstration contacts. The database may hold other tables (WordPress), it is made if missing.
load_civicrm_schema() {
  local database=$1 sample=${2-} from
  from=$(get_civicrm_sql)
  sql -e "CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
  sql "$database" <"$from/civicrm.mysql"
  if [ "$sample" = sample ]; then
    sql "$database" <"$from/civicrm_generated.mysql" >/dev/null   # in place of the other two
  else
    sql "$database" <"$from/civicrm_data.mysql" >/dev/null
    sql "$database" <"$from/civicrm_acl.mysql" >/dev/null
  fi
  civicrm_triggers | sql "$database"
}

# civicrm_triggers: prints the triggers. They are not in the SQL files, CiviCRM's PHP writes them. Every write to a
# contact's address, email, im, phone or website touches the contact's modified_date; a new contact gets created_date;
# phone_numeric keeps a phone's digits.
civicrm_triggers() {
  local table event row
  for table in address email im phone website; do
    for event in insert update delete; do
      row=NEW
      [ "$event" != delete ] || row=OLD
      echo "CREATE TRIGGER civicrm_${table}_after_$event AFTER ${event^^} ON civicrm_$table FOR EACH ROW"
      echo "  UPDATE civicrm_contact SET modified_date = CURRENT_TIMESTAMP WHERE id = $row.contact_id;"
    done
  done
  echo "CREATE TRIGGER civicrm_contact_before_insert BEFORE INSERT ON civicrm_contact FOR EACH ROW"
  echo "  SET NEW.created_date = CURRENT_TIMESTAMP;"
  for event in insert update; do
    echo "CREATE TRIGGER civicrm_phone_before_$event BEFORE ${event^^} ON civicrm_phone FOR EACH ROW"
    echo "  SET NEW.phone_numeric = REGEXP_REPLACE(NEW.phone, '[^0-9]', '');"
  done
}

# --- the whole of it ------------------------------------------------------------------------------------------------

# get_civicrm: prints the folder of an unpacked WordPress 5.7 with CiviCRM 5.33.
get_civicrm() { cached civicrm-bullseye build_civicrm_tree; }

# build_civicrm_tree FOLDER: Debian links the plugin's folder to /usr/share/{civicrm,php,javascript}; they stay side by
# side here, and the few absolute paths among them are turned to this place.
build_civicrm_tree() {
  local dir=$1 part
  step "downloading CiviCRM and its WordPress (Debian bullseye)"
  mkdir "$dir/debs" "$dir/unpacked"
  debian_download_data bullseye "$dir/debs" wordpress-civicrm wordpress-theme-twentytwentyone \
    php7.4-cli php7.4-cgi mini-httpd   # in place of the Apache that WordPress would bring along
  debian_unpack "$dir/debs" "$dir/unpacked"
  for part in wordpress civicrm php javascript; do
    mv "$dir/unpacked/usr/share/$part" "$dir/$part"
  done
  rm -rf "$dir/debs" "$dir/unpacked" "$dir/wordpress/wp-config.php" "$dir/wordpress/.htaccess"
  grep -rlF /usr/share/php "$dir/civicrm/packages/IDS" "$dir/civicrm/vendor/composer" \
    "$dir/wordpress/wp-content/plugins/civicrm/civicrm/CRM" --include='*.php' |
    xargs sed -i "s#/usr/share/php#$CACHED_AS/php#g"
}

# build_civicrm [--sample]: installs it in the run's MariaDB, WordPress and CiviCRM in one database; --sample brings
# CiviCRM's demonstration contacts. It is the site "civicrm" of wordpress.sh (wp_url, wp_database, install_plugin_zip).
build_civicrm() {
  local from site=$WORK/sites/civicrm part
  from=$(get_civicrm)
  new_site civicrm
  cp -r "$from/wordpress" "$site/web"
  for part in civicrm php javascript; do
    ln -s "$from/$part" "$site/$part"
  done
  # PHP finds Debian's libraries; CiviCRM's status checks ask the site for its own pages by fopen, which must not wait.
  printf '%s\n' "include_path=.:$site/php" allow_url_fopen=Off default_socket_timeout=2 >"$site/php-settings"
  install_site civicrm --php 7.4
  CIVICRM_SAMPLE=${1:+1} WP_URL=$(wp_url civicrm) wp_php civicrm "$LIB/civicrm/install.php" "$(wp_path civicrm)" >&2
  civi eval 'civicrm_api3("System", "flush", []);'   # menu, caches and triggers, as after an admin's first visit
  sql_dump "$(wp_database civicrm)" >"$site/pristine.sql"
  cp -r "$site/web/wp-content/uploads" "$site/pristine-uploads"
}

# civi eval CODE [ARGUMENT…]    runs PHP inside CiviCRM, as WordPress's admin (or the user WP_USER, 0 is nobody)
# civi run FILE [ARGUMENT…]     the same with a file, "-" is stdin
# civi sql [ARGUMENT…]          MariaDB's client in its database
# civi reset                    back to the state just after the install
# civi serve [WORKERS]          starts its web server at "wp_url civicrm"
# civi unserve                  stops it
# civi plugin FOLDER            copies a plugin in; it is not activated (install_plugin_zip civicrm ZIP does both)
civi() {
  local command=$1
  shift
  case $command in
    eval) civi_run -r "$@" ;;
    run) civi_run "$@" ;;
    sql) sql "$(wp_database civicrm)" "$@" ;;
    reset) civi_reset ;;
    serve) serve_wordpress civicrm "${1:-8}" ;;
    unserve) unserve_wordpress civicrm ;;
    plugin) civi_plugin "$@" ;;
    *) die "civi $command?" ;;
  esac
}

civi_run() { wp_run civicrm "$LIB/civicrm/run.php" "$@"; }

civi_reset() {
  local site=$WORK/sites/civicrm database
  database=$(wp_database civicrm)
  create_database "$database"
  sql "$database" <"$site/pristine.sql"
  rm -rf "$site/web/wp-content/uploads"
  cp -r "$site/pristine-uploads" "$site/web/wp-content/uploads"
}

civi_plugin() {
  local plugins
  plugins=$(wp_path civicrm)/wp-content/plugins
  rm -rf "${plugins:?}/$(basename "$1")"
  cp -rL "$1" "$plugins/"
}
