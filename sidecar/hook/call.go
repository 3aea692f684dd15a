package hook

import (
	"strings"

	"userlink/sidecar/link"
)

// DecodeMode reads the body of POST /v1/syncs/{id}/undo, {"mode":"preview"} or {"mode":"apply"}, and returns the mode.
func DecodeMode(body []byte) (string, *Refusal) {
	members, refusal := readObject(body, RequestInvalid)
	if refusal != nil {
		return "", refusal
	}
	var wrong string
	call := fields{members: members, wrong: &wrong}
	call.only("mode")
	mode := call.oneOf("mode", "preview", "apply")
	if wrong != "" {
		return "", refuse(RequestInvalid, "%s", wrong)
	}
	return mode, nil
}

// DecodeChoice reads the body of POST /v1/conflicts/{user id}/resolve: {"resolution":"link","contact_id":7}. The contact is
// named with link.ChooseLink and with nothing else.
func DecodeChoice(body []byte) (choice link.Choice, contactID uint32, refusal *Refusal) {
	members, refusal := readObject(body, RequestInvalid)
	if refusal != nil {
		return "", 0, refusal
	}
	var wrong string
	call := fields{members: members, wrong: &wrong}
	call.only("resolution", "contact_id")
	choice = link.Choice(call.oneOf("resolution", string(link.ChooseLink), string(link.ChooseCreate), string(link.ChooseTakeOver), string(link.ChooseLeaveAlone), string(link.ChooseReconsider)))
	switch named := has(members, "contact_id"); {
	case choice == link.ChooseLink:
		contactID = call.id("contact_id", 1)
	case named:
		return "", 0, refuse(RequestInvalid, "a contact_id where none is expected")
	}
	if wrong != "" {
		return "", 0, refuse(RequestInvalid, "%s", wrong)
	}
	return choice, contactID, nil
}

// DecodeSync reads the body of POST /v1/syncs: a mode, and with a repair the finding that it mends.
func DecodeSync(body []byte) (mode, finding string, refusal *Refusal) {
	members, refusal := readObject(body, RequestInvalid)
	if refusal != nil {
		return "", "", refusal
	}
	var wrong string
	call := fields{members: members, wrong: &wrong}
	mode = call.oneOf("mode", "preview", "apply", "repair_preview", "repair")
	if strings.HasPrefix(mode, "repair") {
		call.only("mode", "finding")
		finding = call.text("finding", 1, maxFinding)
	} else {
		call.only("mode")
	}
	if wrong != "" {
		return "", "", refuse(RequestInvalid, "%s", wrong)
	}
	return mode, finding, nil
}

const maxFinding = 32 // characters of a finding's name

// CheckNoBody checks the body of a call that has nothing to say: empty, or an object without members.
func CheckNoBody(body []byte) *Refusal {
	if len(body) == 0 {
		return nil
	}
	members, refusal := readObject(body, RequestInvalid)
	if refusal == nil && len(members) > 0 {
		return refuse(RequestInvalid, "a body where none is expected")
	}
	return refusal
}
