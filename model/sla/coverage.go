package sla

import (
	"fmt"
	"strings"
)

// ClockSource says whose hours a clock counts.
type ClockSource uint8

// The sources of a clock. RoundTheClock is the default.
const (
	RoundTheClock  ClockSource = iota // always: every hour counts
	CustomerRegion                    // region, region.ROLE: a calendar of the customer's region
	HomeCentre                        // centre: the calendar of the region's home centre
)

// Coverage says which hours count for a case and whether centres of other regions may work it. The zero value is
// coverage round the clock at the region's own centres.
type Coverage struct {
	Clock        ClockSource
	Role         string // of the region's calendar, in region.ROLE; empty = its business hours
	FollowTheSun bool   // centres of other regions may work the case
}

// UnmarshalText reads always, region, region.ROLE or centre. Coverage follows the sun exactly for always; the long form
// of a scenario file can say otherwise.
func (c *Coverage) UnmarshalText(text []byte) error {
	word := strings.TrimSpace(string(text))
	role, isRole := strings.CutPrefix(word, "region.")
	switch {
	case word == "always":
		*c = Coverage{Clock: RoundTheClock, FollowTheSun: true}
	case word == "region":
		*c = Coverage{Clock: CustomerRegion}
	case isRole && role != "":
		*c = Coverage{Clock: CustomerRegion, Role: role}
	case word == "centre":
		*c = Coverage{Clock: HomeCentre}
	default:
		return fmt.Errorf("%q is not a coverage, want always, region, region.ROLE (such as region.maintenance) or centre", text)
	}
	return nil
}

// String is the clock as UnmarshalText reads it.
func (c Coverage) String() string {
	switch {
	case c.Clock == RoundTheClock:
		return "always"
	case c.Clock == HomeCentre:
		return "centre"
	case c.Role != "":
		return "region." + c.Role
	}
	return "region"
}

// Response says which end of the first touch answers a case.
type Response uint8

// The ways to answer. AtStart is the default.
const (
	AtStart Response = iota // when the first touch starts, as on the phone
	AtEnd                   // when the first touch ends, as with a written reply
)

// UnmarshalText reads at_start or at_end.
func (r *Response) UnmarshalText(text []byte) error {
	switch string(text) {
	case "at_start":
		*r = AtStart
	case "at_end":
		*r = AtEnd
	default:
		return fmt.Errorf("%q does not say when a case is answered, want at_start or at_end (of the first touch)", text)
	}
	return nil
}

// String is the word that UnmarshalText reads.
func (r Response) String() string {
	if r == AtEnd {
		return "at_end"
	}
	return "at_start"
}
