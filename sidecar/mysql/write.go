package mysql

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// write carries out a batch of decisions in the caller's transaction: one statement per table, however many users. The rows
// are those of CiviCRM; doc/fidelity.md has them column by column.
type write struct {
	site      *Site
	tx        *gorm.DB
	civicrm   *civicrm
	journal   *journal
	users     []link.User
	decisions []link.Decision
	results   []link.Result

	actorContact uint32            // who is recorded as having changed the contacts; 0: each contact itself
	created      []int             // indexes of the users who get a new contact,
	built        []link.NewContact // what these contacts are,
	contacts     []uint32          // and their ids
	logs         []logRow
	step         uint32 // between the ids of rows that one statement inserts; 0: not needed yet
	awaited      []*inserted
}

type logRow struct {
	contactID any // uint32 or newID
	data      any // string or newID
	user      int
}

// write writes what was decided and returns one result per user, in order. It returns errTakenMeanwhile when somebody else
// wrote one of the links since the look; the caller rolls back and starts again.
func (s *Site) write(ctx context.Context, tx *gorm.DB, c *civicrm, j *journal, users []link.User, decisions []link.Decision) ([]link.Result, error) {
	w := &write{site: s, tx: tx.WithContext(ctx), civicrm: c, journal: j, users: users, decisions: decisions, results: make([]link.Result, len(users))}
	for i, d := range decisions {
		w.results[i] = resultOf(d)
	}
	if !anyWrites(decisions) {
		return w.results, nil
	}
	steps := []func(context.Context) error{w.session, w.newContacts, w.joinGroup, w.emails, w.trash, w.logRows, w.removals, w.links, w.renames, w.series, w.journal.flush}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return w.results, nil
}

func anyWrites(decisions []link.Decision) bool {
	for _, d := range decisions {
		if d.Writes() {
			return true
		}
	}
	return false
}

func resultOf(d link.Decision) link.Result {
	r := link.Result{Outcome: d.Outcome, Reason: d.Reason, Actions: []link.Action{}}
	if d.ContactID != 0 {
		r.ContactID = &d.ContactID
	}
	if d.OtherUserID != 0 {
		r.OtherUserID = &d.OtherUserID
	}
	return r
}

func (w *write) did(user int, action link.Action) {
	w.results[user].Actions = append(w.results[user].Actions, action)
}

// session finds out who is acting, and tells CiviCRM's logging triggers if there are any.
func (w *write) session(ctx context.Context) (err error) {
	if w.actorContact, err = w.site.contactOf(ctx, w.tx, w.journal.actorUserID); err != nil {
		return err
	}
	for i, d := range w.decisions { // the actor may be linked by this very batch
		if w.actorContact == 0 && w.users[i].ID == w.journal.actorUserID {
			w.actorContact = d.LinkTo
		}
	}
	if !w.civicrm.logging {
		return nil
	}
	var who any
	if w.actorContact != 0 {
		who = w.actorContact
	}
	// Source: CRM_Core_DAO::init and CRM_Utils_Request::id, whose id has 17 characters.
	return w.tx.Exec("SET @civicrm_user_id = ?, @uniqueID = ?", who, hex.EncodeToString(w.journal.causeID[:])[:17]).Error
}

func (w *write) newContacts(ctx context.Context) error {
	var rows [][]any
	for i, d := range w.decisions {
		if d.Create == nil {
			continue
		}
		contact := w.civicrm.contacts.Build(*d.Create, w.users[i].Email)
		w.created, w.built = append(w.created, i), append(w.built, contact)
		rows = append(rows, contactRow(contact, newHash()))
	}
	w.contacts = make([]uint32, len(rows))
	err := w.insert(ctx, tableContact, contactColumns, rows, func(ids []uint32) {
		copy(w.contacts, ids)
		for n, i := range w.created {
			w.did(i, link.ContactCreated)
			w.journal.inserted(w.users[i].ID, w.decisions[i].Reason, tableContact, ids[n], contactColumns, rows[n])
		}
	})
	if err == nil {
		err = w.keepContact(ctx)
	}
	if err != nil {
		return fmt.Errorf("insert contacts: %w", err)
	}
	for n, i := range w.created {
		w.results[i].ContactID = &w.contacts[n]
		if w.actorContact == 0 && w.users[i].ID == w.journal.actorUserID {
			w.actorContact = w.contacts[n]
		}
		w.logs = append(w.logs, logRow{w.contact(n), newID{&w.contacts[n], tableContact + ","}, i})
	}
	return nil
}

