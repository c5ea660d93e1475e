package backtest

import (
	"context"
	"time"

	"sunrelay/workloads"
	"sunrelay/workloads/fit"
)

// Band is how many cases a scenario has on a local date, in the mean and in 90 % of the replications.
type Band struct{ Mean, Low, High float64 }

// Bands simulates the arrivals of so many local dates from the first on (days since 1970-01-01). The run of the scenario holds these
// dates; it has at least Replications replications. The bands hold the errors of the fit too.
func Bands(ctx context.Context, w *workloads.Model, fitted *fit.Arrivals, zone *time.Location, first, dates int) ([]Band, error) {
	counts, _, err := drawDays(ctx, w, fitted, zone, first, dates)
	if err != nil {
		return nil, err
	}
	bands := make([]Band, dates)
	for i, all := range counts {
		bands[i].Mean = mean(all)
		bands[i].Low, bands[i].High = interval(all)
	}
	return bands, nil
}

// drawDays simulates the arrivals of so many local dates: their counts by date and replication, with the errors of the fit, and by
// replication the shape of the week.
func drawDays(ctx context.Context, w *workloads.Model, fitted *fit.Arrivals, zone *time.Location, first, dates int) (counts [][]float64, hours [][168]float64, err error) {
	counts = make([][]float64, dates)
	for replication := range Replications {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		drawn := &Recorder{zone: zone, from: first, most: dates, counts: make([]int, dates)}
		draw(w, replication, drawn)
		for day, n := range drawn.counts {
			counts[day] = append(counts[day], float64(n))
		}
		hours = append(hours, drawn.hours)
	}
	estimated(counts, first, fitted)
	return counts, hours, nil
}
