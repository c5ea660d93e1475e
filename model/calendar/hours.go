package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TimeOfDay is a local wall-clock time as milliseconds since the local midnight that begins the day.
type TimeOfDay int32

const endOfDay = TimeOfDay(Day)

// ParseTimeOfDay reads 08:30 or 08:30:15, from 00:00 up to 24:00, the end of the day.
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	wrong := fmt.Errorf("time of day %q, want hours and minutes such as 08:30, up to 24:00", text)
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, wrong
	}
	limits := [3]int{24, 59, 59}
	total := 0
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || len(part) != 2 || n < 0 || n > limits[i] || part[0] == '+' {
			return 0, wrong
		}
		total = total*60 + n
	}
	if len(parts) == 2 {
		total *= 60
	}
	if total > secondsADay {
		return 0, wrong
	}
	return TimeOfDay(total) * TimeOfDay(Second), nil
}

// String is the time as 08:30, or 08:30:15 where it has seconds. Times past 24:00 continue with 25:00.
func (t TimeOfDay) String() string {
	seconds := int64(t) / int64(Second)
	text := fmt.Sprintf("%02d:%02d", seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf(":%02d", seconds%60)
	}
	return text
}

// MarshalText is the time in the form that UnmarshalText reads.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what ParseTimeOfDay reads.
func (t *TimeOfDay) UnmarshalText(text []byte) (err error) {
	*t, err = ParseTimeOfDay(string(text))
	return err
}

// Window is the half-open stretch [From, To) of local wall-clock time in which a day is open. From lies before 24:00.
// To may exceed 24:00: a window over midnight belongs to the day on which it starts. A window is at most 24 hours long.
type Window struct{ From, To TimeOfDay }

// String is the window as 22:00-06:00. A window of 24 hours that does not begin at midnight has no such form; its end is
// shown past 24:00.
func (w Window) String() string {
	to := w.To
	if to > endOfDay && to-w.From < endOfDay {
		to -= endOfDay
	}
	return w.From.String() + "-" + to.String()
}

func (w Window) check() error {
	if w.From < 0 || w.From >= endOfDay {
		return fmt.Errorf("window opens at %v, want 00:00 up to before 24:00", w.From)
	}
	if w.To <= w.From || w.To-w.From > endOfDay {
		return fmt.Errorf("window from %v to %v, want an end after the start and at most 24 hours later", w.From, w.To)
	}
	return nil
}

// Windows are the opening windows of one day, in any order; where they overlap they merge. None means closed.
type Windows []Window

