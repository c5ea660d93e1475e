package trace

import (
	"context"
	"errors"
	"fmt"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads"
	"sunrelay/workloads/rng"
)

// Tracer tells the stories of cases of one replication.
type Tracer struct {
	Model       *sim.Model
	Replication int               // counted from 0
	Arrived     func(cases int64) // is told how many more cases were simulated; nil = nobody
}

// TooFewError says that the replication has no case of the number.
type TooFewError struct {
	Number, Cases int64
	Replication   int
}

func (e *TooFewError) Error() string {
	return fmt.Sprintf("replication %d has no case %d: %d cases arrive in it", e.Replication, e.Number, e.Cases)
}

// NeverLateError says that the replication has no breach of the milestone among the cases that were asked for.
type NeverLateError struct {
	Milestone   sla.Milestone
	Replication int
	Decided     int64 // clocks of these cases that count
}

func (e *NeverLateError) Error() string {
	if e.Decided == 0 {
		return fmt.Sprintf("no clock of %v of such cases is decided in replication %d: none can be late", e.Milestone, e.Replication)
	}
	return fmt.Sprintf("no such case of replication %d is late: %v was in time for all %d", e.Replication, e.Milestone, e.Decided)
}

// NoKeyError says that the replication has no case of the key.
type NoKeyError struct {
	Key         rng.Key
	Replication int
}

func (e *NoKeyError) Error() string {
	return fmt.Sprintf("replication %d has no case with the key %016x", e.Replication, uint64(e.Key))
}

// Number tells of the case that arrives as the number-th, counted from 1. The error is a *TooFewError, or that of a
// cancelled context.
func (t *Tracer) Number(ctx context.Context, number int64) (*Story, error) {
	c, last, ok := newArrivals(t.Model, t.Replication).find(func(n int64, _ *workloads.Case) bool { return n == number })
	if !ok {
		return nil, &TooFewError{Number: number, Cases: last, Replication: t.Replication}
	}
	return t.tell(ctx, c.Key, t.Model.Component(int(c.Class)))
}

// Key tells of the case with the key, which may have arisen in the run. The error is a *NoKeyError, or that of a cancelled
// context.
func (t *Tracer) Key(ctx context.Context, key rng.Key) (*Story, error) {
	for component := range t.Model.Components() {
		story, err := t.tell(ctx, key, component)
		if err != nil || len(story.Steps) > 0 {
			return story, err
		}
	}
	return nil, &NoKeyError{Key: key, Replication: t.Replication}
}

// Selection are the cases that Worst looks at: those of a plan and severity, by index; -1 = of any.
type Selection struct {
	Milestone      sla.Milestone
	Plan, Severity int
}

// Worst tells of the case, among those of the measured time that count as breached, that reached the milestone latest
// after its due, or did not reach it for longest: until it was closed or the run was over. Of equally late ones it is the
// first that is heard of. The error is a *NeverLateError, or that of a cancelled context.
func (t *Tracer) Worst(ctx context.Context, s Selection) (*Story, error) {
	w := &worst{model: t.Model, wanted: s}
	for component := range t.Model.Components() {
		if err := t.run(ctx, component, w, func() bool { return false }); err != nil {
			return nil, err
		}
	}
	if w.late == 0 {
		return nil, &NeverLateError{Milestone: s.Milestone, Replication: t.Replication, Decided: w.decided}
	}
	return t.tell(ctx, w.kase, t.Model.Component(w.class))
}

// worst is an observer that keeps the latest case.
type worst struct {
	model   *sim.Model
	wanted  Selection
	decided int64
	late    calendar.Duration // 0 = no case yet
	kase    rng.Key
	class   int
}

// Follows asks for the clocks that count.
func (w *worst) Follows(_ rng.Key, kind sim.EventKind) bool {
	return kind == sim.Met || kind == sim.Breached
}

// Observe takes note of a clock.
func (w *worst) Observe(e sim.Event) {
	if e.Kind != sim.Met && e.Kind != sim.Breached || e.Milestone != w.wanted.Milestone || !w.wants(e.Class) {
		return
	}
	w.decided++
	if late := e.At.Sub(e.Due); late > w.late {
		w.late, w.kase, w.class = late, e.Case, e.Class
	}
}

func (w *worst) wants(class int) bool {
	c := &w.model.Workload.Classes[class]
	return (w.wanted.Plan < 0 || c.Plan == w.wanted.Plan) && (w.wanted.Severity < 0 || c.Severity == w.wanted.Severity)
}

// tell runs the component of the case until it is closed for good. The story is empty where the component has no such
// case.
func (t *Tracer) tell(ctx context.Context, key rng.Key, component int) (*Story, error) {
	r := newRecorder(t.Model, key)
	if err := t.run(ctx, component, r, r.complete); err != nil {
		return nil, err
	}
	r.finish(t.Model.Scenario.End)
	s := &r.story
	s.Replication = t.Replication
	if len(s.Steps) == 0 {
		return s, nil
	}
	if s.Number = t.number(key); s.Number == 0 {
		s.Origin.Number = t.number(s.Origin.Key)
	}
	return s, nil
}

// number is that of the case with the key in the order of arrival; 0 where it arises in the run.
func (t *Tracer) number(key rng.Key) int64 {
	_, number, ok := newArrivals(t.Model, t.Replication).find(func(_ int64, c *workloads.Case) bool { return c.Key == key })
	if !ok {
		return 0
	}
	return number
}

// errEnough ends a replication early.
var errEnough = errors.New("the story is complete")

// run simulates one component until the end, or the hour after it is enough.
func (t *Tracer) run(ctx context.Context, component int, o sim.Observer, enough func() bool) error {
	heartbeat := func(arrived int64) error {
		if t.Arrived != nil {
			t.Arrived(arrived)
		}
		if enough() {
			return errEnough
		}
		return ctx.Err()
	}
	_, err := sim.NewEngine(t.Model, component, sim.Options{Observer: o, Heartbeat: heartbeat}).Run(t.Replication)
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
