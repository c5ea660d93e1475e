package experiment

import (
	"context"
	"math"
	"strings"

	"sunrelay/model/sla"
	"sunrelay/sim"
)

// Precision is the half-width that replications are added for.
type Precision struct {
	// HalfWidth is that of shares; of times, money and numbers it is relative to their value. Above 0.
	HalfWidth float64
	Most      int // replications, at least as many as the scenario asks for
}

// Reached tells how precise a result is.
type Reached struct {
	Precision
	Figures  []Figure // that must reach it
	Leftover int      // promises that need not, since they have too few clocks
	Wide     int      // figures that have not reached it
	Widest   int      // index of the figure with the greatest half-width for its unit; -1 = there is no figure
	Done     bool     // all have reached it
}

// leastReplications is how many a run to a precision has at least: with fewer Student's interval is rough, and one that
// happens to be narrow would end the run too early.
const leastReplications = 10

// leastPart is the part of a milestone's decided clocks that a promise must have to count for the precision, where the
// scenario has no objectives.
const leastPart = 0.01

// RunTo is Run that adds replications until the figures are precise: those that the objectives bound, each over the whole
// run, or without objectives the attainment of every promise with at least 1 % of the decided clocks of its milestone.
// It looks after certain numbers of replications only, which follow from the results of those before, so that the end
// does not depend on the number of workers.
func RunTo(ctx context.Context, m *sim.Model, p Precision, o Options) (*Result, *Reached, error) {
	j := newJoint(m)
	j.to = min(max(j.to, leastReplications), p.Most)
	for {
		err := simulate(ctx, o, j.deal)
		if err != nil && !interrupted(ctx, err) {
			return nil, nil, err
		}
		result := j.results()[0]
		if err != nil {
			return result, nil, err
		}
		reached := result.reached(p)
		if reached.Done || j.to >= p.Most {
			return result, reached, nil
		}
		j.from, j.to = j.to, min(reached.next(j.to), p.Most)
	}
}

// next is after how many replications to look again: as many as the widest figure needs if its variance stays, but not
// fewer than a quarter more, so that there are few looks, and not more than twice as many.
func (r *Reached) next(n int) int {
	widest := r.excess(&r.Figures[r.Widest])
	needed := float64(n) * widest * widest
	return int(math.Ceil(min(max(needed, 1.25*float64(n)), 2*float64(n))))
}

// excess is the half-width of a figure over the one that it must reach.
func (r *Reached) excess(f *Figure) float64 {
	wanted := r.HalfWidth
	if f.Unit != Share {
		wanted *= math.Abs(f.Estimate.Mean)
	}
	if f.Estimate.HalfWidth == 0 { // also of a mean of 0
		return 0
	}
	return f.Estimate.HalfWidth / wanted
}

// reached is how precise the result is.
func (r *Result) reached(p Precision) *Reached {
	reached := &Reached{Precision: p, Widest: -1}
	reached.Figures, reached.Leftover = r.precise()
	worst := math.Inf(-1)
	for i := range reached.Figures {
		excess := reached.excess(&reached.Figures[i])
		if !(excess <= 1) {
			reached.Wide++
		}
		if excess > worst {
			worst, reached.Widest = excess, i
		}
	}
	reached.Done = reached.Wide == 0
	return reached
}

// precise are the figures that a precision is for, and how many promises are left out.
func (r *Result) precise() (all []Figure, leftover int) {
	f := figures{result: r}
	for _, o := range r.Model.Scenario.Definition.Objectives {
		f.objective(o.Value)
	}
	if len(r.Model.Scenario.Definition.Objectives) > 0 {
		return f.all, 0
	}
	rows := r.Model.Shape.Rows()
	for m := range sla.Milestone(sla.Milestones) {
		least := leastPart * float64(r.decided(m, 0, rows))
		for row := range rows {
			switch n := float64(r.decided(m, row, row+1)); {
			case n == 0:
			case n < least:
				leftover++
			default:
				f.add(m.String(), f.rowName(row), Share, More, r.Attainment(m, row, row+1))
			}
		}
	}
	return f.all, leftover
}

// objective adds what an objective bounds, over the whole run, unless it is there.
func (f *figures) objective(o sla.Objective) {
	of := strings.Join(o.Of, " ")
	unit, better := Share, More
	if o.Comparison == sla.AtMost {
		better = Less
	}
	var measure string
	switch o.Measure {
	case sla.Quantile:
		measure, unit = LevelName(o.Quantile)+" "+o.Milestone.String(), Seconds
	case sla.Mean:
		measure, unit = "mean "+o.Milestone.String(), Seconds
	case sla.Occupancy:
		measure, of = "occupancy", strings.Join(o.Of, ".")
	case sla.Abandonment:
		measure = "abandonment"
	case sla.Cost:
		measure, unit = "cost", Money
	default:
		measure = o.Milestone.String()
	}
	for i := range f.all {
		if f.all[i].Measure == measure && f.all[i].Of == of {
			return
		}
	}
	if e := f.result.measure(o); e.N > 0 && !math.IsNaN(e.Mean) {
		f.add(measure, of, unit, better, e)
	}
}
