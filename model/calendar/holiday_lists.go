package calendar

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// listFiles are dated lists of holidays: lines of a date, the word official or predicted, and a name, in the order of
// dates; comments name the source. They hold every year from the first to the last date in full.
//
//go:embed lists
var listFiles embed.FS

// holidayLists are the codes of the countries with a dated list, sorted.
func holidayLists() []string { return []string{"cn", "hk", "in", "kr", "sg"} }

// listedHolidays is Holidays by a dated list. Predicted dates say so in their name.
func listedHolidays(code string, fromYear, toYear int) ([]Holiday, error) {
	text, err := listFiles.ReadFile("lists/" + code + ".txt")
	if err != nil {
		return nil, err
	}
	all, err := parseHolidayList(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", code, err)
	}
	first, _, _ := all[0].Date.Civil()
	last, _, _ := all[len(all)-1].Date.Civil()
	if fromYear < first || toYear > last {
		return nil, fmt.Errorf("holidays of %q are known for %d to %d only, not for all of %d to %d: give the dates of the other years in the file, or an .ics file",
			code, first, last, fromYear, toYear)
	}
	return slices.DeleteFunc(all, func(h Holiday) bool {
		year, _, _ := h.Date.Civil()
		return year < fromYear || year > toYear
	}), nil
}

func parseHolidayList(text string) ([]Holiday, error) {
	var holidays []Holiday
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.SplitN(line, " ", 3)
		if len(fields) < 3 || fields[1] != "official" && fields[1] != "predicted" {
			return nil, fmt.Errorf("line %d: want a date, official or predicted, and a name", number)
		}
		date, err := ParseDate(fields[0])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if n := len(holidays); n > 0 && holidays[n-1].Date >= date {
			return nil, fmt.Errorf("line %d: %v does not come after the date before it", number, date)
		}
		name := fields[2]
		if fields[1] == "predicted" {
			name += " (predicted)"
		}
		holidays = append(holidays, Holiday{date, name})
	}
	if len(holidays) == 0 {
		return nil, fmt.Errorf("line %d: no holidays", number)
	}
	return holidays, nil
}
