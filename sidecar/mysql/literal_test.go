package mysql

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func literal(t *testing.T, value any) string {
	t.Helper()
	b, err := appendLiteral(nil, value)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// adminDSN is that of the test server.
func adminDSN(t testing.TB) string {
	t.Helper()
	admin := os.Getenv("USERLINK_TEST_DB")
	if admin == "" {
		t.Skip("USERLINK_TEST_DB is not set; scripts/test go starts a server and sets it")
	}
	return admin + "userlink_template"
}

// adminPool is a connection of ours to the test server.
func adminPool(t testing.TB) *sql.DB {
	t.Helper()
	_, pool, err := openPool(adminDSN(t), time.Now, slog.New(slog.DiscardHandler), connector{writes: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// The server reads a literal as the value that it was made of.
func TestServerReadsLiterals(t *testing.T) {
	pool := adminPool(t)
	texts := []string{
		"", "plain", "O'Neil", `back\slash`, `\`, `'`, `\'`, `''; DROP TABLE x; -- `, "?", "a\nb\r\t\x1a\x00c", `"quoted"`, "%_", "Zoë 李 😀", "\u2028", strings.Repeat(`'\`, 5000),
		"/* no comment */", "# none", "-- none",
	}
	for _, text := range texts {
		var back string
		if err := pool.QueryRowContext(t.Context(), "SELECT "+literal(t, text)).Scan(&back); err != nil || back != text {
			t.Errorf("%.40q came back as %.40q, %v", text, back, err)
		}
	}
	number, text := uint32(1<<32-1), "x'y"
	at := time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.FixedZone("", 3600))
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "NULL"},
		{(*string)(nil), "NULL"},
		{(*uint32)(nil), "NULL"},
		{&text, "'x''y'"},
		{number, "4294967295"},
		{&number, "4294967295"},
		{-7, "-7"},
		{true, "TRUE"},
		{false, "FALSE"},
		{[]byte{0, 0xff, '\''}, "x'00ff27'"},
		{[]byte{}, "''"},
		{at, "TIMESTAMP'2026-03-04 04:06:07.089'"},
		{wallClock("2026-03-04 05:06:07"), "TIMESTAMP'2026-03-04 05:06:07'"},
		{serverNow, "NOW()"},
		{newID{id: &number}, "4294967295"},
		{newID{&number, "it's,"}, "'it''s,4294967295'"},
		{newID{id: new(uint32)}, newContact},
		{newID{new(uint32), "it's,"}, "CONCAT('it''s,', " + newContact + ")"},
	} {
		var same bool
		if err := pool.QueryRowContext(t.Context(), "SELECT "+literal(t, c.value)+" <=> "+c.want).Scan(&same); err != nil || !same {
			t.Errorf("%v: %s is not %s, %v", c.value, literal(t, c.value), c.want, err)
		}
	}
	if b, err := appendLiteral(nil, struct{}{}); err == nil {
		t.Errorf("a value without a literal became %q", b)
	}
}

// No text ends its literal before its end.
func FuzzQuoted(f *testing.F) {
	pool := adminPool(f)
	for _, seed := range []string{"", "'", `\`, `\\'`, "a\x00b", `'\'`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("nobody is written whose fields are not text")
		}
		var back []byte
		if err := pool.QueryRowContext(t.Context(), "SELECT "+literal(t, text)).Scan(&back); err != nil || !bytes.Equal(back, []byte(text)) {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	})
}

// Rows are sent in parts, and none is lost or sent twice.
func TestRowsAreSentInParts(t *testing.T) {
	pool := adminPool(t)
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(t.Context(), "CREATE TEMPORARY TABLE parts (id INT PRIMARY KEY, text LONGTEXT)"); err != nil {
		t.Fatal(err)
	}
	const rows = 40
	long := strings.Repeat("x", packet/10)
	text := newRowsText("INSERT INTO parts (id, text) VALUES ", rows)
	sent := 0
	for id := range rows {
		if err := text.add(id, long); err != nil {
			t.Fatal(err)
		}
		if id+1 < rows && !text.full() {
			continue
		}
		if _, err := text.send(t.Context(), conn, ""); err != nil {
			t.Fatal(err)
		}
		sent++
	}
	var stored, length int
	if err := conn.QueryRowContext(t.Context(), "SELECT COUNT(*), MIN(LENGTH(text)) FROM parts").Scan(&stored, &length); err != nil || stored != rows || length != len(long) || sent < 4 {
		t.Errorf("%d rows of at least %d bytes in %d parts, %v", stored, length, sent, err)
	}
}
