package link

import "strings"

// phpTrim is PHP's trim().
func phpTrim(s string) string { return strings.Trim(s, phpBlanks) }

// phpEmpty is PHP's empty() of a string.
func phpEmpty(s string) bool { return s == "" || s == "0" }

// phpCut is PHP's mb_substr($s, 0, $n).
func phpCut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n])
}

// phpBackrefs puts groups (group 0 is the whole match) into the replacement text of PHP's preg_replace, where $1, ${1} and
// \1 stand for a group, and a backslash before $ or \ takes their meaning away. A name that CiviCRM puts into such a text is
// read this way too.
func phpBackrefs(replacement string, groups []string) string {
	var out []byte
	last := byte(0) // the last byte that was copied; a group's text does not count
	for i := 0; i < len(replacement); {
		c := replacement[i]
		if c == '\\' || c == '$' {
			if last == '\\' {
				out[len(out)-1] = c
				last = 0
				i++
				continue
			}
			if group, width := phpBackref(replacement[i:]); width > 0 {
				if group < len(groups) {
					out = append(out, groups[group]...)
				}
				i += width
				continue
			}
		}
		out = append(out, c)
		last = c
		i++
	}
	return string(out)
}

// phpBackref reads a reference to a group at the start of s; width 0 means that there is none.
func phpBackref(s string) (group, width int) {
	i := 1
	braces := strings.HasPrefix(s, "${")
	if braces {
		i++
	}
	digits := 0
	for digits < 2 && i < len(s) && s[i] >= '0' && s[i] <= '9' {
		group = group*10 + int(s[i]-'0')
		i++
		digits++
	}
	if digits == 0 {
		return 0, 0
	}
	if braces {
		if i == len(s) || s[i] != '}' {
			return 0, 0
		}
		i++
	}
	return group, i
}
