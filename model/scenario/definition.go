package scenario

import (
	"strings"
	"time"

	"sunrelay/model"
	"sunrelay/model/calendar"
	"sunrelay/model/org"
	"sunrelay/model/sla"
)

// Definition is a scenario: who the customers are, what they were promised, who works where, which cases come.
//
// It is the file after decoding and defaults: names, not indices. The zero value of an optional part
// means "not given". Load fills it, Compile turns it into dense tables.
type Definition struct {
	Extends     string // scenario that this one changes: a file beside it or a built-in name; maps merge, the rest replaces
	Name        string // short name for tables and file names; default the file's name without its ending
	Title       string // one line for people
	Description string // what the scenario is about, where its figures come from
	Assumed     bool

	Currency      string         // ISO 4217 code of all sums; default that of the first amount in the file
	ExchangeRates Named[float64] // value of one unit of another currency in Currency
	Terms         Named[string]  // published terms without effect on the simulation, for the reader

	Calendars  Named[Calendar]          // opening hours by name; the name always is round the clock and need not be given
	Severities Named[Severity]          // most severe first; at least one
	Languages  Named[Language]          // default: those that regions and pools name, else en
	Channels   Named[Channel]           // default: web
	Regions    Named[Region]            // groups of customers
	Plans      Named[Plan]              // what customers buy
	Centres    Named[Centre]            // places where agents work
	Work       Named[Work]              // by tier, in the order of escalation; and by external party
	Management Named[ManagerRequest]    // ways in which customers ask for a manager
	Routing    Routing                  // how work is dispatched
	Workload   Workload                 // which cases arrive when
	Run        Run                      // what is simulated
	Objectives []Located[sla.Objective] // what the run must reach, such as "first_response of priority sev1 >= 95%"
	Pay        Pay                      // extra pay of agents, beside their cost an hour
	Planning   Planning                 // which head counts a planner may change
	Log        Log                      // how a recorded log of cases is read

	Hash        string     `scenario:"-" json:"-"` // of the file after extends and overrides, and of the files it names; hexadecimal
	Assumptions []Position `scenario:"-" json:"-"` // of the blocks that say assumed: true, in the order of the file

	positions map[string]Position // of every value of the file, by path
	files     map[string][]byte   // contents of the .ics files that calendars name, by name
	zone      func(name string) (*time.Location, error)
}

// At is the position of the value at path, or of what holds it where the file does not give it.
func (def *Definition) At(path string) Position {
	for outer := path; outer != ""; {
		if at, known := def.positions[outer]; known {
			at.Path = path
			return at
		}
		dot := strings.LastIndexByte(outer, '.')
		outer = outer[:max(dot, 0)]
	}
	at := def.positions[""]
	at.Path = path
	return at
}

// given reports whether the file has a value at path.
func (def *Definition) given(path string) bool {
	_, known := def.positions[path]
	return known
}

// Calendar is the definition of opening hours; model/calendar holds the arithmetic.
type Calendar struct {
	Assumed     bool
	Zone        string                   // IANA name, such as Europe/Dublin; required unless hours are 24x7
	Hours       calendar.Hours           // local opening hours by weekday
	Holidays    []Located[string]        // country codes such as us or de-by, dates such as 2026-12-24, .ics files; closed on them
	Dates       Named[calendar.Windows]  // hours of single dates, by ISO date; closed closes
	BusinessDay calendar.BusinessDayRule // when "2bd" is due: end_of_day (default) or same_time
}

// Severity is the impact of a case. The order of the file is the rank: the first is the most severe.
type Severity struct {
	Assumed    bool
	Title      string // what it means, for people
	Interrupts bool   // its work interrupts work of lower severities when nobody is free
	CallsIn    bool   // its work calls in agents who are on call when nobody is free
}

// Language is a language of customers and agents.
type Language struct {
	Assumed  bool
	Fallback string // language in which its cases are also served; default none
}

// Channel is a way in which cases arrive.
type Channel struct {
	Assumed    bool
	Patience   Expr         // distribution: how long a caller holds before hanging up; default for ever
	Callback   float64      // share of the callers whose patience is over who keep their place and are called back
	MaxWaiting *int         // callers that may hold at a time; more are blocked; default any number
	Responds   sla.Response // which end of the first touch answers a case: at_start (default) or at_end
	Hours      sla.Coverage // in which it is open: always (default), region or region.ROLE
	Instead    string       // channel by which customers come outside the hours; default none, they are refused
}

