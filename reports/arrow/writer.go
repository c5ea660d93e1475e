package arrow

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sunrelay/sim"
	"sunrelay/sim/experiment"
)

// Table is a kind of rows.
type Table string

// The tables.
const (
	Cases      Table = "cases"
	Milestones Table = "milestones"
	Timeline   Table = "timeline"
)

// Tables are all tables, in their order.
var Tables = []Table{Cases, Milestones, Timeline}

// Options say which rows are written, and how.
type Options struct {
	Tables      []Table   // empty = all; those without rows of cases are left out where none are selected
	Cases       Selection // of which cases there are rows
	MainColumns bool      // only the main columns of cases
	Streams     bool      // Arrow IPC streams beside the Parquet files
	Workers     int       // simulations at a time, at least 1: so many groups of a table are encoded at a time
}

// Writer writes the tables of one run. The recorders of a run may be used at the same time.
type Writer struct {
	model      *sim.Model
	options    Options
	cases      *pipeline[caseRow]
	milestones *pipeline[milestoneRow]
	timeline   *pipeline[timelineRow]
	forget     func() bool // the context
}

// Create begins files in a folder that exists: TABLE.parquet, and TABLE.arrows where streams are asked for. What comes
// before its turn is put down there too. The files are complete after Finish. Once the context is cancelled nothing is
// taken any more.
func Create(ctx context.Context, folder string, m *sim.Model, o Options) (*Writer, error) {
	return newWriter(ctx, m, o, folder, func(t Table) (parquet, stream io.WriteCloser, err error) {
		if parquet, err = os.Create(filepath.Join(folder, string(t)+".parquet")); err != nil || !o.Streams {
			return parquet, nil, err
		}
		stream, err = os.Create(filepath.Join(folder, string(t)+".arrows"))
		return parquet, stream, err
	})
}

// Stream begins an Arrow IPC stream of the one table of the options. Once the context is cancelled nothing is taken any
// more.
func Stream(ctx context.Context, w io.Writer, m *sim.Model, o Options) (*Writer, error) {
	return newWriter(ctx, m, o, "", func(Table) (parquet, stream io.WriteCloser, err error) { return nil, keptOpen{w}, nil })
}

// keptOpen is a sink that somebody else closes.
type keptOpen struct{ io.Writer }

func (keptOpen) Close() error { return nil }

// opener opens the files of a table; there is no file where it returns nil.
type opener func(Table) (parquet, stream io.WriteCloser, err error)

func newWriter(ctx context.Context, m *sim.Model, o Options, folder string, open opener) (*Writer, error) {
	w := &Writer{model: m, options: o, forget: func() bool { return true }}
	for _, t := range Tables {
		var err error
		switch {
		case len(o.Tables) > 0 && !slices.Contains(o.Tables, t):
		case t == Timeline:
			w.timeline, err = begin(w, t, timelineColumns(m), folder, open)
		case !o.Cases.Any():
		case t == Milestones:
			w.milestones, err = begin(w, t, milestoneColumns(m), folder, open)
		case o.MainColumns:
			w.cases, err = begin(w, t, mainOf(caseColumns(m)), folder, open)
		default:
			w.cases, err = begin(w, t, caseColumns(m), folder, open)
		}
		if err != nil {
			w.Close()
			return nil, err
		}
	}
	w.forget = context.AfterFunc(ctx, func() { w.fail(context.Cause(ctx)) })
	return w, nil
}

// begin opens the files of a table and starts its pipeline.
func begin[R any](w *Writer, name Table, columns []column[R], folder string, open opener) (*pipeline[R], error) {
	parquet, stream, err := open(name)
	t, invalid := newTable(columns, about(w.model, string(name), w.options.Cases), parquet != nil, stream != nil)
	var sinks []sink
	if parquet != nil {
		sinks = append(sinks, &parquetFile{sink: parquet})
	}
	if stream != nil {
		sinks = append(sinks, newStream(stream, t.schema))
	}
	if err = errors.Join(err, invalid); err == nil && parquet != nil {
		err = sinks[0].(*parquetFile).begin(t.empty())
	}
	if err != nil {
		for _, s := range sinks {
			s.close()
		}
		return nil, err
	}
	return newPipeline(t, w.options.Workers+1, folder, sinks), nil // one fills while the others encode
}

// Recorder is one for a component and a goroutine.
func (w *Writer) Recorder(component int) experiment.Recorder { return newRecorder(w, component) }

// Err is why nothing can be written any more; nil = all is well.
func (w *Writer) Err() error {
	for _, err := range []error{w.cases.err(), w.milestones.err(), w.timeline.err()} {
		if err != nil {
			return err
		}
	}
	return nil
}

// fail lets go of all who bring rows or wait for room.
func (w *Writer) fail(err error) {
	w.cases.fail(err)
	w.milestones.fail(err)
	w.timeline.fail(err)
}

// Finish writes what is left and completes the files; all replications have been recorded. Close is to be called after it.
func (w *Writer) Finish() error {
	for _, finish := range []func() error{w.cases.finish, w.milestones.finish, w.timeline.finish} {
		if err := finish(); err != nil {
			return err
		}
	}
	return nil
}

// Close lets go of the files; a nil Writer has none. Without Finish they are incomplete, and the caller removes them. It
// waits for a write that is in progress.
func (w *Writer) Close() error {
	if w == nil {
		return nil
	}
	w.forget()
	return errors.Join(w.cases.close(), w.milestones.close(), w.timeline.close())
}
