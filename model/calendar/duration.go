package calendar

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// LongestDuration is the longest time that ParseDuration reads: about 142,000 years, so that sums of a few of them do
// not overflow and each is exact as a float64.
const LongestDuration = Duration(1) << 52

// durationUnits are the units of ParseDuration, longest first. A day is 24 hours and a week seven of them, whatever the
// local clock does.
var durationUnits = [...]struct {
	name   string
	length Duration
}{
	{"w", Week}, {"d", Day}, {"h", Hour}, {"m", Minute}, {"s", Second}, {"ms", Millisecond},
}

// errDurationForm says what a duration looks like.
var errDurationForm = errors.New("want a time such as 90s, 30m, 8h30m, 2d, 1w or 500ms")

// ParseDuration reads a time of one or more numbers with units: 500ms, 90s, 30m, 1.5h, 8h30m, 2d, 1w. Units come in
// falling order and each at most once; 0 needs none. The result is rounded to the millisecond and never negative.
func ParseDuration(text string) (Duration, error) {
	rest := strings.TrimSpace(text)
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return 0, fmt.Errorf("%q is not a duration, %w", text, errDurationForm)
	}
	var total float64
	for next := 0; rest != ""; {
		amount, unit, tail, ok := durationPart(rest)
		if !ok || unit < next {
			return 0, fmt.Errorf("%q is not a duration, %w", text, errDurationForm)
		}
		total += amount * float64(durationUnits[unit].length)
		next, rest = unit+1, tail
	}
	if total > float64(LongestDuration) {
		return 0, fmt.Errorf("%q is too long, want at most %d years", text, LongestDuration/(365*Day))
	}
	return Duration(math.Round(total)), nil
}

// durationPart splits "8h30m" into 8, the index of h, and "30m".
func durationPart(text string) (amount float64, unit int, rest string, ok bool) {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789."))
	amount, err := strconv.ParseFloat(text[:digits], 64)
	if err != nil {
		return 0, 0, "", false
	}
	text = text[digits:]
	letters := len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz"))
	for i, u := range durationUnits {
		if u.name == text[:letters] {
			return amount, i, text[letters:], true
		}
	}
	return 0, 0, "", false
}

// UnmarshalText reads what ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := ParseDuration(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// String is the duration in the form that ParseDuration reads, such as 1d12h or 1m30s; a negative one has a minus sign.
func (d Duration) String() string {
	if d == 0 {
		return "0"
	}
	var b strings.Builder
	rest := uint64(d)
	if d < 0 {
		b.WriteByte('-')
		rest = -rest
	}
	for _, u := range durationUnits {
		if n := rest / uint64(u.length); n > 0 {
			b.WriteString(strconv.FormatUint(n, 10) + u.name)
			rest -= n * uint64(u.length)
		}
	}
	return b.String()
}