// contact is the value of a column that refers to the nth new contact.
func (w *write) contact(n int) any { return newID{id: &w.contacts[n]} }

// contactColumns are the columns of civicrm_contact that CiviCRM itself fills for a user. What a release lacks is left out.
// created_date is overwritten by CiviCRM's trigger; without that trigger the Change Log search would not find the contact.
var contactColumns = []string{
	"contact_type", "first_name", "middle_name", "last_name", "display_name", "sort_name",
	"preferred_language", "communication_style_id",
	"email_greeting_id", "email_greeting_display", "postal_greeting_id", "postal_greeting_display", "addressee_id", "addressee_display",
	"hash", "created_date",
}

func contactRow(c link.NewContact, hash string) []any {
	return []any{
		"Individual", c.FirstName, c.MiddleName, c.LastName, c.DisplayName, c.SortName,
		c.PreferredLanguage, c.CommunicationStyleID,
		c.EmailGreetingID, c.EmailGreetingDisplay, c.PostalGreetingID, c.PostalGreetingDisplay, c.AddresseeID, c.AddresseeDisplay,
		hash, serverNow,
	}
}

// newHash returns 32 random hex digits, as CiviCRM's md5(uniqid(rand(), TRUE)) looks.
func newHash() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return hex.EncodeToString(b[:])
}

var emailColumns = []string{"contact_id", "location_type_id", "email", "is_primary", "is_billing", "on_hold", "is_bulkmail"}

// emails gives new contacts their address, and linked contacts the one that they lack or that has changed.
func (w *write) emails(ctx context.Context) error {
	var rows [][]any
	var owners []int
	add := func(i int, contactID any, address string, isBilling bool) {
		var location any
		if id := w.civicrm.defaults.LocationTypeID; id != 0 {
			location = id
		}
		rows, owners = append(rows, []any{contactID, location, address, 1, isBilling, 0, 0}), append(owners, i)
	}
	for n, i := range w.created {
		add(i, w.contact(n), w.built[n].Email, w.built[n].IsBilling)
	}
	for i, d := range w.decisions {
		if d.AddEmail != "" {
			add(i, d.ContactID, d.AddEmail, false)
		}
		if d.NoteEmail != 0 {
			w.logs = append(w.logs, logRow{d.ContactID, fmt.Sprintf("%s,%d", tableEmail, d.NoteEmail), i})
		}
		if err := w.setEmail(ctx, i, d); err != nil {
			return fmt.Errorf("update email: %w", err)
		}
	}
	err := w.insert(ctx, tableEmail, emailColumns, rows, func(ids []uint32) {
		for n, i := range owners {
			w.did(i, link.EmailCreated)
			w.journal.inserted(w.users[i].ID, w.decisions[i].Reason, tableEmail, ids[n], emailColumns, rows[n])
			if d := w.decisions[i]; d.AddEmail != "" {
				w.logs = append(w.logs, logRow{d.ContactID, fmt.Sprintf("%s,%d", tableEmail, ids[n]), i})
			}
		}
	})
	if err != nil {
		return fmt.Errorf("insert emails: %w", err)
	}
	for _, i := range owners {
		if d := w.decisions[i]; d.AddEmail != "" {
			if err := w.callByEmail(ctx, i, d.ContactID, d.AddEmail); err != nil {
				return fmt.Errorf("rename contact: %w", err)
			}
		}
	}
	return nil
}

