# shellcheck shell=bash
# What the figures of scripts/bench share: databases full of users, the state before a run, the runs, and the samples.

# shellcheck source=scripts/lib/all.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

FIGURES=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

# --- samples --------------------------------------------------------------------------------------------------------

# sample ROW KIND TEXT: writes down one thing about a row of the table: sidecar/bench/table.go says which kinds there are.
sample() { printf '%s %s %s\n' "$1" "$2" "$3" >>"$WORK/samples"; }

# field NAME: a result of a verb of bench, out of its output on stdin.
field() { awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }'; }

# calculate EXPRESSION: a number.
calculate() { awk "BEGIN { printf \"%.6f\", $1 }"; }

# size QUICK FULL TINY: the one of this run.
size() {
  case $BENCH_SIZE in
    quick) echo "$1" ;;
    full) echo "$2" ;;
    tiny) echo "$3" ;;
  esac
}

# not_full ROW… -- TEXT: the goals of these rows are about the sizes of a full run (or TEXT says why they cannot be judged).
not_full() {
  local row rows=()
  while [ "$1" != -- ]; do
    rows+=("$1")
    shift
  done
  [ "$BENCH_SIZE" != full ] || return 0
  for row in "${rows[@]}"; do
    sample "$row" smaller "$2"
  done
}

# --- the database server --------------------------------------------------------------------------------------------

# start_bench_mariadb: flushes at each commit. Its memory is that of a server which was set up for the machine: a quarter,
# at most 4 GiB, where MariaDB's own default of 128 MiB is meant for a small one.
start_bench_mariadb() {
  local pool
  pool=$(awk '/^MemTotal/ { m = int($2 / 4096); print (m > 4096 ? 4096 : m) }' /proc/meminfo)
  start_mariadb --innodb-buffer-pool-size="${pool}M" --innodb-log-file-size="$(size 1024 1024 48)M"
}

# settle: waits until the server has nothing left to do from the run before: deleted rows purged, pages written.
settle() {
  [ "$BENCH_SIZE" != tiny ] || return 0
  sql -e 'SET GLOBAL innodb_max_purge_lag_wait = 0, innodb_max_dirty_pages_pct = 0, innodb_io_capacity_max = 20000, innodb_io_capacity = 20000'
  wait_for 120 clean || say "the server still writes pages of the run before"
  sql -e 'SET GLOBAL innodb_max_dirty_pages_pct = 90, innodb_io_capacity = 200, innodb_io_capacity_max = 2000'   # as MariaDB starts
}

clean() { [ "$(sql -N -e "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'INNODB_BUFFER_POOL_PAGES_DIRTY'")" -lt 200 ]; }

# --- databases of users ---------------------------------------------------------------------------------------------

# Names and addresses are functions of the user's number, so that every statement can make them anew. The addresses do not
# come in the order of the users, and one in five has capitals.
first_name() { echo "ELT(1 + CRC32($1) % 16, 'Ada','Ben','Chen','Dora','Emil','Fatima','Gita','Hugo','Ines','Jomo','Kaya','Lev','Mira','Nils','Olga','Pia')"; }
last_name() { echo "ELT(1 + CRC32(CONCAT('last', $1)) % 16, 'Abel','Bauer','Costa','Diaz','Eriksen','Faye','Garcia','Haddad','Ito','Jansen','Kowalski','Lopez','Mbeki','Novak','Okri','Petrov')"; }
email() { echo "CONCAT(IF($1 % 5, LOWER($(first_name "$1")), $(first_name "$1")), '.', LEFT(MD5($1), 6), $1, '@example.org')"; }

# contact_of USER USERS: the id of the contact that seed_contacts makes for the user: they come in another order than users.
contact_of() { echo "1000 + $1 * 7919 % $2"; }

# need_site NAME KIND USERS: a database wp_NAME with WordPress's and CiviCRM's tables and so many users, configured for the
# sidecar: "new" users have no contact, "known" ones have one, "linked" ones are linked to it. It is made once a run.
need_site() {
  local name=$1 kind=$2 users=$3 database=wp_$1
  [ ! -e "$WORK/sites/$name/ready" ] || return 0
  need_template
  step "a site with $users $kind users"
  rm -rf "$WORK/sites/$name"
  mkdir -p "$WORK/sites/$name"
  echo "$database" >"$WORK/sites/$name/database"
  create_database "$database"
  sql "$database" <"$WORK/template.sql"
  configure_sidecar "$name"
  userlink migrate --config "$(site_config "$name")" >&2
  seed "$database" "$kind" "$users"
  touch "$WORK/sites/$name/ready"
}

# need_template: the tables of a new WordPress and a new CiviCRM.
need_template() {
  [ ! -e "$WORK/template.sql" ] || return 0
  new_linked_wordpress template bookworm
  sql_dump wp_template >"$WORK/template.sql.new"
  mv "$WORK/template.sql.new" "$WORK/template.sql"
}

