package link

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phpBlanks is what PHP's trim() takes off.
const phpBlanks = " \t\n\r\x00\x0b"

// TrimEmail takes blanks off both ends, as PHP's trim() does.
func TrimEmail(email string) string { return strings.Trim(email, phpBlanks) }

// FoldEmail folds an address as CiviCRM does before it searches for it or stores it: trim, then lower case by Unicode.
// Source: CRM_Contact_BAO_Contact::matchContactOnEmail.
func FoldEmail(email string) string {
	trimmed := TrimEmail(email)
	// PHP's mb_strtolower maps this one letter to two; Go maps rune by rune.
	return strings.ToLower(strings.ReplaceAll(trimmed, "İ", "i\u0307"))
}

// StoredEmail is what civicrm_email gets when the email of a linked user changes. A new contact's is NewContact.Email.
// Source: CRM_Core_BAO_UFMatch::updateContactEmail, which goes through API 3.
func StoredEmail(email string) string { return encode(FoldEmail(email)) }

// CheckEmail returns the reason why an address cannot be used to link, or an empty string if it can.
func CheckEmail(email string) Reason {
	email = TrimEmail(email)
	switch {
	case email == "":
		return EmailEmpty
	case !utf8.ValidString(email) || !looksLikeAddress(email):
		return EmailInvalid
	case utf8.RuneCountInString(email) > maxUFName:
		return EmailTooLong
	}
	return ""
}

// looksLikeAddress asks only for what no address can do without. What CMSs accept beyond that is their affair.
func looksLikeAddress(email string) bool {
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at == len(email)-1 {
		return false
	}
	return strings.IndexFunc(email, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) < 0
}

// MaskEmail shortens an address for logs: the first letter and the domain. What is no address becomes three stars.
func MaskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return "***"
	}
	first, _ := utf8.DecodeRuneInString(email)
	return string(first) + "***" + email[at:]
}
