package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// maxUserID is the largest id that CiviCRM's uf_id can hold.
const maxUserID = 1<<32 - 1

// userColumns say where a CMS keeps what we need of its users. The names are SQL expressions on the table u, and columns
// lists every column that they touch: the only ones of that table that userlink's account may read.
type userColumns struct {
	table    string
	id       string
	email    string
	username string
	name     string
	filter   string
	columns  []string
	secrets  []string // columns that the account must not be able to read
}

// userTables is the table of the CMSs' tables. Sources: the DDL of WordPress 6, Drupal 7 and 10, Backdrop 1.28, Joomla 5.
var userTables = map[link.CMS]userColumns{
	link.WordPress: {
		table: "users", id: "u.ID", email: "u.user_email", username: "u.user_login", name: "u.display_name", filter: "TRUE",
		columns: []string{"ID", "user_login", "user_email", "display_name"}, secrets: []string{"user_pass", "user_activation_key"},
	},
	link.Drupal: {
		table: "users_field_data", id: "u.uid", email: "u.mail", username: "u.name", name: "''", filter: "u.default_langcode = 1 AND u.uid > 0",
		columns: []string{"uid", "mail", "name", "default_langcode"}, secrets: []string{"pass"},
	},
	link.Drupal7: {
		table: "users", id: "u.uid", email: "u.mail", username: "u.name", name: "''", filter: "u.uid > 0",
		columns: []string{"uid", "mail", "name"}, secrets: []string{"pass"},
	},
	link.Backdrop: {
		table: "users", id: "u.uid", email: "u.mail", username: "u.name", name: "''", filter: "u.uid > 0",
		columns: []string{"uid", "mail", "name"}, secrets: []string{"pass"},
	},
	link.Joomla: {
		table: "users", id: "u.id", email: "u.email", username: "u.username", name: "u.name", filter: "TRUE",
		columns: []string{"id", "email", "username", "name"}, secrets: []string{"password", "otpKey", "otep"},
	},
}

// WordPress keeps names in usermeta, beside session tokens and the hashes of application passwords. A view that shows the
// harmless keys alone is what the account should be allowed to read; the table itself is read only where there is no view.
const (
	usermetaTable = "usermeta"
	usermetaView  = "userlink_usermeta"
)

// users reads the users of one CMS. It never writes.
type users struct {
	db     *gorm.DB
	cms    link.CMS
	prefix string
	blogID int // WordPress multisite: only the users of this blog; 0: all
	where  userColumns
	shared bool // the table is in CiviCRM's schema
	meta   *metaChoice
}

// metaChoice is usermetaView or usermetaTable; empty until it is known.
type metaChoice struct {
	mu   sync.Mutex
	name string
}

func newUsers(db *gorm.DB, shared bool, cms link.CMS, prefix string, blogID int) *users {
	return &users{db: db, shared: shared, cms: cms, prefix: prefix, blogID: blogID, where: userTables[cms], meta: &metaChoice{}}
}

// within reads through a transaction on CiviCRM's schema where that is possible. Whoever holds a connection must not ask
// the same pool for a second one: when all do that at once, all wait for ever.
func (u *users) within(tx *gorm.DB) *users {
	if !u.shared {
		return u
	}
	through := *u
	through.db = tx
	return &through
}

func (u *users) table() string { return quote(u.prefix + u.where.table) }

func (u *users) from(ctx context.Context) string {
	from := u.table() + " u WHERE " + u.where.filter
	if u.cms == link.WordPress && u.blogID > 0 {
		// A user belongs to a blog if he has a role there, as in WordPress's own get_users().
		from += fmt.Sprintf(" AND EXISTS (SELECT 1 FROM %s m WHERE m.user_id = u.ID AND m.meta_key = '%s')", u.metaTable(ctx), u.capabilitiesKey())
	}
	return from
}

func (u *users) capabilitiesKey() string {
	if u.blogID > 1 {
		return fmt.Sprintf("%s%d_capabilities", u.prefix, u.blogID)
	}
	return u.prefix + "capabilities"
}

// Page returns up to limit users with ids above after, by id. Names that WordPress keeps in usermeta are left out; Names
// adds them for those who need them.
func (u *users) Page(ctx context.Context, after uint32, limit int) ([]link.User, error) {
	return u.query(ctx, fmt.Sprintf("%s > ? AND %s <= %d ORDER BY %s LIMIT ?", u.where.id, u.where.id, uint32(maxUserID), u.where.id), after, limit)
}

// Range is Page for the users with ids above after, up to last.
func (u *users) Range(ctx context.Context, after, last uint32) ([]link.User, error) {
	return u.query(ctx, fmt.Sprintf("%s > ? AND %s <= ? ORDER BY %s", u.where.id, u.where.id, u.where.id), after, last)
}

// Boundary returns the id of the last user of the page that begins after that id, or 0 when there is none.
func (u *users) Boundary(ctx context.Context, after uint32, limit int) (uint32, error) {
	var last uint32
	err := u.db.WithContext(ctx).Raw(fmt.Sprintf("SELECT COALESCE(MAX(id), 0) FROM (SELECT %s AS id FROM %s AND %s > ? AND %s <= %d ORDER BY %s LIMIT ?) x",
		u.where.id, u.from(ctx), u.where.id, u.where.id, uint32(maxUserID), u.where.id), after, limit).Scan(&last).Error
	if err != nil {
		err = fmt.Errorf("read users: %w", err)
	}
	return last, err
}

