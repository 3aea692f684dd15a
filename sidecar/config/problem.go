package config

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// place is where something is written: a line of a file, or a variable.
type place struct {
	file string // or the variable's name
	line int    // 0: the whole
}

func (p place) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

// Problem is one thing that is wrong. It never holds a secret.
type Problem struct {
	Place string // file:line, or the variable's name
	What  string // what is wrong
	Write string // what to write or to do instead
	line  int
}

func (p Problem) String() string { return p.Place + ": " + p.What + "; " + p.Write }

// ProblemsError is all that is wrong with a configuration, in the order of its lines.
type ProblemsError struct{ List []Problem }

func (p *ProblemsError) Error() string {
	lines := make([]string, len(p.List))
	for i, problem := range p.List {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

func (r *reader) problem(at place, what, write string) {
	r.problems = append(r.problems, Problem{Place: at.String(), What: what, Write: write, line: at.line})
}

func (r *reader) warn(at place, what, write string) {
	r.warnings = append(r.warnings, Problem{Place: at.String(), What: what, Write: write, line: at.line})
}

func (r *reader) result() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.line - b.line })
	return &ProblemsError{List: r.problems}
}

// causeOf says why a file cannot be read, without repeating its name.
func causeOf(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// orList writes "a, b or c".
func orList[T ~string](names []T) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = string(name)
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// meant returns the known word that a mistyped one stands for, if one is near enough.
func meant(word string, known []string) (string, bool) {
	best, distance := "", 3
	for _, candidate := range known {
		if d := edits(strings.ToLower(word), candidate); d < distance && d < len(candidate) {
			best, distance = candidate, d
		}
	}
	return best, best != ""
}

// edits counts the letters to change, add or drop between two words (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
