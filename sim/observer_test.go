package sim

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"sunrelay/workloads/rng"
)

// listener notes all events.
type listener struct{ events []Event }

func (l *listener) Observe(e Event) { l.events = append(l.events, e) }

// follower is a listener that asks for more of one case, or of all where it is nobody's key.
type follower struct {
	listener
	kase rng.Key
	kind EventKind
}

func (f *follower) Follows(kase rng.Key, kind EventKind) bool {
	return (f.kase == 0 || f.kase == kase) && (f.kind == 0 || f.kind == kind)
}

// busy has interruptions, hand-overs, questions, escalations and callers who hang up.
const busy = `
severities: {sev1: {interrupts: true}, sev2: {}}
regions: [world]
channels: {phone: {patience: exponential(mean 30m)}}
plans: {standard: {first_response: 10m, resolve: 4h}}
centres: {main: {pools: {t1: {tiers: [t1, t2], at_shift_end: hand_over, shifts: {a: {agents: 2, start: "00:00", length: 12h}, b: {agents: 3, start: "11:00", length: 12h}}}}}}
work: {t1: {handle_time: exponential(mean 20m), touches: 2, question: 0.5, answered: 0.8, answer_after: exponential(mean 2h), escalation: 0.3}, t2: {handle_time: exponential(mean 20m)}}
workload: {streams: {cases: {rate: 5/h, mix: {severity: {sev1: 0.2, sev2: 0.8}}}}}
run: {days: 3, warm_up: 1d}
`

// lifeModel is the organisation in which everything happens.
func lifeModel(t *testing.T) *Model {
	t.Helper()
	text, err := os.ReadFile("testdata/life.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return bindText(t, string(text))
}

func listen(t *testing.T, m *Model, o Observer) {
	t.Helper()
	if _, err := NewEngine(m, 0, Options{Observer: o}).Run(0); err != nil {
		t.Fatal(err)
	}
}

// TestFollowerHearsWhatItAsksFor compares a plain observer, a follower of everything, and followers of one case and of
// one kind.
func TestFollowerHearsWhatItAsksFor(t *testing.T) {
	m := lifeModel(t)
	plain, all := &listener{}, &follower{}
	listen(t, m, plain)
	listen(t, m, all)
	basic := func(e Event) bool { return e.Kind <= Reopened }
	only := func(keep func(Event) bool) []Event {
		return slices.DeleteFunc(slices.Clone(all.events), func(e Event) bool { return !keep(e) })
	}
	if !slices.Equal(plain.events, only(basic)) {
		t.Error("a plain observer does not hear the basic kinds of all cases, or hears more")
	}
	heard := map[EventKind]int{}
	for _, e := range all.events {
		heard[e.Kind]++
	}
	for kind := Arrived; kind <= Cancelled; kind++ {
		if heard[kind] == 0 {
			t.Errorf("no event of kind %d: the scenario is not busy enough for the test", kind)
		}
	}
	one := &follower{kase: plain.events[len(plain.events)/2].Case}
	listen(t, m, one)
	if want := only(func(e Event) bool { return basic(e) || e.Case == one.kase }); !slices.Equal(one.events, want) {
		t.Errorf("the follower of one case hears %d events, want %d", len(one.events), len(want))
	}
	breaches := &follower{kind: Breached}
	listen(t, m, breaches)
	if want := only(func(e Event) bool { return basic(e) || e.Kind == Breached }); !slices.Equal(breaches.events, want) {
		t.Errorf("the follower of breaches hears %d events, want %d", len(breaches.events), len(want))
	}
}

// TestFollowingChangesNothing compares the totals with and without a follower, for whom every clock starts and stops on its own.
func TestFollowingChangesNothing(t *testing.T) {
	for _, m := range []*Model{lifeModel(t), fullLife(t, "citrix"), fullLife(t, "veeam")} {
		for replication := range 2 {
			with, err := NewEngine(m, 0, Options{Observer: &follower{}}).Run(replication)
			without, err2 := NewEngine(m, 0, Options{}).Run(replication)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if !reflect.DeepEqual(with, without) {
				t.Errorf("%s, replication %d: the totals depend on who listens", m.Scenario.Definition.Name, replication)
			}
		}
	}
}

// TestSeat counts the agents of all shifts.
func TestSeat(t *testing.T) {
	m := bindText(t, busy)
	for agent, want := range []Seat{{0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {0, 1, 2}} {
		if got := m.Seat(agent); got != want {
			t.Errorf("agent %d sits at %+v, want %+v", agent, got, want)
		}
	}
	if m.size != 5 {
		t.Errorf("%d agents, want 5", m.size)
	}
}

// TestPassedWhileWaiting asks of items in a list and in its heap, before they leave, when they were passed over.
func TestPassedWhileWaiting(t *testing.T) {
	q := newQueues([]int32{2}, 0)
	q.reset()
	push := func(score uint64, since tick) int32 {
		return q.push(1, &item{score: score, since: since, entered: since})
	}
	old := push(5, 10)  // in the list
	late := push(3, 20) // out of order: in the heap
	q.passOver(0, 15, 100)
	if q.passed(old) != 100 || q.passed(late) != 0 {
		t.Errorf("work that waits since 15 passes those of 10 and 20 at %d and %d, want 100 and 0", q.passed(old), q.passed(late))
	}
	q.passOver(0, 25, 200)
	if q.passed(late) != 200 || q.remove(late).passed != 200 || q.remove(old).passed != 100 {
		t.Error("the item of the heap is not passed over at 200, or that of the list not at 100")
	}
}

// chooser is a follower of everything that hears of two kinds.
type chooser struct{ follower }

func (c *chooser) Hears(kind EventKind) bool { return kind == Closed || kind == Reached }

// TestChooserHearsWhatItChooses compares with a follower of everything.
func TestChooserHearsWhatItChooses(t *testing.T) {
	m := lifeModel(t)
	some, all := &chooser{}, &follower{}
	listen(t, m, some)
	listen(t, m, all)
	want := slices.DeleteFunc(all.events, func(e Event) bool { return !some.Hears(e.Kind) })
	if !slices.Equal(some.events, want) {
		t.Errorf("%d events are heard, want %d", len(some.events), len(want))
	}
}
