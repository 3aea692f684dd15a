package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/config"
)

const healthTimeout = 3 * time.Second

// healthcheckVerb is for containers: their image has no other program that could ask.
func (a *app) healthcheckVerb() *cobra.Command {
	var ready bool
	cmd := &cobra.Command{
		Use: "healthcheck", Short: "Ask the running sidecar whether it lives", Args: cobra.NoArgs, Hidden: true,
		RunE: a.verb(func(ctx context.Context) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			path := "/healthz"
			if ready {
				path = "/readyz"
			}
			return askHealth(ctx, c, path)
		}),
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "ask whether it can work, too: the database answers")
	return cmd
}

// askHealth returns nil when the sidecar of this configuration answers 200.
func askHealth(ctx context.Context, c *config.Config, path string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://userlink"+path, http.NoBody)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			if socket, ok := strings.CutPrefix(c.Listen, "unix:"); ok {
				return new(net.Dialer).DialContext(ctx, "unix", socket)
			}
			return new(net.Dialer).DialContext(ctx, "tcp", c.Listen)
		},
	}}).Do(request)
	if err != nil {
		return fmt.Errorf("no sidecar answers on %s: %w", c.Listen, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the sidecar on %s answers %s to %s", c.Listen, response.Status, path)
	}
	return nil
}
