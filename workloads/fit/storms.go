package fit

import (
	"fmt"
	"math"
)

// Storms are the bursts of a log: days in a row on which far more cases came than usual.
type Storms struct {
	Number  int
	PerYear Estimate
	Cases   Estimate // beyond the usual, of one storm
	// Spread are the quantiles of the hours from the beginning of a storm to the arrival of its cases, at tenths from 0 to 1.
	Spread [11]float64
}

// storm is what came beyond the usual by the hour from its beginning on.
type storm struct {
	cases float64
	hours []float64
}

// fitStorms puts burst days together to storms; nil where there are none.
func (a *Arrivals) fitStorms(days map[int]*day) *Storms {
	var all []storm
	previous := math.MinInt
	for _, u := range a.Unusual {
		if float64(u.Cases) <= u.Expected {
			continue
		}
		if u.Date != previous+1 {
			all = append(all, storm{})
		}
		all[len(all)-1].add(a, u, days[u.Date])
		previous = u.Date
	}
	if all == nil {
		return nil
	}
	s := &Storms{Number: len(all)}
	var cases moments
	var hours []float64
	for i := range all {
		cases.addAny(all[i].cases)
		for h, n := range all[i].fromBeginning() {
			for h >= len(hours) {
				hours = append(hours, 0)
			}
			hours[h] += n
		}
	}
	years := float64(len(a.Daily)-a.Edges[0]-a.Edges[1]) / 365
	s.PerYear = Estimate{float64(s.Number) / years, math.Sqrt(float64(s.Number)) / years}
	s.Cases = Estimate{cases.mean, cases.error()}
	s.spread(hours)
	return s
}

// add adds a day.
func (s *storm) add(a *Arrivals, u UnusualDay, d *day) {
	usual, w := 0.0, weekday(u.Date)*24
	for h := range d.hours {
		usual += a.Profile[w+h]
	}
	for h, n := range d.hours {
		more := max(0, float64(n)-u.Expected*a.Profile[w+h]/max(usual, 1e-9))
		s.hours = append(s.hours, more)
	}
	s.cases += float64(u.Cases) - u.Expected
}

// fromBeginning are the hours from that on in which a twentieth has come.
func (s *storm) fromBeginning() []float64 {
	total, sum := 0.0, 0.0
	for _, n := range s.hours {
		total += n
	}
	for h, n := range s.hours {
		if sum += n; sum >= total/20 {
			return s.hours[h:]
		}
	}
	return nil
}

// spread takes the quantiles of counts by hour.
func (s *Storms) spread(hours []float64) {
	total, sum, h := 0.0, 0.0, 0
	for _, n := range hours {
		total += n
	}
	for i := range s.Spread {
		wanted := total * float64(i) / float64(len(s.Spread)-1)
		for h < len(hours)-1 && sum+hours[h] < wanted {
			sum += hours[h]
			h++
		}
		s.Spread[i] = float64(h) + min(1, (wanted-sum)/max(hours[h], 1e-9))
	}
}

// expression is the time from the beginning of a storm to the arrival of a case. It begins after a minute: nobody is linked to the
// storm itself, which is over by then.
func (s *Storms) expression() string {
	text := "empirical("
	for i, hours := range s.Spread {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("p%d %s", 10*i, length(max(hours*60, 1+float64(i)/10)*60_000))
	}
	return text + ")"
}
