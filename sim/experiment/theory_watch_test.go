package experiment

import (
	"cmp"
	"math"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/sim/stats"
	"sunrelay/workloads/rng"
)

// watch is an observer of the numbers at fixed times of the day, and of the waits of first touches.
type watch struct {
	from, to calendar.Instant // the measured time
	now      instantNumbers
	samples  []*sample // by time of day
	next     int       // sample that is to be taken next
	day      calendar.Instant
	due      calendar.Instant

	first  *waitSample
	levels []*level
	stays  []*staySample
	since  calendar.Instant // the levels are counted up to here
}

// instantNumbers are what a planner could count at an instant.
type instantNumbers struct {
	open int // cases
	busy int // agents
}

// sample gathers one number at a time of the day: sums over the days of each replication.
type sample struct {
	at       calendar.Duration // since midnight UTC
	of       func(instantNumbers) float64
	n        []float64 // days, by replication
	sum      []float64
	sumOfSqr []float64
}

func newWatch(from, to calendar.Instant) *watch { return &watch{from: from, to: to} }

// at adds a sample of the given time of the day.
func (w *watch) at(time calendar.Duration, of func(instantNumbers) float64) *sample {
	s := &sample{at: time, of: of}
	w.samples = append(w.samples, s)
	slices.SortStableFunc(w.samples, func(a, b *sample) int { return cmp.Compare(a.at, b.at) })
	return s
}

// waits adds the waits of first touches.
func (w *watch) waits() *waitSample {
	if w.first == nil {
		w.first = &waitSample{arrived: map[rng.Key]calendar.Instant{}}
	}
	return w.first
}

// begin prepares for a replication.
func (w *watch) begin(int) {
	w.now = instantNumbers{}
	w.day = w.from - (w.from%calendar.Instant(calendar.Day)+calendar.Instant(calendar.Day))%calendar.Instant(calendar.Day)
	w.next = 0
	for _, s := range w.samples {
		s.n, s.sum, s.sumOfSqr = append(s.n, 0), append(s.sum, 0), append(s.sumOfSqr, 0)
	}
	w.aim()
	if w.first != nil {
		w.first.begin()
	}
	w.since = w.from
	for _, l := range w.levels {
		l.spent = append(l.spent, 0)
	}
	for _, s := range w.stays {
		s.begin()
	}
}

// aim sets due to the next sample's instant.
func (w *watch) aim() {
	w.due = calendar.Instant(1) << 60
	if len(w.samples) > 0 {
		w.due = w.day.Add(w.samples[w.next].at)
	}
}

// end takes the samples after the last event.
func (w *watch) end() {
	w.takeBefore(w.to)
	w.passTo(w.to)
}

// takeBefore takes all samples whose instants lie before now: an instant is sampled after everything that happens at it.
func (w *watch) takeBefore(now calendar.Instant) {
	for w.due < now {
		if w.due >= w.from {
			w.samples[w.next].take(w.now)
		}
		if w.next++; w.next == len(w.samples) {
			w.next = 0
			w.day = w.day.Add(calendar.Day)
		}
		w.aim()
	}
}

func (s *sample) take(n instantNumbers) {
	i := len(s.n) - 1
	x := s.of(n)
	s.n[i]++
	s.sum[i] += x
	s.sumOfSqr[i] += x * x
}

// mean is the mean over all days; replications have the same number of days.
func (s *sample) mean() stats.Estimate { return estimator.RatioOf(s.sum, s.n) }

// variance is the mean over the replications of the variance over the days of each (unbiased but for the dependence of
// days a day apart, which does not matter where work ends within hours).
func (s *sample) variance() stats.Estimate {
	return varianceOf(s.n, s.sum, s.sumOfSqr)
}

func varianceOf(n, sum, sumOfSqr []float64) stats.Estimate {
	var variances []float64
	for i := range n {
		mean := sum[i] / n[i]
		variances = append(variances, (sumOfSqr[i]-n[i]*mean*mean)/(n[i]-1))
	}
	return estimator.MeanOf(variances)
}

