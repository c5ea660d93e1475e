package dist

// Dist is a distribution of non-negative numbers; of milliseconds where it comes from an expression. Whatever Parse
// returns can also say its [Spread] and its [Law], and is a fmt.Stringer whose text Parse reads back to an equal
// distribution.
type Dist interface {
	// Sample is the number that belongs to the random bits, without state and without allocation.
	Sample(bits uint64) float64
	Mean() float64
}

// Spread is what is known of the scatter of a distribution.
type Spread interface {
	Variance() float64
}

// Law is the distribution as a function, for fits and tests.
type Law interface {
	// CDF is the probability of a number of at most x.
	CDF(x float64) float64
	// Quantile is the least x whose CDF is at least p, for p in [0, 1]. It may be +Inf for 1.
	Quantile(p float64) float64
}

// Kind is one family of distributions.
type Kind struct {
	Name     string
	Examples []string // complete expressions, one of each form; the first appears in error messages
	bind     func(c *call) (Dist, error)
}

// Kinds are all families, in the order in which they are offered to a reader. The table is never written to.
var Kinds = [...]Kind{
	exponentialKind,
	lognormalKind,
	gammaKind,
	weibullKind,
	erlangKind,
	uniformKind,
	constantKind,
	mixtureKind,
	empiricalKind,
}
