package backtest

import (
	"math"
	"math/rand/v2"
	"slices"

	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// Mix is how the cases are mixed by an attribute.
type Mix struct {
	Attribute trace.Role
	Shares    []MixShare // the most frequent of the fit first
	// Distance is the share of the cases that have other values than fitted (half the sum of differences); Usual is below which it
	// stays in 95 % of pairs of logs that are mixed alike.
	Distance, Usual float64
}

// MixShare is the share of a value in the fit and in what was held back.
type MixShare struct {
	Value            string
	Fitted, Recorded float64
}

// mixes compares the mixes of the attributes that are recorded.
func (out *Result) mixes(fitted *fit.Result, r *Recorder) {
	for role := trace.Severity; role <= trace.Plan; role++ {
		after := r.words[role]
		cases, before := 0, 0
		for _, n := range after {
			cases += n
		}
		m := Mix{Attribute: role}
		var pooled []float64
		for value, name := range fitted.Log.Values[role] {
			s := MixShare{Value: name}
			counted := 0
			if i := slices.IndexFunc(fitted.Mixes[role], func(f fit.Share) bool { return f.Value == name }); i >= 0 {
				s.Fitted, counted = fitted.Mixes[role][i].Part.Value, fitted.Mixes[role][i].Cases
			}
			before += counted
			if value < len(after) {
				counted += after[value]
				s.Recorded = float64(after[value]) / float64(max(cases, 1))
			}
			pooled = append(pooled, float64(counted))
			m.Distance += math.Abs(s.Fitted-s.Recorded) / 2
			m.Shares = append(m.Shares, s)
		}
		if before == 0 || cases == 0 {
			continue
		}
		slices.SortStableFunc(m.Shares, func(a, b MixShare) int {
			switch {
			case a.Fitted > b.Fitted:
				return -1
			case a.Fitted < b.Fitted:
				return 1
			}
			return 0
		})
		m.Usual = usual(pooled, before, cases)
		out.Mixes = append(out.Mixes, m)
	}
}

// usual is the distance below which 95 % of pairs of samples of the given sizes stay, mixed as the pooled counts are. The differences
// of the shares p are drawn by the normal law with the covariances of the multinomial one, p(1-p) and -pq: √p·x, with independent
// x of variance 1, less p times the sum of these.
func usual(pooled []float64, before, after int) float64 {
	random := rand.New(rand.NewPCG(3, 4))
	all := 0.0
	for _, n := range pooled {
		all += n
	}
	spread := math.Sqrt(1/float64(before) + 1/float64(after))
	own, distances := make([]float64, len(pooled)), make([]float64, 10*Replications)
	for i := range distances {
		sum := 0.0
		for value, n := range pooled {
			own[value] = math.Sqrt(n/all) * random.NormFloat64()
			sum += own[value]
		}
		for value, n := range pooled {
			distances[i] += spread * math.Abs(own[value]-n/all*sum) / 2
		}
	}
	slices.Sort(distances)
	return distances[len(distances)*95/100]
}
