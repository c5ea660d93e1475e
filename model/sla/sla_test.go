package sla

import (
	"encoding"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/model/calendar"
)

func TestTargets(t *testing.T) {
	const hour = int64(calendar.Hour)
	for text, want := range map[string]Target{
		"30m": {Elapsed, hour / 2}, "2h": {Elapsed, 2 * hour}, "3d": {Elapsed, 72 * hour}, "2w": {Elapsed, 336 * hour},
		"1h30m": {Elapsed, 3 * hour / 2}, "0": {Elapsed, 0},
		"4bh": {OpenTime, 4 * hour}, "90bm": {OpenTime, 3 * hour / 2}, "0.5bh": {OpenTime, hour / 2},
		"2bd": {BusinessDays, 2}, "next_bd": {BusinessDays, 1}, "0bd": {BusinessDays, 0},
		"1mo": {Months, 1}, "2/week": {TimesAWeek, 2}, "1/bd": {TimesABusinessDay, 1},
		"none": {Kind: None}, "best_effort": {Kind: BestEffort}, "on_status_change": {Kind: OnStatusChange},
	} {
		var got Target
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestTargetsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"": "want a time", "soon": "want a time", "5": "want a time", "-1bd": "want a time", "1.5bd": "want a time", "0/week": "zero",
		"0mo": "zero", "9999999999999bh": "too long", "4 bh": "want a time", "99999bd": "want a time", "NONE": "want a time",
	} {
		if err := new(Target).UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", text, err, want)
		}
	}
}

func TestTargetLimits(t *testing.T) {
	for target, want := range map[Target]calendar.Target{
		{Elapsed, 5}:      {Amount: 5, Unit: calendar.Elapsed},
		{OpenTime, 5}:     {Amount: 5, Unit: calendar.Open},
		{BusinessDays, 5}: {Amount: 5, Unit: calendar.BusinessDays},
		{Months, 5}:       {Amount: 5, Unit: calendar.Months},
	} {
		if got, isLimit := target.Limit(); !isLimit || got != want {
			t.Errorf("%+v: %+v, %v, want %+v", target, got, isLimit, want)
		}
	}
	for _, kind := range []TargetKind{NotGiven, TimesAWeek, TimesABusinessDay, None, BestEffort, OnStatusChange} {
		if got, isLimit := (Target{kind, 1}).Limit(); isLimit {
			t.Errorf("kind %d has the limit %+v", kind, got)
		}
	}
}

func TestTargetPromises(t *testing.T) {
	for kind, want := range map[TargetKind]bool{
		NotGiven: false, None: false, BestEffort: false, Elapsed: true, TimesAWeek: true, OnStatusChange: true,
	} {
		if got := (Target{Kind: kind}).Promises(); got != want {
			t.Errorf("kind %d promises: %v", kind, got)
		}
	}
	if !(Target{Kind: TimesABusinessDay}).IsFrequency() || (Target{Kind: BusinessDays}).IsFrequency() {
		t.Error("once a business day is a frequency, one business day is not")
	}
}

func TestTargetStringIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := TargetKind(rapid.IntRange(int(Elapsed), int(OnStatusChange)).Draw(t, "kind"))
		target := Target{Kind: kind, Amount: rapid.Int64Range(1, 9999).Draw(t, "amount")}
		switch kind {
		case Elapsed:
			target.Amount *= rapid.SampledFrom([]int64{1, 999, 60_000, 86_400_000}).Draw(t, "unit")
		case OpenTime:
			target.Amount *= rapid.SampledFrom([]int64{1, 60_000, 3_600_000}).Draw(t, "unit")
		case None, BestEffort, OnStatusChange:
			target.Amount = 0
		}
		var back Target
		if err := back.UnmarshalText([]byte(target.String())); err != nil || back != target {
			t.Fatalf("%+v is written %s and read back as %+v, %v", target, target, back, err)
		}
	})
}

