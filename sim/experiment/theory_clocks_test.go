package experiment

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sharedtest"
	"sunrelay/model/sla"
	"sunrelay/sim"
	"sunrelay/workloads/rng"
)

// ledger is a follower of the clocks of all cases.
type ledger map[rng.Key][]sim.Event

func (l ledger) Follows(rng.Key, sim.EventKind) bool { return true }

func (l ledger) Observe(e sim.Event) { l[e.Case] = append(l[e.Case], e) }

// keep simulates one replication of a scenario with one component.
func keep(t *testing.T, text string) ledger {
	t.Helper()
	l := ledger{}
	if _, err := sim.NewEngine(loadModel(t, text), 0, sim.Options{Observer: l}).Run(0); err != nil {
		t.Fatal(err)
	}
	return l
}

// stint is the due of a clock and its end.
type stint struct{ due, ended calendar.Instant }

// clocks are those of the milestones of a case that ended, in order. A due that moves is the last one.
func (l ledger) clocks(kase rng.Key, of sla.MilestoneSet) (all []stint) {
	var now [sla.Milestones]stint
	for _, e := range l[kase] {
		if !of.Has(e.Milestone) {
			continue
		}
		switch clk := &now[e.Milestone]; e.Kind {
		case sim.Started:
			*clk = stint{due: e.Due}
		case sim.Resumed:
			clk.due = e.Due
		case sim.Met, sim.Breached:
			clk.ended = e.At
			all = append(all, *clk)
		case sim.Voided:
			*clk = stint{}
		}
	}
	return all
}

// due is where the clock of a milestone that runs to the end stands.
func (l ledger) due(kase rng.Key, of sla.Milestone) (due calendar.Instant) {
	for _, e := range l[kase] {
		if e.Milestone == of && (e.Kind == sim.Started || e.Kind == sim.Resumed) {
			due = e.Due
		}
	}
	return due
}

