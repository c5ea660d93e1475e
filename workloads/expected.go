package workloads

// ExpectedCases is the mean number of cases that arrive in a replication, from the run's origin to its end.
func (m *Model) ExpectedCases() float64 {
	sum := 0.0
	for stream := range m.streams {
		sum += m.ExpectedOf(stream)
	}
	return sum
}

// ExpectedOf is the mean number of cases of one stream that arrive in a replication.
func (m *Model) ExpectedOf(stream int) float64 {
	if s := &m.streams[stream]; s.renewal != nil {
		return s.renewal.Expected()
	}
	return m.streams[stream].poisson.Expected()
}
