package routing

// Nearness ranks a pool for a piece of work: pools of the lowest rank are asked first.
type Nearness int

// The ranks, nearest first.
const (
	Local         Nearness = iota // the customer's region, the case's language
	Open                          // another region, the case's language
	LocalFallback                 // the customer's region, the fallback language
	OpenFallback                  // another region, the fallback language
	Ranks         = iota          // how many ranks there are
)

// Near is the rank of a pool: local first, then open centres; those who speak the case's language before those who speak
// only its fallback.
func Near(local, speaksLanguage bool) Nearness {
	switch {
	case local && speaksLanguage:
		return Local
	case speaksLanguage:
		return Open
	case local:
		return LocalFallback
	}
	return OpenFallback
}
