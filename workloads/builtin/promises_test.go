package builtin_test

import (
	"slices"
	"strings"
	"testing"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
)

// columns are what the targets of a milestone go by. The column severity of figures.csv holds any of them.
type columns uint8

const (
	bySeverity columns = iota
	byParty            // external parties, which carry the vendor's name in global
	byWay              // ways to ask for a manager
)

// goal is a kind of target of a plan: a milestone, or the updates once service is restored.
type goal struct {
	name    string
	targets *scenario.BySeverity[scenario.Target]
	by      columns
}

// restored is the goal that is no milestone of its own.
const restored = "update_restored"

// goals are all kinds of targets of the plan.
func goals(p *scenario.Plan) []goal {
	return []goal{
		{"first_response", &p.FirstResponse, bySeverity},
		{"next_response", &p.NextResponse, bySeverity},
		{"update", &p.Update, bySeverity},
		{restored, &p.UpdateRestored, bySeverity},
		{"restore", &p.Restore, bySeverity},
		{"resolve", &p.Resolve, bySeverity},
		{"fix", &p.Fix, byParty},
		{"rma_dispatch", &p.RmaDispatch, byParty},
		{"rma_return", &p.RmaReturn, byParty},
		{"manager_contact", &p.ManagerContact, byWay},
	}
}

// names are what the columns stand for, in the order of the compiled tables: as the file calls them, and as the table
// does.
func (e *edition) names(by columns) (inFile, inTable []string) {
	switch by {
	case byParty:
		for _, party := range e.Tiers {
			inTable = append(inTable, strings.TrimPrefix(party, e.prefix))
		}
		return e.Tiers, inTable
	case byWay:
		return e.Definition.Management.Names(), e.Definition.Management.Names()
	}
	return e.Definition.Severities.Names(), e.severities
}

// clocks are the compiled clocks of a goal by region and column; nil where there are none.
func clocks(plan *scenario.CompiledPlan, name string) [][]scenario.ClockID {
	if name == restored {
		return plan.Restored
	}
	var milestone sla.Milestone
	if err := milestone.UnmarshalText([]byte(name)); err != nil {
		panic(err) // the names are those of goals
	}
	return plan.Clock[milestone]
}

// promise is one target of a file.
type promise struct {
	scenario.Target
	plan, column int
	goal         string
	severity     string // whose coverage counts where the target has no clock; empty = the region's business hours count
}

// promises are all targets of the vendor, by plan, column and goal as the table names them.
func (e *edition) promises() map[string]promise {
	all := map[string]promise{}
	for i := range e.Definition.Plans {
		plan := &e.Definition.Plans[i]
		own, isOwn := e.own(plan.Name)
		if !isOwn {
			continue
		}
		for _, g := range goals(&plan.Value) {
			inFile, inTable := e.names(g.by)
			for j := range inTable {
				target := g.targets.For(inFile[j])
				if target == nil {
					continue
				}
				p := promise{Target: *target, plan: i, column: j, goal: g.name}
				if g.by == bySeverity {
					p.severity = inFile[j]
				}
				all[own+" "+inTable[j]+" "+g.name] = p
			}
		}
	}
	return all
}

// hours says on which hours a promise counts, as the table writes it; "-" where nothing is promised or no time counts.
func (p *promise) hours(e *edition) string {
	switch {
	case !p.Target.Target.Promises() || p.Target.Target.Kind == sla.OnStatusChange:
		return "-"
	case p.Clock != nil:
		return p.Clock.String()
	case p.severity == "":
		return "region"
	}
	return e.Definition.Plans[p.plan].Value.Coverage.For(p.severity).String()
}

