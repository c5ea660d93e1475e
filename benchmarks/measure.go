package benchmarks

import (
	"context"
	"runtime"
	"slices"
	"time"
)

// Sample is what one process measured of a case.
type Sample struct {
	NsPerOp          float64 `json:"ns_per_op"`           // processor time
	ReferenceNsPerOp float64 `json:"reference_ns_per_op"` // the same of the reference
	Ratio            float64 `json:"ratio_to_reference"`  // median over turns
	AllocsPerOp      float64 `json:"allocs_per_op"`
	MaxRSSBytes      int64   `json:"max_rss_bytes"` // peak of the process
}

// budget is how much processor time a sample takes at the least; the work is repeated until then.
const budget = 250 * time.Millisecond

// Measure takes a sample of the case in this process, whose peak of memory is that of all that it did before.
func Measure(ctx context.Context, c Case) (Sample, error) {
	work, err := c.Prepare(c.Size)
	if err != nil {
		return Sample{}, err
	}
	m := meter{work: work}
	for m.spent() < budget {
		if err := m.pass(ctx); err != nil {
			return Sample{}, err
		}
	}
	return m.sample(), nil
}

// meter lets the work and its reference take turns and notes what each takes.
type meter struct {
	work            *Work
	began           time.Duration
	allocated       uint64 // objects, when the turn began
	product, floor  []float64
	ratios          []float64
	allocs, ops     float64
	inWork, inFloor time.Duration
}

func (m *meter) spent() time.Duration { return m.inWork + m.inFloor }

// pass does the work once.
func (m *meter) pass(ctx context.Context) error {
	m.resume()
	return m.work.Run(ctx, func(ops int) error {
		m.turn(ops)
		return ctx.Err()
	})
}

// resume begins a turn of the work.
func (m *meter) resume() {
	m.allocated = allocated()
	m.began = cpuTime()
}

// turn ends a turn of the work, which did so many operations, has one of the reference and begins the next.
func (m *meter) turn(ops int) {
	took := cpuTime() - m.began
	m.allocs += float64(allocated() - m.allocated)
	m.ops += float64(ops)
	began := cpuTime()
	m.work.Reference(ops)
	floor := cpuTime() - began
	m.inWork, m.inFloor = m.inWork+took, m.inFloor+floor
	m.product = append(m.product, float64(took.Nanoseconds())/float64(ops))
	m.floor = append(m.floor, float64(floor.Nanoseconds())/float64(ops))
	if floor > 0 {
		m.ratios = append(m.ratios, float64(took)/float64(floor))
	}
	m.resume()
}

func (m *meter) sample() Sample {
	return Sample{
		NsPerOp: median(m.product), ReferenceNsPerOp: median(m.floor), Ratio: median(m.ratios),
		AllocsPerOp: m.allocs / m.ops, MaxRSSBytes: peakMemory(),
	}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// allocated is how many objects the process has allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
