package coverage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/workloads/builtin"
)

// twin answers the question of the package for one instant by looking at everything.
type twin struct {
	model *sim.Model
	*Promise
}

// broken looks for anybody who is there at the instant or later, not past the due.
func (w twin) broken(at calendar.Instant) bool {
	c := w.model.Scenario
	due, err := c.Clocks[w.Clock].Timeline().Due(at, c.Clocks[w.Clock].Target())
	if err != nil || due >= c.End {
		return false
	}
	for _, channel := range w.Channels {
		if open := c.ChannelHours(w.Region, channel); open != nil && !open.IsOpen(at) {
			return false // no case comes
		}
		class := scenario.Attributes{Region: w.Region, Plan: w.Plan, Severity: w.Severity, Channel: channel, Language: w.Language}
		for pool := range c.Pools {
			for i := range c.Pools[pool].Shifts {
				if c.Eligible(class, w.Tier, pool) && w.somebodyComes(&c.Pools[pool].Shifts[i], at, due) {
					return false
				}
			}
		}
	}
	return true
}

// somebodyComes looks at each wave of a shift. Whoever is on call comes for severities that call in only.
func (w twin) somebodyComes(shift *scenario.CompiledShift, at, due calendar.Instant) bool {
	if shift.OnCall > 0 && !w.model.Scenario.Severities[w.Severity].CallsIn {
		return false
	}
	for wave := range min(shift.Waves, shift.Agents) {
		for _, duty := range shift.Duty {
			if duty.To <= at || duty.From > due {
				continue
			}
			if first := afterBreaks(max(duty.From, at), shift.Breaks[wave]); first < duty.To && first.Add(shift.OnCall) <= due {
				return true
			}
		}
	}
	return false
}

// afterBreaks is the instant or, where that is in a break, the end of the break.
func afterBreaks(at calendar.Instant, breaks []calendar.Interval) calendar.Instant {
	for _, b := range breaks {
		if b.From <= at && at < b.To {
			at = b.To
		}
	}
	return at
}

func contains(intervals []calendar.Interval, at calendar.Instant) bool {
	i, _ := slices.BinarySearchFunc(intervals, at, func(iv calendar.Interval, at calendar.Instant) int {
		if iv.To <= at {
			return -1
		}
		return 1
	})
	return i < len(intervals) && intervals[i].From <= at
}

// wellFormed says what is wrong with the intervals of a promise.
func wellFormed(p *Promise, c *scenario.Compiled) error {
	last := c.Start - 1
	for _, iv := range p.Broken {
		if iv.From <= last || iv.To <= iv.From || iv.To > c.End {
			return fmt.Errorf("%+v: interval from %s to %s after %s, want order within the run", p.Kind, iv.From, iv.To, last)
		}
		last = iv.To
	}
	return nil
}

// atTheEdges compares the proof with its twin on both sides of the bounds of the first intervals.
func atTheEdges(m *sim.Model, p *Promise, intervals int) error {
	w := twin{m, p}
	for _, iv := range p.Broken[:min(intervals, len(p.Broken))] {
		for _, at := range []calendar.Instant{iv.From - 1, iv.From, iv.To - 1, iv.To} {
			if at >= m.Scenario.Start && at < m.Scenario.End && w.broken(at) != contains(p.Broken, at) {
				return fmt.Errorf("%+v from %s on: broken %v, the twin says the opposite", p.Kind, at, contains(p.Broken, at))
			}
		}
	}
	return nil
}

// TestEveryMinute steps through the time of small scenarios, minute by minute, and does everything by clocks on the wall.
func TestEveryMinute(t *testing.T) {
	for _, text := range []string{weekend, relay, callers} {
		m := mustBind(t, text)
		for _, p := range Prove(m).Promises {
			if err := wellFormed(&p, m.Scenario); err != nil {
				t.Error(err)
			}
			if err := atTheEdges(m, &p, len(p.Broken)); err != nil {
				t.Error(err)
			}
			stepMinutes(t, m, &p)
		}
	}
}

// minutesOfWeek are counted from Monday 00:00.
const minutesOfWeek = 7 * 24 * 60

