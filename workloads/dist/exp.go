package dist

import "math"

// expParts is into how many parts powers divides an octave.
const expParts = 128

// powers are 2^(j/expParts).
var powers = func() (p [expParts]float64) {
	for j := range p {
		p[j] = math.Exp2(float64(j) / expParts)
	}
	return p
}()

// exp is math.Exp to within two units in the last place, and faster: e^x = 2^(k/n)·e^r with the whole number k that leaves the
// least r, 2^(k/n) from a table and the exponent, e^r by Taylor's series, whose next term is below 10^-18 (Tang, Table-driven implementation
// of the exponential function, ACM TOMS 15, 1989).
func exp(x float64) float64 {
	const (
		most     = 700                        // beyond it the exponent could overflow
		whole    = 3 << 51                    // added to a small number, it leaves the nearest whole number in the low bits
		highPart = 0x1.62e42fefp-1 / expParts // of log 2, with bits to spare for k
		lowPart  = (math.Ln2 - 0x1.62e42fefp-1) / expParts
	)
	if !(math.Abs(x) < most) {
		return math.Exp(x)
	}
	k := x*(expParts/math.Ln2) + whole
	bits := math.Float64bits(k)
	k -= whole
	r := x - k*highPart - k*lowPart
	p := powers[bits%expParts]
	p += p * (r + r*r*(1./2+r*(1./6+r*(1./24+r*(1./120)))))
	return math.Float64frombits(math.Float64bits(p) + bits/expParts<<52)
}
