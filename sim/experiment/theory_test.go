package experiment

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"gonum.org/v1/gonum/stat/distuv"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

// The simulator against exact results. Each case is a scenario file and a list of exact figures, simulated until the
// standard error of every figure is small, by the same calls as the command run: load, compile, bind, RunShard and Merge
// (which Run consists of; only they let a run be continued). Cases that look at single instants attach an observer.
//
// A figure passes if it is off by at most sigmas standard errors, by Student's quantile of the same probability for the
// number of replications, plus the stated numeric tolerance of the exact value, plus what the rounding of instants to
// whole milliseconds does (see rounding). So a right engine fails a figure with probability 1.7e-5, and the about 550
// figures of all cases together with 1 % at most, once for all: the seeds are fixed.
const sigmas = 4.3

// goal is the relative standard error to reach, unless a figure states another.
const goal = 0.01

// A case begins with firstReplications. Until its goal is reached it is continued to as many as the scatter so far asks
// for, at least a tenth more and at most twice as many. One that has not reached it with mostReplications fails.
const (
	firstReplications = 32
	mostReplications  = 1000
)

// theoryCase is a scenario with what is known about it.
type theoryCase struct {
	scenario string
	unit     calendar.Duration // the model's unit of time, in which the figures are
	fullRate float64           // ends of work in a unit when everybody is busy: see rounding
	figures  []figure
}

// figure is one exact value, from a line "measure [argument ...] value [within tolerance] [goal error]".
type figure struct {
	text      string
	name      string
	arguments []string
	exact     float64
	tolerance float64 // of the exact value, absolute
	goal      float64 // relative standard error
}

// parseExact reads the lines of exact figures. The line "unit 1m" sets the unit of time, "full_rate 100" the full rate;
// # begins a comment.
func parseExact(text string) (theoryCase, error) {
	c := theoryCase{unit: calendar.Minute}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		var err error
		switch words[0] {
		case "unit":
			c.unit, err = calendar.ParseDuration(words[1])
		case "full_rate":
			c.fullRate, err = strconv.ParseFloat(words[1], 64)
		default:
			var f figure
			f, err = parseFigure(words)
			c.figures = append(c.figures, f)
		}
		if err != nil {
			return c, fmt.Errorf("%s: %w", strings.TrimSpace(line), err)
		}
	}
	return c, nil
}

func parseFigure(words []string) (figure, error) {
	f := figure{text: strings.Join(words, " "), name: words[0], goal: goal}
	options := map[string]*float64{"within": &f.tolerance, "goal": &f.goal}
	for n := len(words); n > 3 && options[words[n-2]] != nil; n = len(words) {
		value, err := strconv.ParseFloat(words[n-1], 64)
		if err != nil {
			return f, err
		}
		*options[words[n-2]] = value
		words = words[:n-2]
	}
	last := len(words) - 1
	f.arguments = words[1:last]
	var err error
	f.exact, err = strconv.ParseFloat(words[last], 64)
	return f, err
}

// loadModel compiles and binds a scenario given as text.
func loadModel(t testing.TB, text string, sets ...string) *sim.Model {
	t.Helper()
	m, err := tryModel(text, sets...)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m
}

func tryModel(text string, sets ...string) (*sim.Model, error) {
	return sim.Load(scenario.Source{Name: "scenario.yaml", Data: []byte(text)}, sets...)
}

// trial is a case in progress.
type trial struct {
	theoryCase
	model    *sim.Model
	result   *Result
	measures []measure
	watch    *watch // nil where no figure needs one
	engine   *sim.Engine
}

// check simulates the case until all its figures are known well enough, and compares.
func (c theoryCase) check(t *testing.T) {
	t.Helper()
	began := time.Now()
	run := &trial{theoryCase: c, model: loadModel(t, c.scenario)}
	run.result = newResult(run.model)
	for _, f := range c.figures {
		m, err := run.measure(f)
		if err != nil {
			t.Fatalf("%s: %v", f.text, err)
		}
		run.measures = append(run.measures, m)
	}
	for n := firstReplications; n > len(run.result.Replications); n = run.enough() {
		run.extend(t, n)
	}
	worst := 0.0
	for i, f := range c.figures {
		worst = max(worst, run.compare(t, f, run.measures[i]))
	}
	t.Logf("%d figures, worst at %.2f of the allowed distance; %d replications, %d cases, %.1f s",
		len(c.figures), worst, len(run.result.Replications), run.result.Pooled.Arrived, time.Since(began).Seconds())
}

// extend simulates more replications, up to n.
func (r *trial) extend(t *testing.T, n int) {
	t.Helper()
	for next := len(r.result.Replications); next < n; next++ {
		totals, err := r.replicate(next)
		if err != nil {
			t.Fatal(err)
		}
		r.result.take(totals)
	}
}

