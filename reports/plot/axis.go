package plot

import (
	"math"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot"

	"sunrelay/reports"
)

// ticks are those of a scale; narrow pictures have fewer.
func ticks(scale reports.Scale, narrow bool) plot.Ticker {
	return plot.TickerFunc(func(low, high float64) []plot.Tick {
		switch scale {
		case reports.HoursOfWeek:
			return dayTicks(low, high, narrow)
		case reports.LogSeconds:
			return timeTicks(math.Exp(low), math.Exp(high), narrow)
		case reports.Dates:
			return dateTicks(low, high, narrow)
		}
		most := 6
		if narrow {
			most = 4
		}
		return roundTicks(low, high, most, scale)
	})
}

// dayTicks has the name of each day in its middle and a line where it begins.
func dayTicks(low, high float64, narrow bool) []plot.Tick {
	var all []plot.Tick
	for day, name := range [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		if narrow {
			name = name[:2]
		}
		if start := float64(24 * day); start >= low && start < high {
			all = append(all, plot.Tick{Value: start + 12, Label: name})
		}
	}
	return all
}

// lengthsOfTime are the ticks of times: seconds, minutes, hours and days.
var lengthsOfTime = []struct {
	seconds float64
	name    string
	major   bool // shown in narrow pictures too
}{
	{1, "1 s", true}, {10, "10 s", false}, {60, "1 min", true}, {600, "10 min", false}, {3600, "1 h", true}, {6 * 3600, "6 h", false},
	{86400, "1 d", true}, {7 * 86400, "1 w", true}, {28 * 86400, "4 w", false}, {365 * 86400, "1 y", true},
}

// timeTicks are the ticks of an axis of logarithms.
func timeTicks(low, high float64, narrow bool) []plot.Tick {
	var all []plot.Tick
	for _, l := range lengthsOfTime {
		if l.seconds >= low*(1-1e-9) && l.seconds <= high*(1+1e-9) && (l.major || !narrow) {
			all = append(all, plot.Tick{Value: math.Log(l.seconds), Label: l.name})
		}
	}
	return all
}

// dateTicks are Mondays, or first days of months or of years where these would be too many.
func dateTicks(low, high float64, narrow bool) []plot.Tick {
	most := 9.0
	if narrow {
		most = 4
	}
	weeks, months := (high-low)/7, (high-low)/30.4
	if weeks <= 2*most {
		return mondays(low, high, math.Ceil(weeks/most))
	}
	for _, step := range []int{1, 2, 3, 6} {
		if months <= most*float64(step) {
			return firstDays(low, high, step)
		}
	}
	return firstDays(low, high, 12*int(math.Ceil(months/12/most)))
}

// mondays are every step-th Monday.
func mondays(low, high, step float64) []plot.Tick {
	const monday = 4 // 1970-01-05
	var all []plot.Tick
	for x := monday + 7*math.Ceil((low-monday)/7); x <= high; x += 7 * step {
		all = append(all, plot.Tick{Value: x, Label: day(x).Format("2 Jan")})
	}
	return all
}

// firstDays are the first days of every step-th month, January by its year.
func firstDays(low, high float64, step int) []plot.Tick {
	var all []plot.Tick
	for at := time.Date(day(low).Year(), time.January, 1, 0, 0, 0, 0, time.UTC); ; at = at.AddDate(0, step, 0) {
		x := float64(at.Unix() / 86400)
		if x > high {
			return all
		}
		if x < low {
			continue
		}
		label := at.Format("Jan")
		if at.Month() == time.January {
			label = at.Format("2006")
		}
		all = append(all, plot.Tick{Value: x, Label: label})
	}
}

// day is a date since 1970-01-01.
func day(x float64) time.Time { return time.Unix(int64(math.Floor(x))*86400, 0).UTC() }

// roundTicks are at most so many round numbers from low to high, with as few digits as tell them apart.
func roundTicks(low, high float64, most int, scale reports.Scale) []plot.Tick {
	step := roundStep((high - low) / float64(most))
	var all []plot.Tick
	for n := math.Ceil(low/step - 1e-9); n*step <= high+1e-9*step; n++ {
		all = append(all, plot.Tick{Value: n * step, Label: label(n*step, step, scale)})
	}
	return all
}

// roundStep is the least of 1, 2, 5 times a power of ten that is at least x.
func roundStep(x float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(x))))
	for _, lead := range []float64{1, 2, 5} {
		if lead*power >= x*(1-1e-9) {
			return lead * power
		}
	}
	return 10 * power
}

// Label writes a value of a scale by itself, with up to three digits, as the ends of the shades of a heat map are written.
func Label(value float64, scale reports.Scale) string {
	step := 1.0
	if value != 0 {
		step = math.Pow10(int(math.Floor(math.Log10(math.Abs(value)))) - 2)
	}
	for value != 0 && math.Abs(math.Remainder(value, 10*step)) < step/10 {
		step *= 10
	}
	return label(value, step, scale)
}

// label writes a value of a scale with the digits of a step.
func label(value, step float64, scale reports.Scale) string {
	switch scale {
	case reports.Percents:
		return decimal(100*value, 100*step) + " %"
	case reports.Amounts:
		for _, unit := range []struct {
			size float64
			name string
		}{{1e9, " bn"}, {1e6, " m"}, {1e3, " k"}} {
			if math.Abs(value) >= unit.size {
				return decimal(value/unit.size, step/unit.size) + unit.name
			}
		}
	}
	return decimal(value, step)
}

// decimal is x with the decimal places of a step, and commas between thousands.
func decimal(x, step float64) string {
	places := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	digits := strconv.FormatFloat(math.Abs(x), 'f', places, 64)
	sign := ""
	if x < 0 && strings.Trim(digits, "0.") != "" {
		sign = "-"
	}
	whole, part, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		part = "." + part
	}
	return sign + whole + part
}
