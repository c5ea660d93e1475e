package main

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sunrelay/reports"
	"sunrelay/reports/arrow"
	"sunrelay/sim"
)

// rowArgs ask for rows of cases, clocks and hours beside the figures, or, with --format arrow, instead of them.
type rowArgs struct {
	tables  []string
	cases   arrow.Selection
	columns string
	streams bool
}

// arrowFormat writes one table to standard output.
const arrowFormat = "arrow"

// columnSets are what --columns takes, the default first.
var columnSets = []string{"all", "main"}

// rowsMemory is how much more memory the program takes at its ease for each simulation at a time that writes rows.
const rowsMemory = 100 << 20

func (a *rowArgs) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var(&a.cases, "cases", "of which cases rows are written: none, all, or a sample such as sample=1%, which has the\nsame cases in each what-if (default none, with --format arrow all)")
	flags.StringSliceVar(&a.tables, "tables", nil, "which rows are written: cases, milestones, timeline (default all, with --format arrow cases)")
	flags.StringVar(&a.columns, "columns", columnSets[0], "of cases: all, or the main ones, which take the least time")
	flags.BoolVar(&a.streams, "arrow", false, "write Arrow IPC streams beside the Parquet files")
}

// check reads the flags, which mean different things for a stream, for files, and where no rows are written.
func (a *rowArgs) check(cmd *cobra.Command, format, folder string) error {
	known := namesOfTables()
	for _, table := range a.tables {
		if !slices.Contains(known, table) {
			return badInput("--tables %s%s want some of %s", table, orComma(didYouMean(table, known)), strings.Join(known, ", "))
		}
	}
	if !slices.Contains(columnSets, a.columns) {
		return badInput("--columns %s%s want one of %s", a.columns, orComma(didYouMean(a.columns, columnSets)), strings.Join(columnSets, ", "))
	}
	changed := cmd.Flags().Changed
	switch {
	case format == arrowFormat && folder != "":
		return badInput("--format arrow writes rows to standard output and --out into a folder, want one of them")
	case format == arrowFormat:
		return a.checkStream(changed("cases"))
	case folder == "":
		for _, flag := range []string{"cases", "tables", "columns", "arrow"} {
			if changed(flag) {
				return badInput("--%s says which rows are written, want --out or --format arrow with it", flag)
			}
		}
	case !a.cases.Any() && slices.ContainsFunc(a.tables, hasCases):
		return badInput("--tables %s with --cases none, want --cases all or a sample such as --cases sample=1%%", strings.Join(a.tables, ","))
	}
	return nil
}

// checkStream makes sure that there is one table to stream.
func (a *rowArgs) checkStream(selected bool) error {
	if len(a.tables) == 0 {
		a.tables = []string{string(arrow.Cases)}
	}
	if !selected {
		a.cases = arrow.All
	}
	switch {
	case len(a.tables) > 1:
		return badInput("--tables %s with --format arrow, want one of them: a stream holds one table", strings.Join(a.tables, ","))
	case a.streams:
		return badInput("--arrow asks for streams in a folder, want --out with it instead of --format arrow")
	case !a.cases.Any() && hasCases(a.tables[0]):
		return badInput("--cases none leaves no rows to stream, want all or a sample such as sample=1%%")
	}
	return nil
}

func namesOfTables() []string {
	var names []string
	for _, t := range arrow.Tables {
		names = append(names, string(t))
	}
	return names
}

// hasCases reports whether the rows of a table belong to cases.
func hasCases(table string) bool { return table != string(arrow.Timeline) }

// options are those of the writer for so many simulations at a time; 0 = one for each processor.
func (a *rowArgs) options(workers int) arrow.Options {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	o := arrow.Options{Cases: a.cases, MainColumns: a.columns != columnSets[0], Streams: a.streams, Workers: workers}
	for _, t := range a.tables {
		o.Tables = append(o.Tables, arrow.Table(t))
	}
	debug.SetMemoryLimit(memoryGoal + int64(workers)*rowsMemory)
	return o
}

// streamRows writes one table to standard output instead of the figures. Where it is interrupted nobody waits for whoever
// reads the stream.
func streamRows(ctx context.Context, s *session, a *runArgs, model *sim.Model) error {
	if terminal(s.out) > 0 {
		return badInput("--format arrow writes binary data, want standard output to be a file or a pipe")
	}
	rows, err := arrow.Stream(ctx, s.out, model, a.rows.options(a.workers))
	if err != nil {
		return err
	}
	result, _, _, err := simulate(ctx, s, a, model, rows)
	if err == nil {
		err = rows.Finish()
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &exitError{exitInterrupted, errors.New("interrupted: the stream breaks off")}
	case err != nil:
		return err
	}
	return errors.Join(rows.Close(), a.verdict(reports.NewRun(result, result.Judge())))
}
