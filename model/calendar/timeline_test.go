package calendar

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// zonesAndTimes are zones with a time near which their clocks do something unusual.
var zonesAndTimes = []struct {
	zone string
	near string
}{
	{"UTC", "2026-05-01"},
	{"America/New_York", "2026-03-01"},
	{"America/New_York", "2028-10-20"},
	{"America/New_York", "2048-12-20"},     // by rule, over the end of a leap year
	{"Europe/Berlin", "2026-10-15"},        //
	{"Australia/Lord_Howe", "2026-03-20"},  // half an hour back
	{"Australia/Lord_Howe", "2026-09-20"},  // half an hour on
	{"Asia/Kathmandu", "2026-02-01"},       // +05:45
	{"Pacific/Apia", "2011-12-20"},         // no 30 December
	{"Africa/Casablanca", "2026-02-05"},    // standard time in Ramadan
	{"Africa/El_Aaiun", "2026-03-10"},      //
	{"America/Sao_Paulo", "2018-10-25"},    // gap at midnight
	{"America/Sao_Paulo", "2019-02-05"},    // overlap over midnight
	{"Asia/Kathmandu", "1985-12-20"},       // +05:30 to +05:45
	{"America/Scoresbysund", "2024-03-20"}, // zone and daylight saving changed together
	{"Antarctica/Troll", "2026-03-20"},     // two hours on
	{"Europe/London", "1968-02-05"},        // summer time all year
	{"Pacific/Kwajalein", "1993-08-10"},    // no 21 August
	{"America/Caracas", "2007-12-01"},      // half an hour back for good
	{"Asia/Pyongyang", "2018-04-25"},       // half an hour on for good
}

const twinStep = 15 * Minute

// twinCase is a random calendar with its slow twin.
type twinCase struct {
	definition Definition
	timeline   *Timeline
	twin       *twin
	from, to   Instant
}

