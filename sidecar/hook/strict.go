package hook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested.
const MaxDepth = 16

// parse reads JSON of which there is only one reading: two parsers that disagree on a duplicate member or on bytes that
// are no text would let one side sign something other than what the other side acts on. Objects become map[string]any,
// arrays []any, numbers json.Number; the rest as in encoding/json.
func parse(data []byte) (any, error) {
	switch {
	case !utf8.Valid(data):
		return nil, errors.New("bytes that are not UTF-8")
	case bytes.HasPrefix(data, []byte("\ufeff")):
		return nil, errors.New("a byte order mark")
	case !json.Valid(data): // also: more than one value, and a raw NUL
		return nil, errors.New("not one JSON value")
	}
	if err := checkEscapes(data); err != nil {
		return nil, err
	}
	r := reader{rest: string(data)}
	return r.value(0)
}

// reader reads JSON that is valid, which parse has seen to: it only has to find where each value ends. encoding/json's
// decoder, which looks at each token anew, takes several times as long, and this is read with every call.
type reader struct{ rest string }

// next returns the first byte of the next token: outside of strings nothing but blanks is as small as a blank.
func (r *reader) next() byte {
	for r.rest[0] <= ' ' {
		r.rest = r.rest[1:]
	}
	return r.rest[0]
}

// take returns the next n bytes.
func (r *reader) take(n int) string {
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

// skip reads a bracket, a colon or a comma, if it comes next.
func (r *reader) skip(c byte) bool {
	found := r.next() == c
	if found {
		r.take(1)
	}
	return found
}

func (r *reader) value(depth int) (any, error) {
	switch c := r.next(); {
	case (c == '{' || c == '[') && depth == MaxDepth:
		return nil, fmt.Errorf("nested more than %d levels deep", MaxDepth)
	case c == '{':
		return r.members(depth + 1)
	case c == '[':
		return r.elements(depth + 1)
	case c == '"':
		return r.text()
	}
	end := 0
	for end < len(r.rest) && r.rest[end] > ' ' && r.rest[end] != ',' && r.rest[end] != ']' && r.rest[end] != '}' {
		end++
	}
	switch word := r.take(end); word {
	case "true", "false":
		return word == "true", nil
	case "null":
		return nil, nil //nolint:nilnil // what null is
	default:
		return json.Number(word), nil
	}
}

func (r *reader) elements(depth int) (any, error) {
	list := []any{}
	for r.skip('['); !r.skip(']'); r.skip(',') {
		item, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

func (r *reader) members(depth int) (any, error) {
	object := map[string]any{}
	for r.skip('{'); !r.skip('}'); r.skip(',') {
		name, err := r.text()
		if err == nil && has(object, name) {
			err = fmt.Errorf("the member %.40q twice", name)
		}
		if err != nil {
			return nil, err
		}
		r.skip(':')
		if object[name], err = r.value(depth); err != nil {
			return nil, err
		}
	}
	return object, nil
}

// text reads a string. One with an escape is left to encoding/json.
func (r *reader) text() (text string, err error) {
	escaped, end := false, len(`"`)
	for ; r.rest[end] != '"'; end++ {
		if r.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	quoted := r.take(end + 1)
	if escaped {
		err = json.Unmarshal([]byte(quoted), &text)
		return text, err
	}
	return quoted[1:end], nil
}

// checkEscapes refuses one half of a surrogate pair, which Go's decoder would replace in silence. It wants valid JSON, in
// which a backslash stands in strings alone and \u is followed by four digits.
func checkEscapes(data []byte) error {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++ // to the letter after the backslash, which may be a backslash itself
		if data[i] != 'u' {
			continue
		}
		unit := codeUnit(data[i+1:])
		i += 4
		switch {
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return errors.New("half a surrogate pair")
		case unit >= 0xD800 && unit <= 0xDBFF:
			if !bytes.HasPrefix(data[i+1:], []byte(`\u`)) || codeUnit(data[i+3:])&^0x3FF != 0xDC00 {
				return errors.New("half a surrogate pair")
			}
			i += 6
		}
	}
	return nil
}

func codeUnit(digits []byte) uint64 {
	unit, _ := strconv.ParseUint(string(digits[:4]), 16, 16) // valid JSON: they are hexadecimal
	return unit
}

func has(members map[string]any, name string) bool {
	_, ok := members[name]
	return ok
}

// unknown returns a member of the object that is not among the names, if there is one.
func unknown(members map[string]any, names ...string) (string, bool) {
	for name := range members {
		if !slices.Contains(names, name) {
			return name, true
		}
	}
	return "", false
}

// integer reads a number written as a whole one, without fraction and exponent, from min to max.
func integer(x any, minimum, maximum int64) (int64, bool) {
	number, ok := x.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	return n, err == nil && n >= minimum && n <= maximum && string(number) != "-0"
}
