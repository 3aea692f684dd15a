package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// signedCall is a request whose token is proven.
type signedCall struct {
	echo.Context
	site  Site
	token hook.Token
	body  []byte
}

type signedHandler func(c signedCall) error

// signed lets in only calls with a good token of the scope. The order matters: sizes first, so that nothing large is
// hashed; then the signature; only then anything that the sender wrote is acted on.
func (s *Server) signed(scope string, next signedHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		body, err := readLimited(c)
		if err != nil {
			return err
		}
		token, refusal := hook.Verify(requestOf(c.Request(), body, scope), s.Keys, s.Now())
		if refusal != nil {
			return refused(refusal)
		}
		callOf(c).site = token.SiteID
		site, ok := s.Sites[token.SiteID]
		if !ok {
			return fail(internal, "a key of a site that is not configured")
		}
		// A shim hangs up after its second. What was begun is finished all the same: the shim will send the event again and
		// then gets the remembered answer, whereas work that is broken off has to be done twice.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), workTimeout)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(signedCall{Context: c, site: site, token: token, body: body})
	}
}

// once refuses a token that was used before. Events do the same in the transaction of their answer.
func (s *Server) once(next signedHandler) signedHandler {
	return func(c signedCall) error {
		fresh, err := c.site.TokenFresh(c.ctx(), c.token.JTI, c.token.Expires)
		if err != nil {
			return err
		}
		if !fresh {
			return link.ErrReplayed
		}
		return next(c)
	}
}

func (c signedCall) ctx() context.Context { return c.Request().Context() }

// readLimited reads the body, however it is sent, and refuses what is over the limits of the contract.
func readLimited(c echo.Context) ([]byte, error) {
	r := c.Request()
	if headerSize(r) > maxHeader {
		return nil, fail(headerTooLarge, "header over 8 KiB")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response().Writer, r.Body, hook.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, fail(hook.BodyTooLarge, "body over 64 KiB")
	case err != nil:
		return nil, &failure{code: hook.RequestInvalid, cause: err} // it broke off, or is no HTTP
	}
	return body, nil
}

// headerSize counts the header lines as they were sent. net/http takes Host and Transfer-Encoding out of the map.
func headerSize(r *http.Request) int {
	const extra = len(": \r\n")
	size := len("Host") + len(r.Host) + extra
	for _, encoding := range r.TransferEncoding {
		size += len("Transfer-Encoding") + len(encoding) + extra
	}
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + extra
		}
	}
	return size
}

// requestOf takes what is signed as it was sent, not as it was understood: two spellings of one path are two paths.
func requestOf(r *http.Request, body []byte, scope string) hook.Request {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	return hook.Request{
		Method: r.Method, Path: path, RawQuery: query,
		Authorization: strings.Join(r.Header.Values("Authorization"), ", "),
		Body:          body, NeedScope: scope,
	}
}
