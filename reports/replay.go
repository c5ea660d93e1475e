package reports

import (
	"time"

	"sunrelay/model"
	"sunrelay/sim/experiment"
	"sunrelay/sim/replay"
	"sunrelay/workloads"
	"sunrelay/workloads/trace"
)

// ReplaySchema names the form of the JSON document of a replay; see RunSchema.
const ReplaySchema = "sunrelay.replay/1"

// Replay is what a replay of a log has to tell: the JSON document of the command replay. Half-widths are those of 95 %
// intervals for one log of this length, null where there is none. Nothing in it depends on the machine or the number of workers.
type Replay struct {
	Schema            string  `json:"schema"`
	Scenario          string  `json:"scenario"`
	Title             string  `json:"title,omitempty"`
	ScenarioHash      string  `json:"scenario_hash"`
	Log               FitLog  `json:"log"`
	Start             string  `json:"start"` // of the measured time, RFC 3339 in UTC
	End               string  `json:"end"`
	WarmUpSeconds     float64 `json:"warm_up_seconds"`
	Seed              uint64  `json:"seed"`
	Replications      int     `json:"replications"`
	Partial           bool    `json:"partial,omitempty"`
	ReplicationsAsked int     `json:"replications_asked,omitempty"`
	Resample          string  `json:"resample"` // none, days or weeks

	Cases    int            `json:"cases"`                    // in the log
	Loosened int            `json:"cases_with_drawn_channel"` // or language, although recorded: the scenario has no such cases by it
	Refused  Number         `json:"refused_share"`            // of the cases played, by the scenario's hours and plans
	Met      Number         `json:"met_share"`                // of promises, as the log says itself; null where it does not
	Recorded []string       `json:"taken_from_log"`
	Drawn    []string       `json:"drawn_by_scenario"`
	Values   []ReplayValue  `json:"values"`
	Open     []ReplayOpen   `json:"open"`
	Figures  []ReplayFigure `json:"figures"`
	Warnings []string       `json:"warnings"`
}

// ReplayValue is a value of the log and what it was taken for.
type ReplayValue struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
	Cases     int    `json:"cases"`
	Name      string `json:"name,omitempty"` // in the scenario; none = drawn
	How       string `json:"how"`
}

// ReplayOpen is the share of the cases that had not reached a milestone when the time was over.
type ReplayOpen struct {
	Milestone string `json:"milestone"`
	Recorded  Number `json:"recorded"`
	Simulated Number `json:"simulated"`
}

// ReplayFigure is a figure, recorded and simulated.
type ReplayFigure struct {
	Measure             string `json:"measure"`
	Milestone           string `json:"milestone"`
	Plan                string `json:"plan,omitempty"`
	Severity            string `json:"severity,omitempty"`
	Unit                string `json:"unit"`
	Recorded            Number `json:"recorded"`
	RecordedHalfWidth   Number `json:"recorded_half_width"`
	Simulated           Number `json:"simulated"`
	SimulatedHalfWidth  Number `json:"simulated_half_width"`
	Difference          Number `json:"difference"` // simulated less recorded
	DifferenceHalfWidth Number `json:"difference_half_width"`
	Verdict             string `json:"verdict"` // agrees, differs, or empty where the half-width is unknown
}

// ReplayInput is what a replay is told from.
type ReplayInput struct {
	Log                      *trace.Log
	Name                     string // of the log
	Zone                     *time.Location
	Recording                *workloads.Recording
	Has                      replay.Has
	Values                   []replay.Value
	Own, Recorded, Simulated *experiment.Result // of the log as it is, and of the replications
}

