// Package replay plays a recorded log of cases through an organisation and compares what the simulation makes of them with what
// was recorded. It finds out which values of the log mean what in the scenario; it reads no files (workloads/trace does) and fits
// nothing (workloads/fit does).
package replay
