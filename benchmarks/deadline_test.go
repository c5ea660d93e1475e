package benchmarks

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"sunrelay/benchmarks/reference"
	"sunrelay/model/calendar"
)

// deadlineWork is the work that others were measured on: a million random instants in two years of New York, 08:00 to
// 21:00 from Monday to Friday less the holidays of the United States; add eight hours of open time, or take the open
// time of thirty days.
type deadlineWork struct {
	definition   calendar.Definition
	from, to     calendar.Instant
	timeline     *calendar.Timeline
	policy       *calendar.Policy
	starts, ends []calendar.Instant
	dues         []calendar.Instant
	lengths      []calendar.Duration
}

const (
	deadlineStarts = 1_000_000
	deadlineLength = 8 * calendar.Hour
	elapsedLength  = 30 * calendar.Day
)

func newDeadlineWork(tb testing.TB, size int) *deadlineWork {
	tb.Helper()
	w := &deadlineWork{
		from: calendar.FromTime(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)),
		to:   calendar.FromTime(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)),
		dues: make([]calendar.Instant, size), lengths: make([]calendar.Duration, size),
	}
	w.definition = newYork(tb, 2024, 2028)
	var err error
	if w.timeline, err = w.definition.Compile(w.from, w.to); err != nil {
		tb.Fatal(err)
	}
	if w.policy, err = w.timeline.Policy(calendar.Target{Amount: int64(deadlineLength), Unit: calendar.Open}); err != nil {
		tb.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	span := int64(w.to - w.from - calendar.Instant(31*calendar.Day))
	for range size {
		start := w.from + calendar.Instant(r.Int64N(span))
		w.starts = append(w.starts, start)
		w.ends = append(w.ends, start.Add(elapsedLength))
	}
	return w
}

func newYork(tb testing.TB, fromYear, toYear int) calendar.Definition {
	tb.Helper()
	zone, err := calendar.EmbeddedZones().Location("America/New_York")
	if err != nil {
		tb.Fatal(err)
	}
	holidays, err := calendar.Holidays("us", fromYear, toYear)
	if err != nil {
		tb.Fatal(err)
	}
	hours, err := calendar.ParseHours("mon-fri 08:00-21:00")
	if err != nil {
		tb.Fatal(err)
	}
	d := calendar.Definition{Zone: zone, Hours: hours}
	d.AddHolidays(holidays)
	return d
}

// rickar is the same calendar for the library, with its day cache.
func (w *deadlineWork) rickar() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.SetWorkHours(8*time.Hour, 21*time.Hour)
	c.Cacheable = true
	c.AddHoliday(us.Holidays...)
	return c
}

// BenchmarkDeadline reports the time of one deadline (or elapsed time) in each form, beside the same work done by
// rickar/cal and by the bare reference table, which take turns with it in one run.
func BenchmarkDeadline(b *testing.B) {
	w := newDeadlineWork(b, deadlineStarts)
	b.Run("calendar=us/op=single", func(b *testing.B) { w.against(b, w.single, w.rickarAdd) })
	b.Run("calendar=us/op=latency", func(b *testing.B) { w.against(b, w.chained, w.rickarAdd) })
	b.Run("calendar=us/op=batch", func(b *testing.B) { w.against(b, w.batch, w.rickarAdd) })
	b.Run("calendar=us/op=due", func(b *testing.B) { w.against(b, w.due, w.rickarAdd) })
	b.Run("calendar=us/op=policy", func(b *testing.B) { w.against(b, w.policyBatch, w.rickarAdd) })
	b.Run("calendar=us/op=elapsed", func(b *testing.B) { w.against(b, w.elapsed, w.rickarElapsed) })
	b.Run("calendar=us/op=compile", compileElevenYears)
}

// against reports ns per operation of the work, and how many times longer rickar/cal and how many times shorter the
// reference table take.
func (w *deadlineWork) against(b *testing.B, work func(), rickar func(*cal.BusinessCalendar, int)) {
	floor, starts, dues := w.reference(b)
	library := w.rickar()
	rickar(library, rickarOperations) // fills its cache
	product, other, bare := time.Duration(1<<62), time.Duration(1<<62), time.Duration(1<<62)
	for b.Loop() {
		other = min(other, fastest(1, func() { rickar(library, rickarOperations) }))
		product = min(product, fastest(4, work))
		bare = min(bare, fastest(4, func() { floor.Fill(dues, starts) }))
	}
	each := float64(product.Nanoseconds()) / float64(len(w.starts))
	b.ReportMetric(each, "ns/deadline")
	b.ReportMetric(float64(bare.Nanoseconds())/float64(len(w.starts)), "reference-ns/deadline")
	b.ReportMetric(float64(product)/float64(bare), "ratio")
	b.ReportMetric(float64(other.Nanoseconds())/rickarOperations/each, "times-rickar")
}

