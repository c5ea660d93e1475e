package planner

import (
	"cmp"
	"math"
	"slices"
)

// worth is what a head of each choice was seen to add to the slack of each objective, learnt from moves of one choice. It
// only orders what is tried.
type worth struct {
	s    *search
	gain [][]float64 // by choice and objective, for one lot; NaN = not seen
}

func newWorth(s *search) *worth {
	w := &worth{s: s, gain: make([][]float64, len(s.Choices))}
	for i := range w.gain {
		w.gain[i] = make([]float64, len(s.raise))
		for k := range w.gain[i] {
			w.gain[i][k] = math.NaN()
		}
	}
	return w
}

// learn takes note of a move that took away one lot of one choice.
func (w *worth) learn(m move, before, after *Evaluation) {
	at := -1
	for i, d := range m.change {
		switch {
		case d == 0:
		case at >= 0 || d > 0:
			return
		default:
			at = i
		}
	}
	for k := range w.gain[at] {
		w.gain[at][k] = before.Scores[k].Slack - after.Scores[k].Slack
	}
}

// after is the worst slack to be expected after a move, and whether it is known.
func (w *worth) after(m move, ev *Evaluation) (slack float64, known bool) {
	slack = math.Inf(1)
	for k := range ev.Scores {
		left := w.s.slack(ev, k)
		for i, d := range m.change {
			if d == 0 {
				continue
			}
			if math.IsNaN(w.gain[i][k]) {
				return 0, false
			}
			left += float64(d/max(1, w.s.Choices[i].Step)) * w.gain[i][k]
		}
		slack = min(slack, left)
	}
	return slack, true
}

// promises reports whether a move may suffice as far as is known. The slack of several heads is not the sum of theirs, so
// much is allowed for.
func (w *worth) promises(m move, ev *Evaluation) bool {
	slack, known := w.after(m, ev)
	if !known {
		return true
	}
	most := 0.0
	for i, d := range m.change {
		for _, g := range w.gain[i] {
			if d != 0 {
				most = max(most, math.Abs(g))
			}
		}
	}
	return slack >= -most/2
}

// order is the moves in the order in which they are tried: those of one choice first, as long as their worth is not known, then by
// what they are expected to leave.
func (w *worth) order(moves []move, heads []int, ev *Evaluation) []move {
	type ranked struct {
		move
		rank  int
		slack float64
	}
	var list []ranked
	for _, m := range moves {
		slack, known := w.after(m, ev)
		r := ranked{move: m, slack: slack}
		switch {
		case known && slack >= 0:
			r.rank = 0
		case !known && single(m):
			r.rank = 1
		case known:
			r.rank = 2
		default:
			r.rank = 3
		}
		list = append(list, r)
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		if a.rank == 0 && b.rank == 0 {
			return cmp.Compare(b.saving, a.saving)
		}
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.slack, a.slack), cmp.Compare(b.saving, a.saving))
	})
	out := make([]move, len(list))
	for i := range list {
		out[i] = list[i].move
	}
	return out
}

// single reports whether a move only takes heads of one choice away.
func single(m move) bool {
	changed := 0
	for _, d := range m.change {
		if d > 0 {
			return false
		}
		if d < 0 {
			changed++
		}
	}
	return changed == 1
}
