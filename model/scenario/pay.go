package scenario

import (
	"cmp"
	"slices"
	"time"

	"sunrelay/model/calendar"
)

// The hours of extra pay, local.
const (
	nights   = "daily 22:00-06:00"
	weekends = "sat,sun 00:00-24:00"
)

// checkPay reports shares that are negative.
func (v *validation) checkPay(path string, p *Pay) {
	for _, share := range []struct {
		key   string
		value *float64
	}{{"night", p.Night}, {"weekend", p.Weekend}, {"overtime", p.Overtime}} {
		if share.value != nil {
			v.atLeast(path+"."+share.key, *share.value, 0)
		}
	}
}

// addPay gives a pool the extra pay of its centre, and where that says nothing, of all centres.
func (c *compiler) addPay(centre int, pool *CompiledPool) {
	own, all := &c.def.Centres[centre].Value.Pay, &c.def.Pay
	zone := c.out.Centres[centre].Zone
	pool.OvertimePay = firstShare(own.Overtime, all.Overtime)
	c.addHours(pool, zone, nights, firstShare(own.Night, all.Night))
	c.addHours(pool, zone, weekends, firstShare(own.Weekend, all.Weekend))
}

// firstShare is the first share that is given, else 0.
func firstShare(shares ...*float64) float64 {
	for _, s := range shares {
		if s != nil {
			return *s
		}
	}
	return 0
}

// addHours adds to the shifts of a pool the extra pay of certain hours.
func (c *compiler) addHours(pool *CompiledPool, zone *time.Location, hours string, share float64) {
	if share == 0 {
		return
	}
	week, err := calendar.ParseHours(hours)
	if err != nil {
		panic(err) // the hours are ours
	}
	line, err := calendar.Definition{Zone: zone, Hours: week}.Compile(c.out.Start, c.out.End)
	if err != nil {
		return // there are no such hours, or the zone is a problem that was reported
	}
	for i := range pool.Shifts {
		var paid calendar.Duration
		for iv := range line.Intervals() {
			paid += overlap(pool.Shifts[i].Duty, iv)
		}
		pool.Shifts[i].ExtraPay += calendar.Duration(share * float64(paid))
	}
}

// PaidTime is the time with plain pay that one head of a shift is paid for in the measured time: scheduled or on call, breaks and
// absence included, with the extra pay of nights and weekends.
func (c *Compiled) PaidTime(pool, shift int) calendar.Duration {
	s := &c.Pools[pool].Shifts[shift]
	return overlap(s.Duty, calendar.Interval{From: c.Start, To: c.End}) + s.ExtraPay
}

// overlap is how much of an interval lies in stretches of duty, which are sorted.
func overlap(duty []calendar.Interval, iv calendar.Interval) calendar.Duration {
	at, _ := slices.BinarySearchFunc(duty, iv.From, func(d calendar.Interval, from calendar.Instant) int { return cmp.Compare(d.To, from) })
	var sum calendar.Duration
	for ; at < len(duty) && duty[at].From < iv.To; at++ {
		sum += max(0, min(duty[at].To, iv.To).Sub(max(duty[at].From, iv.From)))
	}
	return sum
}