// stepMinutes looks at the middle of every minute: single milliseconds at the edges escape it, one an interval.
func stepMinutes(t *testing.T, m *sim.Model, p *Promise) {
	t.Helper()
	c, zone := m.Scenario, m.Scenario.Regions[p.Region].Zone
	w := twin{m, p}
	var week Week
	var measured, broken [minutesOfWeek]int
	var late []time.Time
	for at := c.Start; at < c.End; at = at.Add(calendar.Minute) {
		local := at.Add(30 * calendar.Second).Time().In(zone)
		minute := minuteOfWeek(local)
		week[minute/60].Measured += calendar.Minute
		measured[minute]++
		if w.broken(at.Add(30 * calendar.Second)) {
			week[minute/60].Broken += calendar.Minute
			broken[minute]++
			late = append(late, local)
		}
	}
	edges := calendar.Duration(len(p.Broken))
	for h := range week {
		got, want := p.Week[h], week[h]
		if got.Measured != want.Measured || got.Broken < want.Broken-edges || got.Broken > want.Broken+edges {
			t.Errorf("%+v hour %d: %v, want %v", p.Kind, h, got, want)
		}
	}
	var regular [minutesOfWeek]bool
	for minute := range minutesOfWeek {
		middle := calendar.Duration(minute)*calendar.Minute + 30*calendar.Second
		regular[minute] = slices.ContainsFunc(p.Regular, func(s Span) bool { return s.From <= middle && middle < s.To })
		if want := 2*broken[minute] > measured[minute]; regular[minute] != want {
			t.Errorf("%+v minute %d of the week: regular %v, broken in %d of %d weeks", p.Kind, minute, regular[minute], broken[minute], measured[minute])
		}
	}
	extra := map[calendar.Date]calendar.Duration{}
	for _, local := range late {
		if !regular[minuteOfWeek(local)] {
			extra[calendar.NewDate(local.Date())] += calendar.Minute
		}
	}
	for _, e := range p.Exceptions {
		if want := extra[e.Date]; e.Extra < want-edges || e.Extra > want+edges {
			t.Errorf("%+v on %s: %s more than on regular days, want %s", p.Kind, e.Date, e.Extra, want)
		}
		delete(extra, e.Date)
	}
	for date, length := range extra {
		t.Errorf("%+v: %s is no exception, but %s more is broken", p.Kind, date, length)
	}
}

func minuteOfWeek(local time.Time) int {
	return (int(local.Weekday())+6)%7*24*60 + local.Hour()*60 + local.Minute()
}

// TestBuiltinsAtRandom compares every promise of the built-in scenarios with its twin, at the edges of up to 50 intervals and
// at 50 random instants of the year.
func TestBuiltinsAtRandom(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	promises, gaps := 0, 0
	for _, name := range builtin.Names() {
		m := mustBindBuiltin(t, name)
		for _, p := range Prove(m).Promises {
			if err := wellFormed(&p, m.Scenario); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := atTheEdges(m, &p, 50); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for range 50 {
				at := m.Scenario.Start + calendar.Instant(source.Int64N(int64(m.Scenario.End-m.Scenario.Start)))
				if got, want := contains(p.Broken, at), (twin{m, &p}).broken(at); got != want {
					t.Fatalf("%s: %+v from %s on: broken %v, want %v", name, p.Kind, at, got, want)
				}
			}
			promises++
			gaps += len(p.Broken)
		}
	}
	if promises < 300 || gaps < 1000 {
		t.Errorf("%d promises with %d intervals only", promises, gaps)
	}
}

// TestRandomScenarios compares random organisations with the twin at the edges and at random instants.
func TestRandomScenarios(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := randomScenario(t, "constant(0)")
		m, err := bind(text)
		if err != nil {
			t.Skip(err)
		}
		c := m.Scenario
		instants := rapid.SliceOfN(rapid.Int64Range(int64(c.Start), int64(c.End)-1), 30, 30).Draw(t, "instants")
		for _, p := range Prove(m).Promises {
			if err := wellFormed(&p, c); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if err := atTheEdges(m, &p, len(p.Broken)); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			for _, i := range instants {
				at := calendar.Instant(i)
				if got, want := contains(p.Broken, at), (twin{m, &p}).broken(at); got != want {
					t.Fatalf("%+v from %s on: broken %v, want %v\n%s", p.Kind, at, got, want, text)
				}
			}
			var total, inHours calendar.Duration
			for _, iv := range p.Broken {
				total += iv.Length()
			}
			for _, h := range p.Week {
				inHours += h.Broken
			}
			if total != p.Total() || total != inHours {
				t.Fatalf("%+v: %s in all, %s in intervals, %s in hours of the week\n%s", p.Kind, p.Total(), total, inHours, text)
			}
		}
	})
}
