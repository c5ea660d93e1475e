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

	differences []stats.Estimate // by objective, where they are known: of the slack, to the plan's
}

// Finding is what is known of a neighbour.
type Finding struct {
	Outcome Outcome
	// Objective is that which it fails, or which it changes most; -1 where none was played.
	Objective int
	// Slack is what the verdict's replications leave of the Objective beyond what the test asks for: as played on them, or that of the plan
	// with the difference in other paired replications. HalfWidth is its one-sided half-width, 0 where all of them were played.
	Slack, HalfWidth float64
}

// Outcome says what is known of a neighbour.
type Outcome uint8

// The outcomes.
const (
	NotPlayed Outcome = iota // within the effort, or for lack of time
	Excluded                 // by a rule or bound, which holds for every plan
	Dominated                // nowhere more heads than a plan that fails
	Implied                  // fails, since a head adds at most what the last one of its choice was seen to add, and takes away what it did before
	Fails                    // an objective, for certain
	Likely                   // fails an objective by the estimate; its interval allows that it does not
	Passes                   // by the estimate; it was beyond the effort to play it on the verdict's replications
)

var outcomeNames = [...]string{
	"not played", "excluded by rule", "dominated", "implied", "fails", "fails, not for certain", "passes, not confirmed",
}

// String is the outcome's name in output.
func (o Outcome) String() string { return outcomeNames[o] }

// certificate is the work of showing that the cheaper neighbours of a confirmed plan fail on the replications of its verdict. One that does not
// is the plan from then on: with common random numbers what a verdict errs by is nearly the same for all neighbours, so that its bounds hold for
// all of them together.
type certificate struct {
	*search
	plan   *Plan
	seen   map[string]seen // by change
	failed [][]int         // heads that fail for certain
	scale  []float64       // by objective: what many lots fewer took away on the verdict's replications, in parts of what was expected
	most   int             // lots that are to be taken away together at most
	left   int             // further effort for neighbours with heads elsewhere
}

// seen is what a change was seen to do to the plan, or to one before it.
type seen struct {
	differences []stats.Estimate // of each objective
	fails       bool             // on the verdict's replications
	lots        int              // that were taken away or added since
}

// mayDiffer is the part by which what a lot adds or takes away may change for each lot that is added or taken away elsewhere.
const mayDiffer = 0.05

// now is what the change can be expected to do to the plan, with the doubt of what was taken away or added since.
func (s seen) now() []stats.Estimate {
	out := slices.Clone(s.differences)
	for k := range out {
		out[k].HalfWidth += mayDiffer * float64(s.lots) * math.Abs(out[k].Mean)
	}
	return out
}

// certify takes heads away from a confirmed plan, or exchanges them for cheaper ones, until every cheaper neighbour fails, or the effort ends.
func (s *search) certify(ctx context.Context, plan *Plan) error {
	s.tell("certificate")
	c := &certificate{
		search: s, plan: plan, seen: map[string]seen{}, scale: slices.Repeat([]float64{1}, len(plan.Verdict.Scores)), most: math.MaxInt, left: s.options.Neighbours,
	}
	c.list()
	if err := c.look(ctx); err != nil {
		return err
	}
	for {
		if err := c.fewer(ctx); err != nil {
			return err
		}
		if found, err := c.cheaper(ctx); err != nil || !found {
			return err
		}
	}
}

