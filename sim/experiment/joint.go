package experiment

import (
	"context"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"sunrelay/sim"
)

// joint is models whose replications are simulated together, on common random numbers. It merges the components of each
// replication and takes the replications into the results in their order, so that these do not depend on who was faster.
// It keeps histograms only as long as it needs them.
type joint struct {
	models   []*sim.Model
	from, to int          // replications to simulate, half-open
	done     func() error // is called when all are taken; nil = nobody

	mutex   sync.Mutex
	waiting map[int][]part // by replication
	taken   []*Result      // by model
}

// part is the result of a job.
type part struct {
	model  int
	result *ShardResult
}

// job is a shard of one model of a joint run.
type job struct {
	joint *joint
	model int
	shard Shard
}

func newJoint(models ...*sim.Model) *joint {
	t := &joint{models: models, to: models[0].Scenario.Replications, waiting: map[int][]part{}}
	for _, m := range models {
		t.taken = append(t.taken, newResult(m))
	}
	return t
}

// deal hands out the jobs of one replication after the other.
func (t *joint) deal(ctx context.Context, jobs chan<- job) error {
	for replication := t.from; replication < t.to; replication++ {
		for i, m := range t.models {
			for component := range m.Components() {
				s := Shard{Scenario: m.Scenario.Hash, From: replication, To: replication + 1, Component: component}
				select {
				case jobs <- job{t, i, s}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
	}
	return nil
}

// add takes a part, and the replications that are complete by it.
func (t *joint) add(p part) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.waiting[p.result.From] = append(t.waiting[p.result.From], p)
	for {
		next := len(t.taken[0].Replications)
		if len(t.waiting[next]) < t.parts() {
			return nil
		}
		t.take(t.waiting[next])
		delete(t.waiting, next)
		if next+1 == t.to && t.done != nil {
			return t.done()
		}
	}
}

// parts is how many of them a replication has.
func (t *joint) parts() int {
	n := 0
	for _, m := range t.models {
		n += m.Components()
	}
	return n
}

// take adds the parts of a replication to the results.
func (t *joint) take(parts []part) {
	for i, result := range t.taken {
		var components []*ShardResult
		for _, p := range parts {
			if p.model == i {
				components = append(components, p.result)
			}
		}
		totals, err := Merge(components...)
		if err != nil {
			panic(err) // deal made the shards
		}
		result.take(totals[0])
	}
}

// results are those of the replications that were taken.
func (t *joint) results() []*Result {
	for _, r := range t.taken {
		r.Partial = len(r.Replications) < t.to
	}
	return t.taken
}

// simulate runs the jobs that deal hands out on all workers.
func simulate(ctx context.Context, o Options, deal func(context.Context, chan<- job) error) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	jobs := make(chan job)
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(jobs)
		return deal(running, jobs)
	})
	for range workers {
		group.Go(func() error {
			w := worker{ctx: running, options: o}
			for j := range jobs {
				if err := w.do(j); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// worker does one job after the other. It keeps the engines of one joint run.
type worker struct {
	ctx     context.Context
	options Options
	joint   *joint
	runners []*runner // by model of the joint run
}

func (w *worker) do(j job) error {
	if j.joint != w.joint {
		w.joint, w.runners = j.joint, make([]*runner, len(j.joint.models))
	}
	if w.runners[j.model] == nil {
		w.runners[j.model] = newRunner(w.ctx, j.joint.models[j.model], w.options)
	}
	result, err := w.runners[j.model].run(j.shard)
	if err != nil {
		return err
	}
	return j.joint.add(part{j.model, result})
}

// inOrder hands results on in the order of their indices.
type inOrder struct {
	done    func(i int, r *Result) error
	mutex   sync.Mutex
	next    int
	waiting map[int]*Result
}

func (o *inOrder) add(i int, r *Result) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.waiting[i] = r
	for o.waiting[o.next] != nil {
		r := o.waiting[o.next]
		delete(o.waiting, o.next)
		if err := o.done(o.next, r); err != nil {
			return err
		}
		o.next++
	}
	return nil
}
