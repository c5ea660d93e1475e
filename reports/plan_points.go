package reports

import "fmt"

// PlanPoints are plans of variants of one scenario side by side: the JSON document of the questions of the command plan.
type PlanPoints struct {
	Schema   string      `json:"schema"`
	Scenario string      `json:"scenario"`
	Title    string      `json:"title,omitempty"`
	Question string      `json:"question"`
	Points   []PlanPoint `json:"points"`
	// Difference is the cost of the first point less that of the second, where the question is about a price; else null.
	Difference Number `json:"difference_per_year"`
}

// PlanPointsSchema names the form of the JSON document.
const PlanPointsSchema = "sunrelay.plan_points/1"

// PlanPoint is the plan of one variant.
type PlanPoint struct {
	Name  string `json:"name"`
	Error string `json:"error,omitempty"` // why there is no plan
	Plan  *Plan  `json:"plan,omitempty"`
}

// Document is the table of the plans.
func (p *PlanPoints) Document() *Document {
	d := &Document{Title: p.Scenario, Lead: []string{p.Question}}
	if p.Title != "" {
		d.Title += ": " + p.Title
	}
	t := Table{Columns: []Column{{p.Question, Left}, {"cost a year", Right}, {"at least", Right}, {"agents", Right}, {"left out", Right}, {"plan", Left}}}
	for _, point := range p.Points {
		if point.Plan == nil {
			t.Rows = append(t.Rows, words(point.Name, "", "", "", "", point.Error))
			continue
		}
		agents, state := 0, "confirmed"
		for _, s := range point.Plan.Staffing {
			agents += s.Agents
		}
		if !point.Plan.Confirmed {
			state = "not confirmed"
		}
		if point.Plan.Partial != "" {
			state += ", partial: " + point.Plan.Partial
		}
		t.Rows = append(t.Rows, words(point.Name, point.Plan.money(point.Plan.CostPerYear), point.Plan.money(point.Plan.LowerBoundPerYear),
			Count(int64(agents)), fmt.Sprint(len(point.Plan.Impossible)), state))
	}
	s := Section{Heading: "Plans (left out: objectives that no heads in the present shifts keep)", Tables: []Table{t}}
	if p.Difference.Known() {
		s.Notes = []string{"The promise costs " + p.Points[0].Plan.money(p.Difference) + " a year: the difference of two plans, each the best that its search found."}
	}
	d.add(s)
	return d
}
