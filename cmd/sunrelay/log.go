package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
	"sunrelay/workloads/trace"
)

// logArgs say how a recorded log is read.
type logArgs struct {
	name      string
	block     string // file with a log block
	mapping   map[string]string
	delimiter string
	dates     string
	zone      string
	from, to  string
	maxBad    string
	rejects   string

	window [2]time.Time         // local; zero = open
	most   float64              // share of bad rows that is borne
	def    *scenario.Definition // of the log block; nil = none
}

func (a *logArgs) addTo(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.block, "log", "", "`file` with a log: block, which says how the log is read; flags say otherwise")
	flags.StringToStringVar(&a.mapping, "map", nil, "which column means what: `opened=opened_at,severity=priority`; an empty column drops a guess")
	flags.StringVar(&a.delimiter, "delimiter", "", "between fields of CSV: one `character`, or tab; found where not given")
	flags.StringVar(&a.dates, "dates", "", "order of dates: y-m-d, d/m/y, m/d/y, unix or unix-ms; found where the log shows it")
	flags.StringVar(&a.zone, "zone", "", "zone of times without offset, such as Europe/Rome; the hours of the week are local to it")
	flags.StringVar(&a.from, "from", "", "first local `date` of the cases that count")
	flags.StringVar(&a.to, "to", "", "last local `date` of the cases that count")
	flags.StringVar(&a.maxBad, "max-bad", "1%", "share of the rows that may be unusable")
	flags.StringVar(&a.rejects, "rejects", "", "`file` for unusable rows, with line and reason; default rejects.csv beside the file of --out")
}

// complete checks the flags.
func (a *logArgs) complete(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return badInput("%s wants one LOG: a file, or - for standard input", cmd.CommandPath())
	}
	a.name = args[0]
	if _, err := scenario.LogDelimiter(a.delimiter); err != nil {
		return badInput("--delimiter %w", err)
	}
	if a.dates != "" && !slices.Contains(trace.DateOrders, trace.Dates(a.dates)) {
		return badInput("--dates %s, want one of y-m-d, d/m/y, m/d/y, unix, unix-ms", a.dates)
	}
	for i, flag := range []struct{ name, value string }{{"from", a.from}, {"to", a.to}} {
		if flag.value == "" {
			continue
		}
		var err error
		if a.window[i], err = time.Parse(time.DateOnly, flag.value); err != nil {
			return badInput("--%s %s, want a date such as 2016-04-01", flag.name, flag.value)
		}
	}
	if a.from != "" && a.to != "" && a.window[0].After(a.window[1]) {
		return badInput("--from %s is later than --to %s, want the first and the last date that count", a.from, a.to)
	}
	number, isPercent := strings.CutSuffix(a.maxBad, "%")
	share, err := strconv.ParseFloat(number, 64)
	if isPercent {
		share /= 100
	}
	if err != nil || !(share >= 0 && share <= 1) {
		return badInput("--max-bad %s, want a share such as 1%% or 0.01", a.maxBad)
	}
	a.most = share
	return nil
}

// loadBlock reads the file of --log.
func (a *logArgs) loadBlock(s *session) error {
	if a.block == "" {
		return nil
	}
	source, err := s.source(a.block)
	if err != nil {
		return err
	}
	a.def, err = scenario.LoadLog(source)
	return err
}

// options are those of the reader: what flags say, else the log block.
func (a *logArgs) options(s *session) (trace.Options, error) {
	var block scenario.Log
	if a.def != nil {
		block = a.def.Log
	}
	o := trace.Options{Map: map[string]string{}, Dates: trace.Dates(cmp.Or(a.dates, block.Dates))}
	for _, column := range block.Columns {
		o.Map[column.Name] = column.Value
	}
	maps.Copy(o.Map, a.mapping)
	o.Delimiter, _ = scenario.LogDelimiter(cmp.Or(a.delimiter, block.Delimiter)) // both were checked
	zone := cmp.Or(a.zone, block.Zone)
	if zone == "" {
		return o, nil
	}
	find, err := s.zoneFinder()
	if err != nil {
		return o, err
	}
	if o.Zone, err = find(zone); err != nil {
		return o, badInput("--zone %s: %w", zone, err)
	}
	return o, nil
}

