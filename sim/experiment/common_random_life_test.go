package experiment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// fated is an organisation in which every draw of a case that does not depend on the hour at which something happens can be
// seen in its events: work, what follows a touch, answers, parties, managers, patience, updates, returns, issues, outages.
// Agents do one thing at a time and read nothing again.
const fated = `
name: fated
severities: {sev1: {interrupts: false}, sev2: {}, sev3: {}}
channels: {web: {}, phone: {patience: exponential(mean 20m), callback: 50%}}
regions: [world]
plans:
  gold: {first_response: 1h, update: 4h, contact_attempts: 3, attempt_every: 1d, reopen_within: 2d, splits_issues: true, severity_changes: either}
  silver: {first_response: 4h, severity_changes: lower}
centres:
  main:
    pools:
      front: {tiers: t1, agents: 4}
      back: {tiers: t2, shrinkage: 20%, shifts: {day: {agents: 2, start: "07:00", length: 16h}, night: {agents: 1, start: "22:00", length: 10h}}}
work:
  t1:
    handle_time: lognormal(mean 12m, cv 1)
    update_time: exponential(mean 3m)
    touches: 2.5
    question: 50%
    answered: 80%
    answer_after: exponential(mean 20h)
    restored: 20%
    lowered: 10%
    raised: 10%
    issues: 1.2
    reopen: 20%
    reopen_after: exponential(mean 40h)
    escalation: {t2: 15%, engineering: 15%}
  t2: {handle_time: exponential(mean 30m), update_time: exponential(mean 3m), touches: 1.5}
  engineering: {turnaround: exponential(mean 20h), fails: 30%, delivery: exponential(mean 5h), severities: {sev1: {turnaround: exponential(mean 5h)}}}
management:
  phone: {share: 10%, after: exponential(mean 10h), handle_time: exponential(mean 15m), tier: t2}
  mail: {share: 10%, after: exponential(mean 20h), handle_time: exponential(mean 10m)}
routing: {rule: severity_edf}
workload:
  mix: {plan: {gold: 0.6, silver: 0.4}, severity: {sev1: 0.2, sev2: 0.4, sev3: 0.4}, channel: {web: 0.5, phone: 0.5}, entitled: 90%}
  streams:
    cases: {region: world, rate: 90/day, busy_day: 20}
    outages: {region: world, outages: {rate: 1/day, cases: 10, reported: exponential(mean 30m), lasts: exponential(mean 8h), check: exponential(mean 4m)}}
run: {days: 21, seed: 3}
`

// facts are what a case is fated to, as far as its events show it, by what it is: "work of touch 2".
type facts map[string]string

// lives is a follower that gathers the facts of all cases, and all events.
type lives struct {
	cases   map[rng.Key]*lived
	derived map[rng.Key]bool // those that other cases give rise to: which of them a run has depends on when it ends
	events  []sim.Event
	model   *sim.Model
}

// lived is a case with what its next facts are counted from.
type lived struct {
	facts
	arrived, since   calendar.Instant // of the case, and what is waited for
	answered         calendar.Instant // the first touch began
	began            [sim.Works]calendar.Instant
	worked           [sim.Works]calendar.Duration // before
	suspended        [sim.Works]bool
	touches, begun   int // touches that have ended, and begun
	updates, update  int // made since the last touch began, and the number of the one in progress
	orders, closings int
	after            *strings.Builder // what follows the touch that ended last, at once
	ended            calendar.Instant // that touch
}

func (l *lives) Follows(rng.Key, sim.EventKind) bool { return true }

func (l *lives) Observe(e sim.Event) {
	l.events = append(l.events, e)
	switch e.Kind {
	case sim.Arrived:
		c := &lived{facts: facts{}, arrived: e.At, after: &strings.Builder{}}
		c.note("class", e.Class, " at tier ", e.Tier)
		if !l.derived[e.Case] {
			c.note("arrival", e.At)
		}
		l.cases[e.Case] = c
		return
	case sim.SplitOff, sim.CameBackLate:
		l.derived[e.Other] = true
	}
	c := l.cases[e.Case]
	if e.Kind == sim.Ended && e.Work != sim.Update {
		c.suspended[sim.Update] = false // an update that is left over is forgotten
	}
	switch {
	case e.Kind <= sim.Ended && (e.Work == sim.Touch || e.Work == sim.Update):
		c.work(e)
	case e.Kind == sim.Closed:
		c.close(e)
	case c.touches == 0 && e.Kind == sim.CallbackAsked:
		c.note("hold", e.At.Sub(c.arrived), "and callback")
	case e.Kind == sim.ManagerAsked:
		if e.At != c.answered.Add(calendar.Millisecond) { // those who wanted to ask before
			c.note("manager", e.At.Sub(c.arrived), " by way ", e.Way)
		}
	default:
		c.wait(e)
	}
}

