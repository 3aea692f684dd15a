# shellcheck shell=bash
# What the stages that drive the whole product share: checks, a WordPress visited as people visit it, calls to the sidecar.
#
#   is "what must hold" EXPECTED SEEN
#   finish                                  # the last line of a stage

# shellcheck source=scripts/lib/all.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

TESTS=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck disable=SC2034  # used by the stages
SENTENCE='Synchronize Users to Contacts completed.'

# --- checks ---------------------------------------------------------------------------------------------------------

checks_passed=0 checks_failed=0

passed() {
  checks_passed=$((checks_passed + 1))
  printf 'ok %s\n' "$1"
}

# failed WHAT EXPECTED SEEN
failed() {
  checks_failed=$((checks_failed + 1))
  printf 'not ok %s\n  expected: %s\n  seen:     %s\n' "$1" "${2//$'\n'/ | }" "${3//$'\n'/ | }"
}

# is WHAT EXPECTED SEEN: the two are the same.
is() { if [ "$2" = "$3" ]; then passed "$1"; else failed "$1" "$2" "$3"; fi; }

# like WHAT PATTERN SEEN: what was seen matches a shell pattern.
like() {
  # shellcheck disable=SC2053  # a pattern is meant
  if [[ $3 == $2 ]]; then passed "$1"; else failed "$1" "$2" "$3"; fi
}

# soon WHAT SECONDS COMMAND…: COMMAND succeeds before the time is over. The time is a limit for hopeless cases, no measure.
soon() {
  local what=$1 seconds=$2
  shift 2
  if wait_for "$seconds" "$@"; then passed "$what"; else failed "$what" "$*" "not within $seconds s"; fi
}

# exit_code COMMAND…: prints it.
exit_code() {
  local code=0
  "$@" >/dev/null 2>&1 || code=$?
  echo "$code"
}

# part TEXT: a heading, with the time.
part() {
  local us=$((${EPOCHREALTIME/./} - USERLINK_T0))
  printf '# [%d.%d s] %s\n' $((us / 1000000)) $((us / 100000 % 10)) "$*"
}

# finish: the counts, and the exit code that they deserve.
finish() {
  printf '%d passed, %d failed\n' "$checks_passed" "$checks_failed"
  [ "$checks_failed" = 0 ] && [ "$checks_passed" -gt 0 ]
}

# --- data -----------------------------------------------------------------------------------------------------------

# use_site NAME: the site that the functions below are about.
use_site() { SITE=$1; }

# q SQL: its answer; columns apart by tabs, no heading.
q() { sql "$(wp_database "$SITE")" -N -e "$1"; }

# counts: contacts, emails, log rows and links.
counts() { civicrm_counts "$(wp_database "$SITE")" | tr '\t' ' '; }

# fingerprint: changes when any row of the four tables does.
fingerprint() { q 'CHECKSUM TABLE civicrm_contact, civicrm_email, civicrm_log, civicrm_uf_match' | cut -f 2 | xargs; }

# json PATH: a member of the JSON on stdin, such as error.code or jobs.0.state; lists and objects as JSON.
json() {
  # shellcheck disable=SC2016  # PHP's variables
  php8.2 -r '$v = json_decode(stream_get_contents(STDIN), true);
    foreach (explode(".", $argv[1]) as $name) { $v = is_array($v) ? $v[$name] ?? null : null; }
    echo is_string($v) ? $v : json_encode($v), "\n";' -- "$1"
}

user_id() { q "SELECT ID FROM wp_users WHERE user_login = '$1'"; }

# link_of LOGIN: the contact, the link's name, and the contact's primary email; nothing without a link.
link_of() {
  q "SELECT m.contact_id, m.uf_name, e.email FROM wp_users u JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
    LEFT JOIN civicrm_email e ON e.contact_id = m.contact_id AND e.is_primary = 1 WHERE u.user_login = '$1'" | tr '\t' ' '
}

is_linked() { [ -n "$(link_of "$1")" ]; }

