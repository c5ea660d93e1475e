package experiment

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

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
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := newCollector(m)
	shards := make(chan Shard)
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return deal(running, m, shards) })
	for range workers {
		group.Go(func() error {
			r := newRunner(running, m, o)
			for s := range shards {
				result, err := r.run(s)
				if err != nil {
					return err
				}
				c.add(result)
			}
			return nil
		})
	}
	err := group.Wait()
	if err != nil && (ctx.Err() == nil || !errors.Is(err, ctx.Err())) {
		return nil, err
	}
	return c.result(), err
}

// deal hands out the shards of one replication after the other.
func deal(ctx context.Context, m *sim.Model, shards chan<- Shard) error {
	defer close(shards)
	for replication := range m.Scenario.Replications {
		for component := range m.Components() {
			s := Shard{Scenario: m.Scenario.Hash, From: replication, To: replication + 1, Component: component}
			select {
			case shards <- s:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// collector merges the components of each replication and takes the replications into the result in their order, so
// that the result does not depend on who was faster. It keeps histograms only as long as it needs them.
type collector struct {
	mutex   sync.Mutex
	model   *sim.Model
	waiting map[int][]*ShardResult // by replication
	taken   *Result
}

func newCollector(m *sim.Model) *collector {
	return &collector{
		model: m, waiting: map[int][]*ShardResult{},
		taken: newResult(m),
	}
}

func (c *collector) add(r *ShardResult) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.waiting[r.From] = append(c.waiting[r.From], r)
	for {
		next := len(c.taken.Replications)
		parts := c.waiting[next]
		if len(parts) < c.model.Components() {
			return
		}
		delete(c.waiting, next)
		totals, err := Merge(parts...)
		if err != nil {
			panic(err) // deal made the shards
		}
		c.taken.take(totals[0])
	}
}

func (c *collector) result() *Result {
	c.taken.Partial = len(c.taken.Replications) < c.model.Scenario.Replications
	return c.taken
}
