package planner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"sunrelay/sim/stats"
)

// Neighbour is a plan that differs by a lot or two, and what becomes of it.
type Neighbour struct {
	Change  []int // heads more or fewer, by choice
	Saving  float64
	Outcome Outcome
	Reason  string // the rule that excludes it, the failing plan that it lies below, or why it was not played
	// Objective is that which it fails, or which it changes most; -1 where none was played.
	Objective int
	// Slack is that of the Objective, as the verdict would see it: that of the plan with the difference on common random
	// numbers; HalfWidth is that of the difference.
	Slack, HalfWidth float64

	differences []stats.Estimate // by objective, where it was played: of the slack, to the plan's
}

// Outcome says what is known of a neighbour.
type Outcome uint8

// The outcomes.
const (
	NotPlayed Outcome = iota // within the effort, or for lack of time
	Excluded                 // by a rule or bound, which holds for every plan
	Dominated                // nowhere more heads than a plan that fails
	Implied                  // fails, since a head adds at most what the last one of its choice was seen to add
	Fails                    // an objective, for certain
	Likely                   // fails an objective by the estimate; the interval of the difference allows that it does not
	Passes
	Refused // passes by the estimate, but no verdict confirmed it
)

var outcomeNames = [...]string{
	"not played", "excluded by rule", "dominated", "implied", "fails", "fails, not for certain", "passes", "passes, not confirmed",
}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

// oneSided is the confidence of the difference on one side.
const oneSided = 0.95

// certificate is the work of showing that the cheaper neighbours of a confirmed plan fail, on fresh replications.
type certificate struct {
	*search
	plan  *Plan
	hasty bool // what passes is to replace the plan: the rest may wait
}

// certify plays the cheaper neighbours of a confirmed plan on fresh replications, as far as they were not played: first all with a lot fewer,
// then more replications of those that fail by the estimate alone, then heads elsewhere that these do not decide. It returns a plan in
// which those that pass are taken together, as far as they can be expected to pass together, or nil. In haste it does so as soon as more pass than
// can be taken.
func (s *search) certify(ctx context.Context, plan *Plan, hasty bool) ([]int, error) {
	s.tell("certificate")
	if plan.Certificate == nil {
		moves := s.moves(true)
		slices.SortStableFunc(moves, func(a, b move) int { return cmp.Or(changes(a)-changes(b), cmp.Compare(a.from(), b.from())) })
		plan.Certificate = make([]Neighbour, len(moves))
		for i, m := range moves {
			plan.Certificate[i] = Neighbour{Change: m.change, Saving: m.saving, Objective: -1, Reason: beyondTime}
		}
		plan.left = s.options.Neighbours
	}
	c := &certificate{s, plan, hasty}
	for _, step := range []func(context.Context) error{c.fewer, c.doubtful, c.elsewhere} {
		if err := step(ctx); err != nil {
			return nil, err
		}
		if heads, full := s.together(plan); full && hasty {
			return heads, nil
		}
	}
	heads, _ := s.together(plan)
	return heads, nil
}

// Why a neighbour was not played.
const (
	beyondTime   = "the search ended before"
	beyondEffort = "beyond the effort of the search"
)

// fewer decides the neighbours with a lot fewer; those first that save most, which together takes first.
func (c *certificate) fewer(ctx context.Context) error {
	var all []*Neighbour
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; n.Outcome == NotPlayed && changes(move{change: n.Change}) == 1 {
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b *Neighbour) int { return cmp.Compare(b.Saving, a.Saving) })
	for _, n := range all {
		if c.decided(n) {
			continue
		}
		if err := c.play(ctx, n, c.sample.Replications); err != nil {
			return err
		}
		if _, full := c.together(c.plan); full && c.hasty {
			return nil
		}
	}
	return nil
}

// decided decides a neighbour without playing it, if that can be.
func (c *certificate) decided(n *Neighbour) bool {
	to := move{change: n.Change}.of(c.plan.Heads)
	if rule := c.broken(to); rule != "" {
		n.Outcome, n.Reason = Excluded, rule
		return true
	}
	for _, f := range c.failed {
		if atMost(to, f) {
			n.Outcome, n.Reason = Dominated, c.told(f)+" fails"
			return true
		}
	}
	if c.plan.implies(n) {
		n.Outcome, n.Reason = Implied, ""
		return true
	}
	return false
}

// decide decides those neighbours that can be without playing them.
func (c *certificate) decide(all []*Neighbour) {
	for _, n := range all {
		c.decided(n)
	}
}

// told is how heads differ from the plan's.
func (c *certificate) told(heads []int) string {
	var parts []string
	for i, n := range heads {
		if d := n - c.plan.Heads[i]; d != 0 {
			parts = append(parts, fmt.Sprintf("%+d %s", d, c.Choices[i].Name))
		}
	}
	return strings.Join(parts, ", ")
}

