package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
)

// frontierGoals are the attainments of --frontier, in per cent.
var frontierGoals = [...]float64{80, 85, 90, 93, 95, 97, 98, 99}

// frontier plans for each of the goals in turn.
func frontier(ctx context.Context, l *loader, full *sim.Model, out *folder.Folder) error {
	points := newPoints(full, "attainment of all objectives of attainment")
	objectives := full.Scenario.Definition.Objectives
	if !slices.ContainsFunc(objectives, func(o scenario.Located[sla.Objective]) bool { return isGoal(&o.Value) }) {
		return badInput("--frontier: the scenario has no objective of attainment, want one such as %q or --every", "first_response >= 95%")
	}
	for _, percent := range frontierGoals {
		var goals []string
		for _, o := range objectives {
			goals = append(goals, withGoal(&o.Value, percent))
		}
		name := strconv.FormatFloat(percent, 'f', -1, 64) + " %"
		if err := l.point(ctx, points, reports.PlanPoint{Name: name, Goal: reports.Number(percent / 100)}, objectiveSet(goals)); err != nil {
			return err
		}
	}
	return points.write(l, out)
}

// isGoal reports whether an objective asks for an attainment.
func isGoal(o *sla.Objective) bool { return o.Measure == sla.Attainment && o.Comparison == sla.AtLeast }

// withGoal is an objective with another attainment; others stay as they are.
func withGoal(o *sla.Objective, percent float64) string {
	if !isGoal(o) {
		return o.Text
	}
	what, _, _ := strings.Cut(o.Text, ">=")
	return what + ">= " + strconv.FormatFloat(percent, 'f', -1, 64) + "%"
}

// objectiveSet is the override that sets the objectives.
func objectiveSet(objectives []string) string {
	var quoted []string
	for _, o := range objectives {
		quoted = append(quoted, strconv.Quote(o))
	}
	return "objectives=[" + strings.Join(quoted, ", ") + "]"
}

// price plans with a promise and without it.
func price(ctx context.Context, l *loader, full *sim.Model, out *folder.Folder) error {
	part := strings.Split(l.args.price, ":")
	def := full.Scenario.Definition
	if len(part) != 3 || def.Plans.Find(part[0]) == nil || def.Severities.Find(part[1]) == nil {
		return badInput("--what-does-it-cost %s, want plan:severity:target with a plan of %s and a severity of %s, such as %s:%s:1h", l.args.price,
			strings.Join(def.Plans.Names(), ", "), strings.Join(def.Severities.Names(), ", "), def.Plans[0].Name, def.Severities[0].Name)
	}
	var target sla.Target
	if err := target.UnmarshalText([]byte(part[2])); err != nil {
		return badInput("--what-does-it-cost %s: %w", l.args.price, err)
	}
	of := part[0] + " " + part[1]
	path := "plans." + part[0] + ".first_response." + part[1]
	var others []string
	goal := "first_response of " + of + " >= 95%"
	for _, o := range def.Objectives {
		switch own := strings.Join(o.Value.Of, " ") == of && o.Value.Milestone == sla.FirstResponse && o.Value.Measure <= sla.Mean; {
		case own && isGoal(&o.Value):
			goal = o.Value.Text
		case !own:
			others = append(others, o.Value.Text)
		}
	}
	points := newPoints(full, "first response of "+of+" within "+part[2])
	if err := l.point(ctx, points, priced("promised: "+goal), path+"="+part[2], objectiveSet(append(slices.Clone(others), goal))); err != nil {
		return err
	}
	if len(others) == 0 {
		return badInput("--what-does-it-cost: without this promise nothing is left to plan for, want further objectives")
	}
	if err := l.point(ctx, points, priced("not promised"), path+"=none", objectiveSet(others)); err != nil {
		return err
	}
	if with, without := points.Points[0].Plan, points.Points[1].Plan; with != nil && without != nil && with.Keeps(goal) {
		points.Difference = with.CostPerYear - without.CostPerYear
	}
	return points.write(l, out)
}

// priced is a point of a question about a price.
func priced(name string) reports.PlanPoint {
	return reports.PlanPoint{Name: name, Goal: reports.Number(math.NaN())}
}

// points are plans side by side.
type points struct{ reports.PlanPoints }

func newPoints(m *sim.Model, question string) *points {
	def := m.Scenario.Definition
	return &points{reports.PlanPoints{
		Schema: reports.PlanPointsSchema, Scenario: def.Name, Title: def.Title, Question: question, Points: []reports.PlanPoint{},
		Difference: reports.Number(math.NaN()),
	}}
}

// point adds the plan of the scenario with overrides. That there is none is a point too; bad input and the end of the time are errors.
func (l *loader) point(ctx context.Context, to *points, p reports.PlanPoint, sets ...string) error {
	full, err := l.load(sets...)
	if err != nil {
		return err
	}
	report, err := l.plan(ctx, full, sets...)
	var coded *exitError
	switch err := planError(full, err); {
	case err == nil:
	case errors.As(err, &coded) && coded.code == exitMissed:
		p.Error = err.Error()
	default:
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	p.Plan = report
	to.Points = append(to.Points, p)
	return nil
}

// write tells the plans, and with the exit code whether all were found.
func (p *points) write(l *loader, out *folder.Folder) error {
	if err := writePointsFolder(out, &p.PlanPoints); err != nil {
		return err
	}
	var err error
	if l.args.format == "json" {
		err = writeJSON(l.s.out, &p.PlanPoints)
	} else {
		err = text.Render(l.s.out, p.Document(), l.s.page())
	}
	if err != nil {
		return err
	}
	for _, point := range p.Points {
		switch {
		case point.Plan == nil || !point.Plan.Confirmed || point.Error != "":
			return &exitError{exitMissed, fmt.Errorf("%s: no confirmed plan", point.Name)}
		case point.Plan.Partial == reports.Interrupted:
			return &exitError{exitInterrupted, errors.New("interrupted")}
		}
	}
	return nil
}
