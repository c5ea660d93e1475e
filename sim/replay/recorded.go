package replay

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
	"sunrelay/workloads"
)

// Bind is the model with the cases of a recording in place of its own.
func Bind(m *sim.Model, r *workloads.Recording) (*sim.Model, error) {
	replayed, problems := sim.Bind(m.Scenario, m.Workload.Replay(m.Scenario, r))
	if len(problems) > 0 {
		return nil, problems
	}
	return replayed, nil
}

// Milestones are those whose times logs record.
var Milestones = []sla.Milestone{sla.FirstResponse, sla.Resolve}

// Recorded is what the log itself measured, by the rules of the simulation, of the cases that each replication of the model plays:
// promises against the scenario's targets, those of plans whose clocks stand still while the customer is asked left out, since logs do
// not tell for how long; times that end within the run.
func Recorded(ctx context.Context, m *sim.Model, r *workloads.Recording, replications, workers int) (*experiment.Result, error) {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	totals := make([]*metrics.Totals, replications)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for replication := range totals {
		group.Go(func() error {
			t := tally{Totals: metrics.NewTotals(m.Shape), model: m, recording: r}
			totals[replication] = t.Totals
			return t.all(ctx, replication)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return experiment.NewResult(m, totals...), nil
}

// Own is Recorded of the log as it is, in one replication.
func Own(ctx context.Context, m *sim.Model, r *workloads.Recording) (*experiment.Result, error) {
	as := *r
	as.Again = workloads.AsRecorded
	played, err := Bind(m, &as)
	if err != nil {
		return nil, err
	}
	return Recorded(ctx, played, &as, 1, 1)
}

// tally counts what was recorded of the cases of a replication.
type tally struct {
	*metrics.Totals
	model     *sim.Model
	recording *workloads.Recording
}

func (t *tally) all(ctx context.Context, replication int) error {
	block := make([]workloads.Case, workloads.BlockSize)
	w, c := t.model.Workload, t.model.Scenario
	for stream := range w.Streams() {
		source := w.Source(stream, replication)
		for n := source.Fill(block); n > 0; n = source.Fill(block) {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.Arrived += int64(n)
			for i := range block[:n] {
				if k := &block[i]; !k.Refused && k.At >= c.Start && k.At < c.End {
					t.count(k, &t.recording.Cases[source.Origin(i)])
				}
			}
		}
	}
	return nil
}

// count takes in what was recorded of a case. Whether a promise was kept goes by when it happened, which is not when it is played.
func (t *tally) count(k *workloads.Case, r *workloads.Recorded) {
	c, class := t.model.Scenario, t.model.Workload.Classes[k.Class]
	row := t.Shape.Row(class.Plan, class.Severity)
	plan := &c.Plans[class.Plan]
	const mondayOffset = 3 * calendar.Day // 1970-01-01 was a Thursday
	week := int(k.At.Sub(c.Start) / calendar.Week)
	hour := int((calendar.Duration(k.At) + mondayOffset) % calendar.Week / calendar.Hour)
	for _, m := range Milestones {
		took := float64(r.Response)
		if m == sla.Resolve {
			took = float64(r.Resolution)
		}
		if math.IsNaN(took) {
			continue
		}
		left := float64(c.End.Sub(k.At))
		if took < left {
			t.Elapsed[m][row].Add(int64(took))
		} else {
			t.Elapsed[m][row].Open++
		}
		if clock := plan.ClockOf(m, class.Region, class.Severity); clock >= 0 && plan.Promised[class.Language] && !plan.Pauses.Has(m) {
			if due, known := c.Clocks[clock].Due(r.At); known && float64(due.Sub(r.At)) < left {
				t.Clocks[m][row].Decide(week, hour, took <= float64(due.Sub(r.At)))
			}
		}
	}
}

// MetShare is the share of promises kept as the log says itself, of the cases from an instant on; NaN where it does not say.
func MetShare(r *workloads.Recording, from calendar.Instant) float64 {
	met, known := 0, 0
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Met >= 0 && c.At >= from {
			known++
			met += int(c.Met)
		}
	}
	return float64(met) / float64(known)
}
