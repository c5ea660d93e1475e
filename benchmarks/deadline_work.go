package benchmarks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"sunrelay/benchmarks/reference"
	"sunrelay/model/calendar"
)

// deadlineWork is the work that others were measured on: random instants in two years of New York, 08:00 to 21:00 from
// Monday to Friday less the holidays of the United States; add eight hours of open time, or take the open time of thirty
// days.
type deadlineWork struct {
	definition   calendar.Definition
	from, to     calendar.Instant
	timeline     *calendar.Timeline
	policy       *calendar.Policy
	starts, ends []calendar.Instant
	dues         []calendar.Instant
	lengths      []calendar.Duration
	pauses       []calendar.Interval // two for each start, in their order
	many         [256]*calendar.Timeline
	which        []uint8 // of the many, by start
}

const (
	deadlineLength = 8 * calendar.Hour
	elapsedLength  = 30 * calendar.Day
)

func newDeadlineWork(size int) (*deadlineWork, error) {
	w := &deadlineWork{from: newYear(2025), to: newYear(2027)}
	w.starts, w.ends = make([]calendar.Instant, size), make([]calendar.Instant, size)
	w.dues, w.lengths = make([]calendar.Instant, size), make([]calendar.Duration, size)
	var err error
	if w.definition, err = officeHours("America/New_York", "mon-fri 08:00-21:00", 2024, 2028); err != nil {
		return nil, err
	}
	if w.timeline, err = w.definition.Compile(w.from, w.to); err != nil {
		return nil, err
	}
	if w.policy, err = w.timeline.Policy(calendar.Target{Amount: int64(deadlineLength), Unit: calendar.Open}); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(1, 2))
	span := int64(w.to - w.from - calendar.Instant(31*calendar.Day))
	for i := range size {
		w.starts[i] = w.from + calendar.Instant(r.Int64N(span))
		w.ends[i] = w.starts[i].Add(elapsedLength)
	}
	return w, nil
}

func (w *deadlineWork) sort() error {
	slices.Sort(w.starts)
	slices.Sort(w.ends)
	return nil
}

func (w *deadlineWork) drawPauses() error {
	r := rand.New(rand.NewPCG(3, 4))
	w.pauses = make([]calendar.Interval, 0, 2*len(w.starts))
	for _, start := range w.starts {
		for at := range calendar.Instant(2) {
			from := start + at*calendar.Instant(2*calendar.Hour) + calendar.Instant(r.Int64N(int64(calendar.Hour)))
			w.pauses = append(w.pauses, calendar.Interval{From: from, To: from + calendar.Instant(r.Int64N(int64(calendar.Hour)))})
		}
	}
	return nil
}

// compileMany compiles calendars of 16 zones with 16 openings each, and draws one for each start.
func (w *deadlineWork) compileMany() error {
	zones := []string{
		"America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Berlin",
		"Europe/Helsinki", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai",
		"Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "America/Toronto",
	}
	for i := range w.many {
		hours := fmt.Sprintf("mon-fri %02d:%02d-%02d:00", 7+i%4, i/4%4*15, 17+i%4)
		d, err := officeHours(zones[i/16], hours, 2024, 2028)
		if err != nil {
			return err
		}
		if w.many[i], err = d.Compile(w.from, w.to); err != nil {
			return err
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	w.which = make([]uint8, len(w.starts))
	for i := range w.which {
		w.which[i] = uint8(r.Uint32())
	}
	return nil
}

// officeHours are weekly hours in a zone less the holidays of the United States.
func officeHours(zone, weekly string, fromYear, toYear int) (calendar.Definition, error) {
	location, err := calendar.EmbeddedZones().Location(zone)
	if err != nil {
		return calendar.Definition{}, err
	}
	holidays, err := calendar.Holidays("us", fromYear, toYear)
	if err != nil {
		return calendar.Definition{}, err
	}
	hours, err := calendar.ParseHours(weekly)
	if err != nil {
		return calendar.Definition{}, err
	}
	d := calendar.Definition{Zone: location, Hours: hours}
	d.AddHolidays(holidays)
	return d, nil
}

// mustBe panics where an instant of the work has no due: they all have.
func mustBe(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *deadlineWork) single() {
	for i, start := range w.starts {
		due, err := w.timeline.Deadline(start, deadlineLength)
		mustBe(err)
		w.dues[i] = due
	}
}

// latency adds to each start what it cannot know to be nothing before the deadline before is there.
func (w *deadlineWork) latency() {
	due := calendar.Instant(0)
	for i, start := range w.starts {
		var err error
		due, err = w.timeline.Deadline(start+due>>62, deadlineLength)
		mustBe(err)
		w.dues[i] = due
	}
}

func (w *deadlineWork) batch() { w.timeline.Deadlines(w.dues, w.starts, deadlineLength) }

func (w *deadlineWork) policySingle() {
	for i, start := range w.starts {
		w.dues[i], _ = w.policy.Due(start)
	}
}

func (w *deadlineWork) policyBatch() { w.policy.Dues(w.dues, w.starts) }

func (w *deadlineWork) elapsed() { w.timeline.OpenTimes(w.lengths, w.starts, w.ends) }

func (w *deadlineWork) paused() {
	for i, start := range w.starts {
		due, err := w.timeline.DeadlinePaused(start, deadlineLength, w.pauses[2*i:2*i+2])
		mustBe(err)
		w.dues[i] = due
	}
}

func (w *deadlineWork) calendars() {
	for i, start := range w.starts {
		due, err := w.many[w.which[i]].Deadline(start, deadlineLength)
		mustBe(err)
		w.dues[i] = due
	}
}

// rickar is the same calendar for the library, with its day cache.
func (w *deadlineWork) rickar() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.SetWorkHours(8*time.Hour, 21*time.Hour)
	c.Cacheable = true
	c.AddHoliday(us.Holidays...)
	return c
}

func (w *deadlineWork) rickarAdd(c *cal.BusinessCalendar) {
	for i, start := range w.starts {
		w.dues[i] = calendar.FromTime(c.AddWorkHours(start.Time().In(w.definition.Zone), deadlineLength.Std()))
	}
}

func (w *deadlineWork) rickarElapsed(c *cal.BusinessCalendar) {
	zone := w.definition.Zone
	for i, start := range w.starts {
		open := c.WorkHoursInRange(start.Time().In(zone), w.ends[i].Time().In(zone))
		w.lengths[i] = calendar.Duration(open / time.Millisecond)
	}
}

// reference is the bare table with the starts in seconds.
func (w *deadlineWork) reference() (table *reference.DeadlineTable, starts, dues []uint32) {
	seconds := func(at calendar.Instant) uint32 { return uint32(int64(at) / int64(calendar.Second)) }
	last := w.to.Add(-30 * calendar.Day)
	table = reference.NewDeadlineTable(seconds(w.from), seconds(last), func(start uint32) uint32 {
		due, _ := w.policy.Due(calendar.Instant(start) * calendar.Instant(calendar.Second))
		return seconds(due)
	})
	starts, dues = make([]uint32, len(w.starts)), make([]uint32, len(w.starts))
	for i, start := range w.starts {
		starts[i] = seconds(start)
	}
	return table, starts, dues
}
