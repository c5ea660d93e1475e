package arrow

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"testing"

	"github.com/parquet-go/parquet-go"

	"sunrelay/reports"
)

// TestSweepHoldsWhatItsRowsHold compares every value of the file with the rows for spreadsheets.
func TestSweepHoldsWhatItsRowsHold(t *testing.T) {
	plan := reports.SweepPlan{Schema: reports.SweepSchema, Factors: []string{"centres.main.agents", "routing.rule"}, Replications: 3, Design: "grid"}
	var points []reports.SweepPoint
	for i, rule := range []string{"fifo", "edf", "fifo"} {
		plan.Settings = append(plan.Settings, []string{strconv.Itoa(10 + i), rule})
		p := reports.SweepPoint{Point: i, Settings: plan.Settings[i], Replications: 3, Cases: 1 << 40, Agents: 10 + i, Objectives: []reports.Objective{{Met: i > 0}}}
		p.Figures = []reports.SweepFigure{
			{Measure: "first_response", Unit: "share", Value: reports.Number(float64(i) / 3), HalfWidth: 0.01},
			{Measure: "cost", Unit: "money_per_year", Value: reports.Number(math.NaN()), HalfWidth: 0},
		}
		if i > 0 {
			p.Figures = append(p.Figures, reports.SweepFigure{Measure: "wait", Of: "gold", Unit: "seconds", Value: -1.5, HalfWidth: reports.Number(math.Inf(1))})
		}
		points = append(points, p)
	}
	for n := range len(points) + 1 {
		sweep := reports.NewSweep(plan, points[:n])
		var file bytes.Buffer
		if err := WriteSweep(&file, sweep); err != nil {
			t.Fatal(err)
		}
		if got, want := sweepValues(t, file.Bytes()), fmt.Sprint(sweep.Rows()); got != want {
			t.Errorf("%d points: %s, want %s", n, got, want)
		}
	}
}

func TestNegativeZeroIsNotNull(t *testing.T) {
	if realOrNull(reports.Number(math.Copysign(0, -1))) == null {
		t.Error("a negative zero is null")
	}
}

// sweepValues are the rows of a Parquet file as another library reads them, below the names of the columns.
func sweepValues(t *testing.T, data []byte) string {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if unit, _ := f.Lookup("unit.first_response"); f.NumRows() > 0 && unit != "share" {
		t.Errorf("the unit of first responses is %q", unit)
	}
	var names []string
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
	}
	all := [][]string{names}
	r := parquet.NewReader(f)
	defer r.Close()
	for {
		rows := make([]parquet.Row, 1)
		n, err := r.ReadRows(rows)
		if n == 1 {
			var texts []string
			for _, v := range rows[0] {
				switch {
				case v.IsNull():
					texts = append(texts, "")
				case v.Kind() == parquet.Double:
					texts = append(texts, strconv.FormatFloat(v.Double(), 'g', -1, 64))
				default:
					texts = append(texts, v.String())
				}
			}
			all = append(all, texts)
		}
		if err == io.EOF {
			return fmt.Sprint(all)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
