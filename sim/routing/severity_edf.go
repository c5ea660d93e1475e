package routing

var severityEDF = Rule{
	Name:       "severity_edf",
	Summary:    "the most severe, among equals the earliest due",
	Score:      func(w Waiting) uint64 { return ranked(w.Severity, dueOrLast(w)) },
	BySeverity: true,
	ByClock:    true,
}
