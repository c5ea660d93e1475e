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
	return newRunner(ctx, m, arrived).run(s)
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
	arrived func(int64)
	engines map[int]*sim.Engine // by component
}

func newRunner(ctx context.Context, m *sim.Model, arrived func(int64)) *runner {
	return &runner{ctx: ctx, model: m, arrived: arrived, engines: map[int]*sim.Engine{}}
}

func (r *runner) run(s Shard) (*ShardResult, error) {
	e := r.engines[s.Component]
	if e == nil {
		e = sim.NewEngine(r.model, s.Component, sim.Options{Heartbeat: r.heartbeat})
		r.engines[s.Component] = e
	}
	result := &ShardResult{Shard: s}
	for replication := s.From; replication < s.To; replication++ {
		t, err := e.Run(replication)
		if err != nil {
			return nil, err
		}
		result.Totals = append(result.Totals, t)
	}
	return result, nil
}

func (r *runner) heartbeat(arrived int64) error {
	if r.arrived != nil {
		r.arrived(arrived)
	}
	return r.ctx.Err()
}
