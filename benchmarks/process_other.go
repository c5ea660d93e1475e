//go:build !unix

package benchmarks

import (
	"runtime"
	"time"
)

var processStart = time.Now()

// cpuTime is the time that has passed: the processor time of the process is not at hand here.
func cpuTime() time.Duration { return time.Since(processStart) }

// peakMemory is what the process has taken from the system, in bytes.
func peakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
