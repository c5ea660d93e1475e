// Package rng gives every random number of a run a name. A number is a pure function of a key, a purpose and a count,
// so it does not depend on what was drawn before it, on the order of work or on the number of workers: a what-if that
// changes the staffing leaves the fate of every case alone.
//
//	root := rng.Root(seed)
//	cases := root.Named("replication").At(3).Named("cases") // a stream
//	fate := cases.At(17)                                    // the key of its 18th case
//	bits := fate.Bits(rng.Of("handle time"), 2)             // the third handle time of this case
//
// There is no generator to carry about, to seed or to lock: a [Key] is a plain number. The package does not shape
// numbers into distributions (workloads/dist does), and it is no source of secrets.
package rng
