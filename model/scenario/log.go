package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// LogRoles are what a column of a log may mean. Package workloads/trace says what each is.
var LogRoles = []string{
	"case", "event", "opened", "first_response", "resolved", "closed", "due", "severity", "channel", "region", "language", "plan",
	"activity", "assignee", "met", "handle_time", "customer_wait", "touches", "hand_offs", "reopened",
}

// LogDates are the orders of dates that a log may have.
var LogDates = []string{"y-m-d", "d/m/y", "m/d/y", "unix", "unix-ms"}

// LoadLog reads the log block of a file, which may be a scenario or hold nothing else. The definition that it returns has this part
// alone; its names are not checked. An error is always Problems.
func LoadLog(source Source) (*Definition, error) {
	tree, problems := readTree(&source)
	if tree == nil || len(problems) > 0 {
		return nil, problems
	}
	block := tree.find("log")
	if block == nil {
		return nil, Problems{{tree.at, "has no log: block, want one such as log: {columns: {opened: opened_at}, zone: Europe/Rome}"}}
	}
	only := &node{kind: mappingNode, at: tree.at, keys: []nodeKey{{name: "log", value: block, at: block.at}}}
	d := decoder{positions: map[string]Position{}}
	def := &Definition{zone: source.zone, positions: d.positions}
	d.decode(only, reflect.ValueOf(def).Elem(), "")
	v := &validation{def: def}
	v.checkLogForm()
	if problems = inOrder(append(d.problems, exceptAt(v.problems, d.problems)...), tree.at.File); len(problems) > 0 {
		return nil, problems
	}
	return def, nil
}

// checkLog checks the log block of a scenario.
func (v *validation) checkLog() {
	v.checkLogForm()
	values := &v.def.Log.Values
	v.logValues("severity", values.Severity, v.def.Severities.Names())
	v.logValues("channel", values.Channel, v.def.Channels.Names())
	v.logValues("region", values.Region, v.def.Regions.Names())
	v.logValues("language", values.Language, v.def.Languages.Names())
	v.logValues("plan", values.Plan, v.def.Plans.Names())
}

func (v *validation) logValues(attribute string, values Named[[]LogValue], names []string) {
	for _, entry := range values {
		v.reference(entry.At, attribute, entry.Name, names)
	}
}

// checkLogForm checks what does not depend on the scenario.
func (v *validation) checkLogForm() {
	l := &v.def.Log
	for _, column := range l.Columns {
		if !slices.Contains(LogRoles, column.Name) {
			v.problemAt(column.At, "%s is not what a column can mean%s want one of %s", column.Name, suggestion(column.Name, LogRoles), strings.Join(LogRoles, ", "))
		}
	}
	if _, err := l.Separator(); err != nil {
		v.problem("log.delimiter", "%s", err)
	}
	if l.Dates != "" && !slices.Contains(LogDates, l.Dates) {
		v.problem("log.dates", "is %s, want one of %s", l.Dates, strings.Join(LogDates, ", "))
	}
	if l.Zone != "" {
		v.zone("log.zone", l.Zone)
	}
}

// Separator is the delimiter as a byte; 0 = found.
func (l *Log) Separator() (byte, error) { return LogDelimiter(l.Delimiter) }

// LogDelimiter reads the delimiter of a log: one character of ASCII, or tab; 0 for the empty text.
func LogDelimiter(text string) (byte, error) {
	switch {
	case text == "":
		return 0, nil
	case text == "tab":
		return '\t', nil
	case len(text) > 1 || text == `"` || text == "\n":
		return 0, fmt.Errorf("is %q, want one character of ASCII but a quote, or tab", text)
	}
	return text[0], nil
}

// Of are the values of an attribute, such as severity.
func (l *LogValues) Of(attribute string) Named[[]LogValue] {
	switch attribute {
	case "severity":
		return l.Severity
	case "channel":
		return l.Channel
	case "region":
		return l.Region
	case "language":
		return l.Language
	case "plan":
		return l.Plan
	}
	return nil
}
