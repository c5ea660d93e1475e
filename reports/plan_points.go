package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

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
	Goal  Number `json:"goal"`            // attainment that was asked for; null where the question is about a price
	Error string `json:"error,omitempty"` // why there is no plan
	Plan  *Plan  `json:"plan,omitempty"`
}

// Document is the table of the plans.
func (p *PlanPoints) Document() *Document {
	d := &Document{Title: p.Scenario, Lead: []string{p.Question}}
	if p.Title != "" {
		d.Title += ": " + p.Title
	}
	d.add(p.section())
	return d
}

func (p *PlanPoints) section() Section {
	t := Table{Columns: []Column{{"plan", Left}, {"cost a year", Right}, {"at least", Right}, {"agents", Right}, {"left out", Right}, {"verdict", Left}}}
	s := Section{Heading: "Plans (left out: objectives that no heads in the present shifts keep)"}
	for _, point := range p.Points {
		if point.Plan == nil {
			t.Rows = append(t.Rows, append(words(point.Name, "", "", "", ""), Cell{Text: "none", Tone: Bad}))
			s.Notes = append(s.Notes, point.Name+": "+point.Error+".")
			continue
		}
		state := Cell{Text: "confirmed", Tone: Good}
		if !point.Plan.Confirmed {
			state = Cell{Text: "not confirmed", Tone: Bad}
		}
		if point.Plan.Partial != "" {
			state = Cell{Text: state.Text + ", partial: " + point.Plan.Partial, Tone: Doubtful}
		}
		agents, _ := point.Plan.agents()
		t.Rows = append(t.Rows, append(words(point.Name, point.Plan.money(point.Plan.CostPerYear), point.Plan.money(point.Plan.LowerBoundPerYear),
			Count(int64(agents)), fmt.Sprint(len(point.Plan.Impossible))), state))
	}
	if p.Difference.Known() {
		s.Notes = append(s.Notes, p.priceWords())
	}
	s.Tables = []Table{t}
	return s
}

func (p *PlanPoints) priceWords() string {
	return "The promise costs " + p.Points[0].Plan.money(p.Difference) + " a year: the difference of two plans, each the best that its search found."
}

// Report is the answer as a page: in plain words and, where goals were varied, as a chart, then each plan.
func (p *PlanPoints) Report() *Document {
	d := &Document{Title: cmp.Or(p.Title, p.Scenario), Lead: []string{sentence(p.Question) + "."}}
	d.add(Section{Heading: "In short", Points: p.points()})
	if lines, goals := p.frontier(); len(goals) > 1 {
		label := "cost a year"
		if currency := p.currency(); currency != "" {
			label = "cost, " + currency + " a year"
		}
		d.add(Section{Heading: "Cost against attainment", Charts: []Chart{costChart("Plans by their goal",
			"Each point is a confirmed plan for a goal; those that leave out more objectives than others are not drawn. The least cost is what no plan for it falls below within the rules, without overtime.", label, goals, lines...)}})
	}
	plans := p.section()
	plans.Heading, plans.Notes = "Plans", []string{"At least is the lower bound of the cost of scheduled hours. Left out are objectives that no heads in the present shifts keep."}
	d.add(plans)
	for _, point := range p.Points {
		if point.Plan == nil {
			continue
		}
		details := Section{Heading: sentence(point.Name) + ": people, verdict, and what one fewer does", Folded: true}
		for _, s := range []Section{point.Plan.staffingSection(), point.Plan.verdictSection(), point.Plan.certificateSection()} {
			if t := s.Tables[0]; len(t.Rows) > 0 {
				t.Title = s.Heading
				details.Tables, details.Notes = append(details.Tables, t), append(details.Notes, s.Notes...)
			}
		}
		d.add(details)
	}
	d.add(p.originSection())
	return d
}

