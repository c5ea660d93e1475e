package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Document is the proof for people: the promises that cannot always be kept, worst first, a map of the week for all that
// are alike, and the dates on which more is broken.
func (report *Coverage) Document() *Document {
	maps := report.maps()
	d := &Document{Title: report.Scenario, Lead: []string{report.summary()}}
	if report.Title != "" {
		d.Title += ": " + report.Title
	}
	d.add(report.lossSection(maps))
	for i, m := range maps {
		d.add(m.section(i + 1))
	}
	d.add(dateSection(maps))
	d.add(report.noteSection())
	return d
}

// summary says in a sentence how much is covered.
func (report *Coverage) summary() string {
	n := len(report.Promises)
	span := spanText(report.Start, report.End)
	switch {
	case n == 0:
		return "No case that arrives has a target for its first response: there is nothing to prove."
	case report.Broken == 0:
		return fmt.Sprintf("Everything is covered: with enough agents the present shifts can keep every promise of a first response "+
			"(%s) at any time, %s.", Count(int64(n)), span)
	}
	return fmt.Sprintf("Promises of a first response that cannot always be kept, however many agents each shift has: %s of %s. At "+
		"times nobody who may take the case is on duty between its arrival and its due, %s.",
		Count(int64(report.Broken)), Count(int64(n)), span)
}

// coverageMap is what equally broken promises have in common.
type coverageMap struct{ promises []*CoveragePromise }

// maps are the promises that cannot always be kept, those with equal intervals in one zone together, worst first.
func (report *Coverage) maps() []*coverageMap {
	var maps []*coverageMap
	for i := range report.Promises {
		p := &report.Promises[i]
		if !p.broken() {
			continue
		}
		known := slices.IndexFunc(maps, func(m *coverageMap) bool { return m.promises[0].brokenLike(p) })
		if known < 0 {
			known = len(maps)
			maps = append(maps, &coverageMap{})
		}
		maps[known].promises = append(maps[known].promises, p)
	}
	slices.SortStableFunc(maps, func(a, b *coverageMap) int {
		return cmp.Compare(b.promises[0].BrokenSeconds, a.promises[0].BrokenSeconds)
	})
	return maps
}

// brokenLike reports whether both are broken in the same intervals, for the same reasons, on clocks that agree.
func (p *CoveragePromise) brokenLike(other *CoveragePromise) bool {
	return p.Zone == other.Zone && slices.Equal(p.Intervals, other.Intervals) && slices.Equal(p.Exceptions, other.Exceptions)
}

// lossSection is the table of promises; those that differ by language only are one row.
func (report *Coverage) lossSection(maps []*coverageMap) Section {
	t := Table{Columns: []Column{
		{"map", Right}, {"plan", Left}, {"severity", Left}, {"region", Left}, {"languages", Left}, {"channels", Left}, {"tier", Left},
		{"target", Left}, {"clock", Left}, {"share", Right}, {"time", Right},
	}}
	for i, m := range maps {
		for _, row := range m.rows() {
			p := row[0]
			var languages []string
			for _, other := range row {
				languages = append(languages, other.Language)
			}
			cells := words(fmt.Sprint(i+1), p.Plan, p.Severity, p.Region, strings.Join(languages, ", "), strings.Join(p.Channels, ", "), p.Tier, p.Target, p.Clock)
			cells = append(cells, Cell{Text: exactPercent(p.BrokenShare), Tone: Bad}, Cell{Text: exactLength(p.BrokenSeconds)})
			t.Rows = append(t.Rows, cells)
		}
	}
	if !report.severalTiers() {
		t = t.without("tier")
	}
	if !report.splitByChannel() {
		t = t.without("channels")
	}
	return Section{Heading: "Promises that cannot always be kept, worst first", Tables: []Table{t}}
}

// exactPercent and exactLength have no half-width: nothing was estimated.
func exactPercent(share Number) string { return Percent(share, Number(math.NaN())).Short() }

func exactLength(seconds float64) string { return Lasting(Number(seconds), Number(math.NaN())).Short() }

func (report *Coverage) severalTiers() bool {
	return slices.ContainsFunc(report.Promises, func(p CoveragePromise) bool { return p.Tier != report.Promises[0].Tier })
}

