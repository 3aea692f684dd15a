# shellcheck shell=bash
# Every library at once.

LIB_ALL=$(dirname "${BASH_SOURCE[0]}")
for file in common debian mariadb galera php wordpress civicrm browser go userlink; do
  # shellcheck source=/dev/null
  [ ! -e "$LIB_ALL/$file.sh" ] || . "$LIB_ALL/$file.sh"
done
unset file LIB_ALL
