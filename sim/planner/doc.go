// Package planner searches for the staffing of least cost that keeps the objectives of a scenario, and says what was
// proved of it: a lower bound of the cost, a verdict on replications that the search never saw, on which heads are then taken
// away until every head fewer fails, what one head elsewhere or more does. Whatever the objectives are, a plan keeps up with the work ([KeepingUp]).
//
// It sees a simulation only through an [Evaluator], so the search is tested against queues whose figures are known exactly.
// It does not know files or tables: package reports tells a [Plan].
package planner