// problem gives an error of the reader its place: that of the log block where a column of it is wrong, else the log.
func (a *logArgs) problem(name string, err error) error {
	var column *trace.MapError
	if errors.As(err, &column) && a.def != nil {
		if _, flag := a.mapping[column.Role]; !flag {
			return scenario.Problems{{Position: a.def.At("log.columns." + column.Role), Text: name + ": " + column.Text}}
		}
	}
	return scenario.Problems{{Position: scenario.Position{File: name}, Text: err.Error()}}
}

// read reads the log and yields the cases of the window. Bad rows go to the file of rejects, which is there only if there are any.
func (a *logArgs) read(ctx context.Context, s *session, yield func(*trace.Case) error) (*trace.Log, error) {
	defer forgetMemoryGoal()()
	options, err := a.options(s)
	if err != nil {
		return nil, err
	}
	input, name, err := s.openInput(a.name)
	if err != nil {
		return nil, err
	}
	defer input.Close()
	rejects := &rejectFile{name: a.rejects}
	defer rejects.drop()
	options.Reject = rejects.add
	zone := options.Zone
	if zone == nil {
		zone = time.UTC
	}
	log, err := trace.Read(ctx, input, options, func(c *trace.Case) error {
		if !a.inWindow(c, zone) {
			return nil
		}
		return yield(c)
	})
	var atDisk *diskError
	switch {
	case errors.Is(err, context.Canceled), errors.As(err, &atDisk):
		return nil, err
	case err != nil:
		return nil, a.problem(name, err)
	}
	if err := rejects.keep(); err != nil {
		return nil, err
	}
	if bad := log.BadRows(); float64(bad) > a.most*float64(log.Rows) {
		text := fmt.Sprintf("%d of %d rows cannot be used, which is more than --max-bad %s; see %s", bad, log.Rows, a.maxBad, a.rejects)
		for _, reason := range log.Bad {
			text += fmt.Sprintf("\n  %d rows: %s", reason.Rows, reason.Text)
		}
		return nil, scenario.Problems{{Position: scenario.Position{File: name}, Text: text}}
	}
	return log, nil
}

// inWindow reports whether the case was opened on the local dates that count.
func (a *logArgs) inWindow(c *trace.Case, zone *time.Location) bool {
	if a.from == "" && a.to == "" {
		return true
	}
	local := time.UnixMilli(trace.Local(c.Opened, zone)).UTC()
	return (a.from == "" || !local.Before(a.window[0])) && (a.to == "" || local.Before(a.window[1].AddDate(0, 0, 1)))
}

// diskError is an error of writing and not of the log.
type diskError struct{ error }

func (e *diskError) Unwrap() error { return e.error }

// rejectFile is the file of unusable rows while it is written, under a temporary name.
type rejectFile struct {
	name      string
	temporary *os.File
	rows      *csv.Writer
}

func (r *rejectFile) add(line int, reason string, fields [][]byte) error {
	if r.temporary == nil {
		file, err := os.CreateTemp(filepath.Dir(r.name), ".sunrelay-*")
		if err != nil {
			return &diskError{badInput("--rejects %s: %w", r.name, err)}
		}
		r.temporary, r.rows = file, csv.NewWriter(file)
		_ = r.rows.Write([]string{"line", "reason", "fields of the row"}) // errors stay in the writer
	}
	row := []string{strconv.Itoa(line), reason}
	for _, field := range fields {
		row = append(row, string(field))
	}
	if err := r.rows.Write(row); err != nil {
		return &diskError{err}
	}
	return nil
}

// keep gives the file its name.
func (r *rejectFile) keep() error {
	if r.temporary == nil {
		return nil
	}
	r.rows.Flush()
	const readable = 0o644
	if err := errors.Join(r.rows.Error(), r.temporary.Chmod(readable), r.temporary.Close()); err != nil {
		return err
	}
	err := os.Rename(r.temporary.Name(), r.name)
	if err == nil {
		r.temporary = nil
	}
	return err
}

// drop removes what was not kept.
func (r *rejectFile) drop() {
	if r.temporary != nil {
		_ = errors.Join(ignoreClosed(r.temporary.Close()), os.Remove(r.temporary.Name()))
	}
}
