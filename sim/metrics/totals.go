package metrics

import (
	"sunrelay/model"
	"sunrelay/model/sla"
)

// HoursOfWeek is the number of hours in a week, from Monday 00:00 UTC on.
const HoursOfWeek = 168

// Shape is the size of a scenario's tables of measures.
type Shape struct {
	Plans, Severities, Tiers, Pools int
	Weeks                           int // of the measured time, the last perhaps incomplete
}

// Row is the index of a plan and severity.
func (s Shape) Row(plan, severity int) int { return plan*s.Severities + severity }

// Rows is the number of pairs of plan and severity.
func (s Shape) Rows() int { return s.Plans * s.Severities }

// Totals are what one replication, or one component of it, measured: integers only, so that adding them up gives the
// same in any order. Lengths of time are milliseconds. Unless said otherwise a case counts if it arrived in the measured
// time.
type Totals struct {
	Shape Shape

	// Events and Arrived count everything from the run's origin on, the warm-up included.
	Events  int64
	Arrived int64

	Counts        [][Counts]int64                 // what happened in the measured time, by row
	Worked        []int64                         // agents' time in the measured time, by row and pool: row × Pools + pool
	Outcomes      [][model.Outcomes]int64         // cases by row and how they stand at the end
	Causes        [sla.Milestones][][Causes]int64 // breaches by milestone, row and cause
	Clocks        [sla.Milestones][]Clocks        // by milestone and row
	Elapsed       [sla.Milestones][]Waits         // time to the milestone, by row; Zero counts those reached at once
	Waits         []Waits                         // of touches that began to wait in the measured time, by tier and severity
	Pools         []PoolTotals                    // by pool
	Backlog       [HoursOfWeek]BacklogTotal       // by hour of the week (UTC)
	BacklogByWeek []BacklogTotal                  // by week of the measured time
	// OpenAtEnd and WaitingAtEnd count the cases that are open, and the touches that wait, when the run ends.
	OpenAtEnd, WaitingAtEnd int64
}

// Decided counts clocks that were decided, and those of them that were met.
type Decided struct{ Decided, Met int64 }

// Clocks are the clocks of one milestone and row. A clock is decided if its due lies before the end of the run; started
// clocks are decided, undecided or cancelled.
type Clocks struct {
	Started   int64
	Undecided int64 // due at the end of the run or later, however it stood then
	Cancelled int64 // the customer ended the case before the due
	Weeks     int
	Starts    *Starts // of the decided clocks; nil before the first
}

// Starts are decided clocks by when they started.
type Starts struct {
	ByWeek []Decided            // of the measured time
	ByHour [HoursOfWeek]Decided // of the week, UTC
}

// Week are the clocks that started in a week of the measured time.
func (c *Clocks) Week(week int) Decided {
	if c.Starts == nil {
		return Decided{}
	}
	return c.Starts.ByWeek[week]
}

// Hour are the clocks that started in an hour of the week (UTC).
func (c *Clocks) Hour(hour int) Decided {
	if c.Starts == nil {
		return Decided{}
	}
	return c.Starts.ByHour[hour]
}

// starts makes room at the first use: most combinations of plan, severity and milestone have no clocks.
func (c *Clocks) starts() *Starts {
	if c.Starts == nil {
		c.Starts = &Starts{ByWeek: make([]Decided, c.Weeks)}
	}
	return c.Starts
}

// Decide counts a clock that was decided.
func (c *Clocks) Decide(week, hour int, met bool) {
	s := c.starts()
	w, h := &s.ByWeek[week], &s.ByHour[hour]
	w.Decided++
	h.Decided++
	if met {
		w.Met++
		h.Met++
	}
}

// Total is the sum over the weeks.
func (c *Clocks) Total() Decided {
	var sum Decided
	if c.Starts == nil {
		return sum
	}
	for _, w := range c.Starts.ByWeek {
		sum.Decided += w.Decided
		sum.Met += w.Met
	}
	return sum
}

// Waits are waiting times with their distribution. Most are zero where there are enough agents, so these have a counter
// of their own.
type Waits struct {
	Count, Zero, Sum int64
	Open             int64     // that had not ended with the run, and are not in the rest
	Histogram        Histogram // of the waits above zero
}

// Add counts one wait.
func (w *Waits) Add(wait int64) {
	w.Count++
	if wait == 0 {
		w.Zero++
		return
	}
	w.Sum += wait
	w.Histogram.Add(wait)
}

// Quantile is that of the histogram with the zeros; see Histogram.Quantile.
func (w *Waits) Quantile(p float64) (value int64, ok bool) {
	if w.Count == 0 {
		return 0, false
	}
	rank := rankOf(p, uint64(w.Count))
	if rank <= uint64(w.Zero) {
		return 0, true
	}
	return w.Histogram.atRank(rank - uint64(w.Zero)), true
}

// Merge adds what u has counted.
func (w *Waits) Merge(u *Waits) {
	w.Count += u.Count
	w.Zero += u.Zero
	w.Open += u.Open
	w.Sum += u.Sum
	w.Histogram.Merge(&u.Histogram)
}

// PoolTotals is the time of the agents of a pool.
type PoolTotals struct {
	Touches   int64 // that its agents ended in the measured time
	HandOvers int64 // touches that were handed over at the end of a shift
	CallIns   int64 // agents on call who were called in
	OnCall    int64 // time that agents are on call, called in or not
	ByHour    [HoursOfWeek]PoolTime
	// Short counts the promises broken for want of free agents (rank, capacity) that fell due in each hour of the week (UTC)
	// while the pool, which could have kept them, was on duty: what one more agent there might have saved.
	Short  [HoursOfWeek]int64
	ByWeek []PoolTime // by week of the measured time
}

