package sla

import (
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
		"none": {Kind: None}, "best_effort": {Kind: BestEffort},
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
	for _, kind := range []TargetKind{NotGiven, TimesAWeek, TimesABusinessDay, None, BestEffort} {
		if got, isLimit := (Target{kind, 1}).Limit(); isLimit {
			t.Errorf("kind %d has the limit %+v", kind, got)
		}
	}
}

func TestTargetStringIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := TargetKind(rapid.IntRange(int(Elapsed), int(BestEffort)).Draw(t, "kind"))
		target := Target{Kind: kind, Amount: rapid.Int64Range(1, 9999).Draw(t, "amount")}
		switch kind {
		case Elapsed:
			target.Amount *= rapid.SampledFrom([]int64{1, 999, 60_000, 86_400_000}).Draw(t, "unit")
		case OpenTime:
			target.Amount *= rapid.SampledFrom([]int64{1, 60_000, 3_600_000}).Draw(t, "unit")
		case None, BestEffort:
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
