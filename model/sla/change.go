package sla

import (
	"fmt"
	"strings"
)

// SeverityRule says in which direction the severity of a case may change once it is agreed.
type SeverityRule uint8

// The rules. EitherWay is the default.
const (
	EitherWay SeverityRule = iota
	LowerOnly
	RaiseOnly
	NeverChanged
)

var severityRules = []string{"either", "lower", "raise", "none"}

// UnmarshalText reads either, lower, raise or none.
func (r *SeverityRule) UnmarshalText(text []byte) error {
	for i, word := range severityRules {
		if word == string(text) {
			*r = SeverityRule(i)
			return nil
		}
	}
	return fmt.Errorf("%q does not say how severity changes, want %s", text, listWords(severityRules))
}

// String is the word that UnmarshalText reads.
func (r SeverityRule) String() string { return severityRules[r] }

// Lowers reports whether a case may become less severe.
func (r SeverityRule) Lowers() bool { return r == EitherWay || r == LowerOnly }

// Raises reports whether a case may become more severe.
func (r SeverityRule) Raises() bool { return r == EitherWay || r == RaiseOnly }

// Affinity says which engineer a customer's case is kept for.
type Affinity uint8

// The affinities. Anybody is the default.
const (
	Anybody       Affinity = iota
	LastEngineer           // who worked on the case last
	NamedEngineer          // one who is fixed for the customer
)

var affinities = []string{"anybody", "last", "named"}

// UnmarshalText reads anybody, last or named.
func (a *Affinity) UnmarshalText(text []byte) error {
	for i, word := range affinities {
		if word == string(text) {
			*a = Affinity(i)
			return nil
		}
	}
	return fmt.Errorf("%q does not name an engineer, want %s", text, listWords(affinities))
}

// String is the word that UnmarshalText reads.
func (a Affinity) String() string { return affinities[a] }

// listWords is "a, b or c".
func listWords(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
