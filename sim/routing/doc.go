// Package routing holds the rules of dispatch: which waiting work a free agent takes, and which pool is asked first for
// new work. A rule only scores; the engine searches.
package routing
