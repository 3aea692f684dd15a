package hook

// DecodeMode reads the body of POST /v1/syncs, {"mode":"preview"} or {"mode":"apply"}, and returns the mode.
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
