package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"io"
	"net/http"
	"strconv"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/labstack/echo/v4"
)

// openDatabase opens a pool as large as the sidecar's own.
func openDatabase(dsn string) (*sql.DB, error) {
	cfg, err := driver.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	cfg.InterpolateParams = true // one round trip a statement
	connector, err := driver.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	return pool, nil
}

// routeVerb serves POST /users/{id}: one indexed SELECT and its answer. No signature is checked, nothing is remembered, not
// even the body is read.
func routeVerb(ctx context.Context, flags *flag.FlagSet, args []string, _ io.Writer) error {
	listen := flags.String("listen", "127.0.0.1:7781", "`HOST:PORT`")
	dsn := flags.String("dsn", "", "the database")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pool, err := openDatabase(*dsn)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Server.ReadHeaderTimeout = 5 * time.Second
	e.POST("/users/:id", contactOf(pool)) //nolint:contextcheck // each request has its own
	context.AfterFunc(ctx, func() { _ = e.Close() })
	if err := e.Start(*listen); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// contactOf returns the route: the contact of the user in the path.
func contactOf(pool *sql.DB) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := strconv.ParseUint(c.Param("id"), 10, 32)
		if err != nil {
			return echo.ErrBadRequest
		}
		var contact uint32
		row := pool.QueryRowContext(c.Request().Context(), "SELECT contact_id FROM civicrm_uf_match WHERE domain_id = 1 AND uf_id = ?", id)
		if err := row.Scan(&contact); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{"outcome": "already_linked", "contact_id": contact})
	}
}
