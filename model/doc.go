// Package model is the vocabulary of a support organisation: money and the ways in which a case ends. Its subpackages
// hold calendars, service levels, organisations and whole scenarios. It knows nothing about how cases are drawn or
// simulated.
package model