// Region is a group of customers with one zone, one calendar and a mix of languages.
type Region struct {
	Assumed   bool
	Zone      string         // IANA name; default that of its calendar, else UTC
	Calendar  string         // business hours of the customers; default open always
	Calendars Named[string]  // further calendars of the region by role, as in coverage "region.maintenance"
	Languages Named[float64] // share of cases by language; default the only language, else en
	Home      string         // centre whose calendar holds where coverage says "centre"; default the first of the region, else the first
}

// Plan is what a customer buys: which hours it covers and what it promises.
type Plan struct {
	Assumed      bool
	Title        string        // as sold
	PricePerYear model.Money   // of one customer, such as 12,000 USD
	Customers    int           // how many have bought it
	Terms        Named[string] // published terms without effect on the simulation, for the reader

	Coverage          BySeverity[sla.Coverage]      // which hours count and who may work the case; default always
	Channels          BySeverity[[]Located[string]] // by which cases may be opened, others are refused; default all
	PromisedLanguages []Located[string]             // in which the targets hold and all centres help; default all
	FirstResponse     BySeverity[Target]            // from arrival to the first touch; no promise where not given
	NextResponse      BySeverity[Target]            // from each further contact by the customer to the next reply
	Update            BySeverity[Target]            // from each contact by an agent, or the arrival, to the next
	UpdateRestored    BySeverity[Target]            // the same once service is restored; default that of update
	Restore           BySeverity[Target]            // from arrival to a workaround or the solution
	Resolve           BySeverity[Target]            // from arrival to the end of the last touch; no promise where not given
	Fix               BySeverity[Target]            // by external party: from hand-off until it delivers
	RmaDispatch       BySeverity[Target]            // by external party: from the return's issue until the part is sent
	RmaReturn         BySeverity[Target]            // by external party: from delivery until the customer has sent the defective unit back
	ManagerContact    BySeverity[Target]            // by way of asking: until a manager gets in touch
	Pauses            []Located[sla.Milestone]      // milestones whose clocks stand still while the customer is asked; default none

	SeverityChanges sla.SeverityRule  // either (default), lower, raise or none, once the severity is agreed
	ContactAttempts int               // contacts, the question included, before a case without answer is closed; default 1
	AttemptEvery    Target            // from one attempt to the next; default 1bd
	ReopenWithin    calendar.Duration // of closing: a customer who comes back has the same case; default 0
	SplitsIssues    bool              // every further issue of a case becomes a case of its own
	Engineer        Engineer          // whom its cases are kept for
	ServiceDays     float64           // agent days a year that each customer gets beside cases
	Credits         []Credit          // what is owed for promises broken
}

// Target is a limit and the hours in which it counts.
type Target struct {
	Assumed bool
	Target  sla.Target    // such as 4bh
	Clock   *sla.Coverage // always, region, region.ROLE or centre; default the plan's coverage for the severity
}

// Engineer says for whom the touches of a plan's cases are kept.
type Engineer struct {
	Assumed bool
	Who     sla.Affinity      // anybody (default), last or named
	Wait    calendar.Duration // how long a touch waits for the one engineer while he is busy
}

// Credit is owed if the attainment of a milestone, over the run, is below a bound; the lowest bound counts.
type Credit struct {
	Assumed   bool
	Milestone sla.Milestone // one that the plan promises
	Below     float64       // attainment, a share
	Rate      float64       // share of the price
}

// ManagerRequest is a way in which customers ask for a manager, whose contact is served like work of the most severe cases.
type ManagerRequest struct {
	Assumed    bool
	Share      float64 // of the cases
	After      Expr    // distribution, from arrival
	HandleTime Expr    // distribution of the manager's contact
	Tier       string  // who makes the contact; default the case's tier
}

// Centre is a place where agents work.
type Centre struct {
	Assumed  bool
	Zone     string            // IANA name; default that of its calendar, else UTC
	Calendar string            // opening hours; default open always
	Region   []Located[string] // the customers it serves first, of one or several regions; default all
	Pay      Pay               // of its agents, where that differs
	Pools    Named[Pool]       // groups of agents with equal skills
}