// PoolTime is agents' time in milliseconds. Overtime, the work after the end of a shift, is both busy and available, not
// scheduled.
type PoolTime struct{ Busy, Available, Scheduled, Overtime int64 }

// Total is the sum over the hours.
func (p *PoolTotals) Total() PoolTime {
	var sum PoolTime
	for i := range p.ByHour {
		sum.Add(p.ByHour[i])
	}
	return sum
}

// Add adds the times of u.
func (t *PoolTime) Add(u PoolTime) {
	t.Busy += u.Busy
	t.Available += u.Available
	t.Scheduled += u.Scheduled
	t.Overtime += u.Overtime
}

// BacklogTotal is the area under the number of open cases and under that of waiting touches, in case-milliseconds.
type BacklogTotal struct{ Open, Waiting int64 }

// Add adds the areas of u.
func (b *BacklogTotal) Add(u BacklogTotal) {
	b.Open += u.Open
	b.Waiting += u.Waiting
}

// NewTotals are empty totals of the given shape.
func NewTotals(s Shape) *Totals {
	t := &Totals{Shape: s}
	t.Counts = make([][Counts]int64, s.Rows())
	t.Worked = make([]int64, s.Rows()*s.Pools)
	t.Outcomes = make([][model.Outcomes]int64, s.Rows())
	for m := range t.Clocks {
		t.Clocks[m] = make([]Clocks, s.Rows())
		for i := range t.Clocks[m] {
			t.Clocks[m][i].Weeks = s.Weeks
		}
		t.Elapsed[m] = make([]Waits, s.Rows())
		t.Causes[m] = make([][Causes]int64, s.Rows())
	}
	t.Waits = make([]Waits, s.Tiers*s.Severities)
	t.Pools = make([]PoolTotals, s.Pools)
	for p := range t.Pools {
		t.Pools[p].ByWeek = make([]PoolTime, s.Weeks)
	}
	t.BacklogByWeek = make([]BacklogTotal, s.Weeks)
	return t
}

// Merge adds the totals of u, which have the same shape. Any order of merging gives the same.
func (t *Totals) Merge(u *Totals) {
	t.Events += u.Events
	t.Arrived += u.Arrived
	t.OpenAtEnd += u.OpenAtEnd
	t.WaitingAtEnd += u.WaitingAtEnd
	for i := range t.Counts {
		for n := range t.Counts[i] {
			t.Counts[i][n] += u.Counts[i][n]
		}
	}
	for i := range t.Worked {
		t.Worked[i] += u.Worked[i]
	}
	for i := range t.Outcomes {
		for o := range t.Outcomes[i] {
			t.Outcomes[i][o] += u.Outcomes[i][o]
		}
	}
	for m := range t.Clocks {
		for i := range t.Clocks[m] {
			t.Clocks[m][i].merge(&u.Clocks[m][i])
			t.Elapsed[m][i].Merge(&u.Elapsed[m][i])
			for cause := range t.Causes[m][i] {
				t.Causes[m][i][cause] += u.Causes[m][i][cause]
			}
		}
	}
	for i := range t.Waits {
		t.Waits[i].Merge(&u.Waits[i])
	}
	for i := range t.Pools {
		t.Pools[i].merge(&u.Pools[i])
	}
	for h := range t.Backlog {
		t.Backlog[h].Add(u.Backlog[h])
	}
	for w := range t.BacklogByWeek {
		t.BacklogByWeek[w].Add(u.BacklogByWeek[w])
	}
}

func (c *Clocks) merge(u *Clocks) {
	c.Started += u.Started
	c.Undecided += u.Undecided
	c.Cancelled += u.Cancelled
	if u.Starts == nil {
		return
	}
	s := c.starts()
	for w := range s.ByWeek {
		s.ByWeek[w].merge(u.Starts.ByWeek[w])
	}
	for h := range s.ByHour {
		s.ByHour[h].merge(u.Starts.ByHour[h])
	}
}

func (d *Decided) merge(u Decided) {
	d.Decided += u.Decided
	d.Met += u.Met
}

func (p *PoolTotals) merge(u *PoolTotals) {
	p.Touches += u.Touches
	p.HandOvers += u.HandOvers
	p.CallIns += u.CallIns
	p.OnCall += u.OnCall
	for h := range p.ByHour {
		p.ByHour[h].Add(u.ByHour[h])
		p.Short[h] += u.Short[h]
	}
	for w := range p.ByWeek {
		p.ByWeek[w].Add(u.ByWeek[w])
	}
}

// Absorb is Merge that leaves u without distributions: those that t lacks are not copied.
func (t *Totals) Absorb(u *Totals) {
	t.eachWaits(u, func(w, v *Waits) {
		if w.Histogram.low == nil {
			w.Histogram, v.Histogram = v.Histogram, Histogram{}
		}
	})
	t.Merge(u)
	t.eachWaits(u, func(_, v *Waits) { v.Histogram = Histogram{} })
}

// eachWaits calls do for all pairs of waits.
func (t *Totals) eachWaits(u *Totals, do func(w, v *Waits)) {
	for i := range t.Waits {
		do(&t.Waits[i], &u.Waits[i])
	}
	for m := range t.Elapsed {
		for i := range t.Elapsed[m] {
			do(&t.Elapsed[m][i], &u.Elapsed[m][i])
		}
	}
}
