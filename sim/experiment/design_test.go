package experiment

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func splitCommas(s string) []string { return strings.Split(s, ",") }

func TestFactorValues(t *testing.T) {
	for _, c := range []struct {
		text  string
		whole bool
		want  string
	}{
		{"a.agents=10..16..2", true, "10 12 14 16"},
		{"a.agents=10..13", true, "10 11 12 13"},
		{"a.agents=10..15..2", true, "10 12 14"},
		{"a.agents+=-1..1", true, "-1 0 1"},
		{"a.agents-=0..2", true, "0 1 2"},
		{"a.shrinkage=10%..40%..10%", false, "10% 20% 30% 40%"},
		{"a.shrinkage=0..0.3..0.1", false, "0 0.1 0.2 0.3"},
		{"a.rate=300..600..100/week", false, "300/week 400/week 500/week 600/week"},
		{"a.rate*=0.8..1.2..0.2", true, "0.8 1 1.2"},
		{"a.target=15bm..45bm..15bm", false, "15bm 30bm 45bm"},
		{"a.target=30m..2h..30m", false, "30m 1h 1h30m 2h"},
		{"routing.rule=fifo,edf", false, "fifo edf"},
	} {
		f, err := ParseFactor(c.text, c.whole, splitCommas)
		if got := strings.Join(f.Values, " "); err != nil || got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.text, got, err, c.want)
		}
	}
}

func TestFactorErrors(t *testing.T) {
	for text, want := range map[string]string{
		"agents":                  "is not a variation",
		"a=":                      "is not a variation",
		"a.agents=10..40..2.5":    "holds whole numbers",
		"a.agents=40..10..2":      "want the lower end first",
		"a.agents=10..40..0":      "want one above 0",
		"a.agents=10..40..-2":     "want one above 0",
		"a.agents=1..10000000..1": "want at most 100000",
		"a.rate=1/week..2/day..1": "numbers of one unit",
		"a.rate=x..y..z":          "numbers of one unit",
		"a.rule=fifo,,edf":        "an empty value",
		"a.rule=fifo,fifo":        "one twice",
	} {
		if _, err := ParseFactor(text, true, splitCommas); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func factorsOf(t *testing.T, whole bool, texts ...string) []Factor {
	t.Helper()
	var factors []Factor
	for _, text := range texts {
		f, err := ParseFactor(text, whole, splitCommas)
		if err != nil {
			t.Fatal(err)
		}
		factors = append(factors, f)
	}
	return factors
}

func TestGrid(t *testing.T) {
	points, err := Grid(factorsOf(t, true, "a=1..2", "b=x,y,z"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range points {
		got = append(got, strings.Join(p, ""))
	}
	if want := []string{"1x", "1y", "1z", "2x", "2y", "2z"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := Grid(factorsOf(t, false, "a=1..2")); err == nil || !strings.Contains(err.Error(), "without a step") {
		t.Errorf("a range without a step: %v", err)
	}
	if _, err := Grid(factorsOf(t, true, "a=1..1000", "b=1..1000")); err == nil {
		t.Error("a million points are not refused")
	}
}

// TestLatinHypercube: every factor has one point in each n-th of its range, and the same seed the same points.
func TestLatinHypercube(t *testing.T) {
	factors := factorsOf(t, false, "a=0..1", "b=100..200")
	whole := factorsOf(t, true, "c=1..4")
	rapid.Check(t, func(t *rapid.T) {
		n, seed := 4*rapid.IntRange(1, 40).Draw(t, "n/4"), rapid.Uint64().Draw(t, "seed")
		points := LatinHypercube(append(factors, whole...), n, seed)
		counts := map[string]int{}
		for axis, low := range []float64{0, 100} {
			var places []float64 // in strata
			for _, p := range points {
				x, err := strconv.ParseFloat(p[axis], 64)
				if err != nil {
					t.Fatal(err)
				}
				places = append(places, (x-low)/[]float64{1, 100}[axis]*float64(n))
			}
			slices.Sort(places)
			rounding := 0.001 * float64(n) // settings have four digits
			for k, place := range places {
				if place < float64(k)-rounding || place > float64(k+1)+rounding {
					t.Errorf("axis %d: point %d of %d lies at %v", axis, k, n, place)
				}
			}
		}
		for _, p := range points {
			counts[p[2]]++
		}
		for value, count := range counts {
			if count != n/4 {
				t.Errorf("%d of %d points have %s, want a quarter", count, n, value)
			}
		}
		again := LatinHypercube(append(factors, whole...), n, seed)
		if !slices.EqualFunc(points, again, slices.Equal[[]string]) {
			t.Error("the same seed gives other points")
		}
	})
}
