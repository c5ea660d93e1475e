package arrow

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"sunrelay/reports"
)

// WriteSweep writes the points of a sweep as a Parquet file: a row for each point with the columns of Sweep.Rows. Settings are
// numbers where all of a factor are, else texts.
func WriteSweep(w io.Writer, s *reports.Sweep) error {
	t, err := newTable(sweepColumns(s), aboutSweep(s), true, false)
	if err != nil {
		return err
	}
	f := &parquetFile{sink: keptOpen{w}}
	if err := f.begin(t.empty()); err != nil {
		return err
	}
	if len(s.Points) > 0 {
		e := newEncoder(t)
		e.take(s.Points)
		e.encode()
		if err := <-e.encoded; err != nil {
			return err
		}
		if err := f.write(&e.group); err != nil {
			return err
		}
	}
	return f.finish()
}

func aboutSweep(s *reports.Sweep) arrow.Metadata {
	return arrow.NewMetadata(
		[]string{"schema", "scenario", "scenario_hash", "seed", "replications", "start", "end", "design"},
		[]string{
			s.Schema, strings.ToValidUTF8(s.Scenario, "\uFFFD"), s.ScenarioHash, strconv.FormatUint(s.Seed, 10), strconv.Itoa(s.Replications),
			s.Start, s.End, s.Design,
		})
}

// sweepColumns are the columns of the points of a sweep.
func sweepColumns(s *reports.Sweep) []column[reports.SweepPoint] {
	columns := []column[reports.SweepPoint]{{name: "point", kind: count, value: func(p *reports.SweepPoint) int64 { return int64(p.Point) }}}
	for i := range s.Factors {
		columns = append(columns, factorColumn(s, i))
	}
	columns = append(columns,
		column[reports.SweepPoint]{name: "replications", kind: count, value: func(p *reports.SweepPoint) int64 { return int64(p.Replications) }},
		column[reports.SweepPoint]{name: "cases", kind: whole, value: func(p *reports.SweepPoint) int64 { return p.Cases }},
		column[reports.SweepPoint]{name: "agents", kind: count, value: func(p *reports.SweepPoint) int64 { return int64(p.Agents) }},
		column[reports.SweepPoint]{name: "objectives_met", kind: count, value: func(p *reports.SweepPoint) int64 { return int64(p.ObjectivesMet()) }},
	)
	for _, f := range s.Measured() {
		name, kind := f.Name(), realIn(f.Unit)
		columns = append(columns,
			column[reports.SweepPoint]{name: name, kind: kind, nullable: true, value: func(p *reports.SweepPoint) int64 { return realOrNull(p.Figure(name).Value) }},
			column[reports.SweepPoint]{name: name + " half_width", kind: kind, nullable: true, value: func(p *reports.SweepPoint) int64 { return realOrNull(p.Figure(name).HalfWidth) }})
	}
	return columns
}

// factorColumn has the settings of a factor.
func factorColumn(s *reports.Sweep, factor int) column[reports.SweepPoint] {
	var words []string
	numbers := true
	for i := range s.Points {
		setting := s.Points[i].Settings[factor]
		_, err := strconv.ParseFloat(setting, 64)
		numbers = numbers && err == nil
		if !slices.Contains(words, setting) {
			words = append(words, setting)
		}
	}
	c := column[reports.SweepPoint]{name: s.Factors[factor], kind: name, names: words, value: func(p *reports.SweepPoint) int64 {
		return int64(slices.Index(words, p.Settings[factor]))
	}}
	if numbers {
		c.kind, c.value = realIn(""), func(p *reports.SweepPoint) int64 {
			x, _ := strconv.ParseFloat(p.Settings[factor], 64) // all of them are numbers
			return realOrNull(reports.Number(x))
		}
	}
	return c
}

// realOrNull is a number as columns hold it, or null where it is not known.
func realOrNull(x reports.Number) int64 {
	if !x.Known() {
		return null
	}
	return int64(math.Float64bits(float64(x) + 0)) // there is no negative zero, which would be null
}
