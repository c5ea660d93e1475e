// Package coverage proves, without simulating, what no staffing of the present shifts can keep: the instants from which a
// first response cannot be in time whatever the load and however many agents each shift has, since nobody who may take
// the case is on duty between its arrival and its due. It needs the calendars, the shifts and the rules of eligibility
// only, and its intervals are exact to the millisecond.
//
// What it says is certain: a first response that it calls broken is breached in every simulation, if the customer holds
// that long. It does not say that the others are kept; that takes enough agents. Absence is ignored, since a staffing may
// happen to have nobody absent, and so is overtime, which takes no new work. It says nothing about promises to resolve,
// which need work and not only presence.
package coverage
