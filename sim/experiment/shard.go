package experiment

import (
	"context"
	"fmt"

	"sunrelay/sim"
	"sunrelay/sim/metrics"
)

// Shard names a unit of work: some replications of one component of a scenario. Its result depends on nothing else, so
// it can be computed anywhere.
type Shard struct {
	Scenario  string // hash of the scenario, seed included
	From, To  int    // replications, half-open
	Component int
}

// ShardResult is what a shard measured: integers only. It serialises to JSON.
type ShardResult struct {
	Shard
	Totals []*metrics.Totals // by replication from From on
}

// RunShard simulates a shard of the model. A cancelled context ends it within a simulated hour with the context's error.
func RunShard(ctx context.Context, m *sim.Model, s Shard, arrived func(cases int64)) (*ShardResult, error) {
	return newRunner(ctx, m, Options{Arrived: arrived}).run(s)
}

// Merge adds up results of shards that cover the same replications of different components: the totals by replication.
// Any order of the results gives the same.
func Merge(results ...*ShardResult) ([]*metrics.Totals, error) {
	first := results[0]
	merged := make([]*metrics.Totals, len(first.Totals))
	for _, r := range results {
		if r.Scenario != first.Scenario || r.From != first.From || r.To != first.To {
			return nil, fmt.Errorf("shards %v and %v do not belong together", first.Shard, r.Shard)
		}
		for i, t := range r.Totals {
			if merged[i] == nil {
				merged[i] = metrics.NewTotals(t.Shape)
			}
			merged[i].Merge(t)
		}
	}
	return merged, nil
}

// runner runs shards one after the other and keeps its engines.
type runner struct {
	ctx     context.Context
	model   *sim.Model
	options Options
	engines map[int]*recorded // by component
}

// recorded is an engine with its recorder, which may be nil.
type recorded struct {
	*sim.Engine
	recorder Recorder
}

func newRunner(ctx context.Context, m *sim.Model, o Options) *runner {
	return &runner{ctx: ctx, model: m, options: o, engines: map[int]*recorded{}}
}

func (r *runner) run(s Shard) (*ShardResult, error) {
	e := r.engine(s.Component)
	result := &ShardResult{Shard: s}
	for replication := s.From; replication < s.To; replication++ {
		t, err := e.run(replication)
		if err != nil {
			return nil, err
		}
		result.Totals = append(result.Totals, t)
	}
	return result, nil
}

// engine is that of the component, made at its first use.
func (r *runner) engine(component int) *recorded {
	if e := r.engines[component]; e != nil {
		return e
	}
	e, o := &recorded{}, sim.Options{}
	if r.options.Record != nil {
		e.recorder = r.options.Record(component)
		o.Observer, o.Ledger = e.recorder.Observers()
	}
	o.Heartbeat = func(arrived int64) error { return r.beat(e, arrived) }
	e.Engine = sim.NewEngine(r.model, component, o)
	r.engines[component] = e
	return e
}

// beat tells of progress and ends a run that is interrupted or cannot be recorded.
func (r *runner) beat(e *recorded, arrived int64) error {
	if r.options.Arrived != nil {
		r.options.Arrived(arrived)
	}
	if e.recorder != nil {
		if err := e.recorder.Err(); err != nil {
			return err
		}
	}
	return r.ctx.Err()
}

// run simulates a replication and records it.
func (e *recorded) run(replication int) (*metrics.Totals, error) {
	if e.recorder == nil {
		return e.Run(replication)
	}
	e.recorder.Begin(replication)
	t, err := e.Run(replication)
	if err == nil {
		e.recorder.End()
	}
	return t, err
}
