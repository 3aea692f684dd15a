# shellcheck shell=bash
# WordPress out of a Debian suite, installed in the run's own folder and database, served by PHP's own web server.
# A run may have several; each has a NAME.
#
#   start_mariadb
#   install_wordpress blog trixie --php 8.4       # or bullseye, bookworm, sid; user admin, password admin
#   wp_eval blog 'echo get_bloginfo("version");'
#   install_plugin_zip blog dist/plugin.zip
#   serve_wordpress blog && curl "$(wp_url blog)/wp-login.php"

# shellcheck source=scripts/lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
# shellcheck source=scripts/lib/mariadb.sh
. "$LIB/mariadb.sh"
# shellcheck source=scripts/lib/php.sh
. "$LIB/php.sh"

# --- from Debian to the cache ---------------------------------------------------------------------------------------

# get_wordpress SUITE: prints the folder of an unpacked WordPress: bullseye 5.7, bookworm 6.1, trixie 6.8, sid what is
# newest there.
get_wordpress() {
  local suite=$1 theme
  case $suite in
    bullseye) theme=twentytwentyone ;;
    bookworm) theme=twentytwentythree ;;
    trixie | sid) theme=twentytwentyfive ;;
    *) die "no WordPress of $suite; there are bullseye, bookworm, trixie and sid" ;;
  esac
  cached "wordpress-$suite" build_wordpress "$suite" "wordpress-theme-$theme"
}

# build_wordpress FOLDER SUITE THEME: Debian links parts of WordPress to other packages; here they become plain files.
build_wordpress() {
  local dir=$1 suite=$2 theme=$3 unpacked=$1/unpacked certificates
  step "downloading WordPress (Debian $suite)"
  mkdir "$dir/debs" "$unpacked"
  (
    debian_apt_open "$suite" "$dir/apt"
    cd "$dir/debs"
    # shellcheck disable=SC2046  # one word for each package
    apt-get download -qq wordpress "$theme" $(wordpress_parts)
  )
  debian_unpack "$dir/debs" "$unpacked" --exclude='./etc/*'
  certificates=$unpacked/usr/share/wordpress/wp-includes/certificates/ca-bundle.crt
  rm -f "$unpacked/usr/share/wordpress/wp-config.php" "$unpacked/usr/share/wordpress/.htaccess" "$certificates"
  touch "$certificates"   # a link to the machine's certificates; nothing outside is ever called
  cp -rL "$unpacked/usr/share/wordpress/." "$dir/"
  rm -rf "$unpacked" "$dir/debs" "$dir/apt"
  mkdir -p "$dir/wp-content/uploads"
}

# wordpress_parts: the packages with the files that this suite's WordPress links to.
wordpress_parts() {
  apt-cache depends wordpress | sed -n 's/^ *|\{0,1\}Depends: \(libjs-.*\|php-getid3\|libphp-phpmailer\)$/\1/p'
}

# --- a site of this run ---------------------------------------------------------------------------------------------

# What is known of the site NAME.
wp_path() { echo "$WORK/sites/$1/web"; }                  # WordPress's own folder
wp_url() { cat "$WORK/sites/$1/url"; }                    # http://127.0.0.1:PORT
wp_database() { cat "$WORK/sites/$1/database"; }          # wp_NAME, or what --database said
wp_dsn() { database_dsn "$(wp_database "$1")" "wp_$1" wordpress; }   # the same for the sidecar's settings
wp_debug_log() { echo "$WORK/sites/$1/debug.log"; }       # PHP's notices, warnings and errors in this site

# install_wordpress NAME SUITE [--php VERSION] [--database DATABASE] [--multisite]: a new site. Its database is new too,
# unless one is given, which is then used as it is (it may hold CiviCRM's tables). --multisite makes a network of sites
# in subfolders, with one site in it.
install_wordpress() {
  local name=$1 suite=$2 php=8.2 from
  shift 2
  from=$(get_wordpress "$suite")
  [ "$suite" != bullseye ] || php=7.4
  new_site "$name"
  cp -r "$from" "$WORK/sites/$name/web"
  install_site "$name" --php "$php" "$@"
}

# new_site NAME: an empty folder for a site, in place of an old one.
new_site() {
  stop_daemon "wordpress-$1"
  rm -rf "$WORK/sites/$1"
  mkdir -p "$WORK/sites/$1"
}

# install_site NAME OPTION…: installs the WordPress that is in the site's folder; options as for install_wordpress.
install_site() {
  local name=$1 site=$WORK/sites/$1 php='' database='' multisite=''
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --php) php=$2 && shift ;;
      --database) database=$2 && shift ;;
      --multisite) multisite=1 ;;
      *) die "install_wordpress: $1?" ;;
    esac
    shift
  done
  php_of "$php" >"$site/php-program"
  echo "http://127.0.0.1:$(free_port)" >"$site/url"
  if [ -n "$database" ]; then
    sql -e "CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
  else
    database=wp_$name
    create_database "$database"
  fi
  echo "$database" >"$site/database"
  grant_database "$database" "wp_$name" wordpress
  write_wp_config "$name"
  wp_php "$name" "$LIB/wordpress/install.php" "$(wp_path "$name")" >&2
  [ -z "$multisite" ] || make_network "$name"
}

