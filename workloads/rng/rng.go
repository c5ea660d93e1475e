package rng

// Key names a stream of random numbers, or one member of it such as the fate of a case. It is a value without state;
// equal keys give equal numbers, on every machine and in every version of the program.
type Key uint64

// Purpose names what a draw of a key is for, such as its handle times. Make it once, with [Of], outside the loop.
type Purpose uint64

// weyl is 2^64 divided by the golden ratio, made odd: the step of splitmix64, which visits all of 2^64 states and
// spreads neighbours far apart (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
const weyl = 0x9e3779b97f4a7c15

// Starting values that keep the three uses of the name hash and the rejection sequence apart, so that the stream
// "touch" and the purpose "touch" of one key have nothing in common. They are the first fractional binary digits of
// the square roots of 2, 3 and 5.
const (
	streamSalt  = 0x6a09e667f3bcc908
	purposeSalt = 0xbb67ae8584caa73b
	nextSalt    = 0x3c6ef372fe94f82b
)

// Root is the key of a whole experiment. Every seed is good, neighbours and zero too.
func Root(seed uint64) Key { return Key(mix(seed + weyl)) }

// Named is the sub-stream called name. It depends on k and the name alone, so adding a stream changes no other.
func (k Key) Named(name string) Key { return Key(mix(uint64(k) ^ hash(name, streamSalt))) }

// At is the n-th member of k, counted from 0: the n-th output of splitmix64 started at k. The members of one key are
// all different.
func (k Key) At(n uint64) Key { return Key(mix(uint64(k) + (n+1)*weyl)) }

// Of is the purpose called name.
func Of(name string) Purpose { return Purpose(hash(name, purposeSalt)) }

// Bits are the 64 bits of the n-th draw of k for purpose p, counted from 0. The draws of one key and purpose are all
// different.
func (k Key) Bits(p Purpose, n uint32) uint64 {
	return mix(uint64(k) + uint64(p) + uint64(n)*weyl)
}

// Next are further bits derived from bits, for a sampler that rejects its first attempt. They behave as if drawn
// independently; the sequence Next(b), Next(Next(b)) ... is again a pure function of b.
func Next(bits uint64) uint64 { return mix(bits + nextSalt) }

// Uniform is the number in [0, 1) given by the upper 53 bits: a multiple of 2^-53.
func Uniform(bits uint64) float64 {
	return float64(int64(bits>>11)) * 0x1p-53 // via int64, which one instruction converts
}

// UniformPositive is the number in (0, 1] given by the upper 53 bits, for use under a logarithm. It equals
// Uniform(bits) + 2^-53.
func UniformPositive(bits uint64) float64 {
	return float64(int64(bits>>11)+1) * 0x1p-53
}

// mix is the output function of splitmix64, a bijection in which each bit of z moves each bit of the result with
// probability near one half (variant 13 of D. Stafford, "Better bit mixing", 2011).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// hash is the 64-bit FNV-1a hash of name (draft-eastlake-fnv), salted and mixed, since FNV alone leaves the upper bits
// of short names alike.
func hash(name string, salt uint64) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return mix(h + salt)
}