// fastest is the shortest of so many turns in a row. The first ones after the library's turn find the caches and the branch
// predictor full of its work.
func fastest(turns int, work func()) time.Duration {
	shortest := time.Duration(1 << 62)
	for range turns {
		began := time.Now()
		work()
		shortest = min(shortest, time.Since(began))
	}
	return shortest
}

// rickarOperations keeps its turn about as long as that of the product.
const rickarOperations = 5_000

func (w *deadlineWork) single() {
	for i, start := range w.starts {
		due, err := w.timeline.Deadline(start, deadlineLength)
		if err != nil {
			panic(err)
		}
		w.dues[i] = due
	}
}

// chained makes each start wait for the deadline before it, so that it measures latency.
func (w *deadlineWork) chained() {
	due := calendar.Instant(0)
	for _, start := range w.starts {
		var err error
		if due, err = w.timeline.Deadline(start+due&1, deadlineLength); err != nil {
			panic(err)
		}
	}
	w.dues[0] = due
}

func (w *deadlineWork) batch() { w.timeline.Deadlines(w.dues, w.starts, deadlineLength) }

func (w *deadlineWork) due() {
	for i, start := range w.starts {
		w.dues[i], _ = w.policy.Due(start)
	}
}

func (w *deadlineWork) policyBatch() { w.policy.Dues(w.dues, w.starts) }

func (w *deadlineWork) elapsed() { w.timeline.OpenTimes(w.lengths, w.starts, w.ends) }

func (w *deadlineWork) rickarAdd(c *cal.BusinessCalendar, n int) {
	for i := range min(n, len(w.starts)) {
		c.AddWorkHours(w.starts[i].Time().In(w.definition.Zone), deadlineLength.Std())
	}
}

func (w *deadlineWork) rickarElapsed(c *cal.BusinessCalendar, n int) {
	for i := range min(n, len(w.starts)) {
		zone := w.definition.Zone
		c.WorkHoursInRange(w.starts[i].Time().In(zone), w.ends[i].Time().In(zone))
	}
}

// reference is the bare table with the starts in seconds.
func (w *deadlineWork) reference(tb testing.TB) (table *reference.DeadlineTable, starts, dues []uint32) {
	tb.Helper()
	seconds := func(at calendar.Instant) uint32 { return uint32(int64(at) / int64(calendar.Second)) }
	last := w.to.Add(-30 * calendar.Day)
	table = reference.NewDeadlineTable(seconds(w.from), seconds(last), func(start uint32) uint32 {
		due, ok := w.policy.Due(calendar.Instant(start) * calendar.Instant(calendar.Second))
		if !ok {
			tb.Fatalf("no due for second %d", start)
		}
		return seconds(due)
	})
	for _, start := range w.starts {
		starts = append(starts, seconds(start))
	}
	return table, starts, make([]uint32, len(starts))
}

func compileElevenYears(b *testing.B) {
	d := newYork(b, 2019, 2032)
	from := calendar.FromTime(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	to := calendar.FromTime(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC))
	for b.Loop() {
		if _, err := d.Compile(from, to); err != nil {
			b.Fatal(err)
		}
	}
}

// TestDeadlineWork runs the benchmark's work at a small size: all forms agree, with the reference to the second, and with
// rickar/cal as an independent opinion.
func TestDeadlineWork(t *testing.T) {
	w := newDeadlineWork(t, 3000)
	w.single()
	single := slices.Clone(w.dues)
	table, starts, dues := w.reference(t)
	table.Fill(dues, starts)
	library := w.rickar()
	for i, start := range w.starts {
		if want := single[i] / calendar.Instant(calendar.Second); calendar.Instant(dues[i]) != want {
			t.Fatalf("reference says %d for %v, want %d", dues[i], start, want)
		}
		theirs := library.AddWorkHours(start.Time().In(w.definition.Zone), deadlineLength.Std())
		if at := calendar.FromTime(theirs); at != single[i] {
			t.Fatalf("rickar/cal says %v for %v, want %v", at, start, single[i])
		}
	}
	for name, form := range map[string]func(){"batch": w.batch, "due": w.due, "policy": w.policyBatch} {
		clear(w.dues)
		form()
		if !slices.Equal(w.dues, single) {
			t.Errorf("%s differs from single deadlines", name)
		}
	}
	w.elapsed()
	for i, length := range w.lengths {
		zone := w.definition.Zone
		theirs := library.WorkHoursInRange(w.starts[i].Time().In(zone), w.ends[i].Time().In(zone))
		if theirs != length.Std() {
			t.Fatalf("rickar/cal says %v open from %v to %v, want %v", theirs, w.starts[i], w.ends[i], length.Std())
		}
	}
}
