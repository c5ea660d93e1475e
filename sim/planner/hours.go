package planner

import (
	"fmt"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
)

// hoursOfWeek are counted from Monday 00:00 UTC on.
const hoursOfWeek = 168

// week is a quantity by hour of the week.
type week [hoursOfWeek]float64

func hourOfWeek(at calendar.Instant) int {
	const week, mondayOffset = calendar.Instant(calendar.Week), 3 * calendar.Instant(calendar.Day) // 1970-01-01 was a Thursday
	return int(((at+mondayOffset)%week + week) % week / calendar.Instant(calendar.Hour))
}

func hourName(h int) string {
	return fmt.Sprintf("%s %02d:00 UTC", [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}[h/24], h%24)
}

// onDuty is the share of each hour of the week, over the measured time, that one head of a shift is on duty: its duty less
// breaks, which waves take one after the other.
func onDuty(shift *scenario.CompiledShift, c *scenario.Compiled) week {
	var w, measured week
	measured.add(calendar.Interval{From: c.Start, To: c.End}, 1, c)
	for _, d := range shift.Duty {
		w.add(d, 1, c)
	}
	for _, breaks := range shift.Breaks {
		for _, b := range breaks {
			w.add(b, -1/float64(len(shift.Breaks)), c)
		}
	}
	for h := range w {
		if measured[h] > 0 {
			w[h] /= measured[h]
		}
	}
	return w
}

// add adds the part of an interval that was measured to the hours that it lies in: milliseconds times the weight.
func (w *week) add(iv calendar.Interval, weight float64, c *scenario.Compiled) {
	for at, to := max(iv.From, c.Start), min(iv.To, c.End); at < to; at = nextHour(at) {
		w[hourOfWeek(at)] += weight * float64(min(to, nextHour(at))-at)
	}
}

// sum is over the week.
func (w *week) sum() float64 {
	total := 0.0
	for _, v := range w {
		total += v
	}
	return total
}
