//go:build !(goexperiment.simd && amd64)

package calendar

// Kernels names the kernels of batches that this program runs on this machine.
func Kernels() string { return "portable" }

func (u *usedTable) fill(dst []uint64, starts []Instant) { u.fillPortable(dst, starts) }

func (u *usedTable) since(dst []Duration, used []uint64, ends []Instant) (all uint64) {
	return u.sincePortable(dst, used, ends)
}

func (u *dueTable) fill(dst []Instant, used []uint64, more uint64) (all uint64) {
	return u.fillPortable(dst, used, more)
}

func (p *Policy) fill(dst, starts []Instant) (all uint64) { return p.fillPortable(dst, starts) }
