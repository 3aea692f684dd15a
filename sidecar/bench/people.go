package main

import (
	"bufio"
	"errors"
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
