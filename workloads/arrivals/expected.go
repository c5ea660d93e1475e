package arrivals

// Expected is the mean number of arrivals.
func (p *Poisson) Expected() float64 {
	sum := 0.0
	for _, s := range p.segments {
		sum += p.rate * s.rate * float64(s.to-s.from)
	}
	return sum
}

// Expected is the mean number of arrivals of the process in its steady state.
func (p *Renewal) Expected() float64 { return float64(p.to-p.from) / p.gap.Mean() }

// Expected is the mean number of cases, those among them that would arrive too late.
func (p *Outages) Expected() float64 { return p.ExpectedOutages() * p.cases }

// ExpectedOutages is the mean number of outages.
func (p *Outages) ExpectedOutages() float64 { return p.rate * float64(p.to-p.from) }
