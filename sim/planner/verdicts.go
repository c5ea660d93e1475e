package planner

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/sim/stats"
)

// verdict plays the plan on replications that no search has seen: with patience on twice as many where that may make the difference.
func (s *search) verdict(ctx context.Context, heads []int, attempt int, patience bool) (*Plan, error) {
	s.best = s.Cost(heads)
	s.tell("verdict")
	sample := Sample{Fresh - attempt, s.options.Verdict, true}
	ev, err := s.evaluate(ctx, heads, sample)
	if err != nil {
		return nil, err
	}
	if patience && ev.near() {
		sample.Replications *= 2
		if ev, err = s.evaluate(ctx, heads, sample); err != nil {
			return nil, err
		}
	}
	plan := &Plan{Heads: heads, Cost: s.Cost(heads), Confirmed: ev.Met(), Verdict: ev, Sample: sample, Attempts: attempt + 1}
	s.verdicts = append(s.verdicts, plan)
	return plan, nil
}

// near reports whether a verdict that is not passed may be with twice the replications: estimates reach the goals by what its bounds will
// then need.
func (e *Evaluation) near() bool {
	const half = 0.6 // of the reach: less than 1/√2, since the quantile of fewer replications is larger
	return !e.Met() && !slices.ContainsFunc(e.Scores, func(s Score) bool {
		return !s.Met && (s.Slack < half*s.Reach || math.IsInf(s.Slack, 1))
	})
}

// undecided reports whether nothing was measured of an objective that is not met.
func (e *Evaluation) undecided() bool {
	return slices.ContainsFunc(e.Scores, func(s Score) bool { return !s.Met && math.IsInf(s.Slack, 1) })
}

// judge sets what a plan can be expected to have to spare in one more verdict, by all that there are. A verdict on one plan tells of another by
// their difference on common random numbers: so a plan that was lucky in its own verdict is found out by those on its neighbours.
func (s *search) judge(ctx context.Context, plan *Plan) error {
	count := float64(len(s.verdicts))
	plan.spare, plan.doubt = make([]float64, len(plan.Verdict.Scores)), make([]float64, len(plan.Verdict.Scores))
	var differences [][]stats.Estimate // of the plan to that of each verdict
	for _, v := range s.verdicts {
		d, err := s.difference(ctx, v.Heads, plan.Heads, judging, s.sample.Replications)
		if err != nil {
			return err
		}
		differences = append(differences, d)
	}
	for k := range plan.spare {
		square, reach := 0.0, 0.0
		for _, v := range s.verdicts {
			score := &v.Verdict.Scores[k]
			square += score.HalfWidth * score.HalfWidth / count
			reach += score.Guard / count
		}
		sum, weights := 0.0, 0.0
		for i, v := range s.verdicts {
			const tiny = 1e-12
			slack := v.Verdict.Scores[k].Slack + differences[i][k].Mean
			if math.IsInf(slack, 0) || math.IsNaN(slack) {
				continue // nothing was measured of it
			}
			weight := 1 / (square + differences[i][k].HalfWidth*differences[i][k].HalfWidth + tiny)
			sum += weight * slack
			weights += weight
		}
		switch own := &plan.Verdict.Scores[k]; {
		case math.IsInf(own.Slack, 1):
			plan.spare[k] = math.Inf(1)
		case weights > 0:
			plan.spare[k] = sum/weights - reach
			plan.doubt[k] = 1 / (2 * math.Sqrt(weights)) // half-widths are about two deviations
		default: // without an interval
			plan.spare[k] = own.Slack - own.Reach
		}
	}
	return nil
}

// refused is a plan that has nowhere fewer heads and whose verdict was not passed, or nil.
func (s *search) refused(heads []int) []int {
	for _, v := range s.verdicts {
		if !v.Confirmed && atMost(heads, v.Heads) {
			return v.Heads
		}
	}
	return nil
}

// oneSided is the confidence of a finding on one side.
const oneSided = 0.95

// normalQuantile is that of the normal distribution at oneSided.
var normalQuantile = distuv.UnitNormal.Quantile(oneSided)

// difference is that of all slacks between two plans on a sample: of b less those of a.
func (s *search) difference(ctx context.Context, a, b []int, stream, replications int) ([]stats.Estimate, error) {
	sample := Sample{Stream: stream, Replications: replications}
	before, err := s.evaluate(ctx, a, sample)
	if err != nil {
		return nil, err
	}
	after, err := s.evaluate(ctx, b, sample)
	if err != nil {
		return nil, err
	}
	var out []stats.Estimate
	for k := range before.Scores {
		out = append(out, paired(before.Scores[k], after.Scores[k]))
	}
	return out, nil
}

// paired is the difference of the slacks b - a with its one-sided half-width.
func paired(a, b Score) stats.Estimate {
	if len(a.Each) < 2 || len(a.Each) != len(b.Each) {
		return stats.Estimate{Mean: b.Slack - a.Slack}
	}
	e := stats.Estimator{Confidence: 2*oneSided - 1}
	return e.Difference(e.MeanOf(b.Each), e.MeanOf(a.Each))
}
