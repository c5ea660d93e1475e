package reports_test

import (
	"encoding/json"
	"math"
	"testing"

	"sunrelay/reports"
)

var (
	unknown = reports.Number(math.NaN())
	endless = reports.Number(math.Inf(1))
)

func TestRounded(t *testing.T) {
	for _, c := range []struct {
		mean, halfWidth reports.Number
		want            string
	}{
		{96.2345, 0.41, "96.2 ± 0.4"},
		{96.2345, 0.14, "96.23 ± 0.14"},
		{96.2345, 0.096, "96.23 ± 0.10"},
		{96.2345, 0.0949, "96.23 ± 0.09"},
		{96.2345, 0.0195, "96.23 ± 0.02"},
		{96.2345, 0.0194, "96.234 ± 0.019"},
		{96.2345, 3.7, "96 ± 4"},
		{96.2345, 9.6, "96 ± 10"},
		{12345.6, 234, "12,300 ± 200"},
		{12345.6, 123, "12,350 ± 120"},
		{1234567, 98765, "1,230,000 ± 100,000"},
		{-0.04, 0.3, "0.0 ± 0.3"},
		{-12.34, 0.3, "-12.3 ± 0.3"},
		{100, 0, "100"},
		{123456, 1e-11, "123,456"}, // sums in another order
		{96.2345, endless, "96.2"},
		{0.0012345, unknown, "0.00123"},
		{123456, unknown, "123,456"},
		{0, unknown, "0"},
		{unknown, 1, ""},
		{endless, 1, ""},
		{1, 1e-30, "1.00"},
		{1, 1.1e-9, "1.000000000 ± 0.000000001"},
	} {
		if got := reports.Rounded(c.mean, c.halfWidth).String(); got != c.want {
			t.Errorf("Rounded(%v, %v) = %q, want %q", c.mean, c.halfWidth, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		share, halfWidth reports.Number
		want             string
	}{
		{0.96234, 0.0041, "96.2 ± 0.4 %"},
		{1, 0, "100 %"},
		{0.004, 0.03, "0 ± 3 %"},
		{0.5, endless, "50.0 %"},
		{0.999998, 9e-7, "100.00 ± 0.01 %"},
		{0.99913, 0.000121, "99.91 ± 0.02 %"},
		{0.000123, 0.000002, "0.0123 ± 0.0002 %"},
		{unknown, endless, ""},
	} {
		if got := reports.Percent(c.share, c.halfWidth).String(); got != c.want {
			t.Errorf("Percent(%v, %v) = %q, want %q", c.share, c.halfWidth, got, c.want)
		}
	}
}

func TestLasting(t *testing.T) {
	for _, c := range []struct {
		seconds, halfWidth reports.Number
		want               string
	}{
		{760.4, 15.2, "12m 40s ± 15s"},
		{760.4, 25, "12m 40s ± 30s"},
		{760.4, 1.24, "12m 40.4s ± 1.2s"},
		{760.4, 0.3, "12m 40.4s ± 0.3s"},
		{5000, 340, "1h 23m ± 6m"},
		{5000, 90, "1h 23m 20s ± 1m 30s"},
		{5000, 660, "1h 23m ± 11m"},
		{5000, 1500, "1h 20m ± 30m"},
		{5000, 4000, "1h 20m ± 1h 10m"},
		{100000, 7200, "1d 4h ± 2h"},
		{100000, 100000, "1d 3h ± 1d 3h"},
		{1000000, 200000, "12d ± 2d"},
		{1.3016, 0.021, "1.30s ± 0.02s"},
		{0.0217, 0.00021, "0.0217s ± 0.0002s"},
		{59.96, 0.2, "1m ± 0.2s"},
		{0, 0, "0s"},
		{20, 0, "20.0s"},
		{600, 7200, "< 3h"},
		{0.4, 1.2, "0.4s ± 1.2s"},
		{0.04, 1.2, "< 1.3s"},
		{20, 100, "20s ± 1m 40s"},
		{4, 100, "< 1m 50s"},
		{20, unknown, "20.0s"},
		{7260, unknown, "2h 1m"},
		{300000, endless, "3d 11h"},
		{unknown, 3, ""},
		{-90, 1.5, "-1m 30.0s ± 1.5s"},
	} {
		if got := reports.Lasting(c.seconds, c.halfWidth).String(); got != c.want {
			t.Errorf("Lasting(%v, %v) = %q, want %q", c.seconds, c.halfWidth, got, c.want)
		}
	}
}

// TestRoundingNeverShowsMoreDigits says the rule in another way for many half-widths: the shown half-width differs from
// the exact one by at most a quarter, and it is 1 to 19 or a single digit of its last place.
func TestRoundingNeverShowsMoreDigits(t *testing.T) {
	for h := 1e-6; h < 1e6; h *= 1.0137 {
		text := reports.Rounded(0, reports.Number(h)).HalfWidth
		digits := significant(text)
		if len(digits) > 2 || len(digits) == 2 && digits[0] != '1' {
			t.Fatalf("half-width %v is shown as %s", h, text)
		}
	}
}

// significant are the digits of a number without zeros at its ends.
func significant(text string) string {
	var digits string
	for _, r := range text {
		if r >= '1' && r <= '9' || r == '0' && digits != "" {
			digits += string(r)
		}
	}
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return digits
}

func TestNumberIsNullWhereUnknown(t *testing.T) {
	text, err := json.Marshal([]reports.Number{1.5, unknown, endless, -endless})
	if err != nil || string(text) != "[1.5,null,null,null]" {
		t.Fatalf("got %s, %v", text, err)
	}
	var back []reports.Number
	if err := json.Unmarshal(text, &back); err != nil || back[0] != 1.5 || back[1].Known() {
		t.Fatalf("read back %v, %v", back, err)
	}
}