func (w *write) setEmail(ctx context.Context, i int, d link.Decision) error {
	if d.SetEmail == nil {
		return nil
	}
	if err := w.land(ctx); err != nil {
		return err
	}
	var before *string
	if err := w.tx.Raw("SELECT email FROM civicrm_email WHERE id = ? FOR UPDATE", d.SetEmail.ID).Scan(&before).Error; err != nil {
		return err
	}
	if err := w.tx.Exec("UPDATE civicrm_email SET email = ? WHERE id = ? AND contact_id = ?", d.SetEmail.Address, d.SetEmail.ID, d.ContactID).Error; err != nil {
		return err
	}
	w.did(i, link.EmailAltered)
	w.logs = append(w.logs, logRow{d.ContactID, fmt.Sprintf("%s,%d", tableEmail, d.SetEmail.ID), i})
	w.journal.updated(w.users[i].ID, d.Reason, tableEmail, d.SetEmail.ID, "email", before, d.SetEmail.Address)
	return w.callByEmail(ctx, i, d.ContactID, d.SetEmail.Address)
}

// callByEmail lets the name of a contact without first and last name, which is its email, follow its primary email.
// Source: CRM_Core_BAO_Email::updateContactName, since 5.39.
func (w *write) callByEmail(ctx context.Context, i int, contactID uint32, address string) error {
	if err := w.land(ctx); err != nil {
		return err
	}
	if !w.civicrm.defaults.NameFollowsEmail() {
		return nil
	}
	var named []struct{ DisplayName, SortName *string }
	err := w.tx.Raw(`SELECT display_name, sort_name FROM civicrm_contact
		WHERE id = ? AND contact_type = 'Individual' AND COALESCE(first_name, '') = '' AND COALESCE(last_name, '') = '' FOR UPDATE`, contactID).Scan(&named).Error
	if err != nil || len(named) == 0 {
		return err
	}
	name := string([]rune(address)[:min(len([]rune(address)), maxDisplayName)])
	if err := w.tx.Exec("UPDATE civicrm_contact SET display_name = ?, sort_name = ? WHERE id = ?", name, name, contactID).Error; err != nil {
		return err
	}
	columns := []string{"display_name", "sort_name"}
	w.journal.add(w.users[i].ID, w.decisions[i].Reason, tableContact, contactID, "update",
		rowJSON(columns, []any{named[0].DisplayName, named[0].SortName}), rowJSON(columns, []any{name, name}))
	return nil
}

// maxDisplayName is the length of display_name and sort_name, in characters.
const maxDisplayName = 128

var logColumns = []string{"entity_table", "entity_id", "data", "modified_id", "modified_date"}

// logRows are what CiviCRM's Change Log shows as "changed by": the acting person's contact, or the contact itself.
// Source: CRM_Core_BAO_Log::register.
func (w *write) logRows(ctx context.Context) error {
	rows, now := make([][]any, len(w.logs)), w.site.logTime()
	for n, l := range w.logs {
		by := l.contactID
		if w.actorContact != 0 {
			by = w.actorContact
		}
		rows[n] = []any{tableContact, l.contactID, l.data, by, now}
	}
	err := w.insert(ctx, tableLog, logColumns, rows, func(ids []uint32) {
		for n, l := range w.logs {
			w.journal.inserted(w.users[l.user].ID, w.decisions[l.user].Reason, tableLog, ids[n], logColumns, rows[n])
		}
	})
	if err != nil {
		return fmt.Errorf("insert log: %w", err)
	}
	return nil
}

var matchColumns = []string{"domain_id", "uf_id", "uf_name", "contact_id"}

func (w *write) links(ctx context.Context) error {
	var rows [][]any
	var owners []int
	next := 0
	for i, d := range w.decisions {
		var contactID any = d.LinkTo
		if d.Create != nil {
			contactID = w.contact(next)
			next++
		}
		if d.Create != nil || d.LinkTo != 0 {
			rows = append(rows, []any{w.site.DomainID, w.users[i].ID, d.UFName, contactID})
			owners = append(owners, i)
		}
	}
	err := w.insert(ctx, tableMatch, matchColumns, rows, func(ids []uint32) {
		for n, i := range owners {
			w.did(i, link.LinkCreated)
			w.journal.inserted(w.users[i].ID, w.decisions[i].Reason, tableMatch, ids[n], matchColumns, rows[n])
		}
	})
	if number(err) == errDuplicate {
		return errTakenMeanwhile
	}
	if err != nil {
		return fmt.Errorf("insert links: %w", err)
	}
	return nil
}

