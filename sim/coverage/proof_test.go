package coverage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/sim"
)

// find is the promise with the given names; tier is that where its cases start.
func find(t *testing.T, proof *Proof, plan, severity, region, language, tier string) *Promise {
	t.Helper()
	d := proof.Model.Scenario.Definition
	want := Kind{d.Plans.Index(plan), d.Severities.Index(severity), d.Regions.Index(region), d.Languages.Index(language), d.Work.Index(tier)}
	for i := range proof.Promises {
		if proof.Promises[i].Kind == want {
			return &proof.Promises[i]
		}
	}
	return nil
}

// TestWeekend has figures that follow by hand: a promise of two hours, round the clock, cannot be kept from 18:00, when duty
// ends, up to two hours before it begins again at 08:00.
func TestWeekend(t *testing.T) {
	proof := Prove(mustBind(t, weekend))
	p := find(t, proof, "gold", "high", "ireland", "en", "t1")
	const hour = calendar.Hour
	var want []Span
	for day := range calendar.Duration(5) {
		want = append(want, Span{24*day*hour - 6*hour, (24*day + 6) * hour})
	}
	want[0] = Span{0, 6 * hour}
	want = append(want, Span{(4*24 + 18) * hour, 7 * 24 * hour})
	if !slices.Equal(p.Regular, want) {
		t.Errorf("regular %v, want %v", p.Regular, want)
	}
	exceptions := fmt.Sprint(p.Exceptions)
	if want := "[{2026-03-17 12h [Saint Patrick's Day]} {2026-04-06 12h [Easter Monday]}]"; exceptions != want {
		t.Errorf("exceptions %s, want %s", exceptions, want)
	}
	// Six weeks with four nights of 12 hours, two half nights of 6 hours around a weekend of two days; two holidays; less the
	// hour that is left out on 29 March, and the last one before midnight on 12 April: the run ends at midnight UTC, 01:00
	// in Dublin, and cases from 23:00 on are due at its end or later.
	if got, want := p.Total(), 6*(4*12+2*6+48)*hour+2*12*hour-2*hour; got != want {
		t.Errorf("%s broken, want %s", got, want)
	}
	const sundayOne = 6*24 + 1
	if got, want := p.Week[sundayOne], (HourTime{5 * hour, 5 * hour}); got != want {
		t.Errorf("Sunday 01:00 to 02:00: %v, want %v: clocks leave it out once", got, want)
	}
	for _, kept := range [][2]string{{"gold", "low"}, {"silver", "high"}, {"silver", "low"}} {
		if p := find(t, proof, kept[0], kept[1], "ireland", "en", "t1"); !p.Kept() || p.Total() != 0 || len(p.Exceptions) > 0 {
			t.Errorf("%s: %v is broken", kept, p.Broken)
		}
	}
}

// TestEndOfRun leaves out cases whose due lies beyond the run: who is on duty then is not known.
func TestEndOfRun(t *testing.T) {
	m := mustBind(t, weekend, "run.days=5", "run.start=2026-03-02T00:00:00Z") // up to Saturday 00:00
	p := find(t, Prove(m), "gold", "high", "ireland", "en", "t1")
	last := p.Broken[len(p.Broken)-1]
	if want := "2026-03-06T18:00:00Z 2026-03-06T22:00:00Z"; fmt.Sprint(last.From, " ", last.To) != want {
		t.Errorf("broken at the end from %s to %s, want %s: later cases are due at the end of the run or after it", last.From, last.To, want)
	}
}

// TestSingleInstant is the rule that a target which ends with the opening hours is due at closing: who arrives at the very
// instant at which duty ends, one business hour before closing, cannot be answered, and who arrives later can.
func TestSingleInstant(t *testing.T) {
	m := mustBind(t, weekend, "plans.silver.first_response.high=1bh", "centres.dublin.pools.t1.shifts.day.length=9h")
	p := find(t, Prove(m), "silver", "high", "ireland", "en", "t1")
	if len(p.Broken) != 5*6-2 {
		t.Fatalf("%d intervals are broken, want one on each of the 28 business days: %v", len(p.Broken), p.Broken)
	}
	for _, iv := range p.Broken {
		local := iv.From.Time().In(m.Scenario.Regions[0].Zone)
		if iv.Length() != calendar.Millisecond || local.Format("15:04:05.000") != "17:00:00.000" {
			t.Errorf("broken from %s for %s, want a millisecond from 17:00 on", local, iv.Length())
		}
	}
	if !p.OnlyInstants() || p.Kept() {
		t.Errorf("only instants %v, kept %v", p.OnlyInstants(), p.Kept())
	}
}

func TestNobody(t *testing.T) {
	m := mustBind(t, weekend, "centres.dublin.pools.t1.shifts.day.agents=0")
	p := find(t, Prove(m), "gold", "low", "ireland", "en", "t1")
	end := m.Scenario.End.Add(-4 * calendar.Day)
	if want := []calendar.Interval{{From: m.Scenario.Start, To: end}}; !slices.Equal(p.Broken, want) {
		t.Errorf("without agents %v is broken, want %v", p.Broken, want)
	}
}

