package reports

import (
	"slices"
	"strings"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
)

// targetText is the target of a plan and severity as the file has it; false where nothing is promised. A milestone of
// external parties, or of ways to ask for a manager, may have several targets, which are then told by name.
func targetText(d *scenario.Definition, m sla.Milestone, plan, severity int) (string, bool) {
	p := &d.Plans[plan].Value
	switch m {
	case sla.Fix, sla.RMADispatch, sla.RMAReturn, sla.ManagerContact:
		return targetsByName(targets(p, m), owners(d, m))
	case sla.Update:
		return updateText(p, d.Severities[severity].Name)
	}
	return limitText(targets(p, m).For(d.Severities[severity].Name))
}

// targets are those of the plan for the milestone.
func targets(p *scenario.Plan, m sla.Milestone) *scenario.BySeverity[scenario.Target] {
	return [sla.Milestones]*scenario.BySeverity[scenario.Target]{
		sla.FirstResponse: &p.FirstResponse, sla.NextResponse: &p.NextResponse, sla.Update: &p.Update, sla.Restore: &p.Restore,
		sla.Resolve: &p.Resolve, sla.Fix: &p.Fix, sla.RMADispatch: &p.RmaDispatch, sla.RMAReturn: &p.RmaReturn,
		sla.ManagerContact: &p.ManagerContact,
	}[m]
}

// limitText is a target as the file has it, if it has one and that is a limit.
func limitText(t *scenario.Target) (string, bool) {
	if t == nil {
		return "", false
	}
	_, promised := t.Target.Limit()
	return t.Target.String(), promised || t.Target.IsFrequency()
}

// updateText has two targets where they differ once service is restored.
func updateText(p *scenario.Plan, severity string) (string, bool) {
	before, promised := limitText(p.Update.For(severity))
	own := p.UpdateRestored.For(severity)
	after, promisedAfter := limitText(own)
	switch {
	case own == nil || after == before:
		return before, promised
	case promised && promisedAfter:
		return before + ", restored " + after, true
	case promisedAfter:
		return "restored " + after, true
	}
	return before, promised
}

// owners are the names by which targets of the milestone go: external parties, or ways to ask for a manager.
func owners(d *scenario.Definition, m sla.Milestone) []string {
	if m == sla.ManagerContact {
		return d.Management.Names()
	}
	var names []string
	for i := range d.Work {
		party := &d.Work[i].Value
		runs := party.Milestone != nil && *party.Milestone == m
		if m == sla.RMAReturn {
			runs = party.SendBack.Given()
		}
		if runs && party.Turnaround.Given() {
			names = append(names, d.Work[i].Name)
		}
	}
	return names
}

// targetsByName is one target where all are alike, else each with its name.
func targetsByName(targets *scenario.BySeverity[scenario.Target], names []string) (string, bool) {
	var texts, named []string
	for _, name := range names {
		if text, promised := limitText(targets.For(name)); promised {
			texts = append(texts, text)
			named = append(named, name+" "+text)
		}
	}
	if len(texts) == 0 {
		return "", false
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		return texts[0], true
	}
	return strings.Join(named, ", "), true
}
