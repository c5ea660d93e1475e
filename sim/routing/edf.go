package routing

var edf = Rule{
	Name:    "edf",
	Summary: "earliest due first; work without due comes last, who waits longest first",
	Score:   dueOrLast,
	ByClock: true,
}