// note adds a fact with its number, if any.
func (c *lived) note(what string, value ...any) { c.facts[what] = fmt.Sprint(value...) }

// numbered adds a fact with its number.
func (c *lived) numbered(what string, n int, value ...any) {
	c.note(fmt.Sprint(what, " ", n), value...)
}

// work follows touches and updates; a case may have one of each at a time.
func (c *lived) work(e sim.Event) {
	if e.Kind == sim.Began {
		if !c.suspended[e.Work] {
			c.beginAnew(e)
		}
		c.began[e.Work] = e.At
		return
	}
	c.worked[e.Work] += e.At.Sub(c.began[e.Work])
	c.suspended[e.Work] = e.Kind == sim.Suspended
	if c.suspended[e.Work] {
		return
	}
	took := c.worked[e.Work]
	if e.Work == sim.Update {
		c.updates++
		c.numbered("update", c.update, took)
		return
	}
	c.touches++
	c.numbered("work of touch", c.touches, took)
	c.ended, c.after = e.At, &strings.Builder{}
}

// beginAnew numbers work that was not suspended. Updates are numbered within the time from one touch to the next.
func (c *lived) beginAnew(e sim.Event) {
	c.worked[e.Work] = 0
	if e.Work == sim.Update {
		c.update = int(workloads.ContactNumber(uint32(c.begun), uint32(c.updates)))
		return
	}
	if c.begun == 0 {
		c.answered = e.At
	}
	c.begun++
	c.updates, c.suspended[sim.Update] = 0, false
}

// follow notes what follows a touch at once.
func (c *lived) follow(e sim.Event, what string) {
	if e.At == c.ended {
		fmt.Fprintf(c.after, "%s; ", what)
		c.numbered("after touch", c.touches, c.after.String())
	}
}

func (c *lived) close(e sim.Event) {
	c.since = e.At
	switch e.Outcome {
	case model.Refused:
		c.note("refusal", "refused")
	case model.Abandoned:
		c.note("hold", e.At.Sub(c.arrived), "and abandoned")
	case model.Resolved:
		c.closings++
		c.follow(e, "solved")
	case model.Unanswered:
		c.closings++
	}
}

// wait follows what happens without an agent.
func (c *lived) wait(e sim.Event) {
	switch e.Kind {
	case sim.Asked:
		c.follow(e, "asked")
		c.since = e.At
	case sim.Answered:
		c.numbered("answer after touch", c.touches, e.At.Sub(c.since))
	case sim.Escalated:
		c.follow(e, fmt.Sprint("escalated to ", e.Tier))
	case sim.Restored:
		c.follow(e, "restored")
	case sim.SeverityChanged:
		c.follow(e, fmt.Sprint("class ", e.Class))
	case sim.SplitOff:
		c.follow(e, fmt.Sprint("split off ", e.Other))
	case sim.Ordered:
		if c.orders > 0 {
			c.numbered("failure", c.orders-1, "it does not work")
		}
		c.since = e.At
	case sim.Delivered:
		c.numbered("turnaround", c.orders, e.At.Sub(c.since))
		c.since = e.At
		c.orders++
	case sim.Installed:
		c.numbered("delivery", c.orders-1, e.At.Sub(c.since))
	case sim.Reopened:
		c.numbered("return", c.closings, e.At.Sub(c.since))
	case sim.CameBackLate:
		c.numbered("return", c.closings, e.At.Sub(c.since), e.Other)
	}
}

