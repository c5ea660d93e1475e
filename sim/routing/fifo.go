package routing

var fifo = Rule{
	Name:    "fifo",
	Summary: "who waits longest",
	Score:   func(w Waiting) uint64 { return uint64(w.Since) },
}