// splitByChannel reports whether promises differ by nothing but their channels.
func (report *Coverage) splitByChannel() bool {
	for i := range report.Promises {
		for j := range i {
			if report.Promises[i].alike(&report.Promises[j]) && report.Promises[i].Language == report.Promises[j].Language {
				return true
			}
		}
	}
	return false
}

// alike reports whether both are of the same plan, severity, region and tier.
func (p *CoveragePromise) alike(o *CoveragePromise) bool {
	return o.Plan == p.Plan && o.Severity == p.Severity && o.Region == p.Region && o.Tier == p.Tier
}

// without is the table less a column.
func (t Table) without(heading string) Table {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Heading == heading })
	t.Columns = slices.Delete(t.Columns, i, i+1)
	for r := range t.Rows {
		t.Rows[r] = slices.Delete(t.Rows[r], i, i+1)
	}
	return t
}

// rows are the promises of the map; those that differ by language only are together.
func (m *coverageMap) rows() [][]*CoveragePromise {
	var rows [][]*CoveragePromise
	for _, p := range m.promises {
		known := slices.IndexFunc(rows, func(row []*CoveragePromise) bool {
			return row[0].alike(p) && slices.Equal(row[0].Channels, p.Channels)
		})
		if known < 0 {
			known = len(rows)
			rows = append(rows, nil)
		}
		rows[known] = append(rows[known], p)
	}
	return rows
}

// section is the map itself: a line of signs for each day, two for each hour, or one on a narrow page.
func (m *coverageMap) section(number int) Section {
	p := m.promises[0]
	t := Table{Columns: []Column{{"", Left}, {"hours from 00 to 24", Left}}}
	for day, name := range weekdays {
		var line Cell
		for _, share := range p.HoursOfWeek[24*day : 24*day+24] {
			line.Text += strings.Repeat(shade(share), 2)
			line.Short += shade(share)
		}
		t.Rows = append(t.Rows, []Cell{{Text: name}, line})
	}
	var hours Cell
	for hour := 0; hour < 24; hour += 3 {
		hours.Text += fmt.Sprintf("%02d    ", hour)
		hours.Short += fmt.Sprintf("%02d ", hour)
	}
	t.Rows = append(t.Rows, []Cell{{}, hours})
	s := Section{
		Heading: fmt.Sprintf("Map %d: share of each hour of the week that is broken, local time of %s", number, p.Zone),
		Tables:  []Table{t},
	}
	if p.RegularHours == "" {
		s.Notes = []string{"In no hour in most weeks: on single dates only."}
	} else {
		s.Notes = []string{"In most weeks: " + p.RegularHours + "."}
	}
	return s
}

// shades are the signs of shares, with the largest share that each stands for. What is too little to see is shown as none,
// and what lacks as little as all.
var shades = [...]struct {
	most Number
	sign string
}{{noShare, "·"}, {0.25, "░"}, {0.5, "▒"}, {1 - noShare, "▓"}, {1, "█"}}

const noShare = 1e-5 // 36 ms of an hour

// shade is the sign of a share; a blank for an hour that the run lacks.
func shade(share Number) string {
	if !share.Known() {
		return " "
	}
	for _, s := range shades {
		if share <= s.most {
			return s.sign
		}
	}
	return shades[len(shades)-1].sign
}

// noteSection explains the signs and what the proof leaves out.
func (report *Coverage) noteSection() Section {
	var s Section
	if report.Broken > 0 {
		s.Notes = append(s.Notes, "Signs of the maps: · none, ░ up to 25 %, ▒ up to 50 %, ▓ less than all, █ all of the hour.")
	}
	if n := report.BrokenAtInstants; n > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("Promises that are broken at single milliseconds only: %s. That is no share of time: a "+
			"target that ends with the opening hours is due at closing, also for who arrives at the very instant at which duty ends.", Count(int64(n))))
	}
	if channels := report.answeredAtEnd(); len(channels) > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("Cases by %s are answered at the end of the first touch: for them somebody on duty is "+
			"necessary and not sufficient, and more is broken than this.", strings.Join(channels, ", ")))
	}
	return s
}

// answeredAtEnd are the channels of all promises for which presence is not sufficient.
func (report *Coverage) answeredAtEnd() []string {
	var channels []string
	for i := range report.Promises {
		for _, channel := range report.Promises[i].AnsweredAtEnd {
			if !slices.Contains(channels, channel) {
				channels = append(channels, channel)
			}
		}
	}
	return channels
}
