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
	Change []int // heads more or fewer, by choice
	Saving float64
	Finding
	Reason string // the rule that excludes it, the plan that it lies below and what became of that, or why it was not played

	differences []stats.Estimate // by objective, where it was played: of the slack, to the plan's
	replicated  int              // by so many replications; 0 = as from another plan
	// with is the neighbour that was played for it, which has its heads fewer and its and others' heads more; nil = itself.
	with *Neighbour
}

// Finding is what is known of a neighbour.
type Finding struct {
	Outcome Outcome
	// Objective is that which it fails, or which it changes most; -1 where none was played.
	Objective int
	// Slack is what is to be expected that a verdict leaves of the Objective beyond what it asks for: that of the plan with the
	// difference on common random numbers; HalfWidth is its one-sided half-width.
	Slack, HalfWidth float64
}

// Outcome says what is known of a neighbour.
type Outcome uint8

// The outcomes.
const (
	NotPlayed Outcome = iota // within the effort, or for lack of time
	Excluded                 // by a rule or bound, which holds for every plan
	Dominated                // nowhere more heads than a plan that fails
	Implied                  // fails, since a head adds at most what the last one of its choice was seen to add
	Refused                  // nowhere more heads than a plan whose own verdict was not passed
	Fails                    // an objective, for certain
	Likely                   // fails an objective by the estimate; its interval allows that it does not
	Passes                   // by the estimate; no verdict was left to confirm it
)

var outcomeNames = [...]string{
	"not played", "excluded by rule", "dominated", "implied", "refused by verdict", "fails", "fails, not for certain", "passes, not confirmed",
}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

// certificate is the work of showing that the cheaper neighbours of a confirmed plan fail, on fresh replications.
type certificate struct {
	*search
	plan *Plan
}

// certify plays the cheaper neighbours of a confirmed plan on fresh replications, as far as they were not played: first all with a lot fewer,
// then heads elsewhere, then more replications of what fails by the estimate alone. It returns a plan in which those that pass are taken together,
// as far as they can be expected to pass together, or nil. In haste it does so as soon as some pass.
func (s *search) certify(ctx context.Context, plan *Plan, hasty bool) ([]int, error) {
	s.tell("certificate")
	if plan.Certificate == nil {
		moves := s.moves(true)
		slices.SortStableFunc(moves, func(a, b move) int { return cmp.Or(changes(a)-changes(b), cmp.Compare(a.from(), b.from())) })
		plan.Certificate = make([]Neighbour, len(moves))
		for i, m := range moves {
			plan.Certificate[i] = Neighbour{Change: m.change, Saving: m.saving, Finding: Finding{Objective: -1}, Reason: beyondTime}
		}
		plan.left = s.options.Neighbours
	}
	c := &certificate{s, plan}
	if err := s.judge(ctx, plan); err != nil {
		return nil, err
	}
	c.renew()
	steps := []func(context.Context) error{c.fewer, c.elsewhere, c.doubtful}
	if hasty {
		steps = slices.Insert(steps, 0, c.foreseen)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
		if heads, err := c.cheaper(ctx); err != nil || heads != nil && hasty {
			return heads, err
		}
	}
	return c.cheaper(ctx)
}

// renew decides all neighbours anew that were decided by what the plan was known to have to spare before.
func (c *certificate) renew() {
	c.failed = nil
	for i := range c.plan.Certificate {
		if n := c.plan.Certificate[i].played(); n.differences != nil {
			c.compare(n)
		}
	}
	for i := range c.plan.Certificate {
		switch n := &c.plan.Certificate[i]; {
		case n.with != nil:
			c.follow(n)
		case n.differences == nil && n.Outcome != Excluded:
			n.Outcome, n.Reason = NotPlayed, beyondTime
			c.decided(n)
		}
	}
}

// played is what was played for a neighbour, or would be.
func (n *Neighbour) played() *Neighbour {
	if n.with != nil {
		return n.with
	}
	return n
}

// Why a neighbour was not played.
const (
	beyondTime   = "the search ended before"
	beyondEffort = "beyond the effort of the search"
)

// foreseen decides neighbours with a lot fewer by what that was seen to take away from another plan.
func (c *certificate) foreseen(context.Context) error {
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if known := c.effects[n.from()]; changes(move{change: n.Change}) == 1 && n.replicated == 0 && known != nil && !c.decided(n) {
			n.differences = known
			c.compare(n)
		}
	}
	return nil
}

