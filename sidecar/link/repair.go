package link

import "slices"

// Case is one user, or the links of one who is gone, with what a repair must know beyond what a sync does.
type Case struct {
	User    User // of a user who is gone only the id
	Missing bool // the CMS has no such user
	Seen    Seen
	Orphans []uint32       // contacts that a sync made for the user and nobody uses, oldest first
	Lost    []uint32       // contacts that were among them when the repair first looked, and are not any more
	Emails  []ContactEmail // all of the contact of Seen.Links[0], the primary one first
	Sharers []Match        // links of others to that contact
}

// ContactEmail is a row of civicrm_email, as it is compared with a user's address.
type ContactEmail struct {
	Email
	Key     string // Address as CiviCRM's collation compares it
	Primary bool
}

// Repair says what a repair of one kind of finding writes for the case: Repaired or Kept, each with its reason, and several
// decisions for the several orphans of one user. None: the finding does not concern the case.
func (b *Batch) Repair(f Finding, c Case) []Decision {
	switch f {
	case FindOrphan:
		return b.mendOrphans(c)
	case FindUserMissing:
		if c.Missing && len(c.Seen.Links) > 0 {
			return one(removing(c.Seen.Links, c.Seen.Links[0].ContactID))
		}
	case FindContactMissing:
		broken := slices.DeleteFunc(slices.Clone(c.Seen.Links), func(m Match) bool { return !m.Broken() })
		if len(broken) > 0 {
			return one(removing(broken, broken[0].ContactID))
		}
	case FindLinkedTwice:
		return linkedTwice(c)
	case FindNameDiffers:
		return b.mendName(c)
	case FindEmailDiffers:
		return b.mendEmail(c)
	case FindContactTrashed:
		for _, m := range c.Seen.Links {
			if m.Trashed {
				return one(kept(Decision{Reason: LinkTrashed, ContactID: m.ContactID}))
			}
		}
	case FindContactShared:
		if len(c.Sharers) > 0 {
			return one(kept(Decision{Reason: ContactShared, ContactID: c.Seen.Links[0].ContactID, OtherUserID: c.Sharers[0].UserID}))
		}
	}
	return nil
}

func one(d Decision) []Decision { return []Decision{d} }

// kept is a decision about the same, for the same reason, that writes nothing.
func kept(d Decision) Decision {
	return Decision{Outcome: Kept, Reason: d.Reason, ContactID: d.ContactID, OtherUserID: d.OtherUserID}
}

func removing(links []Match, contactID uint32) Decision {
	return Decision{Outcome: Repaired, Reason: LinkRemoved, ContactID: contactID, RemoveLinks: links}
}

// linkedTwice keeps the one link that leads somewhere. Which of two is right only a person can say.
func linkedTwice(c Case) []Decision {
	if c.Missing || len(c.Seen.Links) < 2 {
		return nil
	}
	var sound, others []Match
	for _, m := range c.Seen.Links {
		if m.Broken() || m.Trashed {
			others = append(others, m)
		} else {
			sound = append(sound, m)
		}
	}
	switch {
	case c.Seen.LeftAlone:
		return one(kept(Decision{Reason: LeftAlone, ContactID: c.Seen.Links[0].ContactID}))
	case len(sound) == 1:
		return one(removing(others, sound[0].ContactID))
	}
	return one(kept(Decision{Reason: LinkedTwice, ContactID: c.Seen.Links[0].ContactID}))
}

// mendName lets the link's name follow the user's email, as an event about a changed email would; the contact's own email
// is another finding.
func (b *Batch) mendName(c Case) []Decision {
	if c.Missing || !c.Seen.sound() || TrimEmail(c.User.Email) == "" || c.Seen.EmailKey == c.Seen.Links[0].NameKey {
		return nil
	}
	d := b.linked(EnsureLinkAndEmail, c.User, c.Seen)
	if d.Outcome != EmailUpdated {
		d.ContactID = c.Seen.Links[0].ContactID
		return one(kept(d))
	}
	return one(Decision{Outcome: Repaired, Reason: NameFollowed, ContactID: d.ContactID, Rename: d.Rename, UFName: d.UFName})
}