// TestPromises matches every target of the table with the files and with the clocks of the compiled scenarios.
func TestPromises(t *testing.T) {
	rows := table(t, "figures.csv", "vendor", "plan", "severity", "milestone", "target", "clock", "source")
	for _, e := range editions(t) {
		h := tableOfHours(t, e.Compiled)
		promises := e.promises()
		seen := map[string]bool{}
		for _, row := range rows {
			if row[0] != e.vendor {
				continue
			}
			key := strings.Join(row[1:4], " ")
			p, given := promises[key]
			switch {
			case seen[key]:
				t.Errorf("figures.csv: %s %s stands twice", e.vendor, key)
			case !given:
				t.Errorf("%s: lacks %s %s", e.name, e.vendor, key)
			default:
				e.checkFigure(t, row, p, h)
			}
			seen[key] = true
		}
		for key, p := range promises {
			if !seen[key] {
				row := []string{e.vendor, strings.ReplaceAll(key, " ", ","), p.Target.Target.String(), p.hours(&e)}
				t.Errorf("%s: figures.csv lacks %s", e.name, strings.Join(row, ","))
			}
		}
		h.checkAllCounted(t, e.vendor)
	}
}

// checkFigure holds one row against the file, and against the clocks of the regions of the vendor that have such cases.
func (e *edition) checkFigure(t *testing.T, row []string, p promise, h *hours) {
	t.Helper()
	where := e.name + ": " + strings.Join(row[:4], " ")
	var want sla.Target
	if err := want.UnmarshalText([]byte(row[4])); err != nil {
		t.Fatal(err)
	}
	if got := p.hours(e); p.Target.Target != want || got != row[5] {
		t.Errorf("%s: promises %s on %s, want %s on %s", where, p.Target.Target, got, want, row[5])
		return
	}
	if row[6] == assumed && !p.Assumed && !e.Definition.Plans[p.plan].Value.Assumed {
		t.Errorf("%s: is not marked as assumed", where)
	}
	clocks := clocks(&e.Plans[p.plan], p.goal)
	for i := range e.Regions {
		region, isOwn := e.own(e.Regions[i].Name)
		if !isOwn {
			continue
		}
		if !e.buys(e.Regions[i].Name, e.Plans[p.plan].Name, p.severity) {
			h.mark(e.vendor, region, row[5])
			continue
		}
		id := scenario.NoClock
		if clocks != nil {
			id = clocks[i][p.column]
		}
		e.checkClock(t, where+" in "+region, id, want, func() *calendar.Timeline {
			return h.counting(t, e.vendor, region, row[5], e.Compiled)
		})
	}
}

// buys reports whether cases of the plan come from the region, with the severity unless that is empty.
func (e *edition) buys(region, plan, severity string) bool {
	return slices.ContainsFunc(e.Definition.Workload.Streams, func(stream scenario.Entry[scenario.Stream]) bool {
		share := stream.Value.Mix.Plan.Find(plan)
		if stream.Value.Region != region || share == nil || *share == 0 || severity == "" {
			return stream.Value.Region == region && share != nil && *share > 0
		}
		of := stream.Value.Mix.Severity.For(plan, "")
		return of.Find(severity) != nil && *of.Find(severity) > 0
	})
}

// limit is a target as clocks count it: half a week is three days and a half, once a business day is within one.
func limit(target sla.Target) (calendar.Target, bool) {
	switch target.Kind {
	case sla.TimesAWeek:
		return calendar.Target{Amount: int64(7*calendar.Day) / target.Amount, Unit: calendar.Elapsed}, true
	case sla.TimesABusinessDay:
		return calendar.Target{Amount: 1, Unit: calendar.BusinessDays}, target.Amount == 1
	}
	return target.Limit()
}

// checkClock holds a compiled clock against the target on hours made from the table: its target, and its dues for starts
// all over the year.
func (e *edition) checkClock(
	t *testing.T, where string, id scenario.ClockID, want sla.Target, counting func() *calendar.Timeline,
) {
	t.Helper()
	limit, isLimit := limit(want)
	if isLimit != (id != scenario.NoClock) {
		t.Errorf("%s: clock %d for %s", where, id, want)
		return
	}
	if !isLimit {
		return
	}
	if got := e.Clocks[id].Target(); got != limit {
		t.Errorf("%s: counts %s, want %s", where, got, limit)
	}
	line := counting()
	for start := e.Start; start < e.End; start = start.Add(13*calendar.Hour + 7*calendar.Minute) {
		due, err := line.Due(start, limit)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := e.Clocks[id].Due(start); !ok || got != due {
			t.Errorf("%s: from %s due %s, want %s", where, start, got, due)
			return
		}
	}
}
