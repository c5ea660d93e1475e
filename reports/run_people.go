package reports

import (
	"math"
	"strings"

	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/sim/experiment"
	"sunrelay/sim/metrics"
	"sunrelay/sim/stats"
)

func (run *Run) addPools(result *experiment.Result) {
	run.Pools = []Pool{}
	c := result.Model.Scenario
	for p := range c.Pools {
		def := &c.Pools[p]
		centre, pool := poolName(c, p)
		totals := &result.Pooled.Pools[p]
		occupancy, utilization := result.Occupancy(p), result.Utilization(p)
		handedOver := handOverShare(result, p)
		agents := 0
		for _, shift := range def.Shifts {
			agents += shift.Agents
		}
		run.Pools = append(run.Pools, Pool{
			Centre: centre, Pool: pool, Agents: agents,
			Occupancy: Number(occupancy.Mean), OccupancyHalfWidth: halfWidth(occupancy),
			Utilization: Number(utilization.Mean), UtilizationHalfWidth: halfWidth(utilization),
			Touches: totals.Touches, HandOvers: totals.HandOvers, CallIns: totals.CallIns,
			HandOverShare: Number(handedOver.Mean), HandOverHalfWidth: halfWidth(handedOver),
			ScheduledHours: float64(totals.Total().Scheduled) / float64(calendar.Hour),
			OnCallHours:    float64(totals.OnCall) / float64(calendar.Hour),
		})
	}
}

// poolName is the name of a pool's centre and its own.
func poolName(c *scenario.Compiled, pool int) (centre, own string) {
	centre = c.Centres[c.Pools[pool].Centre].Name
	return centre, strings.TrimPrefix(c.Pools[pool].Name, centre+".")
}

// handOverShare is the share of a pool's touches that were handed over.
func handOverShare(result *experiment.Result, pool int) stats.Estimate {
	var handedOver, touches []float64
	for _, t := range result.Replications {
		handedOver = append(handedOver, float64(t.Pools[pool].HandOvers))
		touches = append(touches, float64(t.Pools[pool].Touches))
	}
	return stats.Estimator{Confidence: experiment.Confidence}.RatioOf(handedOver, touches)
}

func (run *Run) addBacklog(result *experiment.Result) {
	open, waiting := result.MeanOpen(), result.MeanWaiting()
	openAtEnd := atEnd(result, func(t *metrics.Totals) int64 { return t.OpenAtEnd })
	waitingAtEnd := atEnd(result, func(t *metrics.Totals) int64 { return t.WaitingAtEnd })
	run.Backlog = Backlog{
		OpenCases: Number(open.Mean), OpenCasesHalfWidth: halfWidth(open),
		WaitingTouches: Number(waiting.Mean), WaitingTouchesHalfWidth: halfWidth(waiting),
		OpenCasesAtEnd: Number(openAtEnd.Mean), OpenCasesAtEndHalfWidth: halfWidth(openAtEnd),
		WaitingTouchesAtEnd: Number(waitingAtEnd.Mean), WaitingTouchesAtEndHalfWidth: halfWidth(waitingAtEnd),
		Growth: Number(math.NaN()), GrowthHalfWidth: Number(math.NaN()),
	}
	if growth := result.BacklogGrowth(); growth.N > 0 {
		run.Backlog.Growth, run.Backlog.GrowthHalfWidth = Number(growth.Mean), halfWidth(growth)
	}
}

// atEnd is the mean over the replications of a count at the end of the run.
func atEnd(result *experiment.Result, count func(*metrics.Totals) int64) stats.Estimate {
	var counts []float64
	for _, t := range result.Replications {
		counts = append(counts, float64(count(t)))
	}
	return stats.Estimator{Confidence: experiment.Confidence}.MeanOf(counts)
}
