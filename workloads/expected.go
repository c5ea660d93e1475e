package workloads

// ExpectedCases is the mean number of cases that arrive in a replication, from the run's origin to its end.
func (m *Model) ExpectedCases() float64 {
	sum := 0.0
	for _, s := range m.streams {
		if s.renewal != nil {
			sum += s.renewal.Expected()
		} else {
			sum += s.poisson.Expected()
		}
	}
	return sum
}
