package dist

import (
	"testing"

	"sunrelay/workloads/rng"
)

var sink float64

// BenchmarkSample draws through the interface, as the engine does, with the bits of consecutive draws of one purpose.
func BenchmarkSample(b *testing.B) {
	key, purpose := rng.Root(1), rng.Of("benchmark")
	for i := range Kinds {
		for _, text := range Kinds[i].Examples {
			d, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(text, func(b *testing.B) {
				var sum float64
				for n := range b.N {
					sum += d.Sample(key.Bits(purpose, uint32(n)))
				}
				sink = sum
			})
		}
	}
}

// BenchmarkUnit draws without the interface.
func BenchmarkUnit(b *testing.B) {
	key, purpose := rng.Root(1), rng.Of("benchmark")
	b.Run("exponential", func(b *testing.B) {
		var sum float64
		for n := range b.N {
			sum += UnitExponential(key.Bits(purpose, uint32(n)))
		}
		sink = sum
	})
	b.Run("normal", func(b *testing.B) {
		var sum float64
		for n := range b.N {
			sum += UnitNormal(key.Bits(purpose, uint32(n)))
		}
		sink = sum
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse("lognormal(mean 25m, cv 1.2)"); err != nil {
			b.Fatal(err)
		}
	}
}
