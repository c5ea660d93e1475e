package reports

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sunrelay/model/sla"
)

// milestoneWords tell the milestones in sentences: what is promised, many of it.
var milestoneWords = [sla.Milestones]string{
	sla.FirstResponse: "first responses", sla.NextResponse: "next responses", sla.Update: "updates",
	sla.Restore: "restorations of service", sla.Resolve: "solutions", sla.Fix: "fixes", sla.RMADispatch: "replacements sent",
	sla.RMAReturn: "replacements returned", sla.ManagerContact: "contacts by a manager",
}

// milestoneTitles tell the milestones in headings.
var milestoneTitles = [sla.Milestones]string{
	sla.FirstResponse: "First response", sla.NextResponse: "Next response", sla.Update: "Updates", sla.Restore: "Service restored",
	sla.Resolve: "Solution", sla.Fix: "Fix", sla.RMADispatch: "Replacement sent", sla.RMAReturn: "Replacement returned",
	sla.ManagerContact: "Contact by a manager",
}

// spoken is a name of the scenario as prose has it.
func spoken(name string) string { return strings.ReplaceAll(name, "_", " ") }

// sentence begins with a capital letter.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

var targetForm = regexp.MustCompile(`^(\d+)(m|h|d|w|bm|bh|bd|mo|s)$`)

// targetUnits are the units of targets in words.
var targetUnits = map[string]string{
	"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "bm": "business minute", "bh": "business hour",
	"bd": "business day", "mo": "month",
}

// within tells a target that is one length of time; a target of another form is told as the file has it.
func within(target string) string {
	if parts := targetForm.FindStringSubmatch(target); parts != nil {
		return "within " + several(parts[1], targetUnits[parts[2]])
	}
	return "in time (" + target + ")"
}

// several is a number of things.
func several(n, thing string) string {
	if n == "1" {
		return "1 " + thing
	}
	return n + " " + thing + "s"
}

// summarySection says in plain words what came out: the objectives, or without any the promises kept worst, then the people.
func (run *Run) summarySection() Section {
	s := Section{Heading: "In short"}
	for i := range run.Objectives {
		o := &run.Objectives[i]
		s.Points = append(s.Points, Point{o.words(run.promised(o)), verdictTones[o.Verdict]})
	}
	if len(run.Objectives) == 0 {
		s.Points = append(s.Points, run.worstPromises()...)
	}
	s.Points = append(s.Points, points(run.causeWords()...)...)
	s.Points = append(s.Points, points(run.peopleWords()...)...)
	return s
}

// verdictEnds end the sentence of an objective.
var verdictEnds = map[string]string{
	Met: "Met.", Missed: "Missed.", Uncertain: "Not certain yet: more replications may decide.",
}

// words are an objective as a sentence; promised is the target of one that speaks of one promise.
func (o *Objective) words(promised string) string {
	estimate, goal, end := o.figure(o.Estimate).String(), o.goal(), verdictEnds[o.Verdict]
	if !o.Estimate.Known() {
		return sentence(fmt.Sprintf("%s: there was nothing to observe.", o.Objective))
	}
	if o.Period != "run" {
		goal += fmt.Sprintf(", in each period; the worst is %s", o.Period)
	}
	of := spoken(strings.Join(o.Of, " "))
	switch o.Measure {
	case measureNames[sla.Attainment]:
		what := milestoneWords[milestoneOf(o.Milestone)]
		return sentence(fmt.Sprintf("%s keeps %s of %s%s; the goal is %s. %s", orAll(of), estimate, what, promised, goal, end))
	case measureNames[sla.Quantile]:
		return sentence(fmt.Sprintf("%g %% of %s for %s come within %s; the goal is %s. %s", 100*o.Quantile,
			milestoneWords[milestoneOf(o.Milestone)], orAll(of), estimate, goal, end))
	case measureNames[sla.Mean]:
		return sentence(fmt.Sprintf("%s for %s take %s in the mean; the goal is %s. %s", milestoneWords[milestoneOf(o.Milestone)], orAll(of), estimate, goal, end))
	case measureNames[sla.Occupancy]:
		return sentence(fmt.Sprintf("the agents of %s are busy %s of the time that they are available; the goal is %s. %s", orAllPools(of), estimate, goal, end))
	case measureNames[sla.Abandonment]:
		return sentence(fmt.Sprintf("%s of the callers of %s hang up; the goal is %s. %s", estimate, orAll(of), goal, end))
	case keptUp:
		return sentence(fmt.Sprintf("agents keep up with %s of the work, so that it does not pile up; the goal is %s. %s", estimate, goal, end))
	}
	return sentence(fmt.Sprintf("the agents cost %s; the goal is %s. %s", estimate, goal, end))
}

