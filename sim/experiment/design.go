package experiment

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/workloads/rng"
)

// Factor is a value of a scenario that a design varies. Its settings are overrides of the scenario.
type Factor struct {
	Path     string
	Operator string   // =, +=, -= or *=
	Values   []string // the settings of a list, or of a range with a step; nil = a range of which any value may be taken
	low      float64  // of a range
	high     float64
	whole    bool                 // only whole numbers
	format   func(float64) string // with the unit
}

// MostPoints is how many points a design may have.
const MostPoints = 100_000

var (
	factorForm = regexp.MustCompile(`^\s*([^=+*\s]*[^=+*\s-])\s*([+*-]?=)(.+)$`)
	numberForm = regexp.MustCompile(`^\s*(-?[0-9][0-9_]*(?:\.[0-9]+)?)\s*(\D*)$`)
)

// ParseFactor reads PATH=FROM..TO..STEP, PATH=FROM..TO or PATH=A,B,C; +=, -= and *= change what is there. The ends of a range
// have the same unit, or are times; whole says that the path holds whole numbers, where the step may be left out. split
// cuts a list at its commas.
func ParseFactor(text string, whole bool, split func(string) []string) (Factor, error) {
	parts := factorForm.FindStringSubmatch(text)
	if parts == nil {
		return Factor{}, fmt.Errorf("%q is not a variation, want PATH=FROM..TO..STEP or PATH=A,B,C", text)
	}
	f := Factor{Path: parts[1], Operator: parts[2], whole: whole && parts[2] != "*="}
	settings := strings.TrimSpace(parts[3])
	if ends := strings.Split(settings, ".."); len(ends) == 2 || len(ends) == 3 {
		return f, f.parseRange(ends)
	}
	f.Values = split(settings)
	seen := map[string]bool{}
	for _, v := range f.Values {
		if v == "" || seen[v] {
			return f, fmt.Errorf("%s has an empty value, or one twice, in the list %q", f.Path, settings)
		}
		seen[v] = true
	}
	return f, nil
}

// parseRange reads the ends and the step of a range.
func (f *Factor) parseRange(ends []string) error {
	numbers, err := f.quantities(ends)
	if err != nil {
		return err
	}
	f.low, f.high = numbers[0], numbers[1]
	step := 0.0
	switch {
	case len(numbers) == 3:
		step = numbers[2]
	case f.whole:
		step = 1
	}
	switch {
	case !(f.low < f.high):
		return fmt.Errorf("%s runs from %s to %s, want the lower end first", f.Path, ends[0], ends[1])
	case len(numbers) == 3 && step <= 0:
		return fmt.Errorf("%s has the step %s, want one above 0", f.Path, ends[2])
	case f.whole && (f.low != math.Trunc(f.low) || f.high != math.Trunc(f.high) || step != math.Trunc(step)):
		return fmt.Errorf("%s holds whole numbers, want such ends and such a step, not %s", f.Path, strings.Join(ends, ".."))
	case step == 0:
		return nil
	}
	const slack = 1e-9 // of rounding
	count := math.Floor((f.high-f.low)/step+slack) + 1
	if count > MostPoints {
		return fmt.Errorf("%s has %.0f values, want at most %d", f.Path, count, MostPoints)
	}
	for i := range int(count) {
		f.Values = append(f.Values, f.format(f.low+float64(i)*step))
	}
	return nil
}

// quantities reads numbers that have one unit, which may be left out before the end of the range, or times, and sets the
// format.
func (f *Factor) quantities(texts []string) ([]float64, error) {
	var numbers []float64
	unit := ""
	for _, text := range texts {
		part := numberForm.FindStringSubmatch(text)
		if part == nil {
			return f.times(texts)
		}
		number, err := strconv.ParseFloat(strings.ReplaceAll(part[1], "_", ""), 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a number", f.Path, text)
		}
		if own := strings.TrimRight(part[2], " "); own != "" {
			if unit != "" && own != unit {
				return f.times(texts)
			}
			unit = own
		}
		numbers = append(numbers, number)
	}
	f.format = func(x float64) string { return decimal(x) + unit }
	return numbers, nil
}

// times reads lengths of time of several units.
func (f *Factor) times(texts []string) ([]float64, error) {
	var numbers []float64
	for _, text := range texts {
		length, err := calendar.ParseDuration(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("%s: the range %s does not have numbers of one unit, or times", f.Path, strings.Join(texts, ".."))
		}
		numbers = append(numbers, float64(length))
	}
	f.format = func(x float64) string { return calendar.Duration(math.Round(x)).String() }
	return numbers, nil
}

// decimal is a number without the noise of binary fractions.
func decimal(x float64) string {
	const digits = 12
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64) // its own text
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// At is the setting at a place in [0, 1) of the factor's values or range.
func (f *Factor) At(u float64) string {
	if f.Values != nil {
		return f.Values[min(int(u*float64(len(f.Values))), len(f.Values)-1)]
	}
	const digits = 4 // more would be a burden to read
	x := f.low + u*(f.high-f.low)
	place := math.Pow(10, math.Floor(math.Log10(f.high-f.low))-digits+1)
	return f.format(min(max(math.Round(x/place)*place, f.low), f.high))
}

// Override is the override of the scenario that makes a setting.
func (f *Factor) Override(value string) string { return f.Path + f.Operator + value }

// Name is the path, with the operator where that changes what is there.
func (f *Factor) Name() string { return strings.TrimSuffix(f.Path+f.Operator, "=") }

// Grid are all combinations of the factors' values, the last factor changing fastest.
func Grid(factors []Factor) ([][]string, error) {
	points := [][]string{nil}
	for i := range factors {
		if factors[i].Values == nil {
			return nil, fmt.Errorf("%s has a range without a step, want FROM..TO..STEP or a number of points", factors[i].Path)
		}
		if len(points)*len(factors[i].Values) > MostPoints {
			return nil, fmt.Errorf("the grid has more than %d points", MostPoints)
		}
		var more [][]string
		for _, p := range points {
			for _, v := range factors[i].Values {
				more = append(more, append(p[:len(p):len(p)], v))
			}
		}
		points = more
	}
	return points, nil
}

// LatinHypercube are n points, of which each factor has one in each n-th of its range: any n settings of one factor are
// spread evenly, and factors are combined at random (M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21 (1979),
// 239-245). Equal seeds give equal points.
func LatinHypercube(factors []Factor, n int, seed uint64) [][]string {
	points := make([][]string, n)
	for i := range factors {
		key := rng.Root(seed).Named("latin hypercube").Named(factors[i].Path)
		order := make([]int, n)
		for k := range order { // Fisher and Yates
			other := int(rng.Uniform(key.Bits(rng.Of("order"), uint32(k))) * float64(k+1))
			order[k], order[other] = order[other], k
		}
		for k, stratum := range order {
			within := rng.Uniform(key.Bits(rng.Of("within"), uint32(k)))
			points[k] = append(points[k], factors[i].At((float64(stratum)+within)/float64(n)))
		}
	}
	return points
}
