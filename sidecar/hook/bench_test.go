package hook

import "testing"

// BenchmarkEvent is what the sidecar does with an event before it asks the database.
func BenchmarkEvent(b *testing.B) {
	r := goodRequest(sign(goodHeader, with(change{"body_sha256": hash(goodEvent)}), testSecret))
	r.Body = []byte(goodEvent)
	b.Run("Verify", func(b *testing.B) {
		for b.Loop() {
			if _, refusal := Verify(r, testKeys, testNow); refusal != nil {
				b.Fatal(refusal)
			}
		}
	})
	b.Run("Decode", func(b *testing.B) {
		for b.Loop() {
			if _, refusal := Decode(r.Body, testSite); refusal != nil {
				b.Fatal(refusal)
			}
		}
	})
}