// goal is the goal of an objective, exact as the file has it.
func (o *Objective) goal() string {
	side := "at least "
	if o.AtMost {
		side = "at most "
	}
	exact := Number(math.NaN())
	switch o.Unit {
	case shareUnit:
		return side + trimZeros(decimal(100*float64(o.Goal), 4)) + " %"
	case secondsUnit:
		return side + Lasting(o.Goal, exact).Short()
	}
	return side + trimZeros(decimal(float64(o.Goal), 2)) + " " + o.Unit
}

// trimZeros drops the zeros at the end of decimal places.
func trimZeros(text string) string {
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func orAll(of string) string {
	if of == "" {
		return "the whole organisation"
	}
	return of
}

func orAllPools(of string) string {
	if of == "" {
		return "all pools"
	}
	return of
}

// promised is the target of an objective that speaks of one promise.
func (run *Run) promised(o *Objective) string {
	if len(o.Of) == 2 {
		for i := range run.Attainment {
			a := &run.Attainment[i]
			if a.Plan == o.Of[0] && a.Severity == o.Of[1] && a.Milestone == o.Milestone {
				return " " + within(a.Target)
			}
		}
	}
	return " in time"
}

// worstPromises tell the promises that are kept least, of those with enough clocks to say so.
func (run *Run) worstPromises() []Point {
	const most, enough = 3, 100
	var told []Point
	for _, a := range run.promisesByAttainment() {
		if a.Decided >= enough && len(told) < most {
			told = append(told, Point{Text: sentence(fmt.Sprintf("%s %s keeps %s of %s %s.", spoken(a.Plan), spoken(a.Severity),
				Percent(a.Attainment, a.HalfWidth), milestoneWords[milestoneOf(a.Milestone)], within(a.Target)))})
		}
	}
	return told
}

// causeMeanings say what a breach of each cause comes from, in the words of the tables.
var causeMeanings = map[string]string{
	"coverage": "nobody who may work the case was scheduled early enough", "customer": "the customer took long to answer",
	"outside":   "engineering or a depot delivered late, or an outage went on",
	"hand_over": "what was left of a touch waited after the end of a shift", "engineer": "the case waited for its own engineer",
	"rank": "agents took other work first", "capacity": "the agents on duty were all busy",
	"work": "the work itself takes longer than the target",
}

// causeWords tell why most promises were broken.
func (run *Run) causeWords() []string {
	var total, most int64
	cause := ""
	for _, name := range causeKeys() {
		n := run.breachesOf(name, "")
		total += n
		if n > most {
			most, cause = n, name
		}
	}
	if total == 0 {
		return nil
	}
	return []string{fmt.Sprintf("About %.0f %% of all broken promises (%s) have one cause: %s.",
		100*float64(most)/float64(total), Count(total), causeMeanings[cause])}
}

// peopleWords tell of agents and money.
func (run *Run) peopleWords() []string {
	agents := 0
	for _, p := range run.Pools {
		agents += p.Agents
	}
	text := fmt.Sprintf("%s agents in %s", Count(int64(agents)), several(fmt.Sprint(len(run.Pools)), "pool"))
	if run.CostPerYear != nil {
		text += fmt.Sprintf(" cost %s %s a year", Rounded(run.CostPerYear.Amount, run.CostPerYear.HalfWidth), run.CostPerYear.Currency)
	}
	verb := "; on average "
	if run.CostPerYear == nil {
		verb = " have on average "
	}
	return []string{text + verb + Rounded(run.Backlog.OpenCases, run.Backlog.OpenCasesHalfWidth).String() + " cases " + openWord(run.CostPerYear != nil) + "."}
}

func openWord(clause bool) string {
	if clause {
		return "are open"
	}
	return "open"
}
