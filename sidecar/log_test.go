package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestLogMasksAddresses(t *testing.T) {
	said := errors.New("Error 1062 (23000): Duplicate entry 'jane@example.org-1' for key 'UI_uf_name_domain_id'")
	for _, format := range []string{"json", "text"} {
		for _, line := range []struct {
			attr slog.Attr
			want string
		}{
			{slog.Any("cause", fmt.Errorf("insert links: %w", said)), "Duplicate entry 'j***@example.org-1' for key 'UI_uf_name_domain_id'"},
			{slog.String("cause", "<zoë@école.example>, Jane@Example.org"), "z***@école.example>, J***@Example.org"},
			{slog.String("cause", "Access denied for user 'userlink'@'localhost'"), "'userlink'@'localhost'"},
			{slog.Any("detail", errors.New("panic: x /go/github.com/labstack/echo/v4@v4.13.3/echo.go:982")), "/go/github.com/labstack/echo/v4@v4.13.3/echo.go:982"},
			{slog.Int("user", 42), "42"},
		} {
			var out bytes.Buffer
			newLogger(&out, slog.LevelInfo, format).Warn("user not written", line.attr)
			if !strings.Contains(out.String(), line.want) {
				t.Errorf("%s: no %q in %s", format, line.want, out.String())
			}
		}
	}
}
