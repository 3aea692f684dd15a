package link

import (
	"strings"
	"unicode/utf8"
)

// ContactForms builds the new contacts of one site. It gives what BuildContact gives, many times faster for the names that
// most people have: what CiviCRM makes of a plain name depends on nothing but where it has to be put, so that is found out
// once, by building a contact whose names are marks.
type ContactForms struct {
	defaults Defaults
	forms    [8]*form // by which of the three names there are; nil: marks do not tell
}

// NewContactForms finds out the forms of a site's new contacts.
func NewContactForms(d Defaults) *ContactForms {
	f := &ContactForms{defaults: d}
	for which := range f.forms {
		f.forms[which] = newForm(which, d)
	}
	return f
}

// Build is BuildContact with the site's defaults.
func (f *ContactForms) Build(names Names, email string) NewContact {
	form := f.forms[given3(names)]
	folded, plain := foldPlain(email)
	if form == nil || !plain || form.folded && folded != email || !isPlain(names.First) || !isPlain(names.Middle) || !isPlain(names.Last) {
		return BuildContact(names, email, f.defaults)
	}
	c := form.fill(names, folded)
	for _, text := range []*string{c.DisplayName, c.SortName} {
		if text != nil && len(*text) > maxDisplayName {
			return BuildContact(names, email, f.defaults)
		}
	}
	for _, text := range []*string{c.EmailGreetingDisplay, c.PostalGreetingDisplay, c.AddresseeDisplay} {
		if text != nil && len(*text) > maxGreeting {
			return BuildContact(names, email, f.defaults)
		}
	}
	return c
}

// given3 says which of the three names there are.
func given3(n Names) (which int) {
	for i, name := range []string{n.First, n.Middle, n.Last} {
		if name != "" {
			which |= 1 << i
		}
	}
	return which
}

// marks stand for the names and the email. No format has them, and CiviCRM's rules have nothing to say about them.
var marks = [4]string{"\uE000", "\uE001", "\uE002", "\uE003"}

// form is a contact of which the texts are known up to the names and the email.
type form struct {
	contact NewContact
	texts   [8][]piece // in the order of texts
	folded  bool       // the email as it is appears somewhere: the form is good for one without capitals alone
}

// piece is a text as it stands, or one of the four values.
type piece struct {
	text  string
	value int // index in marks; -1: the text
}

// texts are the texts of a contact that names and email appear in.
func (c *NewContact) texts() [8]**string {
	return [8]**string{&c.FirstName, &c.MiddleName, &c.LastName, &c.DisplayName, &c.SortName, &c.EmailGreetingDisplay, &c.PostalGreetingDisplay, &c.AddresseeDisplay}
}

// newForm builds a contact of marks, and makes sure with one of ordinary names that nothing else comes of those.
func newForm(which int, d Defaults) *form {
	some := func(first, middle, last string) (n Names) {
		for i, name := range []struct {
			to   *string
			text string
		}{{&n.First, first}, {&n.Middle, middle}, {&n.Last, last}} {
			if which&(1<<i) != 0 {
				*name.to = name.text
			}
		}
		return n
	}
	f := &form{contact: BuildContact(some(marks[0], marks[1], marks[2]), marks[3], d)}
	if f.contact.Email != marks[3] {
		return nil
	}
	for i, text := range f.contact.texts() {
		if *text != nil {
			f.texts[i] = cutAtMarks(**text)
		}
	}
	person := some("Ann-Marie", "de", "O'Neil 3rd")
	filled := f.fill(person, "a.b+c@example.org")
	if !filled.equal(BuildContact(person, "a.b+c@example.org", d)) {
		return nil
	}
	f.folded = !filled.equal(BuildContact(person, "A.b+c@Example.org", d))
	return f
}

func cutAtMarks(s string) []piece {
	pieces := []piece{}
	from := 0
	for i := 0; i < len(s); {
		value := -1
		for n, mark := range marks {
			if strings.HasPrefix(s[i:], mark) {
				value = n
			}
		}
		if value < 0 {
			i++
			continue
		}
		if from < i {
			pieces = append(pieces, piece{text: s[from:i], value: -1})
		}
		pieces = append(pieces, piece{value: value})
		i += len(marks[value])
		from = i
	}
	if from < len(s) {
		pieces = append(pieces, piece{text: s[from:], value: -1})
	}
	return pieces
}

// fill puts names and email where the marks are.
func (f *form) fill(names Names, email string) NewContact {
	values := [4]string{names.First, names.Middle, names.Last, email}
	c := f.contact
	c.Email = email
	for i, text := range c.texts() {
		if f.texts[i] == nil {
			continue
		}
		filled := fillPieces(f.texts[i], values)
		*text = &filled
	}
	return c
}

func fillPieces(pieces []piece, values [4]string) string {
	if len(pieces) == 1 && pieces[0].value >= 0 {
		return values[pieces[0].value]
	}
	var room [512]byte
	out := room[:0]
	for _, p := range pieces {
		if p.value < 0 {
			out = append(out, p.text...)
		} else {
			out = append(out, values[p.value]...)
		}
	}
	return string(out)
}

func (c NewContact) equal(other NewContact) bool {
	a, b := c.texts(), other.texts()
	for i := range a {
		if (*a[i] == nil) != (*b[i] == nil) || text(*a[i]) != text(*b[i]) {
			return false
		}
	}
	return c.Email == other.Email
}

// isPlain tells whether CiviCRM's rules have nothing to say about a name but where to put it. No name is plain, too.
func isPlain(name string) bool {
	blank := true // a blank at the start, at the end or beside another one is taken away somewhere
	for i := range len(name) {
		c := name[i]
		if c < ' ' || c == 0x7f || strings.IndexByte(`{}\$<>`, c) >= 0 || blank && c == ' ' {
			return false
		}
		blank = c == ' '
	}
	switch {
	case name == "":
		return true
	case blank, name == "0", strings.EqualFold(name, "null"), strings.Contains(name, "contact"): // a word of the formats' tokens
		return false
	}
	return utf8.ValidString(name) && !strings.ContainsRune(name, '\uFFFD')
}

// foldPlain folds an address that has nothing but what most addresses have; plain is false for any other.
func foldPlain(email string) (folded string, plain bool) {
	for i := range len(email) {
		c := email[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && strings.IndexByte("@._+-", c) < 0 {
			return "", false
		}
	}
	folded = strings.ToLower(email)
	return folded, len(email) > 1 && !strings.Contains(folded, "contact")
}
