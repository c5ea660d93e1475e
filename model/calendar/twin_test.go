package calendar

import (
	"math/rand/v2"
	"testing"
	"time"
)

// twin is the slow, obvious calendar: one flag for each step (a minute, say) of the horizon, found by asking the standard
// library which local time the clocks show. It is right as long as all edges of the calendar lie on steps.
type twin struct {
	from Instant
	step Duration
	open []bool // of the step that begins at from + i*step
	day  []Date // business day to which an open step belongs
	ends map[Date]Instant
	next []Date // business days in order
}

func newTwin(d Definition, from, to Instant, step Duration) *twin {
	w := &twin{from: from, step: step, ends: map[Date]Instant{}}
	n := int(to.Sub(from) / step)
	w.open, w.day = make([]bool, n), make([]Date, n)
	margin := int(4 * Day / step)
	local := make([]int64, n+2*margin)
	for i := range local {
		at := from.Add(Duration(i-margin) * step)
		t := at.Time().In(d.Zone)
		_, offset := t.Zone()
		local[i] = int64(at) + int64(offset)*1000
	}
	first, last := DateOf(from, d.Zone)-2, DateOf(to, d.Zone)+2
	hint := 0
	for date := first; date <= last; date++ {
		for hint < len(local)-1 && local[hint] < (date-3).midnight() {
			hint++
		}
		for _, window := range d.On(date) {
			w.mark(date, local, hint, margin, date.midnight()+int64(window.From), date.midnight()+int64(window.To))
		}
	}
	return w
}

// mark opens the steps from the first that shows from or later to the last that shows a time before to.
func (w *twin) mark(date Date, local []int64, hint, margin int, from, to int64) {
	begin, end := -1, -1
	for i := hint; i < len(local) && local[i] < to+3*int64(Day); i++ {
		if begin < 0 && local[i] >= from {
			begin = i
		}
		if local[i] < to {
			end = i
		}
	}
	for i := begin; begin >= 0 && i <= end; i++ {
		if k := i - margin; k >= 0 && k < len(w.open) {
			w.open[k] = true
		}
	}
}

func (w *twin) at(i int) Instant { return w.from.Add(Duration(i) * w.step) }

// deadline walks step by step until d is used.
func (w *twin) deadline(start Instant, d Duration) (Instant, bool) {
	if d == 0 {
		return start, true
	}
	at := start
	for d > 0 {
		i := int(at.Sub(w.from) / w.step)
		if i >= len(w.open) {
			return 0, false
		}
		end := w.at(i + 1)
		if w.open[i] {
			if end.Sub(at) >= d {
				return at.Add(d), true
			}
			d -= end.Sub(at)
		}
		at = end
	}
	return at, true
}

// openTime walks step by step from a to b.
func (w *twin) openTime(a, b Instant) (total Duration) {
	for at := a; at < b; {
		i := int(at.Sub(w.from) / w.step)
		end := min(w.at(i+1), b)
		if w.open[i] {
			total += end.Sub(at)
		}
		at = end
	}
	return total
}

func randomDefinition(r *rand.Rand, zones []*time.Location, step Duration) Definition {
	d := Definition{Zone: zones[r.IntN(len(zones))], Dates: map[Date]Windows{}}
	for i := range d.Hours {
		if r.IntN(7) > 1 {
			d.Hours[i] = randomWindows(r, step)
		}
	}
	return d
}

func randomWindows(r *rand.Rand, step Duration) (ws Windows) {
	steps := int(Day / step)
	for range 1 + r.IntN(3) {
		from := r.IntN(steps)
		ws = append(ws, Window{TimeOfDay(Duration(from) * step), TimeOfDay(Duration(from+1+r.IntN(steps/2)) * step)})
	}
	return ws
}

func TestTimelineAgainstTwin(t *testing.T) {
	var zones []*time.Location
	for _, name := range []string{"UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	const step = 15 * Minute
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 1))
		d := randomDefinition(r, zones, step)
		from := FromTime(time.Date(2011, time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC))
		to := from.Add(Duration(1+r.IntN(60)) * Day)
		tl, err := d.Compile(from, to)
		w := newTwin(d, from, to, step)
		if err != nil {
			continue
		}
		var ps []*Policy
		for range 3 {
			p, err := tl.Policy(Target{Amount: 1 + r.Int64N(int64(20*Hour)), Unit: Open})
			if err == nil {
				ps = append(ps, p)
			}
		}
		for range 60 {
			start := from.Add(Duration(r.Int64N(int64(to - from))))
			if r.IntN(2) == 0 {
				start = from.Add(start.Sub(from) / step * step)
			}
			length := Duration(r.Int64N(int64(3*Day))) / step * step
			if r.IntN(2) == 0 {
				length = Duration(r.Int64N(int64(30 * Hour)))
			}
			want, ok := w.deadline(start, length)
			got, err := tl.Deadline(start, length)
			if ok != (err == nil) || ok && got != want {
				t.Fatalf("seed %d: %v %v: from %v, %v: deadline %v %v, want %v %v", seed, d.Zone, d.Hours, start, length.Std(), got, err, want, ok)
			}
			for _, p := range ps {
				want, ok := w.deadline(start, Duration(p.target.Amount))
				got, gotOK := p.Due(start)
				if ok != gotOK || ok && got != want {
					t.Fatalf("seed %d: %v %v: from %v, %v: due %v %v, want %v %v", seed, d.Zone, d.Hours, start, p.target, got, gotOK, want, ok)
				}
			}
			end := from.Add(Duration(r.Int64N(int64(to - from))))
			a, b := min(start, end), max(start, end)
			open, err := tl.OpenTime(a, b)
			if err != nil || open != w.openTime(a, b) {
				t.Fatalf("seed %d: %v %v: open time from %v to %v is %v %v, want %v", seed, d.Zone, d.Hours, a, b, open.Std(), err, w.openTime(a, b).Std())
			}
		}
	}
}
