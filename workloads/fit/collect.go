package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// Collector takes in cases one by one and keeps what a fit needs. Its memory does not depend on their number, but for the numbers of
// cases, of which it remembers the first four million.
type Collector struct {
	zone       *time.Location
	days       map[int]*day // by local date: days since 1970-01-01
	words      [trace.Plan + 1][]int
	response   reservoir
	resolution reservoir
	lag        reservoir // from resolved to closed
	promise    reservoir // from opened to due
	handling   reservoir
	touches    moments
	handOffs   moments
	reopened   moments
	waitShare  ratio // of the customer's wait in the time to resolve

	cases, open   int
	seconds       bool // some first response is not on a whole minute
	duplicates    int
	backwards     int // ended before they were opened
	atOnce        int // ended within a minute
	unresolved    int // closed without a time of being resolved, where the log has such times
	early         early
	metKnown, met int
	lastSeen      calendar.Instant
	ids           numbers
}

// day is what is known of a local day.
type day struct {
	hours   [24]int // arrivals
	met     int     // of those that arrived, where it is known
	decided int
}

func (d *day) arrivals() (sum int) {
	for _, n := range d.hours {
		sum += n
	}
	return sum
}

// mostNumbers is how many numbers of cases are remembered, to find those that occur twice.
const mostNumbers = 4 << 20

// numbers is a set of hashes other than 0, in a table of which at most half is full. The zero value is empty.
type numbers struct {
	slots []uint64
	n     int
}

// add reports whether the number is there already. Beyond mostNumbers it remembers nothing more.
func (s *numbers) add(number uint64) (known bool) {
	if 2*s.n >= len(s.slots) && s.n < mostNumbers {
		old := s.slots
		s.slots = make([]uint64, max(1024, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				*s.slot(o) = o
			}
		}
	}
	slot := s.slot(number)
	if *slot == 0 && s.n < mostNumbers {
		*slot = number
		s.n++
		return false
	}
	return *slot == number
}

// slot is where a number is or would be.
func (s *numbers) slot(number uint64) *uint64 {
	mask := len(s.slots) - 1
	for i := int(number>>1) & mask; ; i = (i + 1) & mask {
		if s.slots[i] == 0 || s.slots[i] == number {
			return &s.slots[i]
		}
	}
}

// NewCollector is for the log; local days and hours are those of its zone. The zone may be set while nothing was added.
func NewCollector(zone *time.Location) *Collector {
	if zone == nil {
		zone = time.UTC
	}
	return &Collector{
		zone: zone, days: map[int]*day{}, lastSeen: math.MinInt64,
		response: newReservoir(1), resolution: newReservoir(2), lag: newReservoir(3), promise: newReservoir(4), handling: newReservoir(5),
	}
}

// Add takes in a case.
func (c *Collector) Add(k *trace.Case) {
	if k.ID != 0 && c.ids.add(k.ID) {
		c.duplicates++
	}
	c.cases++
	c.lastSeen = max(c.lastSeen, k.Last())
	number, hour := localHour(k.Opened, c.zone)
	d := c.days[number]
	if d == nil {
		d = &day{}
		c.days[number] = d
	}
	d.hours[hour]++
	for role := trace.Severity; role <= trace.Plan; role++ {
		c.addWord(role, k.Words[role])
	}
	c.addTimes(k, number)
	if k.Met >= 0 {
		c.metKnown++
		c.met += int(k.Met)
		d.decided++
		d.met += int(k.Met)
	}
	if k.HandleTime > 0 {
		c.handling.add(observation{value: k.HandleTime * float64(calendar.Minute), day: number})
	}
	c.touches.add(k.Touches)
	c.handOffs.add(k.HandOffs)
	c.reopened.add(k.Reopened)
}

func (c *Collector) addWord(role trace.Role, index int32) {
	if index < 0 {
		return
	}
	for int(index) >= len(c.words[role]) {
		c.words[role] = append(c.words[role], 0)
	}
	c.words[role][index]++
}

