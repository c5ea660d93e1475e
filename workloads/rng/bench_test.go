package rng

import "testing"

var (
	sinkBits  uint64
	sinkFloat float64
)

func BenchmarkAt(b *testing.B) {
	key := Root(1)
	var sum uint64
	for i := range b.N {
		sum += uint64(key.At(uint64(i)))
	}
	sinkBits = sum
}

func BenchmarkBits(b *testing.B) {
	key, purpose := Root(1), Of("handle time")
	var sum uint64
	for i := range b.N {
		sum += key.Bits(purpose, uint32(i))
	}
	sinkBits = sum
}

// BenchmarkBitsDependent lets each draw wait for the one before, the worst case for the processor.
func BenchmarkBitsDependent(b *testing.B) {
	purpose := Of("handle time")
	bits := uint64(1)
	for i := range b.N {
		bits = Key(bits).Bits(purpose, uint32(i))
	}
	sinkBits = bits
}

func BenchmarkUniform(b *testing.B) {
	key, purpose := Root(1), Of("handle time")
	var sum float64
	for i := range b.N {
		sum += Uniform(key.Bits(purpose, uint32(i)))
	}
	sinkFloat = sum
}
