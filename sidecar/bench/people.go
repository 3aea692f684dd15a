package main

import (
	"bufio"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// person is a user of the CMS as the seed made him.
type person struct {
	id                        uint32
	login, email, first, last string
}

// readPeople reads lines of id, login, email, first and last name, apart by tabs, as MariaDB's client prints them.
func readPeople(path string) ([]person, error) {
	if path == "" {
		return nil, errors.New("-users is missing")
	}
	file, err := os.Open(path) //nolint:gosec // the path is the caller's own
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var people []person
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 5 {
			return nil, fmt.Errorf("%s: not five fields: %q", path, lines.Text())
		}
		id, err := strconv.ParseUint(fields[0], 10, 32)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		people = append(people, person{uint32(id), fields[1], fields[2], fields[3], fields[4]})
	}
	if len(people) == 0 {
		return nil, fmt.Errorf("%s: no users", path)
	}
	return people, lines.Err()
}

// openSite reads a command line that names a site's database and its users, and whatever flags there are beside.
func openSite(flags *flag.FlagSet, args []string) ([]person, *sql.DB, error) {
	dsn := flags.String("dsn", "", "the site's database")
	users := flags.String("users", "", "`FILE` of id, login, email, first and last name")
	if err := flags.Parse(args); err != nil {
		return nil, nil, err
	}
	people, err := readPeople(*users)
	if err != nil {
		return nil, nil, err
	}
	pool, err := openDatabase(*dsn)
	return people, pool, err
}
