package planner

import (
	"context"
	"math"
	"slices"

	"sunrelay/sim/stats"
)

// Problem is a decision about head counts: how many of each choice, at least cost, within linear rules and so that the
// objectives that an Evaluator measures are kept.
type Problem struct {
	Choices    []Choice
	Rules      []Row // that every plan must satisfy
	Guides     []Row // requirements that only the first plan of the search satisfies: approximations
	Objectives []string
	Goals      []float64 // by objective, the least attainment; NaN of other objectives
	Budget     float64   // most that a plan may cost in a year; 0 = any sum
	Fixed      float64   // cost in a year of heads that do not move, beside the plan's and not in the budget
}

// Choice is a head count that may move.
type Choice struct {
	Name        string
	Least, Most int
	Step        int     // heads come in multiples of it (beyond none); at least 1
	Cost        float64 // of one head in a year, >= 0
	Group       int     // choices of different groups serve no common work: a head of one cannot stand in for one of another
}

// Row is a linear rule: Σ Weight·heads >= Least.
type Row struct {
	Name   string
	Weight []float64 // by choice
	Least  float64
}

// lacks reports whether the heads break the rule.
func (r *Row) lacks(heads []int) bool {
	sum := 0.0
	for i, w := range r.Weight {
		sum += w * float64(heads[i])
	}
	return sum < r.Least-1e-9*max(1, math.Abs(r.Least))
}

// Cost is that of the heads in a year.
func (p *Problem) Cost(heads []int) float64 {
	sum := 0.0
	for i, n := range heads {
		sum += p.Choices[i].Cost * float64(n)
	}
	return sum
}

// broken is the first rule or bound that the heads break, or empty.
func (p *Problem) broken(heads []int) string {
	for i, c := range p.Choices {
		if heads[i] < c.Least || heads[i] > c.Most {
			return "bounds of " + c.Name
		}
	}
	for i := range p.Rules {
		if p.Rules[i].lacks(heads) {
			return p.Rules[i].Name
		}
	}
	return ""
}

// program is the integer program of the choices, within the rules and further rows.
func (p *Problem) program(further []Row) *Program {
	out := &Program{Rows: slices.Concat(p.Rules, further)}
	for _, c := range p.Choices {
		out.Cost = append(out.Cost, c.Cost)
		out.Least = append(out.Least, c.Least)
		out.Most = append(out.Most, c.Most)
		out.Step = append(out.Step, max(1, c.Step))
	}
	return out
}

// Evaluator measures how well staffings keep the objectives.
type Evaluator interface {
	// Evaluate plays a staffing. The same heads and sample give the same figures, and samples of one stream have the same
	// workload for all staffings (common random numbers). The result is read-only.
	Evaluate(ctx context.Context, heads []int, s Sample) (*Evaluation, error)
}

// Sample names replications: the first so many of a stream.
type Sample struct {
	Stream       int // Fresh or a number from 1 on: independent of each other
	Replications int
	Whole        bool // of the whole run, as for the verdict; searches play parts of it
}

// Fresh is the stream of the verdict, which no search sees: later attempts use Fresh - 1, Fresh - 2 and so on.
const Fresh = 0

// Evaluation is what was measured of a staffing.
type Evaluation struct {
	Scores []Score // by objective
	Late   []Lateness
	Busy   [][]float64 // agents at work by pool and hour of the week, from Monday 00:00 UTC on; nil = unknown
	// Occupancy is busy / available time by pool, and Growth the waiting touches of the last quarter of the weeks over those of the
	// first, with Waiting in the mean; what no objective speaks of shows there. nil = unknown.
	Occupancy []float64
	Growth    stats.Estimate
	Waiting   float64
	// Overtime is what the staffing costs in a year beyond the cost of its heads.
	Overtime stats.Estimate
}

// Score is how a staffing stands to one objective. Slacks are in the unit of the objective: shares, or parts of the goal
// where that is a time or a sum.
type Score struct {
	Value     float64   // of the measure
	HalfWidth float64   // of its confidence interval
	Bound     float64   // one-sided, on the side of the goal
	Period    int       // of the worst week or hour of the week, where the goal holds for each; -1 = the whole run
	Slack     float64   // how far Value lies on the good side of the goal less its margin
	Reach     float64   // from Value to its one-sided bound
	Guard     float64   // the Reach to be expected in the verdict
	Decided   float64   // of how many Value is a share; 0 = it is none, or unknown
	Each      []float64 // Slack by replication, where that is known, for paired differences
	Met       bool      // the bound reaches the goal less its margin
	Missed    bool      // the opposite bound does not
}

// Met reports whether every objective is.
func (e *Evaluation) Met() bool {
	return !slices.ContainsFunc(e.Scores, func(s Score) bool { return !s.Met })
}

// Blame is what was late for an objective while one more head of a choice might have helped.
func (e *Evaluation) Blame(objective, choice int) float64 {
	sum := 0.0
	for _, l := range e.Late {
		sum += l.Count[objective] * l.Team[choice]
	}
	return sum
}

// Missed reports whether some objective is for certain.
func (e *Evaluation) Missed() bool {
	return slices.ContainsFunc(e.Scores, func(s Score) bool { return s.Missed })
}
