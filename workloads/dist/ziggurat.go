package dist

import (
	"math"

	"sunrelay/workloads/rng"
)

// The ziggurat covers the area under a falling density f with 256 layers of equal area v: rectangles that reach from 0
// to x[i], and a base layer that holds the tail beyond r as well. A point of a layer left of x[i+1] lies under f for
// certain, which settles 99 % of the draws with one multiplication and one comparison.
//
// Source: G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", Journal of Statistical
// Software 5 (2000), 8. Their r for 256 layers are the constants below; everything else is computed from these.
const (
	layers           = 256
	exponentialStart = 7.69711747013104972
	normalStart      = 3.6541528853610088
)

// layer is what a draw needs of one layer, together in half a cache line.
type layer struct {
	scale float64 // from random integers to [0, x[i]) or (-x[i], x[i])
	inner float64 // x[i+1]: nearer to 0 a point is accepted at once
	floor float64 // f(x[i]): the lower edge of the layer
	rise  float64 // f(x[i+1]) - f(x[i]): its height
}

var (
	exponentialLayers = zigguratTable(0x1p-53, exponentialStart, exponentialDensity(exponentialStart),
		exponentialDensity, func(y float64) float64 { return -math.Log(y) })
	normalLayers = zigguratTable(0x1p-52, normalStart, math.Sqrt(math.Pi/2)*math.Erfc(normalStart/math.Sqrt2),
		normalDensity, func(y float64) float64 { return math.Sqrt(-2 * math.Log(y)) })
)

// exponentialDensity is the density of the exponential distribution with mean 1.
func exponentialDensity(x float64) float64 { return math.Exp(-x) }

// normalDensity is the density of the standard normal distribution times √(2π), so that it is 1 at 0.
func normalDensity(x float64) float64 { return math.Exp(-x * x / 2) }

// zigguratTable makes the layers of a density with f(0) = 1 for random integers times unit; tail is the area beyond r,
// inverse is the inverse of f.
func zigguratTable(unit, r, tail float64, f, inverse func(float64) float64) [layers]layer {
	var table [layers]layer
	area := r*f(r) + tail
	x, next := area/f(r), r // the base layer, stretched into a rectangle of the same area
	for i := range table {
		if i == layers-1 {
			next = 0
		}
		table[i] = layer{scale: x * unit, inner: next, floor: f(x), rise: f(next) - f(x)}
		x = next
		next = inverse(math.Min(1, area/x+f(x)))
	}
	return table
}

// UnitExponential is a number of the exponential distribution with mean 1.
func UnitExponential(bits uint64) float64 {
	l := &exponentialLayers[bits%layers]
	if x := float64(int64(bits>>11)) * l.scale; x < l.inner {
		return x
	}
	return exponentialEdge(bits)
}

// exponentialEdge goes on from bits that UnitExponential does not settle.
//
//go:noinline
func exponentialEdge(bits uint64) float64 {
	for {
		l := &exponentialLayers[bits%layers]
		x := float64(int64(bits>>11)) * l.scale
		if x < l.inner {
			return x
		}
		bits = rng.Next(bits)
		if l == &exponentialLayers[0] {
			return exponentialStart - math.Log(rng.UniformPositive(bits)) // the tail has no memory
		}
		if l.floor+rng.Uniform(bits)*l.rise < exponentialDensity(x) {
			return x
		}
		bits = rng.Next(bits)
	}
}

// UnitNormal is a number of the standard normal distribution.
func UnitNormal(bits uint64) float64 {
	l := &normalLayers[bits%layers]
	if x := float64(int64(bits)>>11) * l.scale; math.Abs(x) < l.inner {
		return x
	}
	return normalEdge(bits)
}

// normalEdge goes on from bits that UnitNormal does not settle.
//
//go:noinline
func normalEdge(bits uint64) float64 {
	for {
		l := &normalLayers[bits%layers]
		x := float64(int64(bits)>>11) * l.scale
		if math.Abs(x) < l.inner {
			return x
		}
		bits = rng.Next(bits)
		if l == &normalLayers[0] {
			return math.Copysign(normalTail(bits), x)
		}
		if l.floor+rng.Uniform(bits)*l.rise < normalDensity(x) {
			return x
		}
		bits = rng.Next(bits)
	}
}

// normalTail is a normal number given that it is above normalStart (G. Marsaglia, "Generating a variable from the tail of
// the normal distribution", Technometrics 6 (1964), 101-102).
func normalTail(bits uint64) float64 {
	for {
		x := -math.Log(rng.UniformPositive(bits)) / normalStart
		bits = rng.Next(bits)
		if y := -math.Log(rng.UniformPositive(bits)); 2*y > x*x {
			return normalStart + x
		}
		bits = rng.Next(bits)
	}
}