func (r *trial) replicate(replication int) (*metrics.Totals, error) {
	if r.watch == nil {
		return replicate(r.model, replication)
	}
	if r.engine == nil {
		if n := r.model.Components(); n != 1 {
			return nil, fmt.Errorf("the scenario falls into %d components, want one to observe", n)
		}
		r.engine = sim.NewEngine(r.model, 0, sim.Options{Observer: r.watch})
	}
	r.watch.begin(replication)
	totals, err := r.engine.Run(replication)
	r.watch.end()
	return totals, err
}

// replicate is one replication of all components.
func replicate(m *sim.Model, replication int) (*metrics.Totals, error) {
	var parts []*ShardResult
	for component := range m.Components() {
		s := Shard{Scenario: m.Scenario.Hash, From: replication, To: replication + 1, Component: component}
		part, err := RunShard(context.Background(), m, s, nil)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	totals, err := Merge(parts...)
	if err != nil {
		return nil, err
	}
	return totals[0], nil
}

// enough is how many replications should do for all figures: those there are when every goal is reached or the cap is.
func (r *trial) enough() int {
	n := len(r.result.Replications)
	wanted := n
	for i, f := range r.figures {
		ratio := standardError(r.measures[i].estimate()) / (f.goal * math.Abs(f.exact))
		if !(ratio <= 1) {
			factor := min(max(1.1, 1.05*ratio*ratio), 2)
			wanted = max(wanted, int(math.Ceil(factor*float64(n))))
		}
	}
	return min(wanted, mostReplications)
}

// standardError undoes the factor of Student's quantile in a half-width.
func standardError(e stats.Estimate) float64 {
	if e.N < 2 {
		return math.Inf(1)
	}
	return e.HalfWidth / stats.TwoSidedT(Confidence, e.N-1)
}

// compare reports a figure that is off and returns its distance as a share of the allowed one.
func (r *trial) compare(t *testing.T, f figure, m measure) float64 {
	t.Helper()
	e := m.estimate()
	se := standardError(e)
	if !(se <= f.goal*math.Abs(f.exact)) {
		t.Errorf("%s: the standard error is %.2g of the value after %d replications, want %g", f.text, se/math.Abs(f.exact), e.N, f.goal)
	}
	t.Logf("%s: simulated %.6g, off by %.2f standard errors of %.2g of the value", f.text, e.Mean, (e.Mean-f.exact)/se, se/f.exact)
	allowed := studentSigmas(e.N)*se + f.tolerance + r.rounding(f, m)
	off := math.Abs(e.Mean - f.exact)
	if !(off <= allowed) {
		t.Errorf("%s: simulated %.6g ± %.2g (standard error), off by %.2g, want at most %.2g", f.text, e.Mean, se, off, allowed)
	}
	return off / allowed
}

// studentSigmas is Student's quantile with the probability of sigmas normal standard deviations.
func studentSigmas(n int) float64 {
	return stats.TwoSidedT(2*distuv.UnitNormal.CDF(sigmas)-1, n-1)
}

// rounding is what whole milliseconds change. The engine rounds arrivals down and works to the nearest millisecond; both
// displace instants by amounts that do not depend on the state, and the means of waits stay the same to the second
// order. But two events that fall on one millisecond happen in the order of kinds, an end of work first, so a case finds
// an agent free with the chance that one of the busy agents ends within a millisecond: at most fullRate·1 ms of those
// that would wait (the hazard of a wait is at most the rate of ends of work). The same holds at a target. A quantile
// moves by a millisecond at most, and by the interpolation in its bucket of the histogram, 1/64 wide: half of the change
// of the density in it, at most fullRate/2 · width²/4.
func (r *trial) rounding(f figure, m measure) float64 {
	millisecond := 1 / float64(r.unit)
	switch m.kind {
	case shareOfWaiting:
		return r.fullRate * millisecond * math.Abs(f.exact)
	case shareInTime:
		return r.fullRate * millisecond * (1 - f.exact)
	case quantileOfWaits:
		width := f.exact / 64
		return millisecond + r.fullRate*width*width/8
	}
	return 0
}

// TestTheory checks the archives of testdata/theory: comment, scenario.yaml and exact figures.
func TestTheory(t *testing.T) {
	skipSlowed(t)
	t.Parallel()
	files, err := filepath.Glob("../testdata/theory/*.txtar")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d archives, %v; want at least 12", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			c, err := readArchive(file)
			if err != nil {
				t.Fatal(err)
			}
			c.check(t)
		})
	}
}

// skipSlowed skips exact cases under the race detector: each is simulated by one goroutine, and the parallel parts have
// tests of their own.
func skipSlowed(t *testing.T) {
	t.Helper()
	if slowed {
		t.Skip("hundreds of millions of cases would take too long under the race detector")
	}
}

func readArchive(file string) (theoryCase, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return theoryCase{}, err
	}
	parts := map[string]string{}
	for _, f := range txtar.Parse(content).Files {
		parts[f.Name] = string(f.Data)
	}
	c, err := parseExact(parts["exact"])
	c.scenario = parts["scenario.yaml"]
	if err == nil && (c.scenario == "" || len(c.figures) == 0) {
		err = fmt.Errorf("%s: want the parts scenario.yaml and exact", file)
	}
	return c, err
}
