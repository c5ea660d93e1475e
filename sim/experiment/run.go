package experiment

import (
	"context"
	"errors"

	"sunrelay/sim"
)

// Options say how a model is run; none of them changes the result.
type Options struct {
	Workers int // simulations at a time; 0 = one for each processor
	// Arrived is told how many more cases were simulated, from any goroutine; nil = nobody.
	Arrived func(cases int64)
	// Record makes a recorder for one component and one goroutine; nil = nothing is recorded.
	Record func(component int) Recorder
}

// Recorder keeps what happens in replications of a component, one after the other.
type Recorder interface {
	// Observers are who hears of the events and of the hours; each may be nil.
	Observers() (sim.Observer, sim.Ledger)
	// Begin and End frame a replication; End is left out where it is not finished.
	Begin(replication int)
	End()
	// Err is why nothing can be recorded any more, which ends the run; nil = all is well.
	Err() error
}

// Run simulates all replications of the model. When the context is cancelled it returns the result of the replications
// that were finished, marked as partial, and the context's error.
func Run(ctx context.Context, m *sim.Model, o Options) (*Result, error) {
	results, err := RunTogether(ctx, []*sim.Model{m}, o)
	if results == nil {
		return nil, err
	}
	return results[0], err
}

// RunTogether is Run for several models, of which each simulates as many replications as the first asks for. When it is
// interrupted, all results have the same replications.
func RunTogether(ctx context.Context, models []*sim.Model, o Options) ([]*Result, error) {
	t := newJoint(models...)
	err := simulate(ctx, o, t.deal)
	if err != nil && !interrupted(ctx, err) {
		return nil, err
	}
	return t.results(), err
}

// RunEach is Run for one model after the other: next makes the model with the index i, and done takes its result, in
// order. It is over when done has all count results, or at the first error. A model begins while the last one ends, so
// that no worker waits.
func RunEach(ctx context.Context, count int, next func(i int) (*sim.Model, error), done func(i int, r *Result) error, o Options) error {
	ended := inOrder{done: done, waiting: map[int]*Result{}}
	return simulate(ctx, o, func(ctx context.Context, jobs chan<- job) error {
		for i := range count {
			m, err := next(i)
			if err != nil {
				return err
			}
			t := newJoint(m)
			t.done = func() error { return ended.add(i, t.results()[0]) }
			if err := t.deal(ctx, jobs); err != nil {
				return err
			}
		}
		return nil
	})
}

// interrupted reports whether the error is that of the context, and not one of the simulation.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}
