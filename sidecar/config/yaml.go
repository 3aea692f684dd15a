package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader walks the file and remembers what is wrong, so that all of it can be reported at once.
type reader struct {
	file, dir string // dir: what relative paths are relative to
	env       func(string) (string, bool)
	inline    bool             // the file itself holds a secret
	places    map[string]place // of the keys at the top, and of the variables that replace them

	problems, warnings []Problem
}

// keys says what is done with the value of each key of a mapping.
type keys map[string]func(value ast.Node, at place)

// parse returns the document of the file, or nil.
func (r *reader) parse(data []byte) ast.Node {
	file, err := parser.ParseBytes(data, 0)
	var syntax *yaml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		// Only the message: the error's full text shows lines of the file, and they may hold secrets.
		r.problem(place{r.file, syntax.Token.Position.Line}, "is not YAML: "+syntax.Message, "correct the line")
		return nil
	case err != nil:
		r.problem(place{file: r.file}, "is not YAML", "compare it with userlink.example.yaml")
		return nil
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		r.problem(place{file: r.file}, "is empty", "start from userlink.example.yaml")
		return nil
	case len(file.Docs) > 1:
		r.problem(r.at(file.Docs[1].Body), "a second document begins", "take out the line ---")
	}
	return file.Docs[0].Body
}

func (r *reader) at(node ast.Node) place {
	if node == nil || node.GetToken() == nil {
		return place{file: r.file}
	}
	return place{r.file, node.GetToken().Position.Line}
}

// where returns the place of a setting at the top.
func (r *reader) where(name string) place {
	if at, ok := r.places[name]; ok {
		return at
	}
	return place{file: r.file}
}

// mapping walks a mapping whose keys are known, and returns the place of each. Nothing at all is an empty one.
func (r *reader) mapping(node ast.Node, at place, name string, known keys) map[string]place {
	places := map[string]place{}
	names := slices.Sorted(maps.Keys(known))
	r.entries(node, at, name, func(key string, value ast.Node, at place) {
		take, ok := known[key]
		switch guess, found := meant(key, names); {
		case ok:
			places[key] = at
			take(value, at)
		case found:
			r.problem(at, fmt.Sprintf("%q is not known", key), "did you mean "+guess+"?")
		default:
			r.problem(at, fmt.Sprintf("%q is not known", key), "in "+name+" there may be "+orList(names))
		}
	})
	return places
}

// entries walks a mapping whose keys are free.
func (r *reader) entries(node ast.Node, at place, name string, each func(key string, value ast.Node, at place)) {
	var entries []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	case *ast.NullNode:
	default:
		r.problem(at, name+" is not a list of settings", "write its settings below it, indented, each as name: value")
	}
	for _, entry := range entries {
		key, ok := entry.Key.(*ast.StringNode)
		if !ok {
			r.problem(r.at(entry.Key), "a key that is not a plain word", "write the name of a setting")
			continue
		}
		each(key.Value, entry.Value, r.at(key))
	}
}

// list walks a list; one item alone may stand without a dash.
func (r *reader) list(node ast.Node, each func(item ast.Node, at place)) {
	switch n := node.(type) {
	case *ast.SequenceNode:
		for _, item := range n.Values {
			each(item, r.startOf(item))
		}
	case *ast.NullNode:
	default:
		each(node, r.startOf(node))
	}
}

// startOf returns the first line of an item: that of its first key.
func (r *reader) startOf(node ast.Node) place {
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		return r.at(mapping.Values[0].Key)
	}
	return r.at(node)
}

// scalar takes a plain value as it is written. What it means, the setter decides: the same for a file and a variable.
func (r *reader) scalar(set setter) func(ast.Node, place) {
	return func(node ast.Node, at place) {
		text, ok := textOf(node)
		if !ok {
			r.problem(at, "is not a plain value", "write one value, without anchor, alias or tag")
			return
		}
		r.apply(set, text, at)
	}
}

func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}
