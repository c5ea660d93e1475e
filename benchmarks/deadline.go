package benchmarks

import (
	"context"
	"time"

	"github.com/rickar/cal/v2"

	"sunrelay/model/calendar"
)

var deadlines = []Workload{
	deadline("single", "one checked deadline after the other, any target", (*deadlineWork).single),
	deadline("latency", "the same, where each start waits for the deadline before it", (*deadlineWork).latency),
	deadline("batch", "deadlines in a batch, any target", (*deadlineWork).batch),
	deadline("policy", "one deadline after the other of a compiled target", (*deadlineWork).policySingle),
	deadline("target", "deadlines in a batch, one compiled target", (*deadlineWork).policyBatch),
	deadline("sorted", "the same for sorted instants", (*deadlineWork).policyBatch, (*deadlineWork).sort),
	deadline("elapsed", "open time between two instants in a batch", (*deadlineWork).elapsed),
	deadline("paused", "deadlines of a clock that stands still twice", (*deadlineWork).paused, (*deadlineWork).drawPauses),
	deadline("calendars", "each deadline by one of 256 calendars", (*deadlineWork).calendars, (*deadlineWork).compileMany),
	{
		Name: "deadline/compile", About: "compile eleven years of opening hours and holidays",
		Op: "calendar", Scale: "years", Sizes: []int{11}, Small: 2, Most: 100,
		Against: "compiling one year of them", Prepare: compileCalendar,
	},
	rickar("rickar", "a single deadline, beside rickar/cal", (*deadlineWork).single, (*deadlineWork).rickarAdd),
	rickar("rickar_elapsed", "open time, beside rickar/cal", (*deadlineWork).elapsed, (*deadlineWork).rickarElapsed),
}

// deadlineTurn is how many operations a turn has at the least.
const deadlineTurn = 250_000

// deadline is a workload on random instants, of which each pass of the work does all. It may need more to be prepared.
func deadline(name, about string, pass func(*deadlineWork), more ...func(*deadlineWork) error) Workload {
	return Workload{
		Name: "deadline/" + name, About: about,
		Op: "deadline", Scale: "instants", Sizes: []int{1_000_000}, Small: 3_000, Most: 100_000_000,
		Against: "one load from a table without checks",
		Prepare: func(size int) (*Work, error) {
			w, err := newDeadlineWork(size)
			if err != nil {
				return nil, err
			}
			for _, prepare := range more {
				if err := prepare(w); err != nil {
					return nil, err
				}
			}
			table, starts, dues := w.reference()
			return repeated(size, (deadlineTurn+size-1)/size, func() { pass(w) }, func() { table.Fill(dues, starts) }), nil
		},
	}
}

// repeated is work of passes of so many operations, some of which make a turn.
func repeated(ops, passes int, product, floor func()) *Work {
	return &Work{
		Run: func(_ context.Context, turn func(int) error) error {
			for range passes {
				product()
			}
			return turn(ops * passes)
		},
		Reference: func(int) {
			for range passes {
				floor()
			}
		},
	}
}

// rickar is a workload beside the library rickar/cal, which has its cache of days.
func rickar(name, about string, pass func(*deadlineWork), theirs func(*deadlineWork, *cal.BusinessCalendar)) Workload {
	return Workload{
		Name: "deadline/" + name, About: about,
		Op: "deadline", Scale: "instants", Sizes: []int{20_000}, Small: 1_000, Most: 1_000_000,
		Against: "rickar/cal with its cache of days",
		Prepare: func(size int) (*Work, error) {
			w, err := newDeadlineWork(size)
			if err != nil {
				return nil, err
			}
			library := w.rickar()
			theirs(w, library) // fills the cache
			return repeated(size, 1, func() { pass(w) }, func() { theirs(w, library) }), nil
		},
	}
}

// compileCalendar compiles so many years; the reference compiles one.
func compileCalendar(years int) (*Work, error) {
	const first = 2020
	d, err := officeHours("America/New_York", "mon-fri 08:00-21:00", first-1, first+years+1)
	if err != nil {
		return nil, err
	}
	compile := func(years int) error {
		_, err := d.Compile(newYear(first), newYear(first+years))
		return err
	}
	run := func(_ context.Context, turn func(int) error) error {
		if err := compile(years); err != nil {
			return err
		}
		return turn(1)
	}
	return &Work{Run: run, Reference: func(int) {
		if err := compile(1); err != nil {
			panic(err) // more years could be compiled
		}
	}}, nil
}

func newYear(year int) calendar.Instant {
	return calendar.FromTime(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
}
