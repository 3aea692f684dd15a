package mysql

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// reportItem is one user in a chunk's report. Of those who were linked already it keeps the ids alone: on a big site they
// are nearly all, and who they are can be looked up.
type reportItem struct {
	UserID    uint32       `json:"i"`
	Outcome   link.Outcome `json:"o"`
	Reason    link.Reason  `json:"r"`
	ContactID *uint32      `json:"c,omitempty"`
	OtherID   *uint32      `json:"x,omitempty"`
	Username  string       `json:"u,omitempty"`
	Email     string       `json:"e,omitempty"`
	Name      string       `json:"n,omitempty"`
}

func insertChunk(tx *gorm.DB, job fullsync.Job, c fullsync.Counts, users []link.User, results []link.Result) error {
	items := make([]reportItem, len(users))
	for i, r := range results {
		items[i] = newReportItem(users[i], r)
		if job.Mode == fullsync.Preview && r.Outcome == link.Created {
			items[i].ContactID = nil
		}
	}
	packed, err := pack(items)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO userlink_job_chunk (job_id, last_uf_id, already_linked, linked, created, updated, conflicts, skipped, failed, undone, kept, repaired, items) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		job.ID, job.LastUserID, c.AlreadyLinked, c.Linked, c.Created, c.Updated, c.Conflicts, c.Skipped, c.Failed, c.Undone, c.Kept, c.Repaired, packed).Error
}

func newReportItem(user link.User, r link.Result) reportItem {
	item := reportItem{UserID: user.ID, Outcome: r.Outcome, Reason: r.Reason, ContactID: r.ContactID, OtherID: r.OtherUserID}
	if r.Outcome != link.AlreadyLinked {
		item.Username, item.Email, item.Name = clip(user.Username), clip(user.Email), clip(personName(user))
	}
	return item
}

// append writes the item as JSON, of which a sync writes one object for each user.
func (i reportItem) append(b []byte) []byte {
	b = strconv.AppendUint(append(b, `{"i":`...), uint64(i.UserID), 10)
	for _, text := range []struct{ key, value string }{
		{`,"o":`, string(i.Outcome)}, {`,"r":`, string(i.Reason)}, {`,"u":`, i.Username}, {`,"e":`, i.Email}, {`,"n":`, i.Name},
	} {
		if text.value != "" {
			b = appendText(append(b, text.key...), text.value)
		}
	}
	for _, id := range []struct {
		key   string
		value *uint32
	}{{`,"c":`, i.ContactID}, {`,"x":`, i.OtherID}} {
		if id.value != nil {
			b = strconv.AppendUint(append(b, id.key...), uint64(*id.value), 10)
		}
	}
	return append(b, '}')
}

// itemRoom is about what an item takes as JSON, in bytes.
const itemRoom = 128

// packers are used again: one has a megabyte of tables.
var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // that level exists
	return z
}}

