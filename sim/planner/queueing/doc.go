// Package queueing holds the formulas of queues that a staffing plan starts from: loss and delay (Erlang B, C and A),
// non-preemptive priorities, square-root staffing, the offered load of arrivals that vary in time. They are exact for the
// models that they name and say nothing of others; sim/planner decides where they bound a plan and where they only begin
// the search for one.
//
// Rates and times are in any one unit of time; offered load is in erlangs, arrival rate × mean work.
package queueing
