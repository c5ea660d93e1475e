package planner

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/sim"
	"sunrelay/sim/experiment"
	"sunrelay/sim/stats"
)

// KeepingUp is the objective that every plan has, whatever the scenario asks for: agents keep up with the work, so that it
// does not pile up. Promises alone do not see to that: where only first responses are promised, all further work could
// wait for ever.
//
// Its measure is a share of the work. Work that agents keep up with comes down, again and again, to a few pieces that
// wait: at the end of a quiet day, or on a weekend. The fewest that wait at any full hour of a window is what its agents
// never get to. By how much that grows from the second quarter of the run to the last, over what comes meanwhile, is the share of the
// work of these agents that is left undone; the measure is one less the sum over all sets of pools. It is to be 1, less the
// margin of all objectives. The windows are at least a week long, so that each has all hours of a week. What waits on
// average would tell less: it is larger on Mondays, after holidays, and in a plan that serves what is urgent alone first.
const KeepingUp = "work is kept up with >= 100%"

// KeptUp is the score of KeepingUp; nil where the run is too short to tell.
func (s *Simulator) KeptUp(ev *Evaluation) *Score {
	if k := len(s.model.Scenario.Definition.Objectives); k < len(ev.Scores) {
		return &ev.Scores[k]
	}
	return nil
}

// backlogWindows are the parts of a run of which the backlog is compared. A run with a weekly pattern needs two weeks; for a
// shorter one ok is false.
func backlogWindows(m *sim.Model) (early, late calendar.Interval, ok bool) {
	c := m.Scenario
	length := c.End.Sub(c.Start)
	width, apart := length/4, length/2
	if !flat(m) {
		width = max(width, calendar.Week)
		apart = max(apart, width)
	}
	late = calendar.Interval{From: c.End.Add(-width), To: c.End}
	early = calendar.Interval{From: late.From.Add(-apart), To: late.To.Add(-apart)}
	return early, late, early.From >= c.Start
}

// teams are the sets of pools of a model that may do the same work, with what is needed to judge their backlog.
type teams struct {
	early, late calendar.Interval
	of          []int     // by group of the model
	pools       [][]int   // by team
	comes       []float64 // pieces of work between the windows, by team; 0 = none was measured
}

// newTeams are the teams of a model. What comes is known once the work was measured: before that, nothing is judged.
func (s *Simulator) newTeams(m *sim.Model) *teams {
	t := &teams{}
	ok := false
	if t.early, t.late, ok = backlogWindows(m); !ok || s.loads == nil {
		return t
	}
	weeks := float64(t.late.From.Sub(t.early.From)) / float64(calendar.Week)
	at := map[string]int{}
	for _, pools := range m.Groups() {
		name := fmt.Sprint(pools)
		if _, known := at[name]; !known {
			at[name] = len(t.pools)
			t.pools = append(t.pools, pools)
			i := slices.IndexFunc(s.loads, func(g *load) bool { return slices.Equal(g.pools, pools) })
			comes := 0.0
			if i >= 0 {
				comes = s.loads[i].perWeek() * weeks
			}
			t.comes = append(t.comes, comes)
		}
		t.of = append(t.of, at[name])
	}
	return t
}

// perWeek is how many pieces of work come in a week.
func (g *load) perWeek() float64 {
	if g.weight == 0 {
		return 0
	}
	hours := 0.0
	for _, w := range g.weeks {
		hours += w / float64(len(g.weeks))
	}
	return hours * float64(calendar.Hour) * g.pieces / g.weight
}

// standing is the fewest pieces of work that wait for each group at any full hour of the windows. It is a ledger of the
// engine.
type standing struct {
	*teams
	waiting     func(group, limit int) int
	early, late []int
}

// unknown is more than ever waits.
const unknown = math.MaxInt

func (t *teams) newStanding() *standing {
	return &standing{teams: t, early: slices.Repeat([]int{unknown}, len(t.of)), late: slices.Repeat([]int{unknown}, len(t.of))}
}

// CloseBooks counts what waits.
func (s *standing) CloseBooks(b sim.Books) {
	fewest := s.late
	switch {
	case s.teams.early.From <= b.At && b.At < s.teams.early.To:
		fewest = s.early
	case b.At < s.teams.late.From:
		return
	}
	for g, n := range fewest {
		if n > 0 {
			fewest[g] = s.waiting(g, n)
		}
	}
}

// undone is the share of its work that each team has left undone, of all components of a replication.
func (t *teams) undone(components []*standing) []float64 {
	shares := make([]float64, len(t.pools))
	for g, team := range t.of {
		for _, s := range components { // a group has work in one of them
			if grown := s.late[g] - s.early[g]; grown > 0 && s.late[g] != unknown && t.comes[team] > 0 {
				shares[team] += float64(grown) / t.comes[team]
			}
		}
	}
	return shares
}

// keptUp is the score of KeepingUp, and what is to blame for it.
func (s *Simulator) keptUp(result *experiment.Result, of *record, ratio float64) (Score, []Lateness) {
	const asDecided = 10_000 // pieces of work, of which shares are told as counts
	done := make([]float64, len(result.Replications))
	pools := of.teams[0].pools
	byTeam := make([]float64, len(pools))
	for r := range done {
		done[r] = 1
		for team, share := range of.undone[r] {
			done[r] -= share
			byTeam[team] += share / float64(len(done))
		}
	}
	e := stats.Estimator{}.MeanOf(done)
	score := Score{
		Value: e.Mean, HalfWidth: e.HalfWidth, Period: -1, Slack: e.Mean - 1 + experiment.Margin, Decided: asDecided,
		Reach: result.ExpectedReach(e, max(2, e.N)), Guard: ratio * result.ExpectedReach(e, max(2, s.full.Scenario.Replications)),
	}
	score.Bound = e.Mean - score.Reach
	score.Met, score.Missed = score.Slack >= score.Reach, score.Slack+score.Reach < 0
	for _, d := range done {
		score.Each = append(score.Each, d-1+experiment.Margin)
	}
	var late []Lateness
	for team, share := range byTeam {
		if share > 0 {
			l := Lateness{Team: s.onDutyShares(pools[team]), Count: make([]float64, len(s.problem.Objectives)), Pools: s.names(pools[team])}
			l.Count[len(l.Count)-1] = share * asDecided
			late = append(late, l)
		}
	}
	return score, late
}

// names are those of pools.
func (s *Simulator) names(pools []int) string {
	var all []string
	for _, p := range pools {
		all = append(all, s.model.Scenario.Pools[p].Name)
	}
	return strings.Join(all, ", ")
}

// onDutyShares are the choices of pools by how long a head is on duty, in parts of the longest, rounded to halves.
func (s *Simulator) onDutyShares(pools []int) []float64 {
	team := make([]float64, len(s.places))
	longest := 0.0
	for i, at := range s.places {
		if slices.Contains(pools, at.pool) && s.model.Scenario.Pools[at.pool].Shifts[at.shift].OnCall == 0 {
			team[i] = s.duty[at.pool][at.shift].sum()
			longest = max(longest, team[i])
		}
	}
	for i := range team {
		team[i] = math.Round(2*team[i]/max(longest, 1e-9)) / 2
	}
	return team
}
