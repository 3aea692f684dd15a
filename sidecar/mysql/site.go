package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// SiteOptions say which site it is and where its users are.
type SiteOptions struct {
	ID          string
	CMS         link.CMS
	DSN         string // empty: the users table is in CiviCRM's schema
	TablePrefix string
	BlogID      int // WordPress multisite; 0: all users
	DomainID    uint32
	TimeZone    *time.Location // of the CMS's PHP, whose clock civicrm_log has; nil: that of the database server
	Policy      link.Policy
	Matching    link.Matching
	Version     string // of userlink, for the status
}

// Site is one CMS site: its users, and the CiviCRM domain they are linked in.
type Site struct {
	SiteOptions
	db       *DB
	users    *users
	cmsPool  *sql.DB // nil when the users are in CiviCRM's schema
	keys     collation
	civicrm  cachedCiviCRM
	marks    replicaMarks
	others   otherStatements
	together together
	referred cachedReferences
	surveyed surveys
}

// Site prepares a site; it does not connect yet.
func (db *DB) Site(o SiteOptions) (*Site, error) {
	s := &Site{SiteOptions: o, db: db}
	usersDB := db.gorm
	if o.DSN != "" {
		g, pool, err := openPool(o.DSN, db.now, db.log, connector{asked: &db.asked})
		if err != nil {
			return nil, fmt.Errorf("site %s: dsn: %w", o.ID, err)
		}
		usersDB, s.cmsPool = g, pool
	}
	s.users = newUsers(usersDB, o.DSN == "", o.CMS, o.TablePrefix, o.BlogID)
	return s, nil
}

// Close closes the site's own pool, if it has one.
func (s *Site) Close() error {
	if s.cmsPool == nil {
		return nil
	}
	return s.cmsPool.Close()
}

// Ready is DB.Ready for the site's part of the database.
func (s *Site) Ready(ctx context.Context) error { return s.db.Ready(ctx) }

func (s *Site) log() *slog.Logger { return s.db.log.With("site", s.ID) }

func (s *Site) now() time.Time { return s.db.now().UTC() }

// settings returns what CiviCRM's tables say about the site now, or a few seconds ago.
func (s *Site) settings(ctx context.Context) (*civicrm, error) {
	return s.civicrm.get(ctx, s.db.gorm, s.SiteOptions, s.now())
}

func (s *Site) batch(c *civicrm) *link.Batch {
	return link.NewBatch(s.CMS, link.SiteRules{SyncEmail: c.syncEmail, Defaults: c.defaults, Matching: s.Matching})
}

// contactOf returns the contact that a user is linked to, or 0.
func (s *Site) contactOf(ctx context.Context, tx *gorm.DB, userID uint32) (uint32, error) {
	if userID == 0 {
		return 0, nil
	}
	var contactID uint32
	err := tx.WithContext(ctx).Raw("SELECT COALESCE(MIN(contact_id), 0) FROM civicrm_uf_match WHERE domain_id = ? AND uf_id = ?", s.DomainID, userID).Scan(&contactID).Error
	return contactID, err
}