// Pay is what agents are paid beyond the cost an hour of their pool, as shares of it. Shares add up: of an hour of a night at a
// weekend, both.
type Pay struct {
	Assumed  bool
	Night    *float64 // of hours from 22:00 to 06:00, local, scheduled or on call; default 0
	Weekend  *float64 // of Saturdays and Sundays, local, scheduled or on call; default 0
	Overtime *float64 // of hours past the end of a shift, and of those of agents who were called in; default 0
}

// Pool is a group of agents with equal skills at one centre.
type Pool struct {
	Assumed     bool
	Tiers       []Located[string]  // default: the first tier
	Languages   []Located[string]  // default: every language
	Agents      *int               // heads on duty whenever the centre is open; not beside shifts
	Shifts      Named[Shift]       // daily stretches of duty, with heads
	Shrinkage   float64            // share of agent days lost, [0, 1)
	AtShiftEnd  org.ShiftEnd       // of a touch in progress: finish (default, in overtime) or hand_over
	MaxOvertime *calendar.Duration // of a touch in progress at shift end; default until it is finished
	CostPerHour model.Money        // of one scheduled agent, such as 55 USD

	Channels       []Located[string] // of the cases that its agents take; default all
	Concurrency    []float64         // total speed of an agent with 1, 2, ... pieces of work at a time; default 1
	Activities     float64           // share of the time on duty lost to short activities, [0, 1)
	ActivityLength calendar.Duration // of one of them; default 15m
	ServicePlans   []Located[string] // plans whose service days its agents give

	OnCallCostPerHour model.Money // of one agent on call
}

// Shift is a daily stretch of duty.
type Shift struct {
	Assumed  bool
	Agents   int                // heads scheduled each shift day, before shrinkage
	Days     calendar.Weekdays  // default every day
	Start    calendar.TimeOfDay // local
	Length   calendar.Duration  // by the local clock, at most 24h
	Holidays org.HolidayWork    // of the centre's calendar: observed (default) or worked
	Breaks   Named[Break]       // in the stretch, when its agents are off duty
	Waves    int                // groups of its agents that take breaks one after the other; default 1
	OnCall   calendar.Duration  // its agents are on call and come so long after being called in; default 0, on duty
}

// Break is a time off within a shift.
type Break struct {
	Assumed bool
	After   calendar.Duration // from the start of the shift, for its first wave
	Length  calendar.Duration // of the break; each further wave takes it so much later
}

// Work is what a case asks of one tier; entries by severity replace single values.
type Work struct {
	Assumed    bool
	WorkValues `scenario:",inline"`
	Severities Named[WorkValues] // figures that differ by severity
	Plans      Named[WorkValues] // figures that differ by plan, before those by severity
}

// WorkValues is what a case asks of one tier where that may differ by severity.
type WorkValues struct {
	HandleTime  Expr           // distribution of one touch
	Touches     *float64       // mean touches of a stage, geometric, at least 1; default 1
	Question    *float64       // share of the touches between which the customer is asked, [0, 1]; default 0
	AnswerAfter Expr           // distribution of the customer's delay
	Answered    *float64       // share of the questions that are answered, [0, 1]; default 1; the others close the case after answer_after
	AnswerClock *sla.Coverage  // hours in which customers answer: always (default), region or region.ROLE
	Escalation  Named[float64] `scenario:"next_tier"` // share of the stages that end in another tier, by tier; a bare number means the next tier
	UpdateTime  Expr           // distribution of an update, and of a contact attempt
	Restored    *float64       // share of the touches before the last after which service is restored, [0, 1]; default 0
	Lowered     *float64       // share of the touches before the last after which the case is one severity lower; default 0
	Raised      *float64       // share of the touches before the last after which it is one severity higher; default 0
	Issues      *float64       // mean issues of a case, geometric, at least 1; default 1
	Reopen      *float64       // share of the solved cases whose customers come back; default 0
	ReopenAfter Expr           // distribution, from the solution

	Turnaround      Expr           // distribution; the tier is an external party, without agents
	TurnaroundClock *sla.Coverage  // hours in which it works: always (default), region or region.ROLE
	Releases        *Releases      // what is ready goes out with the next release
	Fails           *float64       // share of what it delivers that does not work; default 0
	Milestone       *sla.Milestone `words:"fix,rma_dispatch"` // whose clock runs there: fix or rma_dispatch
	Delivery        Expr           // distribution: from dispatch until the case goes on
	SendBack        Expr           // distribution: from delivery until the defective unit is back
	SendBackClock   *sla.Coverage  // hours in which customers send it back: always (default), region or region.ROLE
}