# seed DATABASE KIND USERS: replaces all users, and remembers CiviCRM's rows for restore.
seed() {
  local database=$1 kind=$2 users=$3 table
  seed_users "$database" "$users"
  [ "$kind" = new ] || without_triggers "$database" seed_contacts "$database" "$users"
  [ "$kind" != linked ] || sql "$database" -e "INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id)
    SELECT 1, seq, $(email seq), $(contact_of seq "$users") FROM seq_1_to_$users"
  for table in contact email log uf_match; do
    # What a sync of known users cannot touch needs no copy.
    [ "$kind" = new ] || [ "$table" = uf_match ] || [ "$table" = log ] || continue
    sql "$database" -e "CREATE OR REPLACE TABLE bench_$table AS SELECT * FROM civicrm_$table"
  done
  sql "$database" -e 'ANALYZE TABLE wp_users, wp_usermeta, civicrm_contact, civicrm_email, civicrm_uf_match' >/dev/null
  sql "$database" -N -e "SELECT seq, CONCAT('user', seq), $(email seq), $(first_name seq), $(last_name seq)
    FROM seq_1_to_$users" >"$WORK/sites/${database#wp_}/people"
}

# seed_users DATABASE USERS: with the 13 rows of usermeta that WordPress gives each.
seed_users() {
  local database=$1 users=$2
  sql "$database" -e "SET unique_checks = 0, foreign_key_checks = 0;
    TRUNCATE wp_users; TRUNCATE wp_usermeta;
    INSERT INTO wp_users (ID, user_login, user_pass, user_nicename, user_email, user_registered, display_name)
    SELECT seq, CONCAT('user', seq), MD5(seq), CONCAT('user', seq), $(email seq), '2020-01-01', CONCAT($(first_name seq), ' ', $(last_name seq))
    FROM seq_1_to_$users;
    INSERT INTO wp_usermeta (user_id, meta_key, meta_value)
    SELECT u, ELT(k, 'nickname', 'first_name', 'last_name', 'description', 'rich_editing', 'syntax_highlighting', 'comment_shortcuts', 'admin_color',
        'use_ssl', 'show_admin_bar_front', 'locale', 'wp_capabilities', 'wp_user_level'),
      ELT(k, CONCAT('user', u), $(first_name u), $(last_name u), '', 'true', 'true', 'false', 'fresh', '0', 'true', '', 'a:1:{s:10:\"subscriber\";b:1;}', '0')
    FROM (SELECT 1 + (seq - 1) DIV 13 AS u, 1 + (seq - 1) % 13 AS k FROM seq_1_to_$((users * 13))) AS every"
}

# seed_contacts DATABASE USERS: one for each user, with the address in lower case, as CiviCRM stores it.
seed_contacts() {
  local database=$1 users=$2
  sql "$database" -e "
    INSERT INTO civicrm_contact (id, contact_type, first_name, last_name, display_name, sort_name, hash)
    SELECT $(contact_of seq "$users"), 'Individual', $(first_name seq), $(last_name seq), CONCAT($(first_name seq), ' ', $(last_name seq)),
      CONCAT($(last_name seq), ', ', $(first_name seq)), MD5(seq) FROM seq_1_to_$users ORDER BY 1;
    INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary)
    SELECT $(contact_of seq "$users"), 1, LOWER($(email seq)), 1 FROM seq_1_to_$users ORDER BY 1"
}

