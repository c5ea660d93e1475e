package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/trace"
	"sunrelay/workloads/rng"
)

// traceArgs ask for the story of one case instead of the figures of all.
type traceArgs struct {
	wanted      string // a number, key:KEY or worst:MILESTONE[:PLAN[:SEVERITY]]; empty = the figures
	replication int
}

// How the forms of --trace-case begin that look for the latest case and for one that a story names.
const (
	worstPrefix = "worst:"
	keyPrefix   = "key:"
)

// tracedForms are all forms of --trace-case.
const tracedForms = "want a number from 1 on, key:KEY or " + worstForms

// worstForms are those of worst:.
const worstForms = "worst:MILESTONE, worst:MILESTONE:PLAN or worst:MILESTONE:PLAN:SEVERITY"

func (a *traceArgs) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.wanted, "trace-case", "", "tell the life of one case instead: `N` = the N-th that arrives, worst:MILESTONE,\nworst:MILESTONE:PLAN or worst:MILESTONE:PLAN:SEVERITY = the latest after its due, key:KEY = that of a key")
	flags.IntVar(&a.replication, "trace-replication", 0, "the replication of --trace-case, counted from 0")
}

// check refuses flags that do not go with a trace.
func (a *traceArgs) check(cmd *cobra.Command, run *runArgs) error {
	flags := cmd.Flags()
	switch asked := flags.Changed("trace-case"); {
	case !asked && flags.Changed("trace-replication"):
		return badInput("--trace-replication says where to look for a --trace-case, which is not given")
	case !asked:
		return nil
	case a.wanted == "":
		return badInput(`--trace-case "", ` + tracedForms)
	case run.format == "csv" || run.format == arrowFormat:
		return badInput("--format %s does not go with --trace-case, want table or json", run.format)
	case run.check:
		return badInput("--check does not go with --trace-case, which tells of one case")
	case run.folder.path != "":
		return badInput("--out does not go with --trace-case, which tells of one case")
	}
	return nil
}

// traceCase writes the story of the case that is asked for.
func traceCase(ctx context.Context, s *session, a *runArgs, model *sim.Model) error {
	if r, all := a.trace.replication, model.Scenario.Replications; r < 0 || r >= all {
		return badInput("--trace-replication %d, want 0 to %d: the scenario has run.replications %d", r, all-1, all)
	}
	find, err := a.trace.finder(model)
	if err != nil {
		return err
	}
	progress := s.newProgress(int64(model.Workload.ExpectedCases()), a.quiet)
	story, err := find(ctx, &trace.Tracer{Model: model, Replication: a.trace.replication, Arrived: progress.add})
	progress.end()
	var tooFew *trace.TooFewError
	var noKey *trace.NoKeyError
	var neverLate *trace.NeverLateError
	switch {
	case errors.As(err, &tooFew) || errors.As(err, &noKey) || errors.As(err, &neverLate):
		return badInput("--trace-case %s: %w", a.trace.wanted, err)
	case err != nil:
		return err
	}
	report := reports.NewTrace(model, story)
	if a.format == "json" {
		return writeJSON(s.out, report)
	}
	return text.Render(s.out, report.Document(), s.page())
}

// finder is what finds the case.
func (a *traceArgs) finder(model *sim.Model) (func(context.Context, *trace.Tracer) (*trace.Story, error), error) {
	if criteria, isWorst := strings.CutPrefix(a.wanted, worstPrefix); isWorst {
		selection, err := a.selection(model.Scenario, strings.Split(criteria, ":"))
		return func(ctx context.Context, t *trace.Tracer) (*trace.Story, error) { return t.Worst(ctx, selection) }, err
	}
	if text, isKey := strings.CutPrefix(a.wanted, keyPrefix); isKey {
		key, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			return nil, badInput("--trace-case %s, want a key of hexadecimal digits as stories name it, such as key:a0e27781a0079aed", a.wanted)
		}
		return func(ctx context.Context, t *trace.Tracer) (*trace.Story, error) { return t.Key(ctx, rng.Key(key)) }, nil
	}
	number, err := strconv.ParseInt(a.wanted, 10, 64)
	if err != nil || number < 1 {
		return nil, badInput("--trace-case %s, %s", a.wanted, tracedForms)
	}
	return func(ctx context.Context, t *trace.Tracer) (*trace.Story, error) { return t.Number(ctx, number) }, nil
}

// selection reads what follows worst: a milestone, then a plan and a severity, if they are given.
func (a *traceArgs) selection(c *scenario.Compiled, words []string) (s trace.Selection, err error) {
	s = trace.Selection{Plan: -1, Severity: -1}
	if len(words) > 3 || slices.Contains(words, "") {
		return s, badInput("--trace-case %s, want %s", a.wanted, worstForms)
	}
	var milestones []string
	for m := range sla.Milestone(sla.Milestones) {
		milestones = append(milestones, m.String())
	}
	milestone, err := a.index("milestone", words[0], milestones)
	s.Milestone = sla.Milestone(milestone)
	if err != nil || len(words) == 1 {
		return s, err
	}
	severities := c.Definition.Severities.Names()
	if s.Plan, err = a.index("plan", words[1], c.Definition.Plans.Names()); err != nil {
		if len(words) == 2 && slices.Contains(severities, words[1]) {
			return s, badInput("--trace-case %s: %s is a severity, which comes after a plan: want %s", a.wanted, words[1], worstForms)
		}
		return s, err
	}
	if len(words) == 3 {
		s.Severity, err = a.index("severity", words[2], severities)
	}
	return s, err
}

// index is the place of a name among those that are known.
func (a *traceArgs) index(what, name string, known []string) (int, error) {
	i := slices.Index(known, name)
	if i < 0 {
		return 0, badInput("--trace-case %s: no %s %s%s want one of %s", a.wanted, what, name,
			orComma(didYouMean(name, known)), strings.Join(known, ", "))
	}
	return i, nil
}
