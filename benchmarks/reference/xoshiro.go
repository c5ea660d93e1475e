package reference

import (
	"math/bits"

	"sunrelay/workloads/dist"
)

// Xoshiro is the generator xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM
// Transactions on Mathematical Software 47, 2021).
type Xoshiro struct{ a, b, c, d uint64 }

// NewXoshiro is a generator seeded by splitmix64, as its authors advise.
func NewXoshiro(seed uint64) Xoshiro {
	next := func() uint64 {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	return Xoshiro{next(), next(), next(), next()}
}

// Bits are the next 64 bits.
func (x *Xoshiro) Bits() uint64 {
	out := bits.RotateLeft64(x.a+x.d, 23) + x.a
	c, d := x.c^x.a, x.d^x.b
	t := x.b << 17
	x.b ^= c
	x.a ^= d
	x.c = c ^ t
	x.d = bits.RotateLeft64(d, 45)
	return out
}

// Exponential is the next number of the exponential distribution with mean 1.
func (x *Xoshiro) Exponential() float64 { return dist.UnitExponential(x.Bits()) }
