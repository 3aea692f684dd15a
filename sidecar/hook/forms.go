package hook

import "strings"

// The forms of texts, by hand: regular expressions took a quarter of the time that a call was checked in.

const (
	formOfUUID    = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	formOfSeconds = "9999-99-99T99:99:99"
	maxFraction   = 9 // digits
)

// hasForm tells whether a text has a form, in which 9 stands for a digit, f for a hexadecimal one of either case, and all
// else for itself.
func hasForm(text, form string) bool {
	if len(text) != len(form) {
		return false
	}
	for i := range len(form) {
		c, want := text[i], form[i]
		digit := '0' <= c && c <= '9'
		switch want {
		case '9':
			if !digit {
				return false
			}
		case 'f':
			if !digit && (c|' ' < 'a' || c|' ' > 'f') {
				return false
			}
		default:
			if c != want {
				return false
			}
		}
	}
	return true
}

func isUUID(text string) bool { return hasForm(text, formOfUUID) }

// isUTC tells whether a time is RFC 3339 in UTC in the spelling that all our senders use; time.Parse alone is more tolerant.
func isUTC(text string) bool {
	zone, ok := zoneOf(text)
	return ok && zone == "Z"
}

// isInstant is isUTC, with any offset.
func isInstant(text string) bool {
	zone, ok := zoneOf(text)
	return ok && (zone == "Z" || hasForm(zone, "+99:99") || hasForm(zone, "-99:99"))
}

// zoneOf returns what stands behind the date, the seconds, and a fraction of up to nine digits.
func zoneOf(text string) (zone string, ok bool) {
	if len(text) < len(formOfSeconds) || !hasForm(text[:len(formOfSeconds)], formOfSeconds) {
		return "", false
	}
	rest := text[len(formOfSeconds):]
	fraction, found := strings.CutPrefix(rest, ".")
	if !found {
		return rest, true
	}
	digits := 0
	for digits < len(fraction) && '0' <= fraction[digits] && fraction[digits] <= '9' {
		digits++
	}
	return fraction[digits:], digits >= 1 && digits <= maxFraction
}

// isJTI tells whether a text can be the id of a token.
func isJTI(text string) bool { return len(text) >= minJTI && len(text) <= maxJTI && madeOf(text, "_-") }

// madeOf tells whether a text consists of letters and digits of ASCII and of the marks.
func madeOf(text, marks string) bool {
	for i := range len(text) {
		c := text[i]
		if ('0' > c || c > '9') && (c|' ' < 'a' || c|' ' > 'z') && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return true
}