# write_wp_config NAME: a plain configuration; lines of wp_config come before WordPress is loaded.
write_wp_config() {
  local name=$1 site=$WORK/sites/$1 url
  url=$(wp_url "$name")
  cat >"$site/web/wp-config.php" <<PHP
<?php
define('DB_NAME', '$(wp_database "$name")');
define('DB_USER', 'wp_$name');
define('DB_PASSWORD', 'wordpress');
define('DB_HOST', '127.0.0.1:$DB_PORT');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '$url');
define('WP_SITEURL', '$url');
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', '$(wp_debug_log "$name")');
define('WP_DISABLE_FATAL_ERROR_HANDLER', PHP_SAPI === 'cli');
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_CORE_UPDATE', false);   // Debian's WordPress 5.7 asks for it
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);   // the site itself and 127.0.0.1 stay allowed
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('FS_METHOD', 'direct');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as \$name) {
    define(\$name . '_KEY', 'a test site: ' . \$name . ' key');
    define(\$name . '_SALT', 'a test site: ' . \$name . ' salt');
}
unset(\$name);
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require __DIR__ . '/wp-config-more.php';
require_once ABSPATH . 'wp-settings.php';
PHP
  echo '<?php' >"$site/web/wp-config-more.php"
  mkdir "$site/web/wp-content/mu-plugins"
  cp "$LIB/wordpress/no-outside.php" "$site/web/wp-content/mu-plugins/"
}

# wp_config NAME LINE…: adds lines of PHP to the configuration, at any time: wp_config blog "define('A', 1);"
wp_config() {
  local name=$1
  shift
  printf '%s\n' "$@" >>"$(wp_path "$name")/wp-config-more.php"
}

# make_network NAME: turns the site into a network of sites in subfolders.
make_network() {
  local name=$1 host
  host=$(wp_url "$name")
  host=${host#http://}
  wp_config "$name" "define('WP_ALLOW_MULTISITE', true);"
  wp_run "$name" "$LIB/wordpress/network.php" "$host" >&2
  wp_config "$name" "define('MULTISITE', true);" "define('SUBDOMAIN_INSTALL', false);" \
    "define('DOMAIN_CURRENT_SITE', '$host');" "define('PATH_CURRENT_SITE', '/');" \
    "define('SITE_ID_CURRENT_SITE', 1);" "define('BLOG_ID_CURRENT_SITE', 1);"
}

# --- running PHP in it ----------------------------------------------------------------------------------------------

# wp_php_settings NAME: PHP's arguments for the site, one a line; more come from the site's file php-settings. A changed
# wp-config.php counts at once, not after PHP's two seconds.
wp_php_settings() {
  printf -- '-d\n%s\n' sendmail_path=/bin/true memory_limit=512M opcache.revalidate_freq=0
  [ ! -e "$WORK/sites/$1/php-settings" ] || sed 's/^/-d\n/' "$WORK/sites/$1/php-settings"
}

# wp_php NAME ARGUMENT…: the site's PHP, without WordPress.
wp_php() {
  local name=$1 php settings
  shift
  php=$(<"$WORK/sites/$name/php-program")
  mapfile -t settings < <(wp_php_settings "$name")
  "$php" -d display_errors=stderr "${settings[@]}" "$@"
}

# wp_run NAME FILE [ARGUMENT…]: runs a PHP file inside the site, as its admin (or as the user WP_USER, 0 is nobody; in
# a network in the site whose path is WP_BLOG, such as /two/). FILE finds the arguments in $argv.
wp_run() {
  local name=$1
  shift
  WP_URL=$(wp_url "$name") wp_php "$name" "$LIB/wordpress/run.php" "$(wp_path "$name")" "$@"
}

# wp_eval NAME CODE [ARGUMENT…]: as wp_run, with PHP code.
wp_eval() {
  local name=$1
  shift
  wp_run "$name" -r "$@"
}

# install_plugin_zip NAME ZIP [--network]: installs (or updates) and activates a plugin as WordPress does it for an
# uploaded archive; prints what WordPress calls the plugin.
install_plugin_zip() {
  local name=$1 zip
  zip=$(readlink -f "$2")
  wp_run "$name" "$LIB/wordpress/install-plugin.php" "$zip" "${3-}"
}

# --- serving it -----------------------------------------------------------------------------------------------------

# serve_wordpress NAME [WORKERS]: starts the site's web server at wp_url.
serve_wordpress() {
  local name=$1 workers=${2:-4} url settings
  url=$(wp_url "$name")
  mapfile -t settings < <(wp_php_settings "$name")
  PHP_CLI_SERVER_WORKERS=$workers start_daemon "wordpress-$name" "$(<"$WORK/sites/$name/php-program")" \
    -d display_errors=0 "${settings[@]}" \
    -S "${url#http://}" -t "$(wp_path "$name")" "$LIB/wordpress/router.php"
  wait_for_daemon "wordpress-$name" 20 port_open "${url##*:}"
}

# unserve_wordpress NAME
unserve_wordpress() { stop_daemon "wordpress-$1"; }
