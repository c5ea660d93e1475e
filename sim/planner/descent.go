package planner

import (
	"context"
	"slices"
)

// descend goes from heads to a staffing that keeps all objectives on the sample, and on to ever cheaper ones: it plays what the forecast
// proposes, learns from it and goes on from there. Where a proposal lacks something, the next ones are to have that to spare, and half of it
// once one suffices. It ends when several in a row that would have saved little fail. It returns nil heads, and the last evaluation, where the
// bounds do not allow to keep the objectives.
func (s *search) descend(ctx context.Context, heads []int) ([]int, *Evaluation, error) {
	const first, least, worth, much = 0.3, 0.01, 0.002, 0.01
	clear(s.caution)
	patience := max(1, s.options.Steps/10)
	few := s.fewChoices()
	if few { // race looks at all neighbours
		patience = 2
	}
	var best []int
	var bestEv *Evaluation
	part := first
	for step, failed := 0, 0; ; step++ {
		ev, err := s.evaluate(ctx, heads, s.sample)
		if err != nil {
			if best != nil {
				heads = best
			}
			return heads, bestEv, err
		}
		s.forecast.learn(heads, ev)
		switch suffices := s.worst(ev) >= 0; {
		case !suffices:
			s.misses(heads, ev)
			if best == nil || few {
				failed++
				break
			}
			for k := range s.caution {
				s.caution[k] += max(0, -s.slack(ev, k))
			}
			if s.Cost(heads) > (1-much)*s.Cost(best) {
				failed++
			}
		case best == nil || s.Cost(heads) < s.Cost(best):
			failed++
			if best == nil || s.Cost(heads) < (1-worth)*s.Cost(best) {
				failed = 0
			}
			best, bestEv = heads, ev
			s.best = s.Cost(heads)
			for k := range s.caution {
				s.caution[k] /= 2
			}
		default:
			failed++
		}
		if best != nil && (failed >= patience || step >= s.options.Steps) {
			return best, bestEv, nil
		}
		const mostRepairs = 40
		if best == nil && step == mostRepairs {
			return nil, ev, nil
		}
		to := s.propose(heads, ev, part)
		for best != nil && part > least && (s.dominated(to) || s.Cost(to) >= s.Cost(best)) {
			part /= 2
			to = s.propose(best, bestEv, part)
		}
		switch {
		case best == nil && s.dominated(to):
			if to = s.grown(heads, ev); slices.Equal(to, heads) {
				return nil, ev, nil
			}
		case best != nil && (s.dominated(to) || s.Cost(to) >= s.Cost(best)):
			return best, bestEv, nil
		}
		heads = to
	}
}

// grown has more heads of all choices that are to blame where an objective lacks something.
func (s *search) grown(heads []int, ev *Evaluation) []int {
	const part = 0.1
	to := slices.Clone(heads)
	within := s.region(heads, part)
	for _, l := range ev.Late {
		for k, count := range l.Count {
			if count == 0 || s.slack(ev, k) >= 0 {
				continue
			}
			for i, share := range l.Team {
				if share > 0 {
					to[i] = within.most[i]
				}
			}
		}
	}
	return to
}
