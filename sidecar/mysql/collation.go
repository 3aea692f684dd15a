package mysql

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"gorm.io/gorm"
)

// collation compares addresses as CiviCRM's unique index on uf_name does. Only the database knows its collation, so a key
// is what WEIGHT_STRING says; that of plain ASCII, which is nearly every address, is put together from a table of the
// printable characters that is read once.
type collation struct {
	mu     sync.Mutex
	name   string // empty until read
	weight [128]string
}

const (
	firstPlain = ' '
	lastPlain  = '~'
)

// load reads the collation of civicrm_uf_match.uf_name and the weights of the printable ASCII characters.
func (c *collation) load(ctx context.Context, db *gorm.DB) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.name != "" {
		return nil
	}
	var name string
	err := db.WithContext(ctx).Raw(`SELECT COLLATION_NAME FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'civicrm_uf_match' AND COLUMN_NAME = 'uf_name'`).Scan(&name).Error
	if err != nil {
		return err
	}
	if name == "" {
		return fmt.Errorf("civicrm_uf_match.uf_name is not in this database: is the CiviCRM dsn right?")
	}
	var plain []string
	for r := firstPlain; r <= lastPlain; r++ {
		plain = append(plain, string(r))
	}
	weights, err := weightStrings(ctx, db, name, plain)
	if err != nil {
		return err
	}
	for i, w := range weights {
		c.weight[firstPlain+i] = w
	}
	c.name = name
	return nil
}

// Keys returns for each string a key that two strings share if, and only if, the collation holds them equal.
func (c *collation) Keys(ctx context.Context, db *gorm.DB, list []string) ([]string, error) {
	if err := c.load(ctx, db); err != nil {
		return nil, err
	}
	keys := make([]string, len(list))
	var others []string
	var at []int
	for i, s := range list {
		if i > 0 && s == list[i-1] && keys[i-1] != "" { // an address and the same in lower case
			keys[i] = keys[i-1]
			continue
		}
		s = strings.TrimRight(s, " ") // a trailing blank does not count (PAD SPACE), and no address has one
		if key, plain := c.plainKey(s); plain {
			keys[i] = key
			continue
		}
		others, at = append(others, strings.ToValidUTF8(s, "\uFFFD")), append(at, i)
	}
	weights, err := weightStrings(ctx, db, c.name, others)
	if err != nil {
		return nil, err
	}
	for j, i := range at {
		keys[i] = weights[j]
	}
	return keys, nil
}

func (c *collation) plainKey(s string) (string, bool) {
	var key strings.Builder
	key.Grow(2 * len(s))
	for i := range len(s) {
		if s[i] < firstPlain || s[i] > lastPlain {
			return "", false
		}
		key.WriteString(c.weight[s[i]])
	}
	return key.String(), true
}

const weightsAtOnce = 200

func weightStrings(ctx context.Context, db *gorm.DB, collation string, list []string) ([]string, error) {
	var weights []string
	for len(list) > 0 {
		part := list[:min(len(list), weightsAtOnce)]
		list = list[len(part):]
		selects := make([]string, len(part))
		args := make([]any, len(part))
		for i, s := range part {
			selects[i] = fmt.Sprintf("SELECT %d AS n, HEX(WEIGHT_STRING(CONVERT(? USING utf8mb4) COLLATE %s)) AS w", i, collation)
			args[i] = s
		}
		var found []struct{ W string }
		statement := "SELECT w FROM (" + strings.Join(selects, " UNION ALL ") + ") x ORDER BY n"
		if err := db.WithContext(ctx).Raw(statement, args...).Scan(&found).Error; err != nil {
			return nil, fmt.Errorf("weights of %s: %w", collation, err)
		}
		for _, f := range found {
			raw, err := hex.DecodeString(f.W)
			if err != nil {
				return nil, fmt.Errorf("weights of %s: %w", collation, err)
			}
			weights = append(weights, string(raw))
		}
	}
	return weights, nil
}
