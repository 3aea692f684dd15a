package hook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"userlink/shared"
)

// readVectors reads one file of the contract's examples, which the PHP side runs too.
func readVectors(t *testing.T, name string, into any) {
	t.Helper()
	data, err := shared.Vectors.ReadFile("vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func accepted(result string) Code {
	if result == "accepted" {
		return ""
	}
	return Code(result)
}

func TestTokenVectors(t *testing.T) {
	var file struct {
		Now   int64
		Keys  []struct{ ID, Site, Secret string }
		Cases []struct {
			ID                                         int
			Comment, Method, Path, Query, Body, Result string
			Authorization                              string
			SeenJTI                                    []string `json:"seen_jti"`
		}
	}
	readVectors(t, "tokens.json", &file)
	keys := func(kid string) (Key, bool) {
		for _, k := range file.Keys {
			if k.ID == kid {
				return Key{ID: kid, SiteID: k.Site, Secret: []byte(k.Secret)}, true
			}
		}
		return Key{}, false
	}
	for _, c := range file.Cases {
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Comment), func(t *testing.T) {
			r := Request{Method: c.Method, Path: c.Path, RawQuery: c.Query, Authorization: c.Authorization, Body: []byte(c.Body), NeedScope: ScopeAdmin}
			if c.Method+c.Path == "POST/v1/events" {
				r.NeedScope = ""
			}
			token, refusal := Verify(r, keys, time.Unix(file.Now, 0))
			if refusal == nil && slices.Contains(c.SeenJTI, token.JTI) { // what the database will say
				refusal = &Refusal{Code: TokenReplayed}
			}
			wantCode(t, refusal, accepted(c.Result))
		})
	}
}

// TestSignVectors proves that both sides read the same out of a token and sign it alike.
func TestSignVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID                       int
			Comment, Kid, Key, Token string
			Claims                   json.RawMessage
		}
	}
	readVectors(t, "sign.json", &file)
	for _, c := range file.Cases {
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Comment), func(t *testing.T) {
			keys := func(kid string) (Key, bool) { return Key{ID: kid, Secret: []byte(c.Key)}, kid == c.Kid }
			_, payload, err := prove(c.Token, keys)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parse(payload)
			if err != nil {
				t.Fatal(err)
			}
			want, err := parse(c.Claims)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v, %v", got, want, err)
			}
			if again := sign(`{"alg":"HS256","typ":"JWT","kid":"`+c.Kid+`"}`, string(payload), c.Key); again != c.Token {
				t.Errorf("got %s, want %s", again, c.Token)
			}
		})
	}
}

func TestBodyVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID                          int
			Comment, Site, Body, Result string
			BodyBase64                  []byte `json:"body_base64"`
			PadTo                       int    `json:"pad_to"`
		}
	}
	readVectors(t, "bodies.json", &file)
	for _, c := range file.Cases {
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Comment), func(t *testing.T) {
			body := append([]byte(c.Body), c.BodyBase64...)
			if n := c.PadTo - len(body); n > 0 {
				body = append(body, bytes.Repeat([]byte(" "), n)...)
			}
			_, refusal := Decode(body, c.Site)
			wantCode(t, refusal, accepted(c.Result))
		})
	}
}
