package fit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sunrelay/workloads/trace"
)

// TestRareValues: of fifteen channels those beyond the first eleven are other, with the one that is called so.
func TestRareValues(t *testing.T) {
	values := []string{"phone", "Other", "mail", "chat", "portal", "visit", "letter", "fax", "bot", "forum", "partner", "monitor", "radio", "telex", "drum"}
	counts := make([]int, len(values))
	cases := 0
	for i := range counts {
		counts[i] = 1000 - 10*i
		cases += counts[i]
	}
	r := &Result{}
	r.Mixes[trace.Channel] = shares(values, counts)
	all := (&writer{Result: r}).named(trace.Channel)
	if len(all) != mostNames || all[0].key != "phone" || all[1].key != "mail" || all[10].key != "monitor" {
		t.Fatalf("names %+v", all)
	}
	rest, want := all[mostNames-1], counts[1]+counts[12]+counts[13]+counts[14]
	p := float64(want) / float64(cases)
	if rest.key != "other" || rest.Cases != want || !rest.isRest || math.Abs(rest.Part.Value-p) > 1e-12 ||
		math.Abs(rest.Part.Error-math.Sqrt(p*(1-p)/float64(cases))) > 1e-12 {
		t.Errorf("the rest is %+v, want %d cases", rest, want)
	}
}

// TestFarDates: cases of a wrong year are left out of the rate, which is said.
func TestFarDates(t *testing.T) {
	log := "number,opened\n1,1970-01-01T00:00:00\n2,2062-01-05T10:00:00\n"
	for i := range 28 * 20 {
		log += fmt.Sprintf("%d,2026-01-%02dT%02d:30:00\n", i+3, 1+i/20, i%20)
	}
	r := fitCases(t, strings.NewReader(log), time.UTC, nil)
	if a := r.Arrivals; Date(a.First) != "2026-01-01" || Date(a.Last) != "2026-01-28" || math.Abs(a.PerWeek.Value-140) > 1e-9 {
		t.Errorf("%g cases a week from %s to %s", a.PerWeek.Value, Date(a.First), Date(a.Last))
	}
	if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == "far_dates" && strings.HasPrefix(f.Text, "2 cases ") }) {
		t.Errorf("findings %+v", r.Findings)
	}
}
