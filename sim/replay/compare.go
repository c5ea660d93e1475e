package replay

import (
	"math"

	"sunrelay/model/sla"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// Figure is one figure, recorded and simulated. Half-widths are of 95 % for one log of this length, by Student's law from the spread of
// the replications: as recorded, they hold the chance in the fates of the cases alone; resampled, that in the days as well (the
// bootstrap: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, chapter 6). Both sides of a replication have the same
// days, so that chance in their choice cancels in the difference; to its spread that of the simulated mean is added.
type Figure struct {
	Measure    string // attainment, or a quantile such as p90
	Milestone  sla.Milestone
	Plan       int // index; -1 = all
	Severity   int // index; -1 = all
	Unit       experiment.Unit
	Recorded   stats.Estimate
	Simulated  stats.Estimate
	Difference stats.Estimate // simulated less recorded, paired by replication
}

// Verdict says whether a difference is more than chance.
type Verdict string

// The verdicts. Where a half-width is unknown nothing can be told.
const (
	Agrees  Verdict = "agrees"
	Differs Verdict = "differs"
	Untold  Verdict = ""
)

// Verdict says whether the difference is within its half-width.
func (f *Figure) Verdict() Verdict {
	switch {
	case math.IsInf(f.Difference.HalfWidth, 0) || math.IsNaN(f.Difference.HalfWidth):
		return Untold
	case math.Abs(f.Difference.Mean) <= f.Difference.HalfWidth:
		return Agrees
	}
	return Differs
}

// Compare puts the figures that are both recorded and simulated side by side: those of all cases, then by plan and severity, times by
// severity. log is what was recorded of the log itself, recorded that of the replications, of which simulated are the
// simulation.
func Compare(log, recorded, simulated *experiment.Result) []Figure {
	c := comparison{log: log, recorded: recorded, simulated: simulated}
	shape := simulated.Model.Shape
	for _, m := range Milestones {
		c.attainment(m, -1, -1)
		if shape.Rows() > 1 {
			for row := range shape.Rows() {
				c.attainment(m, row/shape.Severities, row%shape.Severities)
			}
		}
	}
	for _, m := range Milestones {
		for severity := -1; severity < shape.Severities; severity++ {
			if severity < 0 || shape.Severities > 1 {
				c.times(m, severity)
			}
		}
	}
	return c.all
}

// comparison gathers the figures.
type comparison struct {
	log, recorded, simulated *experiment.Result
	all                      []Figure
}

func (c *comparison) attainment(m sla.Milestone, plan, severity int) {
	shape := c.simulated.Model.Shape
	first, last := 0, shape.Rows()
	if plan >= 0 {
		first = shape.Row(plan, severity)
		last = first + 1
	}
	c.add(Figure{Measure: "attainment", Milestone: m, Plan: plan, Severity: severity, Unit: experiment.Share},
		func(r *experiment.Result) stats.Estimate { return r.Attainment(m, first, last) })
}

func (c *comparison) times(m sla.Milestone, severity int) {
	for _, level := range experiment.Levels {
		c.add(Figure{Measure: experiment.LevelName(level), Milestone: m, Plan: -1, Severity: severity, Unit: experiment.Seconds},
			func(r *experiment.Result) stats.Estimate {
				if severity < 0 {
					return seconds(r.ElapsedQuantile(m, 0, r.Model.Shape.Rows(), level))
				}
				return seconds(r.SeverityQuantile(m, severity, level))
			})
	}
}

func seconds(e stats.Estimate) stats.Estimate {
	const scale = 1e-3
	e.Mean, e.HalfWidth = e.Mean*scale, e.HalfWidth*scale
	terms := make([]float64, len(e.Terms))
	for i, t := range e.Terms {
		terms[i] = t * scale
	}
	if e.Terms != nil {
		e.Terms = terms
	}
	return e
}

// add adds a figure that both sides have. The recorded one is that of the log itself.
func (c *comparison) add(f Figure, of func(*experiment.Result) stats.Estimate) {
	own, recorded, simulated := of(c.log), of(c.recorded), of(c.simulated)
	if math.IsNaN(own.Mean) || math.IsNaN(simulated.Mean) || math.IsNaN(recorded.Mean) {
		return
	}
	paired := (stats.Estimator{Confidence: experiment.Confidence}).Difference(simulated, recorded)
	f.Recorded, f.Simulated, f.Difference = recorded, simulated, paired
	f.Recorded.Mean, f.Difference.Mean = own.Mean, simulated.Mean-own.Mean
	n := float64(simulated.N)
	f.Recorded.HalfWidth *= math.Sqrt(n)
	f.Simulated.HalfWidth *= math.Sqrt(n + 1)
	f.Difference.HalfWidth = math.Hypot(paired.HalfWidth*math.Sqrt(n), simulated.HalfWidth)
	c.all = append(c.all, f)
}
