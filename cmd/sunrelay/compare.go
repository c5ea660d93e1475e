package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/cmd/sunrelay/internal/folder"
	"sunrelay/reports"
	"sunrelay/reports/html"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// compareArgs are the arguments of compare.
type compareArgs struct {
	runArgs
	names    []string // of the scenarios
	variants []string
	all      bool
}

func compareCommand(s *session) *cobra.Command {
	var a compareArgs
	cmd := &cobra.Command{
		Use:   "compare BASE [OTHER...]",
		Short: "Tell what differs between scenarios, or variants of one, with the certainty of each difference",
		Long: `Compare simulates scenarios on the same random numbers, replication by replication, and tells the
difference of every figure from the first scenario with the half-width of its 95 % confidence interval,
the agents moved, and what costs more or less. A case keeps its fate whatever is changed around it,
so that differences are far less noisy than those of two separate runs.

A difference is certain if it stands out among all differences of the comparison: some certain
difference is wrong with a probability of at most 5 % (Holm's procedure). It is likely if it stands
out by itself, as one in twenty does where nothing differs. That a few replications agree on a small
whole number is no proof: only its sign counts. A cost without overtime follows from the scenario.

--variant NAME:path=value,path=value makes one more scenario of the same file; path+=1, path-=1 and path*=1.2
work as in --set, which changes all scenarios. Seed and replications are those of the first.`,
		Example: `  sunrelay compare citrix --variant more:centres.dublin.pools.t1.shifts.day.agents+=1
  sunrelay compare my-support.yaml --variant fifo:routing.rule=fifo --variant edf:routing.rule=edf
  sunrelay compare today.yaml tomorrow.yaml --replications 20 --format json > difference.json
  sunrelay compare citrix jamf --out results/difference`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(compare(cmd.Context(), s, &a))
		},
	}
	a.scenario.addTo(cmd)
	a.addRunFlags(cmd, "table, json or csv (one row a difference)")
	a.folder.addTo(cmd)
	cmd.Flags().StringArrayVar(&a.variants, "variant", nil, "compare with a change of the scenario: `NAME:path=value,...` (may be repeated)")
	cmd.Flags().BoolVar(&a.all, "all", false, "list every figure, not only those that differ by more than noise")
	return cmd
}

// complete takes the scenarios from the arguments and checks the flags.
func (a *compareArgs) complete(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return a.scenario.one(cmd, args)
	case len(args) == 1 && len(a.variants) == 0:
		return badInput("%s %s has nothing to compare with, want another scenario or --variant NAME:path=value", cmd.CommandPath(), args[0])
	case len(args) > 1 && len(a.variants) > 0:
		return badInput("--variant changes the scenario that is compared, want one scenario, not %d", len(args))
	}
	a.names = args
	if err := a.folder.check(cmd); err != nil {
		return err
	}
	return a.completeRun(cmd, formats)
}

func compare(ctx context.Context, s *session, a *compareArgs) (err error) {
	models, names, err := s.loadCompared(a)
	if err != nil {
		return err
	}
	out, err := a.folder.create()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Discard()) }()
	expected := 0.0
	for _, m := range models {
		expected += m.Workload.ExpectedCases() * float64(models[0].Scenario.Replications)
	}
	progress := s.newProgress(int64(expected), a.quiet)
	started := time.Now()
	results, err := experiment.RunTogether(ctx, models, experiment.Options{Workers: a.workers, Arrived: progress.add})
	elapsed := time.Since(started).Seconds()
	progress.end()
	interrupted := errors.Is(err, context.Canceled)
	switch {
	case err != nil && !interrupted:
		return err
	case len(results[0].Replications) == 0:
		return errNothingFinished
	}
	report := reports.NewCompare(results, names)
	report.Elapsed = &elapsed
	if err := writeCompare(s, report, a); err != nil {
		return err
	}
	if interrupted {
		return &exitError{exitInterrupted, errors.New("interrupted: the result is partial" + a.folder.unwritten())}
	}
	if out == nil {
		return nil
	}
	return writeCompareFolder(out, report)
}

// writeCompareFolder fills the folder with the comparison and gives it its name.
func writeCompareFolder(f *folder.Folder, report *reports.Compare) error {
	report.Elapsed = nil // which no two comparisons share
	return fill(f, []folderFile{
		{folder.Mark, func(w io.Writer) error { return writeJSON(w, report) }},
		{"differences.csv", func(w io.Writer) error { return csv.NewWriter(w).WriteAll(report.Rows()) }},
		{"report.html", func(w io.Writer) error { return html.Render(w, report.Report()) }},
	})
}

func writeCompare(s *session, report *reports.Compare, a *compareArgs) error {
	switch a.format {
	case "json":
		return writeJSON(s.out, report)
	case "csv":
		return csv.NewWriter(s.out).WriteAll(report.Rows())
	}
	extent := reports.Notable
	if a.all {
		extent = reports.Whole
	}
	return text.Render(s.out, report.Document(extent), s.page())
}

// loadCompared reads the scenarios, or the scenario and its variants, and gives each a name of its own. All have the seed
// and the replications of the first.
func (s *session) loadCompared(a *compareArgs) ([]*sim.Model, []string, error) {
	first := a.scenario
	first.name = a.names[0]
	base, err := s.load(first)
	if err != nil {
		return nil, nil, err
	}
	models, names := []*sim.Model{base}, []string{base.Scenario.Definition.Name}
	load := func(other scenarioArgs, name string) error {
		other.sets = append(other.sets, fmt.Sprintf("run.seed=%d", base.Scenario.Seed), fmt.Sprintf("run.replications=%d", base.Scenario.Replications))
		m, err := s.load(other)
		if err != nil {
			return err
		}
		if name == "" {
			name = m.Scenario.Definition.Name
		}
		if slices.Contains(names, name) {
			name = fmt.Sprintf("%s (%d)", name, len(names)+1)
		}
		models, names = append(models, m), append(names, name)
		return nil
	}
	for _, name := range a.names[1:] {
		other := a.scenario.clone()
		other.name = name
		if err := load(other, ""); err != nil {
			return nil, nil, err
		}
	}
	for _, text := range a.variants {
		v, err := parseVariant(text)
		if err != nil {
			return nil, nil, err
		}
		other := first.clone()
		for _, set := range v.sets {
			other.sets = append(other.sets, set)
			other.flags["--set "+set] = "--variant " + v.name + ":" + set
		}
		if err := load(other, v.name); err != nil {
			return nil, nil, err
		}
	}
	return models, names, nil
}

// variant is a scenario made of another by overrides.
type variant struct {
	name string
	sets []string
}

func parseVariant(text string) (variant, error) {
	name, changes, found := strings.Cut(text, ":")
	v := variant{name: strings.TrimSpace(name)}
	if !found || v.name == "" || strings.ContainsAny(v.name, "=.") {
		return v, badInput("--variant %s, want NAME:path=value,path=value", text)
	}
	v.sets = splitOutside(changes)
	for _, set := range v.sets {
		if !strings.Contains(set, "=") {
			return v, badInput("--variant %s: %q is not an override, want path=value, path+=1, path-=1 or path*=1.2", text, set)
		}
	}
	return v, nil
}

// splitOutside splits at commas that do not stand within brackets, braces, parentheses or quotes.
func splitOutside(text string) []string {
	var parts []string
	depth, start, quote := 0, 0, rune(0)
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return append(parts, strings.TrimSpace(text[start:]))
}
