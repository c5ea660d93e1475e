package backtest

import (
	"math"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// Recorder takes in the cases that were held back.
type Recorder struct {
	zone       *time.Location
	from       int   // local date since 1970-01-01
	most       int   // dates; 0 = any number
	counts     []int // by date
	hours      [168]float64
	resolution []float64             // milliseconds; +Inf = open
	words      [trace.Plan + 1][]int // cases by role and value
	met, known int
	last       calendar.Instant // that a case tells of
}

// NewRecorder is for the cases opened from a local date on (days since 1970-01-01).
func NewRecorder(zone *time.Location, first int) *Recorder { return &Recorder{zone: zone, from: first} }

// Days is the number of dates up to that of the last case.
func (r *Recorder) Days() int { return len(r.counts) }

// Add takes in a case that was opened on one of the dates; others count for nothing.
func (r *Recorder) Add(c *trace.Case) {
	local := trace.Local(c.Opened, r.zone)
	day := int(floorDiv(local, int64(calendar.Day))) - r.from
	if day < 0 || r.most > 0 && day >= r.most {
		return
	}
	for day >= len(r.counts) {
		r.counts = append(r.counts, 0)
	}
	r.last = max(r.last, c.Last())
	r.counts[day]++
	r.hours[hourOfWeek(local)]++
	for role := trace.Severity; role <= trace.Plan; role++ {
		if value := int(c.Words[role]); value >= 0 {
			for value >= len(r.words[role]) {
				r.words[role] = append(r.words[role], 0)
			}
			r.words[role][value]++
		}
	}
	switch end := c.Ended(); {
	case end == trace.NoTime:
		r.resolution = append(r.resolution, math.Inf(1))
	case end >= c.Opened:
		r.resolution = append(r.resolution, float64(end-c.Opened))
	}
	if c.Met >= 0 {
		r.known++
		r.met += int(c.Met)
	}
}

// hourOfWeek is that of a local time, from Monday 00:00; 1970-01-01 was a Thursday.
func hourOfWeek(local int64) int {
	hour := floorDiv(local, int64(calendar.Hour)) + 3*24
	return int(((hour % 168) + 168) % 168)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
