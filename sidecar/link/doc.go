// Package link is the heart of userlink: what a user, a contact and the link between them are, and what an event may
// cause. It decides and never acts: no SQL, no HTTP, no clock. Give it what was seen and it says what to write and why.
//
// Read it in this order: user.go (who), event.go (what happened), policy.go (what each CMS allows), seen.go (what the
// database knows), decide.go (the decision), outcome.go (its name and its reason), contact.go (the rows of a new contact).
package link
