package benchmarks

import (
	"context"
	"fmt"
)

// Sampler takes a sample of a case in a process of its own.
type Sampler func(ctx context.Context, c Case) (Sample, error)

// Session says what is measured and what it is compared with.
type Session struct {
	Cases []Case
	Count int // samples of each case
	Head  Sampler

	// Baseline are results of earlier, and Base is another build, to compare with; at most one of them is not nil.
	Baseline *Results
	Base     Sampler
	// Tolerated is the relative increase that is no regression.
	Tolerated float64

	// Sampled is called after each sample; nil = nobody.
	Sampled func()
}

// Samples is how many samples are taken at the least.
func (s *Session) Samples() int {
	n := len(s.Cases) * s.Count
	if s.Base != nil {
		n *= 2
	}
	return n
}

// Run measures all cases by turns, so that what happens on the machine in the meantime happens to all of them. Cases that
// seem to have become worse are measured once more, and a regression is what both measurements say: one of them alone may
// have met a bad moment. When the context is cancelled the error is its own, and the results are partial: what was
// sampled until then.
func (s *Session) Run(ctx context.Context) (*Results, error) {
	head, base, err := s.sample(ctx, s.Cases)
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	results := &Results{Schema: Schema, Machine: ThisMachine(), Partial: err != nil}
	var suspects []Case
	for i, c := range s.Cases {
		if len(head[i]) == 0 {
			continue
		}
		results.Workloads = append(results.Workloads, NewResult(c, head[i]))
		if results.Partial {
			continue
		}
		compared := s.compare(c, base[i], head[i])
		if regressed(compared) {
			suspects = append(suspects, c)
		}
		results.Comparisons = append(results.Comparisons, compared...)
	}
	if err != nil || len(suspects) == 0 {
		return results, err
	}
	return results, s.confirm(ctx, suspects, results)
}

func regressed(all []Comparison) bool {
	for _, c := range all {
		if c.Verdict == Regression {
			return true
		}
	}
	return false
}

// Regressed reports whether anything is certainly worse.
func (r *Results) Regressed() bool { return regressed(r.Comparisons) }

// compare compares samples with those of the other build, or with the baseline where it has the case.
func (s *Session) compare(c Case, base, head []Sample) []Comparison {
	if s.Baseline != nil {
		if known := s.Baseline.find(c); known != nil {
			base = known.Samples
		}
	}
	if base == nil {
		return nil
	}
	return compare(c, base, head, s.Tolerated)
}

// confirm measures the suspects again and takes back the verdicts that do not come out the same.
func (s *Session) confirm(ctx context.Context, suspects []Case, results *Results) error {
	head, base, err := s.sample(ctx, suspects)
	if err != nil {
		results.Partial = true
		return err
	}
	for i, c := range suspects {
		for _, again := range s.compare(c, base[i], head[i]) {
			for j := range results.Comparisons {
				first := &results.Comparisons[j]
				same := first.Name == again.Name && first.Size == again.Size && first.Measure == again.Measure
				if same && first.Verdict == Regression && again.Verdict != Regression {
					first.Verdict = Uncertain
				}
			}
		}
	}
	return nil
}

// sample takes the samples of both builds, by case; with an error, those before it.
func (s *Session) sample(ctx context.Context, cases []Case) (head, base [][]Sample, err error) {
	head, base = make([][]Sample, len(cases)), make([][]Sample, len(cases))
	for round := range s.Count {
		for i, c := range cases {
			// Who is first changes with each round.
			for turn := range 2 {
				if (round+turn)%2 == 0 {
					err = s.add(ctx, s.Head, c, &head[i])
				} else if s.Base != nil {
					err = s.add(ctx, s.Base, c, &base[i])
				}
				if err != nil {
					return head, base, err
				}
			}
		}
	}
	return head, base, nil
}

func (s *Session) add(ctx context.Context, take Sampler, c Case, to *[]Sample) error {
	sample, err := take(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%v: %w", c, err)
	}
	*to = append(*to, sample)
	if s.Sampled != nil {
		s.Sampled()
	}
	return nil
}