// count is how often something happened to a case.
func (l ledger) count(kase rng.Key, kind sim.EventKind) (n int) {
	for _, e := range l[kase] {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

// arrivedAt is the case that arrived at an instant.
func (l ledger) arrivedAt(at calendar.Instant) (rng.Key, bool) {
	for kase, events := range l {
		if events[0].Kind == sim.Arrived && events[0].At == at {
			return kase, true
		}
	}
	return 0, false
}

// TestValidationClocks plays the clocks of validation.json that count by themselves, or stand still, as cases of a scenario;
// model/calendar checks the same figures directly. Nothing is estimated.
func TestValidationClocks(t *testing.T) {
	ran := 0
	for _, v := range sharedtest.Cases[validationCase](t) {
		if v.Group == "sla_clock" && v.Model == "SLA deadline" {
			t.Run(v.ID, v.playDeadline)
			ran++
		}
	}
	if ran != 12 {
		t.Errorf("%d deadlines, want 12", ran)
	}
}

// playDeadline promises a solution on the case's calendar to a case that arrives at the start. A pause is a question: an
// agent comes for the minute before it and asks, and customers answer in the minute before its end.
func (v *validationCase) playDeadline(t *testing.T) {
	var p struct {
		Start         string
		TargetMinutes int `json:"target_minutes"`
		Calendar      json.RawMessage
		Pauses        [][2]string
	}
	if err := json.Unmarshal(v.Params, &p); err != nil {
		t.Fatal(err)
	}
	var want string
	if err := json.Unmarshal(v.Metrics["due"].Value, &want); err != nil {
		t.Fatal(err)
	}
	start := validationTime(t, p.Start)
	var shifts, answers []string
	var last string
	for i, pause := range p.Pauses {
		from, to := validationTime(t, pause[0]).Add(-calendar.Minute).Time(), validationTime(t, pause[1]).Add(-calendar.Minute).Time()
		shifts = append(shifts, fmt.Sprintf(`s%d: {agents: 99, days: %s, start: "%s", length: 1m}`, i, weekday(from), from.Format("15:04")))
		window := fmt.Sprintf("%s-%s", to.Format("15:04"), to.Add(time.Minute).Format("15:04"))
		if day := weekday(to); day == last {
			answers[len(answers)-1] += ", " + window
		} else {
			answers, last = append(answers, day+" "+window), day
		}
	}
	if len(p.Pauses) == 0 {
		shifts, answers = []string{`s: {agents: 0, start: "00:00", length: 24h}`}, []string{"24x7"}
	}
	l := keep(t, fmt.Sprintf(`
severities: [normal]
calendars:
  promised: %s
  answers: {zone: UTC, hours: "%s"}
regions: {here: {zone: UTC, calendar: promised, calendars: {answers: answers}}}
plans: {standard: {coverage: region, resolve: %dbm, pauses: resolve}}
centres: {main: {pools: {t1: {shifts: {%s}}}}}
work: {t1: {handle_time: constant(1m), touches: 1_000_000, question: 1, answer_after: constant(1m), answer_clock: region.answers}}
routing: {rule: fifo}
workload: {streams: {cases: {interarrival: constant(1h)}}}
run: {start: %s, warm_up: 1h, days: 7}`,
		calendarText(t, p.Calendar), strings.Join(answers, "; "), p.TargetMinutes, strings.Join(shifts, ", "), start))
	kase, found := l.arrivedAt(start)
	if !found {
		t.Fatalf("no case arrives at %s", start)
	}
	if n := l.count(kase, sim.Answered); n != len(p.Pauses) {
		t.Errorf("%d pauses, want %d", n, len(p.Pauses))
	}
	if due := l.due(kase, sla.Resolve); due != validationTime(t, want) {
		t.Errorf("due at %s, want %s", due, want)
	}
}

func weekday(at time.Time) string { return strings.ToLower(at.Weekday().String()[:3]) }

func validationTime(t *testing.T, text string) calendar.Instant {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.FromTime(at)
}

// calendarText writes {"tz": ..., "windows": [[[days from 1 = Monday], from minute, to minute]], "holidays": [...]} or
// "24x7" as a calendar of a scenario.
func calendarText(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var given struct {
		TZ       string
		Windows  [][3]any
		Holidays []string
	}
	if json.Unmarshal(raw, &given) != nil {
		return "{zone: UTC, hours: 24x7}"
	}
	var hours []string
	for _, w := range given.Windows {
		var days []string
		for _, day := range w[0].([]any) {
			days = append(days, [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}[int(day.(float64))-1])
		}
		from, to := int(w[1].(float64)), int(w[2].(float64))
		hours = append(hours, fmt.Sprintf("%s %02d:%02d-%02d:%02d", strings.Join(days, ","), from/60, from%60, to/60, to%60))
	}
	return fmt.Sprintf("{zone: %s, hours: %q, holidays: [%s]}", given.TZ, strings.Join(hours, "; "), strings.Join(given.Holidays, ", "))
}

// cadence has a case every day at 10:00 whose figures are promised within 60 minutes. Agents are there for the minutes that
// begin at 10:20, 11:30 and 12:50, and those of the second tier at 13:00; they take no time. Customers answer at 10:40 and at
// 11:35. So a case of three touches at the first tier lives as clk-update-cadence says.
const cadence = `
severities: [normal]
calendars: {answers: {zone: UTC, hours: "daily 10:39-10:40, 11:34-11:35"}}
regions: {here: {zone: UTC, calendars: {answers: answers}}}
plans: {standard: {first_response: 60m, next_response: 60m, update: 60m}}
centres:
  main:
    pools:
      t1: {shifts: {a: {agents: 1, start: "10:20", length: 1m}, b: {agents: 1, start: "11:30", length: 1m}, c: {agents: 1, start: "12:50", length: 1m}}}
      t2: {tiers: t2, shifts: {d: {agents: 1, start: "13:00", length: 1m}}}
work:
  t1: {handle_time: constant(0), update_time: constant(0), touches: 3, question: 1, answer_after: constant(1m), answer_clock: region.answers, escalation: 1}
  t2: {handle_time: constant(0), update_time: constant(0)}
routing: {rule: fifo}
workload: {streams: {cases: {interarrival: constant(24h)}}}
run: {start: 2026-01-05T10:00:00Z, days: 100}`

// TestUpdateCadence compares both modes of the case clk-update-cadence of validation.json: updates from one contact by an
// agent to the next, and responses to what the customer says. Its source is the documentation of Zammad (manage/slas.rst).
func TestUpdateCadence(t *testing.T) {
	l := keep(t, cadence)
	compared := 0
	for kase, events := range l {
		if l.count(kase, sim.Asked) != 2 || l.count(kase, sim.Closed) != 1 || events[len(events)-1].At.Sub(events[0].At) != 3*calendar.Hour {
			continue
		}
		if got, want := l.story(kase, sla.Update), "11:00, 11:20 late 10m, 12:30 late 20m, 13:50"; got != want {
			t.Errorf("between updates by agents: %s, want %s", got, want)
		}
		if got, want := l.story(kase, sla.FirstResponse, sla.NextResponse), "11:00, 11:40, 12:35 late 15m"; got != want {
			t.Errorf("for an agent to respond: %s, want %s", got, want)
		}
		compared++
	}
	if compared < 3 { // 4/27 of 99 cases have three touches at the first tier
		t.Errorf("%d cases have the life in question", compared)
	}
}

// story is the dues of the clocks of a case, with how late they were ended.
func (l ledger) story(kase rng.Key, of ...sla.Milestone) string {
	var parts []string
	for _, s := range l.clocks(kase, sla.SetOf(of...)) {
		part := s.due.Time().Format("15:04")
		if s.ended > s.due {
			part += " late " + s.ended.Sub(s.due).String()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
