package sla

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObjectives(t *testing.T) {
	for text, want := range map[string]Objective{
		"first_response of priority sev1 >= 95%":    {Of: []string{"priority", "sev1"}, Value: 0.95},
		"update of gold >= 90%":                     {Milestone: Update, Of: []string{"gold"}, Value: 0.9},
		"p50 manager_contact <= 1h":                 {Measure: Quantile, Milestone: ManagerContact, Quantile: 0.5, Comparison: AtMost, Value: 3600},
		"resolve >= 0.8":                            {Milestone: Resolve, Value: 0.8},
		"first_response of gold each week >= 90%":   {Of: []string{"gold"}, Period: EachWeek, Value: 0.9},
		"first_response each hour of week >= 90%":   {Period: EachHourOfWeek, Value: 0.9},
		"p90 first_response of select <= 4h":        {Measure: Quantile, Quantile: 0.9, Of: []string{"select"}, Comparison: AtMost, Value: 14400},
		"p99.5 resolve <= 2d12h":                    {Measure: Quantile, Milestone: Resolve, Quantile: 0.995, Comparison: AtMost, Value: 216000},
		"mean first_response of a b <= 500ms":       {Measure: Mean, Of: []string{"a", "b"}, Comparison: AtMost, Value: 0.5},
		"occupancy <= 85%":                          {Measure: Occupancy, Comparison: AtMost, Value: 0.85},
		"occupancy of dublin.t1 each week <= 85%":   {Measure: Occupancy, Of: []string{"dublin", "t1"}, Period: EachWeek, Comparison: AtMost, Value: 0.85},
		"abandonment of gold <= 3%":                 {Measure: Abandonment, Of: []string{"gold"}, Comparison: AtMost, Value: 0.03},
		"cost <= 12,000,000 USD":                    {Measure: Cost, Comparison: AtMost, Value: 12e6, Currency: "USD"},
		"cost <= 5 EUR a year":                      {Measure: Cost, Comparison: AtMost, Value: 5, Currency: "EUR"},
		"  first_response   of  gold>=95% ":         {Of: []string{"gold"}, Value: 0.95},
		"first_response of each week each week>=1%": {Of: []string{"each", "week"}, Period: EachWeek, Value: 0.01},
	} {
		want.Text = strings.Join(strings.Fields(text), " ")
		var got Objective
		if err := got.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestObjectivesRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "want MEASURE",
		"first_response":                 "want MEASURE",
		"first_response > 95%":           "want MEASURE",
		"speed >= 95%":                   "want a milestone",
		"each week >= 95%":               "want a milestone",
		"p90 resolve each week <= 1h":    "only attainment and occupancy are known by period",
		"p90 >= 5m":                      "want a milestone",
		"p0 resolve <= 5m":               "not a quantile",
		"p90 resolve <= 95%":             "is not a duration",
		"first_response >= 95":           "is not a share",
		"first_response >= 5m":           "is not a share",
		"first_response of >= 5%":        "want of PLAN",
		"first_response of a b c >= 95%": "want of PLAN",
		"first_response gold >= 95%":     "want MEASURE",
		"occupancy of dublin <= 85%":     "CENTRE.POOL",
		"cost of dublin <= 5 USD":        "want no of",
		"cost <= 5":                      "is not an amount of money",
		"rma >= 90%":                     "restore, resolve, fix, rma_dispatch, rma_return, manager_contact)",
	} {
		if err := new(Objective).UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", text, err, want)
		}
	}
}

// FuzzTexts reads arbitrary text as everything that has a text. Nothing may panic.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"4bh", "1/bd", "90/min", "p90 resolve <= 5m", "cost <= 1 USD a year", "region.x", "<=", "of >= each week"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var target Target
		if err := target.UnmarshalText([]byte(text)); err == nil && target.Amount < 0 {
			t.Errorf("%q has the amount %d", text, target.Amount)
		}
		var rate Rate
		if err := rate.UnmarshalText([]byte(text)); err == nil && !(rate.Count >= 0) {
			t.Errorf("%q has the count %g", text, rate.Count)
		}
		var objective Objective
		if err := objective.UnmarshalText([]byte(text)); err == nil && !(objective.Value >= 0) {
			t.Errorf("%q has the value %g", text, objective.Value)
		}
		var coverage Coverage
		if err := coverage.UnmarshalText([]byte(text)); err == nil && coverage.String() != strings.TrimSpace(text) {
			t.Errorf("%q is written %s", text, coverage)
		}
	})
}
