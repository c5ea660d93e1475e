// Package coverage proves, without simulating, what no staffing of the present shifts can keep: the instants from which a
// first response cannot be in time whatever the load and however many agents each shift has, since nobody who may take
// the case is on duty between its arrival and its due, breaks left out, and nobody on call who is called in for it can have
// come. It needs the calendars, the shifts and the rules of eligibility only, and its intervals are exact to the
// millisecond.
//
// What it says is certain: a first response that it calls broken is breached in every simulation, if the customer holds
// that long, if nobody had been called in for an earlier case and is there by chance, and if no manager gets in touch
// before, of another tier and with other hours: that contact answers the case as well. It does not say that the others
// are kept; that takes enough agents. Absence and short activities are ignored, since a staffing may happen to have nobody
// away, and so is overtime, which takes no new work. It says nothing about promises to resolve, which need work and not
// only presence, and nothing about cases that are refused on arrival: where a channel has hours, its intervals are those in which
// cases can come. Cases that arise from others, such as further issues, may begin outside them.
package coverage
