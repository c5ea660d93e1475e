package arrow

import (
	"context"
	"fmt"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/sim/trace"
	"sunrelay/workloads/rng"
)

// TestRowsAreTheStoriesOfTheirCases compares cases, which are added up while they live, with their stories, which are
// written step by step by code that shares nothing with it. One in some cases is enough: each takes a run of its own.
func TestRowsAreTheStoriesOfTheirCases(t *testing.T) {
	m := load(t, "run.replications=1", "run.days=7")
	folder, _ := record(t, m, 1, Options{Cases: All})
	milestones := map[uint64][]readMilestone{}
	for _, r := range read[readMilestone](t, folder, Milestones) {
		milestones[r.Key] = append(milestones[r.Key], r)
	}
	tracer := &trace.Tracer{Model: m}
	for i, row := range read[readCase](t, folder, Cases) {
		if i%7 != 0 && row.HandOvers+row.Reopened+row.Interruptions == 0 {
			continue
		}
		story, err := tracer.Key(context.Background(), rng.Key(row.Key))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := summary(&row), told(m, story, row.Closed == nil); got != want {
			t.Errorf("case %016x:\n got %s\nwant %s", row.Key, got, want)
		}
		compareClocks(t, story, milestones[row.Key])
	}
}

// summary is what a row tells that a story tells too.
func summary(r *readCase) string {
	var from uint64
	if r.AroseFrom != nil {
		from = *r.AroseFrom
	}
	return fmt.Sprintf("arrived %d, closed %d, from %016x, first response %d, restored %d, %s, touches %d, contacts %d, questions %d, escalations %d, interruptions %d, hand-overs %d, reopened %d, wait %d, touch %d, customer %d, outside %d, away %d, contact %d, %s",
		r.Arrived, at(r.Closed), from, at(r.FirstResponse), at(r.Restored), r.Outcome, r.Touches, r.Contacts, r.Questions,
		r.Escalations, r.Interruptions, r.HandOvers, r.Reopened, r.Wait, r.Touch, r.Customer, r.Outside, r.Away, r.Contact, r.FirstSeverity)
}

func at(instant *int64) int64 {
	if instant == nil {
		return 0
	}
	return *instant
}

// told is the summary of a story.
func told(m *sim.Model, s *trace.Story, open bool) string {
	def := m.Scenario.Definition
	from := uint64(s.Origin.Key)
	r := readCase{Arrived: int64(s.Arrived), AroseFrom: &from, Outcome: s.Outcome.String(), FirstSeverity: def.Severities.Names()[s.Class.Severity]}
	if !open {
		ended := int64(s.Ended)
		r.Closed = &ended
	}
	for i := range s.Steps {
		step := &s.Steps[i]
		length := int64(step.To.Sub(step.From))
		switch step.Kind {
		case trace.Waits:
			r.Wait += length
		case trace.Worked:
			r.Touch += length
			r.Touches = max(r.Touches, int32(step.Touch))
		case trace.WithCustomer:
			r.Customer += length
			r.Questions++
		case trace.WithParty, trace.OnItsWay, trace.WithOutage:
			r.Outside += length
		case trace.Away:
			r.Away += length
		case trace.Contacted:
			r.Contact += length
			if step.Break == 0 && !step.Open {
				r.Contacts++
			}
		case trace.Escalated:
			r.Escalations++
		case trace.Reopened:
			r.Reopened++
		case trace.ServiceRestored:
			r.Restored = instantOf(step.From)
		case trace.ReachedMilestone:
			if s.Clocks[step.Clock].Milestone.String() == "first_response" {
				r.FirstResponse = instantOf(step.From)
			}
		}
		switch step.Break {
		case trace.Interrupted:
			r.Interruptions++
		case trace.HandedOver:
			r.HandOvers++
		}
	}
	return summary(&r)
}

func instantOf(at calendar.Instant) *int64 {
	i := int64(at)
	return &i
}

// compareClocks checks that the clocks of a story that count are the rows of milestones of its case, in whatever order.
func compareClocks(t *testing.T, s *trace.Story, rows []readMilestone) {
	t.Helper()
	counted := map[string]int{}
	for i := range s.Clocks {
		c := &s.Clocks[i]
		if c.Verdict < trace.Met || c.Verdict > trace.Cancelled {
			continue
		}
		cause := ""
		if c.Verdict == trace.Breached {
			cause = c.Cause.String()
		}
		due := calendar.Instant(0)
		if c.HasDue {
			due = c.Due
		}
		counted[fmt.Sprintln(c.Milestone, c.Started, due, c.Verdict, cause)]++
	}
	for _, r := range rows {
		cause := ""
		if r.Cause != nil {
			cause = *r.Cause
		}
		clock := fmt.Sprintln(r.Milestone, calendar.Instant(r.Started), calendar.Instant(at(r.Due)), r.Status, cause)
		if counted[clock]--; counted[clock] < 0 {
			t.Errorf("case %016x: the story has no clock %s", uint64(s.Key), clock)
		}
	}
	for clock, n := range counted {
		if n > 0 {
			t.Errorf("case %016x: no row of the clock %s", uint64(s.Key), clock)
		}
	}
}