// NewReplay tells a replay.
func NewReplay(in *ReplayInput) *Replay {
	c := in.Simulated.Model.Scenario
	r := &Replay{
		Schema: ReplaySchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash, Log: newFitLog(in.Log, in.Name, in.Zone),
		Start: c.Start.String(), End: c.End.String(), WarmUpSeconds: c.Start.Sub(c.Origin).Seconds(), Seed: c.Seed,
		Replications: len(in.Simulated.Replications), Resample: Resamplings[in.Recording.Again], Cases: len(in.Recording.Cases), Warnings: []string{},
		Values: []ReplayValue{}, Open: []ReplayOpen{}, Figures: []ReplayFigure{}, Drawn: []string{},
		Met: Number(replay.MetShare(in.Recording, c.Start)),
	}
	if in.Simulated.Partial {
		r.Partial, r.ReplicationsAsked = true, c.Replications
	}
	r.addValues(in)
	r.addSources(in)
	rows := in.Simulated.Model.Shape.Rows()
	r.Loosened = in.Simulated.Model.Workload.Loosened()
	r.Refused = Number(in.Simulated.OutcomeShare(model.Refused, 0, rows).Mean)
	for _, m := range replay.Milestones {
		if in.Has.Of(m) {
			r.Open = append(r.Open, ReplayOpen{m.String(), Number(in.Own.OpenShare(m, 0, rows)), Number(in.Simulated.OpenShare(m, 0, rows))})
		}
	}
	for _, f := range replay.Compare(in.Own, in.Recorded, in.Simulated) {
		figure := ReplayFigure{
			Measure: f.Measure, Milestone: f.Milestone.String(), Unit: string(f.Unit), Verdict: string(f.Verdict()),
			Recorded: Number(f.Recorded.Mean), RecordedHalfWidth: halfWidth(f.Recorded), Simulated: Number(f.Simulated.Mean),
			SimulatedHalfWidth: halfWidth(f.Simulated), Difference: Number(f.Difference.Mean), DifferenceHalfWidth: halfWidth(f.Difference),
		}
		if f.Plan >= 0 {
			figure.Plan = c.Plans[f.Plan].Name
		}
		if f.Severity >= 0 {
			figure.Severity = c.Severities[f.Severity].Name
		}
		r.Figures = append(r.Figures, figure)
	}
	r.warn(in)
	return r
}

// Resamplings are the names of workloads.Resampling.
var Resamplings = [...]string{workloads.AsRecorded: "none", workloads.ByDays: "days", workloads.ByWeeks: "weeks"}

func (r *Replay) addValues(in *ReplayInput) {
	c := in.Simulated.Model.Scenario
	for _, v := range in.Values {
		r.Values = append(r.Values, ReplayValue{v.Attribute.String(), v.Value, v.Cases, replay.NameOf(c, v.Attribute, v.Name), string(v.How)})
	}
}

// addSources says what was taken from the log and what was drawn.
func (r *Replay) addSources(in *ReplayInput) {
	r.Recorded = append(r.Recorded, "arrivals")
	for _, role := range replay.Attributes {
		known := 0
		for _, v := range in.Values {
			if v.Attribute == role && v.Name >= 0 {
				known += v.Cases
			}
		}
		switch {
		case !replay.Varies(in.Simulated.Model.Scenario, role): // nothing to take or to draw
		case known == len(in.Recording.Cases):
			r.Recorded = append(r.Recorded, role.String())
		case known > 0:
			r.Recorded = append(r.Recorded, role.String()+" of "+Percent(Number(float64(known)/float64(len(in.Recording.Cases))), 0).String()+" of the cases")
			r.Drawn = append(r.Drawn, role.String()+" of the others")
		default:
			r.Drawn = append(r.Drawn, role.String())
		}
	}
	if in.Has.Work {
		r.Recorded = append(r.Recorded, "work of the first touch (recorded work by the touches of the case)")
		r.Drawn = append(r.Drawn, "work of further touches")
	} else {
		r.Drawn = append(r.Drawn, "work")
	}
	r.Drawn = append(r.Drawn, "questions, answers, escalations and whatever else happens to a case")
}

func (r *Replay) warn(in *ReplayInput) {
	add := func(text string) { r.Warnings = append(r.Warnings, text) }
	if r.Partial {
		add("partial: the run was interrupted")
	}
	if r.Replications < fewReplications {
		add("the half-widths rest on few replications, want at least 10")
	}
	if r.WarmUpSeconds == 0 {
		add("the organisation starts empty on the first day of the log, which the recorded one did not; --warm-up 1w plays the first week without measuring it")
	}
	for _, lack := range in.Simulated.CheckWarmUp() {
		add(warmUpText(lack))
	}
	c := in.Simulated.Model.Scenario
	for _, m := range replay.Milestones {
		for i := range c.Plans {
			if c.Plans[i].Pauses.Has(m) && c.Plans[i].Clock[m] != nil {
				add(m.String() + " of " + c.Plans[i].Name + " is not compared: its clock stands still while the customer is asked, and the log does not tell for how long")
			}
		}
	}
	for _, m := range replay.Milestones {
		if !in.Has.Of(m) {
			add("the log does not tell " + m.String())
		}
	}
}
