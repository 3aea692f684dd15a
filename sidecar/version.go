package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the build: go build -ldflags "-X main.version=1.2.3".
var version = "dev"

// buildInfo says what this program was made of.
type buildInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // empty when it was not built in a repository
	Time     string `json:"time"`     // of the commit, RFC 3339
	Modified bool   `json:"modified"` // there were changes that the commit does not have
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (a *app) versionVerb() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "version", Short: "Say which version this is", Args: cobra.NoArgs,
		RunE: a.verb(func(context.Context) error { return a.printVersion(build(), asJSON) }),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func build() buildInfo {
	b := buildInfo{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.Time = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}

func (a *app) printVersion(b buildInfo, asJSON bool) error {
	if asJSON {
		return a.printJSON(b)
	}
	line := "userlink " + b.Version
	if b.Commit != "" {
		line += " (" + b.Commit[:min(len(b.Commit), 12)]
		if b.Modified {
			line += ", modified"
		}
		line += ")"
	}
	fmt.Fprintf(a.out, "%s, %s, %s\n", line, b.Go, b.Platform)
	return nil
}

func (a *app) printJSON(value any) error {
	encoder := json.NewEncoder(a.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
