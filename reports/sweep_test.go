package reports

import (
	"math"
	"slices"
	"testing"
)

// sweepOf is a sweep of one factor with an attainment and a cost for each point.
func sweepOf(attainment, costs []Number) *Sweep {
	plan := SweepPlan{Factors: []string{"agents"}, Design: "grid", Currency: "EUR"}
	var points []SweepPoint
	for i := range costs {
		setting := []string{Count(int64(i))}
		plan.Settings = append(plan.Settings, setting)
		points = append(points, SweepPoint{Point: i, Settings: setting, Figures: []SweepFigure{
			{Measure: "first_response", Unit: "share", Value: attainment[i], HalfWidth: 0.01},
			{Measure: "cost", Unit: "money_per_year", Value: costs[i], HalfWidth: 0},
		}})
	}
	return NewSweep(plan, points)
}

// TestFrontier: points that cost no less and attain no more than another are not on it, nor are those that are unknown.
func TestFrontier(t *testing.T) {
	unknown := Number(math.NaN())
	s := sweepOf([]Number{0.9, 0.8, 0.95, 0.93, unknown, 0.99, 0.9}, []Number{200, 100, 300, 310, 50, 400, 200})
	if want := []int{1, 0, 2, 5}; !slices.Equal(s.Frontier, want) {
		t.Errorf("frontier %v, want %v", s.Frontier, want)
	}
	if free := sweepOf([]Number{0.9, 0.8}, []Number{0, 0}); len(free.Frontier) > 0 || free.FrontierOf != "" {
		t.Errorf("where nothing costs anything there is no frontier, not %v", free.Frontier)
	}
}

// TestSweepCharts: a curve over one factor whose settings are numbers, bars where they are words.
func TestSweepCharts(t *testing.T) {
	s := sweepOf([]Number{0.9, 0.8, 0.95}, []Number{200, 100, 300})
	charts := s.chartSections()[0].Charts
	if len(charts) != 2 || len(charts[0].Lines) != 1 || !slices.Equal(charts[0].Lines[0].X, []float64{0, 1, 2}) || charts[0].Lines[0].HalfWidth[1] != 0.01 {
		t.Errorf("charts %+v", charts)
	}
	for i, word := range []string{"fifo", "edf", "severity"} {
		s.Points[i].Settings = []string{word}
	}
	if charts := s.chartSections()[0].Charts; charts[0].Bars == nil || !slices.Equal(charts[0].Y.Names, []string{"fifo", "edf", "severity"}) {
		t.Errorf("charts of words %+v", charts)
	}
}

func TestHeatMapOfTwoFactors(t *testing.T) {
	s := sweepOf([]Number{0.9, 0.8, 0.95, 0.85, 0.99, 0.89}, []Number{1, 2, 3, 4, 5, 6})
	s.Factors = []string{"agents", "shrinkage"}
	for i := range s.Points {
		s.Points[i].Settings = []string{[]string{"1", "2", "3"}[i/2], []string{"0%", "10%"}[i%2]}
	}
	chart := s.chartSections()[0].Charts[0]
	if chart.Cells == nil || !slices.Equal(chart.Y.Names, []string{"1", "2", "3"}) || !slices.Equal(chart.X.Names, []string{"0%", "10%"}) {
		t.Fatalf("chart %+v", chart)
	}
	if got := chart.Cells.Values[2]; !slices.Equal(got, []float64{0.99, 0.89}) || chart.Cells.Low != 0.8 || chart.Cells.High != 0.99 {
		t.Errorf("cells %+v", chart.Cells)
	}
}

func TestSettingsAsNumbers(t *testing.T) {
	for setting, want := range map[string]float64{"4": 4, "-1": -1, "25%": 0.25, "1h30m": 1.5, "300/week": 300, "15bm": 15} {
		if got, ok := number(setting); !ok || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v (%v), want %v", setting, got, ok, want)
		}
	}
	for _, word := range []string{"fifo", "exponential(mean 5m)", "2026-01-05"} {
		if got, ok := number(word); ok {
			t.Errorf("%s is %v", word, got)
		}
	}
}

func TestShortFactors(t *testing.T) {
	for _, c := range []struct{ factors, want []string }{
		{[]string{"centres.dublin.pools.t1.agents"}, []string{"t1.agents"}},
		{[]string{"centres.dublin.pools.t1.agents", "centres.munich.pools.t1.agents+"}, []string{"t1.agents", "t1.agents+"}},
		{[]string{"centres.dublin.pools.t1.agents", "centres.munich.pools.t1.agents"}, []string{"dublin.pools.t1.agents", "munich.pools.t1.agents"}},
		{[]string{"routing.rule", "workload.streams.web.rate*"}, []string{"routing.rule", "web.rate*"}},
		{[]string{"seed"}, []string{"seed"}},
	} {
		s := &Sweep{SweepPlan: SweepPlan{Factors: c.factors}}
		if got := s.shortFactors(); !slices.Equal(got, c.want) {
			t.Errorf("%q are short as %q, want %q", c.factors, got, c.want)
		}
	}
}

// TestMeasuresThatDoNotVary are told in a sentence, not drawn.
func TestMeasuresThatDoNotVary(t *testing.T) {
	unknown := Number(math.NaN())
	s := sweepOf([]Number{1, 1, unknown}, []Number{200, 100, 300})
	section := s.chartSections()[0]
	if len(section.Charts) != 1 || !slices.Equal(section.Notes, []string{"The same at every point: first_response."}) {
		t.Errorf("%d charts, notes %q", len(section.Charts), section.Notes)
	}
	s = sweepOf([]Number{unknown, unknown}, []Number{200, 100})
	if notes := s.chartSections()[0].Notes; !slices.Equal(notes, []string{"Not observed at any point: first_response."}) {
		t.Errorf("notes %q", notes)
	}
}