// newTwinCase is nil where the calendar never opens.
func newTwinCase(t testing.TB, r *rand.Rand) *twinCase {
	t.Helper()
	place := zonesAndTimes[r.IntN(len(zonesAndTimes))]
	near, err := ParseDate(place.near)
	if err != nil {
		t.Fatal(err)
	}
	c := &twinCase{definition: randomDefinition(r, []string{place.zone}, near, twinStep)}
	c.from = Instant(near.midnight()).Add(Duration(r.IntN(7*96)) * twinStep)
	c.to = c.from.Add(Duration(1+r.IntN(24*96)) * twinStep)
	c.timeline, err = c.definition.Compile(c.from, c.to)
	c.twin = newTwin(c.definition, c.from, c.to, twinStep)
	var never *NeverOpenError
	if errors.As(err, &never) {
		for i, open := range c.twin.open {
			if open {
				t.Fatalf("%v, but the twin is open at %v", err, c.twin.at(i))
			}
		}
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// instant is a random one in the horizon, often on an edge.
func (c *twinCase) instant(r *rand.Rand) Instant {
	at := c.from + Instant(r.Int64N(int64(c.to-c.from)))
	switch r.IntN(4) {
	case 0:
		at = c.twin.at(c.twin.index(at))
	case 1:
		at = max(c.twin.at(c.twin.index(at))-1, c.from)
	}
	return at
}

func (c *twinCase) duration(r *rand.Rand) Duration {
	d := Duration(r.Int64N(int64([]Duration{10 * Minute, 10 * Hour, 90 * Hour}[r.IntN(3)])))
	if r.IntN(2) == 0 {
		d -= d % twinStep
	}
	return d
}

// TestTimelineAgainstTwin compares every answer with the step-by-step calendar.
func TestTimelineAgainstTwin(t *testing.T) {
	cases := 0
	for seed := range uint64(1400) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := newTwinCase(t, r)
		if c == nil {
			continue
		}
		cases++
		for range 12 {
			checkAgainstTwin(t, seed, c, c.instant(r), c.instant(r), c.duration(r))
		}
	}
	if cases < 1000 {
		t.Errorf("only %d of the calendars ever open", cases)
	}
}

func checkAgainstTwin(t testing.TB, seed uint64, c *twinCase, start, other Instant, d Duration) {
	t.Helper()
	check := func(what string, got Instant, err error, want Instant, ok bool) {
		t.Helper()
		ok = ok && want <= c.to && want >= c.from
		var past *PastHorizonError
		if ok != (err == nil) || ok && got != want || err != nil && !errors.As(err, &past) {
			t.Fatalf("seed %d, %v %v, start %v: %s is %v, %v; want %v, %v",
				seed, c.definition.Zone, c.definition.Hours, start, what, got, err, want, ok)
		}
	}
	due, err := c.timeline.Deadline(start, d)
	want, ok := c.twin.deadline(start, d)
	check("deadline of "+d.String(), due, err, want, ok)
	if err == nil {
		if used, err := c.timeline.OpenTime(start, due); err != nil || used != d {
			t.Fatalf("seed %d: %v used from %v to its deadline, %v; want %v", seed, used, start, err, d)
		}
	}
	if d > 0 {
		due, err = c.timeline.Deadline(start, -d)
		want, ok = c.twin.backwards(start, d)
		check("deadline of minus "+d.String(), due, err, want, ok)
	}
	a, b := min(start, other), max(start, other)
	used, err := c.timeline.OpenTime(a, b)
	if want := c.twin.openTime(a, b); err != nil || used != want {
		t.Fatalf("seed %d: open time from %v to %v is %v, %v; want %v", seed, a, b, used, err, want)
	}
	if got, want := c.timeline.IsOpen(start), c.twin.open[c.twin.index(start)]; got != want {
		t.Fatalf("seed %d: open at %v is %v, want %v", seed, start, got, want)
	}
}

// TestPolicyAgainstTwin compares the tables of all units with the step-by-step calendar, and with the direct answers.
func TestPolicyAgainstTwin(t *testing.T) {
	answers := map[Unit]int{}
	for seed := range uint64(900) {
		r := rand.New(rand.NewPCG(seed, 2))
		c := newTwinCase(t, r)
		if c == nil {
			continue
		}
		targets := []Target{
			{int64(c.duration(r)), Elapsed}, {int64(c.duration(r)), Open}, {r.Int64N(4), BusinessDays}, {r.Int64N(2), Months},
		}
		for _, target := range targets {
			policy, err := c.timeline.Policy(target)
			if err != nil {
				policy = &Policy{}
			}
			c.checkStretches(t, policy)
			for range 8 {
				start := c.instant(r)
				got, ok := policy.Due(start)
				want, wantOK := c.twinDue(start, target)
				if ok != wantOK || ok && got != want {
					t.Fatalf("seed %d, %v %v %v, start %v: due of %v is %v, %v; want %v, %v", seed, c.definition.Zone,
						c.definition.Hours, c.definition.BusinessDay, start, target, got, ok, want, wantOK)
				}
				direct, err := c.timeline.Due(start, target)
				if (err == nil) != ok || ok && direct != got {
					t.Fatalf("seed %d, start %v: due of %v is %v by the policy and %v, %v directly", seed, start, target, got, direct, err)
				}
				if ok {
					answers[target.Unit]++
				}
			}
		}
	}
	for unit := Elapsed; unit <= Months; unit++ {
		if answers[unit] < 100 {
			t.Errorf("only %d answers of unit %d were compared", answers[unit], unit)
		}
	}
}

// checkStretches compares the stretches of a policy, which must touch, with the dues at both of their ends.
func (c *twinCase) checkStretches(t *testing.T, policy *Policy) {
	t.Helper()
	var last Instant
	for s := range policy.Stretches() {
		if s.From >= s.To || last != 0 && s.From != last {
			t.Fatalf("stretch from %v to %v after %v", s.From, s.To, last)
		}
		last = s.To
		final := s.Due
		if s.Rises {
			final = s.Due.Add(s.To.Sub(s.From) - 1)
		}
		first, okFirst := policy.Due(s.From)
		due, okLast := policy.Due(s.To - 1)
		if !okFirst || !okLast || first != s.Due || due != final {
			t.Fatalf("%v %v: %+v ends at %v, %v; want %v", c.definition.Zone, policy.Target(), s, due, okLast, final)
		}
	}
	if _, ok := policy.Due(last); ok {
		t.Fatalf("%v: the starts from %v on are in no stretch", policy.Target(), last)
	}
}

func (c *twinCase) twinDue(start Instant, target Target) (due Instant, ok bool) {
	ok = true
	switch target.Unit {
	case Elapsed:
		due = start.Add(Duration(target.Amount))
	case Open:
		due, ok = c.twin.deadline(start, Duration(target.Amount))
	case BusinessDays:
		due, ok = c.twin.businessDays(start, int(target.Amount), c.definition.BusinessDay)
	case Months:
		due = start
		if target.Amount > 0 {
			due = c.twin.sameTimeMonths(start, int(target.Amount))
		}
	}
	return due, ok && due <= c.to
}

// TestPausesAgainstTwin compares paused clocks with the step-by-step calendar.
func TestPausesAgainstTwin(t *testing.T) {
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 3))
		c := newTwinCase(t, r)
		if c == nil {
			continue
		}
		var pauses []Interval
		at := c.from
		for range r.IntN(5) {
			at = at.Add(c.duration(r))
			pauses = append(pauses, Interval{at, at.Add(c.duration(r) - Hour)})
		}
		start, d := c.instant(r), c.duration(r)
		want, ok := c.twin.deadline(start, d, pauses...)
		got, err := c.timeline.DeadlinePaused(start, d, pauses)
		if (err == nil) != (ok && want <= c.to) || err == nil && got != want {
			t.Fatalf("seed %d, %v: from %v, %v with pauses %v: %v, %v; want %v, %v", seed, c.definition.Hours, start, d, pauses, got, err, want, ok)
		}
		if err != nil {
			continue
		}
		if used, err := c.timeline.OpenTimePaused(start, got, pauses); err != nil || used != d {
			t.Fatalf("seed %d: %v used until the deadline, %v; want %v", seed, used, err, d)
		}
	}
}

