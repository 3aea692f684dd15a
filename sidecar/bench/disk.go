package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

// diskVerb writes a page and flushes it, a few times, in a folder, and prints the median in milliseconds: what a commit
// costs at least.
func diskVerb(_ context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	folder := flags.String("folder", ".", "where")
	times := flags.Int("times", 200, "how often")
	if err := flags.Parse(args); err != nil {
		return err
	}
	file, err := os.CreateTemp(*folder, "disk")
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if err := os.Remove(file.Name()); err != nil { //nolint:gosec // the folder is the caller's own; the file stays until it is closed
		return err
	}
	page := make([]byte, 4096)
	took := make([]float64, 0, *times)
	for range *times {
		began := time.Now()
		if _, err := file.WriteAt(page, 0); err != nil {
			return err
		}
		if err := file.Sync(); err != nil {
			return err
		}
		took = append(took, milliseconds(time.Since(began)))
	}
	fmt.Fprintf(out, "flush %.3f\n", median(took))
	return nil
}
