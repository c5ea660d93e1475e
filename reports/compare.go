package reports

import (
	"fmt"
	"strings"

	"sunrelay/model/scenario"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// CompareSchema names the form of the JSON document of a comparison; see RunSchema.
const CompareSchema = "sunrelay.compare/1"

// Compare is what a comparison has to tell: the JSON document of the command compare. Half-widths are those of 95 %
// confidence intervals, null where there is none, and figures that a scenario does not have are null. Nothing in it but
// ElapsedSeconds depends on the machine, the day or the number of workers.
type Compare struct {
	Schema            string     `json:"schema"`
	Seed              uint64     `json:"seed"`
	Replications      int        `json:"replications"` // finished, of each scenario
	Partial           bool       `json:"partial,omitempty"`
	ReplicationsAsked int        `json:"replications_asked,omitempty"`
	Elapsed           *float64   `json:"elapsed_seconds,omitempty"`
	Base              Compared   `json:"base"`
	Comparisons       []Contrast `json:"comparisons"` // each with the base
	Tests             int        `json:"tests"`       // differences that certainty accounts for
	Warnings          []string   `json:"warnings"`
}

// Compared is a scenario that is compared.
type Compared struct {
	Name         string `json:"name"`     // in this comparison
	Scenario     string `json:"scenario"` // the name that it gives itself
	Title        string `json:"title,omitempty"`
	ScenarioHash string `json:"scenario_hash"`
	Start        string `json:"start"` // of the measured time, RFC 3339 in UTC
	End          string `json:"end"`
	Currency     string `json:"currency,omitempty"`
	Cases        int64  `json:"cases"` // that arrived, the warm-up included
}

// Contrast is what a scenario has differently from the base.
type Contrast struct {
	Compared
	AgentsMoved   int            `json:"agents_difference"` // net, of all shifts
	People        []Moved        `json:"people"`            // shifts with other numbers of agents
	VarianceRatio Number         `json:"variance_ratio_median"`
	Figures       []FigureChange `json:"figures"`
}

// Moved is a shift with another number of agents; a shift that one scenario lacks has 0 there.
type Moved struct {
	Centre     string `json:"centre"`
	Pool       string `json:"pool"`
	Shift      string `json:"shift"`
	Base       int    `json:"base"`
	Agents     int    `json:"agents"`
	Difference int    `json:"difference"`
}

// FigureChange is one figure of two scenarios and its difference, paired by replication.
type FigureChange struct {
	Measure             string `json:"measure"`
	Of                  string `json:"of,omitempty"`
	Unit                string `json:"unit"`
	Base                Number `json:"base"`
	BaseHalfWidth       Number `json:"base_half_width"`
	Value               Number `json:"value"`
	HalfWidth           Number `json:"half_width"`
	Difference          Number `json:"difference"` // value less base
	DifferenceHalfWidth Number `json:"difference_half_width"`
	Certainty           string `json:"certainty"`      // certain, likely or open
	Change              string `json:"change"`         // better, worse, or other where neither direction is welcome; same
	VarianceRatio       Number `json:"variance_ratio"` // of the difference over that of unpaired runs
	attainment          bool
}

// The certainties of a difference, indexed by experiment.Certainty.
var certainties = [...]string{experiment.Open: "open", experiment.Likely: "likely", experiment.Certain: "certain"}

// NewCompare tells results that ran together, under their names; the first is the base.
func NewCompare(results []*experiment.Result, names []string) *Compare {
	base := results[0]
	c := &Compare{
		Schema: CompareSchema, Seed: base.Model.Scenario.Seed, Replications: len(base.Replications),
		Base: newCompared(base, names[0]), Warnings: []string{},
	}
	if base.Partial {
		c.Partial, c.ReplicationsAsked = true, base.Model.Scenario.Replications
	}
	for i, comparison := range experiment.Compare(results) {
		contrast := Contrast{Compared: newCompared(comparison.Other, names[i+1]), VarianceRatio: Number(comparison.MedianVarianceRatio())}
		contrast.People = moved(base.Model.Scenario, comparison.Other.Model.Scenario)
		for _, m := range contrast.People {
			contrast.AgentsMoved += m.Difference
		}
		for j := range comparison.Differences {
			contrast.Figures = append(contrast.Figures, newFigureChange(&comparison.Differences[j]))
		}
		c.Comparisons = append(c.Comparisons, contrast)
	}
	c.countTests()
	c.warn(results)
	return c
}

func newCompared(r *experiment.Result, name string) Compared {
	s := r.Model.Scenario
	return Compared{
		Name: name, Scenario: s.Definition.Name, Title: s.Definition.Title, ScenarioHash: s.Hash, Start: s.Start.String(), End: s.End.String(),
		Currency: s.Currency, Cases: r.Pooled.Arrived,
	}
}

func newFigureChange(d *experiment.Difference) FigureChange {
	change := "same"
	switch {
	case d.Estimate.Mean == 0 || !Number(d.Estimate.Mean).Known():
	case d.Welcome() > 0:
		change = "better"
	case d.Welcome() < 0:
		change = "worse"
	default:
		change = "other"
	}
	value := func(e stats.Estimate) (Number, Number) { return Number(e.Mean), halfWidth(e) }
	f := FigureChange{
		Measure: d.Measure, Of: d.Of, Unit: string(d.Unit), Certainty: certainties[d.Certainty], Change: change,
		VarianceRatio: Number(d.VarianceRatio), attainment: d.Unit == experiment.Share && d.Better == experiment.More,
	}
	f.Base, f.BaseHalfWidth = value(d.Figure.Estimate)
	f.Value, f.HalfWidth = value(d.Other)
	f.Difference, f.DifferenceHalfWidth = value(d.Estimate)
	return f
}

// moved are the shifts whose numbers of agents differ, in the order of the base and then of the other scenario.
func moved(base, other *scenario.Compiled) []Moved {
	all := []Moved{}
	index := map[string]int{}
	each := func(c *scenario.Compiled, count func(*Moved) *int) {
		for p := range c.Pools {
			centre := c.Centres[c.Pools[p].Centre].Name
			for _, shift := range c.Pools[p].Shifts {
				key := c.Pools[p].Name + "." + shift.Name
				i, known := index[key]
				if !known {
					i, index[key] = len(all), len(all)
					all = append(all, Moved{Centre: centre, Pool: strings.TrimPrefix(c.Pools[p].Name, centre+"."), Shift: shift.Name})
				}
				*count(&all[i]) += shift.Agents
			}
		}
	}
	each(base, func(m *Moved) *int { return &m.Base })
	each(other, func(m *Moved) *int { return &m.Agents })
	changed := all[:0]
	for _, m := range all {
		if m.Difference = m.Agents - m.Base; m.Difference != 0 {
			changed = append(changed, m)
		}
	}
	return changed
}

// countTests counts the differences that have a half-width.
func (c *Compare) countTests() {
	for i := range c.Comparisons {
		for _, f := range c.Comparisons[i].Figures {
			if f.DifferenceHalfWidth.Known() {
				c.Tests++
			}
		}
	}
}

func (c *Compare) warn(results []*experiment.Result) {
	add := func(format string, args ...any) { c.Warnings = append(c.Warnings, fmt.Sprintf(format, args...)) }
	if c.Partial {
		add("partial: the runs were interrupted after %d of %d replications", c.Replications, c.ReplicationsAsked)
	}
	switch {
	case c.Replications < 2:
		add("1 replication has no half-widths, want at least %d", fewReplications)
	case c.Replications < fewReplications:
		add("the half-widths rest on %d replications, want at least %d", c.Replications, fewReplications)
	}
	for i := range c.Comparisons {
		other := &c.Comparisons[i].Compared
		if other.Start != c.Base.Start || other.End != c.Base.End {
			add("%s is measured from %s and %s from %s: the seasons differ, not only the scenarios", c.Base.Name,
				spanText(c.Base.Start, c.Base.End), other.Name, spanText(other.Start, other.End))
		}
		if other.Currency != c.Base.Currency {
			add("sums of %s are in %s and those of %s in %s: their differences mean nothing", c.Base.Name, c.Base.Currency, other.Name, other.Currency)
		}
		if missing := c.Comparisons[i].unpaired(); missing > 0 {
			verb := "are"
			if missing == 1 {
				verb = "is"
			}
			add("%s in %s or %s alone, without a difference", counted(missing, "figure")+" "+verb, c.Base.Name, other.Name)
		}
	}
	for i, r := range results {
		for _, lack := range r.CheckWarmUp() {
			name := c.Base.Name
			if i > 0 {
				name = c.Comparisons[i-1].Name
			}
			add("%s: %s", name, warmUpText(lack))
		}
	}
}

// unpaired counts the figures of one scenario alone.
func (c *Contrast) unpaired() int {
	n := 0
	for _, f := range c.Figures {
		if !f.Base.Known() || !f.Value.Known() {
			n++
		}
	}
	return n
}

// warmUpText tells of an organisation that is emptier at the beginning of the measured time than later.
func warmUpText(lack experiment.WarmUpLack) string {
	return fmt.Sprintf("the warm-up may be too short: the first measured week has %s %% fewer %s than the next ones; a longer run.warm_up "+
		"measures a full organisation, unless the load itself rises then",
		Rounded(Number(100*lack.Lack.Mean), 100*halfWidth(lack.Lack)), lack.Of)
}