# JOURNAL: a FROM with one row for each row that userlink wrote: its entry of the journal as j, and of the row c.table_name,
# c.row_id, c.change_type and its place c.n in the entry.
JOURNAL="userlink_journal j JOIN JSON_TABLE(j.changes, '\$[*]' COLUMNS (n FOR ORDINALITY, table_name varchar(64) PATH '\$.table',
  row_id int unsigned PATH '\$.row_id', change_type varchar(8) PATH '\$.change')) c"

# journal_of LOGIN: what userlink wrote for that user, as table:change.
journal_of() {
  q "SELECT GROUP_CONCAT(CONCAT(SUBSTRING(c.table_name, 9), ':', c.change_type) ORDER BY j.id, c.n SEPARATOR ' ')
    FROM $JOURNAL JOIN wp_users u ON u.ID = j.uf_id WHERE u.user_login = '$1'"
}

# waiting: how many events are in the outbox.
waiting() { q 'SELECT COUNT(*) FROM wp_userlink_outbox'; }

# time_passes: what waits is due, and a sidecar that was seen hanging is tried again, as if an hour had gone by.
time_passes() {
  q "UPDATE wp_userlink_outbox SET due = 0"
  q "DELETE FROM wp_options WHERE option_name = 'userlink_down_until'"
}

# flush: what WP-Cron does every five minutes; prints how many were sent, kept and dropped.
flush() { wp_eval "$SITE" 'echo implode(" ", userlink_flush());'; }

# complaints: what PHP had to say about the plugin.
complaints() { grep -E 'PHP (Fatal error|Parse error|Warning|Notice|Deprecated).*userlink-for-civicrm' "$(wp_debug_log "$SITE")" || true; }

# --- WordPress over HTTP --------------------------------------------------------------------------------------------

# as WHO PATH [CURL ARGUMENT…]: a request with the cookies of WHO, a name of the test's own; the page on stdout.
as() {
  local who=$1 path=$2
  shift 2
  curl -sS --max-time 120 -b "$WORK/cookies-$who" -c "$WORK/cookies-$who" "$@" "$(wp_url "$SITE")$path"
}

# status WHO PATH [CURL ARGUMENT…]: as above; prints the status and where it sends on to, without the site's address.
status() {
  local url
  url=$(wp_url "$SITE")
  as "$@" -o /dev/null -w '%{http_code} %{redirect_url}' | sed "s#$url##; s/ \$//"
}

# log_in WHO LOGIN PASSWORD: prints the status, 302 if it worked.
log_in() {
  rm -f "$WORK/cookies-$1"
  as "$1" /wp-login.php -o /dev/null   # WordPress wants to see that cookies work
  as "$1" /wp-login.php -o /dev/null -w '%{http_code}\n' --data-urlencode "log=$2" --data-urlencode "pwd=$3" -d testcookie=1 -d wp-submit=Log+In
}

# sign_up LOGIN EMAIL: a visitor registers; prints the status, where it leads to, and the seconds it took.
sign_up() {
  rm -f "$WORK/cookies-visitor"
  as visitor '/wp-login.php?action=register' -o /dev/null -w '%{http_code} %{redirect_url} %{time_total}\n' \
    --data-urlencode "user_login=$1" --data-urlencode "user_email=$2" | sed 's#http://[^/]*##'
}

# SIGNED_UP: what sign_up says when all went well.
# shellcheck disable=SC2034  # used by the stages
SIGNED_UP='302 /wp-login.php?checkemail=registered *'

# form_nonce: the nonce of the form in the page on stdin.
form_nonce() { sed -n 's/.*name="_wpnonce" value="\([0-9a-f]*\)".*/\1/p' | sed -n 1p; }

# change_user LOGIN FIELD=VALUE…: the administrator changes a user's profile; prints the status and where it leads to.
change_user() {
  local login=$1 id page field fields=()
  shift
  id=$(user_id "$login")
  page=$(as admin "/wp-admin/user-edit.php?user_id=$id")
  for field in "email=$(q "SELECT user_email FROM wp_users WHERE ID = $id")" "nickname=$login" role=subscriber "$@"; do
    fields+=(--data-urlencode "$field")   # the last one of a name counts
  done
  status admin "/wp-admin/user-edit.php?user_id=$id" -d action=update -d from=profile -d checkuser_id=1 -d "user_id=$id" \
    -d "_wpnonce=$(form_nonce <<<"$page")" "${fields[@]}"
}

