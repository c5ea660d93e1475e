package arrow

import (
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"sunrelay/model"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
)

// readCase, readMilestone and readHour are what a reader that knows nothing of this package finds. Instants are
// milliseconds of UTC.
type readCase struct {
	Replication   int32   `parquet:"replication"`
	Key           uint64  `parquet:"case_key"`
	AroseFrom     *uint64 `parquet:"arose_from"`
	Measured      bool    `parquet:"measured"`
	Plan          string  `parquet:"plan"`
	Severity      string  `parquet:"severity"`
	FirstSeverity string  `parquet:"first_severity"`
	Region        string  `parquet:"region"`
	Language      string  `parquet:"language"`
	Channel       string  `parquet:"channel"`
	FirstTier     string  `parquet:"first_tier"`
	LastTier      string  `parquet:"last_tier"`
	Pool          *string `parquet:"pool"`
	Arrived       int64   `parquet:"arrived"`
	FirstResponse *int64  `parquet:"first_response"`
	Restored      *int64  `parquet:"restored"`
	Closed        *int64  `parquet:"closed"`
	Outcome       string  `parquet:"outcome"`
	Touches       int32   `parquet:"touches"`
	Contacts      int32   `parquet:"contacts"`
	Questions     int32   `parquet:"questions"`
	Escalations   int32   `parquet:"escalations"`
	Interruptions int32   `parquet:"interruptions"`
	HandOvers     int32   `parquet:"hand_overs"`
	Reopened      int32   `parquet:"reopened"`
	Breaches      int32   `parquet:"breaches"`
	Wait          int64   `parquet:"wait_ms"`
	Touch         int64   `parquet:"touch_ms"`
	Customer      int64   `parquet:"customer_ms"`
	Outside       int64   `parquet:"outside_ms"`
	Away          int64   `parquet:"away_ms"`
	Contact       int64   `parquet:"contact_ms"`
}

type readMilestone struct {
	Replication int32   `parquet:"replication"`
	Key         uint64  `parquet:"case_key"`
	Milestone   string  `parquet:"milestone"`
	Plan        string  `parquet:"plan"`
	Severity    string  `parquet:"severity"`
	Started     int64   `parquet:"started"`
	Due         *int64  `parquet:"due"`
	Reached     *int64  `parquet:"reached"`
	Status      string  `parquet:"status"`
	Cause       *string `parquet:"cause"`
}

type readHour struct {
	Replication int32   `parquet:"replication"`
	Component   int32   `parquet:"component"`
	Measured    bool    `parquet:"measured"`
	Began       int64   `parquet:"began"`
	Span        int64   `parquet:"span_ms"`
	Centre      *string `parquet:"centre"`
	Pool        *string `parquet:"pool"`
	Busy        *int64  `parquet:"busy_ms"`
	Available   *int64  `parquet:"available_ms"`
	Scheduled   *int64  `parquet:"scheduled_ms"`
	Overtime    *int64  `parquet:"overtime_ms"`
	OnCall      *int64  `parquet:"on_call_ms"`
	Touches     *int32  `parquet:"touches"`
	Open        *int64  `parquet:"open_ms"`
	Waiting     *int64  `parquet:"waiting_ms"`
	Arrived     *int32  `parquet:"arrived"`
	Closed      *int32  `parquet:"closed"`
}

// read reads a table by another library than wrote it.
func read[T any](t testing.TB, folder string, table Table) []T {
	t.Helper()
	rows, err := parquet.ReadFile[T](filepath.Join(folder, string(table)+".parquet"))
	if err != nil {
		t.Fatalf("%s: %v", table, err)
	}
	return rows
}

// names are the plan and severity of a row of the totals, as files name them.
func names(m *sim.Model, row int) (plan, severity string) {
	def := m.Scenario.Definition
	return def.Plans.Names()[row/m.Shape.Severities], def.Severities.Names()[row%m.Shape.Severities]
}

// TestRowsAddUpToTheTotals reads all tables with an independent reader and counts what the engine counted by itself.
func TestRowsAddUpToTheTotals(t *testing.T) {
	m := load(t, "run.replications=3")
	folder, result := record(t, m, 2, Options{Cases: All})
	checkCases(t, result, read[readCase](t, folder, Cases))
	checkMilestones(t, result, read[readMilestone](t, folder, Milestones))
	checkTimeline(t, result, read[readHour](t, folder, Timeline))
}

