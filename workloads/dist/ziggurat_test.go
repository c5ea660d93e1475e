package dist

import (
	"math"
	"testing"

	"sunrelay/workloads/rng"
)

// TestZigguratTables checks the construction: the layers lie on each other, each has the area of the base layer, and the
// last one ends at the top of the density, which holds only for the right start r.
func TestZigguratTables(t *testing.T) {
	for _, c := range []struct {
		name    string
		table   *[layers]layer
		unit    float64
		start   float64
		area    float64 // as published
		density func(float64) float64
	}{
		{"exponential", &exponentialLayers, 0x1p-53, exponentialStart, 0.0039496598225815571993, exponentialDensity},
		{"normal", &normalLayers, 0x1p-52, normalStart, 0.00492867323399, normalDensity},
	} {
		if c.table[0].inner != c.start {
			t.Errorf("%s: the base layer ends at %v, want %v", c.name, c.table[0].inner, c.start)
		}
		for i, l := range c.table {
			x := l.scale / c.unit
			area := x * l.rise
			if i == 0 {
				area = x * c.density(c.start)
			}
			if math.Abs(area-c.area) > 1e-11 {
				t.Errorf("%s: layer %d has area %v, want %v", c.name, i, area, c.area)
			}
			if i > 0 && (x != c.table[i-1].inner || math.Abs(l.floor-c.density(x)) > 1e-15) {
				t.Errorf("%s: layer %d starts at %v on %v, want %v on %v", c.name, i, x, l.floor, c.table[i-1].inner, c.density(x))
			}
		}
		if top := c.table[layers-1]; top.inner != 0 || top.floor+top.rise != 1 {
			t.Errorf("%s: the top layer ends at x = %v, f = %v", c.name, top.inner, top.floor+top.rise)
		}
	}
}

// TestUnits compares a million draws with the exact probabilities of 400 cells of equal probability and of the far
// tails. The chi-square statistic with 399 degrees of freedom exceeds 548 with probability 1e-6 (Wilson-Hilferty).
func TestUnits(t *testing.T) {
	const n, cells = 1_000_000, 400
	key, purpose := rng.Root(11), rng.Of("ziggurat")
	for _, c := range []struct {
		name     string
		sample   func(uint64) float64
		cdf      func(float64) float64
		tail     float64 // beyond it only the tail algorithm draws
		tailMass float64
	}{
		{"exponential", UnitExponential, func(x float64) float64 { return -math.Expm1(-x) }, exponentialStart, math.Exp(-exponentialStart)},
		{"normal", UnitNormal, normalCDF, normalStart, math.Erfc(normalStart / math.Sqrt2)},
	} {
		var counts [cells]int
		var beyond, excess, squares float64
		for i := range n {
			x := c.sample(key.At(uint64(i)).Bits(purpose, 0))
			counts[min(cells-1, int(c.cdf(x)*cells))]++
			squares += x * x
			if a := math.Abs(x); a > c.tail {
				beyond++
				excess += c.cdf(a)
			}
		}
		chi := 0.0
		for _, k := range counts {
			d := float64(k) - n/cells
			chi += d * d / (n / cells)
		}
		if chi > 548 {
			t.Errorf("%s: chi-square %v, want at most 548", c.name, chi)
		}
		if want := n * c.tailMass; math.Abs(beyond-want) > 4.89*math.Sqrt(want) {
			t.Errorf("%s: %v draws beyond %v, want %.0f ± %.0f", c.name, beyond, c.tail, want, 4.89*math.Sqrt(want))
		}
		// Within the tail the CDF is uniform on [cdf(tail), 1]: mean of the middle, variance width²/12.
		low := c.cdf(c.tail)
		if got, want := excess/beyond, (low+1)/2; math.Abs(got-want) > 4.89*(1-low)/math.Sqrt(12*beyond) {
			t.Errorf("%s: mean CDF in the tail is %v, want %v", c.name, got, want)
		}
	}
}

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// TestUnitExtremes draws from bits with nothing but zeros or ones above each layer number: all finite, none below the
// lowest possible.
func TestUnitExtremes(t *testing.T) {
	for layer := range uint64(layers) {
		for _, bits := range []uint64{layer, layer | 1<<63, layer | ^uint64(255), layer | (^uint64(255))>>1} {
			if x := UnitExponential(bits); !(x >= 0 && x < 60) {
				t.Errorf("UnitExponential(%#x) is %v", bits, x)
			}
			if x := UnitNormal(bits); !(math.Abs(x) < 12) {
				t.Errorf("UnitNormal(%#x) is %v", bits, x)
			}
		}
	}
}

// TestUnitNormalIsOdd: flipping the upper 53 bits mirrors a draw that is accepted at once, up to the step of the grid.
func TestUnitNormalIsOdd(t *testing.T) {
	key, purpose := rng.Root(12), rng.Of("mirror")
	mirrored := 0
	for i := range 1000 {
		bits := key.Bits(purpose, uint32(i))
		x, y := UnitNormal(bits), UnitNormal(bits^^uint64(1<<11-1))
		if math.Abs(x+y) <= 1e-14 {
			mirrored++
		}
	}
	if mirrored < 950 { // about 99 % are accepted at once
		t.Errorf("%d of 1000 draws are mirrored, want at least 950", mirrored)
	}
}
