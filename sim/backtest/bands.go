package backtest

import (
	"context"
	"time"

	"sunrelay/workloads"
)

// Band is how many cases a scenario has on a local date, in the mean and in 90 % of the replications.
type Band struct{ Mean, Low, High float64 }

// Bands simulates the arrivals of so many local dates from the first on (days since 1970-01-01). The run of the scenario holds these
// dates; it has at least Replications replications.
func Bands(ctx context.Context, w *workloads.Model, zone *time.Location, first, dates int) ([]Band, error) {
	counts := make([][]float64, dates)
	for replication := range Replications {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		drawn := &Recorder{zone: zone, from: first, most: dates, counts: make([]int, dates)}
		draw(w, replication, drawn)
		for i, n := range drawn.counts {
			counts[i] = append(counts[i], float64(n))
		}
	}
	bands := make([]Band, dates)
	for i, all := range counts {
		bands[i].Mean = mean(all)
		bands[i].Low, bands[i].High = interval(all)
	}
	return bands, nil
}