func TestCoverage(t *testing.T) {
	for text, want := range map[string]Coverage{
		"always": {Clock: RoundTheClock, FollowTheSun: true}, "region": {Clock: CustomerRegion}, "centre": {Clock: HomeCentre},
		"region.maintenance": {Clock: CustomerRegion, Role: "maintenance"},
	} {
		var got Coverage
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v (%s), %v, want %+v", text, got, got, err, want)
		}
	}
	for _, text := range []string{"", "center", "region.", "24x7"} {
		if err := new(Coverage).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestResponse(t *testing.T) {
	for _, want := range []Response{AtStart, AtEnd} {
		var got Response
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Errorf("%s is read back as %s, %v", want, got, err)
		}
	}
	if err := new(Response).UnmarshalText([]byte("later")); err == nil {
		t.Error("later is read")
	}
}

// TestWordsAreRead reads every word of the types that know a few, and refuses another.
func TestWordsAreRead(t *testing.T) {
	for m := range Milestone(Milestones) {
		var got Milestone
		if err := got.UnmarshalText([]byte(m.String())); err != nil || got != m {
			t.Errorf("%s is read back as %s, %v", m, got, err)
		}
	}
	for rule := EitherWay; rule <= NeverChanged; rule++ {
		var got SeverityRule
		if err := got.UnmarshalText([]byte(rule.String())); err != nil || got != rule {
			t.Errorf("%s is read back as %s, %v", rule, got, err)
		}
	}
	for who := Anybody; who <= NamedEngineer; who++ {
		var got Affinity
		if err := got.UnmarshalText([]byte(who.String())); err != nil || got != who {
			t.Errorf("%s is read back as %s, %v", who, got, err)
		}
	}
	for _, target := range []encoding.TextUnmarshaler{new(Milestone), new(SeverityRule), new(Affinity)} {
		if err := target.UnmarshalText([]byte("other")); err == nil {
			t.Errorf("%T reads another word", target)
		}
	}
}

func TestSeverityRules(t *testing.T) {
	for rule, want := range map[SeverityRule][2]bool{
		EitherWay: {true, true}, LowerOnly: {true, false}, RaiseOnly: {false, true}, NeverChanged: {false, false},
	} {
		if got := [2]bool{rule.Lowers(), rule.Raises()}; got != want {
			t.Errorf("%s lowers and raises: %v", rule, got)
		}
	}
}

// TestMilestonesStartAndStop: every milestone has a way to start and another to stop, and no set mixes them up.
func TestMilestonesStartAndStop(t *testing.T) {
	for m := range Milestone(Milestones) {
		if transition := Transitions[m]; len(transition.Start) == 0 || len(transition.Stop) == 0 {
			t.Errorf("%s: %+v", m, transition)
		}
		for other := range Milestone(Milestones) {
			if SetOf(m).Has(other) != (m == other) {
				t.Errorf("the set of %s and %s", m, other)
			}
		}
	}
}

func TestRates(t *testing.T) {
	for text, perDay := range map[string]float64{
		"90/min": 129_600, "2/s": 172_800, "2/sec": 172_800, "1.5/h": 36, "10/day": 10, "1,400/week": 200, "36_500/year": 100, "0/h": 0,
	} {
		var got Rate
		if err := got.UnmarshalText([]byte(text)); err != nil || !got.Given() {
			t.Errorf("%s: %v", text, err)
		}
		if day := got.Per(calendar.Day); day < perDay*(1-1e-12) || day > perDay*(1+1e-12) {
			t.Errorf("%s is %g a day, want %g", text, day, perDay)
		}
		if got.PerMillisecond()*86_400_000 < perDay*(1-1e-12) {
			t.Errorf("%s is %g a millisecond", text, got.PerMillisecond())
		}
	}
	for _, text := range []string{"", "90", "/min", "90/month", "-1/h", "inf/h", "nan/h", "1e999/h"} {
		if err := new(Rate).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
	if got := (Rate{}).Per(calendar.Day); got != 0 || (Rate{}).Given() || (Rate{}).String() != "" {
		t.Errorf("no rate is %g a day", got)
	}
	if got := (Rate{90.5, "min"}).String(); got != "90.5/min" {
		t.Errorf("written %s", got)
	}
}
