package fit

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sunrelay/model/calendar"
	"sunrelay/workloads/trace"
)

// Scenario is a scenario file that runs as it stands and says in comments which figure came from what, with its standard error. source
// is what the log is called. Its run starts on the first Monday after the log.
func (r *Result) Scenario(source string) string {
	start := r.Arrivals.Last + 1
	for weekday(start) != 0 {
		start++
	}
	return r.ScenarioFrom(source, start)
}

// ScenarioFrom is Scenario with a run from a local date on (days since 1970-01-01), to whose level growth is carried.
func (r *Result) ScenarioFrom(source string, start int) string {
	w := &writer{Result: r, start: start}
	w.head(source)
	w.customers()
	w.people()
	w.touches()
	w.cases()
	w.log()
	return w.String()
}

// writer writes the scenario of a result.
type writer struct {
	*Result
	strings.Builder
	start int // local date of the run
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// comment writes a paragraph of comment lines.
func (w *writer) comment(indent, format string, args ...any) {
	const width = 110
	line := indent + "#"
	for word := range strings.FieldsSeq(fmt.Sprintf(format, args...)) {
		if len(line)+1+len(word) > width {
			w.line("%s", line)
			line = indent + "#"
		}
		line += " " + word
	}
	w.line("%s", line)
}

func (w *writer) head(source string) {
	a := w.Arrivals
	w.comment("", "Fitted by sunrelay fit to %s: %d cases opened from %s to %s. What follows ± is a standard error. Blocks that say assumed hold what the log does not tell.",
		source, w.Cases, Date(a.First), Date(a.Last))
	if len(w.Findings) > 0 {
		w.line("#")
		w.comment("", "What to know of the log:")
	}
	for _, f := range w.Findings {
		w.comment("", "- %s", f.Text)
	}
	w.line("name: fitted")
	w.line("title: %s", strconv.Quote("Fitted to "+source))
	w.line("")
}

// customers writes who has cases and what they were promised.
func (w *writer) customers() {
	if names := w.named(trace.Severity); names != nil {
		w.line("severities: # most severe first, by their names")
		for _, s := range names {
			w.line("  %s: {title: %s}", s.key, strconv.Quote(s.Value))
		}
	} else {
		w.line("severities: [normal]")
	}
	if names := w.named(trace.Channel); names != nil {
		w.line("channels:")
		for _, c := range names {
			w.line("  %s: {} # %q", c.key, c.Value)
		}
	}
	w.line("regions:")
	w.line("  customers: {zone: %s}", w.Zone)
	w.line("plans:")
	w.line("  standard:")
	if w.Promise != nil {
		w.comment("    ", "The middle of the times promised in the log, which are %s to %s in eight of ten cases.", shown(w.Promise.Quantiles[3]), shown(w.Promise.Quantiles[11]))
		w.line("    resolve: %s", length(max(w.Promise.Median.Value, 60_000)))
	}
	if w.Reopened.Value > 0 {
		if at, share := spike(w.Lag); share > 0.2 {
			w.comment("    ", "Cases are closed by rule %s after they were resolved (%s of them): until then the same case goes on.", shown(at), percent(share))
			w.line("    reopen_within: %s", length(at))
		} else {
			w.line("    reopen_within: 14d # assumed")
		}
	}
	if w.Promise == nil && !(w.Reopened.Value > 0) {
		w.line("    title: %s", strconv.Quote("without promises"))
	}
	w.line("")
}

// people writes who works: as many as the busiest hours need, since the log does not say.
func (w *writer) people() {
	busiest, n := 0.0, len(w.Arrivals.Profile)
	for h := range w.Arrivals.Profile {
		three := (w.Arrivals.Profile[h] + w.Arrivals.Profile[(h+1)%n] + w.Arrivals.Profile[(h+2)%n]) / 3
		busiest = max(busiest, three)
	}
	load := w.Arrivals.PerWeek.Value * busiest / 168 * w.work.stage * w.work.handleMean / float64(calendar.Hour)
	const occupancy = 0.7
	agents := func(load float64) int { return int(math.Ceil(load/occupancy)) + 1 }
	w.comment("", "Nobody knows from the log who worked: round the clock as many as the busiest hours need (%.2g erlangs) with %.0f %% occupancy.",
		load*(1+w.work.escalation), occupancy*100)
	w.line("centres:")
	w.line("  desk:")
	w.line("    assumed: true")
	if w.work.escalation > 0 {
		w.line("    pools: {t1: {agents: %d}, t2: {tiers: t2, agents: %d}}", agents(load), agents(load*w.work.escalation))
	} else {
		w.line("    pools: {t1: {agents: %d}}", agents(load))
	}
}

// touches writes what the work is: handle times, touches, and the time between them.
func (w *writer) touches() {
	anchor := "" // where there is another tier like it
	if w.work.escalation > 0 {
		anchor = " &t1"
	}
	w.line("work:")
	w.line("  t1:%s", anchor)
	if w.work.assumed {
		w.line("    assumed: true # the handle time")
	} else {
		w.comment("    ", "Handle times: %d recorded, %s.", w.HandleTime.Cases, w.HandleTime.told())
	}
	w.line("    handle_time: %s", strconv.Quote(w.work.handleTime))
	w.comment("    ", "Touches %s.", w.work.touchesFrom)
	if w.work.escalation > 0 {
		w.comment("    ", "In all %.3g a case, of which each tier that it comes to has", w.work.touches)
	}
	w.line("    touches: %g", w.work.stage)
	if w.work.delay != "" {
		w.comment("    ", "Time between touches, whoever or whatever is waited for, such that times to resolve are those recorded (%d cases, %d of them open, median %s ± %s) "+
			"within %.2g of their CDF from the 30th to the 95th percentile.", w.Resolution.Cases, w.Resolution.Open, shown(w.Resolution.Median.Value), shown(w.Resolution.Median.Error), w.work.miss)
		if w.Resolution.Law != "" {
			w.comment("    ", "As a whole they are: %s; %s.", w.Resolution.Law, w.Resolution.told())
		}
		if !math.IsNaN(w.WaitShare.Value) {
			w.comment("    ", "The customer's own share of that time is recorded as %s ± %.2g.", percent(w.WaitShare.Value), 100*w.WaitShare.Error)
		}
		w.line("    question: 1")
		w.line("    answer_after: %s", strconv.Quote(w.work.delay))
	}
	if w.Reopened.Value > 0 {
		w.line("    reopen: %.4g # ± %.2g, recorded", w.Reopened.Value, w.Reopened.Error)
		w.line("    reopen_after: exponential(mean 2d) # assumed")
	}
	w.handOffs()
	w.line("")
}

// handOffs writes the second tier, to which the cases escalate that were handed off.
func (w *writer) handOffs() {
	if math.IsNaN(w.HandOffs.Value) {
		return
	}
	recorded := fmt.Sprintf("Hand-offs: %.3g ± %.2g a case, some in %s ± %.2g of the cases", w.HandOffs.Value, w.HandOffs.Error, percent(w.HandedOff.Value), 100*w.HandedOff.Error)
	if w.work.escalation == 0 {
		w.comment("    ", "%s; without effect here.", recorded)
		return
	}
	w.comment("    ", "%s. These escalate to the second tier; further hand-offs are without effect. Which tier did how much of the work the log does not tell: both are alike.", recorded)
	w.line("    escalation: %.4g", w.work.escalation)
	w.line("  t2: {<<: *t1, escalation: {}}")
}

// told says how a law was chosen.
func (d *Duration) told() string {
	return fmt.Sprintf("%s, within %.2g of the CDF of the half held out (log-scores: %s)", d.Family, d.Distance, scoresOf(d.Held))
}

func scoresOf(held []Score) string {
	texts := make([]string, len(held))
	for i, s := range held {
		texts[i] = fmt.Sprintf("%s %.4f", s.Family, s.LogScore)
	}
	return strings.Join(texts, ", ")
}

// cases writes when cases arrive and how they are mixed.
func (w *writer) cases() {
	a := w.Arrivals
	w.line("workload:")
	w.mix()
	w.leftOut()
	w.line("  streams:")
	w.line("    cases:")
	if w.Refused != "" {
		w.comment("      ", "The rate is not fitted: %s. It is the plain mean.", w.Refused)
		w.line("      assumed: true")
	}
	rate, until := a.PerWeek.Value, ""
	if a.Grows {
		years := float64(w.start-a.First)/365 - float64(len(a.Daily)-1)/2/365
		rate *= math.Pow(1+a.Growth.Value, years)
		until = ", carried on from the middle of the log to the start of the run with the growth"
	}
	w.comment("      ", "%.6g ± %.2g cases a week%s.", a.PerWeek.Value, a.PerWeek.Error, until)
	w.line("      rate: %.6g/week", rate)
	w.comment("      ", "Hours of the local week from Monday 00:00, with a mean of 1; standard errors are %.2g in the middle and at most %.2g.",
		middle(a.ProfileErr[:]), slices.Max(a.ProfileErr[:]))
	w.line("      profile:")
	w.line("        week: [")
	for d := range 7 {
		texts := make([]string, 24)
		for h := range texts {
			texts[h] = fmt.Sprintf("%.4g", a.Profile[d*24+h])
		}
		w.line("          %s, # %s", strings.Join(texts, ", "), weekdays[d])
	}
	w.line("        ]")
	if !math.IsInf(a.Shape.Value, 1) {
		w.comment("      ", "Shape of the busy days, ± %.2g: daily counts vary %.3g times as much as a Poisson process.", a.Shape.Error, a.Ratio)
		w.line("      busy_day: %.4g", a.Shape.Value)
	}
	switch {
	case a.Grows:
		w.line("      growth: %.4g # a year, ± %.2g", a.Growth.Value, a.Growth.Error)
	case a.Growth.Error > 0:
		w.comment("      ", "Growth %s ± %s a year: left out.", percent(a.Growth.Value), percent(a.Growth.Error))
	}
	w.storms()
	w.line("run: {start: %s, days: 28, warm_up: 4w, replications: 10}", Date(w.start))
}

// log writes how the log was read, so that replay reads it likewise.
func (w *writer) log() {
	w.line("")
	w.line("log: # how the log was read: sunrelay replay reads it likewise")
	assumed := ""
	if !w.Log.ZoneGiven {
		assumed = " # assumed"
	}
	w.line("  zone: %s%s", w.Zone, assumed)
	if dates := w.dates(); dates != trace.FindDates {
		w.line("  dates: %s", dates)
	}
	w.line("  columns:")
	for _, c := range w.Log.Columns {
		w.line("    %s: %s", c.Role, strconv.Quote(c.Name))
	}
	severities, channels := w.named(trace.Severity), w.named(trace.Channel)
	if severities == nil && channels == nil {
		return
	}
	w.line("  values:")
	w.logValues("severity", severities)
	w.logValues("channel", channels)
}

func (w *writer) logValues(attribute string, names []named) {
	if names == nil {
		return
	}
	w.line("    %s:", attribute)
	for _, n := range names {
		if !n.isRest {
			w.line("      %s: %s", n.key, strconv.Quote(n.Value))
		}
	}
}

// dates is the order of all dates of the log; not given where columns differ.
func (w *writer) dates() (order trace.Dates) {
	for _, c := range w.Log.Columns {
		switch {
		case c.Dates == trace.FindDates || c.Dates == order:
		case order != trace.FindDates:
			return trace.FindDates
		default:
			order = c.Dates
		}
	}
	return order
}

// storms writes the bursts. Their cases are ordinary ones, since the storm is over before they come.
func (w *writer) storms() {
	s := w.Arrivals.Storms
	if s == nil {
		return
	}
	w.line("    storms:")
	w.comment("      ", "Bursts: %d in the log, %.3g ± %.2g a year, with %.0f%s cases each beyond the usual. Each case is worked by itself: nothing links it to the others.",
		s.Number, s.PerYear.Value, s.PerYear.Error, s.Cases.Value, plusMinus(s.Cases.Error))
	w.line("      outages:")
	w.line("        rate: %.4g/year", s.PerYear.Value)
	w.line("        cases: %.4g", s.Cases.Value)
	w.line("        reported: %q # recorded, by the hour", s.expression())
	w.line("        lasts: 1s")
	w.line("        check: 1m")
}

// leftOut says which attributes the log has and the scenario does not.
func (w *writer) leftOut() {
	for _, role := range []trace.Role{trace.Region, trace.Language, trace.Plan} {
		shares := w.Mixes[role]
		if len(shares) < 2 {
			continue
		}
		const most = 3
		var texts []string
		for _, s := range shares[:min(most, len(shares))] {
			texts = append(texts, fmt.Sprintf("%s %s ± %.2g", s.Value, percent(s.Part.Value), 100*s.Part.Error))
		}
		w.comment("  ", "Without effect here: the %s, of which the log has %d values, such as %s.", role, len(shares), strings.Join(texts, ", "))
	}
}

// plusMinus is a standard error; nothing where it is not known.
func plusMinus(err float64) string {
	if math.IsNaN(err) {
		return ""
	}
	return fmt.Sprintf(" ± %.2g", err)
}

func (w *writer) mix() {
	severities, channels := w.named(trace.Severity), w.named(trace.Channel)
	if severities == nil && channels == nil {
		return
	}
	w.line("  mix:")
	for _, part := range []struct {
		name  string
		names []named
	}{{"severity", severities}, {"channel", channels}} {
		if part.names == nil {
			continue
		}
		w.line("    %s: # of the %d cases that say", part.name, casesOf(part.names))
		for _, n := range part.names {
			w.line("      %s: %.8f # ± %.2g", n.key, n.Part.Value, n.Part.Error)
		}
	}
}

func casesOf(names []named) (sum int) {
	for _, n := range names {
		sum += n.Cases
	}
	return sum
}

// named is a share with its key in a scenario.
type named struct {
	Share
	key    string
	rank   int
	isRest bool // of rare values
}

// mostNames is how many values of an attribute a scenario tells apart; the rest are other, with a value of that name.
const mostNames, restName = 12, "other"

// named are the values of an attribute with keys of their own: severities from the most severe, others from the most frequent. It is nil
// where there are fewer than two.
func (w *writer) named(role trace.Role) []named {
	shares := w.Mixes[role]
	if len(shares) < 2 {
		return nil
	}
	var all []named
	var rare []Share
	used := map[string]bool{}
	for i, s := range shares {
		if len(shares) > mostNames && (len(all) == mostNames-1 || Key(s.Value) == restName) {
			rare = append(rare, s)
			continue
		}
		all = append(all, named{Share: s, key: unused(Key(s.Value), used), rank: i})
	}
	if rare != nil {
		all = append(all, named{Share: rest(rare), key: restName, rank: len(all), isRest: true})
	}
	if role == trace.Severity {
		for i := range all {
			all[i].rank = SeverityRank(all[i].Value, i)
		}
		slices.SortStableFunc(all, func(a, b named) int { return a.rank - b.rank })
	}
	return all
}

// rest is the sum of shares of the same cases.
func rest(shares []Share) Share {
	sum := Share{Value: restName}
	for _, s := range shares {
		sum.Cases += s.Cases
		sum.Part.Value += s.Part.Value
	}
	p := sum.Part.Value
	sum.Part.Error = p * math.Sqrt((1-p)/float64(sum.Cases)) // √(p(1-p)/n) of n cases in all, of which these are p·n
	return sum
}

// Key is a value as the key of a scenario: "1 - Critical" is critical.
func Key(value string) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, strings.ToLower(value))
	bare := strings.TrimLeft(text, "0123456789_")
	if bare == "" {
		bare = "s" + text
	}
	return strings.Trim(bare, "_")
}

// unused is the key, with a number where it is taken.
func unused(key string, used map[string]bool) string {
	name := key
	for i := 2; used[name]; i++ {
		name = fmt.Sprintf("%s_%d", key, i)
	}
	used[name] = true
	return name
}

// severityWords are words of severities, from the most severe.
var severityWords = [][]string{
	{"blocker", "urgent", "emergency", "highest", "critical"}, {"high", "major", "severe"}, {"medium", "moderate", "normal", "standard"}, {"low", "minor"},
	{"lowest", "trivial", "planning", "question"},
}

// SeverityRank is the place of a severity, the most severe first: 100 times a number in the name, else that of a word of it, else the given place after these.
func SeverityRank(name string, place int) int {
	digits := strings.TrimLeftFunc(name, func(r rune) bool { return !unicode.IsDigit(r) })
	if n, err := strconv.Atoi(strings.TrimRightFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) })); err == nil {
		return n * 100
	}
	for rank, words := range severityWords {
		for i, word := range words {
			if strings.EqualFold(name, word) || strings.Contains(strings.ToLower(name), word) && word != "high" && word != "low" {
				return rank*100 + i
			}
		}
	}
	return 1000 + place
}