// TestWhatCounts is which promises there are: those of cases that arrive, at the tier where they start.
func TestWhatCounts(t *testing.T) {
	proof := Prove(mustBind(t, relay, "plans.bronze.first_response.high=none"))
	for _, test := range []struct {
		plan, severity, region, language, tier string
		want                                   bool
	}{
		{"gold", "high", "west", "de", "t1", true},
		{"silver", "low", "west", "en", "t2", true},
		{"gold", "low", "west", "en", "t2", false},    // the experts' customers buy silver
		{"silver", "high", "far", "en", "t2", false},  // a stream without cases
		{"bronze", "high", "east", "ja", "t1", false}, // no target
		{"gold", "high", "far", "de", "t1", false},    // nobody speaks it there
	} {
		p := find(t, proof, test.plan, test.severity, test.region, test.language, test.tier)
		if (p != nil) != test.want {
			t.Errorf("%+v: there is %v", test, p)
		}
		if p != nil && fmt.Sprint(p.AnsweredAtEnd) != "[1]" {
			t.Errorf("%+v: channels %v are answered at the end, want the second", test, p.AnsweredAtEnd)
		}
	}
	if !slices.IsSortedFunc(proof.Promises, func(a, b Promise) int { return a.compare(b.Kind) }) {
		t.Error("promises are not in order")
	}
}

// TestCallers has figures that follow by hand; regular hours begin as stated, counted from Monday 00:00.
func TestCallers(t *testing.T) {
	m := mustBind(t, callers)
	proof := Prove(m)
	if n := len(proof.Promises); n != 8 {
		t.Errorf("%d promises, want 8: none in French of gold, none for chats of bronze, none of minor cases", n)
	}
	for _, test := range []struct{ plan, severity, channels, want string }{
		// On call until 07:30 on Saturday; from 08:35 on the weekend shift, which begins at 09:00, comes within 45 minutes; after
		// it the next one is on call at 18:00 and comes within 45 minutes for arrivals from then on.
		{"gold", "urgent", "[0]", "[{5d7h30m 5d8h35m} {5d15h 5d18h} {6d7h30m 6d8h35m} {6d15h 6d18h}]"},
		// Nobody is on call for chats. Of the breaks, from 10:00 to 10:30 and from 13:00 to 14:30, one is longer than the targets.
		{"gold", "urgent", "[2]", "[{0 8h15m} {13h 13h45m} {17h 1d8h15m} "},
		{"gold", "normal", "[2]", "[{0 8h} {13h 13h30m} {17h 1d8h} "},
		// At the desk two waves leave one another.
		{"gold", "normal", "[0 1]", "[{0 7h} {18h 1d7h} "},
		{"bronze", "urgent", "[0]", "[]"},
		{"bronze", "normal", "[0 1]", "[]"},
	} {
		plan, severity := m.Scenario.Definition.Plans.Index(test.plan), m.Scenario.Definition.Severities.Index(test.severity)
		at := slices.IndexFunc(proof.Promises, func(p Promise) bool {
			return p.Plan == plan && p.Severity == severity && fmt.Sprint(p.Channels) == test.channels
		})
		if at < 0 {
			t.Errorf("there is no promise %v", test)
			continue
		}
		if got := fmt.Sprint(proof.Promises[at].Regular); !strings.HasPrefix(got, test.want) {
			t.Errorf("%v: broken in %s", test, got)
		}
	}
}

// TestHolidayOnCall names the holiday on which nobody is on call, on the evening and on the morning after.
func TestHolidayOnCall(t *testing.T) {
	proof := Prove(mustBind(t, callers))
	exceptions := fmt.Sprint(find(t, proof, "gold", "urgent", "ireland", "en", "t1").Exceptions)
	want := "[{2026-03-17 16h30m [Saint Patrick's Day]} {2026-03-18 7h15m [Saint Patrick's Day]} " + // from 07:30 until 45 minutes before 08:00
		"{2026-04-06 16h30m [Easter Monday]} {2026-04-07 7h15m [Easter Monday]}]"
	if exceptions != want {
		t.Errorf("exceptions %s, want %s", exceptions, want)
	}
}

// TestMoreCoverNeverHurts adds a shift: no promise has more broken time than before.
func TestMoreCoverNeverHurts(t *testing.T) {
	before := Prove(mustBind(t, relay))
	after := Prove(mustBind(t, relay, "centres.boston.pools.t1.shifts.none.agents=1"))
	better := 0
	for i := range before.Promises {
		a, b := &before.Promises[i], &after.Promises[i]
		if b.Total() > a.Total() {
			t.Errorf("%+v: %s broken, %s with a shift more", a.Kind, a.Total(), b.Total())
		}
		if b.Total() < a.Total() {
			better++
		}
	}
	if better == 0 {
		t.Error("a shift of a whole Saturday changes nothing")
	}
}

// TestHeadsDoNotMatter changes the number of agents: as long as there is one, nothing changes.
func TestHeadsDoNotMatter(t *testing.T) {
	before := Prove(mustBind(t, weekend))
	after := Prove(mustBind(t, weekend, "centres.dublin.pools.t1.shifts.day.agents=70", "centres.dublin.pools.t1.shrinkage=0.9"))
	for i := range before.Promises {
		if !slices.Equal(before.Promises[i].Broken, after.Promises[i].Broken) {
			t.Errorf("%+v changes with the heads", before.Promises[i].Kind)
		}
	}
}

// TestCitrixAroundTheClock checks what is sold round the clock: enough agents in the present shifts could always keep it.
func TestCitrixAroundTheClock(t *testing.T) {
	m := mustBindBuiltin(t, "citrix")
	proof := Prove(m)
	always := 0
	for i := range proof.Promises {
		p := &proof.Promises[i]
		if clockOf(m, p) != "always" {
			continue
		}
		always++
		if !p.Kept() {
			t.Errorf("%s %s: broken from %s on", m.Scenario.Plans[p.Plan].Name, m.Scenario.Severities[p.Severity].Name, p.Broken[0].From)
		}
	}
	if always < 50 {
		t.Errorf("%d promises round the clock, want at least 50", always)
	}
}

func clockOf(m *sim.Model, p *Promise) string {
	d := m.Scenario.Definition
	return strings.TrimSpace(d.Plans[p.Plan].Value.Coverage.For(d.Severities[p.Severity].Name).String())
}
