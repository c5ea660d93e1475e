package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sunrelay/model/scenario"
	"sunrelay/model/sla"
	"sunrelay/reports"
	"sunrelay/reports/text"
	"sunrelay/sim"
	"sunrelay/sim/planner"
)

// planFormats are what plan --format takes, the default first.
var planFormats = []string{"table", "json"}

// planArgs are the arguments of plan.
type planArgs struct {
	scenario  scenarioArgs
	format    string
	seed      uint64
	workers   int
	timeLimit time.Duration
	write     string
	folder    folderArgs
	every     string
	grow      string
	effort    int
	frontier  bool
	price     string
	changes   planner.Changes
	quiet     bool
}

func planCommand(s *session) *cobra.Command {
	var a planArgs
	cmd := &cobra.Command{
		Use:   "plan SCENARIO",
		Short: "Find the least costly head counts that keep the objectives, with proof",
		Long: `Plan searches for the number of agents in each shift that keeps the objectives of a scenario at
the least cost, within the rules of its planning block, and that keeps up with all work, whatever the
objectives speak of. It says what was proved: a lower bound of the cost, a verdict on replications
that the search has not seen, what one agent fewer, elsewhere or more does, and which objectives no
number of agents in the present shifts keeps.

Where no pool has a cost, heads are counted. Shifts with agents: 0 are patterns to choose from.
Ctrl-C and --time-limit end the search with the best plan so far, marked as such.

SCENARIO is a file, a built-in name (see sunrelay workloads), or - for standard input.`,
		Example: `  sunrelay plan my-support.yaml
  sunrelay plan my-support.yaml --write plan.yaml
  sunrelay plan my-support.yaml --out out/plan
  sunrelay plan citrix --every "first_response >= 95%" --time-limit 5m
  sunrelay plan citrix --close tokyo --grow 20%
  sunrelay plan my-support.yaml --what-does-it-cost gold:urgent:15m
  sunrelay plan my-support.yaml --format json > plan.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.complete(cmd, args); err != nil {
				return err
			}
			return internal(plan(cmd.Context(), s, &a))
		},
	}
	a.scenario.addTo(cmd)
	a.folder.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&a.format, "format", planFormats[0], "table or json")
	flags.Uint64Var(&a.seed, "seed", 0, "seed of all random numbers, instead of run.seed")
	flags.IntVar(&a.workers, "workers", 0, "simulations at a time; 0 = one for each processor")
	flags.DurationVar(&a.timeLimit, "time-limit", 0, "end the search after so long, such as 5m; 0 = when it is done")
	flags.IntVar(&a.effort, "effort", 1, "how many times the usual replications, steps and neighbours the search may take")
	flags.StringVar(&a.write, "write", "", "write the scenario with the staffing that was found to a new `file`, which run --check accepts")
	flags.StringVar(&a.every, "every", "", "`goal` for every plan and severity that promises it, instead of the objectives: \"first_response >= 95%\"")
	flags.StringVar(&a.grow, "grow", "", "plan for so much more volume, such as 20%")
	flags.StringSliceVar(&a.changes.Hold, "hold", nil, "`centres` whose heads stay as they are")
	flags.StringSliceVar(&a.changes.Close, "close", nil, "`centres` that have no agents")
	flags.BoolVar(&a.frontier, "frontier", false, "cost of eight attainments, from 80 % to 99 %, of all objectives of attainment")
	flags.StringVar(&a.price, "what-does-it-cost", "", "price of the promise of a first response: `plan:severity:target`, with it and without")
	flags.BoolVar(&a.quiet, "quiet", false, "show no progress")
	return cmd
}

const mostEffort = 100

// complete takes the scenario from the arguments and checks the flags.
func (a *planArgs) complete(cmd *cobra.Command, args []string) error {
	if err := a.scenario.one(cmd, args); err != nil {
		return err
	}
	switch {
	case !slices.Contains(planFormats, a.format):
		return badInput("--format %s, want one of %s%s", a.format, strings.Join(planFormats, ", "), didYouMean(a.format, planFormats))
	case a.write != "" && (a.frontier || a.price != ""):
		return badInput("--write takes one plan, want it without --frontier and --what-does-it-cost")
	case a.frontier && a.price != "":
		return badInput("--frontier and --what-does-it-cost are two questions, want one of them")
	case a.workers < 0:
		return badInput("--workers %d, want 0 (one for each processor) or more", a.workers)
	case a.effort < 1 || a.effort > mostEffort:
		return badInput("--effort %d, want 1 to %d", a.effort, mostEffort)
	case a.timeLimit < 0:
		return badInput("--time-limit %v, want a length of time such as 5m", a.timeLimit)
	}
	if err := a.folder.check(cmd); err != nil {
		return err
	}
	if cmd.Flags().Changed("seed") {
		a.scenario.override("seed", "run.seed", a.seed)
	}
	if a.workers == 0 {
		a.workers = runtime.GOMAXPROCS(0)
	}
	return nil
}

// loader loads a scenario several times, with more overrides each time.
type loader struct {
	s    *session
	args *planArgs
}

func (l *loader) load(sets ...string) (*sim.Model, error) {
	changed := l.args.scenario.clone()
	changed.sets = append(changed.sets, sets...)
	return l.s.load(changed)
}

// changed is the scenario, changed as the flags say.
func (l *loader) changed() (*sim.Model, error) {
	m, err := l.load()
	if err != nil {
		return nil, err
	}
	if err := l.args.change(m); err != nil {
		return nil, err
	}
	return l.load()
}

// planMemory is what a search needs for each worker beyond a run: a few staffings are kept, with what they measured.
const planMemory = 256 << 20

// parts are the runs of searches; none = the run itself.
func (l *loader) parts(full *sim.Model, sets []string) ([]*sim.Model, error) {
	var parts []*sim.Model
	for _, run := range planner.SearchRuns(full) {
		m, err := l.load(slices.Concat(sets, run)...)
		if err != nil {
			return nil, err
		}
		parts = append(parts, m)
	}
	return parts, nil
}

// change turns the flags that need to know the scenario into overrides.
func (a *planArgs) change(m *sim.Model) error {
	def := m.Scenario.Definition
	for _, flag := range []struct {
		name    string
		centres []string
	}{{"hold", a.changes.Hold}, {"close", a.changes.Close}} {
		for _, name := range flag.centres {
			if def.Centres.Find(name) == nil {
				return badInput("--%s %s is not a centre%s want one of %s", flag.name, name,
					orComma(didYouMean(name, def.Centres.Names())), strings.Join(def.Centres.Names(), ", "))
			}
		}
	}
	for _, name := range a.changes.Hold {
		if slices.Contains(a.changes.Close, name) {
			return badInput("--hold %s: the centre is closed by --close, want one of them", name)
		}
	}
	if a.grow != "" {
		if err := a.growBy(def); err != nil {
			return err
		}
	}
	if a.every == "" {
		return nil
	}
	goals, err := everyGoal(m, a.every)
	if err != nil {
		return err
	}
	a.scenario.override("every", "objectives", goals)
	return nil
}

// growBy multiplies the rates of all streams.
func (a *planArgs) growBy(def *scenario.Definition) error {
	digits, isPercent := strings.CutSuffix(a.grow, "%")
	percent, err := strconv.ParseFloat(digits, 64)
	if err != nil || !isPercent || !(percent > -100 && percent <= 10_000) {
		return badInput("--grow %s, want a percentage above -100%% and at most 10000%%, such as 20%%", a.grow)
	}
	factor := strconv.FormatFloat(1+percent/100, 'f', -1, 64)
	for _, stream := range def.Workload.Streams {
		path := "workload.streams." + stream.Name
		switch {
		case stream.Value.Interarrival.Given():
			return badInput("--grow: %s has times between arrivals, want streams with a rate", path)
		case stream.Value.Outages != nil:
			path += ".outages.rate"
		default:
			path += ".rate"
		}
		a.scenario.sets = append(a.scenario.sets, path+"*="+factor)
	}
	return nil
}

// everyGoal is a list of objectives, one for each plan and severity that promises the milestone.
func everyGoal(m *sim.Model, goal string) (string, error) {
	var o sla.Objective
	if err := o.UnmarshalText([]byte(goal)); err != nil {
		return "", badInput("--every: %v", err)
	}
	if o.Measure > sla.Mean || len(o.Of) > 0 {
		return "", badInput("--every %q, want a milestone without plan and severity, such as %q", goal, "first_response >= 95%")
	}
	sign := ">="
	if o.Comparison == sla.AtMost {
		sign = "<="
	}
	what, value, _ := strings.Cut(o.Text, sign)
	what, each, _ := strings.Cut(strings.TrimSpace(what), " each ")
	if each != "" {
		each = " each " + each
	}
	var goals []string
	for p := range m.Scenario.Plans {
		for severity, named := range m.Scenario.Severities {
			if promises(m.Scenario, p, severity, o.Milestone) {
				of := m.Scenario.Plans[p].Name + " " + named.Name
				goals = append(goals, strconv.Quote(fmt.Sprintf("%s of %s%s %s%s", what, of, each, sign, value)))
			}
		}
	}
	if len(goals) == 0 {
		return "", badInput("--every %q: no plan promises it by severity", goal)
	}
	return "[" + strings.Join(goals, ", ") + "]", nil
}

// promises reports whether cases of the plan and severity that arise somewhere have a clock of the milestone.
func promises(c *scenario.Compiled, plan, severity int, m sla.Milestone) bool {
	switch m {
	case sla.FirstResponse, sla.NextResponse, sla.Update, sla.Restore, sla.Resolve:
	default:
		return false
	}
	for region := range c.Regions {
		if c.Occurs(plan, region, severity) && c.Plans[plan].ClockOf(m, region, severity) != scenario.NoClock {
			return true
		}
	}
	return false
}

func plan(ctx context.Context, s *session, a *planArgs) (err error) {
	if a.write != "" {
		if _, err := os.Stat(a.write); err == nil {
			return badInput("--write %s exists, want the name of a new file", a.write)
		}
	}
	l := &loader{s, a}
	full, err := l.changed()
	if err != nil {
		return err
	}
	if full.Scenario.Definition.Planning.BudgetIs == scenario.BudgetGoal && (a.frontier || a.price != "") {
		at := full.Scenario.Definition.At("planning.budget_is")
		return badInput("%s: planning.budget_is: is goal, which --frontier and --what-does-it-cost cannot have, want limit", at.File)
	}
	out, err := a.folder.create()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Discard()) }()
	if a.timeLimit > 0 {
		limited, cancel := context.WithTimeout(ctx, a.timeLimit)
		defer cancel()
		ctx = limited
	}
	switch {
	case a.frontier:
		return frontier(ctx, l, full, out)
	case a.price != "":
		return price(ctx, l, full, out)
	}
	report, err := l.plan(ctx, full)
	if report == nil {
		return planError(full, err)
	}
	if writing := l.writePlanFolder(out, full, report); writing != nil {
		return writing
	}
	if writing := writePlan(s, report, a.format); writing != nil {
		return writing
	}
	if err != nil {
		return planError(full, err)
	}
	return a.conclude(l, full, report)
}

// plan searches for a plan of the scenario, which has the given further overrides. There may be a plan beside an error.
func (l *loader) plan(ctx context.Context, full *sim.Model, sets ...string) (*reports.Plan, error) {
	s, a := l.s, l.args
	debug.SetMemoryLimit(memoryGoal + int64(a.workers)*planMemory)
	parts, err := l.parts(full, sets)
	if err != nil {
		return nil, err
	}
	simulator, problems := planner.NewSimulator(planner.Setup{Full: full, Parts: parts, Changes: a.changes, Workers: a.workers, Arrived: s.watch})
	if len(problems) > 0 {
		return nil, problems
	}
	status := s.newStatus(a.quiet)
	defer status.end()
	status.say("measures the work with ample heads")
	started := time.Now()
	solver := planner.Solvers()[0]
	problem, impossible, err := simulator.Prepare(ctx, solver)
	status.end()
	if err != nil {
		return nil, err
	}
	if d := reports.PlanImpossibilities(simulator, impossible); d != nil {
		if err := text.Render(s.errs, d, text.Page{Width: terminal(s.errs)}); err != nil {
			return nil, err
		}
	}
	if problem == nil {
		return nil, &exitError{exitMissed, errors.New("no number of agents in the present shifts keeps any of the objectives")}
	}
	find := planner.Find
	if full.Scenario.Definition.Planning.BudgetIs == scenario.BudgetGoal {
		find = planner.FindWithin
	}
	options := planner.Effort(a.effort)
	options.Solver, options.Verdict, options.Told = solver, max(2, full.Scenario.Replications), status.search
	found, err := find(ctx, problem, simulator, options)
	if found == nil {
		return nil, err
	}
	report := reports.NewPlan(simulator, found, impossible)
	if f, both := solver.(*planner.Fallback); both && f.Failed != nil {
		report.Warnings = append(report.Warnings, fmt.Sprintf("the program cbc on the PATH does not work, the embedded solver did its work: %v", f.Failed))
	}
	elapsed := time.Since(started).Seconds()
	report.Elapsed, report.Version = &elapsed, programVersion()
	return report, err
}

func writePlan(s *session, report *reports.Plan, format string) error {
	if format == "json" {
		return writeJSON(s.out, report)
	}
	return text.Render(s.out, report.Document(), s.page())
}

// planError gives an error of the search its exit code.
func planError(m *sim.Model, err error) error {
	var budget *planner.BudgetError
	var short *planner.ShortError
	switch {
	case errors.Is(err, planner.ErrNone):
		return badInput("%s: planning: %w", m.Scenario.Definition.At("planning").File, err)
	case errors.As(err, &budget), errors.As(err, &short):
		return &exitError{exitMissed, err}
	case errors.Is(err, context.DeadlineExceeded):
		return &exitError{exitInterrupted, errors.New("the time limit ended the search before it had a plan")}
	}
	return err
}

// conclude writes the plan as a scenario and says with the exit code what became of it.
func (a *planArgs) conclude(l *loader, m *sim.Model, report *reports.Plan) error {
	if a.write != "" && report.Confirmed {
		tree, err := l.staffed(m, report)
		if err != nil {
			return err
		}
		err = writeWhole(a.write, func(w io.Writer) error { return writeStaffed(w, filepath.Base(a.write), tree) })
		if err != nil {
			return err
		}
	}
	switch {
	case report.Partial != "" && !report.Confirmed:
		return &exitError{exitInterrupted, errors.New("the search ended before a plan was confirmed")}
	case report.Partial == reports.Interrupted:
		return &exitError{exitInterrupted, errors.New("interrupted: the plan is the best confirmed one so far")}
	case !report.Confirmed:
		return &exitError{exitMissed, errors.New("the plan is not confirmed")}
	case len(report.Impossible) > 0:
		return &exitError{exitMissed, fmt.Errorf("no number of agents in the present shifts keeps %d of the objectives", len(report.Impossible))}
	}
	return nil
}