// cheaper looks for a cheaper plan with heads elsewhere, and reports whether there was one, which is the plan from now on.
func (c *certificate) cheaper(ctx context.Context) (found bool, err error) {
	for _, step := range []func(context.Context) (bool, error){c.exchange, c.elsewhere, c.doubtful} {
		if found, err = step(ctx); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// list begins a certificate anew, with what is decided without playing.
func (c *certificate) list() {
	moves := c.moves(true)
	slices.SortStableFunc(moves, func(a, b move) int { return cmp.Or(changes(a)-changes(b), cmp.Compare(a.from(), b.from())) })
	c.plan.Certificate = make([]Neighbour, len(moves))
	for i, m := range moves {
		n := &c.plan.Certificate[i]
		*n = Neighbour{Change: m.change, Saving: m.saving, Finding: Finding{Objective: -1}, Reason: beyondTime, differences: c.seen[key(m.change)].now()}
		if n.single() {
			c.decided(n)
		}
	}
}

// Why a neighbour was not played.
const (
	beyondTime   = "the search ended before"
	beyondEffort = "beyond the effort of the search"
)

// look sees what a lot fewer of each choice takes away, in paired replications that are not the verdict's.
func (c *certificate) look(ctx context.Context) (err error) {
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if !n.single() || n.Outcome != NotPlayed {
			continue
		}
		if n.differences, err = c.difference(ctx, c.plan.Heads, n.of(c.plan), certifying, c.sample.Replications); err != nil {
			return err
		}
		for k := range n.differences {
			n.differences[k].Mean = min(0, n.differences[k].Mean) // fewer heads do not help
		}
		c.seen[key(n.Change)] = seen{differences: n.differences}
	}
	return nil
}

// of are the heads of a neighbour of the plan.
func (n *Neighbour) of(plan *Plan) []int { return move{change: n.Change}.of(plan.Heads) }

// single reports whether a neighbour only has a lot fewer.
func (n *Neighbour) single() bool { return changes(move{change: n.Change}) == 1 }

// fewer takes lots away until no lot fewer passes: many together, as many as the verdict's replications are expected to spare, and half as many where
// they do not; then one by one.
func (c *certificate) fewer(ctx context.Context) error {
	for {
		n, count := c.together(c.undecided(), c.most)
		if count < 2 {
			if n = c.nearest(); n == nil {
				return nil
			}
		}
		expected := n.differences
		passes, err := c.check(ctx, n)
		if err != nil {
			return err
		}
		if count > 1 {
			c.calibrate(expected, n.differences)
			if c.most = count / 2; passes {
				c.most = 2 * count
			}
		}
	}
}

// exchange takes many lots away and adds cheaper ones of other choices instead, as long as that is expected to leave something to spare; half as many
// where the verdict's replications do not pass. It reports whether they did, and the plan is another from now on.
func (c *certificate) exchange(ctx context.Context) (found bool, err error) {
	for most := math.MaxInt; ; {
		n, count := c.together(c.exchanges(), most)
		if count < 2 || c.left <= 0 {
			return false, nil
		}
		c.left -= c.effort()
		if found, err = c.check(ctx, n); err != nil || found {
			return found, err
		}
		most = count / 2
	}
}

// exchanges are the exchanges of a lot for a cheaper one of which lots fewer tell what they do.
func (c *certificate) exchanges() []*Neighbour {
	var all []*Neighbour
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if n.single() || c.broken(n.of(c.plan)) != "" {
			continue
		}
		if differences := c.combined(n); differences != nil {
			all = append(all, &Neighbour{Change: n.Change, Saving: n.Saving, differences: differences})
		}
	}
	return all
}

// calibrate learns from what many lots fewer took away, within reason.
func (c *certificate) calibrate(expected, actual []stats.Estimate) {
	for k, e := range expected {
		if a := actual[k]; e.Mean < 0 && !math.IsInf(a.HalfWidth, 1) {
			c.scale[k] *= min(max(0.5, a.Mean/e.Mean), 2)
		}
	}
}

// nearest is the neighbour with a lot fewer that is most likely to pass, of those that are not decided, or nil.
func (c *certificate) nearest() *Neighbour {
	var best *Neighbour
	most := math.Inf(-1)
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if !n.single() || n.Outcome != NotPlayed || c.decided(n) {
			continue
		}
		if least := slices.Min(c.after(n.differences)); least > most {
			best, most = n, least
		}
	}
	return best
}

