package sla

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"sunrelay/model"
	"sunrelay/model/calendar"
)

// Measure is the quantity that an Objective bounds.
type Measure uint8

// The measures of objectives, with the unit of the bound.
const (
	Attainment  Measure = iota // met / decided of a milestone; a share
	Quantile                   // of the time to a milestone; seconds
	Mean                       // of the time to a milestone; seconds
	Occupancy                  // busy / available of a pool; a share
	Abandonment                // cases whose caller hung up / cases; a share
	Cost                       // of the agents; money a year
)

// Period is the stretch of time in which an Objective must hold.
type Period uint8

// The periods of objectives. WholeRun is the default.
const (
	WholeRun       Period = iota
	EachWeek              // in each week of the run
	EachHourOfWeek        // in each of the 168 hours of the week, over all weeks of the run
)

// Comparison is the side of the bound on which the measure must lie.
type Comparison uint8

// The comparisons of objectives; both include the bound.
const (
	AtLeast Comparison = iota
	AtMost
)

// Objective is what a run must reach, such as "p90 first_response of select sev1 <= 15m". The names in it are as written:
// whether they exist is for the scenario to say.
type Objective struct {
	Measure    Measure
	Milestone  Milestone // for Attainment, Quantile and Mean
	Quantile   float64   // for Quantile: in (0, 1), 0.9 for p90
	Of         []string  // plan, or plan and severity; for Occupancy centre and pool; empty = all
	Period     Period
	Comparison Comparison
	Value      float64 // a share, seconds, or money a year
	Currency   string  // for Cost
	Text       string  // as written
}

var (
	errObjectiveForm = errors.New("want MEASURE [of PLAN [SEVERITY]] [each week | each hour of week] >= or <= VALUE, " +
		"such as first_response of priority sev1 >= 95%")
	errMeasure = errors.New("want a milestone (" + strings.Join(milestoneNames[:], ", ") + "), p90 MILESTONE, mean MILESTONE, " +
		"occupancy, abandonment or cost")
	objectiveForm = regexp.MustCompile(`^\s*(.+?)\s*(>=|<=)\s*(.+?)\s*$`)
	quantileForm  = regexp.MustCompile(`^p([0-9]{1,2}(?:\.[0-9]+)?)$`)
)

// UnmarshalText reads MEASURE [of PLAN [SEVERITY]] [each week | each hour of week] >=|<= VALUE. MEASURE is a milestone
// (its attainment, a share such as 95%), p90 MILESTONE or mean MILESTONE (a time such as 15m), occupancy [of
// CENTRE.POOL] or abandonment [of PLAN [SEVERITY]] (shares), or cost (money a year, such as 12,000,000 USD).
func (o *Objective) UnmarshalText(text []byte) error {
	parsed, err := parseObjective(string(text))
	if err != nil {
		return fmt.Errorf("%q is not an objective: %w", text, err)
	}
	*o = parsed
	return nil
}

func parseObjective(text string) (Objective, error) {
	part := objectiveForm.FindStringSubmatch(text)
	if part == nil {
		return Objective{}, errObjectiveForm
	}
	o := Objective{Text: strings.Join(strings.Fields(text), " ")}
	if part[2] == "<=" {
		o.Comparison = AtMost
	}
	words := o.cutPeriod(strings.Fields(part[1]))
	words, err := o.cutMeasure(words)
	if err != nil {
		return Objective{}, err
	}
	if err := o.setScope(words); err != nil {
		return Objective{}, err
	}
	if err := o.checkPeriod(); err != nil {
		return Objective{}, err
	}
	return o, o.setValue(part[3])
}

// checkPeriod allows the periods by which runs keep books of the measure.
func (o *Objective) checkPeriod() error {
	if o.Period == WholeRun || o.Measure == Attainment || o.Measure == Occupancy {
		return nil
	}
	return errors.New("only attainment and occupancy are known by period, want no each")
}

// cutPeriod takes the period from the end of words.
func (o *Objective) cutPeriod(words []string) []string {
	line := strings.Join(words, " ")
	if rest, found := strings.CutSuffix(line, " each hour of week"); found {
		o.Period = EachHourOfWeek
		return strings.Fields(rest)
	}
	if rest, found := strings.CutSuffix(line, " each week"); found {
		o.Period = EachWeek
		return strings.Fields(rest)
	}
	return words
}

// cutMeasure takes the measure from the front of words.
func (o *Objective) cutMeasure(words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, errMeasure
	}
	first, rest := words[0], words[1:]
	switch first {
	case "occupancy":
		o.Measure = Occupancy
		return rest, nil
	case "abandonment":
		o.Measure = Abandonment
		return rest, nil
	case "cost":
		o.Measure = Cost
		return rest, nil
	case "mean":
		o.Measure = Mean
		return o.cutMilestone(rest)
	}
	if part := quantileForm.FindStringSubmatch(first); part != nil {
		percent, err := strconv.ParseFloat(part[1], 64)
		if err != nil || percent <= 0 {
			return nil, fmt.Errorf("%s is not a quantile, want one between p0 and p100, such as p90 or p99.5", first)
		}
		o.Measure, o.Quantile = Quantile, percent/100
		return o.cutMilestone(rest)
	}
	return o.cutMilestone(words)
}

// cutMilestone takes the milestone from the front of words.
func (o *Objective) cutMilestone(words []string) ([]string, error) {
	if len(words) > 0 {
		for m := range Milestone(Milestones) {
			if m.String() == words[0] {
				o.Milestone = m
				return words[1:], nil
			}
		}
	}
	return nil, errMeasure
}

// setScope reads what is left between measure and comparison: nothing, or "of" and names.
func (o *Objective) setScope(words []string) error {
	if len(words) == 0 {
		return nil
	}
	if words[0] != "of" {
		return errObjectiveForm
	}
	names := words[1:]
	switch o.Measure {
	case Cost:
		return errors.New("cost is that of all agents, want no of")
	case Occupancy:
		centre, pool, found := strings.Cut(strings.Join(names, " "), ".")
		if !found || centre == "" || pool == "" || len(names) != 1 {
			return errors.New("want occupancy of CENTRE.POOL")
		}
		o.Of = []string{centre, pool}
		return nil
	}
	if len(names) < 1 || len(names) > 2 {
		return errors.New("want of PLAN or of PLAN SEVERITY")
	}
	o.Of = names
	return nil
}

// setValue reads the bound in the unit of the measure.
func (o *Objective) setValue(text string) error {
	switch o.Measure {
	case Quantile, Mean:
		d, err := calendar.ParseDuration(text)
		o.Value = d.Seconds()
		return err
	case Cost:
		var money model.Money
		amount, _ := strings.CutSuffix(text, " a year")
		err := money.UnmarshalText([]byte(amount))
		o.Value, o.Currency = money.Amount, money.Currency
		return err
	}
	share, err := parseShare(text)
	o.Value = share
	return err
}

// parseShare reads 95% or 0.95.
func parseShare(text string) (float64, error) {
	number := strings.TrimSpace(text)
	if digits, isPercent := strings.CutSuffix(number, "%"); isPercent {
		number = strings.TrimSpace(digits) + "e-2" // not a division, which would make 0.9990000000000001 of 99.9%
	}
	share, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(share) || share < 0 || share > 1 {
		return 0, fmt.Errorf("%q is not a share, want 0%% to 100%%", text)
	}
	return share, nil
}

// String is the objective as written.
func (o Objective) String() string { return o.Text }
