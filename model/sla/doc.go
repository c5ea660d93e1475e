// Package sla is the vocabulary of service levels: milestones, their targets, the coverage that says which hours count,
// arrival rates and objectives, each with the text that scenario files use. It does not know when a calendar is open
// (model/calendar), which plan has which target (model/scenario), or whether a target was met (sim).
package sla
