package benchmarks

import "testing"

// BenchmarkScenario runs whole built-in scenarios on one worker.
func BenchmarkScenario(b *testing.B) {
	b.Run("scenario=citrix", func(b *testing.B) { measure(b, bind(b, "citrix", "run.replications=1")) })
}
