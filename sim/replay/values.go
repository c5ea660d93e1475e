package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sunrelay/model/scenario"
	"sunrelay/workloads/fit"
	"sunrelay/workloads/trace"
)

// Value is a value of the log and what it means in the scenario.
type Value struct {
	Attribute trace.Role
	Value     string
	Cases     int
	Name      int // index of the severity, channel ... in the scenario; -1 = none is like it, so that it is drawn
	How       How

	attribute int   // index into Attributes
	value     int32 // index into Log.Values
}

// How says why a value means what it does.
type How string

// The ways, the surest first.
const (
	Given   How = "given"
	Named   How = "name"
	Ranked  How = "rank"      // severities whose names have the same number, or words of the same weight
	Ordered How = "order"     // as many severities as the scenario has
	Rest    How = "the rest"  // of rare values, which the scenario calls other
	Only    How = "only one"  // that the scenario has
	Drawn   How = "not known" // by the scenario's shares
)

// Meanings are the values that are known to mean a name of the scenario, by role and value.
type Meanings map[trace.Role]map[string]string

// Match finds what the values of the log mean, the most frequent of each attribute first. The error names a meaning that does not fit.
func (c *Collector) Match(log *trace.Log, to *scenario.Compiled, known Meanings) ([]Value, error) {
	var all []Value
	for i, role := range Attributes {
		names := namesOf(to, role)
		values := c.values(log, i)
		for _, v := range sortedKeys(known[role]) {
			if !slices.ContainsFunc(values, func(seen Value) bool { return seen.Value == v }) {
				return nil, &ValueError{role, v, fmt.Sprintf("the log has no such value, want one of %s", listOf(values))}
			}
			if !slices.ContainsFunc(names, func(n name) bool { return n.name == known[role][v] }) {
				return nil, &ValueError{role, v, fmt.Sprintf("%q is not a %s of the scenario, want one of %s", known[role][v], role, strings.Join(plainNames(names), ", "))}
			}
		}
		match(values, names, role, known[role])
		all = append(all, values...)
	}
	return all, nil
}

// ValueError is what is wrong with the meaning that a value is given.
type ValueError struct {
	Attribute trace.Role
	Value     string
	Text      string
}

func (e *ValueError) Error() string { return fmt.Sprintf("%s %q: %s", e.Attribute, e.Value, e.Text) }

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// listOf lists values, at most a dozen.
func listOf(values []Value) string {
	const most = 12
	var texts []string
	for i, v := range values {
		if i == most {
			return strings.Join(texts, ", ") + " ..."
		}
		texts = append(texts, fmt.Sprintf("%q", v.Value))
	}
	return strings.Join(texts, ", ")
}

// values are those of an attribute that occur.
func (c *Collector) values(log *trace.Log, attribute int) []Value {
	role := Attributes[attribute]
	cases := make([]int, len(log.Values[role]))
	for id, combination := range c.all {
		if v := combination[attribute]; v >= 0 {
			cases[v] += c.counts[id]
		}
	}
	var values []Value
	for v, n := range cases {
		if n > 0 {
			values = append(values, Value{role, log.Values[role][v], n, -1, Drawn, attribute, int32(v)})
		}
	}
	slices.SortStableFunc(values, func(a, b Value) int { return cmp.Compare(b.Cases, a.Cases) })
	return values
}

// name is a name of the scenario with its title; a region without cases in the scenario can bring none here.
type name struct {
	name, title string
	index       int
}

func namesOf(to *scenario.Compiled, role trace.Role) (names []name) {
	add := func(n, title string) { names = append(names, name{n, title, len(names)}) }
	def := to.Definition
	switch role {
	case trace.Severity:
		for _, s := range def.Severities {
			add(s.Name, s.Value.Title)
		}
	case trace.Channel:
		for _, c := range def.Channels {
			add(c.Name, "")
		}
	case trace.Language:
		for _, l := range def.Languages {
			add(l.Name, "")
		}
	case trace.Plan:
		for _, p := range def.Plans {
			add(p.Name, p.Value.Title)
		}
	case trace.Region:
		for _, r := range def.Regions {
			add(r.Name, "")
		}
		names = slices.DeleteFunc(names, func(n name) bool {
			return !slices.ContainsFunc(def.Workload.Streams, func(s scenario.Entry[scenario.Stream]) bool { return s.Value.Region == n.name })
		})
	}
	return names
}

// Varies reports whether the scenario has more than one value of an attribute.
func Varies(to *scenario.Compiled, role trace.Role) bool { return len(namesOf(to, role)) > 1 }

// NameOf is a name of the scenario by its index; empty for -1.
func NameOf(to *scenario.Compiled, role trace.Role, index int) string {
	for _, n := range namesOf(to, role) {
		if n.index == index {
			return n.name
		}
	}
	return ""
}

func plainNames(names []name) []string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n.name
	}
	return texts
}

// match finds a name for each value: the given one, one that is the same but for case and signs, for severities one of the same rank.
func match(values []Value, names []name, role trace.Role, known map[string]string) {
	for i := range values {
		v := &values[i]
		if wanted, isGiven := known[v.Value]; isGiven {
			v.set(names, Given, func(n name) bool { return n.name == wanted })
			continue
		}
		v.set(names, Named, func(n name) bool { return strings.EqualFold(n.name, v.Value) || n.title == v.Value })
		v.set(names, Named, func(n name) bool { return alike(v.Value, n.name) || n.title != "" && alike(v.Value, n.title) })
		if role == trace.Language {
			v.set(names, Named, func(n name) bool { return strings.EqualFold(n.name, strings.FieldsFunc(v.Value+"-", isJoint)[0]) })
		}
		if role == trace.Severity {
			v.set(names, Ranked, func(n name) bool { return sameRank(v.Value, n.name) })
		}
	}
	if role == trace.Severity {
		inOrder(values, names)
	}
	for i := range values {
		if len(names) == 1 {
			values[i].set(names, Only, func(name) bool { return true })
		}
		values[i].set(names, Rest, func(n name) bool { return n.name == "other" })
	}
}

// set gives the value the only name that fits, if it has none.
func (v *Value) set(names []name, how How, fits func(name) bool) {
	if v.Name >= 0 {
		return
	}
	found := -1
	for _, n := range names {
		if fits(n) {
			if found >= 0 {
				return
			}
			found = n.index
		}
	}
	if found >= 0 {
		v.Name, v.How = found, how
	}
}

// alike reports whether two names are the same as keys of a scenario: "1 - Critical" is critical.
func alike(a, b string) bool {
	isPlain := func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return strings.ContainsFunc(a, isPlain) && strings.ContainsFunc(b, isPlain) && fit.Key(a) == fit.Key(b)
}

func isJoint(r rune) bool { return r == '-' || r == '_' }

// sameRank reports whether two severities have the same number, or words of the same weight.
func sameRank(a, b string) bool {
	const place = 1 << 20
	ra, rb := fit.SeverityRank(a, place), fit.SeverityRank(b, place)
	numbered := strings.ContainsAny(a, "0123456789")
	if ra > place || rb > place || numbered != strings.ContainsAny(b, "0123456789") {
		return false
	}
	return ra/100 == rb/100
}

// inOrder gives the values the severities in their order, where there are as many and none has a meaning yet.
func inOrder(values []Value, names []name) {
	if len(values) != len(names) || slices.ContainsFunc(values, func(v Value) bool { return v.Name >= 0 }) {
		return
	}
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(fit.SeverityRank(values[i].Value, i), fit.SeverityRank(values[j].Value, j))
	})
	for place, i := range order {
		values[i].Name, values[i].How = names[place].index, Ordered
	}
}
