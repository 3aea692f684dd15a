package hook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return value(decoder, 0)
}

// value reads the next value. The decoder's own errors cannot occur in JSON that is valid, and are passed on all the same.
func value(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	delim, nested := token.(json.Delim)
	if err != nil || !nested {
		return token, err
	}
	if depth == MaxDepth {
		return nil, fmt.Errorf("nested more than %d levels deep", MaxDepth)
	}
	if delim == '[' {
		return elements(decoder, depth+1)
	}
	return members(decoder, depth+1)
}

func elements(decoder *json.Decoder, depth int) (any, error) {
	list := []any{}
	for decoder.More() {
		item, err := value(decoder, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := decoder.Token() // the closing bracket
	return list, err
}

func members(decoder *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		name, _ := token.(string)
		if err == nil && has(object, name) {
			err = fmt.Errorf("the member %.40q twice", name)
		}
		if err != nil {
			return nil, err
		}
		if object[name], err = value(decoder, depth); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token() // the closing brace
	return object, err
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
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	for name := range members {
		if !known[name] {
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