func pack(items []reportItem) ([]byte, error) {
	var b bytes.Buffer
	z := packers.Get().(*gzip.Writer) //nolint:forcetypeassert // nothing else is put in
	defer packers.Put(z)
	z.Reset(&b)
	text := append(make([]byte, 0, itemRoom*(len(items)+1)), '[')
	for i, item := range items {
		if i > 0 {
			text = append(text, ',')
		}
		text = item.append(text)
	}
	if _, err := z.Write(append(text, ']')); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpack(packed []byte) ([]reportItem, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	var items []reportItem
	err = json.Unmarshal(raw, &items)
	return items, err
}

// columns of userlink_job_chunk that count an outcome.
var outcomeColumn = map[link.Outcome]string{
	link.AlreadyLinked: "already_linked", link.Linked: "linked", link.Created: "created", link.EmailUpdated: "updated",
	link.Conflict: "conflicts", link.Skipped: "skipped", link.Failed: "failed",
	link.Undone: "undone", link.Kept: "kept", link.Repaired: "repaired",
}

// Items lists a job's users by id, all or those of one outcome. The cursor is the last user id of the page before, and the
// last contact if that user has more items.
func (s *Site) Items(ctx context.Context, id string, outcome link.Outcome, after string, limit int) (fullsync.Page[fullsync.Item], error) {
	page := fullsync.Page[fullsync.Item]{Items: []fullsync.Item{}}
	from, err := parsePosition(after)
	if err != nil {
		return page, err
	}
	if _, err := s.Job(ctx, id); err != nil {
		return page, err
	}
	condition := ""
	if outcome != "" {
		column, ok := outcomeColumn[outcome]
		if !ok {
			return page, fmt.Errorf("%w: no such outcome", fullsync.ErrCursor)
		}
		condition = " AND " + column + " > 0"
	}
	items, err := s.reportItems(ctx, id, condition, outcome, from, limit+1)
	if err != nil {
		return page, outward(err)
	}
	items, page.Next = cutPage(items, limit)
	page.Items, err = s.describe(ctx, items)
	return page, outward(err)
}

// reportItems reads chunk after chunk until there are enough.
func (s *Site) reportItems(ctx context.Context, id, condition string, outcome link.Outcome, from position, limit int) ([]reportItem, error) {
	rows, err := s.db.gorm.WithContext(ctx).Raw("SELECT items FROM userlink_job_chunk WHERE job_id = ? AND last_uf_id >= ?"+condition+" ORDER BY last_uf_id", id, from.firstUser()).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []reportItem
	for len(found) < limit && rows.Next() {
		var packed []byte
		if err := rows.Scan(&packed); err != nil {
			return nil, err
		}
		items, err := unpack(packed)
		if err != nil {
			return nil, errors.Join(errors.New("a chunk of the report is damaged"), err)
		}
		slices.SortStableFunc(items, byUserAndContact)
		for _, item := range items {
			if from.before(item) && (outcome == "" || item.Outcome == outcome) {
				found = append(found, item)
			}
		}
	}
	return found[:min(len(found), limit)], rows.Err()
}

// describe adds what can be looked up: the contacts' names as they are now, and who the users are that the report only
// keeps the ids of.
func (s *Site) describe(ctx context.Context, items []reportItem) ([]fullsync.Item, error) {
	var contacts, unknown []uint32
	for _, item := range items {
		if item.ContactID != nil {
			contacts = append(contacts, *item.ContactID)
		}
		if item.Outcome == link.AlreadyLinked {
			unknown = append(unknown, item.UserID)
		}
	}
	names, err := s.contactNames(ctx, contacts)
	if err != nil {
		return nil, err
	}
	users, err := s.usersByID(ctx, unknown)
	if err != nil {
		return nil, err
	}
	described := make([]fullsync.Item, len(items))
	for i, item := range items {
		d := fullsync.Item{
			UserID: item.UserID, Username: item.Username, Email: item.Email, Name: item.Name,
			Outcome: item.Outcome, Reason: item.Reason, ContactID: item.ContactID, OtherUserID: item.OtherID,
		}
		if u, ok := users[item.UserID]; ok {
			d.Username, d.Email, d.Name = clip(u.Username), clip(u.Email), clip(personName(u))
		}
		if item.ContactID != nil {
			d.ContactName = names[*item.ContactID]
		}
		described[i] = d
	}
	return described, nil
}

func (s *Site) contactNames(ctx context.Context, ids []uint32) (map[uint32]string, error) {
	names := map[uint32]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var rows []struct {
		ID   uint32
		Name string
	}
	err := s.db.gorm.WithContext(ctx).Raw("SELECT id, COALESCE(display_name, '') AS name FROM civicrm_contact WHERE id IN ?", ids).Scan(&rows).Error
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	return names, err
}

func (s *Site) usersByID(ctx context.Context, ids []uint32) (map[uint32]link.User, error) {
	return s.usersWithin(ctx, s.db.gorm, ids)
}

// usersWithin is usersByID for who is in a transaction.
func (s *Site) usersWithin(ctx context.Context, tx *gorm.DB, ids []uint32) (map[uint32]link.User, error) {
	u := s.users.within(tx)
	list, err := u.ByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	pointers := make([]*link.User, len(list))
	for i := range list {
		pointers[i] = &list[i]
	}
	if err := u.Names(ctx, pointers); err != nil {
		return nil, err
	}
	if err := u.Facts(ctx, s.Matching.Only, pointers); err != nil {
		return nil, err
	}
	users := make(map[uint32]link.User, len(list))
	for _, u := range list {
		users[u.ID] = u
	}
	return users, nil
}