// doubtful plays more replications of neighbours that fail by the estimate alone, those first that are most likely to fail for certain then.
func (c *certificate) doubtful(ctx context.Context) error {
	var doubtful []*Neighbour
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; n.Outcome == Likely {
			doubtful = append(doubtful, n)
		}
	}
	slices.SortStableFunc(doubtful, func(a, b *Neighbour) int { return cmp.Compare(a.Slack/a.HalfWidth, b.Slack/b.HalfWidth) })
	for _, n := range doubtful {
		if c.plan.left <= 0 {
			return nil
		}
		c.plan.left--
		if err := c.play(ctx, n, 2*c.sample.Replications); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere decides the neighbours with heads elsewhere. Of those that have the same heads fewer it plays, where there are many, all heads
// more together: where even that fails, they all do.
func (c *certificate) elsewhere(ctx context.Context) error {
	open := c.open()
	for len(open) > 0 && c.plan.left > 0 {
		all := slices.DeleteFunc(open[0], c.decided)
		open = open[1:]
		if len(all) == 0 {
			continue
		}
		c.plan.left--
		if len(all) == 1 {
			if err := c.play(ctx, all[0], c.sample.Replications); err != nil {
				return err
			}
			continue
		}
		fails, err := c.fails(ctx, all)
		if err != nil {
			return err
		}
		if fails {
			c.decide(all)
		} else {
			open = append(open, all[:len(all)/2], all[len(all)/2:])
		}
	}
	for _, all := range open {
		c.decide(all)
	}
	return nil
}

// open are the neighbours with heads elsewhere that are not decided, by the heads that they have fewer: those last of which the heads fewer alone
// do not fail for certain. Where these alone pass, more elsewhere only cost more.
func (c *certificate) open() [][]*Neighbour {
	var open, doubtful [][]*Neighbour
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if n.Outcome != NotPlayed || changes(move{change: n.Change}) == 1 || c.decided(n) {
			continue
		}
		n.Reason = beyondEffort
		to := &open
		switch alone := c.plan.fewer(n.from()); {
		case alone.Outcome == Passes || alone.Outcome == Refused:
			n.Reason = c.told(move{change: alone.Change}.of(c.plan.Heads)) + " alone passes, and costs less"
			continue
		case alone.Outcome == Likely:
			to = &doubtful
		}
		if last := len(*to) - 1; last >= 0 && !c.fewChoices() && n.from() == (*to)[last][0].from() {
			(*to)[last] = append((*to)[last], n)
		} else {
			*to = append(*to, []*Neighbour{n})
		}
	}
	return append(open, doubtful...)
}

// from is the choice that has fewer heads.
func (m move) from() int { return slices.IndexFunc(m.change, func(d int) bool { return d < 0 }) }

func (n *Neighbour) from() int { return move{change: n.Change}.from() }

// fails reports whether a plan with the heads fewer that some neighbours have in common, and all their heads more, fails for certain.
func (c *certificate) fails(ctx context.Context, all []*Neighbour) (bool, error) {
	together := Neighbour{Change: slices.Clone(all[0].Change)}
	for _, n := range all[1:] {
		for i, d := range n.Change {
			together.Change[i] = max(together.Change[i], d)
		}
	}
	together.Change[all[0].from()] = all[0].Change[all[0].from()]
	err := c.play(ctx, &together, c.sample.Replications)
	return together.Outcome == Fails, err
}

// play decides a neighbour by paired differences on so many replications; of few choices with twice as many where these do not decide.
func (c *certificate) play(ctx context.Context, n *Neighbour, replications int) error {
	most := replications
	if c.fewChoices() {
		most = 2 * c.sample.Replications
	}
	to := move{change: n.Change}.of(c.plan.Heads)
	for ; ; replications *= 2 {
		sample := Sample{Stream: c.plan.stream(), Replications: replications}
		base, err := c.evaluate(ctx, c.plan.Heads, sample)
		if err != nil {
			return err
		}
		changed, err := c.evaluate(ctx, to, sample)
		if err != nil {
			return err
		}
		n.compare(c.plan.Verdict, base, changed)
		if n.Outcome != Likely || replications >= most {
			break
		}
	}
	if n.Outcome == Fails {
		c.failed = append(c.failed, to)
	}
	return nil
}

// implies reports whether a neighbour with a lot elsewhere fails for certain if a lot more adds no more than a lot fewer was seen to take
// away, and sets the objective that says so.
func (p *Plan) implies(n *Neighbour) bool {
	added := make([]float64, len(p.Verdict.Scores))
	half := make([]float64, len(added))
	for i, d := range n.Change {
		if d == 0 {
			continue
		}
		fewer := p.fewer(i)
		if fewer == nil || fewer.differences == nil {
			return false
		}
		for k, difference := range fewer.differences {
			if d < 0 {
				added[k] += difference.Mean
			} else {
				added[k] -= difference.Mean
			}
			half[k] = math.Hypot(half[k], difference.HalfWidth)
		}
	}
	for k, v := range p.Verdict.Scores {
		if slack := v.Slack - v.Reach + added[k]; slack+half[k] < 0 {
			n.Objective, n.Slack, n.HalfWidth = k, slack, half[k]
			return true
		}
	}
	return false
}

