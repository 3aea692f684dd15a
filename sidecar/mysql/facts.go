package mysql

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"userlink/sidecar/link"
)

// factColumns say where a CMS keeps what only some sites need to know of a user. Their columns are granted to those alone.
type factColumns struct {
	lastLogin string // expression: seconds since 1970, 0 or NULL: never; empty: the CMS does not keep it
	blocked   string // expression: whether the user may not log in; empty: the CMS has no such thing
	login     string // the column in lastLogin
	status    string // the column in blocked
	roles     string // statement with %s for the prefix: user and role of the users IN ?; empty: in usermeta
	tables    []roleTable
	everybody []string // roles that all users have and no table says
}

// roleTable is a table that roles are read from.
type roleTable struct {
	name    string
	columns []string
}

// userFacts is the table of the CMSs' facts. The roles are called as the CMS's plugin calls them. Sources: as userTables.
var userFacts = map[link.CMS]factColumns{
	link.WordPress: {},
	link.Drupal: {
		lastLogin: "u.login", login: "login", blocked: "u.status = 0", status: "status",
		roles:  "SELECT entity_id, roles_target_id FROM `%suser__roles` WHERE deleted = 0 AND entity_id IN ?",
		tables: []roleTable{{"user__roles", []string{"entity_id", "roles_target_id", "deleted"}}},
	},
	link.Drupal7: {
		lastLogin: "u.login", login: "login", blocked: "u.status = 0", status: "status",
		roles:  "SELECT x.uid, r.name FROM `%[1]susers_roles` x JOIN `%[1]srole` r ON r.rid = x.rid WHERE x.uid IN ?",
		tables: []roleTable{{"users_roles", []string{"uid", "rid"}}, {"role", []string{"rid", "name"}}},
	},
	link.Backdrop: {
		lastLogin: "u.login", login: "login", blocked: "u.status = 0", status: "status",
		roles:  "SELECT uid, role FROM `%susers_roles` WHERE uid IN ?",
		tables: []roleTable{{"users_roles", []string{"uid", "role"}}}, everybody: []string{"authenticated"},
	},
	link.Joomla: {
		// The year 0 of older releases makes NULL. Joomla writes UTC.
		lastLogin: "TIMESTAMPDIFF(SECOND, '1970-01-01', u.lastvisitDate)", login: "lastvisitDate", blocked: "u.block <> 0", status: "block",
		roles:  "SELECT m.user_id, g.title FROM `%[1]suser_usergroup_map` m JOIN `%[1]susergroups` g ON g.id = m.group_id WHERE m.user_id IN ?",
		tables: []roleTable{{"user_usergroup_map", []string{"user_id", "group_id"}}, {"usergroups", []string{"id", "title"}}},
	},
}

// factsRead returns what a site's settings make us read of users beyond the usual: columns of the users table, and tables.
func factsRead(cms link.CMS, m link.Matching) (columns []string, tables []roleTable) {
	facts := userFacts[cms]
	if m.VerifyEmail && facts.login != "" {
		columns = append(columns, facts.login)
	}
	if len(m.Only.Statuses) > 0 && facts.status != "" {
		columns = append(columns, facts.status)
	}
	if len(m.Only.Roles) > 0 {
		tables = facts.tables
	}
	return columns, tables
}

// LastLogins returns when the users last logged in, of those who ever did, as far as the CMS's table says.
func (u *users) LastLogins(ctx context.Context, ids []uint32) (map[uint32]time.Time, error) {
	logins := map[uint32]time.Time{}
	facts := userFacts[u.cms]
	if facts.lastLogin == "" || len(ids) == 0 {
		return logins, nil
	}
	var rows []struct {
		ID uint32
		At int64
	}
	err := u.db.WithContext(ctx).Raw(fmt.Sprintf("SELECT %s AS id, COALESCE(%s, 0) AS at FROM %s AND %s IN ?", u.where.id, facts.lastLogin, u.from(ctx), u.where.id), ids).Scan(&rows).Error
	for _, row := range rows {
		if row.At > 0 {
			logins[row.ID] = time.Unix(row.At, 0).UTC()
		}
	}
	if err != nil {
		err = fmt.Errorf("read logins: %w", err)
	}
	return logins, err
}

// Facts fills in what a scope asks for, where it is not known yet. The tables cannot tell a pending user from a blocked one.
func (u *users) Facts(ctx context.Context, scope link.Scope, list []*link.User) error {
	if len(scope.Statuses) > 0 {
		if err := u.statuses(ctx, lacking(list, func(user *link.User) bool { return user.Status == "" })); err != nil {
			return fmt.Errorf("read status: %w", err)
		}
	}
	if len(scope.Roles) > 0 {
		if err := u.roles(ctx, lacking(list, func(user *link.User) bool { return len(user.Roles) == 0 })); err != nil {
			return fmt.Errorf("read roles: %w", err)
		}
	}
	return nil
}

func lacking(list []*link.User, lacks func(*link.User) bool) map[uint32]*link.User {
	users := map[uint32]*link.User{}
	for _, user := range list {
		if lacks(user) {
			users[user.ID] = user
		}
	}
	return users
}

func idsOf(users map[uint32]*link.User) []uint32 {
	ids := make([]uint32, 0, len(users))
	for id := range users {
		ids = append(ids, id)
	}
	return ids
}

func (u *users) statuses(ctx context.Context, users map[uint32]*link.User) error {
	if len(users) == 0 {
		return nil
	}
	blocked := userFacts[u.cms].blocked
	if blocked == "" {
		blocked = "FALSE"
	}
	var rows []struct {
		ID      uint32
		Blocked bool
	}
	err := u.db.WithContext(ctx).Raw(fmt.Sprintf("SELECT %s AS id, %s AS blocked FROM %s AND %s IN ?", u.where.id, blocked, u.from(ctx), u.where.id), idsOf(users)).Scan(&rows).Error
	for _, row := range rows {
		users[row.ID].Status = link.StatusActive
		if row.Blocked {
			users[row.ID].Status = link.StatusBlocked
		}
	}
	return err
}

// roles reads the users' roles: a row each, or WordPress's one row of capabilities.
func (u *users) roles(ctx context.Context, users map[uint32]*link.User) error {
	if len(users) == 0 {
		return nil
	}
	facts := userFacts[u.cms]
	statement, args := fmt.Sprintf(facts.roles, u.prefix), []any{idsOf(users)}
	if u.cms == link.WordPress {
		statement = "SELECT user_id, COALESCE(meta_value, '') FROM " + u.metaTable(ctx) + " WHERE user_id IN ? AND meta_key = ?"
		args = append(args, u.capabilitiesKey())
	}
	rows, err := u.db.WithContext(ctx).Raw(statement, args...).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id uint32
		var role string
		if err := rows.Scan(&id, &role); err != nil {
			return err
		}
		if u.cms == link.WordPress {
			users[id].Roles = append(users[id].Roles, capabilities(role)...)
		} else {
			users[id].Roles = append(users[id].Roles, role)
		}
	}
	for _, user := range users {
		user.Roles = append(user.Roles, facts.everybody...)
	}
	return rows.Err()
}

// granted is a role or capability that is given, in what PHP's serialize() makes of WordPress's array.
var granted = regexp.MustCompile(`s:\d+:"([^"]+)";b:1;`)

// capabilities are the roles, and capabilities beside them, of a user of WordPress.
func capabilities(serialised string) []string {
	var names []string
	for _, found := range granted.FindAllStringSubmatch(serialised, -1) {
		names = append(names, found[1])
	}
	return names
}
