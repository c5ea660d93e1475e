package calendar

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]Duration{
		"0": 0, "0s": 0, "500ms": 500, "90s": 90_000, "30m": 1_800_000, "8h30m": 30_600_000, "1.5h": 5_400_000,
		"2d": 172_800_000, "1w": 604_800_000, "1w2d3h4m5s6ms": 788_645_006, " 2h ": 7_200_000, "0.0004s": 0, "0.0006s": 1,
	} {
		got, err := ParseDuration(text)
		if err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestParseDurationRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "want a time", "5": "want a time", "-5m": "want a time", "5x": "want a time", "5m2h": "want a time",
		"5m5m": "want a time", "1..5h": "want a time", "h": "want a time", "5 m": "want a time", "999999999w": "too long",
		"5bh": "want a time", "inf": "want a time", strings.Repeat("9", 400) + "w": "want a time",
	} {
		if got, err := ParseDuration(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDuration(%q) = %d, %v, want an error with %q", text, got, err, want)
		}
	}
}

func TestDurationStringIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Duration(rapid.Int64Range(0, int64(LongestDuration)).Draw(t, "milliseconds"))
		var back Duration
		if err := back.UnmarshalText([]byte(d.String())); err != nil || back != d {
			t.Fatalf("%d is written %s and read back as %d, %v", d, d, back, err)
		}
	})
}

func TestDurationStringNegative(t *testing.T) {
	if got := (-90 * Second).String(); got != "-1m30s" {
		t.Errorf("got %s, want -1m30s", got)
	}
}