// fewer is the neighbour with a lot fewer of a choice.
func (p *Plan) fewer(choice int) *Neighbour {
	for i := range p.Certificate {
		n := &p.Certificate[i]
		if n.Change[choice] < 0 && changes(move{change: n.Change}) == 1 {
			return n
		}
	}
	return nil
}

// together is the plan with all changes of neighbours that pass, those that save most first, as long as what they take away adds up to less
// than there is to spare. It is nil where none passes, and full where some are left out.
func (s *search) together(plan *Plan) (heads []int, full bool) {
	const more = 2 // that heads may take away together beyond the sum of what they were seen to take away alone
	var passed []*Neighbour
	for i := range plan.Certificate {
		if n := &plan.Certificate[i]; n.Outcome == Passes {
			passed = append(passed, n)
		}
	}
	if len(passed) == 0 {
		return nil, false
	}
	slices.SortStableFunc(passed, func(a, b *Neighbour) int { return cmp.Compare(b.Saving, a.Saving) })
	heads = slices.Clone(plan.Heads)
	taken := make([]float64, len(plan.Verdict.Scores))
	for count, n := range passed {
		after := slices.Clone(taken)
		fits := true
		for k, v := range plan.Verdict.Scores {
			after[k] -= n.differences[k].Mean
			fits = fits && (count == 0 || more*after[k] <= v.Slack-v.Reach)
		}
		if to := (move{change: n.Change}).of(heads); fits && s.broken(to) == "" {
			heads, taken = to, after
		} else {
			full = true
		}
	}
	return heads, full
}

// changes is how many choices a move changes.
func changes(m move) int {
	n := 0
	for _, d := range m.change {
		if d != 0 {
			n++
		}
	}
	return n
}

// compare sets the outcome from the plan's verdict and a paired comparison.
func (n *Neighbour) compare(verdict, base, changed *Evaluation) {
	n.Outcome, n.Reason, n.Slack, n.differences = Passes, "", math.Inf(1), differences(base, changed)
	for k, v := range verdict.Scores {
		d := n.differences[k]
		slack := v.Slack + d.Mean - v.Reach
		if slack < n.Slack {
			n.Objective, n.Slack, n.HalfWidth = k, slack, d.HalfWidth
		}
		switch {
		case slack+d.HalfWidth < 0:
			n.Outcome = Fails
		case slack < 0 && n.Outcome != Fails:
			n.Outcome = Likely
		}
	}
}

// differences are those of all slacks.
func differences(base, changed *Evaluation) []stats.Estimate {
	var out []stats.Estimate
	for k := range base.Scores {
		out = append(out, paired(base.Scores[k], changed.Scores[k]))
	}
	return out
}

// paired is the difference of the slacks b - a with its one-sided half-width.
func paired(a, b Score) stats.Estimate {
	if len(a.Each) < 2 || len(a.Each) != len(b.Each) {
		return stats.Estimate{Mean: b.Slack - a.Slack}
	}
	e := stats.Estimator{Confidence: 2*oneSided - 1}
	return e.Difference(e.MeanOf(b.Each), e.MeanOf(a.Each))
}

// oneMore says what one lot more of each choice that is to blame for something late adds to the objective that it changes most: for few choices as
// played, else at most what the last lot adds, as the certificate saw.
func (s *search) oneMore(ctx context.Context, plan *Plan) error {
	s.tell("one more")
	sample := Sample{Stream: plan.stream(), Replications: s.sample.Replications}
	for i, c := range s.Choices {
		change := make([]int, len(s.Choices))
		change[i] = max(1, c.Step)
		if plan.Heads[i]+change[i] > c.Most || !s.blamed(plan, i) {
			continue
		}
		n := Neighbour{Change: change, Saving: -float64(change[i]) * c.Cost, Objective: -1}
		if s.fewChoices() {
			base, err := s.evaluate(ctx, plan.Heads, sample)
			if err != nil {
				return err
			}
			changed, err := s.evaluate(ctx, move{change: change}.of(plan.Heads), sample)
			if err != nil {
				return err
			}
			n.adds(differences(base, changed))
		} else if fewer := plan.fewer(i); fewer != nil && fewer.differences != nil {
			added := slices.Clone(fewer.differences)
			for k := range added {
				added[k].Mean = -added[k].Mean
			}
			n.adds(added)
		} else {
			continue
		}
		plan.More = append(plan.More, n)
	}
	return nil
}

// adds sets the objective of which a change improves the slack most.
func (n *Neighbour) adds(differences []stats.Estimate) {
	for k, d := range differences {
		if n.Objective < 0 || d.Mean > n.Slack {
			n.Objective, n.Slack, n.HalfWidth = k, d.Mean, d.HalfWidth
		}
	}
}

// blamed reports whether a choice is to blame for something that an objective speaks of.
func (s *search) blamed(plan *Plan, choice int) bool {
	return slices.ContainsFunc(plan.Verdict.Late, func(l Lateness) bool { return l.Team[choice] > 0 })
}
