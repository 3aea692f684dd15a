package hook

import (
	"strings"

	"userlink/sidecar/link"
)

// MaxBody is the most bytes that a body may have.
const MaxBody = 64 << 10

// Limits of an event's texts, in characters.
const (
	maxSource   = 255
	maxHook     = 64
	maxEmail    = 254
	maxUsername = 255
	maxName     = 400
	maxRoles    = 100
	maxRole     = 255
	maxLanguage = 35
)

var eventTypes = func() (names []string) {
	for _, t := range link.EventTypes() {
		names = append(names, string(t))
	}
	return names
}()

// Decode reads the body of POST /v1/events, which the site has signed. The event that it returns is within all limits of
// section 4 of the contract; its time may lie in the future, since only the caller has a clock.
func Decode(body []byte, siteID string) (link.Event, *Refusal) {
	members, refusal := readObject(body, EventInvalid)
	if refusal != nil {
		return link.Event{}, refusal
	}
	var wrong string
	event, source := readEvent(fields{members: members, wrong: &wrong})
	if wrong != "" {
		return link.Event{}, refuse(EventInvalid, "%s", wrong)
	}
	if source != "/sites/"+siteID {
		return link.Event{}, refuse(SourceMismatch, "the source is not the site that signed")
	}
	event.SiteID = siteID
	return event, nil
}

// readObject reads a body that has to be an object; notObject is the code for JSON that is none.
func readObject(body []byte, notObject Code) (map[string]any, *Refusal) {
	if len(body) > MaxBody {
		return nil, refuse(BodyTooLarge, "a body of %d bytes", len(body))
	}
	parsed, err := parse(body)
	if err != nil {
		return nil, refuse(JSONInvalid, "%s", err)
	}
	object, ok := parsed.(map[string]any)
	if !ok {
		return nil, refuse(notObject, "not an object")
	}
	return object, nil
}

func readEvent(envelope fields) (event link.Event, source string) {
	envelope.only("specversion", "id", "source", "type", "time", "datacontenttype", "data")
	envelope.oneOf("specversion", "1.0")
	envelope.oneOf("datacontenttype", "application/json")
	data := envelope.object("data")
	data.only("hook", "user", "actor")
	event = link.Event{
		ID:   strings.ToLower(envelope.matching("id", isUUID)), // one spelling, so that a repeat is known by it
		Type: link.EventType(envelope.oneOf("type", eventTypes...)),
		Time: envelope.instant("time", isUTC),
		Hook: data.text("hook", 1, maxHook),
		User: readUser(data.object("user")),
	}
	if has(data.members, "actor") {
		actor := data.object("actor")
		actor.only("user_id")
		event.ActorUserID = actor.id("user_id", 0)
	}
	return event, envelope.text("source", 1, maxSource)
}

func readUser(user fields) link.User {
	user.only("id", "email", "username", "first_name", "last_name", "name", "status", "roles", "language", "registered_at")
	u := link.User{
		ID:        user.id("id", 1),
		Email:     user.text("email", 0, maxEmail),
		Username:  user.text("username", 0, maxUsername),
		FirstName: user.text("first_name", 0, maxName),
		LastName:  user.text("last_name", 0, maxName),
		Name:      user.text("name", 0, maxName),
		Roles:     user.texts("roles", maxRoles, maxRole),
		Language:  user.text("language", 0, maxLanguage),
	}
	if user.filled("status") {
		u.Status = link.Status(user.oneOf("status", string(link.StatusActive), string(link.StatusBlocked), string(link.StatusPending)))
	}
	if user.filled("registered_at") {
		u.RegisteredAt = user.instant("registered_at", isInstant)
	}
	return u
}