// undecided are the neighbours with a lot fewer that nothing decides, and what they can be expected to take away by what many lots fewer did.
func (c *certificate) undecided() []*Neighbour {
	var all []*Neighbour
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if !n.single() || n.Outcome != NotPlayed || n.differences == nil {
			continue
		}
		differences := slices.Clone(n.differences)
		for k := range differences {
			differences[k].Mean *= c.scale[k]
		}
		all = append(all, &Neighbour{Change: n.Change, Saving: n.Saving, differences: differences})
	}
	return all
}

// together makes at most so many of the changes, those first that save most for what they take away, as long as that adds up to less than there is
// to spare; then as many of them once more, and so on, up to a part of the heads.
func (c *certificate) together(changes []*Neighbour, most int) (sum *Neighbour, count int) {
	const part = 10
	spare := c.after(nil)
	worth := func(n *Neighbour) float64 { return n.Saving / (1e-6 + taken(spare, c.after(n.differences))) }
	slices.SortStableFunc(changes, func(a, b *Neighbour) int { return cmp.Compare(worth(b), worth(a)) })
	sum = &Neighbour{Change: make([]int, len(c.Choices)), differences: make([]stats.Estimate, len(spare))}
	for again := true; again; {
		again = false
		for _, n := range changes {
			next := &Neighbour{Change: slices.Clone(sum.Change), differences: slices.Clone(sum.differences)}
			large := false
			for i, d := range n.Change {
				next.Change[i] += d
				large = large || d != 0 && max(next.Change[i], -next.Change[i]) > max(c.Choices[i].Step, 1, c.plan.Heads[i]/part)
			}
			for k := range next.differences {
				next.differences[k].Mean += n.differences[k].Mean
			}
			to := next.of(c.plan)
			if count < most && !large && slices.Min(c.after(next.differences)) >= 0 && c.broken(to) == "" && c.failing(to) == nil {
				sum, again = next, true
				count++
			}
		}
	}
	return sum, count
}

// failing are heads that failed and of which these have nowhere more, or nil.
func (c *certificate) failing(heads []int) []int {
	for _, f := range c.failed {
		if atMost(heads, f) {
			return f
		}
	}
	return nil
}

// check plays a neighbour on the verdict's replications: on as many as it takes to see for certain that it fails, or on all. It reports whether the
// neighbour passes, and is the plan from now on.
func (c *certificate) check(ctx context.Context, n *Neighbour) (passes bool, err error) {
	to, sample := n.of(c.plan), c.plan.Sample
	if sample.Replications >= 4 {
		sample.Replications = max(2, 2*sample.Replications/5)
		ev, err := c.evaluate(ctx, to, sample)
		if err != nil {
			return false, err
		}
		differences := make([]stats.Estimate, len(ev.Scores))
		for k := range differences {
			if differences[k] = paired(c.plan.Verdict.Scores[k], ev.Scores[k]); differences[k].HalfWidth == 0 {
				differences[k] = stats.Estimate{HalfWidth: math.Inf(1)} // some of the replications tell nothing of the others
			}
		}
		if found := c.judged(differences); found.Outcome == Fails {
			c.fail(n, found, differences)
			return false, nil
		}
	}
	ev, err := c.evaluate(ctx, to, c.plan.Sample)
	if err != nil {
		return false, err
	}
	found := Finding{Outcome: Fails, Objective: -1, Slack: math.Inf(1)}
	differences := make([]stats.Estimate, len(ev.Scores))
	for k := range ev.Scores {
		score, own := &ev.Scores[k], &c.plan.Verdict.Scores[k]
		if !score.Met && score.Slack-score.Reach < found.Slack {
			found.Objective, found.Slack = k, score.Slack-score.Reach
		}
		differences[k].Mean = score.Slack - score.Reach - (own.Slack - own.Reach)
	}
	if !ev.Met() {
		c.fail(n, found, differences)
		return false, nil
	}
	n.differences = differences
	for change, known := range c.seen {
		for i, d := range n.Change {
			known.lots += max(d, -d) / max(1, c.Choices[i].Step)
		}
		c.seen[change] = known
	}
	c.plan.Heads, c.plan.Cost, c.plan.Verdict = to, c.Cost(to), ev
	c.best = c.plan.Cost
	c.list()
	c.tell(c.phase)
	return true, nil
}

