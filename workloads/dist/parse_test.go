package dist

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	const minute, hour = 60_000.0, 3_600_000.0
	for _, c := range []struct {
		text      string
		mean, sd  float64 // milliseconds
		canonical string
	}{
		{"12m", 12 * minute, 0, "constant(12m)"},
		{"0", 0, 0, "constant(0)"},
		{"constant(90s)", 1.5 * minute, 0, "constant(1m30s)"},
		{"constant(value 1.5h)", 1.5 * hour, 0, "constant(1h30m)"},
		{" exponential ( mean 20m ) ", 20 * minute, 20 * minute, "exponential(mean 20m)"},
		{"lognormal(cv 1.2, mean 25m)", 25 * minute, 30 * minute, "lognormal(mean 25m, cv 1.2)"},
		{"lognormal(median 1h, mean 2h)", 2 * hour, 2 * hour * math.Sqrt(3), "lognormal(median 1h, mean 2h)"},
		{"gamma(mean 10m, cv 0.5)", 10 * minute, 5 * minute, "gamma(mean 10m, cv 0.5)"},
		{"gamma(shape 4, mean 1h)", hour, hour / 2, "gamma(shape 4, mean 1h)"},
		{"weibull(shape 1, mean 1h)", hour, hour, "weibull(shape 1, mean 1h)"},
		{"weibull(shape 0.5, mean 1h)", hour, math.Sqrt(5) * hour, "weibull(shape 0.5, mean 1h)"},
		{"erlang(k 4, mean 8m)", 8 * minute, 4 * minute, "erlang(k 4, mean 8m)"},
		{"uniform(0, 12m)", 6 * minute, 12 * minute / math.Sqrt(12), "uniform(from 0, to 12m)"},
		{"uniform(to 12m, from 0)", 6 * minute, 12 * minute / math.Sqrt(12), "uniform(from 0, to 12m)"},
		{"mixture(0.5 0, 0.5 12m)", 6 * minute, 6 * minute, "mixture(0.5 constant(0), 0.5 constant(12m))"},
		{"mixture(0.25 constant(4m), 0.75\n\tmixture(0.5 2m, 0.5 6m))", 4 * minute, math.Sqrt(3) * minute, "mixture(0.25 constant(4m), 0.75 mixture(0.5 constant(2m), 0.5 constant(6m)))"},
		{"empirical(p0 0, p100 12m)", 6 * minute, 12 * minute / math.Sqrt(12), "empirical(p0 0, p100 12m)"},
		{"empirical(p0 5m, p50 5m, p100 5m)", 5 * minute, 0, "empirical(p0 5m, p50 5m, p100 5m)"},
	} {
		d, err := Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if math.Abs(d.Mean()-c.mean) > 1e-9*c.mean {
			t.Errorf("%q has mean %v, want %v", c.text, d.Mean(), c.mean)
		}
		if sd := math.Sqrt(d.(Spread).Variance()); math.Abs(sd-c.sd) > 1e-9*c.sd {
			t.Errorf("%q has standard deviation %v, want %v", c.text, sd, c.sd)
		}
		if got := fmt.Sprint(d); got != c.canonical {
			t.Errorf("%q is written %q, want %q", c.text, got, c.canonical)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const families = "want one of exponential, lognormal, gamma, weibull, erlang, uniform, constant, mixture, empirical"
	for _, c := range []struct{ text, want string }{
		{"", "column 1: want a distribution such as exponential(mean 20m)"},
		{"(5m)", "column 1: want a distribution such as exponential(mean 20m)"},
		{"lognorml(mean 25m, cv 1.2)", `column 1: unknown distribution "lognorml", did you mean lognormal; ` + families},
		{"normal(mean 1m)", `column 1: unknown distribution "normal", ` + families},
		{"exponential", "column 1: exponential has no parameters, want exponential(mean 20m)"},
		{"exponental", `column 1: unknown distribution "exponental", did you mean exponential; ` + families},
		{"12", "column 1: value 12: want a duration such as 12m"},
		{"exponential(mean 12)", "column 18: mean 12: want a duration such as 12m"},
		{"exponential(mean 0)", "column 18: mean 0, want more than 0"},
		{"exponential(mean 12q)", `column 18: mean: "12q" is not a duration, want a time such as 90s, 30m, 8h30m, 2d, 1w or 500ms`},
		{"exponential(mean 5m(3))", `column 18: unknown distribution "5m", ` + families},
		{"exponential(mean constant(3m))", "column 18: mean constant(...), want a duration such as 12m"},
		{"exponential(20m)", "column 13: exponential takes parameters such as mean 20m, want mean"},
		{"exponential()", "column 1: exponential wants mean"},
		{"exponential(mean 20m", "column 1: exponential( is not closed, want ) (inside braces quote what has a comma)"},
		{"exponential(mean 20m,", "column 22: want a parameter such as mean 20m"},
		{"exponential(mean 20m,)", "column 22: want a parameter such as mean 20m"},
		{"exponential(mean 20m) 5", `column 23: unexpected "5" after the distribution`},
		{"exponential(mean 20m))", `column 22: unexpected ")" after the distribution`},
		{"exponential(mean 20m, mean 20m)", "column 23: mean is stated twice"},
		{"lognormal(mean 25m, cv -1)", "column 24: cv -1, want 0.001 to 1000"},
		{"lognormal(mean 25m, cv inf)", "column 24: cv inf, want a number"},
		{"lognormal(mean 25m, cv 0x1p2)", "column 24: cv 0x1p2, want a number"},
		{"lognormal(mean 25m, sigma 1)", `column 21: lognormal has no parameter "sigma", want mean and cv, or median and mean`},
		{"lognormal(mean 25m)", "column 1: lognormal wants mean and cv, or median and mean"},
		{"lognormal(median 2h, mean 1h)", "column 1: mean 1h, want more than the median 2h"},
		{"gamma(shape 0, mean 1h)", "column 13: shape 0, want 0.001 to 1e+06"},
		{"erlang(k 1.5, mean 1h)", "column 10: k 1.5, want a whole number from 1 to 1000000"},
		{"uniform(15m, 5m)", "column 1: to 5m, want more than from 15m"},
		{"constant(1m, 2m)", "column 10: constant takes parameters such as 12m, want value"},
		{"mixture()", "column 1: the weights of the mixture add up to 0, want 1"},
		{"mixture(0.3 1m, 0.6 2m)", "column 1: the weights of the mixture add up to 0.9, want 1"},
		{"mixture(1.5 1m)", "column 9: weight 1.5, want more than 0 and at most 1"},
		{"mixture(1m, 2m)", "column 9: want a weight and a distribution such as 0.3 exponential(mean 20m)"},
		{"mixture(0.3 exponential(mean 5m), 0.7 lognormal(mean 2h, cv x))", "column 61: cv x, want a number"},
		{"mixture(0.3 ünknown(mean 5m), 0.7 lognormal(mean 2h, cv 1))", `column 13: unknown distribution "ünknown", ` + families},
		{"uniform(ü 5m, to 15m)", `column 9: uniform has no parameter "ü", want from and to`},
		{"uniform(from 5m, ü 15m)", `column 18: uniform has no parameter "ü", want from and to`},
		{"empirical(p0 1m)", "column 1: empirical wants quantiles from p0, the least, to p100, the greatest"},
		{"empirical(p0 1m, p90 5m)", "column 1: empirical wants quantiles from p0, the least, to p100, the greatest"},
		{"empirical(p0 1m, p101 5m)", "column 18: p101, want p0 to p100"},
		{"empirical(p0 1m, p90 5m, p50 9m, p100 1h)", "column 26: p50 after p90, want the quantiles in rising order"},
		{"empirical(p0 1m, p90 5m, p100 4m)", "column 31: p100 4m, want at least the 5m of p90"},
		{"empirical(0 1m, 100 4m)", "column 11: want a quantile such as p50 10m"},
		{strings.Repeat("mixture(1 ", 10) + "1m" + strings.Repeat(")", 10), "column 91: distributions are nested too deeply, want at most 8 levels"},
	} {
		_, err := Parse(c.text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
		if e := (*Error)(nil); !errors.As(err, &e) {
			t.Errorf("%q: the error is a %T, want *Error", c.text, err)
		}
	}
}

func TestMixtureWeightsAreScaled(t *testing.T) {
	d, err := Parse("mixture(0.3333 1m, 0.3333 2m, 0.3333 3m)")
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(d.Mean()-120_000) > 1e-6 {
		t.Errorf("mean %v, want 120000", d.Mean())
	}
	if got := d.(Law).CDF(1e9); got != 1 {
		t.Errorf("CDF far out is %v, want 1", got)
	}
}

// FuzzParse makes sure that any text is either refused with a column inside it or read to a distribution whose own text
// is read to the same one.
func FuzzParse(f *testing.F) {
	for _, kind := range Kinds {
		for _, text := range kind.Examples {
			f.Add(text)
		}
	}
	f.Add("mixture(0.3333 1m, 0.3333 2m, 0.3334 mixture(1 lognormal(median 1ms, mean 100000w)))")
	f.Add("gamma(mean 0.5ms, cv 31)")
	f.Add("exponential(mean \u00a020m )")
	f.Add("empirical(p0 0, p12.3456789 0, p1e2 1w)")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			e := (*Error)(nil)
			if !errors.As(err, &e) || e.Column < 1 || e.Column > len(text)+1 {
				t.Fatalf("%q: unplaced error %v", text, err)
			}
			return
		}
		again, err := Parse(fmt.Sprint(d))
		if err != nil {
			t.Fatalf("%q is written %q, which is refused: %v", text, d, err)
		}
		if !reflect.DeepEqual(d, again) {
			t.Fatalf("%q is written %q, which is another distribution:\n%#v\n%#v", text, d, d, again)
		}
		if mean, variance := d.Mean(), d.(Spread).Variance(); !(mean >= 0 && variance >= 0 && !math.IsInf(mean+variance, 0)) {
			t.Fatalf("%q has mean %v and variance %v", text, mean, variance)
		}
		for _, bits := range []uint64{0, 1, 255, 256, 1 << 63, 1<<64 - 1, 0x9e3779b97f4a7c15} {
			if x := d.Sample(bits); !(x >= 0) || math.IsInf(x, 0) {
				t.Fatalf("%q samples %v", text, x)
			}
		}
	})
}
