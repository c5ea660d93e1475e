package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sunrelay/model/calendar"
)

// worseDates are dates near each other on which more is broken for the same reason.
type worseDates struct {
	first, last calendar.Date
	dates       int
	name        string
	seconds     []float64 // by map
}

// dateSection is the table of dates on which more is broken than in most weeks.
func dateSection(maps []*coverageMap) Section {
	t := Table{Columns: []Column{{"date", Left}, {"reason", Left}, {"broken", Right}, {"maps", Left}}}
	for _, w := range joined(datesOf(maps)) {
		t.Rows = append(t.Rows, words(w.text(), w.name, exactLength(slices.Max(w.seconds)), w.mapNumbers()))
	}
	return Section{
		Heading: "Dates on which more is broken than in most weeks (by how much, in the map where that is most)", Tables: []Table{t},
	}
}

// datesOf are the exceptions of all maps, those of one date and reason together, in the order of dates. What rounds to no
// time is left out.
func datesOf(maps []*coverageMap) []worseDates {
	var all []worseDates
	for i, m := range maps {
		for _, e := range m.promises[0].Exceptions {
			date, err := calendar.ParseDate(e.Date)
			if err != nil || e.Seconds < 1 {
				continue
			}
			at := slices.IndexFunc(all, func(w worseDates) bool { return w.first == date && w.name == e.Name })
			if at < 0 {
				at = len(all)
				all = append(all, worseDates{date, date, 1, e.Name, make([]float64, len(maps))})
			}
			all[at].seconds[i] += e.Seconds
		}
	}
	slices.SortStableFunc(all, func(a, b worseDates) int { return cmp.Compare(a.first, b.first) })
	return all
}

// joined puts neighbouring dates with the same reason together; those without a name, such as weeks in which clocks have
// changed elsewhere, also over the days of a week between them.
func joined(all []worseDates) []worseDates {
	var out []worseDates
	for _, w := range all {
		apart := calendar.Date(1)
		if w.name == "" {
			apart = 7
		}
		at := slices.IndexFunc(out, func(o worseDates) bool {
			return o.name == w.name && w.first-o.last <= apart && slices.EqualFunc(o.seconds, w.seconds, sameMap)
		})
		if at < 0 {
			out = append(out, w)
			continue
		}
		out[at].last = w.first
		out[at].dates++
		for i := range w.seconds {
			out[at].seconds[i] += w.seconds[i]
		}
	}
	return out
}

// sameMap reports whether a map is broken in both or in neither.
func sameMap(a, b float64) bool { return (a > 0) == (b > 0) }

// text is the first and the last date, and how many there are where some between them are missing.
func (w *worseDates) text() string {
	text := dayText(w.first)
	if w.last > w.first {
		text += " to " + dayText(w.last)
	}
	if w.dates != int(w.last-w.first)+1 {
		text += fmt.Sprintf(" (%d dates)", w.dates)
	}
	return text
}

func dayText(date calendar.Date) string { return date.Weekday().String()[:3] + " " + date.String() }

func (w *worseDates) mapNumbers() string {
	var numbers []string
	for i, seconds := range w.seconds {
		if seconds > 0 {
			numbers = append(numbers, fmt.Sprint(i+1))
		}
	}
	return strings.Join(numbers, ", ")
}