// TestBatches compares each batch with single answers, failures included.
func TestBatches(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		c := newTwinCase(t, r)
		if c == nil {
			continue
		}
		d := c.duration(r) - Hour
		starts, ends := make([]Instant, 2500), make([]Instant, 2500)
		for i := range starts {
			starts[i] = c.from + Instant(r.Int64N(int64(c.to-c.from)*5/4)) - Instant(r.Int64N(int64(c.to-c.from)/8))
			ends[i] = c.instant(r)
		}
		dues, lengths := make([]Instant, len(starts)), make([]Duration, len(starts))
		failed := c.timeline.Deadlines(dues, starts, d)
		failedLengths := c.timeline.OpenTimes(lengths, starts, ends)
		for i, start := range starts {
			due, err := c.timeline.Deadline(start, d)
			if err != nil {
				due = Never
				failed--
			}
			length, err := c.timeline.OpenTime(start, ends[i])
			if err != nil {
				length = Unknown
				failedLengths--
			}
			if dues[i] != due || lengths[i] != length {
				t.Fatalf("seed %d, start %v: batches say %v and %v, want %v and %v", seed, start, dues[i], lengths[i], due, length)
			}
		}
		policy, err := c.timeline.Policy(Target{max(int64(d), 1), Open})
		if err != nil {
			continue
		}
		failedDues := policy.Dues(dues, starts)
		for i, start := range starts {
			due, ok := policy.Due(start)
			if !ok {
				due = Never
				failedDues--
			}
			if dues[i] != due {
				t.Fatalf("seed %d, start %v: batch says %v, want %v", seed, start, dues[i], due)
			}
		}
		if failed != 0 || failedLengths != 0 || failedDues != 0 {
			t.Fatalf("seed %d: batches miscount failures by %d, %d and %d", seed, failed, failedLengths, failedDues)
		}
	}
}

// TestOpenings compares openings and closings with the list of open intervals.
func TestOpenings(t *testing.T) {
	tl := compile(t, "Europe/Berlin", "mon-fri 09:00-12:00, 13:00-17:00", "2026-03-02", "2026-03-09")
	friday, saturday := local(t, tl, "2026-03-06 17:00"), local(t, tl, "2026-03-07 10:00")
	if at, err := tl.PreviousClosing(saturday); err != nil || at != friday {
		t.Errorf("previous closing of %v is %v, %v; want %v", saturday, at, err, friday)
	}
	if at, err := tl.NextOpening(saturday); err == nil {
		t.Errorf("next opening after the last is %v, want an error", at)
	}
	lunch := local(t, tl, "2026-03-06 12:00")
	after := local(t, tl, "2026-03-06 13:00")
	if at, err := tl.NextOpening(lunch); err != nil || at != after {
		t.Errorf("next opening of %v is %v, %v; want %v", lunch, at, err, after)
	}
	if at, err := tl.RollToOpening(lunch); err != nil || at != after {
		t.Errorf("%v rolls to %v, %v; want %v", lunch, at, err, after)
	}
	if at, err := tl.RollToOpening(after + 1); err != nil || at != after+1 {
		t.Errorf("%v rolls to %v, %v; want no change", after+1, at, err)
	}
	n := 0
	for iv := range tl.Intervals() {
		if !tl.IsOpen(iv.From) || tl.IsOpen(iv.To) || tl.IsOpen(iv.From-1) || !tl.IsOpen(iv.To-1) {
			t.Errorf("interval %v does not end where the calendar does", iv)
		}
		n++
	}
	if n != 10 {
		t.Errorf("%d open intervals in a week, want 10", n)
	}
}