// Observe counts and takes what is due.
func (w *watch) Observe(e sim.Event) {
	if w.due < e.At {
		w.takeBefore(e.At)
	}
	if len(w.levels) > 0 {
		w.passTo(e.At)
	}
	for _, s := range w.stays {
		s.observe(e)
	}
	switch e.Kind {
	case sim.Arrived:
		w.now.open++
	case sim.Closed:
		w.now.open--
	case sim.Began:
		w.now.busy++
	case sim.Ended, sim.Suspended:
		w.now.busy--
	}
	if w.first != nil && e.At >= w.from {
		w.first.observe(e)
	}
}

// waitSample gathers the waits of cases for their first touch.
type waitSample struct {
	arrived          map[rng.Key]calendar.Instant
	n, sum, sumOfSqr []float64 // by replication
}

func (s *waitSample) begin() {
	clear(s.arrived)
	s.n, s.sum, s.sumOfSqr = append(s.n, 0), append(s.sum, 0), append(s.sumOfSqr, 0)
}

func (s *waitSample) observe(e sim.Event) {
	switch e.Kind {
	case sim.Arrived:
		s.arrived[e.Case] = e.At
	case sim.Began:
		at, first := s.arrived[e.Case]
		if !first {
			return
		}
		delete(s.arrived, e.Case)
		i := len(s.n) - 1
		wait := float64(e.At.Sub(at))
		s.n[i]++
		s.sum[i] += wait
		s.sumOfSqr[i] += wait * wait
	}
}

// variance is the variance of a wait: the mean square less the square of the mean, with the influence of each
// replication on both (delta method).
func (s *waitSample) variance() stats.Estimate {
	var n, sum, sqr float64
	for i := range s.n {
		n, sum, sqr = n+s.n[i], sum+s.sum[i], sqr+s.sumOfSqr[i]
	}
	mean := sum / n
	value := sqr/n - mean*mean
	influence := make([]float64, len(s.n))
	for i := range s.n {
		// of sqr/n - (sum/n)²: linear in the three sums, and 0 in the mean over the replications
		linear := s.sumOfSqr[i] - 2*mean*s.sum[i] + (mean*mean-value)*s.n[i]
		influence[i] = linear / (n / float64(len(s.n)))
	}
	e := estimator.MeanOf(influence)
	e.Mean = value
	return e
}

// level gathers the time for which so many cases or more are open.
type level struct {
	least int
	spent []float64 // by replication, milliseconds
}

// atLeast adds a level.
func (w *watch) atLeast(cases int) *level {
	l := &level{least: cases}
	w.levels = append(w.levels, l)
	return l
}

// passTo adds the time since the last event.
func (w *watch) passTo(now calendar.Instant) {
	if now <= w.since {
		return
	}
	for _, l := range w.levels {
		if w.now.open >= l.least {
			l.spent[len(l.spent)-1] += float64(now.Sub(w.since))
		}
	}
	w.since = now
}

// staySample gathers the stays of cases with about the same work. A stay that is in proportion to the work, as under
// processor sharing, is scaled to that of a case with just this work.
type staySample struct {
	work    func(sim.Event) float64 // of the case that arrives
	exactly float64
	arrived map[rng.Key]scaledStay
	n, sum  []float64 // by replication
}

type scaledStay struct {
	from  calendar.Instant
	scale float64
}

// aboutEqual is how far work may be off, as a share.
const aboutEqual = 0.1

// staysOf adds a sample.
func (w *watch) staysOf(exactly float64, work func(sim.Event) float64) *staySample {
	s := &staySample{work: work, exactly: exactly, arrived: map[rng.Key]scaledStay{}}
	w.stays = append(w.stays, s)
	return s
}

func (s *staySample) begin() {
	clear(s.arrived)
	s.n, s.sum = append(s.n, 0), append(s.sum, 0)
}

func (s *staySample) observe(e sim.Event) {
	switch e.Kind {
	case sim.Arrived:
		if work := s.work(e); math.Abs(work/s.exactly-1) < aboutEqual {
			s.arrived[e.Case] = scaledStay{e.At, s.exactly / work}
		}
	case sim.Closed:
		if stay, found := s.arrived[e.Case]; found {
			delete(s.arrived, e.Case)
			s.n[len(s.n)-1]++
			s.sum[len(s.sum)-1] += stay.scale * float64(e.At.Sub(stay.from))
		}
	}
}
