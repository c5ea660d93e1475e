package fit

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestStorms: two days in a row of 400 cases more within four hours each are one storm, and the scenario has it.
func TestStorms(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	var log bytes.Buffer
	log.WriteString("opened,closed\n")
	write := func(day, hour int) {
		opened := time.Date(2026, 1, 5+day, hour, random.IntN(60), random.IntN(60), 0, time.UTC)
		fmt.Fprintf(&log, "%s,%s\n", opened.Format(time.DateTime), opened.Add(time.Duration(random.ExpFloat64()*float64(time.Hour))).Format(time.DateTime))
	}
	for day := range 8 * 7 {
		for hour := 8; hour < 18; hour++ {
			for range 3 + random.IntN(4) {
				write(day, hour)
			}
		}
		if day == 30 || day == 31 {
			for range 400 {
				write(day, 12+random.IntN(4))
			}
		}
	}
	r := fitText(t, &log)
	s := r.Arrivals.Storms
	if s == nil || s.Number != 1 || math.Abs(s.Cases.Value-800) > 30 || math.Abs(s.PerYear.Value-365.0/56) > 0.1 {
		t.Fatalf("storms are %+v, want one of 800 cases in eight weeks", s)
	}
	// Half of it has come after the first day's four hours, all after those of the second day.
	if s.Spread[0] != 0 || s.Spread[4] > 4 || s.Spread[6] < 23 || s.Spread[10] > 30 {
		t.Errorf("its cases come after hours %v", s.Spread)
	}
	text := r.Scenario("storm.csv")
	load(t, text)
	if !strings.Contains(text, "storms:") || !strings.Contains(text, "Bursts: 1 in the log") {
		t.Errorf("the scenario has no storms:\n%s", text)
	}
}

// TestTouchesNotGeometric: cases with one or two touches that all take days are matched by more touches, which are shorter.
func TestTouchesNotGeometric(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	var log bytes.Buffer
	log.WriteString("opened,resolved,touches,handle_time\n")
	for i := range 2000 {
		opened := time.Date(2026, 1, 5+i/50, 8+random.IntN(9), random.IntN(60), 0, 0, time.UTC)
		took := time.Duration(10 * math.Exp(1.5*random.NormFloat64()) * 24 * float64(time.Hour))
		fmt.Fprintf(&log, "%s,%s,%d,%.2f\n", opened.Format(time.DateTime), opened.Add(took).Format(time.DateTime), 1+random.IntN(2), 30*math.Exp(random.NormFloat64()/2))
	}
	r := fitText(t, &log)
	if r.work.recordedMiss < 0.3 || r.WorkMiss() > 0.2 || r.work.touches < 2 {
		t.Errorf("%g touches with a miss of %g, of recorded ones %g", r.work.touches, r.WorkMiss(), r.work.recordedMiss)
	}
	if all := r.work.touches * r.work.handleMean; math.Abs(all/r.HandleTime.Mean.Value-1) > 0.05 {
		t.Errorf("the touches take %g ms together, want %g", all, r.HandleTime.Mean.Value)
	}
	load(t, r.Scenario("touches.csv"))
}
