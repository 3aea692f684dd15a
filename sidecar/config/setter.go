package config

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a server need not have the names of time zones
)

// setter puts a value where it belongs, or says what is wrong with it and what to write. It never repeats a secret.
type setter func(value string) (wrong, write string)

func (r *reader) apply(set setter, value string, at place) {
	if wrong, write := set(value); wrong != "" {
		r.problem(at, wrong, write)
	}
}

func text[T ~string](into *T) setter {
	return func(value string) (string, string) {
		*into = T(value)
		return "", ""
	}
}

func oneOf(into *string, allowed ...string) setter {
	return func(value string) (string, string) {
		for _, a := range allowed {
			if value == a {
				*into = value
				return "", ""
			}
		}
		return fmt.Sprintf("%q is not known", value), "write " + orList(allowed)
	}
}

// parsed takes a value as parse understands it. Its error says what is wrong, ": write ", and what may stand there.
func parsed[T any](into *T, parse func(string) (T, error)) setter {
	return func(value string) (string, string) {
		v, err := parse(value)
		if err != nil {
			wrong, write, _ := strings.Cut(err.Error(), ": write ")
			return wrong, "write " + write
		}
		*into = v
		return "", ""
	}
}

// appended is parsed for one item of a list, in which nothing stands twice.
func appended[T comparable](into *[]T, parse func(string) (T, error)) setter {
	return func(value string) (string, string) {
		var item T
		if wrong, write := parsed(&item, parse)(value); wrong != "" {
			return wrong, write
		}
		if slices.Contains(*into, item) || value == "" {
			return fmt.Sprintf("%q is empty or there twice", value), "take it out"
		}
		*into = append(*into, item)
		return "", ""
	}
}

// firstLogin reads verify_email.
func firstLogin(into *bool) setter {
	return func(value string) (string, string) {
		if value != "off" && value != "first_login" {
			return fmt.Sprintf("%q is not known", value), "write off or first_login"
		}
		*into = value == "first_login"
		return "", ""
	}
}

func flag(into *bool) setter {
	return func(value string) (string, string) {
		if value != "true" && value != "false" {
			return fmt.Sprintf("%q is neither true nor false", value), "write true or false"
		}
		*into = value == "true"
		return "", ""
	}
}

func number[T int | uint32](into *T, minimum, maximum int64) setter {
	return func(value string) (string, string) {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < minimum || n > maximum {
			return fmt.Sprintf("%q is not a whole number from %d to %d", value, minimum, maximum), fmt.Sprintf("write one, such as %d", max(minimum, 1))
		}
		*into = T(n)
		return "", ""
	}
}

func duration(into *time.Duration, minimum, maximum time.Duration) setter {
	return func(value string) (string, string) {
		d, err := time.ParseDuration(value)
		if err != nil || d < minimum || d > maximum {
			return fmt.Sprintf("%q is not a time from %s to %s", value, minimum, maximum), fmt.Sprintf("write one, such as %s", *into)
		}
		*into = d
		return "", ""
	}
}

// timeZone reads a name such as Europe/Berlin, or UTC; an empty one leaves it to the database server.
func timeZone(into **time.Location) setter {
	return func(value string) (string, string) {
		if value == "" {
			*into = nil
			return "", ""
		}
		zone, err := time.LoadLocation(value)
		if err != nil {
			return fmt.Sprintf("the time zone %q is not known", value), "write the name that the CMS's settings show, such as Europe/Berlin or UTC"
		}
		*into = zone
		return "", ""
	}
}

func level(into *slog.Level) setter {
	return func(value string) (string, string) {
		switch value {
		case "debug", "info", "warn", "error":
			if err := into.UnmarshalText([]byte(value)); err == nil {
				return "", ""
			}
		}
		return fmt.Sprintf("%q is not known", value), "write debug, info, warn or error"
	}
}
