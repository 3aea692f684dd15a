package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// byHandVerb makes a contact for each user with four INSERTs in one transaction, as somebody would write it who looks at
// nothing before and remembers nothing after, and prints the latencies in milliseconds.
func byHandVerb(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	people, pool, err := openSite(flags, args)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	if err := pool.PingContext(ctx); err != nil {
		return err
	}
	latencies := make([]float64, 0, len(people))
	for _, p := range people {
		began := time.Now()
		if err := byHand(ctx, pool, p); err != nil {
			return err
		}
		latencies = append(latencies, milliseconds(time.Since(began)))
	}
	printLatencies(out, latencies)
	return nil
}

const contactByHand = `INSERT INTO civicrm_contact (contact_type, first_name, last_name, display_name, sort_name, preferred_language,
 communication_style_id, email_greeting_id, email_greeting_display, postal_greeting_id, postal_greeting_display, addressee_id,
 addressee_display, hash) VALUES ('Individual', ?, ?, ?, ?, 'en_US', 1, 1, ?, 1, ?, 1, ?, ?)`

// restByHand are the other three rows: the address, the entry in the log, the link.
var restByHand = []string{
	"INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary, is_billing, on_hold, is_bulkmail) VALUES (?, 1, ?, 1, 0, 0, 0)",
	"INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date) VALUES ('civicrm_contact', ?, ?, ?, NOW())",
	"INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, ?, ?, ?)",
}

func byHand(ctx context.Context, pool *sql.DB, p person) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	hash := make([]byte, 16)
	_, _ = rand.Read(hash) // never fails, by its contract
	display, greeting := p.first+" "+p.last, "Dear "+p.first
	result, err := tx.ExecContext(ctx, contactByHand, p.first, p.last, display, p.last+", "+p.first, greeting, greeting, display, hex.EncodeToString(hash))
	if err != nil {
		return err
	}
	contact, err := result.LastInsertId()
	if err != nil {
		return err
	}
	address := []any{contact, strings.ToLower(p.email)}
	entry := []any{contact, fmt.Sprintf("civicrm_contact,%d", contact), contact}
	link := []any{p.id, p.email, contact}
	for i, values := range [][]any{address, entry, link} {
		if _, err := tx.ExecContext(ctx, restByHand[i], values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
