package experiment

import (
	"sunrelay/model/calendar"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// WarmUpError is the probability that CheckWarmUp finds a lack although the organisation was as full in the first measured
// week as in the next.
const WarmUpError = 0.01

// WarmUpLack is work in progress that the first measured week lacks.
type WarmUpLack struct {
	Of   string         // what there is too little of
	Lack stats.Estimate // by how much the first week is below the next, as a share of these
}

// CheckWarmUp compares the first measured week with the next, at most three: an organisation that has not warmed up has
// fewer open cases and waiting touches then. A lack of at least a twentieth is told if Student's one-sided test finds it,
// paired by replication, with both tests together erring with the probability WarmUpError where the load is steady. Where
// the load itself rises in these weeks, by the season or a holiday, the test finds that as well. A run of less than two
// weeks, or of one replication, has nothing to compare.
func (r *Result) CheckWarmUp() []WarmUpLack {
	const least, tests = 0.05, 2
	weeks := min(4, int((r.Model.Scenario.End-r.Model.Scenario.Start)/calendar.Instant(calendar.Week)))
	if weeks < 2 || len(r.Replications) < 2 {
		return nil
	}
	degrees := len(r.Replications) - 1
	factor := stats.TwoSidedT(1-2*WarmUpError/tests, degrees) / stats.TwoSidedT(Confidence, degrees)
	var lacks []WarmUpLack
	for _, check := range []struct {
		of   string
		part func(metrics.BacklogTotal) int64
	}{
		{"open cases", func(b metrics.BacklogTotal) int64 { return b.Open }},
		{"waiting touches", func(b metrics.BacklogTotal) int64 { return b.Waiting }},
	} {
		lack := r.lackOf(weeks, check.part)
		if lack.Mean >= least && lack.Mean-factor*lack.HalfWidth > 0 {
			lacks = append(lacks, WarmUpLack{check.of, lack})
		}
	}
	return lacks
}

// lackOf is how far the first week lies below the mean of the others, as a share of it.
func (r *Result) lackOf(weeks int, part func(metrics.BacklogTotal) int64) stats.Estimate {
	later := func(t *metrics.Totals) int64 {
		var sum int64
		for _, w := range t.BacklogByWeek[1:weeks] {
			sum += part(w)
		}
		return sum
	}
	return r.ratio(func(t *metrics.Totals) int64 {
		return later(t) - int64(weeks-1)*part(t.BacklogByWeek[0])
	}, later)
}