// live runs one replication.
func live(t *testing.T, text string, sets ...string) *lives {
	t.Helper()
	m := loadModel(t, text, sets...)
	l := &lives{cases: map[rng.Key]*lived{}, derived: map[rng.Key]bool{}, model: m}
	for component := range m.Components() {
		if _, err := sim.NewEngine(m, component, sim.Options{Observer: l}).Run(0); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// sameFacts fails the test where a fact differs that both runs know of a case, and counts the others by what they are
// without their number.
func sameFacts(t *testing.T, change string, before, after *lives) (known map[string]int) {
	t.Helper()
	known = map[string]int{}
	for key, a := range before.cases {
		b := after.cases[key]
		if b == nil {
			continue
		}
		for what, value := range a.facts {
			other, both := b.facts[what]
			if !both {
				continue
			}
			if other != value {
				t.Fatalf("%s: %s of the case %x was %s and is %s", change, what, key, value, other)
			}
			known[strings.TrimRight(what, " 0123456789")]++
		}
	}
	return known
}

// fromStreams counts the cases that no other case gives rise to.
func (l *lives) fromStreams() int { return len(l.cases) - len(l.derived) }

// keeps fails the test unless all cases from streams are in the other run too.
func (l *lives) keeps(t *testing.T, change string, other *lives) {
	t.Helper()
	for key := range l.cases {
		if !l.derived[key] && other.cases[key] == nil {
			t.Fatalf("%s: the case %x is gone", change, key)
		}
	}
}

// moved counts the first touches that begin at another instant.
func moved(before, after *lives) (n int) {
	first := func(l *lives) map[rng.Key]calendar.Instant {
		at := map[rng.Key]calendar.Instant{}
		for _, e := range slices.Backward(l.events) {
			if e.Kind == sim.Began {
				at[e.Case] = e.At
			}
		}
		return at
	}
	b := first(after)
	for key, at := range first(before) {
		if b[key] != at {
			n++
		}
	}
	return n
}

// TestAgentsChangeNoFate adds agents, takes one away, and changes the rule and the shrinkage: every case arrives as before,
// and all that it is fated to stays.
func TestAgentsChangeNoFate(t *testing.T) {
	before := live(t, fated)
	for _, change := range []string{
		"centres.main.pools.front.agents=5", "centres.main.pools.front.agents=3", "centres.main.pools.back.shifts.day.agents=4",
		"centres.main.pools.back.shifts.night.agents=0", "centres.main.pools.back.shrinkage=0.4", "routing.rule=fifo", "routing.update_lead=50%",
		"severities.sev1.interrupts=true", "centres.main.pools.front.activities=20%",
	} {
		after := live(t, fated, change)
		before.keeps(t, change, after)
		after.keeps(t, change+" taken back", before)
		known := sameFacts(t, change, before, after)
		for _, what := range []string{
			"arrival", "refusal", "work of touch", "after touch", "answer after touch", "turnaround", "delivery", "failure", "return", "update",
			"manager", "hold",
		} {
			if known[what] < 20 {
				t.Errorf("%s: only %d facts are compared: %s", change, known[what], what)
			}
		}
		if n := moved(before, after); n < 20 {
			t.Errorf("%s moves the beginning of %d cases", change, n)
		}
	}
}

// TestUnsoldPlanChangesNoEvent adds a plan without a share, with promises of its own: nothing happens otherwise.
func TestUnsoldPlanChangesNoEvent(t *testing.T) {
	more := strings.Replace(fated, "\ncentres:", "\n  platinum: {first_response: 5m, resolve: 1h, update: 1h, severity_changes: none}\ncentres:", 1)
	more = strings.Replace(more, "silver: 0.4}", "silver: 0.4, platinum: 0}", 1)
	before, after := live(t, fated), live(t, more)
	if !slices.Equal(before.events, after.events) {
		t.Errorf("%d events before, %d after, and not the same", len(before.events), len(after.events))
	}
}

// TestMoreOutagesKeepTheOthers adds a stream of outages: the other cases keep their fates.
func TestMoreOutagesKeepTheOthers(t *testing.T) {
	more := strings.Replace(fated, "\nrun:", "\n    more: {region: world, outages: {rate: 2/week, cases: 30, reported: exponential(mean 1h), lasts: exponential(mean 2h), check: 5m}}\nrun:", 1)
	before, after := live(t, fated), live(t, more)
	if added := after.fromStreams() - before.fromStreams(); added < 50 {
		t.Errorf("the stream adds %d cases, want about 180", added)
	}
	before.keeps(t, "more outages", after)
	if n := sameFacts(t, "more outages", before, after)["work of touch"]; n < 1000 {
		t.Errorf("the work of %d touches is compared", n)
	}
}
