# shellcheck shell=bash
# CiviCRM 5.33 out of Debian bullseye, the last suite that has it: its tables alone, or all of it.

# shellcheck source=scripts/lib/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"
# shellcheck source=scripts/lib/mariadb.sh
. "$LIB/mariadb.sh"

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
