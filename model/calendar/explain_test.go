package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestExplanationsAddUp holds for every explanation: its steps run from the start to the due without holes, what they use
// adds up to the target, open steps are open and closed ones closed and say why.
func TestExplanationsAddUp(t *testing.T) {
	explained := 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 6))
		c := newTwinCase(t, r)
		if c == nil {
			continue
		}
		start := c.instant(r)
		for _, target := range []Target{{int64(c.duration(r)), Open}, {r.Int64N(5), BusinessDays}, {int64(c.duration(r)), Elapsed}} {
			steps, err := c.timeline.Explain(start, target)
			due, dueErr := c.timeline.Due(start, target)
			if (err == nil) != (dueErr == nil) {
				t.Fatalf("seed %d: explanation %v, due %v", seed, err, dueErr)
			}
			if err != nil {
				continue
			}
			explained++
			at, left := start, target.Amount
			for _, step := range steps {
				left -= step.Used
				if step.Interval.From != at || step.Interval.To < at || step.Left != left || step.Reason == "" || !step.Open && step.Used != 0 {
					t.Fatalf("seed %d, from %v, %v: steps %+v", seed, start, target, steps)
				}
				open, err := c.timeline.OpenTime(step.Interval.From, step.Interval.To)
				if err != nil || target.Unit != Elapsed && !step.Open && open != 0 || target.Unit == Open && step.Open && open != step.Interval.Length() {
					t.Fatalf("seed %d: step %+v has %v of open time, %v", seed, step, open, err)
				}
				at = step.Interval.To
			}
			if at != due || left != 0 {
				t.Fatalf("seed %d, from %v, %v: steps end at %v with %d left, want %v: %+v", seed, start, target, at, left, due, steps)
			}
		}
	}
	if explained < 600 {
		t.Errorf("only %d explanations", explained)
	}
}

// TestReasons names each reason for being closed.
func TestReasons(t *testing.T) {
	hours, err := ParseHours("tue-fri 08:00-12:00, 13:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	wednesday := NewDate(2026, time.January, 14)
	d := Definition{Zone: time.UTC, Hours: hours, Holidays: []Date{wednesday}, Names: map[Date]string{wednesday: "Founders' Day", wednesday + 2: "Stocktaking"},
		Dates: map[Date]Windows{wednesday + 1: {{TimeOfDay(10 * Hour), TimeOfDay(11 * Hour)}}, wednesday + 2: nil}}
	tl := compileDefinition(t, d, "2026-01-01", "2026-03-01")
	steps, err := tl.Explain(local(t, tl, "2026-01-13 11:00"), Target{int64(14 * Hour), Open})
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, step := range steps {
		reasons = append(reasons, step.Reason)
	}
	const want = "open; break; open; outside opening hours; holiday: Founders' Day; outside the special hours of this date; open; " +
		"outside the special hours of this date; closed on this date: Stocktaking; weekend; closed on Mondays; outside opening hours; " +
		"open; break; open"
	if got := strings.Join(reasons, "; "); got != want {
		t.Errorf("reasons\n%s, want\n%s", got, want)
	}
}

func TestAlways(t *testing.T) {
	tl := Always(1000, 1000+Instant(Week))
	if tl.Horizon() != (Interval{1000, 1000 + Instant(Week)}) || tl.Definition().Zone != time.UTC {
		t.Errorf("horizon %v in %v", tl.Horizon(), tl.Definition().Zone)
	}
	policy, err := tl.Policy(Target{int64(Day), Open})
	if err != nil || policy.Timeline() != tl || policy.Target().String() != "1d of open time" {
		t.Fatalf("policy %v, %v", policy, err)
	}
	for start := Instant(1000); start < 1000+Instant(Week); start += 3_333_333 {
		due, ok := policy.Due(start)
		if ok != (start <= 1000+Instant(6*Day)) || ok && due != start.Add(Day) {
			t.Fatalf("from %v due %v, %v", start, due, ok)
		}
	}
}
