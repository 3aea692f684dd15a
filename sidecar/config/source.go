package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// source is where a secret comes from: the configuration itself, a file of its own, or a variable.
type source struct{ direct, file *placed }

// placed is a value with the place where it is written.
type placed struct {
	value string
	at    place
}

func (s *source) given() bool { return s.direct != nil || s.file != nil }

// keys reads name and name_file.
func (s *source) keys(r *reader, name string) keys {
	take := func(into **placed) func(ast.Node, place) {
		return func(node ast.Node, at place) {
			var value string
			r.scalar(text(&value))(node, at)
			if value != "" {
				*into = &placed{value, at}
			}
		}
	}
	return keys{name: take(&s.direct), name + "_file": take(&s.file)}
}

// fromEnv lets the variable, or the one with _FILE behind its name, replace what the file says.
func (s *source) fromEnv(r *reader, name string) {
	direct, file := r.variable(name), r.variable(name+"_FILE")
	if direct != "" || file != "" {
		s.direct, s.file = nil, nil
	}
	if direct != "" {
		s.direct = &placed{direct, place{file: name}}
	}
	if file != "" {
		s.file = &placed{file, place{file: name + "_FILE"}}
	}
}

func (s *source) place(otherwise place) place {
	switch {
	case s.direct != nil:
		return s.direct.at
	case s.file != nil:
		return s.file.at
	}
	return otherwise
}

// value returns the secret; the last line end of a file does not count.
func (s *source) value(r *reader, name string) Secret {
	switch {
	case s.direct != nil && s.file != nil:
		r.problem(s.file.at, "both "+name+" and "+name+"_file are given", "keep one of them")
		return ""
	case s.direct != nil:
		r.inline = r.inline || s.direct.at.line > 0
		return Secret(s.direct.value)
	case s.file != nil:
		return r.secretFile(s.file)
	}
	return ""
}

func (r *reader) secretFile(from *placed) Secret {
	path := from.value
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	data, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		r.problem(from.at, fmt.Sprintf("%s cannot be read: %s", path, causeOf(err)), "the sidecar's user has to be able to read it")
		return ""
	}
	if info, err := os.Stat(path); err == nil {
		r.checkReaders(place{file: path}, info.Mode(), true)
	}
	if len(data) == 0 {
		r.problem(from.at, path+" is empty", "put the secret into it")
	}
	return Secret(strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"))
}