// fewer decides the neighbours with a lot fewer.
func (c *certificate) fewer(ctx context.Context) error {
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if changes(move{change: n.Change}) > 1 || n.replicated > 0 {
			continue
		}
		n.differences = nil // that were foreseen
		if c.decided(n) {
			continue
		}
		if err := c.play(ctx, n, c.sample.Replications); err != nil {
			return err
		}
		c.effects[n.from()] = n.differences
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
	if refused := c.refused(to); refused != nil {
		n.Outcome, n.Reason = Refused, c.refusal(refused)
		return true
	}
	return c.implied(n)
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

// refusal says which verdict was not passed.
func (c *certificate) refusal(heads []int) string {
	return "the verdict on " + c.told(heads) + " was not passed"
}

// doubtful plays more replications of what fails by the estimate alone, that first which is most likely to fail for certain then.
func (c *certificate) doubtful(ctx context.Context) error {
	var doubtful []*Neighbour
	for i := range c.plan.Certificate {
		n := c.plan.Certificate[i].played()
		if n.Outcome == Likely && !slices.Contains(doubtful, n) && n.replicated == c.sample.Replications {
			doubtful = append(doubtful, n)
		}
	}
	slices.SortStableFunc(doubtful, func(a, b *Neighbour) int { return cmp.Compare(a.Slack/a.HalfWidth, b.Slack/b.HalfWidth) })
	for _, n := range doubtful {
		if c.plan.left <= 0 {
			break
		}
		c.plan.left--
		if err := c.play(ctx, n, 2*c.sample.Replications); err != nil {
			return err
		}
	}
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; n.with != nil {
			c.follow(n)
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
		with := widened(all)
		if err := c.play(ctx, with, c.sample.Replications); err != nil {
			return err
		}
		if with.Outcome == Passes {
			open = append(open, all[:len(all)/2], all[len(all)/2:])
			continue
		}
		for _, n := range all {
			n.with = with
			c.follow(n)
		}
	}
	for _, all := range open {
		for _, n := range all {
			c.decided(n)
		}
	}
	return nil
}

// follow decides a neighbour by the one that was played for it, which has nowhere fewer heads: where that passes, nothing is known.
func (c *certificate) follow(n *Neighbour) {
	switch {
	case n.with.Outcome == Passes:
		n.Outcome, n.Reason, n.with = NotPlayed, beyondEffort, nil
		return
	case n.with.Outcome != Likely && c.decided(n):
		return
	}
	n.Finding = n.with.Finding
	n.Reason = fmt.Sprintf("with a lot more of each of %d choices it does too", changes(move{change: n.with.Change})-1)
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
		case alone.Outcome == Passes:
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

// widened has the heads fewer that some neighbours have in common, and all their heads more.
func widened(all []*Neighbour) *Neighbour {
	out := &Neighbour{Change: slices.Clone(all[0].Change), Finding: Finding{Objective: -1}}
	for _, n := range all[1:] {
		for i, d := range n.Change {
			out.Change[i] = max(out.Change[i], d)
		}
	}
	from := all[0].from()
	out.Change[from] = all[0].Change[from]
	return out
}

// play decides a neighbour by paired differences on so many replications; of few choices on up to those of a verdict where these do not decide.
func (c *certificate) play(ctx context.Context, n *Neighbour, replications int) (err error) {
	most := replications
	if c.fewChoices() {
		most = max(2*c.sample.Replications, c.options.Verdict)
	}
	to := move{change: n.Change}.of(c.plan.Heads)
	for ; ; replications *= 2 {
		if n.differences, err = c.difference(ctx, c.plan.Heads, to, c.plan.stream(), replications); err != nil {
			return err
		}
		n.replicated = replications
		if c.compare(n); n.Outcome != Likely || replications >= most {
			return nil
		}
	}
}

// implied decides a neighbour with a lot elsewhere that fails if a lot more adds no more than a lot fewer was seen to take away: for certain or, of
// many choices, by the estimate.
func (c *certificate) implied(n *Neighbour) bool {
	sums := make([]stats.Estimate, len(c.plan.spare))
	for i, d := range n.Change {
		if d == 0 {
			continue
		}
		fewer := c.plan.fewer(i)
		if fewer == nil || fewer.differences == nil {
			return false
		}
		for k, difference := range fewer.differences {
			mean := min(0, difference.Mean) // fewer heads do not help
			if d > 0 {
				mean = -mean
			}
			sums[k].Mean += mean
			sums[k].HalfWidth = math.Hypot(sums[k].HalfWidth, difference.HalfWidth)
		}
	}
	told := c.judged(sums)
	if told.Outcome == Passes || told.Outcome == Likely && c.fewChoices() {
		return false
	}
	if told.Outcome == Fails {
		told.Outcome = Implied
	}
	n.Finding, n.Reason = told, ""
	return true
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

// cheaper is a plan in which changes that pass are taken together: as many as can be expected to pass together, and halves of these until they were
// seen to on common random numbers. It is nil where none passes.
func (c *certificate) cheaper(ctx context.Context) ([]int, error) {
	for most := math.MaxInt; ; {
		heads, count := c.together(most)
		if count <= 1 {
			return heads, nil
		}
		seen, err := c.difference(ctx, c.plan.Heads, heads, judging, c.sample.Replications)
		if err != nil {
			return nil, err
		}
		if slices.Min(c.after(seen)) >= 0 {
			return heads, nil
		}
		most = count / 2
	}
}

// together is the plan with at most so many changes of neighbours that pass, those first that save most for what they take away, as long as that
// adds up to less than there is to spare, and no verdict has refused it; then with as many of them once more, and so on, up to a part
// of the heads. It is nil where none passes.
func (c *certificate) together(most int) (heads []int, count int) {
	const part = 10
	var passed []*Neighbour
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; n.Outcome == Passes {
			passed = append(passed, n)
		}
	}
	worth := func(n *Neighbour) float64 { return n.Saving / (1e-6 + taken(c.plan.spare, c.after(n.differences))) }
	slices.SortStableFunc(passed, func(a, b *Neighbour) int { return cmp.Compare(worth(b), worth(a)) })
	from := c.plan.Heads
	sum := make([]stats.Estimate, len(c.plan.spare))
	for again := true; again; {
		again = false
		for _, n := range passed {
			next := slices.Clone(sum)
			for k := range next {
				next[k].Mean += n.differences[k].Mean
			}
			fits := heads == nil || count < most && slices.Min(c.after(next)) >= 0
			to := move{change: n.Change}.of(from)
			for i, before := range c.plan.Heads {
				fits = fits && before-to[i] <= max(c.Choices[i].Step, 1, before/part)
			}
			if fits && c.broken(to) == "" && c.refused(to) == nil {
				heads, from, sum, again = to, to, next, true
				count++
			}
		}
	}
	return heads, count
}

// after is what is to spare of each objective after differences, which are not known of one that is ignored.
func (c *certificate) after(differences []stats.Estimate) []float64 {
	out := slices.Clone(c.plan.spare)
	for k, d := range differences {
		if !math.IsInf(out[k], 1) {
			out[k] += d.Mean
		}
	}
	return out
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

// compare sets the outcome of a neighbour that was played, and takes note of it where it fails.
func (c *certificate) compare(n *Neighbour) {
	to := move{change: n.Change}.of(c.plan.Heads)
	seen := slices.Clone(n.differences)
	if atMost(to, c.plan.Heads) {
		for k := range seen {
			seen[k].Mean = min(0, seen[k].Mean) // fewer heads do not help
		}
	}
	n.Finding, n.Reason = c.judged(seen), ""
	if n.Outcome == Fails && n.replicated > 0 {
		c.failed = append(c.failed, to)
	} else if refused := c.refused(to); refused != nil {
		n.Outcome, n.Reason = Refused, c.refusal(refused)
	}
}

// judged is what becomes of a plan that differs so much from the certificate's.
func (c *certificate) judged(differences []stats.Estimate) Finding {
	out := Finding{Outcome: Passes, Objective: -1, Slack: math.Inf(1)}
	for k, spare := range c.plan.spare {
		d := differences[k]
		left, half := spare+d.Mean, math.Hypot(d.HalfWidth, normalQuantile*c.plan.doubt[k])
		if left < out.Slack {
			out.Objective, out.Slack, out.HalfWidth = k, left, half
		}
		switch {
		case left+half < 0:
			out.Outcome = Fails
		case left < 0 && out.Outcome != Fails:
			out.Outcome = Likely
		}
	}
	return out
}

// oneMore says what one lot more of each choice that is to blame for something late adds to the objective that it changes most: for few choices as
// played, else at most what the last lot adds, as the certificate saw.
func (s *search) oneMore(ctx context.Context, plan *Plan) error {
	s.tell("one more")
	for i, c := range s.Choices {
		change := make([]int, len(s.Choices))
		change[i] = max(1, c.Step)
		if plan.Heads[i]+change[i] > c.Most || !s.blamed(plan, i) {
			continue
		}
		n := Neighbour{Change: change, Saving: -float64(change[i]) * c.Cost, Finding: Finding{Objective: -1}}
		if s.fewChoices() {
			added, err := s.difference(ctx, plan.Heads, move{change: change}.of(plan.Heads), plan.stream(), s.sample.Replications)
			if err != nil {
				return err
			}
			n.adds(added)
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