# without_triggers DATABASE COMMAND…: CiviCRM's triggers are put away while a seed is made, and put back.
without_triggers() {
  local database=$1 trigger
  shift
  sql_dump "$database" --no-data --no-create-info --skip-routines civicrm_contact civicrm_email >"$WORK/triggers.sql"
  for trigger in $(sql "$database" -N -e "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '$database'
      AND EVENT_OBJECT_TABLE IN ('civicrm_contact', 'civicrm_email')"); do
    sql "$database" -e "DROP TRIGGER \`$trigger\`"
  done
  "$@"
  sql "$database" <"$WORK/triggers.sql"
}

# restore DATABASE: the rows of CiviCRM as seed left them, and none of userlink's. Then the server settles.
restore() {
  local database=$1 table
  for table in $(sql "$database" -N -e "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '$database' AND TABLE_NAME LIKE 'bench\_%'"); do
    sql "$database" -e "SET foreign_key_checks = 0; TRUNCATE civicrm_${table#bench_}; INSERT INTO civicrm_${table#bench_} SELECT * FROM $table"
  done
  for table in $(sql "$database" -N -e "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '$database' AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME LIKE 'userlink\_%'
      AND TABLE_NAME <> 'userlink_migration'"); do
    sql "$database" -e "SET foreign_key_checks = 0; TRUNCATE $table"
  done
  settle
}

# --- runs -----------------------------------------------------------------------------------------------------------

# sync_site NAME [--apply]: a full sync from the terminal, as an administrator would start it; prints what "bench watch"
# says of it. The job stays in $WORK/job.json.
sync_site() {
  local name=$1
  shift
  "$WORK/bench" watch "$USERLINK_BIN" sync --config "$(site_config "$name")" --site main --json --yes "$@" 2>"$WORK/job.json" ||
    die_with_log "$WORK/job.json" "the sync failed"
}

# job_seconds: how long the job itself took, without the program's start.
job_seconds() {
  local started finished
  started=$(job_member started_at)
  finished=$(job_member finished_at)
  calculate "$(date -d "$finished" +%s.%N) - $(date -d "$started" +%s.%N)"
}

job_member() { sed -nE "s/^ *\"$1\": \"?([^\",]*)\"?,?\$/\1/p" "$WORK/job.json"; }

# sql_floor NAME FILE: runs the SQL by hand; prints the seconds.
sql_floor() {
  local began=${EPOCHREALTIME/./}
  sql "wp_$1" <"$FIGURES/$2.sql" >&2
  calculate "($(date +%s%6N) - $began) / 1000000"
}

# rows_of NAME KIND: what a sync wrote, as a sum: the same for two ways that write the same rows, whatever the ids of new
# contacts are.
rows_of() {
  local contact="'new'"
  [ "$2" = new ] || contact=c.id
  sql "wp_$1" -N -e "SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', m.uf_id, m.uf_name, m.domain_id, $contact, c.contact_type, c.first_name, c.last_name,
      c.display_name, c.sort_name, COALESCE(c.preferred_language, '-'), COALESCE(c.communication_style_id, '-'), COALESCE(c.email_greeting_id, '-'),
      COALESCE(c.email_greeting_display, '-'), COALESCE(c.postal_greeting_id, '-'), COALESCE(c.postal_greeting_display, '-'),
      COALESCE(c.addressee_id, '-'), COALESCE(c.addressee_display, '-'), LENGTH(c.hash), ISNULL(c.created_date),
      e.email, e.is_primary, e.is_billing, e.on_hold, e.is_bulkmail, e.location_type_id,
      COALESCE(l.data = CONCAT('civicrm_contact,', c.id), '-'), COALESCE(l.modified_id = c.id, '-'))))
    FROM civicrm_uf_match m JOIN civicrm_contact c ON c.id = m.contact_id JOIN civicrm_email e ON e.contact_id = c.id
    LEFT JOIN civicrm_log l ON l.entity_table = 'civicrm_contact' AND l.entity_id = c.id" | tr '\t' ' '
}

# compare_sync ROW NAME KIND USERS: our sync and the SQL by hand in turn, on the same database. They must write the same rows.
compare_sync() {
  local row=$1 name=$2 kind=$3 users=$4 seconds ours theirs
  for _ in $(seq "$(size 3 3 1)"); do
    restore "wp_$name"
    seconds=$(sync_site "$name" --apply | field seconds)
    ours="$(rows_of "$name" "$kind"), $(civicrm_counts "wp_$name" | tr '\t' ' ')"
    [[ $ours == "$users "* ]] || die "the sync did not link $users users: $ours"
    sample "$row" value "$(calculate "$users / $seconds")"
    sample "$row-sql" value "$(calculate "$users / $seconds")"

    restore "wp_$name"
    seconds=$(sql_floor "$name" "$row")
    theirs="$(rows_of "$name" "$kind"), $(civicrm_counts "wp_$name" | tr '\t' ' ')"
    [ "$ours" = "$theirs" ] || die "our sync and the SQL by hand did not write the same rows: $ours; $theirs"
    sample "$row-sql" reference "$(calculate "$users / $seconds")"
  done
  sample "$row" note "$users users"
}

# --- the real CiviCRM -----------------------------------------------------------------------------------------------

# need_civicrm: builds it once a run.
need_civicrm() { [ -e "$WORK/sites/civicrm/pristine-uploads" ] || build_civicrm; }

# civicrm_sync ROW KIND USERS: CiviCRM's own "Synchronize Users to Contacts", without the start of PHP and CiviCRM.
civicrm_sync() {
  local row=$1 kind=$2 users=$3 answer
  [ -z "$BENCH_BARE" ] || return 0
  need_civicrm
  civi reset
  seed wp_civicrm "$kind" "$users"
  for _ in $(seq "$(size 3 3 1)"); do
    restore wp_civicrm
    # shellcheck disable=SC2016  # PHP's variables
    answer=$(WP_USER=0 civi eval '$began = hrtime(true); $counts = CRM_Utils_System::synchronizeUsers();
      printf("%d %.6f\n", $counts["contactCount"], (hrtime(true) - $began) / 1e9);')
    [[ $answer == "$users "* ]] || die "CiviCRM did not look at $users users: $answer"
    [ "$(sql wp_civicrm -N -e 'SELECT COUNT(*) FROM civicrm_uf_match')" = "$users" ] || die "CiviCRM did not link $users users"
    sample "$row" reference "$(calculate "$users / ${answer#* }")"
  done
  sample "$row" note "$(sed -n "s/^$row note //p" "$WORK/samples" | tail -n 1), CiviCRM with $users"
}
