package reports

import (
	"fmt"

	"sunrelay/sim/experiment"
)

// Precision is what half-width a run was to reach, and what it reached. Shares must have it in points, other figures relative
// to their value.
type Precision struct {
	Asked            float64       `json:"asked"` // a share
	Reached          bool          `json:"reached"`
	MostReplications int           `json:"max_replications"`
	Wider            int           `json:"wider"` // figures that have not reached it
	LeftOut          int           `json:"left_out_promises"`
	Figures          []PrecisionOf `json:"figures"`
	Widest           int           `json:"widest"` // index into figures of the least precise; -1 = there is none
	currency         string
}

// PrecisionOf is a figure that the run was to know precisely.
type PrecisionOf struct {
	Measure   string `json:"measure"`
	Of        string `json:"of,omitempty"`
	Unit      string `json:"unit"`
	Value     Number `json:"value"`
	HalfWidth Number `json:"half_width"`
}

// AddPrecision tells what precision a run reached; nil where it was to reach none, or was interrupted before it could tell.
func (run *Run) AddPrecision(reached *experiment.Reached) {
	if reached == nil {
		return
	}
	p := &Precision{
		Asked: reached.HalfWidth, Reached: reached.Done, MostReplications: reached.Most, Wider: reached.Wide, LeftOut: reached.Leftover,
		Figures: []PrecisionOf{}, Widest: reached.Widest,
	}
	if run.CostPerYear != nil {
		p.currency = run.CostPerYear.Currency
	}
	for _, f := range reached.Figures {
		p.Figures = append(p.Figures, PrecisionOf{f.Measure, f.Of, string(f.Unit), Number(f.Estimate.Mean), halfWidth(f.Estimate)})
	}
	run.Precision = p
	if !p.Reached {
		run.warn("the precision of %s is not reached for %d of %s after %d replications; --max-replications allows more",
			p.asked(), p.Wider, counted(len(p.Figures), "figure"), run.Replications)
	}
}

func (p *Precision) asked() string { return fmt.Sprintf("%.6g %%", 100*p.Asked) }

// section says what was asked for, of which figures, and what came of it.
func (p *Precision) section() Section {
	if p.Widest < 0 {
		return Section{Heading: "Precision", Notes: []string{"There is no figure that the precision could refer to."}}
	}
	state := "reached for " + counted(len(p.Figures), "figure")
	if !p.Reached {
		state = fmt.Sprintf("not reached for %d of %s", p.Wider, counted(len(p.Figures), "figure"))
	}
	widest := p.Figures[p.Widest]
	name := widest.Measure
	if widest.Of != "" {
		name += " of " + widest.Of
	}
	note := fmt.Sprintf("%s asked for: %s. The least precise is %s: %s.", p.asked(), state, name,
		unitFigure(experiment.Unit(widest.Unit), widest.Value, widest.HalfWidth, p.currency))
	if p.LeftOut > 0 {
		note += fmt.Sprintf(" %d promises with less than 1 %% of the clocks of their milestone are left out.", p.LeftOut)
	}
	return Section{Heading: "Precision (points of shares, per cent of other figures)", Notes: []string{note}}
}
