package main

import (
	"fmt"
	"log/slog"
	"os"

	"golang.org/x/term"

	"userlink/sidecar/config"
)

// openForTerminal opens the house for a verb that a person watches: only what is amiss is logged, and as text.
func (a *app) openForTerminal() (*house, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	for _, w := range c.Warnings {
		fmt.Fprintln(a.err, "warning:", w)
	}
	return a.openFor(c)
}

// openQuietly is openForTerminal for check, which reports the warnings itself.
func (a *app) openQuietly() (*house, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	return a.openFor(c)
}

func (a *app) openFor(c *config.Config) (*house, error) {
	return open(c, newLogger(a.err, max(c.Log.Level, slog.LevelWarn), "text"), nil)
}

// isTerminal tells whether a person is at the other end.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
