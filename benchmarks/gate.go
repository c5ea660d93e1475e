package benchmarks

import (
	"math"

	"golang.org/x/perf/benchmath"
)

// alpha is the level of the test that two sets of samples differ at all, that of benchstat. What guards against false alarms is
// more than it: the medians must differ by more than is tolerated, and once more in a second measurement. With four samples
// a side the smallest possible p is 0.029, so that fewer prove nothing.
const alpha = 0.05

// measure is one of the three that the gate watches.
type measure struct {
	name string
	of   func(Sample) float64
	// least is an increase that does not matter, however large it is beside the base.
	least float64
}

// measures are compared. Time itself is not: it depends on the machine and its other users.
var measures = []measure{
	{"ratio_to_reference", ratioOf, 0},
	{"allocs_per_op", allocsPerOp, 0.01},
	{"max_rss_bytes", maxRSS, 8 << 20},
}

// Comparison is one measure of a case in two builds.
type Comparison struct {
	Name    string  `json:"name"`
	Size    int     `json:"size"`
	Measure string  `json:"measure"`
	Base    float64 `json:"base"` // median
	Head    float64 `json:"head"` // median
	Change  float64 `json:"change"`
	P       float64 `json:"p"`
	Verdict Verdict `json:"verdict"`
}

// Verdict is what a comparison says.
type Verdict string

// The verdicts. A regression is one that is statistically certain and larger than what is tolerated; what is uncertain is
// larger by the medians, and may be chance.
const (
	Same       Verdict = "same"
	Better     Verdict = "better"
	Uncertain  Verdict = "uncertain"
	Regression Verdict = "regression"
)

// compare judges all measures of a case; tolerated is the relative increase that is no regression.
func compare(c Case, base, head []Sample, tolerated float64) []Comparison {
	var all []Comparison
	for _, m := range measures {
		b, h := sampleOf(base, m.of), sampleOf(head, m.of)
		r := Comparison{Name: c.Name, Size: c.Size, Measure: m.name, Verdict: Same}
		r.Base = benchmath.AssumeNothing.Summary(b, 0.95).Center
		r.Head = benchmath.AssumeNothing.Summary(h, 0.95).Center
		r.Change = change(r.Base, r.Head)
		r.P = benchmath.AssumeNothing.Compare(b, h).P
		certain := r.P < alpha
		switch larger := r.Change > tolerated && r.Head-r.Base > m.least; {
		case larger && certain:
			r.Verdict = Regression
		case larger:
			r.Verdict = Uncertain
		case certain && r.Change < -tolerated && r.Base-r.Head > m.least:
			r.Verdict = Better
		}
		all = append(all, r)
	}
	return all
}

// change is the relative increase from base to head.
func change(base, head float64) float64 {
	switch {
	case base == head:
		return 0
	case base == 0:
		return math.MaxFloat64 // from nothing to something; JSON has no infinity
	}
	return head/base - 1
}