func (w *write) renames(ctx context.Context) error {
	for i, d := range w.decisions {
		if d.Rename == nil {
			continue
		}
		if err := w.land(ctx); err != nil {
			return err
		}
		done := w.tx.Exec("UPDATE civicrm_uf_match SET uf_name = ? WHERE id = ? AND uf_id = ?", d.UFName, d.Rename.ID, d.Rename.UserID)
		if number(done.Error) == errDuplicate || done.Error == nil && done.RowsAffected == 0 {
			return errTakenMeanwhile
		}
		if done.Error != nil {
			return fmt.Errorf("update link: %w", done.Error)
		}
		w.did(i, link.LinkAltered)
		w.journal.updated(w.users[i].ID, d.Reason, tableMatch, d.Rename.ID, "uf_name", unlessEmpty(d.Rename.Name), d.UFName)
	}
	return nil
}

// unlessEmpty is a text that may be NULL in the database, where an empty one never stands.
func unlessEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// removals come before new links: a link that goes may stand under the name, or name the contact, of the one that is made.
func (w *write) removals(ctx context.Context) error {
	for i, d := range w.decisions {
		for _, m := range d.RemoveLinks {
			if err := w.remove(ctx, i, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// removedColumns are what the journal keeps of a link that goes, so that it can be put back.
var removedColumns = append(slices.Clone(matchColumns), "language")

// remove deletes a link, if it is still what was seen.
func (w *write) remove(ctx context.Context, i int, m link.Match) error {
	if err := w.land(ctx); err != nil {
		return err
	}
	var rows []struct {
		UfName, Language *string
		ContactID        *uint32
	}
	err := w.tx.Raw("SELECT uf_name, contact_id, language FROM civicrm_uf_match WHERE id = ? AND uf_id = ? FOR UPDATE", m.ID, m.UserID).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read link: %w", err)
	}
	if len(rows) == 0 || value(rows[0].UfName) != m.Name || value(rows[0].ContactID) != m.ContactID {
		return errTakenMeanwhile
	}
	if err := w.tx.Exec("DELETE FROM civicrm_uf_match WHERE id = ?", m.ID).Error; err != nil {
		return fmt.Errorf("delete link: %w", err)
	}
	w.did(i, link.LinkDeleted)
	w.journal.deleted(w.users[i].ID, w.decisions[i].Reason, tableMatch, m.ID, removedColumns,
		[]any{w.site.DomainID, m.UserID, rows[0].UfName, rows[0].ContactID, rows[0].Language})
	return nil
}

// value is what a column holds; NULL counts as its type's nothing.
func value[T any](column *T) (v T) {
	if column != nil {
		v = *column
	}
	return v
}

// trash puts contacts into CiviCRM's trash. Source: CRM_Contact_BAO_Contact::contactTrash, which also deletes the contact's
// links: these have none.
func (w *write) trash(ctx context.Context) error {
	if slices.ContainsFunc(w.decisions, func(d link.Decision) bool { return d.Trash }) {
		if err := w.land(ctx); err != nil {
			return err
		}
	}
	var ids []uint32
	for i, d := range w.decisions {
		if d.Trash {
			ids = append(ids, d.ContactID)
			w.logs = append(w.logs, logRow{d.ContactID, fmt.Sprintf("%s,%d", tableContact, d.ContactID), i})
			columns := []string{"is_deleted"}
			w.journal.add(w.users[i].ID, d.Reason, tableContact, d.ContactID, "update", rowJSON(columns, []any{0}), rowJSON(columns, []any{1}))
		}
	}
	for part := range slices.Chunk(ids, inOnce) {
		done := w.tx.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id IN ? AND is_deleted = 0", part)
		if done.Error != nil {
			return fmt.Errorf("put contacts into the trash: %w", done.Error)
		}
		if done.RowsAffected != int64(len(part)) {
			return errTakenMeanwhile
		}
	}
	return nil
}
