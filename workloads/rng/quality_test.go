package rng

import (
	"math"
	"math/bits"
	"slices"
	"testing"
)

// The tests of this file look for structure in the draws of consecutive cases, purposes and counts, the patterns in
// which the simulator uses them. Seeds are fixed; with a fresh one each comparison would fail by chance with probability
// 1e-6 (4.89 standard deviations) unless it says otherwise.
const sigmas = 4.89

// patterns are the ways in which consecutive draws are made. Each is a sequence of 64-bit numbers.
var patterns = []struct {
	name string
	draw func(i uint64) uint64
}{
	{"one case, many draws", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases").At(0), Of("handle time")
		return func(i uint64) uint64 { return key.Bits(p, uint32(i)) }
	}()},
	{"many cases, one draw", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases"), Of("handle time")
		return func(i uint64) uint64 { return key.At(i).Bits(p, 0) }
	}()},
	{"many cases, four draws", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases"), Of("handle time")
		return func(i uint64) uint64 { return key.At(i/4).Bits(p, uint32(i%4)) }
	}()},
	{"many cases, four purposes", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases"), []Purpose{Of("plan"), Of("severity"), Of("channel"), Of("language")}
		return func(i uint64) uint64 { return key.At(i/4).Bits(p[i%4], 0) }
	}()},
	{"many seeds", func() func(uint64) uint64 {
		p := Of("handle time")
		return func(i uint64) uint64 { return Root(i).Bits(p, 0) }
	}()},
	{"many replications", func() func(uint64) uint64 {
		key, p := Root(1).Named("replication"), Of("handle time")
		return func(i uint64) uint64 { return key.At(i).Named("cases").At(0).Bits(p, 0) }
	}()},
	{"rejections", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases"), Of("handle time")
		return func(i uint64) uint64 { return Next(key.At(i).Bits(p, 0)) }
	}()},
	{"draw and its rejection", func() func(uint64) uint64 {
		key, p := Root(1).Named("cases"), Of("handle time")
		return func(i uint64) uint64 {
			if b := key.At(i/2).Bits(p, 0); i%2 == 0 {
				return b
			} else {
				return Next(b)
			}
		}
	}()},
}

// TestUniformity counts 500,000 draws in 1024 cells of their upper bits and again of their lower bits. Chi-square with
// 1023 degrees of freedom exceeds 1253 with probability 1e-6 (Wilson-Hilferty).
func TestUniformity(t *testing.T) {
	const n, cells = 500_000, 1024
	for _, p := range patterns {
		var upper, lower [cells]int
		for i := range uint64(n) {
			b := p.draw(i)
			upper[b>>54]++
			lower[b%cells]++
		}
		for what, counts := range map[string][cells]int{"upper": upper, "lower": lower} {
			chi := 0.0
			for _, k := range counts {
				d := float64(k) - float64(n)/cells
				chi += d * d / (float64(n) / cells)
			}
			if chi > 1253 {
				t.Errorf("%s: chi-square of the %s bits is %.0f, want at most 1253", p.name, what, chi)
			}
		}
	}
}

// TestPairs counts consecutive pairs in 32 × 32 cells, which finds serial dependence of any form.
func TestPairs(t *testing.T) {
	const n, side = 400_000, 32
	for _, p := range patterns {
		var counts [side * side]int
		for i := range uint64(n) {
			counts[p.draw(2*i)>>59<<5|p.draw(2*i+1)>>59]++
		}
		chi := 0.0
		for _, k := range counts {
			d := float64(k) - float64(n)/(side*side)
			chi += d * d / (float64(n) / (side * side))
		}
		if chi > 1253 {
			t.Errorf("%s: chi-square of pairs is %.0f, want at most 1253", p.name, chi)
		}
	}
}

// TestCorrelations computes the linear correlation at lags 1 to 8; each is normal with standard deviation 1/√n.
func TestCorrelations(t *testing.T) {
	const n = 200_000
	u := make([]float64, n)
	for _, p := range patterns {
		for i := range u {
			u[i] = Uniform(p.draw(uint64(i))) - 0.5
		}
		for lag := 1; lag <= 8; lag++ {
			sum := 0.0
			for i := range n - lag {
				sum += u[i] * u[i+lag]
			}
			if r := sum * 12 / n; math.Abs(r) > sigmas/math.Sqrt(n) {
				t.Errorf("%s: correlation at lag %d is %.5f, want within ± %.5f", p.name, lag, r, sigmas/math.Sqrt(n))
			}
		}
	}
}

