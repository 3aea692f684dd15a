package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

const eventsPath = "/v1/events"

// signer signs calls as shared/README.md says, section 2.
type signer struct {
	site, keyID string
	secret      []byte
}

func newSigner(site, keyID, keyFile string) (*signer, error) {
	text, err := os.ReadFile(keyFile) //nolint:gosec // the path is the caller's own
	if err != nil {
		return nil, err
	}
	secret := bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	return &signer{site: site, keyID: keyID, secret: secret}, nil
}

// token returns a fresh token for one event.
func (s *signer) token(body []byte) (string, error) {
	now := time.Now().Unix()
	hash := sha256.Sum256(body)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": s.site, "aud": "userlink", "iat": now, "exp": now + 60, "jti": uuid.NewString(),
		"htm": "POST", "htu": eventsPath, "body_sha256": hex.EncodeToString(hash[:]),
	})
	token.Header["kid"] = s.keyID
	return token.SignedString(s.secret)
}

// event returns the message that a WordPress plugin sends about a user.
func (s *signer) event(kind, hook string, p person) ([]byte, error) {
	now := time.Now().UTC()
	return json.Marshal(map[string]any{
		"specversion": "1.0", "id": uuid.NewString(), "source": "/sites/" + s.site, "type": kind,
		"time": now.Format("2006-01-02T15:04:05.000000Z"), "datacontenttype": "application/json",
		"data": map[string]any{
			"hook": hook,
			"user": map[string]any{
				"id": p.id, "email": p.email, "username": p.login, "first_name": p.first, "last_name": p.last,
				"name": p.first + " " + p.last, "status": "active", "roles": []string{"subscriber"}, "language": "en_US",
				"registered_at": "2020-01-01T00:00:00Z",
			},
			"actor": map[string]any{"user_id": 0},
		},
	})
}

// request returns the bytes of a signed call about a user. Only the path differs between the sidecar and the bare route.
func (s *signer) request(host, path, kind, hook string, p person) ([]byte, error) {
	body, err := s.event(kind, hook, p)
	if err != nil {
		return nil, err
	}
	token, err := s.token(body)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/cloudevents+json\r\nContent-Length: %d\r\n\r\n%s",
		path, host, token, len(body), body), nil
}
