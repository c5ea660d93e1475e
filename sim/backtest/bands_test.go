package backtest

import (
	"context"
	"testing"
	"time"
)

// TestBands: the bands of dates are those of the days of a check.
func TestBands(t *testing.T) {
	m := load(t)
	r := recorded(t, m)
	want, err := Run(context.Background(), m, known, r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Bands(context.Background(), m.Workload, known.Arrivals, time.UTC, r.from, r.Days())
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range want.Days {
		if got[i] != (Band{d.Simulated, d.Low, d.High}) {
			t.Errorf("day %d has the band %+v, want %+v", i, got[i], d)
		}
	}
}