// Releases are the dates of releases.
type Releases struct {
	Assumed bool
	From    calendar.Instant  // one of them
	Every   calendar.Duration // from one to the next
}

// Routing is how work is dispatched.
type Routing struct {
	Assumed   bool
	Rule      Expr                     // which waiting work a free agent takes: fifo, severity, edf or severity_edf (default)
	Rereading Named[calendar.Duration] // by severity: extra work when a touch is continued at another centre

	UpdateLead *float64 // share of the time to an update's due that is left when its work begins to wait, (0, 1]; default 25%
}

// Workload is which cases arrive when.
type Workload struct {
	Assumed bool
	Mix     Mix           // default of the streams
	Streams Named[Stream] // sources of arrivals by name
}

// Stream is one source of arrivals: a region's customers.
type Stream struct {
	Assumed      bool
	Region       string   // default: the only region
	Tier         string   // where its cases start; default the first
	Rate         sla.Rate // mean arrivals; not beside interarrival
	Interarrival Expr     // distribution between arrivals (a renewal process)
	Outages      *Outages // failures that many customers report; beside neither
	Profile      Profile  // shape of the week; default even
	BusyDay      float64  // shape of the Gamma factor (mean 1) of each local day; 0 = none
	Growth       float64  // change of the rate in a year, as a share, > -1
	Mix          Mix      // what differs from the mix of the workload
}

// Outages are failures that many customers report. Their cases end together.
type Outages struct {
	Assumed  bool
	Rate     sla.Rate // of outages, a Poisson process
	Cases    float64  // mean number of linked cases, Poisson
	Reported Expr     // distribution: from the beginning of the outage to a case's arrival
	Lasts    Expr     // distribution: from the beginning of the outage to its end
	Check    Expr     // distribution of a linked case's first touch
}

// Profile is the shape of a rate over the local week. Values are relative.
type Profile struct {
	Weekdays []float64 // Monday first, 7 values
	Day      []float64 // 24, 48, 96, 144, 288 or 1440 values from midnight on
	Week     []float64 // 7 times as many from Monday on; not beside the other two
}

// Mix is the share of cases by attribute. A part that is not given in a stream is taken from the workload.
type Mix struct {
	Plan     Named[float64] // default the only plan
	Severity Shares         // may depend on plan; default the only severity
	Channel  Shares         // may depend on plan or severity; default the only channel
	Entitled *float64       // share of the cases that the customer is entitled to, the others are refused; default 1
}

// Shares are weights summing to 1, either flat or, with By ("plan", "severity"), one set for each value of another
// attribute.
type Shares struct {
	By    string
	Flat  Named[float64]
	Cases Named[Named[float64]]
}

// Run is what is simulated.
type Run struct {
	Start        calendar.Instant  // first measured instant; default 2026-01-05 (a Monday)
	Days         float64           // measured length; default 28
	WarmUp       calendar.Duration // simulated before start and not measured; default 0
	Replications int               // default 8
	Seed         uint64            // default 1
}

// Log says how a recorded log of cases is read, for fit and replay. It has no effect on a simulation.
type Log struct {
	Columns   Named[string] // column of the log by what it means, such as opened or severity; "" = none, whatever its name is like
	Delimiter string        // between fields of CSV: one character, or tab; default found
	Dates     string        // order of dates: y-m-d, d/m/y, m/d/y, unix or unix-ms; default found where the log shows it
	Zone      string        // IANA name, of times without offset; default UTC
	Values    LogValues     // which values of the log mean what in the scenario; default by their names
}

// LogValues are values of a log by the name that they mean in the scenario.
type LogValues struct {
	Severity Named[[]LogValue] // values of the log by severity, such as high: [1 - Critical, 2 - High]
	Channel  Named[[]LogValue] // values of the log by channel
	Region   Named[[]LogValue] // values of the log by region
	Language Named[[]LogValue] // values of the log by language
	Plan     Named[[]LogValue] // values of the log by plan
}

// LogValue is a value of a log as it stands there; in a scenario it may look like a number.
type LogValue string