// TestPurposesAreIndependent correlates two purposes of the same cases, and the same purpose in two streams.
func TestPurposesAreIndependent(t *testing.T) {
	const n = 200_000
	a, b := Root(1).Named("cases"), Root(1).Named("growth")
	handle, answer := Of("handle time"), Of("answer")
	var purposes, streams, seeds float64
	other := Root(2).Named("cases")
	for i := range uint64(n) {
		u := Uniform(a.At(i).Bits(handle, 0)) - 0.5
		purposes += u * (Uniform(a.At(i).Bits(answer, 0)) - 0.5)
		streams += u * (Uniform(b.At(i).Bits(handle, 0)) - 0.5)
		seeds += u * (Uniform(other.At(i).Bits(handle, 0)) - 0.5)
	}
	for what, sum := range map[string]float64{"purposes": purposes, "streams": streams, "seeds": seeds} {
		if r := sum * 12 / n; math.Abs(r) > sigmas/math.Sqrt(n) {
			t.Errorf("correlation of two %s is %.5f, want within ± %.5f", what, r, sigmas/math.Sqrt(n))
		}
	}
}

// TestBitBalance counts the ones in each of the 64 places, and how often each differs from the draw before.
func TestBitBalance(t *testing.T) {
	const n = 200_000
	limit := sigmas * math.Sqrt(n) / 2
	for _, p := range patterns {
		var ones, flips [64]int
		last := p.draw(n)
		for i := range uint64(n) {
			b := p.draw(i)
			for place := range 64 {
				ones[place] += int(b >> place & 1)
				flips[place] += int((b ^ last) >> place & 1)
			}
			last = b
		}
		for place := range 64 {
			if math.Abs(float64(ones[place])-n/2) > limit || math.Abs(float64(flips[place])-n/2) > limit {
				t.Errorf("%s: bit %d is one %d times and flips %d times in %d, want %d ± %.0f", p.name, place, ones[place], flips[place], n, n/2, limit)
			}
		}
	}
}

// TestAvalanche flips each bit of a key and of a count: half of the 64 bits of the draw should change. The total over
// n keys is binomial.
func TestAvalanche(t *testing.T) {
	const n = 4000
	p := Of("handle time")
	for place := range 64 {
		key, count := 0, 0
		for i := range uint64(n) {
			k := Root(3).At(i)
			key += bits.OnesCount64(k.Bits(p, 5) ^ (k^1<<place).Bits(p, 5))
			if place < 32 {
				count += bits.OnesCount64(k.Bits(p, 5) ^ k.Bits(p, 5^1<<place))
			}
		}
		// Variant 13 moves a result bit with a probability within 1 % of one half, which is allowed for.
		limit := sigmas*math.Sqrt(64*n)/2 + 0.01*64*n
		if math.Abs(float64(key)-32*n) > limit || place < 32 && math.Abs(float64(count)-32*n) > limit {
			t.Errorf("flipping bit %d moves %.2f bits by key and %.2f by count, want 32", place, float64(key)/n, float64(count)/n)
		}
	}
}

// TestNoCollisions draws one and a half million numbers: two equal ones have probability 1e-7.
func TestNoCollisions(t *testing.T) {
	const each = 250_000
	var all []uint64
	for _, p := range patterns[:3] {
		for i := range uint64(each) {
			all = append(all, p.draw(i+each)) // beyond what the first patterns share
		}
	}
	for _, name := range []string{"plan", "severity", "channel"} {
		key := Root(1).Named("cases")
		for i := range uint64(each) {
			all = append(all, key.At(i).Bits(Of(name), 7))
		}
	}
	slices.Sort(all)
	for i := range len(all) - 1 {
		if all[i] == all[i+1] {
			t.Errorf("%#x is drawn twice", all[i])
		}
	}
}

// TestBirthdaySpacings is Marsaglia's test: of m = 4096 birthdays in a year of 2^32 days the number of equal spacings is
// Poisson with mean m³/(4·2^32) = 4. The total of 100 years is Poisson with mean 400, so normal enough.
func TestBirthdaySpacings(t *testing.T) {
	const m, years, want = 4096, 100, 400.0
	days := make([]uint64, m)
	for _, p := range patterns {
		equal := 0
		for year := range uint64(years) {
			for i := range days {
				days[i] = p.draw(year*m+uint64(i)) >> 32
			}
			slices.Sort(days)
			spacings := make([]uint64, m-1)
			for i := range spacings {
				spacings[i] = days[i+1] - days[i]
			}
			slices.Sort(spacings)
			for i := range len(spacings) - 1 {
				if spacings[i] == spacings[i+1] {
					equal++
				}
			}
		}
		if math.Abs(float64(equal)-want) > sigmas*math.Sqrt(want) {
			t.Errorf("%s: %d equal spacings, want %.0f ± %.0f", p.name, equal, want, sigmas*math.Sqrt(want))
		}
	}
}
