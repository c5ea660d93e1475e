package arrivals

import (
	"math"
	"slices"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/workloads/dist"
	"sunrelay/workloads/rng"
)

// zones with changes of the clock: of an hour in spring and autumn, of half an hour, and none.
var zones = []string{"Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func instant(t *testing.T, text string) calendar.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.FromTime(at)
}

// staircase is a profile with another weight in each slot.
func staircase(slots int) []float64 {
	weights := make([]float64, slots)
	for i := range weights {
		weights[i] = float64(i + 1)
	}
	return weights
}

// TestSegmentsByMinutes compares the segments of a profile over a year with the wall clock minute by minute: weekday,
// hour and minute give the slot and its rate, the date gives the day.
func TestSegmentsByMinutes(t *testing.T) {
	for _, name := range zones {
		zone := mustZone(t, name)
		p := NewProfile(zone, staircase(7*48))
		from, to := instant(t, "2026-01-01T00:17:00Z"), instant(t, "2026-12-31T00:00:00Z")
		segments := p.On(from, to)
		if segments[0].from != from || segments[len(segments)-1].to != to {
			t.Fatalf("%s: segments from %s to %s, want %s to %s", name, segments[0].from, segments[len(segments)-1].to, from, to)
		}
		i := 0
		for at := from; at < to; at = at.Add(calendar.Minute) {
			for segments[i].to <= at {
				if i++; segments[i].from != segments[i-1].to {
					t.Fatalf("%s: a gap before %s", name, segments[i].from)
				}
			}
			local := at.Time().In(zone)
			slot := (int(local.Weekday())+6)%7*48 + local.Hour()*2 + local.Minute()/30
			wantDay := uint64(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
			if want := p.Weight[slot]; segments[i].rate != want || segments[i].day != wantDay {
				t.Fatalf("%s: at %s the rate is %g on day %d, want %g on day %d", name, local, segments[i].rate, segments[i].day, want, wantDay)
			}
		}
	}
}

// TestProfileHasMeanOne scales any weights.
func TestProfileHasMeanOne(t *testing.T) {
	for _, weights := range [][]float64{staircase(7), staircase(168), slices.Repeat([]float64{1e-9}, 168)} {
		sum := 0.0
		for _, w := range NewProfile(time.UTC, weights).Weight {
			sum += w
		}
		if mean := sum / float64(len(weights)); math.Abs(mean-1) > 1e-12 {
			t.Errorf("the mean weight is %g, want 1", mean)
		}
	}
}

// fillAll draws a process to its end, with blocks of the given size.
func fillAll(fill func([]calendar.Instant) int, size int) []calendar.Instant {
	var all []calendar.Instant
	block := make([]calendar.Instant, size)
	for {
		n := fill(block)
		all = append(all, block[:n]...)
		if n < size {
			return all
		}
	}
}

// TestBlocksDoNotMatter draws the same arrivals in blocks of 1, 7 and 128, in order and inside the time of the process.
func TestBlocksDoNotMatter(t *testing.T) {
	from, to := instant(t, "2026-03-20T00:00:00Z"), instant(t, "2026-04-10T00:00:00Z")
	profile := NewProfile(mustZone(t, "Europe/Dublin"), staircase(168))
	poisson := NewPoisson(profile.On(from, to), 50/float64(calendar.Day), dist.GammaOf(8, 1.0/8))
	gap, err := dist.Parse("exponential(mean 20m)")
	if err != nil {
		t.Fatal(err)
	}
	renewal := NewRenewal(gap, from, to)
	key := rng.Root(3)
	for name, start := range map[string]func() func([]calendar.Instant) int{
		"poisson": func() func([]calendar.Instant) int { return poisson.Start(key, key.Named("days")).Fill },
		"renewal": func() func([]calendar.Instant) int { return renewal.Start(key).Fill },
	} {
		want := fillAll(start(), 1)
		if len(want) < 500 || !slices.IsSorted(want) || want[0] < from || want[len(want)-1] >= to {
			t.Fatalf("%s: %d arrivals from %s to %s", name, len(want), want[0], want[len(want)-1])
		}
		for _, size := range []int{7, 128} {
			if got := fillAll(start(), size); !slices.Equal(got, want) {
				t.Errorf("%s: blocks of %d give other arrivals", name, size)
			}
		}
	}
}

// TestRatesByHour counts the arrivals of many weeks across both changes of the clock by hour of the local week. The sum of
// 168 squared standard deviations is about chi-squared: above 168 + 5·√336 = 260 with a probability of about 1e-6.
func TestRatesByHour(t *testing.T) {
	for _, name := range zones[:2] {
		zone := mustZone(t, name)
		from, to := instant(t, "2026-01-01T00:00:00Z"), instant(t, "2028-01-01T00:00:00Z")
		profile := NewProfile(zone, staircase(168))
		const rate = 40.0 / float64(calendar.Hour)
		var got, want [168]float64
		for at := from; at < to; at = at.Add(calendar.Hour) {
			want[hourOfWeek(at, zone)] += rate * float64(calendar.Hour) * profile.Weight[hourOfWeek(at, zone)]
		}
		key := rng.Root(5)
		for _, at := range fillAll(NewPoisson(profile.On(from, to), rate, nil).Start(key, key).Fill, 128) {
			got[hourOfWeek(at, zone)]++
		}
		chi := 0.0
		for h := range got {
			chi += (got[h] - want[h]) * (got[h] - want[h]) / want[h]
		}
		if chi > 260 {
			t.Errorf("%s: the arrivals by hour of the week are off by a chi-squared of %.0f, want at most 260", name, chi)
		}
	}
}

func hourOfWeek(at calendar.Instant, zone *time.Location) int {
	local := at.Time().In(zone)
	return (int(local.Weekday())+6)%7*24 + local.Hour()
}

// TestGrowthIsOnTop compares the rates of a process and its growth with the compound formula a day at a time.
func TestGrowthIsOnTop(t *testing.T) {
	from, base, to := instant(t, "2025-12-01T00:00:00Z"), instant(t, "2026-01-01T00:00:00Z"), instant(t, "2028-01-01T00:00:00Z")
	flat := NewPoisson(FlatProfile(time.UTC).On(from, to), 1, nil)
	for _, s := range flat.Growth(0.3, base).segments {
		years := max(0, float64(s.from-base)/(365*86400e3))
		if want := math.Pow(1.3, years) - 1; math.Abs(s.rate-want) > 1e-9 {
			t.Fatalf("on %s the growth has the rate %g, want %g", s.from, s.rate, want)
		}
	}
}
