package main

import (
	"io"
	"log/slog"
	"regexp"
	"strings"

	"userlink/sidecar/link"
)

func newLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: maskAddresses}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// address is what may be an email address within a text; with the slash it is the path of a module in a panic's stack.
var address = regexp.MustCompile(`[^\s"'<>(),:;=/]+@[^\s"'<>(),:;=/]+/?`)

// maskAddresses masks the email addresses in what is about to be logged. We log ids of users; but an error of the database
// may quote a row, as in "Duplicate entry 'jane@example.org-1' for key …".
func maskAddresses(_ []string, a slog.Attr) slog.Attr {
	var text string
	switch a.Value.Kind() {
	case slog.KindString:
		text = a.Value.String()
	case slog.KindAny:
		if err, ok := a.Value.Any().(error); ok {
			text = err.Error()
		}
	}
	if !strings.Contains(text, "@") {
		return a
	}
	return slog.String(a.Key, address.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasSuffix(found, "/") {
			return found
		}
		return link.MaskEmail(found)
	}))
}
