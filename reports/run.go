package reports

import (
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// RunSchema names the form of the JSON document of a run. It changes when a key changes its meaning or goes away; keys
// may be added.
const RunSchema = "sunrelay.run/1"

// Run is what a run has to tell: the JSON document of the command run. Rows are in the order of the scenario file. Counts
// and hours are totals over all replications; other figures are estimates, each with the half-width of its confidence
// interval (95 %), null where there is none. Shares lie in [0, 1]. Nothing in it but ElapsedSeconds depends on the
// machine, the day or the number of workers.
type Run struct {
	Schema            string `json:"schema"`
	Version           string `json:"version,omitempty"` // of the program
	Scenario          string `json:"scenario"`
	Title             string `json:"title,omitempty"`
	ScenarioHash      string `json:"scenario_hash"`
	Seed              uint64 `json:"seed"`
	Replications      int    `json:"replications"`                 // finished
	Partial           bool   `json:"partial,omitempty"`            // the run was interrupted
	ReplicationsAsked int    `json:"replications_asked,omitempty"` // where it was

	Start         string   `json:"start"` // of the measured time, RFC 3339 in UTC
	End           string   `json:"end"`
	WarmUpSeconds float64  `json:"warm_up_seconds"`
	Cases         int64    `json:"cases"`  // that arrived, the warm-up included
	Events        int64    `json:"events"` // of the simulation, the warm-up included
	Elapsed       *float64 `json:"elapsed_seconds,omitempty"`

	Attainment        []Attainment       `json:"attainment"`
	Responses         []Response         `json:"responses"`
	SeverityResponses []SeverityResponse `json:"severity_responses"`
	BreachCauses      []BreachCause      `json:"breach_causes"`
	ShortHours        []ShortHour        `json:"short_pool_hours"`
	Waits             []Wait             `json:"waits"`
	Pools             []Pool             `json:"pools"`
	Outcomes          []Outcome          `json:"outcomes"`
	CountTotals       []CountTotal       `json:"count_totals"`
	Counts            []RowCount         `json:"counts"`
	Backlog           Backlog            `json:"backlog"`
	CostPerYear       *Cost              `json:"cost_per_year,omitempty"`
	UnallocatedCost   *Cost              `json:"unallocated_cost_per_year,omitempty"` // of pools that work on no case
	Money             []PlanMoney        `json:"money"`                               // none where nothing has a price or a cost
	MoneyTotal        *Money             `json:"money_total,omitempty"`
	Objectives        []Objective        `json:"objectives"`
	Precision         *Precision         `json:"precision,omitempty"` // where the run was to reach one
	Assumed           []string           `json:"assumed"`             // paths of the scenario's blocks whose figures no source gives
	Warnings          []string           `json:"warnings"`
	Profiles          *Profiles          `json:"profiles,omitempty"` // in the summary of a folder
}

// Attainment is how often one promise was kept. Every clock that started in the measured time is decided, undecided or
// cancelled.
type Attainment struct {
	Plan       string `json:"plan"`
	Severity   string `json:"severity"`
	Milestone  string `json:"milestone"`
	Target     string `json:"target"`
	Decided    int64  `json:"decided"` // due before the end of the run
	Met        int64  `json:"met"`
	Undecided  int64  `json:"undecided"`  // due at the end of the run or later
	Cancelled  int64  `json:"cancelled"`  // the customer ended the case before the due
	Attainment Number `json:"attainment"` // met / decided
	HalfWidth  Number `json:"half_width"`
}

// Quantiles are estimates of a length of time.
type Quantiles struct {
	Mean          Number `json:"mean_seconds"`
	MeanHalfWidth Number `json:"mean_seconds_half_width"`
	P50           Number `json:"p50_seconds"`
	P50HalfWidth  Number `json:"p50_seconds_half_width"`
	P90           Number `json:"p90_seconds"`
	P90HalfWidth  Number `json:"p90_seconds_half_width"`
	P99           Number `json:"p99_seconds"`
	P99HalfWidth  Number `json:"p99_seconds_half_width"`
}

// Response is the elapsed time to a milestone, promised or not, from what starts its clock on: from arrival, or for
// next_response, update, fix, rma_dispatch, rma_return and manager_contact from a later event. Milestones that no plan
// promises and no case reaches are left out.
type Response struct {
	Plan string `json:"plan"`
	SeverityResponse
}

// SeverityResponse is a Response of all plans together.
type SeverityResponse struct {
	Severity  string `json:"severity"`
	Milestone string `json:"milestone"`
	Count     int64  `json:"count"` // how often it was reached
	Open      int64  `json:"open"`  // not reached when the run ended, and not in the times
	Quantiles
}

// Wait is the time that touches wait for an agent, those that need not wait included.
type Wait struct {
	Tier            string `json:"tier"`
	Severity        string `json:"severity"`
	Touches         int64  `json:"touches"`
	Waited          Number `json:"waited_share"`
	WaitedHalfWidth Number `json:"waited_share_half_width"`
	Quantiles
}

// Pool is what the agents of a pool did.
type Pool struct {
	Centre               string  `json:"centre"`
	Pool                 string  `json:"pool"`
	Agents               int     `json:"agents"`    // heads, of all shifts together
	Occupancy            Number  `json:"occupancy"` // busy / available
	OccupancyHalfWidth   Number  `json:"occupancy_half_width"`
	Utilization          Number  `json:"utilization"` // busy / scheduled
	UtilizationHalfWidth Number  `json:"utilization_half_width"`
	Touches              int64   `json:"touches"`
	HandOvers            int64   `json:"hand_overs"`
	HandOverShare        Number  `json:"hand_over_share"` // of the touches
	HandOverHalfWidth    Number  `json:"hand_over_share_half_width"`
	CallIns              int64   `json:"call_ins"` // agents on call who were called in
	ScheduledHours       float64 `json:"scheduled_hours"`
	OnCallHours          float64 `json:"on_call_hours"` // called in or not
}

// Backlog is the work in progress: means over the measured time, and means over the replications of what stood at its end.
type Backlog struct {
	OpenCases                    Number `json:"mean_open_cases"`
	OpenCasesHalfWidth           Number `json:"mean_open_cases_half_width"`
	WaitingTouches               Number `json:"mean_waiting_touches"`
	WaitingTouchesHalfWidth      Number `json:"mean_waiting_touches_half_width"`
	OpenCasesAtEnd               Number `json:"open_cases_at_end"`
	OpenCasesAtEndHalfWidth      Number `json:"open_cases_at_end_half_width"`
	WaitingTouchesAtEnd          Number `json:"waiting_touches_at_end"`
	WaitingTouchesAtEndHalfWidth Number `json:"waiting_touches_at_end_half_width"`
	Growth                       Number `json:"growth"` // waiting touches in the last quarter of the weeks / in the first; null under four weeks
	GrowthHalfWidth              Number `json:"growth_half_width"`
}

// NewRun tells the result. The verdicts are those of result.Judge.
func NewRun(result *experiment.Result, verdicts []experiment.Verdict) *Run {
	c := result.Model.Scenario
	run := &Run{
		Schema: RunSchema, Scenario: c.Definition.Name, Title: c.Definition.Title, ScenarioHash: c.Hash, Seed: c.Seed,
		Replications: len(result.Replications),
		Start:        c.Start.String(), End: c.End.String(), WarmUpSeconds: c.Start.Sub(c.Origin).Seconds(),
		Cases: result.Pooled.Arrived, Events: result.Pooled.Events,
		Assumed: []string{}, Warnings: []string{},
	}
	if result.Partial {
		run.Partial, run.ReplicationsAsked = true, c.Replications
	}
	for _, at := range c.Definition.Assumptions {
		run.Assumed = append(run.Assumed, at.Path)
	}
	run.addPromises(result)
	run.addCauses(result)
	run.addWaits(result)
	run.addPools(result)
	run.addCases(result)
	run.addBacklog(result)
	run.addMoney(result)
	run.addObjectives(verdicts)
	run.addWarnings(result)
	return run
}

// halfWidth is that of the estimate, unknown where there is no estimate.
func halfWidth(e stats.Estimate) Number {
	if !Number(e.Mean).Known() {
		return Number(e.Mean)
	}
	return Number(e.HalfWidth)
}

// quantiles turns estimates in milliseconds into seconds.
func quantiles(mean stats.Estimate, quantile func(level float64) stats.Estimate) Quantiles {
	const second = 1000
	p50, p90, p99 := quantile(0.5), quantile(0.9), quantile(0.99)
	return Quantiles{
		Mean: Number(mean.Mean) / second, MeanHalfWidth: halfWidth(mean) / second,
		P50: Number(p50.Mean) / second, P50HalfWidth: halfWidth(p50) / second,
		P90: Number(p90.Mean) / second, P90HalfWidth: halfWidth(p90) / second,
		P99: Number(p99.Mean) / second, P99HalfWidth: halfWidth(p99) / second,
	}
}

func (run *Run) addWaits(result *experiment.Result) {
	run.Waits = []Wait{}
	c := result.Model.Scenario
	for t, tier := range c.Tiers {
		for s, severity := range c.Severities {
			row := result.WaitRow(t, s)
			waited := result.WaitShare(row)
			run.Waits = append(run.Waits, Wait{
				Tier: tier, Severity: severity.Name, Touches: result.Pooled.Waits[row].Count,
				Waited: Number(waited.Mean), WaitedHalfWidth: halfWidth(waited),
				Quantiles: quantiles(result.MeanWait(row), func(level float64) stats.Estimate {
					return result.WaitQuantile(row, level)
				}),
			})
		}
	}
}
