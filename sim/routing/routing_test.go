package routing

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// examples are pieces of work in the order in which a rule serves them. Every rule has some.
var examples = map[string][]Waiting{
	"fifo": {
		{Severity: 3, Since: 5, Due: NoDue},
		{Severity: 0, Since: 6, Due: 7},
		{Severity: 1, Since: 7, Due: 0},
	},
	"severity": {
		{Severity: 0, Since: 9, Due: NoDue},
		{Severity: 1, Since: 1, Due: NoDue},
		{Severity: 1, Since: 2, Due: 3},
		{Severity: 2, Since: 0, Due: 0},
	},
	"edf": {
		{Severity: 3, Since: 9, Due: 10},
		{Severity: 0, Since: 1, Due: 11},
		{Severity: 3, Since: 5, Due: NoDue},
		{Severity: 0, Since: 6, Due: NoDue},
	},
	"severity_edf": {
		{Severity: 0, Since: 9, Due: 20},
		{Severity: 0, Since: 1, Due: NoDue},
		{Severity: 1, Since: 3, Due: 4},
		{Severity: 1, Since: 0, Due: 5},
		{Severity: 1, Since: 0, Due: NoDue},
	},
}

// TestExamples checks the order of each rule's examples, and that there are some.
func TestExamples(t *testing.T) {
	for _, rule := range Rules {
		work := examples[rule.Name]
		if len(work) < 3 {
			t.Errorf("%s has %d examples, want at least 3", rule.Name, len(work))
		}
		for i := 1; i < len(work); i++ {
			if a, b := rule.Score(work[i-1]), rule.Score(work[i]); a >= b {
				t.Errorf("%s: %+v scores %d, which is not before %+v with %d", rule.Name, work[i-1], a, work[i], b)
			}
		}
	}
	if len(examples) != len(Rules) {
		t.Errorf("there are examples of %d rules, and %d rules", len(examples), len(Rules))
	}
}

// drawWork is any work that the engine can ask about.
func drawWork(t *rapid.T) Waiting {
	due := rapid.OneOf(rapid.Int64Range(0, NoDue-1), rapid.Just(NoDue)).Draw(t, "due")
	return Waiting{
		Severity: rapid.IntRange(0, 255).Draw(t, "severity"), Since: rapid.Int64Range(0, NoDue-1).Draw(t, "since"), Due: due,
	}
}

// TestScores checks of every rule what the engine relies on: scores below 2^63, more severe work never later than less
// severe work where BySeverity is claimed, and scores that rise in the order of entry where all that the rule names is
// equal.
func TestScores(t *testing.T) {
	for _, rule := range Rules {
		rapid.Check(t, func(t *rapid.T) {
			a, b := drawWork(t), drawWork(t)
			if s := rule.Score(a); s >= 1<<63 {
				t.Fatalf("%s: %+v scores %d, want less than 2^63", rule.Name, a, s)
			}
			if rule.BySeverity && a.Severity < b.Severity && rule.Score(a) >= rule.Score(b) {
				t.Fatalf("%s: %+v is not before %+v", rule.Name, a, b)
			}
			later := a
			later.Since = rapid.Int64Range(a.Since, NoDue-1).Draw(t, "later")
			if rule.ByClock && a.Due < NoDue {
				later.Due = rapid.Int64Range(a.Due, NoDue-1).Draw(t, "later due") // one clock: who comes later is due later
			}
			if !rule.BySeverity {
				later.Severity = b.Severity
			}
			if !rule.ByClock {
				later.Due = b.Due
			}
			if rule.Score(later) < rule.Score(a) {
				t.Fatalf("%s: %+v, which came later, is before %+v", rule.Name, later, a)
			}
		})
	}
}

// TestFind finds every rule and names all where there is none.
func TestFind(t *testing.T) {
	for _, rule := range Rules {
		if found, err := Find(rule.Name); err != nil || found.Name != rule.Name || rule.Summary == "" {
			t.Errorf("%s: found %q with summary %q, %v", rule.Name, found.Name, rule.Summary, err)
		}
		if _, err := Find(rule.Name + "x"); err == nil || !strings.Contains(err.Error(), rule.Name) {
			t.Errorf("the error for an unknown rule is %v, want one that names %s", err, rule.Name)
		}
	}
	if _, err := Find(Default); err != nil {
		t.Error(err)
	}
	names := map[string]bool{}
	for _, rule := range Rules {
		if names[rule.Name] {
			t.Errorf("%s occurs twice", rule.Name)
		}
		names[rule.Name] = true
	}
}

// TestNear ranks by language first, then by place.
func TestNear(t *testing.T) {
	ranks := []Nearness{Near(true, true), Near(false, true), Near(true, false), Near(false, false)}
	if !slices.IsSorted(ranks) || len(slices.Compact(ranks)) != Ranks || ranks[0] != Local {
		t.Errorf("local and open pools of the language, then of the fallback, rank %v", ranks)
	}
}
