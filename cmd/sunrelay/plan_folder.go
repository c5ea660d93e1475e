package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/sim"
)

// planFile is the scenario with the plan in place, in the folder of a plan.
const planFile = "plan.yaml"

// writePlanFolder fills the folder, if there is one, with the plan: a scenario only where it is confirmed and not too dear.
func (l *loader) writePlanFolder(f *folder.Folder, m *sim.Model, report *reports.Plan) error {
	if f == nil {
		return nil
	}
	files := []folderFile{
		{folder.Mark, func(w io.Writer) error { return reports.WritePlanSummary(w, report) }},
		{"staffing.csv", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(report.StaffingRows()) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, report.Report()) }},
	}
	if report.Confirmed && !report.OverBudget() {
		tree, err := l.staffed(m, report)
		if err != nil {
			return err
		}
		files = append(files, folderFile{planFile, func(w io.Writer) error { return writeStaffed(w, planFile, tree) }})
	}
	return fill(f, files)
}

// writePointsFolder fills the folder, if there is one, with plans side by side.
func writePointsFolder(f *folder.Folder, p *reports.PlanPoints) error {
	if f == nil {
		return nil
	}
	return fill(f, []folderFile{
		{folder.Mark, func(w io.Writer) error { return reports.WritePlanPointsSummary(w, p) }},
		{"staffing.csv", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(p.StaffingRows()) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, p.Report()) }},
	})
}

// writeStaffed writes a scenario that has a plan in place.
func writeStaffed(w io.Writer, name string, tree []byte) error {
	_, err := fmt.Fprintf(w, "# A staffing plan found by sunrelay plan: its heads keep the objectives at the least cost that was found.\n"+
		"# Check it with: sunrelay run %s --check\n%s", name, tree)
	return err
}

// staffed is the text of the scenario with the heads of the plan, and the seed and replications of its verdict, so that run --check
// gives the same figures.
func (l *loader) staffed(m *sim.Model, report *reports.Plan) ([]byte, error) {
	sets := slices.Clone(l.args.scenario.sets)
	def := m.Scenario.Definition
	for _, shift := range report.Staffing {
		path := "centres." + shift.Centre + ".pools." + shift.Pool
		if len(def.Centres.Find(shift.Centre).Pools.Find(shift.Pool).Shifts) > 0 {
			path += ".shifts." + shift.Shift
		}
		sets = append(sets, fmt.Sprintf("%s.agents=%d", path, shift.Agents))
	}
	sets = append(sets, fmt.Sprintf("run.seed=%d", report.VerdictSeed), fmt.Sprintf("run.replications=%d", report.VerdictReplications))
	var kept []string
	for _, o := range def.Objectives {
		if report.Keeps(o.Value.Text) {
			kept = append(kept, keptGoal(&o.Value, report.Budget))
		}
	}
	source, err := l.s.source(l.args.scenario.name)
	if err != nil {
		return nil, err
	}
	return scenario.Resolved(source, append(sets, objectiveSet(kept)))
}

// keptGoal is an objective as the plan keeps it: with a budget as goal, moved.
func keptGoal(o *sla.Objective, budget *reports.PlanBudget) string {
	if budget == nil || budget.Moved == 0 {
		return o.Text
	}
	const digits = 1e6
	goal := min(1, max(0, o.Value+float64(budget.Moved)))
	return withGoal(o, math.Round(100*goal*digits)/digits)
}