// addTimes takes in how long things took. Times that run backwards count for nothing.
func (c *Collector) addTimes(k *trace.Case, number int) {
	severity := k.Words[trace.Severity]
	if k.Response != trace.NoTime && k.Response%calendar.Instant(calendar.Minute) != 0 {
		c.seconds = true
	}
	span := func(r *reservoir, from, to calendar.Instant) {
		if to != trace.NoTime && from != trace.NoTime && to >= from {
			r.add(observation{value: float64(to - from), day: number, severity: severity})
		}
	}
	span(&c.response, k.Opened, k.Response)
	span(&c.promise, k.Opened, k.Due)
	span(&c.lag, k.Resolved, k.Closed)
	c.early.add(k)
	end := k.Ended()
	if k.Resolved == trace.NoTime && k.Closed != trace.NoTime {
		c.unresolved++
	}
	switch {
	case end == trace.NoTime:
		c.open++
		c.resolution.add(observation{value: float64(k.Opened), day: number, severity: severity, open: true})
	case end < k.Opened:
		c.backwards++
	default:
		span(&c.resolution, k.Opened, end)
		took := float64(end - k.Opened)
		if took < float64(calendar.Minute) {
			c.atOnce++
		}
		if k.CustomerWait >= 0 && took > 0 {
			c.waitShare.add(k.CustomerWait*float64(calendar.Hour), took)
		}
	}
}

// early counts times before those that they follow.
type early struct{ responses, closings, dues int }

func (e *early) add(k *trace.Case) {
	count := func(n *int, from, to calendar.Instant) {
		if from != trace.NoTime && to != trace.NoTime && to < from {
			*n++
		}
	}
	count(&e.responses, k.Opened, k.Response)
	count(&e.closings, k.Resolved, k.Closed)
	count(&e.dues, k.Opened, k.Due)
}

func (e *early) any() bool { return e.responses+e.closings+e.dues > 0 }

// String lists what there is.
func (e *early) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{e.responses, "first responses before the case was opened"}, {e.closings, "closings before the case was resolved"}, {e.dues, "dues before the case was opened"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// localHour is the local date of an instant (days since 1970-01-01) and its hour.
func localHour(at calendar.Instant, zone *time.Location) (number, hour int) {
	local := trace.Local(at, zone)
	number = int(local / int64(calendar.Day))
	if local %= int64(calendar.Day); local < 0 {
		local += int64(calendar.Day)
		number--
	}
	return number, int(local / int64(calendar.Hour))
}

// observation is how long something took, in milliseconds. Of an open case it is instead the instant of its opening, until the end
// of the log is known.
type observation struct {
	value    float64
	day      int
	severity int32
	open     bool
}

// SampleSize is how many observations are kept at random where there are more.
const SampleSize = 100_000

// reservoir keeps a random sample of observations (K.-H. Li 1994, "Reservoir-sampling algorithms of time complexity
// O(n(1+log(N/n)))", algorithm L), the same for the same log.
type reservoir struct {
	kept   []observation
	seen   int
	next   int     // which of those seen is kept next
	weight float64 // the largest of the random numbers of those kept
	random *rand.Rand
}

func newReservoir(seed uint64) reservoir {
	return reservoir{weight: 1, random: rand.New(rand.NewPCG(seed, 0))}
}

func (r *reservoir) add(o observation) {
	r.seen++
	switch {
	case len(r.kept) < SampleSize:
		if r.kept = append(r.kept, o); len(r.kept) == SampleSize {
			r.skip()
		}
	case r.seen == r.next:
		r.kept[r.random.IntN(SampleSize)] = o
		r.skip()
	}
}

// skip draws which is kept next.
func (r *reservoir) skip() {
	r.weight *= math.Exp(math.Log(r.random.Float64()) / SampleSize)
	r.next = r.seen + 1 + int(math.Log(r.random.Float64())/math.Log1p(-r.weight))
}

// moments are the number, mean and variance of what was recorded; negative values are not.
type moments struct {
	n, positive int
	mean, m2    float64
}

func (m *moments) add(x float64) {
	if x < 0 {
		return
	}
	m.n++
	if x > 0 {
		m.positive++
	}
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.m2 += d * (x - m.mean)
}

// error is the standard error of the mean.
func (m *moments) error() float64 {
	if m.n < 2 {
		return math.NaN()
	}
	return math.Sqrt(m.m2 / float64(m.n-1) / float64(m.n))
}

// share is the share of positive values with its standard error.
func (m *moments) share() Estimate {
	p := float64(m.positive) / float64(m.n)
	return Estimate{p, math.Sqrt(p * (1 - p) / float64(m.n))}
}

// ratio is a ratio of sums.
type ratio struct{ above, below, aboveSquares, products, belowSquares float64 }

func (r *ratio) add(above, below float64) {
	r.above, r.below = r.above+above, r.below+below
	r.aboveSquares, r.products, r.belowSquares = r.aboveSquares+above*above, r.products+above*below, r.belowSquares+below*below
}

// estimate is the ratio with its standard error by linearisation (W. Cochran, "Sampling Techniques", 6.4).
func (r *ratio) estimate() Estimate {
	ratio := r.above / r.below
	return Estimate{ratio, math.Sqrt(max(0, r.aboveSquares-2*ratio*r.products+ratio*ratio*r.belowSquares)) / r.below}
}