// fail notes that a neighbour fails for certain.
func (c *certificate) fail(n *Neighbour, found Finding, differences []stats.Estimate) {
	n.Finding, n.Reason, n.differences = found, "", differences
	c.seen[key(n.Change)] = seen{differences: differences, fails: true}
	c.failed = append(c.failed, n.of(c.plan))
}

// judged is what becomes of a plan that differs so much from the certificate's.
func (c *certificate) judged(differences []stats.Estimate) Finding {
	out := Finding{Outcome: Passes, Objective: -1, Slack: math.Inf(1)}
	for k, left := range c.after(differences) {
		half := differences[k].HalfWidth
		if !math.IsInf(half, 1) && left < out.Slack {
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

// after is what the verdict left of each objective beyond what it asks for, after differences, which are not known of one that is ignored; nil = none.
func (c *certificate) after(differences []stats.Estimate) []float64 {
	out := make([]float64, len(c.plan.Verdict.Scores))
	for k := range out {
		score := &c.plan.Verdict.Scores[k]
		if out[k] = score.Slack - score.Reach; differences != nil && !math.IsInf(out[k], 1) {
			out[k] += differences[k].Mean
		}
	}
	return out
}

// decided decides a neighbour without playing it, if that can be.
func (c *certificate) decided(n *Neighbour) bool {
	to := n.of(c.plan)
	if rule := c.broken(to); rule != "" {
		n.Outcome, n.Reason = Excluded, rule
		return true
	}
	if failed := c.failing(to); failed != nil {
		n.Outcome, n.Reason = Dominated, c.told(failed)+" fails"
		return true
	}
	if known := c.seen[key(n.Change)]; known.fails && known.lots <= 2 { // one exchange
		if found := c.judged(known.now()); found.Outcome == Fails {
			found.Outcome = Implied
			n.Finding, n.Reason = found, "it did before heads were exchanged elsewhere"
			return true
		}
	}
	return !n.single() && c.implied(n)
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

// implied decides a neighbour with a lot elsewhere that fails by what lots fewer were seen to take away: for certain or, of many choices, by the
// estimate.
func (c *certificate) implied(n *Neighbour) bool {
	differences := c.combined(n)
	if differences == nil {
		return false
	}
	told := c.judged(differences)
	if told.Outcome == Passes || told.Outcome == Likely && c.fewChoices() {
		return false
	}
	if told.Outcome == Fails {
		told.Outcome = Implied
	}
	n.Finding, n.Reason = told, ""
	return true
}

// combined is what a neighbour with a lot elsewhere does if a lot more adds what a lot fewer was seen to take away; nil where that is not known.
func (c *certificate) combined(n *Neighbour) []stats.Estimate {
	sums := make([]stats.Estimate, len(c.plan.Verdict.Scores))
	for i, d := range n.Change {
		if d == 0 {
			continue
		}
		fewer := c.plan.fewer(i)
		if fewer == nil || fewer.differences == nil {
			return nil
		}
		for k, difference := range fewer.differences {
			mean := min(0, difference.Mean) // fewer heads do not help
			half := difference.HalfWidth
			if d > 0 {
				mean = -mean
				half += 2 * mayDiffer * mean
			}
			sums[k].Mean += mean
			sums[k].HalfWidth = math.Hypot(sums[k].HalfWidth, half)
		}
	}
	return sums
}

// fewer is the neighbour with a lot fewer of a choice.
func (p *Plan) fewer(choice int) *Neighbour {
	for i := range p.Certificate {
		if n := &p.Certificate[i]; n.single() && n.from() == choice {
			return n
		}
	}
	return nil
}

// elsewhere decides the neighbours with heads elsewhere. Of those that have the same heads fewer it plays, where there are many, all heads
// more together: where even that fails, they all do. Those that pass in these paired replications are then played on the verdict's. It reports whether
// one passes there, and is the plan from now on.
func (c *certificate) elsewhere(ctx context.Context) (found bool, err error) {
	var passing []*Neighbour
	open := c.open()
	for len(open) > 0 && c.left > 0 {
		all := slices.DeleteFunc(open[0], c.decided)
		open = open[1:]
		if len(all) == 0 {
			continue
		}
		with := all[0]
		if len(all) > 1 {
			with = widened(all)
		}
		if !c.fewChoices() {
			if with.differences = c.seen[key(with.Change)].now(); with.differences == nil {
				c.left--
				if with.differences, err = c.difference(ctx, c.plan.Heads, with.of(c.plan), certifying, c.sample.Replications); err != nil {
					return false, err
				}
				c.seen[key(with.Change)] = seen{differences: with.differences}
			}
			with.Finding, with.Reason = c.judged(with.differences), ""
			if with.Outcome == Fails {
				c.failed = append(c.failed, with.of(c.plan))
			}
		}
		fails := with.Outcome == Fails || with.Outcome == Likely
		switch {
		case len(all) > 1 && fails:
			for _, n := range all {
				c.follow(n, with)
			}
		case len(all) > 1:
			open = append(open, all[:len(all)/2], all[len(all)/2:])
		case !fails:
			passing = append(passing, with)
		}
	}
	for _, all := range open {
		for _, n := range all {
			c.decided(n)
		}
	}
	slices.SortStableFunc(passing, func(a, b *Neighbour) int { return cmp.Compare(b.Slack, a.Slack) })
	return c.checkAll(ctx, passing)
}

// checkAll plays neighbours on the verdict's replications, as far as the effort allows, until one passes.
func (c *certificate) checkAll(ctx context.Context, all []*Neighbour) (found bool, err error) {
	for _, n := range all {
		if c.left <= 0 || c.decided(n) {
			continue
		}
		c.left -= c.effort()
		if found, err = c.check(ctx, n); err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// effort is what it takes to play a neighbour on the verdict's replications, by what it takes to play parts of the run.
func (c *certificate) effort() int {
	if c.fewChoices() {
		return 1
	}
	return 8
}

// open are the neighbours with heads elsewhere that are not decided, of many choices by the heads that they have fewer.
func (c *certificate) open() [][]*Neighbour {
	var open [][]*Neighbour
	for i := range c.plan.Certificate {
		n := &c.plan.Certificate[i]
		if n.Outcome != NotPlayed || n.single() || c.decided(n) {
			continue
		}
		n.Reason = beyondEffort
		if last := len(open) - 1; last >= 0 && !c.fewChoices() && n.from() == open[last][0].from() {
			open[last] = append(open[last], n)
		} else {
			open = append(open, []*Neighbour{n})
		}
	}
	return open
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

// follow decides a neighbour by one that was played for it, which has nowhere fewer heads and fails.
func (c *certificate) follow(n, with *Neighbour) {
	if with.Outcome == Fails && c.decided(n) {
		return
	}
	n.Finding = with.Finding
	n.Reason = fmt.Sprintf("with a lot more of each of %d choices it does too", changes(move{change: with.Change})-1)
}

// doubtful plays on the verdict's replications what fails by its own estimate alone, that first which is most likely to fail for certain then. It
// reports whether one passes there, and is the plan from now on.
func (c *certificate) doubtful(ctx context.Context) (found bool, err error) {
	var doubtful []*Neighbour
	for i := range c.plan.Certificate {
		if n := &c.plan.Certificate[i]; n.Outcome == Likely && n.Reason == "" {
			doubtful = append(doubtful, n)
		}
	}
	slices.SortStableFunc(doubtful, func(a, b *Neighbour) int { return cmp.Compare(a.Slack/a.HalfWidth, b.Slack/b.HalfWidth) })
	return c.checkAll(ctx, doubtful)
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
			added, err := s.difference(ctx, plan.Heads, move{change: change}.of(plan.Heads), certifying, s.sample.Replications)
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
