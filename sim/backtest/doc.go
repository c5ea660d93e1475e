// Package backtest checks a fitted scenario against what happened afterwards: it simulates the days that were held back and compares daily
// volumes, the hours of the week, mixes and times to resolve with the recorded ones. It fits nothing (workloads/fit does).
package backtest
