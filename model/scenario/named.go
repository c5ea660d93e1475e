package scenario

// Named is a map keyed by name that keeps the order of the file.
type Named[T any] []Entry[T]

// Entry is one named value of a Named.
type Entry[T any] struct {
	Name  string
	Value T
	At    Position // of the key
}

// Index is the place of name in the order of the file, or -1.
func (n Named[T]) Index(name string) int {
	for i := range n {
		if n[i].Name == name {
			return i
		}
	}
	return -1
}

// Find is the value called name, or nil.
func (n Named[T]) Find(name string) *T {
	if i := n.Index(name); i >= 0 {
		return &n[i].Value
	}
	return nil
}

// Names are the names in the order of the file.
func (n Named[T]) Names() []string {
	names := make([]string, len(n))
	for i := range n {
		names[i] = n[i].Name
	}
	return names
}

// At are the names with their positions.
func (n Named[T]) At() []Located[string] {
	located := make([]Located[string], len(n))
	for i := range n {
		located[i] = Located[string]{n[i].Name, n[i].At}
	}
	return located
}

// BySeverity is a value for each severity (or other name), with an optional default for those that are not named.
type BySeverity[T any] struct {
	Default *Located[T]
	Named   Named[T]
}
