# shellcheck shell=bash
# PHP in several versions side by side, all of them run on the files of this machine.
#
#   php_run 7.4 tests/run.php
#   "$(php_of 8.4)" -l plugin.php
#   php_lint 8.1 shared/php/src/*.php
#
#   8.2                  Debian 12's own, installed
#   7.4, 8.4             out of Debian bullseye and trixie, unpacked into the cache with their own libraries
#   8.0, 8.1, 8.3, 8.5   not in Debian: compiled to WebAssembly, run by Node 20 or newer if the machine has
#                        it (Debian 12's is too old); for plain scripts: no intl, no web server, no programs started

# shellcheck source=scripts/lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
# shellcheck source=scripts/lib/npm.sh
. "$LIB/npm.sh"

# need_php: the machine's own PHP with all that a CMS asks for.
need_php() {
  need_packages php8.2-cli php8.2-mysql php8.2-curl php8.2-gd php8.2-mbstring php8.2-xml php8.2-intl php8.2-zip
}

# php_of VERSION: prints the path of a program that runs this PHP.
php_of() {
  local dir
  php_has "$1" || die "no PHP $1 on this machine"
  case $1 in
    8.2) need_php && command -v php8.2 ;;
    7.4) dir=$(cached php-7.4 build_php bullseye 7.4) && echo "$dir/php" ;;
    8.4) dir=$(cached php-8.4 build_php trixie 8.4) && echo "$dir/php" ;;
    8.0 | 8.1 | 8.3 | 8.5) dir=$(get_php_wasm) && echo "$dir/php$1" ;;
  esac
}

# php_fpm: prints the path of PHP-FPM 7.4, out of Debian bullseye as its command line is.
php_fpm() {
  local dir
  dir=$(cached php-fpm-7.4 build_php bullseye 7.4 usr/sbin/php-fpm7.4) && echo "$dir/php"
}

# php_has VERSION: this PHP can be had on this machine.
php_has() {
  case $1 in
    7.4 | 8.2 | 8.4) true ;;
    8.0 | 8.1 | 8.3 | 8.5) has_command node && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ;;
    *) false ;;
  esac
}

# php_run VERSION ARGUMENT…
php_run() {
  local php
  php=$(php_of "$1")
  shift
  "$php" "$@"
}

# php_lint VERSION FILE…: says which of the files this PHP cannot read, and fails if there is one.
php_lint() {
  local php
  php=$(php_of "$1")
  shift
  "$php" "$LIB/php-lint.php" "$@"
}

# get_php_wasm: prints a folder with php8.0, php8.1 and so on.
get_php_wasm() {
  local npm
  npm=$(get_npm php-wasm)
  cached php-wasm build_php_wasm "$npm/node_modules" "$(sha256sum <"$LIB/php-wasm/php.mjs")"
}

# build_php_wasm FOLDER NODE_MODULES CHECKSUM
build_php_wasm() {
  local dir=$1 node_modules=$2 version
  cp "$LIB/php-wasm/php.mjs" "$dir/"
  for version in 8.0 8.1 8.3 8.5; do
    cat >"$dir/php$version" <<SH
#!/bin/sh
export NODE_MODULES='$node_modules'
exec node '$CACHED_AS/php.mjs' $version "\$@"
SH
    chmod 755 "$dir/php$version"
  done
}

# build_php FOLDER SUITE VERSION [PROGRAM]: unpacks PHP (usr/bin/php7.4, or another program such as usr/sbin/php-fpm7.4) with
# all its libraries, the C library too, and tells the program where they are, so that it runs without a chroot and sees
# every file of the machine.
build_php() {
  local dir=$1 suite=$2 version=$3 name=${4:-usr/bin/php$3} program loader libraries kind=cli
  need_commands patchelf:patchelf
  [[ $name != *fpm* ]] || kind=fpm
  step "downloading PHP $version ($kind, Debian $suite)"
  mkdir "$dir/debs" "$dir/root"
  debian_download_all "$suite" "$dir/debs" \
    "php$version-"{"$kind",mysql,curl,gd,mbstring,xml,intl,zip}
  unpack_root "$dir/debs" "$dir/root"
  rm -rf "$dir/debs"
  php_settings "$dir/root" "$version"
  program=$dir/root/$name
  libraries=$(cd "$dir/root" && echo usr/lib/*-linux-gnu*)
  loader=$(cd "$dir/root" && find "$libraries" -name 'ld-*.so*' -type f)
  patchelf --set-interpreter "$CACHED_AS/root/$loader" --force-rpath --set-rpath "$CACHED_AS/root/$libraries" "$program"
  echo "extension_dir = $CACHED_AS/root/$(php_extension_dir "$dir/root")" >>"$dir/root/etc/php/$version/cli/php.ini"
  cat >"$dir/php" <<SH
#!/bin/sh
export PHPRC='$CACHED_AS/root/etc/php/$version/cli' PHP_INI_SCAN_DIR='$CACHED_AS/root/etc/php/$version/cli/conf.d'
exec '$CACHED_AS/root/$name' "\$@"
SH
  chmod 755 "$dir/php"
}

# unpack_root DEBS ROOT: a tree that a program can live in; what is needed to install or to manage packages stays out.
unpack_root() {
  local debs=$1 root=$2 name
  rm -f "$debs"/perl_* "$debs"/perl-modules* "$debs"/libperl5* "$debs"/gcc-*-base*
  mkdir -p "$root/usr"
  for name in bin sbin lib lib64; do
    mkdir -p "$root/usr/$name"
    ln -s "usr/$name" "$root/$name"
  done
  debian_unpack "$debs" "$root"
}

# php_settings ROOT VERSION: the settings files that the packages' own scripts would have put in place.
php_settings() {
  local root=$1 version=$2 etc=$1/etc/php/$2/cli file priority
  mkdir -p "$etc/conf.d"
  cp "$root/usr/lib/php/$version/php.ini-production.cli" "$etc/php.ini"
  while read -r file; do
    priority=$(sed -n 's/^; *priority=//p' "$file")
    cp "$file" "$etc/conf.d/${priority:-20}-${file##*/}"
  done < <(find "$root/usr/share/php$version-"* -name '*.ini')
}

# php_extension_dir ROOT: usr/lib/php/20190902 and the like.
php_extension_dir() { (cd "$1" && echo usr/lib/php/20[0-9]*); }
