package main

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/sim"
	"sunrelay/sim/planner"
)

func planCommand(s *session) *cobra.Command {
	var a struct{ scenario scenarioArgs }
	cmd := &cobra.Command{
		Use: "plan SCENARIO",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.scenario.one(cmd, args); err != nil {
				return err
			}
			return internal(plan(cmd.Context(), s, a.scenario))
		},
	}
	a.scenario.addTo(cmd)
	return cmd
}

func plan(ctx context.Context, s *session, a scenarioArgs) error {
	full, err := s.load(a)
	if err != nil {
		return err
	}
	t0 := time.Now()
	say := func(f string, args ...any) {
		fmt.Fprintf(s.errs, "%6.1f ", time.Since(t0).Seconds())
		fmt.Fprintf(s.errs, f+"\n", args...)
	}
	short := full
	if days := planner.SearchDays(full); days < full.Scenario.Definition.Run.Days {
		b := a
		b.sets = append(b.sets[:len(b.sets):len(b.sets)], "run.days="+strconv.FormatFloat(days, 'f', -1, 64))
		if short, err = s.load(b); err != nil {
			return err
		}
	}
	say("loaded, search %v days", short.Scenario.Definition.Run.Days)
	e, problems := planner.NewSimulator(planner.Setup{Full: full, Short: short, Workers: runtime.GOMAXPROCS(0)})
	if len(problems) > 0 {
		return problems
	}
	p, impossible, err := e.Prepare(ctx, nil)
	if err != nil {
		return err
	}
	say("prepared: %d choices, %d rules, %d guides", len(p.Choices), len(p.Rules), len(p.Guides))
	for _, i := range impossible {
		say("impossible %s: %v %d", full.Scenario.Definition.Objectives[i.Objective].Value.Text, i.Most, len(i.Uncovered))
	}
	for _, r := range p.Rules {
		say("rule %s: %v", r.Name, r.Least)
	}
	_ = sim.Touch
	plan, err := planner.Find(ctx, p, e, planner.Options{Replications: 4, Most: 16, Verdict: full.Scenario.Replications, Enumerate: 100,
		Told: func(x planner.Progress) {
			say("%s evaluations %d cost %.0f bound %.0f", x.Phase, x.Evaluations, x.Cost, x.Bound)
		}})
	if plan != nil {
		for i, c := range p.Choices {
			say("%s %d", c.Name, plan.Heads[i])
		}
		say("cost %v bound %v confirmed %v optimal %v stopped %v", plan.Cost, plan.Bound, plan.Confirmed, plan.Optimal, plan.Stopped)
		for _, n := range plan.Certificate {
			say("%v %v %s %d %.4f %.4f", n.Change, n.Outcome, n.Rule, n.Objective, n.Slack, n.HalfWidth)
		}
		for _, n := range plan.More {
			say("%v %v %s %d %.4f %.4f", n.Change, n.Outcome, n.Rule, n.Objective, n.Slack, n.HalfWidth)
		}
	}
	return err
}
