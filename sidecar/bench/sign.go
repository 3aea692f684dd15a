package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
)

const eventsPath = "/v1/events"

// signer signs calls as shared/README.md says, section 2. It is by hand and not by a library, because what the client takes
// of the processor both sides of a comparison lack.
type signer struct {
	site   string
	header string // of every token, encoded
	secret []byte
}

func newSigner(site, keyID, keyFile string) (*signer, error) {
	text, err := os.ReadFile(keyFile) //nolint:gosec // the path is the caller's own
	if err != nil {
		return nil, err
	}
	header := fmt.Sprintf(`{"alg":"HS256","typ":"JWT","kid":%q}`, keyID)
	return &signer{
		site: site, header: base64.RawURLEncoding.EncodeToString([]byte(header)),
		secret: bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")),
	}, nil
}

// token returns a fresh token for one event.
func (s *signer) token(body []byte) string {
	now := time.Now().Unix()
	claims := fmt.Appendf(nil, `{"iss":%q,"aud":"userlink","iat":%d,"exp":%d,"jti":"%s","htm":"POST","htu":"%s","body_sha256":"%x"}`,
		s.site, now, now+60, uuid.NewString(), eventsPath, sha256.Sum256(body))
	signed := s.header + "." + base64.RawURLEncoding.EncodeToString(claims)
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// message is an event as a WordPress plugin sends it: shared/README.md, section 4.
type message struct {
	SpecVersion     string      `json:"specversion"`
	ID              string      `json:"id"`
	Source          string      `json:"source"`
	Type            string      `json:"type"`
	Time            string      `json:"time"`
	DataContentType string      `json:"datacontenttype"`
	Data            messageData `json:"data"`
}

type messageData struct {
	Hook string      `json:"hook"`
	User messageUser `json:"user"`
}

type messageUser struct {
	ID           uint32   `json:"id"`
	Email        string   `json:"email"`
	Username     string   `json:"username"`
	FirstName    string   `json:"first_name"`
	LastName     string   `json:"last_name"`
	Name         string   `json:"name"`
	Status       string   `json:"status"`
	Roles        []string `json:"roles"`
	Language     string   `json:"language"`
	RegisteredAt string   `json:"registered_at"`
}

// event returns the message about a user.
func (s *signer) event(kind, hook string, p person) ([]byte, error) {
	return json.Marshal(message{
		SpecVersion: "1.0", ID: uuid.NewString(), Source: "/sites/" + s.site, Type: kind,
		Time: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), DataContentType: "application/json",
		Data: messageData{Hook: hook, User: messageUser{
			ID: p.id, Email: p.email, Username: p.login, FirstName: p.first, LastName: p.last, Name: p.first + " " + p.last,
			Status: "active", Roles: []string{"subscriber"}, Language: "en_US", RegisteredAt: "2020-01-01T00:00:00Z",
		}},
	})
}

// request returns the bytes of a signed call about a user. Only the path differs between the sidecar and the bare route.
func (s *signer) request(host, path, kind, hook string, p person) ([]byte, error) {
	body, err := s.event(kind, hook, p)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/cloudevents+json\r\nContent-Length: %d\r\n\r\n%s",
		path, host, s.token(body), len(body), body), nil
}
