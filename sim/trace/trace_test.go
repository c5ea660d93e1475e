package trace

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/workloads/rng"
)

// modelOf binds a scenario that is given as text.
func modelOf(text string, sets ...string) (*sim.Model, error) {
	return sim.Load(scenario.Source{Name: "scenario.yaml", Data: []byte(text)}, sets...)
}

// smallModel is the small organisation of sim/testdata, of which three centres share cases and the fourth shares none.
func smallModel(t testing.TB, sets ...string) *sim.Model { return storedModel(t, "small", sets) }

// lifeModel is the organisation of sim/testdata in which everything happens that can happen to a case.
func lifeModel(t testing.TB, sets ...string) *sim.Model { return storedModel(t, "life", sets) }

func storedModel(t testing.TB, name string, sets []string) *sim.Model {
	t.Helper()
	text, err := os.ReadFile("../testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := modelOf(string(text), sets...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// chronicle is the twin that writes the stories of all cases at a time.
type chronicle struct {
	model   *sim.Model
	writers map[rng.Key]*recorder
	order   []rng.Key // of arrival
}

func (c *chronicle) Follows(rng.Key, sim.EventKind) bool { return true }

func (c *chronicle) Observe(e sim.Event) {
	if e.Kind == sim.Arrived {
		c.writer(e.Case)
		c.order = append(c.order, e.Case)
	}
	c.writer(e.Case).Observe(e)
	if e.Other != 0 {
		c.writer(e.Other).Observe(e)
	}
}

func (c *chronicle) writer(key rng.Key) *recorder {
	if c.writers[key] == nil {
		c.writers[key] = newRecorder(c.model, key)
	}
	return c.writers[key]
}

// allStories are those of one component in replication 0, in the order of arrival, with what the engine counted.
func allStories(m *sim.Model, component int) ([]*Story, *metrics.Totals, error) {
	c := &chronicle{model: m, writers: map[rng.Key]*recorder{}}
	totals, err := sim.NewEngine(m, component, sim.Options{Observer: c}).Run(0)
	var stories []*Story
	for _, key := range c.order {
		c.writers[key].finish(m.Scenario.End)
		stories = append(stories, &c.writers[key].story)
	}
	return stories, totals, err
}

// counts are what stories and totals have in common.
type counts struct {
	arrived, handOvers     int64
	worked, waited, opened calendar.Duration
	outcomes               [model.Outcomes]int64
	met, undecided, gone   [sla.Milestones]int64
	causes                 [sla.Milestones][metrics.Causes]int64
}

func countStories(m *sim.Model, stories []*Story) (n counts) {
	for _, s := range stories {
		sums := s.Sums()
		n.arrived++
		n.worked += sums.Worked + sums.Contacts
		n.waited += sums.Waited + sums.ContactsWaited
		n.opened += s.Ended.Sub(s.Arrived) - sums.Away
		for i := range s.Steps {
			if s.Steps[i].Break == HandedOver {
				n.handOvers++
			}
		}
		n.outcomes[s.Outcome]++
		for _, c := range s.Clocks {
			switch c.Verdict {
			case Met:
				n.met[c.Milestone]++
			case Breached:
				n.causes[c.Milestone][c.Cause]++
			case Undecided:
				n.undecided[c.Milestone]++
			case Cancelled:
				n.gone[c.Milestone]++
			}
		}
	}
	return n
}

func countTotals(t *metrics.Totals) (n counts) {
	n.arrived = t.Arrived
	for p := range t.Pools {
		n.worked += calendar.Duration(t.Pools[p].Total().Busy)
		n.handOvers += t.Pools[p].HandOvers
	}
	for _, b := range t.Backlog {
		n.waited += calendar.Duration(b.Waiting)
		n.opened += calendar.Duration(b.Open)
	}
	for row := range t.Outcomes {
		for o, k := range t.Outcomes[row] {
			n.outcomes[o] += k
		}
		for m := range t.Clocks {
			n.met[m] += t.Clocks[m][row].Total().Met
			n.undecided[m] += t.Clocks[m][row].Undecided
			n.gone[m] += t.Clocks[m][row].Cancelled
			for cause, k := range t.Causes[m][row] {
				n.causes[m][cause] += k
			}
		}
	}
	return n
}

// checkLife reports a gap or an overlap between the states of a life, or steps out of order.
func checkLife(s *Story) error {
	at, last := s.Arrived, s.Arrived
	for i := range s.Steps {
		step := &s.Steps[i]
		if step.From < last {
			return fmt.Errorf("step %d of case %x begins before the last", i, s.Key)
		}
		last = step.From
		if !step.Kind.IsState() {
			continue
		}
		if step.From != at || step.To < at {
			return fmt.Errorf("step %d of case %x lasts from %s to %s, the one before ended at %s", i, s.Key, step.From, step.To, at)
		}
		at = step.To
	}
	if at != s.Ended {
		return fmt.Errorf("the steps of case %x end at %s, the case at %s", s.Key, at, s.Ended)
	}
	return nil
}

// checkCauses reports a breach because of rank without a wait that was passed over, or because of capacity without one that
// was not.
func checkCauses(s *Story) error {
	var passed, kept int
	for i := range s.Steps {
		wait := &s.Steps[i]
		switch {
		case wait.Kind != Waits && wait.Kind != ContactWaits || wait.Resumed || wait.Length() == 0:
		case wasPassed(s.Steps[i:]):
			passed++
		default:
			kept++
		}
	}
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if c.Verdict == Breached && (c.Cause == metrics.Rank && passed == 0 || c.Cause == metrics.Capacity && kept == 0 && c.Milestone == sla.Resolve) {
			return fmt.Errorf("case %x breaches %v because of %v: %d waits were passed over and %d not", s.Key, c.Milestone, c.Cause, passed, kept)
		}
	}
	return nil
}

// wasPassed reports whether the wait with which the steps begin was passed over: before the next wait of the same work.
func wasPassed(steps []Step) bool {
	wait := &steps[0]
	for i := range steps[1:] {
		switch s := &steps[i+1]; {
		case s.Work != wait.Work:
		case s.Kind == wait.Kind:
			return false
		case s.Kind == PassedOver:
			return true
		}
	}
	return false
}

// TestCausesOfWaitsThatGoOn has answers of customers come back out of order into a crowded queue that is served by due, and
// ends while they wait.
func TestCausesOfWaitsThatGoOn(t *testing.T) {
	open := 0
	for seed := range 20 {
		m, err := modelOf(fmt.Sprintf(`
severities: [high, low]
regions: [here]
plans: {slow: {resolve: 4h}, quick: {resolve: 1h}}
centres: {main: {pools: {all: {agents: 2}}}}
work: {t1: {handle_time: exponential(mean 10m), touches: 3, question: 1, answer_after: exponential(mean 1h)}}
routing: {rule: edf}
workload: {mix: {plan: {slow: 0.5, quick: 0.5}, severity: {high: 0.5, low: 0.5}}, streams: {cases: {rate: 8/h}}}
run: {days: 1, seed: %d}`, seed))
		if err != nil {
			t.Fatal(err)
		}
		stories, _, err := allStories(m, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stories {
			if err := checkCauses(s); err != nil {
				t.Fatal(err)
			}
			if s.Outcome == model.Open && clocksOf(s, sla.Resolve)[0].Cause == metrics.Rank {
				open++
			}
		}
	}
	if open == 0 {
		t.Error("no open case is late because of rank: the test shows nothing")
	}
}

// TestStoriesAddUpToTotals writes the stories of all cases of random organisations: together they are what the engine
// counts, and each life has no gap.
func TestStoriesAddUpToTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := randomScenario(t)
		m, err := modelOf(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err := addUp(m); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

// TestWholeLivesAddUpToTotals does the same in the organisation in which everything happens, where nobody has several things
// to do at a time, which would add up to more than the time of the agents.
func TestWholeLivesAddUpToTotals(t *testing.T) {
	for seed := range 12 {
		m := lifeModel(t, "run.warm_up=0", fmt.Sprintf("run.seed=%d", seed), "centres.berlin.pools.chats.concurrency=[1]")
		if err := addUp(m); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// addUp writes the stories of all cases of one replication and compares.
func addUp(m *sim.Model) error {
	for component := range m.Components() {
		stories, totals, err := allStories(m, component)
		if err != nil {
			return err
		}
		for _, s := range stories {
			if err := errors.Join(checkLife(s), checkCauses(s)); err != nil {
				return err
			}
		}
		if got, want := countStories(m, stories), countTotals(totals); got != want {
			return fmt.Errorf("stories add up to\n%+v\nthe engine counts\n%+v", got, want)
		}
	}
	return nil
}

// randomScenario has two days of two centres, of which the second closes.
func randomScenario(t *rapid.T) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	return fmt.Sprintf(`
severities: {sev1: {interrupts: %s}, sev2: {}}
regions: [here]
channels: {web: {responds: %s}, phone: {patience: %s%s}}
plans: {gold: {first_response: %s, resolve: %s}, free: {}}
centres:
  main: {pools: {all: {tiers: [t1, t2], agents: %d}}}
  other: {pools: {t1: {tiers: %s, at_shift_end: %s, shifts: {day: {agents: %d, start: "08:00", length: %s}}}}}
work:
  t1: {handle_time: %s, touches: %s, question: 0.5, answered: 0.7, answer_after: exponential(mean 1h), escalation: 0.3}
  t2: {handle_time: exponential(mean 30m), escalation: {t1: 0.3}}
routing: {rule: %s, rereading: {sev1: 5m}}
workload:
  mix: {plan: {gold: 0.7, free: 0.3}, severity: {sev1: 0.3, sev2: 0.7}, channel: {web: 0.5, phone: 0.5}}
  streams: {cases: {rate: %d/day}, regular: {interarrival: constant(1h)}}
run: {days: 2, replications: 1, seed: %d}
`,
		pick("interrupts", "true", "false"), pick("responds", "at_start", "at_end"), pick("patience", "exponential(mean 5m)", "constant(0)"),
		pick("room", "", ", max_waiting: 1"), pick("response", "10m", "none"), pick("resolve", "none", "2h"),
		rapid.IntRange(1, 2).Draw(t, "agents"), pick("tiers", "[t1]", "[t1, t2]"), pick("end", "hand_over", "finish"),
		rapid.IntRange(0, 2).Draw(t, "day agents"), pick("length", "1h", "8h", "24h"),
		pick("handle", "exponential(mean 20m)", "constant(0)", "constant(10m)"), pick("touches", "1", "2.5"),
		pick("rule", "fifo", "severity", "edf", "severity_edf"), rapid.IntRange(1, 100).Draw(t, "rate"),
		rapid.IntRange(0, 1_000_000).Draw(t, "seed"))
}

// TestNumberAndWorstAgreeWithAllStories compares a tracer with the twin in two components: the order of all arrivals, some
// stories by their number, and the worst of all.
func TestNumberAndWorstAgreeWithAllStories(t *testing.T) {
	m := lifeModel(t)
	all := map[rng.Key]*Story{}
	worst := map[sla.Milestone]calendar.Duration{}
	for component := range m.Components() {
		stories, _, err := allStories(m, component)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stories {
			all[s.Key] = s
			for i := range s.Clocks {
				if late, _ := s.Clocks[i].Late(); s.Clocks[i].Verdict == Breached {
					worst[s.Clocks[i].Milestone] = max(worst[s.Clocks[i].Milestone], late)
				}
			}
		}
	}
	tracer := &Tracer{Model: m}
	arrived := newArrivals(m, 0)
	last := calendar.Instant(0)
	for n := int64(1); n <= numbered(all); n++ {
		c, more := arrived.next()
		if !more || c.At < last || all[c.Key] == nil || all[c.Key].Arrived != c.At {
			t.Fatalf("arrival %d is %+v (after one at %s), not that of any story", n, c, last)
		}
		last = c.At
		if n%97 != 1 {
			continue
		}
		got, err := tracer.Number(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		want := *all[c.Key]
		want.Number = n
		if !reflect.DeepEqual(*got, want) {
			t.Errorf("story %d is\n%+v\nwant\n%+v", n, *got, want)
		}
	}
	if c, more := arrived.next(); more {
		t.Errorf("one arrival too many: %+v", c)
	}
	for milestone, late := range worst {
		got, err := tracer.Worst(t.Context(), Selection{Milestone: milestone, Plan: -1, Severity: -1})
		if err != nil {
			t.Fatal(err)
		}
		isLatest := func(c Clock) bool { is, _ := c.Late(); return c.Verdict == Breached && is == late && late > 0 }
		if !slices.ContainsFunc(clocksOf(got, milestone), isLatest) {
			t.Errorf("the worst case of %v has no clock that is %s late: %+v", milestone, late, clocksOf(got, milestone))
		}
		if again, err := tracer.Key(t.Context(), got.Key); err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("case %x is not the worst one again: %v", got.Key, err)
		}
	}
	for m := range sla.Milestone(sla.Milestones) {
		if worst[m] == 0 {
			t.Errorf("no breach of %v, want some of each milestone", m)
		}
	}
	checkOrigins(t, tracer, all)
}

// clocksOf are all clocks of the milestone.
func clocksOf(s *Story, m sla.Milestone) []Clock {
	return slices.DeleteFunc(slices.Clone(s.Clocks), func(c Clock) bool { return c.Milestone != m })
}

// numbered counts the cases that the workload has.
func numbered(all map[rng.Key]*Story) (n int64) {
	for _, s := range all {
		if s.Origin.Key == 0 {
			n++
		}
	}
	return n
}

// checkOrigins tells of cases that arose in the run and compares their origins.
func checkOrigins(t *testing.T, tracer *Tracer, all map[rng.Key]*Story) {
	t.Helper()
	told := map[StepKind]int{}
	for _, s := range all {
		if s.Origin.Key == 0 || told[s.Origin.Kind] > 1 {
			continue
		}
		told[s.Origin.Kind]++
		got, err := tracer.Key(t.Context(), s.Key)
		if err != nil {
			t.Fatal(err)
		}
		gaveRise := func(step Step) bool {
			return step.Kind == s.Origin.Kind && step.Other == s.Key && step.From == s.Arrived
		}
		if origin := all[s.Origin.Key]; origin == nil || !slices.ContainsFunc(origin.Steps, gaveRise) {
			t.Errorf("case %x does not tell that %x arose from it", s.Origin.Key, s.Key)
		}
		number := got.Origin.Number
		if got.Origin.Number = 0; got.Number != 0 || !reflect.DeepEqual(got, s) {
			t.Errorf("case %x is\n%+v\nwant\n%+v", s.Key, got, s)
		}
		if number == 0 {
			continue
		}
		if origin, err := tracer.Number(t.Context(), number); err != nil || origin.Key != s.Origin.Key {
			t.Errorf("case %d is not %x, from which %x arose: %v", number, s.Origin.Key, s.Key, err)
		}
	}
	if told[SplitOff] == 0 || told[CameBackLate] == 0 {
		t.Errorf("cases arose %v, want some of each kind", told)
	}
}

// TestSelection looks for the worst case of one plan and severity.
func TestSelection(t *testing.T) {
	m := smallModel(t, "run.days=3", "run.warm_up=0")
	story, err := (&Tracer{Model: m}).Worst(t.Context(), Selection{Milestone: sla.FirstResponse, Plan: 0, Severity: 2})
	if err != nil {
		t.Fatal(err)
	}
	if story.Class.Plan != 0 || story.Class.Severity != 2 {
		t.Errorf("the case is of plan %d and severity %d, want 0 and 2", story.Class.Plan, story.Class.Severity)
	}
}

// TestSameCaseInTwoStaffings tells of the same cases with more agents at another centre: what is theirs stays, what is
// done for them need not.
func TestSameCaseInTwoStaffings(t *testing.T) {
	sets := []string{"run.days=3", "run.warm_up=0", "routing.rereading.sev1=0", "routing.rereading.sev2=0"}
	before := &Tracer{Model: smallModel(t, sets...)}
	after := &Tracer{Model: smallModel(t, append(sets, "centres.dublin.pools.t1.shifts.early.agents=2")...)}
	moved := 0
	for n := int64(1); n <= 400; n += 20 {
		a, err := before.Number(t.Context(), n)
		b, err2 := after.Number(t.Context(), n)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if a.Key != b.Key || a.Arrived != b.Arrived || a.Class != b.Class {
			t.Errorf("case %d is %x at %s and %x at %s", n, a.Key, a.Arrived, b.Key, b.Arrived)
		}
		first, second := touches(a), touches(b)
		for i := range min(len(first), len(second)) {
			if a.Outcome == b.Outcome && a.Outcome == model.Resolved && first[i] != second[i] {
				t.Errorf("touch %d of case %d takes %s and %s", i+1, n, first[i], second[i])
			}
		}
		if a.Sums().Waited != b.Sums().Waited {
			moved++
		}
	}
	if moved == 0 {
		t.Error("the change of staffing moved no case: the test shows nothing")
	}
}

// touches are the work of each touch of a story.
func touches(s *Story) []calendar.Duration {
	work := make([]calendar.Duration, 0, 8)
	for i := range s.Steps {
		if step := &s.Steps[i]; step.Kind == Worked {
			if step.Touch > len(work) {
				work = append(work, 0)
			}
			work[step.Touch-1] += step.Length()
		}
	}
	return work
}

func TestErrors(t *testing.T) {
	m := smallModel(t, "run.days=1", "run.warm_up=0")
	tracer := &Tracer{Model: m}
	var tooFew *TooFewError
	if _, err := tracer.Number(t.Context(), 1_000_000); !errors.As(err, &tooFew) || tooFew.Cases < 10 || !strings.Contains(err.Error(), "cases arrive") {
		t.Errorf("case 1,000,000: %v", err)
	}
	if _, err := tracer.Number(t.Context(), tooFew.Cases); err != nil {
		t.Errorf("the last case: %v", err)
	}
	var noKey *NoKeyError
	if _, err := tracer.Key(t.Context(), 1); !errors.As(err, &noKey) || !strings.HasSuffix(err.Error(), "the key 0000000000000001") {
		t.Errorf("the case with the key 1: %v", err)
	}
	var neverLate *NeverLateError
	_, err := tracer.Worst(t.Context(), Selection{Milestone: sla.Resolve, Plan: 2, Severity: 0})
	if !errors.As(err, &neverLate) || neverLate.Decided != 0 {
		t.Errorf("resolve of a plan without it: %v", err)
	}
	easy := smallModel(t, "run.days=1", "run.warm_up=0", "plans.state.first_response=23h")
	_, err = (&Tracer{Model: easy}).Worst(t.Context(), Selection{Milestone: sla.FirstResponse, Plan: 2, Severity: 0})
	if !errors.As(err, &neverLate) {
		t.Errorf("a promise that is easily kept: %v", err)
	}
}