func checkCases(t *testing.T, result *experiment.Result, rows []readCase) {
	t.Helper()
	type group struct{ plan, severity, outcome string }
	var arrived int64
	got, want := map[group]int64{}, map[group]int64{}
	for _, r := range rows {
		if r.Measured {
			got[group{r.Plan, r.Severity, r.Outcome}]++
		}
	}
	for _, totals := range result.Replications {
		arrived += totals.Arrived
		for row := range totals.Outcomes {
			plan, severity := names(result.Model, row)
			for o, n := range totals.Outcomes[row] {
				if n > 0 {
					want[group{plan, severity, model.Outcome(o).String()}] += n
				}
			}
		}
	}
	if int64(len(rows)) != arrived {
		t.Errorf("%d cases, want %d", len(rows), arrived)
	}
	sameCounts(t, "cases", got, want)
}

func checkMilestones(t *testing.T, result *experiment.Result, rows []readMilestone) {
	t.Helper()
	type group struct{ milestone, plan, severity, status, cause string }
	got, want := map[group]int64{}, map[group]int64{}
	for _, r := range rows {
		g := group{r.Milestone, r.Plan, r.Severity, r.Status, ""}
		if r.Cause != nil {
			g.cause = *r.Cause
		}
		got[g]++
		if late := r.Reached != nil && r.Due != nil && *r.Reached > *r.Due; r.Status == "met" && (late || r.Reached == nil) {
			t.Errorf("a clock that is met was late or not reached: %+v", r)
		}
	}
	for _, totals := range result.Replications {
		for milestone := range totals.Clocks {
			for row := range totals.Clocks[milestone] {
				c := &totals.Clocks[milestone][row]
				plan, severity := names(result.Model, row)
				g := group{milestone: sla.Milestone(milestone).String(), plan: plan, severity: severity}
				add := func(status, cause string, n int64) {
					if g.status, g.cause = status, cause; n > 0 {
						want[g] += n
					}
				}
				add("met", "", c.Total().Met)
				add("undecided", "", c.Undecided)
				add("cancelled", "", c.Cancelled)
				for cause, n := range totals.Causes[milestone][row] {
					add("breached", metrics.Cause(cause).String(), n)
				}
			}
		}
	}
	sameCounts(t, "milestones", got, want)
}

func checkTimeline(t *testing.T, result *experiment.Result, rows []readHour) {
	t.Helper()
	type sums struct{ busy, available, scheduled, overtime, onCall, touches, open, waiting int64 }
	got, want := map[string]sums{}, map[string]sums{}
	var arrived, open int64
	for _, r := range rows {
		if r.Pool == nil {
			arrived += int64(*r.Arrived)
			open += int64(*r.Arrived) - int64(*r.Closed)
		}
		switch {
		case !r.Measured:
		case r.Pool == nil:
			s := got[""]
			s.open, s.waiting = s.open+*r.Open, s.waiting+*r.Waiting
			got[""] = s
		default:
			s := got[*r.Pool]
			s.busy, s.available, s.scheduled = s.busy+*r.Busy, s.available+*r.Available, s.scheduled+*r.Scheduled
			s.overtime, s.onCall, s.touches = s.overtime+*r.Overtime, s.onCall+*r.OnCall, s.touches+int64(*r.Touches)
			got[*r.Pool] = s
		}
	}
	var wantArrived, wantOpen int64
	for _, totals := range result.Replications {
		wantArrived, wantOpen = wantArrived+totals.Arrived, wantOpen+totals.OpenAtEnd
		s := want[""]
		for _, b := range totals.Backlog {
			s.open, s.waiting = s.open+b.Open, s.waiting+b.Waiting
		}
		want[""] = s
		for p := range totals.Pools {
			time, name := totals.Pools[p].Total(), result.Model.Scenario.Pools[p].Name
			s := want[name]
			s.busy, s.available, s.scheduled = s.busy+time.Busy, s.available+time.Available, s.scheduled+time.Scheduled
			s.overtime, s.onCall, s.touches = s.overtime+time.Overtime, s.onCall+totals.Pools[p].OnCall, s.touches+totals.Pools[p].Touches
			want[name] = s
		}
	}
	sameCounts(t, "timeline", got, want)
	if arrived != wantArrived || open != wantOpen {
		t.Errorf("timeline: %d cases arrived and %d are open at the end, want %d and %d", arrived, open, wantArrived, wantOpen)
	}
}

// sameCounts compares what was counted by group.
func sameCounts[K, V comparable](t *testing.T, table string, got, want map[K]V) {
	t.Helper()
	if len(want) < 3 {
		t.Errorf("%s: only %d groups, which tell little", table, len(want))
	}
	for g, n := range want {
		if got[g] != n {
			t.Errorf("%s: %v of %v, want %v", table, got[g], g, n)
		}
	}
	for g, n := range got {
		if _, known := want[g]; !known {
			t.Errorf("%s: %v of %v, want none", table, n, g)
		}
	}
}
