//go:build !(goexperiment.simd && amd64)

package calendar

// Kernels names the kernels of batches that this program runs on this machine.
func Kernels() string { return "portable" }

func (u *usedTable) fill(dst []Duration, starts []Instant) { u.fillPortable(dst, starts) }

func (u *usedTable) since(dst []Duration, ends []Instant) (all uint64) {
	return u.sincePortable(dst, ends)
}

func (u *dueTable) fill(dst []Instant, used []Duration, more uint64) (all uint64) {
	return u.fillPortable(dst, used, more)
}

func (p *Policy) fill(dst, starts []Instant) (all uint64) { return p.fillPortable(dst, starts) }