// mendEmail lets the contact's primary email follow the user's, where the site keeps them in step. An address that the
// contact carries among its others was linked by it, and is no reason to overwrite the primary one.
func (b *Batch) mendEmail(c Case) []Decision {
	if c.Missing || !b.Rules.SyncEmail || !c.Seen.sound() || c.Seen.Links[0].Trashed || TrimEmail(c.User.Email) == "" {
		return nil
	}
	d := Decision{ContactID: c.Seen.Links[0].ContactID}
	var primary *Email
	for i, e := range c.Emails {
		switch {
		case e.Primary && e.Key == c.Seen.EmailKey:
			return nil
		case e.Primary:
			primary = &c.Emails[i].Email
		case e.Key == c.Seen.EmailKey:
			d.Reason = EmailElsewhere
		}
	}
	if reason := CheckEmail(c.User.Email); reason != "" {
		d.Reason = reason
	} else if len(c.Sharers) > 0 {
		d.Reason, d.OtherUserID = ContactShared, c.Sharers[0].UserID
	} else if c.Seen.LeftAlone {
		d.Reason = LeftAlone
	}
	if d.Reason != "" {
		return one(kept(d))
	}
	d.Outcome, d.Reason = Repaired, EmailFollowed
	if primary == nil {
		d.AddEmail = StoredEmail(c.User.Email)
	} else {
		d.SetEmail = &Email{ID: primary.ID, Address: StoredEmail(c.User.Email)}
	}
	return one(d)
}

// mendOrphans links a user who has no link, and puts the orphans that nobody needs into the trash. A user who cannot be
// linked keeps one: the person who decides can link to it, and CiviCRM's own sync finds it and makes no other.
func (b *Batch) mendOrphans(c Case) []Decision {
	var decisions []Decision
	for _, id := range c.Lost {
		decisions = append(decisions, kept(Decision{Reason: OrphanUsed, ContactID: id}))
	}
	if len(c.Orphans) == 0 {
		return decisions
	}
	spared := uint32(0)
	if !c.Seen.sound() {
		d := b.adopt(c)
		spared = d.ContactID
		decisions = append(decisions, d)
	}
	for _, id := range c.Orphans {
		if id != spared {
			decisions = append(decisions, Decision{Outcome: Repaired, Reason: OrphanTrashed, ContactID: id, Trash: true})
		}
	}
	return decisions
}

// adopt links the user as a sync would if all orphans but one were in the trash already; a stale link that holds the
// address goes. A sync that would rather make a contact takes the orphan: it is what a sync has made.
func (b *Batch) adopt(c Case) Decision {
	user, seen := c.User, c.Seen
	best := c.Orphans[0]
	seen.Candidates = slices.DeleteFunc(slices.Clone(seen.Candidates), func(x Candidate) bool {
		return x.ContactID != best && slices.Contains(c.Orphans, x.ContactID)
	})
	d := b.Decide(EnsureLink, user, seen)
	if d.Reason == NameStale && (!b.Rules.VerifyEmail || seen.Proved) {
		if over, ok := b.takeOver(user, seen); ok {
			d = over
		}
	}
	switch d.Outcome {
	case Linked:
	case Created:
		d.Create, d.LinkTo, d.ContactID = nil, best, best
		b.remember(user, seen, best)
	default:
		d.ContactID = best
		return kept(d)
	}
	d.Outcome, d.Reason = Repaired, UserLinked
	return d
}

// MadeForUser tells whether a sync may have given these names to a contact that it made for the user: none, those that the
// user has now, or at least the first name, since names change. With other names it is another person who shares the
// address, and no orphan whoever made it.
func MadeForUser(cms CMS, d Defaults, user User, stored Names) bool {
	made := BuildContact(NamesOf(cms, user), user.Email, d)
	names := Names{First: text(made.FirstName), Middle: text(made.MiddleName), Last: text(made.LastName)}
	return stored == Names{} || stored == names || stored.First != "" && stored.First == names.First
}
