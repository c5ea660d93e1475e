// Package sim simulates one replication of a scenario: cases arrive, wait, are worked on by agents of the pools that may
// serve them, are escalated and closed. It knows neither reports nor files, nor how replications are combined
// (sim/experiment).
//
// # Order of events
//
// Events are slots of a winner tree, each with the instant at which it is due. They happen in the order
// (instant, kind, slot); the kinds are, first to last: the hour tick, ends of duty, agents, beginnings of duty, case
// timers, arrivals. So at one instant an agent who finishes takes waiting work before a caller's patience ends and before
// a new case arrives, and who goes off duty takes none. What one shift hands over waits in its place before the next
// shift chooses.
package sim