// ByID returns the users with these ids, by id, without the names in usermeta. An id that no user has is left out.
func (u *users) ByID(ctx context.Context, ids []uint32) ([]link.User, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return u.query(ctx, just(u.where.id, ids)+" ORDER BY "+u.where.id)
}

func (u *users) query(ctx context.Context, condition string, args ...any) ([]link.User, error) {
	statement := fmt.Sprintf("SELECT %s, COALESCE(%s, ''), COALESCE(%s, ''), COALESCE(%s, '') FROM %s AND %s",
		u.where.id, u.where.email, u.where.username, u.where.name, u.from(ctx), condition)
	var found []link.User
	err := read(ctx, u.db, statement, args, func(scan func(...any) error) error {
		var user link.User
		err := scan(&user.ID, &user.Email, &user.Username, &user.Name)
		found = append(found, user)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	return found, nil
}

// Names fills in first and last name of WordPress users; elsewhere it does nothing. Of several values of one key the
// oldest counts, as in get_user_meta().
func (u *users) Names(ctx context.Context, list []*link.User) error {
	if u.cms != link.WordPress || len(list) == 0 {
		return nil
	}
	// The oldest value is sought here: the server would sort the rows with their texts.
	type oldest struct {
		user        *link.User
		first, last uint64 // rows of usermeta; 0: none yet
	}
	byID := make(map[uint64]*oldest, len(list))
	ids := make([]uint32, len(list))
	for i, user := range list {
		byID[uint64(user.ID)], ids[i] = &oldest{user: user}, user.ID
	}
	err := read(ctx, u.db, "SELECT user_id, umeta_id, meta_key = 'first_name', COALESCE(meta_value, '') FROM "+u.metaTable(ctx)+
		" WHERE "+among("user_id", ids)+" AND meta_key IN ('first_name', 'last_name')", nil, func(scan func(...any) error) error {
		var user, umeta, isFirst, meta any // as they come: to be told the types, database/sql makes a text of each number first
		if err := scan(&user, &umeta, &isFirst, &meta); err != nil {
			return err
		}
		id, row, first, value := integer(user), integer(umeta), integer(isFirst) == 1, text(meta)
		o, asked := byID[id]
		switch {
		case !asked:
		case first && (o.first == 0 || row < o.first):
			o.first, o.user.FirstName = row, value
		case !first && (o.last == 0 || row < o.last):
			o.last, o.user.LastName = row, value
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read names: %w", err)
	}
	return nil
}

// metaTable returns the view if the administrator made it, else the table. It looks until the database has said which: one
// that does not answer has not said that there is no view.
func (u *users) metaTable(ctx context.Context) string {
	u.meta.mu.Lock()
	defer u.meta.mu.Unlock()
	if u.meta.name == "" {
		err := u.db.WithContext(ctx).Exec("SELECT meta_value FROM " + quote(u.prefix+usermetaView) + " LIMIT 0").Error
		switch number(err) {
		case errNoSuchTable, errTableDenied, errColumnDenied:
			u.meta.name = usermetaTable
		default:
			if err != nil {
				return quote(u.prefix + usermetaView) // the statement that asked for the name will fail, and be tried again
			}
			u.meta.name = usermetaView
		}
	}
	return quote(u.prefix + u.meta.name)
}

// Count returns how many users there are.
func (u *users) Count(ctx context.Context) (int, error) {
	var n int
	err := u.db.WithContext(ctx).Raw("SELECT COUNT(*) FROM " + u.from(ctx)).Scan(&n).Error
	return n, err
}

// ids returns all users' ids, in order, as they come from the server.
func (u *users) ids(ctx context.Context) (*sql.Rows, error) {
	return u.db.WithContext(ctx).Raw("SELECT " + u.where.id + " FROM " + u.from(ctx) + " ORDER BY " + u.where.id).Rows()
}

// emails returns all users' ids and addresses, in the order of the ids, as they come from the server.
func (u *users) emails(ctx context.Context) (*sql.Rows, error) {
	return u.db.WithContext(ctx).Raw(fmt.Sprintf("SELECT %s, COALESCE(%s, '') FROM %s ORDER BY %s", u.where.id, u.where.email, u.from(ctx), u.where.id)).Rows()
}

// Existing returns which of the ids belong to a user of the whole CMS, of whatever blog.
func (u *users) Existing(ctx context.Context, ids []uint32) (map[uint32]bool, error) {
	existing := map[uint32]bool{}
	if len(ids) == 0 {
		return existing, nil
	}
	var found []uint32
	err := u.db.WithContext(ctx).Raw(fmt.Sprintf("SELECT %s FROM %s u WHERE %s IN ?", u.where.id, u.table(), u.where.id), ids).Scan(&found).Error
	for _, id := range found {
		existing[id] = true
	}
	return existing, err
}

// readableUser tells whether every field of the row is text.
func readableUser(user link.User) bool {
	for _, s := range []string{user.Email, user.Username, user.Name, user.FirstName, user.LastName} {
		if !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
