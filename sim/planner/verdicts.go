package planner

import (
	"context"
	"math"
	"slices"

	"sunrelay/sim/stats"
)

// verdict plays the plan on replications that no search has seen: of few choices, which may leave little between too few heads and too many, on twice
// as many where that may make the difference.
func (s *search) verdict(ctx context.Context, heads []int, attempt int) (*Plan, error) {
	s.best = s.Cost(heads)
	s.tell("verdict")
	sample := Sample{Fresh - attempt, s.options.Verdict, true}
	ev, err := s.evaluate(ctx, heads, sample)
	if err != nil {
		return nil, err
	}
	if s.fewChoices() && ev.near() {
		sample.Replications *= 2
		if ev, err = s.evaluate(ctx, heads, sample); err != nil {
			return nil, err
		}
	}
	return &Plan{Heads: heads, Cost: s.Cost(heads), Confirmed: ev.Met(), Verdict: ev, Sample: sample, Attempts: attempt + 1}, nil
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

// oneSided is the confidence of a finding on one side.
const oneSided = 0.95

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

// paired is the difference of the slacks b - a with its one-sided half-width, on the replications of b, which a has at least; half-width 0 where
// nothing is known by replication.
func paired(a, b Score) stats.Estimate {
	if len(b.Each) < 2 || len(a.Each) < len(b.Each) {
		return stats.Estimate{Mean: b.Slack - a.Slack}
	}
	e := stats.Estimator{Confidence: 2*oneSided - 1}
	return e.Difference(e.MeanOf(b.Each), e.MeanOf(a.Each[:len(b.Each)]))
}
