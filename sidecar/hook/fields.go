package hook

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// fields reads the members of one object of a body. It remembers the first thing that is wrong and goes on, so that a
// reader of it is a plain list of members; what it returned counts only while wrong is empty.
type fields struct {
	members map[string]any
	path    string  // of the object, with a dot at its end; empty for the outermost
	wrong   *string // shared by all objects of one body
}

func (f fields) fail(name, format string, args ...any) {
	if *f.wrong == "" {
		*f.wrong = f.path + name + " " + fmt.Sprintf(format, args...)
	}
}

// only refuses members that are not among the names: what we do not know, we cannot act on.
func (f fields) only(names ...string) {
	if name, found := unknown(f.members, names...); found {
		f.fail(fmt.Sprintf("%.40q", name), "is not known")
	}
}

// filled tells whether the member is there and not an empty string.
func (f fields) filled(name string) bool { return has(f.members, name) && f.members[name] != "" }

// object reads a member that has to be an object.
func (f fields) object(name string) fields {
	members, ok := f.members[name].(map[string]any)
	if !ok {
		f.fail(name, "is missing or not an object")
	}
	return fields{members: members, path: f.path + name + ".", wrong: f.wrong}
}

// text reads a string of minimum to maximum characters; with a minimum of 0 it may be absent.
func (f fields) text(name string, minimum, maximum int) string {
	if minimum == 0 && !has(f.members, name) {
		return ""
	}
	text, ok := f.members[name].(string)
	if !ok || strings.ContainsRune(text, 0) {
		f.fail(name, "is missing, or not a string, or has a NUL")
	}
	if n := utf8.RuneCountInString(text); n < minimum || n > maximum {
		f.fail(name, "has %d characters, not %d to %d", n, minimum, maximum)
	}
	return text
}

// oneOf reads a string that has to be one of a few.
func (f fields) oneOf(name string, allowed ...string) string {
	text, _ := f.members[name].(string)
	if !slices.Contains(allowed, text) {
		f.fail(name, "is not one of %q", slices.Clone(allowed)) // a list that nobody keeps costs nothing
	}
	return text
}

// matching reads a string that has to have a form.
func (f fields) matching(name string, form func(string) bool) string {
	text, _ := f.members[name].(string)
	if !form(text) {
		f.fail(name, "has not the form that it needs")
	}
	return text
}

// instant reads a time that has to have a form of RFC 3339.
func (f fields) instant(name string, form func(string) bool) time.Time {
	t, err := time.Parse(time.RFC3339Nano, f.matching(name, form))
	if err != nil {
		f.fail(name, "is no time")
	}
	return t.UTC()
}

// id reads the id of a user; with a minimum of 0 it may be absent.
func (f fields) id(name string, minimum int64) uint32 {
	if minimum == 0 && !has(f.members, name) {
		return 0
	}
	n, ok := integer(f.members[name], minimum, math.MaxUint32)
	if !ok {
		f.fail(name, "is not a whole number from %d to %d", minimum, uint32(math.MaxUint32))
	}
	return uint32(n) //nolint:gosec // integer has bounded it
}

// texts reads a list of strings that may be absent.
func (f fields) texts(name string, maxItems, maxLength int) []string {
	if !has(f.members, name) {
		return nil
	}
	items, ok := f.members[name].([]any)
	if !ok || len(items) > maxItems {
		f.fail(name, "is not a list of at most %d", maxItems)
	}
	list := make([]string, 0, len(items))
	for _, item := range items {
		text, ok := item.(string)
		if !ok || utf8.RuneCountInString(text) > maxLength || strings.ContainsRune(text, 0) {
			f.fail(name, "has an item that is not a string of at most %d characters without NUL", maxLength)
		}
		list = append(list, text)
	}
	return list
}