// originSection says where the figures come from. The scenarios of the plans differ in what was asked, and so do their hashes.
func (p *PlanPoints) originSection() Section {
	t := Table{Columns: []Column{{"plan", Left}, {"seed of the verdict", Right}, {"replications", Right}, {"staffings tried", Right}, {"hash of the scenario begins", Left}}}
	s := Section{Heading: "Where these figures come from", Points: points(searchWords)}
	for _, point := range p.Points {
		plan := point.Plan
		if plan == nil {
			continue
		}
		t.Rows = append(t.Rows, words(point.Name, fmt.Sprint(plan.VerdictSeed), fmt.Sprint(plan.VerdictReplications), Count(int64(plan.Evaluations)), fmt.Sprintf("%.12s", plan.ScenarioHash)))
		if len(t.Rows) == 1 {
			s.Notes = []string{fmt.Sprintf("Seed of the scenario %d, of the searches %d; Sunrelay %s; integer programs by %s.", plan.Seed, plan.SearchSeed, cmp.Or(plan.Version, "unknown"), plan.Solver)}
			if text := assumedWords(plan.Assumed); text != "" {
				s.Notes = append(s.Notes, text)
			}
		}
	}
	s.Tables = []Table{t}
	return s
}

func (p *PlanPoints) currency() string {
	for _, point := range p.Points {
		if point.Plan != nil {
			return point.Plan.Currency
		}
	}
	return ""
}

// points say what the answer is, and which plans there are not.
func (p *PlanPoints) points() []Point {
	var all []Point
	if p.Difference.Known() {
		all = append(all, Point{Text: p.priceWords()})
	}
	var last *PlanPoint
	for i := range p.Points {
		point := &p.Points[i]
		switch {
		case point.Plan == nil:
			all = append(all, Point{fmt.Sprintf("%s: %s.", sentence(point.Name), point.Error), Bad})
			continue
		case !point.Plan.Confirmed:
			all = append(all, Point{sentence(point.Name) + ": no confirmed plan.", Bad})
			continue
		}
		agents, _ := point.Plan.agents()
		text := sentence(point.Name) + ": " + counted(agents, "agent")
		if point.Plan.Currency != "" {
			text += ", " + point.Plan.money(point.Plan.CostPerYear) + " a year"
		}
		if last != nil && point.Goal.Known() && len(last.Plan.Impossible) == len(point.Plan.Impossible) {
			more := "no more"
			if d := point.Plan.CostPerYear - last.Plan.CostPerYear; d > 0.5 {
				more = point.Plan.money(d) + " more"
			}
			text += "; " + more + " than for " + last.Name
		}
		if n := len(point.Plan.Impossible); n > 0 {
			text += fmt.Sprintf(", with %s left out that cannot be kept", counted(n, "objective"))
		}
		all = append(all, Point{Text: text + "."})
		last = point
	}
	return all
}

// frontier has the cost of the confirmed plans by goal, and what they cost at least. Plans that leave out more objectives than others
// are for less, and left out.
func (p *PlanPoints) frontier() (lines []Line, goals []float64) {
	found, least := Line{Name: "plans", Style: Straight, Colour: 0}, Line{Name: "least cost", Style: Straight, Colour: 7}
	dots := Line{Style: Dots, Colour: 0}
	points := slices.DeleteFunc(slices.Clone(p.Points), func(o PlanPoint) bool { return o.Plan == nil || !o.Plan.Confirmed || !o.Goal.Known() })
	fewest := math.MaxInt
	for _, o := range points {
		fewest = min(fewest, len(o.Plan.Impossible))
	}
	points = slices.DeleteFunc(points, func(o PlanPoint) bool { return len(o.Plan.Impossible) > fewest })
	along := func(l *Line, cost func(*Plan) Number) {
		slices.SortStableFunc(points, func(a, b PlanPoint) int { return cmp.Or(sign(cost(a.Plan)-cost(b.Plan)), sign(a.Goal-b.Goal)) })
		for _, o := range points {
			l.X, l.Y = append(l.X, float64(cost(o.Plan))), append(l.Y, float64(o.Goal))
		}
	}
	along(&found, func(plan *Plan) Number { return plan.CostPerYear })
	along(&dots, func(plan *Plan) Number { return plan.CostPerYear })
	along(&least, func(plan *Plan) Number { return plan.LowerBoundPerYear })
	return []Line{found, dots, least}, found.Y
}

// StaffingRows are the rows of the staffing of all plans for spreadsheets.
func (p *PlanPoints) StaffingRows() [][]string {
	var rows [][]string
	for _, point := range p.Points {
		if point.Plan == nil {
			continue
		}
		for i, row := range point.Plan.StaffingRows() {
			switch {
			case i > 0:
				rows = append(rows, append([]string{point.Name}, row...))
			case len(rows) == 0:
				rows = append(rows, append([]string{"plan"}, row...))
			}
		}
	}
	return rows
}
