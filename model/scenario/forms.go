package scenario

import (
	"reflect"
	"regexp"
	"strings"
	"time"

	"sunrelay/model/calendar"
	"sunrelay/model/sla"
)

// nameForm is what names of things look like: no dots, which separate the parts of a path.
var nameForm = regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{N}_-]*$`)

// decodeNode reads a map by name. A list of names stands for entries with nothing in them (severities: [normal]), and
// one name stands for the whole of a share (languages: en).
func (named *Named[T]) decodeNode(d *decoder, n *node, path string) {
	kind := reflect.TypeFor[T]().Kind()
	switch {
	case n.null:
	case n.kind == mappingNode:
		for _, key := range n.keys {
			if !d.skipAssumed(n, key, path) {
				named.add(d, key, joinPath(path, key.name))
			}
		}
	case n.kind == sequenceNode && kind == reflect.Struct:
		for _, item := range n.items {
			named.addName(d, item, path)
		}
	case kind == reflect.Float64 && n.kind == scalarNode:
		named.addName(d, n, path)
	case kind == reflect.Float64 && len(n.items) == 1:
		named.addName(d, n.items[0], path)
	case kind == reflect.Float64:
		d.problem(n, path, "is %s, want shares by name, such as {a: 0.7, b: 0.3}, or one name", n.describe())
	case kind == reflect.Struct:
		d.problem(n, path, "is %s, want a mapping by name or a list of names", n.describe())
	default:
		d.problem(n, path, "is %s, want a mapping by name", n.describe())
	}
}

// add appends the entry of a key.
func (named *Named[T]) add(d *decoder, key nodeKey, path string) {
	at := key.at
	at.Path = path
	if !nameForm.MatchString(key.name) {
		d.problems = append(d.problems, Problem{at, "is not a name, want letters, digits, _ and -"})
	}
	*named = append(*named, Entry[T]{Name: key.name, At: at})
	d.decode(key.value, reflect.ValueOf(&(*named)[len(*named)-1].Value).Elem(), path)
}

// addName appends an entry that is only a name: a struct with nothing in it, or the share 1.
func (named *Named[T]) addName(d *decoder, n *node, path string) {
	name, ok := d.scalar(n, path, "a name")
	if !ok {
		return
	}
	path = joinPath(path, name)
	switch {
	case !nameForm.MatchString(name):
		d.problem(n, path, "is not a name, want letters, digits, _ and -")
		return
	case named.Index(name) >= 0:
		d.problem(n, path, "is given twice")
		return
	}
	entry := Entry[T]{Name: name, At: d.locate(n, path)}
	if share, isShare := any(&entry.Value).(*float64); isShare {
		*share = 1
	}
	*named = append(*named, entry)
}

// decodeNode reads one value for all severities, or a map by severity in which default stands for the others.
func (by *BySeverity[T]) decodeNode(d *decoder, n *node, path string) {
	if n.null {
		return
	}
	if n.kind != mappingNode || isLongForm[T](n) {
		by.Default = &Located[T]{}
		d.decode(n, reflect.ValueOf(by.Default).Elem(), path)
		return
	}
	for _, key := range n.keys {
		below := joinPath(path, key.name)
		switch {
		case d.skipAssumed(n, key, path):
		case key.name == defaultKey:
			by.Default = &Located[T]{}
			d.decode(key.value, reflect.ValueOf(by.Default).Elem(), below)
		default:
			by.Named.add(d, key, below)
		}
	}
}

// defaultKey stands for everything that is not named beside it.
const defaultKey = "default"

// isLongForm reports whether a mapping is one value of type T and not values by severity.
func isLongForm[T any](n *node) bool {
	switch any(new(T)).(type) {
	case *sla.Coverage:
		return n.find("clock") != nil || n.find("follow_the_sun") != nil
	case *Target:
		return n.find("target") != nil
	}
	return false
}

// decodeNode reads a target as such, or a map {target: …, clock: …}.
func (t *Target) decodeNode(d *decoder, n *node, path string) {
	if n.kind != mappingNode {
		d.decode(n, reflect.ValueOf(&t.Target).Elem(), path)
		return
	}
	d.decodeStruct(n, reflect.ValueOf(t).Elem(), path)
	if n.find("target") == nil {
		d.problem(n, path, "has no target, want one such as 4bh")
	}
}

// For is the value for a severity: its own or the default, and nil where neither is given.
func (by *BySeverity[T]) For(severity string) *T {
	if own := by.Named.Find(severity); own != nil {
		return own
	}
	if by.Default != nil {
		return &by.Default.Value
	}
	return nil
}

// decodeNode reads shares as a flat map or one name, or with by: one set for each value of another attribute.
func (s *Shares) decodeNode(d *decoder, n *node, path string) {
	by := n.find("by")
	if by == nil {
		s.Flat.decodeNode(d, n, path)
		return
	}
	d.decode(by, reflect.ValueOf(&s.By).Elem(), joinPath(path, "by"))
	for _, key := range n.keys {
		if key.name != "by" && !d.skipAssumed(n, key, path) {
			s.Cases.add(d, key, joinPath(path, key.name))
		}
	}
}

// Given reports whether there are any shares.
func (s *Shares) Given() bool { return s.By != "" || len(s.Flat) > 0 }

// For are the shares of a case with the given plan and severity; those of the case default where the value of its
// attribute is not named. Severity is not looked at in shares by plan, and the other way round.
func (s *Shares) For(plan, severity string) Named[float64] {
	value := severity
	switch s.By {
	case "":
		return s.Flat
	case "plan":
		value = plan
	}
	if own := s.Cases.Find(value); own != nil {
		return *own
	}
	if rest := s.Cases.Find(defaultKey); rest != nil {
		return *rest
	}
	return nil
}

// decodeNode reads the value and keeps its position.
func (l *Located[T]) decodeNode(d *decoder, n *node, path string) {
	l.At = d.locate(n, path)
	d.decode(n, reflect.ValueOf(&l.Value).Elem(), path)
}

// decodeNode keeps the text of an expression and its position.
func (e *Expr) decodeNode(d *decoder, n *node, path string) {
	text, ok := d.scalar(n, path, "an expression")
	if ok && strings.TrimSpace(text) == "" {
		d.problem(n, path, "is empty, want an expression")
	}
	*e = Expr{Text: strings.TrimSpace(text), At: d.locate(n, path)}
}

// decodeHours reads weekly hours: 24x7, "mon-fri 08:00-17:00; sat 09:00-12:00", or a map of weekdays to windows.
func (d *decoder) decodeHours(n *node, hours *calendar.Hours, path string) {
	if n.kind != mappingNode {
		d.decodeText(n, hours, path)
		return
	}
	for _, key := range n.keys {
		if d.skipAssumed(n, key, path) {
			continue
		}
		below := joinPath(path, key.name)
		var days calendar.Weekdays
		if err := days.UnmarshalText([]byte(key.name)); err != nil {
			at := key.at
			at.Path = below
			d.problems = append(d.problems, Problem{at, err.Error()})
		}
		var windows calendar.Windows
		d.decode(key.value, reflect.ValueOf(&windows).Elem(), below)
		hours.Set(days, windows)
	}
}

// decodeWindows reads the opening windows of a day: "08:00-12:00, 13:00-17:00" or a list of such.
func (d *decoder) decodeWindows(n *node, windows *calendar.Windows, path string) {
	if n.kind != sequenceNode {
		d.decodeText(n, windows, path)
		return
	}
	parts := make([]string, len(n.items))
	for i, item := range n.items {
		parts[i], _ = d.scalar(item, path, "opening hours such as 08:00-12:00")
	}
	joined := *n
	joined.kind, joined.text = scalarNode, strings.Join(parts, ", ")
	if len(parts) == 0 {
		joined.text = "closed"
	}
	d.decodeText(&joined, windows, path)
}

// decodeInstant reads a date, meaning midnight UTC, or a time in RFC 3339.
func (d *decoder) decodeInstant(n *node, instant *calendar.Instant, path string) {
	const want = "a date such as 2026-01-05 (midnight UTC) or a time such as 2026-01-05T08:00:00Z"
	text, ok := d.scalar(n, path, want)
	if !ok {
		return
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			*instant = calendar.FromTime(t)
			return
		}
	}
	d.problem(n, path, "is %s, want %s", n.describe(), want)
}

// coverageForm is the long form of a coverage.
type coverageForm struct {
	Assumed      bool
	Clock        sla.Coverage // whose hours count: always, region, region.ROLE or centre
	FollowTheSun *bool        // whether centres of other regions may work the case; default: true exactly for always
}

// decodeCoverage reads always, region, region.ROLE or centre, or a map {clock: …, follow_the_sun: …}.
func (d *decoder) decodeCoverage(n *node, coverage *sla.Coverage, path string) {
	if n.kind != mappingNode {
		d.decodeText(n, coverage, path)
		return
	}
	var form coverageForm
	d.decodeStruct(n, reflect.ValueOf(&form).Elem(), path)
	if n.find("clock") == nil {
		d.problem(n, path, "has no clock, want always, region, region.ROLE or centre")
	}
	*coverage = form.Clock
	if form.FollowTheSun != nil {
		coverage.FollowTheSun = *form.FollowTheSun
	}
}