# delete_user LOGIN: the administrator deletes a user, in two steps as WordPress wants it.
delete_user() {
  local id link page
  id=$(user_id "$1")
  link=$(as admin "/wp-admin/users.php?s=$1" | sed -n "s/.*href=.\(users.php?action=delete&amp;user=$id&amp;_wpnonce=[0-9a-f]*\).*/\1/p" | sed 's/&amp;/\&/g; q')
  page=$(as admin "/wp-admin/$link")
  status admin /wp-admin/users.php -d action=dodelete -d "users[]=$id" -d delete_option=delete -d "_wpnonce=$(form_nonce <<<"$page")"
}

# relay [--as WHO] METHOD PATH [BODY [QUERY]]: what the admin page does; the answer's JSON, with the status on a last line.
relay() {
  local who=admin
  if [ "$1" = --as ]; then who=$2 && shift 2; fi
  as "$who" '/index.php?rest_route=/userlink/v1/relay' -w '\n%{http_code}\n' -H "X-WP-Nonce: $(relay_nonce "$who")" \
    -H 'Content-Type: application/json' -d "{\"method\":\"$1\",\"path\":\"$2\",\"query\":${4:-{\}},\"body\":${3:-null}}"
}

# relay_nonce WHO: out of the admin page; for those who may not see it the one of WordPress's own scripts.
relay_nonce() {
  if [ ! -s "$WORK/nonce-$1" ]; then
    as "$1" '/wp-admin/tools.php?page=userlink' | sed -n 's/.*X-WP-Nonce&quot;:&quot;\([0-9a-f]*\).*/\1/p' >"$WORK/nonce-$1"
  fi
  cat "$WORK/nonce-$1"
}

# code: status and error code of an answer of relay on stdin, such as "502 sidecar_unreachable".
code() {
  local answer
  answer=$(cat)
  echo "${answer##*$'\n'} $(json error.code <<<"${answer%$'\n'*}")"
}

# --- jobs -----------------------------------------------------------------------------------------------------------

# job_field JOB COLUMN[, COLUMN…]: the counters are those of the report's chunks; an apply has them in its own row at its end.
job_field() {
  q "SELECT $2 FROM (SELECT id, state, error, mode, slowed, owner, total, last_uf_id FROM userlink_job WHERE id = '$1') j
    JOIN (SELECT SUM(already_linked + linked + created + updated + conflicts + skipped + failed) AS checked, SUM(already_linked) AS already_linked, SUM(linked) AS linked,
      SUM(created) AS created, SUM(updated) AS updated, SUM(conflicts) AS conflicts, SUM(skipped) AS skipped, SUM(failed) AS failed
      FROM userlink_job_chunk WHERE job_id = '$1') c" | tr '\t' ' '
}

job_is() { [ "$(job_field "$1" state)" = "$2" ]; }

job_ended() { [[ $(job_field "$1" state) == @(done|failed|cancelled) ]]; }

# job_checked JOB N: it has looked at so many users.
job_checked() { [ "$(job_field "$1" "checked >= $2")" = 1 ]; }

# --- calls to the sidecar -------------------------------------------------------------------------------------------

# sign KEY-ID METHOD PATH [BODY [ACTOR]]: a token, made by the client that all CMSs share.
sign() { php8.2 "$TESTS/sign.php" "$REPO/shared/php" "$1" "$WORK/sites/$SITE/userlink/$1.key" "${@:2}"; }

# call TOKEN METHOD PATH [BODY]: a call past WordPress; prints the status and the error's code, or the outcome.
call() {
  local answer header=()
  [ -z "$1" ] || header=(-H "Authorization: Bearer $1")
  answer=$(curl -sS --max-time 60 -w '\n%{http_code}' -X "$2" "${header[@]}" ${4:+--data-binary "$4"} "http://$(site_address "$SITE")$3")
  echo "${answer##*$'\n'} $(json error.code <<<"${answer%$'\n'*}")" | sed 's/ null$//'
}
