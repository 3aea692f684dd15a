package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// linkedUsers adds n users with their contacts and links.
func linkedUsers(d *mysqltest.Database, n int) []link.User {
	users := make([]link.User, n)
	for i := range users {
		email := fmt.Sprintf("u%d@example.org", i+1)
		users[i] = d.AddUser(link.User{ID: uint32(i + 1), Email: email})
		d.AddLink(users[i].ID, email, d.AddContact("Individual", "U", fmt.Sprint(i+1), email))
	}
	return users
}

// Many events at once, at two sidecars: each gets the answer that it would get alone, and nothing is written twice.
func TestManyEventsTogether(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	users := linkedUsers(d, 40)
	users[7].Email = "changed@example.org"                 // to be brought into step, if the policy says so
	d.Exec("DELETE FROM civicrm_uf_match WHERE uf_id = 9") // to be linked
	before := d.Counts()
	type sent struct {
		event link.Event
		jti   string
		said  string
	}
	all := make([]sent, 3*len(users))
	for i := range all {
		ev := event(link.Updated, users[i%len(users)])
		ev.Time = time.Now()
		all[i] = sent{event: ev, jti: uuid.NewString()}
	}
	var senders sync.WaitGroup
	for i := range all {
		senders.Go(func() {
			result, err := sites[i%2].Apply(context.Background(), all[i].event, all[i].jti, time.Now().Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			all[i].said = said(result)
		})
	}
	senders.Wait()
	count := map[string]int{}
	for _, s := range all {
		if u := s.event.User.ID; u != 8 && u != 9 && s.said != "already_linked/link_exists" && s.said != "ignored/stale_event" {
			t.Errorf("user %d: %s", u, s.said)
		}
		count[s.said]++
	}
	if count["linked/email_primary"] != 1 {
		t.Errorf("%v", count)
	}
	if got := d.One("SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM userlink_token), (SELECT COUNT(*) FROM userlink_delivery), (SELECT COUNT(*) FROM userlink_user WHERE last_event_at IS NOT NULL))"); got != fmt.Sprintf("%d %d 40", len(all), len(all)) {
		t.Errorf("tokens, answers, users heard of: %s", got)
	}
	if got := d.One("SELECT COUNT(*) FROM civicrm_uf_match"); got != "40" {
		t.Errorf("links: %s; contacts, emails, logs, links before: %s", got, before)
	}
	for _, s := range all { // a repeat with a new token gets the answer of then; the token of then is refused
		if again, err := sites[0].Apply(t.Context(), s.event, uuid.NewString(), time.Now().Add(time.Minute)); err != nil || said(again) != s.said {
			t.Errorf("a repeat: %s, %v; then %s", said(again), err, s.said)
		}
		if _, err := sites[1].Apply(t.Context(), s.event, s.jti, time.Now().Add(time.Minute)); !errors.Is(err, link.ErrReplayed) {
			t.Errorf("a token used before: %v", err)
		}
	}
}

// One bad token among many does not hurt the others.
func TestReplayAmongMany(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	users := linkedUsers(d, 20)
	used := uuid.NewString()
	if fresh, err := site.TokenFresh(t.Context(), used, time.Now().Add(time.Minute)); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	var senders sync.WaitGroup
	for i, u := range users {
		senders.Go(func() {
			jti := uuid.NewString()
			if i == 13 {
				jti = used
			}
			_, err := site.Apply(context.Background(), event(link.Updated, u), jti, time.Now().Add(time.Minute))
			if refused := errors.Is(err, link.ErrReplayed); refused != (i == 13) || err != nil && !refused {
				t.Errorf("event %d: %v", i, err)
			}
		})
	}
	senders.Wait()
}

// What a younger event said is not taken back by an older one that is answered later.
func TestOlderEventAboutAStandingLink(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	users := linkedUsers(d, 1)
	young, old := event(link.Updated, users[0]), event(link.Updated, users[0])
	young.Time, old.Time = time.Now(), time.Now().Add(-time.Minute)
	for _, step := range []struct {
		ev   link.Event
		want string
	}{{young, "already_linked/link_exists"}, {old, "ignored/stale_event"}, {young, "already_linked/link_exists"}} {
		result, err := site.Apply(t.Context(), step.ev, uuid.NewString(), time.Now().Add(time.Minute))
		if err != nil || said(result) != step.want {
			t.Errorf("%s, %v; want %s", said(result), err, step.want)
		}
	}
	if got := d.One("SELECT TIMESTAMPDIFF(SECOND, last_event_at, UTC_TIMESTAMP()) < 50 FROM userlink_user"); got != "1" {
		t.Error("the older event counts as the last one")
	}
}

// A repeat among many gets the answer of then, though his link stands by now, and the others get theirs.
func TestRepeatAmongMany(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	users := linkedUsers(d, 20)
	d.Exec("DELETE FROM civicrm_uf_match WHERE uf_id = 14")
	events := make([]link.Event, len(users))
	for i, u := range users {
		events[i] = event(link.Updated, u)
		events[i].Time = time.Now()
	}
	if result, err := site.Apply(t.Context(), events[13], uuid.NewString(), time.Now().Add(time.Minute)); err != nil || said(result) != "linked/email_primary" {
		t.Fatal(said(result), err)
	}
	answers := make([]string, len(users))
	var senders sync.WaitGroup
	for i, ev := range events {
		senders.Go(func() {
			result, err := site.Apply(context.Background(), ev, uuid.NewString(), time.Now().Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			answers[i] = said(result)
		})
	}
	senders.Wait()
	for i, answer := range answers {
		want := "already_linked/link_exists"
		if i == 13 {
			want = "linked/email_primary"
		}
		if answer != want {
			t.Errorf("event %d: %s, want %s", i, answer, want)
		}
	}
	if got := d.One("SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM userlink_token), (SELECT COUNT(*) FROM userlink_delivery))"); got != "21 20" {
		t.Errorf("tokens, answers: %s", got)
	}
}
