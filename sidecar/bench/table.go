package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// row is a figure as it was measured, and as --json prints it. Value, Reference and Ratio are nil if that could not be.
type row struct {
	Name            string   `json:"name"`
	About           string   `json:"about"`
	Value           *float64 `json:"value"` // median of the runs
	Unit            string   `json:"unit"`
	Against         string   `json:"against"` // what the reference is; empty: there is none
	Reference       *float64 `json:"reference"`
	Ratio           *float64 `json:"ratio"` // value ÷ reference
	Goal            string   `json:"goal"`
	Reached         *bool    `json:"reached"`          // nil: no goal, not measured, or not the size that the goal is about
	Spread          float64  `json:"spread"`           // of the value: (largest − smallest) ÷ median
	ReferenceSpread float64  `json:"reference_spread"` // the same of the reference
	Runs            int      `json:"runs"`
	ReferenceRuns   int      `json:"reference_runs"`
	Note            string   `json:"note"`    // sizes and the like
	Problem         string   `json:"problem"` // why it was not measured
}

// samples is what the parts of scripts/figures wrote down, a line each:
//
//	NAME value NUMBER       NAME reference NUMBER      one run
//	NAME note TEXT          NAME problem TEXT
//	NAME smaller TEXT       the size is not the one that the goal is about: no verdict, and TEXT is noted
//	- machine NAME TEXT     a line about the machine
type samples struct {
	values, references map[string][]float64
	texts              map[[2]string]string // by name and kind
	machine            [][2]string
}

func readSamples(r io.Reader) (*samples, error) {
	s := &samples{values: map[string][]float64{}, references: map[string][]float64{}, texts: map[[2]string]string{}}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), " ")
		kind, text, _ := strings.Cut(rest, " ")
		if err := s.add(name, kind, text); err != nil {
			return nil, fmt.Errorf("%q: %w", lines.Text(), err)
		}
	}
	return s, lines.Err()
}

func (s *samples) add(name, kind, text string) error {
	switch kind {
	case "value", "reference":
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return errors.New("not a number")
		}
		into := s.values
		if kind == "reference" {
			into = s.references
		}
		into[name] = append(into[name], number)
	case "note", "problem", "smaller":
		s.texts[[2]string{name, kind}] = text
	case "machine":
		key, value, _ := strings.Cut(text, " ")
		s.machine = append(s.machine, [2]string{key, value})
	default:
		return errors.New("not a line of samples")
	}
	return nil
}

// row returns a figure with its numbers.
func (s *samples) row(f figure) row {
	values, references := s.values[f.name], s.references[f.name]
	r := row{
		Name: f.name, About: f.about, Unit: f.unit, Against: f.against, Goal: f.goal.text(f.unit),
		Spread: spread(values), ReferenceSpread: spread(references), Runs: len(values), ReferenceRuns: len(references),
		Note: s.texts[[2]string{f.name, "note"}], Problem: s.texts[[2]string{f.name, "problem"}],
	}
	if r.Problem == "" && len(values) == 0 {
		r.Problem = "not measured"
	}
	if r.Problem != "" {
		return r
	}
	value := median(values)
	r.Value = &value
	if len(references) > 0 {
		reference := median(references)
		r.Reference = &reference
		if reference != 0 {
			ratio := value / reference
			r.Ratio = &ratio
		}
	}
	smaller := s.texts[[2]string{f.name, "smaller"}]
	if smaller != "" {
		r.Note = strings.TrimPrefix(r.Note+"; "+smaller, "; ")
	} else {
		r.Reached = f.verdict(r)
	}
	return r
}

// verdict is nil when there is nothing to judge.
func (f figure) verdict(r row) *bool {
	if f.goal.limit == 0 || (r.Ratio == nil && !f.goal.value) {
		return nil
	}
	ratio := 0.0
	if r.Ratio != nil {
		ratio = *r.Ratio
	}
	reached := f.goal.reached(*r.Value, ratio)
	return &reached
}

// tableVerb prints the table of the parts that are named, or of all; with -parts or -rows only names.
func tableVerb(_ context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	from := flags.String("samples", "", "`FILE` that the parts wrote")
	asJSON := flags.Bool("json", false, "print JSON")
	parts := flags.Bool("parts", false, "print the names of the parts")
	rows := flags.Bool("rows", false, "print the names of the rows")
	if err := flags.Parse(args); err != nil {
		return err
	}
	wanted := slices.DeleteFunc(figures(), func(f figure) bool { return flags.NArg() > 0 && !slices.Contains(flags.Args(), f.part) })
	switch {
	case *parts:
		printNames(out, wanted, func(f figure) string { return f.part })
		return nil
	case *rows:
		printNames(out, wanted, func(f figure) string { return f.name })
		return nil
	}
	file, err := os.Open(*from) //nolint:gosec // the path is the caller's own
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	s, err := readSamples(file)
	if err != nil {
		return err
	}
	table := make([]row, 0, len(wanted))
	for _, f := range wanted {
		table = append(table, s.row(f))
	}
	if *asJSON {
		return printJSON(out, s.machine, table)
	}
	return printTable(out, s.machine, table)
}

// printNames prints each name once.
func printNames(out io.Writer, of []figure, name func(figure) string) {
	last := ""
	for _, f := range of {
		if name(f) != last {
			last = name(f)
			fmt.Fprintln(out, last)
		}
	}
}

func printJSON(out io.Writer, machine [][2]string, table []row) error {
	about := map[string]string{}
	for _, line := range machine {
		about[line[0]] = line[1]
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"machine": about, "figures": table})
}

func printTable(out io.Writer, machine [][2]string, table []row) error {
	for _, line := range machine {
		fmt.Fprintf(out, "%-10s %s\n", line[0], line[1])
	}
	fmt.Fprintln(out)
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "name\tvalue\tunit\treference\tratio\tgoal\treached\tspread\tabout")
	for _, r := range table {
		fmt.Fprintln(columns, strings.Join(r.cells(), "\t"))
	}
	return columns.Flush()
}

func (r row) cells() []string {
	about := r.About
	if r.Note != "" {
		about += "; " + r.Note
	}
	if r.Problem != "" {
		return []string{r.Name, "NOT MEASURED", "", "", "", r.Goal, "", "", about + ": " + r.Problem}
	}
	reference, ratio, reached := "", "", ""
	spreads := fmt.Sprintf("%.0f %% of %d", 100*r.Spread, r.Runs)
	if r.Reference != nil {
		reference = r.Against + " " + number(*r.Reference)
		spreads += fmt.Sprintf(", %.0f %% of %d", 100*r.ReferenceSpread, r.ReferenceRuns)
	}
	if r.Ratio != nil {
		ratio = number(*r.Ratio) + " ×"
	}
	if r.Reached != nil {
		reached = map[bool]string{true: "yes", false: "NO"}[*r.Reached]
	}
	return []string{r.Name, number(*r.Value), r.Unit, reference, ratio, r.Goal, reached, spreads, about}
}

// number writes three significant digits or more, never an exponent.
func number(x float64) string {
	switch size := math.Abs(x); {
	case size >= 100:
		return fmt.Sprintf("%.0f", x)
	case size >= 10:
		return fmt.Sprintf("%.1f", x)
	case size >= 1:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}
