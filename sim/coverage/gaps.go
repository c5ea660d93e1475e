package coverage

import (
	"cmp"
	"slices"

	"sunrelay/model/calendar"
)

// gaps are the stretches of the span that no duty covers. Duty may be in any order and overlap. A gap that lasts to the
// end of the span says nothing about when duty begins again.
func gaps(duty []calendar.Interval, span calendar.Interval) []calendar.Interval {
	return subtract([]calendar.Interval{span}, union(duty))
}

// union joins intervals that overlap or touch; they may be in any order.
func union(intervals []calendar.Interval) []calendar.Interval {
	var out []calendar.Interval
	inOrder := slices.SortedFunc(slices.Values(intervals), func(a, b calendar.Interval) int { return cmp.Compare(a.From, b.From) })
	for _, iv := range inOrder {
		if n := len(out); n > 0 && iv.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, iv.To)
		} else {
			out = append(out, iv)
		}
	}
	return out
}

// subtract is what is left of the intervals without the others; both are in order and do not overlap.
func subtract(intervals, others []calendar.Interval) []calendar.Interval {
	var out []calendar.Interval
	for _, iv := range intervals {
		for len(others) > 0 && others[0].To <= iv.From {
			others = others[1:]
		}
		for _, other := range others {
			if other.From >= iv.To {
				break
			}
			if other.From > iv.From {
				out = append(out, calendar.Interval{From: iv.From, To: other.From})
			}
			iv.From = other.To
		}
		if iv.From < iv.To {
			out = append(out, iv)
		}
	}
	return out
}

// broken are the arrivals in the gaps that are due before their gap is over. Dues never fall as arrivals rise, so in each
// gap they are the first ones.
func broken(gaps []calendar.Interval, policy *calendar.Policy) []calendar.Interval {
	var out []calendar.Interval
	for _, gap := range gaps {
		if to := firstInTime(gap, policy); to > gap.From {
			out = append(out, calendar.Interval{From: gap.From, To: to})
		}
	}
	return out
}

// firstInTime is the first arrival in the gap that is not due before the end of the gap: whoever begins duty at that
// instant is in time. It is the end of the gap where there is none.
func firstInTime(gap calendar.Interval, policy *calendar.Policy) calendar.Instant {
	lo, hi := gap.From, gap.To // those before lo are late, hi is in time or the end
	for lo < hi {
		middle := lo + (hi-lo)/2
		if due, ok := policy.Due(middle); ok && due < gap.To {
			lo = middle + 1
		} else {
			hi = middle
		}
	}
	return lo
}