// ParseWindows reads 08:00-17:00, lists such as 08:00-12:00, 13:00-17:00, windows over midnight such as 22:00-06:00, the
// whole day 00:00-24:00, and closed.
func ParseWindows(text string) (Windows, error) {
	if strings.TrimSpace(text) == "closed" {
		return nil, nil
	}
	var windows Windows
	for part := range strings.SplitSeq(text, ",") {
		w, err := parseWindow(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		windows = append(windows, w)
	}
	windows.sort()
	return windows, nil
}

func parseWindow(text string) (Window, error) {
	first, last, found := strings.Cut(text, "-")
	if !found {
		return Window{}, fmt.Errorf("opening hours %q, want a window such as 08:00-17:00, a list of them, or closed", text)
	}
	from, err := ParseTimeOfDay(strings.TrimSpace(first))
	if err != nil {
		return Window{}, err
	}
	to, err := ParseTimeOfDay(strings.TrimSpace(last))
	if err != nil {
		return Window{}, err
	}
	if from == to {
		return Window{}, fmt.Errorf("window %q is empty, want different times, or 00:00-24:00 for the whole day", text)
	}
	if to < from {
		to += endOfDay
	}
	w := Window{From: from, To: to}
	return w, w.check()
}

func (ws Windows) sort() {
	slices.SortStableFunc(ws, func(a, b Window) int { return cmp.Compare(a.From, b.From) })
}

// sorted is ws itself if it is in the order of opening, else a sorted copy.
func (ws Windows) sorted() Windows {
	if slices.IsSortedFunc(ws, func(a, b Window) int { return cmp.Compare(a.From, b.From) }) {
		return ws
	}
	sorted := slices.Clone(ws)
	sorted.sort()
	return sorted
}

// String is the list in the form that ParseWindows reads.
func (ws Windows) String() string {
	if len(ws) == 0 {
		return "closed"
	}
	parts := make([]string, len(ws))
	for i, w := range ws {
		parts[i] = w.String()
	}
	return strings.Join(parts, ", ")
}

// MarshalText is the list in the form that UnmarshalText reads.
func (ws Windows) MarshalText() ([]byte, error) { return []byte(ws.String()), nil }

// UnmarshalText reads what ParseWindows reads.
func (ws *Windows) UnmarshalText(text []byte) (err error) {
	*ws, err = ParseWindows(string(text))
	return err
}

// Hours are the opening windows of the week: index 0 is Monday, index 6 is Sunday. The zero value is always closed.
type Hours [7]Windows

// RoundTheClock are the hours that never close.
func RoundTheClock() Hours {
	var hours Hours
	hours.Set(Daily, Windows{{From: 0, To: endOfDay}})
	return hours
}

// Set gives the days of the set these windows, instead of those that they had.
func (h *Hours) Set(days Weekdays, w Windows) {
	for i := range h {
		if days&(1<<i) != 0 {
			h[i] = w
		}
	}
}

// On are the windows of a day of the week.
func (h *Hours) On(day time.Weekday) Windows { return h[mondayFirst(day)] }

// ParseHours reads 24x7 or a list of days and windows such as mon-fri 08:00-17:00; sat 09:00-12:00. Days that are not
// named are closed; a day that is named twice is an error.
func ParseHours(text string) (Hours, error) {
	if strings.TrimSpace(text) == "24x7" {
		return RoundTheClock(), nil
	}
	var hours Hours
	var given Weekdays
	for part := range strings.SplitSeq(text, ";") {
		days, windows, err := parseDayHours(strings.TrimSpace(part))
		if err != nil {
			return Hours{}, err
		}
		if twice := days & given; twice != 0 {
			return Hours{}, fmt.Errorf("opening hours name %v twice, want each day at most once", twice)
		}
		given |= days
		hours.Set(days, windows)
	}
	return hours, nil
}

func parseDayHours(text string) (Weekdays, Windows, error) {
	cut := strings.IndexAny(text, "0123456789")
	if cut < 0 {
		cut = strings.Index(text, "closed")
	}
	if cut <= 0 {
		return 0, nil, fmt.Errorf("opening hours %q, want 24x7 or days and hours such as mon-fri 08:00-17:00; sat 09:00-12:00", text)
	}
	days, err := ParseWeekdays(text[:cut])
	if err != nil {
		return 0, nil, err
	}
	windows, err := ParseWindows(text[cut:])
	return days, windows, err
}

// String is the hours in the form that ParseHours reads; neighbouring days of equal windows are one entry.
func (h Hours) String() string {
	if slices.EqualFunc(h[:], slices.Repeat([]Windows{{{From: 0, To: endOfDay}}}, 7), slices.Equal) {
		return "24x7"
	}
	var parts []string
	for day := 0; day < 7; {
		last := day
		for last < 7 && slices.Equal(h[last], h[day]) {
			last++
		}
		if len(h[day]) > 0 {
			days := Weekdays(1<<last - 1<<day)
			parts = append(parts, days.String()+" "+h[day].String())
		}
		day = last
	}
	if len(parts) == 0 {
		return "daily closed"
	}
	return strings.Join(parts, "; ")
}

// MarshalText is the hours in the form that UnmarshalText reads.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what ParseHours reads.
func (h *Hours) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHours(string(text))
	return err
}

func (h *Hours) check() error {
	for i, windows := range h {
		for _, w := range windows {
			if err := w.check(); err != nil {
				return fmt.Errorf("%s: %w", weekdayNames[i], err)
			}
		}
	}
	return nil
}
