package dist

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
)

// distributionOf is what an expression stands for: its call, or a constant for a time alone.
func distributionOf(e expression) (Dist, error) {
	if e.call != nil {
		return e.dist, nil
	}
	if e.word[0] >= 'a' && e.word[0] <= 'z' || e.word[0] >= 'A' && e.word[0] <= 'Z' {
		if k := find(e.word); k != nil {
			return nil, misfitAt(e.offset, "%s has no parameters, want %s", e.word, strings.Join(k.Examples, " or "))
		}
		return nil, unknown(e.offset, e.word)
	}
	length, err := anyTime("value", e)
	return Constant(length), err
}

// bind makes the distribution of a call.
func bind(c *call) (Dist, error) {
	if c.kind = find(c.name); c.kind != nil {
		return c.kind.bind(c)
	}
	return nil, unknown(c.offset, c.name)
}

func find(name string) *Kind {
	for i := range Kinds {
		if Kinds[i].Name == name {
			return &Kinds[i]
		}
	}
	return nil
}

// form is one way to state the parameters of a family.
type form struct {
	bare       bool // the names may be left out
	parameters []parameter
}

// parameter is a name and what it takes.
type parameter struct {
	name string
	read func(name string, value expression) (float64, error)
}

// Parameters that several families share.
var (
	meanTime = parameter{"mean", positiveTime}
	cvNumber = parameter{"cv", numberWithin(1e-3, 1e3)}
)

// choose finds the form whose parameters the call states. It returns the form's index and the values in its order.
func (c *call) choose(forms ...form) (int, []float64, error) {
	for i, f := range forms {
		if parts := c.match(f); parts != nil {
			values, err := f.values(parts)
			return i, values, err
		}
	}
	return 0, nil, c.mismatch(forms)
}

// match is the values that the call states for the parameters of f, in their order, or nil if it states others.
func (c *call) match(f form) []expression {
	if len(c.arguments) != len(f.parameters) {
		return nil
	}
	parts := make([]expression, len(f.parameters))
	for i, p := range f.parameters {
		found := false
		for k, a := range c.arguments {
			switch {
			case len(a) == 2 && a[0].word == p.name && a[0].call == nil:
				parts[i], found = a[1], true
			case len(a) == 1 && f.bare && k == i:
				parts[i], found = a[0], true
			}
		}
		if !found {
			return nil
		}
	}
	return parts
}

func (f form) values(parts []expression) ([]float64, error) {
	values := make([]float64, len(parts))
	for i, p := range f.parameters {
		var err error
		if values[i], err = p.read(p.name, parts[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// mismatch says what is wrong with the names of the parameters: the first that no form knows or that comes twice, else
// the whole.
func (c *call) mismatch(forms []form) error {
	wants := make([]string, len(forms))
	known := map[string]bool{}
	for i, f := range forms {
		wants[i] = f.String()
		for _, p := range f.parameters {
			known[p.name] = true
		}
	}
	want := strings.Join(wants, ", or ")
	seen := map[string]bool{}
	for _, a := range c.arguments {
		name := a[0].word
		switch {
		case len(a) != 2 || a[0].call != nil:
			return misfitAt(a.offset(), "%s takes parameters such as %s, want %s", c.name, c.kind.exampleArgument(), want)
		case !known[name]:
			return misfitAt(a.offset(), "%s has no parameter %q, want %s", c.name, name, want)
		case seen[name]:
			return misfitAt(a.offset(), "%s is stated twice", name)
		}
		seen[name] = true
	}
	return misfitAt(c.offset, "%s wants %s", c.name, want)
}

// exampleArgument is the first parameter in the first example.
func (k *Kind) exampleArgument() string {
	_, inside, _ := strings.Cut(k.Examples[0], "(")
	first, _, _ := strings.Cut(strings.TrimSuffix(inside, ")"), ",")
	return first
}

// String is the names of the parameters, as in "shape and mean".
func (f form) String() string {
	names := make([]string, len(f.parameters))
	for i, p := range f.parameters {
		names[i] = p.name
	}
	return strings.Join(names, " and ")
}

// positiveTime reads a time above zero, in milliseconds.
func positiveTime(name string, value expression) (float64, error) {
	length, err := anyTime(name, value)
	if err == nil && length == 0 {
		err = misfitAt(value.offset, "%s %s, want more than 0", name, value.word)
	}
	return length, err
}

// anyTime reads a time, in milliseconds.
func anyTime(name string, value expression) (float64, error) {
	if value.call != nil {
		return 0, misfitAt(value.offset, "%s %s(...), want a duration such as 12m", name, value.word)
	}
	length, err := calendar.ParseDuration(value.word)
	if err == nil {
		return float64(length), nil
	}
	if _, notNumber := strconv.ParseFloat(value.word, 64); notNumber == nil {
		return 0, misfitAt(value.offset, "%s %s: want a duration such as %sm", name, value.word, strings.TrimLeft(value.word, "+-"))
	}
	return 0, misfitAt(value.offset, "%s: %v", name, err)
}

// numberWithin reads a plain number of [low, high].
func numberWithin(low, high float64) func(string, expression) (float64, error) {
	return func(name string, value expression) (float64, error) {
		x, ok := plainNumber(value)
		if !ok {
			return 0, misfitAt(value.offset, "%s %s, want a number", name, value.word)
		}
		if !(x >= low && x <= high) {
			return 0, misfitAt(value.offset, "%s %s, want %s to %s",
				name, value.word, formatNumber(low), formatNumber(high))
		}
		return x, nil
	}
}

// plainNumber reads a decimal number such as 0.25 or 1e-3, not an infinity or a hexadecimal one.
func plainNumber(e expression) (float64, bool) {
	if e.call != nil || strings.Trim(e.word, "0123456789.eE+-") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(e.word, 64)
	return x, err == nil
}

// formatNumber is the shortest text that plainNumber reads as x.
func formatNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// formatTime is a time as expressions state it. Times that are no whole milliseconds, which no expression gives, are
// rounded.
func formatTime(milliseconds float64) string {
	return calendar.Duration(math.Round(milliseconds)).String()
}

// unknown is the error for a family that does not exist.
func unknown(offset int, name string) error {
	families, hint := names(), ""
	if near := nearest(name, families); near != "" {
		hint = fmt.Sprintf("did you mean %s; ", near)
	}
	return misfitAt(offset, "unknown distribution %q, %swant one of %s", name, hint, strings.Join(families, ", "))
}

func names() []string {
	names := make([]string, len(Kinds))
	for i := range Kinds {
		names[i] = Kinds[i].Name
	}
	return names
}
