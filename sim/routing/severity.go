package routing

var severity = Rule{
	Name:       "severity",
	Summary:    "the most severe, among equals who waits longest",
	Score:      func(w Waiting) uint64 { return ranked(w.Severity, uint64(w.Since)) },
	BySeverity: true,
}
