package planner

import (
	"math"
	"slices"
	"sort"
)

// Lateness is what was late in one situation: while the same choices might have helped.
type Lateness struct {
	Team  []float64 // by choice: how much of the time one of its heads was there for this work; the most is 1
	Count []float64 // by objective: how many were late
	Pools string    // of work that was left undone: whose it is
}

// forecast tells how late other staffings would be, from those that were played: for each situation, late work as a function of the
// heads that its team has. Between staffings that were played it is interpolated, beyond them it falls by a factor for each
// head, as the tail of a queue does.
type forecast struct {
	played     [][]int
	situations []*situation
	byTeam     map[string]*situation
}

// situation is what was seen of one team.
type situation struct {
	team   []float64
	points []point // by rising heads
}

type point struct {
	heads float64   // of the team
	late  []float64 // logarithm of what was late and the offset, by objective
}

// offset keeps logarithms of nothing finite.
const offset = 0.5

func newForecast() *forecast { return &forecast{byTeam: map[string]*situation{}} }

// learn takes note of what was late with a staffing.
func (f *forecast) learn(heads []int, ev *Evaluation) {
	now := map[*situation][]float64{}
	for _, l := range ev.Late {
		name := teamName(l.Team)
		u := f.byTeam[name]
		if u == nil {
			u = &situation{team: l.Team}
			for _, before := range f.played {
				u.add(before, make([]float64, len(l.Count)))
			}
			f.byTeam[name] = u
			f.situations = append(f.situations, u)
		}
		if now[u] == nil {
			now[u] = make([]float64, len(l.Count))
		}
		for k, count := range l.Count {
			now[u][k] += count
		}
	}
	for _, u := range f.situations {
		count := now[u]
		if count == nil {
			count = make([]float64, len(ev.Scores))
		}
		u.add(heads, count)
	}
	f.played = append(f.played, slices.Clone(heads))
}

func teamName(team []float64) string {
	name := make([]byte, len(team))
	for i, share := range team {
		name[i] = byte(math.Round(share * 100))
	}
	return string(name)
}

func (u *situation) has(heads []int) float64 {
	sum := 0.0
	for i, share := range u.team {
		sum += share * float64(heads[i])
	}
	return sum
}

// add adds a point, in place of an older one with as many heads.
func (u *situation) add(heads []int, count []float64) {
	p := point{u.has(heads), make([]float64, len(count))}
	for k, c := range count {
		p.late[k] = math.Log(c + offset)
	}
	at, same := slices.BinarySearchFunc(u.points, p.heads, func(p point, heads float64) int {
		switch {
		case p.heads < heads-1e-9:
			return -1
		case p.heads > heads+1e-9:
			return 1
		}
		return 0
	})
	if same {
		u.points[at] = p
	} else {
		u.points = slices.Insert(u.points, at, p)
	}
}

// addLate adds what is late by objective with so many heads.
func (u *situation) addLate(heads []int, sum []float64) {
	n := u.has(heads)
	at := sort.Search(len(u.points), func(i int) bool { return u.points[i].heads >= n })
	switch {
	case at == len(u.points):
		last := &u.points[at-1]
		for k, late := range last.late {
			sum[k] += max(0, math.Exp(late-u.fall(at-2, k)*(n-last.heads))-offset)
		}
	case u.points[at].heads == n:
		for k, late := range u.points[at].late {
			sum[k] += math.Exp(late) - offset
		}
	case at == 0:
		first := &u.points[0]
		for k, late := range first.late {
			sum[k] += max(0, math.Exp(late+u.fall(0, k)*(first.heads-n))-offset)
		}
	default:
		a, b := &u.points[at-1], &u.points[at]
		part := (n - a.heads) / (b.heads - a.heads)
		for k := range a.late {
			sum[k] += max(0, math.Exp(a.late[k]+part*(b.late[k]-a.late[k]))-offset)
		}
	}
}

// fall is by how much the logarithm of what is late falls for each head beyond a pair of points, the first of which has the index:
// as between them, within reason, or where there are not two, by one over the square root of the heads as in square-root staffing.
func (u *situation) fall(pair, k int) float64 {
	const least, most = 0.1, 3.0
	usual := 1 / math.Sqrt(max(1, u.points[max(pair, 0)].heads))
	if pair < 0 || pair+1 >= len(u.points) {
		return usual
	}
	a, b := &u.points[pair], &u.points[pair+1]
	if a.late[k] <= math.Log(5) { // too little to tell
		return usual
	}
	return min(max((a.late[k]-b.late[k])/(b.heads-a.heads), least*usual), most*usual)
}

// late is what the forecast says of heads, by objective.
func (f *forecast) late(heads []int, objectives int) []float64 {
	sum := make([]float64, objectives)
	for _, u := range f.situations {
		u.addLate(heads, sum)
	}
	return sum
}

// outlook is the forecast around a staffing that was played.
type outlook struct {
	s     *search
	late  []float64 // by objective, of the staffing, by the forecast
	slack []float64
	unit  []float64 // of slack for each that is late
}