// compile is a calendar from one local midnight to another.
func compile(t testing.TB, zone, hours, from, to string) *Timeline {
	t.Helper()
	location, err := EmbeddedZones().Location(zone)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ParseHours(hours)
	if err != nil {
		t.Fatal(err)
	}
	d := Definition{Zone: location, Hours: parsed}
	return compileDefinition(t, d, from, to)
}

func compileDefinition(t testing.TB, d Definition, from, to string) *Timeline {
	t.Helper()
	first, err := time.ParseInLocation(time.DateOnly, from, d.Zone)
	if err != nil {
		t.Fatal(err)
	}
	last, err := time.ParseInLocation(time.DateOnly, to, d.Zone)
	if err != nil {
		t.Fatal(err)
	}
	tl, err := d.Compile(FromTime(first), FromTime(last))
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// local is a wall-clock time of the calendar's zone, which must not be in a gap or overlap.
func local(t testing.TB, tl *Timeline, text string) Instant {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, tl.definition.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return FromTime(at)
}

func TestNoAllocations(t *testing.T) {
	tl := compile(t, "America/New_York", "mon-fri 08:00-12:00, 13:00-21:00", "2026-01-01", "2028-01-01")
	policy, err := tl.Policy(Target{int64(8 * Hour), Open})
	if err != nil {
		t.Fatal(err)
	}
	start := local(t, tl, "2026-07-01 10:00")
	pauses := []Interval{{start.Add(Hour), start.Add(2 * Hour)}}
	starts, dues, lengths := make([]Instant, 3000), make([]Instant, 3000), make([]Duration, 3000)
	for i := range starts {
		starts[i] = start.Add(Duration(i) * 11 * Hour) // some fail
	}
	var sink Instant
	forms := map[string]func(){
		"Deadline":       func() { sink, _ = tl.Deadline(start, 8*Hour) },
		"backwards":      func() { sink, _ = tl.Deadline(start, -8*Hour) },
		"outside":        func() { sink, _ = tl.Deadline(0, 8*Hour) },
		"past":           func() { sink, _ = tl.Deadline(start, 9000*Day) },
		"OpenTime":       func() { _, _ = tl.OpenTime(start, start.Add(Day)) },
		"BusinessDays":   func() { sink, _ = tl.BusinessDays(start, 3) },
		"Months":         func() { sink, _ = tl.Months(start, 3) },
		"DeadlinePaused": func() { sink, _ = tl.DeadlinePaused(start, 8*Hour, pauses) },
		"RollToOpening":  func() { sink, _ = tl.RollToOpening(start) },
		"Policy.Due":     func() { sink, _ = policy.Due(start) },
		"Deadlines":      func() { tl.Deadlines(dues, starts, 8*Hour) },
		"OpenTimes":      func() { tl.OpenTimes(lengths, starts, starts) },
		"Policy.Dues":    func() { policy.Dues(dues, starts) },
	}
	for name, form := range forms {
		if n := testing.AllocsPerRun(20, form); n != 0 {
			t.Errorf("%s allocates %v times, want none", name, n)
		}
	}
	_ = sink
}

// FuzzDeadline builds a calendar from the seed and compares it with the step-by-step one.
func FuzzDeadline(f *testing.F) {
	f.Add(uint64(1), int64(0), int64(3_600_000))
	f.Add(uint64(7), int64(86_400_000), int64(0))
	f.Add(uint64(42), int64(1), int64(28_800_001))
	f.Fuzz(func(t *testing.T, seed uint64, offset, length int64) {
		c := newTwinCase(t, rand.New(rand.NewPCG(seed, 5)))
		if c == nil {
			return
		}
		span := int64(c.to - c.from)
		start := c.from + Instant(uint64(offset)%uint64(span))
		other := c.from + Instant(uint64(length)%uint64(span))
		checkAgainstTwin(t, seed, c, start, other, Duration(uint64(length)%uint64(40*Day)))
	})
}