func (s *search) outlook(heads []int, ev *Evaluation) *outlook {
	const other, few = 0.2, 10 // objectives of times and sums: slack for all that is late, which is not less than a few
	o := &outlook{s: s, late: s.forecast.late(heads, len(ev.Scores))}
	for k := range ev.Scores {
		o.slack = append(o.slack, s.slack(ev, k))
		if decided := ev.Scores[k].Decided; decided > 0 {
			o.unit = append(o.unit, 1/decided)
		} else {
			o.unit = append(o.unit, other/max(o.late[k], few))
		}
	}
	return o
}

// slacks are those to be expected with other heads.
func (o *outlook) slacks(heads []int) []float64 {
	out := o.s.forecast.late(heads, len(o.slack))
	for k, late := range out {
		out[k] = o.slack[k] + (o.late[k]-late)*o.unit[k]
	}
	return out
}

// propose is a cheap staffing that is expected to suffice, within a region around heads that were played: heads are added one by one where
// they help most for their cost, then taken away and exchanged as long as that saves.
func (s *search) propose(heads []int, ev *Evaluation, part float64) []int {
	o := s.outlook(heads, ev)
	for k, more := range s.caution {
		o.slack[k] -= more
	}
	within := s.region(heads, part)
	return s.spared(s.added(heads, o, within), o, within)
}

// region is the least and most heads of each choice in a step.
type region struct{ least, most []int }

// region around heads has a part more or fewer of each than its own and the mean of all.
func (s *search) region(heads []int, part float64) (r region) {
	sum := 0
	for _, n := range heads {
		sum += n
	}
	mean := float64(sum) / float64(len(heads))
	for i, c := range s.Choices {
		step := max(1, c.Step)
		span := max(1, int(part*(float64(heads[i])+mean)/float64(step))) * step
		r.least = append(r.least, max(c.Least, heads[i]-span))
		r.most = append(r.most, min(c.Most/step*step, heads[i]+span))
	}
	return r
}

// shortage is the sum of what objectives lack.
func shortage(slacks []float64) float64 {
	sum := 0.0
	for _, slack := range slacks {
		sum += max(0, -slack)
	}
	return sum
}

// added has heads added, one lot after the other, until nothing is expected to lack or nothing helps.
func (s *search) added(heads []int, o *outlook, within region) []int {
	heads = slices.Clone(heads)
	for {
		short := shortage(o.slacks(heads))
		if short <= 0 {
			return heads
		}
		best, most := -1, 0.0
		for i, c := range s.Choices {
			step := max(1, c.Step)
			if heads[i]+step > within.most[i] {
				continue
			}
			heads[i] += step
			if helps := (short - shortage(o.slacks(heads))) / (float64(step)*c.Cost + 1e-9); helps > most && s.broken(heads) == "" {
				best, most = i, helps
			}
			heads[i] -= step
		}
		if best < 0 {
			return heads
		}
		heads[best] += max(1, s.Choices[best].Step)
	}
}

// spared has heads taken away, those first that are expected to be missed least for what they cost, then exchanged for cheaper ones, as long
// as that saves.
func (s *search) spared(heads []int, o *outlook, within region) []int {
	moves := s.moves(true)
	for {
		for fewer := s.fewer(heads, o, moves, within); fewer != nil; fewer = s.fewer(heads, o, moves, within) {
			heads = fewer
		}
		exchanged := false
		for _, m := range moves {
			if to := m.of(heads); !single(m) && s.allows(within, to) && !math.IsInf(taken(o.slacks(heads), o.slacks(to)), 1) {
				heads, exchanged = to, true
			}
		}
		if !exchanged {
			return heads
		}
	}
}

// fewer is a lot fewer of the choice that saves most for what that takes away, or nil where every one takes too much.
func (s *search) fewer(heads []int, o *outlook, moves []move, within region) []int {
	var best []int
	most := 0.0
	slacks := o.slacks(heads)
	for _, m := range moves {
		to := m.of(heads)
		if !single(m) || !s.allows(within, to) {
			continue
		}
		if worth := m.saving / (1e-6 + taken(slacks, o.slacks(to))); worth > most {
			best, most = to, worth
		}
	}
	return best
}

// allows reports whether heads are in a region and keep the rules.
func (s *search) allows(within region, heads []int) bool {
	return atMost(within.least, heads) && atMost(heads, within.most) && s.broken(heads) == ""
}

// taken is how much of what there is to spare a change takes away, over all objectives; infinite where one of them comes to lack something,
// or more than it lacks already.
func taken(before, after []float64) float64 {
	sum := 0.0
	for k, slack := range after {
		switch {
		case math.IsInf(slack, 1): // the objective is ignored
		case slack < 0 && slack < before[k]:
			return math.Inf(1)
		default:
			sum += max(0, before[k]-slack) / max(before[k], 1e-6)
		}
	}
	return sum
}
