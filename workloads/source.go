package workloads

import (
	"math"
	"slices"

	"sunrelay/model/calendar"
	"sunrelay/workloads/arrivals"
	"sunrelay/workloads/rng"
)

// Case is a case as it arrives: everything that happens to it later follows from its key.
type Case struct {
	At    calendar.Instant
	Key   rng.Key
	Work  calendar.Duration // handle time of the first touch
	Class int32             // index into Model.Classes
	// Refused marks a case that the customer is not entitled to, or that comes by a channel that is not open to it.
	Refused bool
	// Outage is when the outage ends that the case is linked to; 0 = none.
	Outage calendar.Instant
}

// Purposes of the draws of a case, each under its own name. The first touch is number 0; by touch means by the touch that
// has just ended.
var (
	DrawHandle   = rng.Of("handle_time") // by touch
	DrawContinue = rng.Of("continue")    // by touch: is it the last of its stage?
	DrawQuestion = rng.Of("question")    // by touch: is the customer asked?
	DrawAnswer   = rng.Of("answer")      // by touch: the customer's delay
	DrawAnswered = rng.Of("answered")    // by touch: does the customer answer?
	DrawEscalate = rng.Of("escalate")    // by touch: how does the stage end?
	DrawPatience = rng.Of("patience")

	DrawCallback   = rng.Of("callback")        // does a caller without patience ask to be called back?
	DrawUpdate     = rng.Of("update_time")     // by ContactNumber: updates made since the touch
	DrawAttempt    = rng.Of("attempt_time")    // by ContactNumber: contacts since the question, which is the first
	DrawRestored   = rng.Of("restored")        // by touch: is service restored?
	DrawSeverity   = rng.Of("severity_change") // by touch: does severity change?
	DrawIssues     = rng.Of("issues")          // how many issues does the case have?
	DrawReopen     = rng.Of("reopen")          // by touch: does the customer come back?
	DrawReopenWait = rng.Of("reopen_after")    // by touch
	DrawTurnaround = rng.Of("turnaround")      // by order, counted from 0
	DrawFails      = rng.Of("fails")           // by order, counted from 0: does what was delivered not work?
	DrawDelivery   = rng.Of("delivery")        // by order, counted from 0
	DrawSendBack   = rng.Of("send_back")       // by order, counted from 0
	DrawManager    = rng.Of("manager")         // does the customer ask for a manager, and in which way?
	DrawManagerAt  = rng.Of("manager_after")
	DrawManaging   = rng.Of("manager_time") // handle time of the manager's contact
	DrawEngineer   = rng.Of("engineer")     // who is the named engineer?
)

// ContactNumber numbers the draws of the n-th contact after so many touches have begun.
func ContactNumber(touches, n uint32) uint32 { return touches<<16 | n&(1<<16-1) }

// drawEntitled is whether the customer is entitled to the case, drawStays whether a stream that shrinks keeps it.
var (
	drawEntitled = rng.Of("entitled")
	drawStays    = rng.Of("stays")
)

// Source draws the cases of one stream in one replication, in the order of arrival.
type Source struct {
	stream   *stream
	key      rng.Key
	times    filler
	ordinal  uint64
	instant  [BlockSize]calendar.Instant
	outages  *arrivals.OutagesRun // instead of times
	reported []arrivals.Reported
	player   *player // instead of all these
}

// BlockSize is the number of cases that are best drawn at a time: each attribute is drawn for the whole block before the
// next, which keeps the draws independent of each other for the processor.
const BlockSize = 128

// filler is an arrival process in progress.
type filler interface {
	Fill(dst []calendar.Instant) int
}

// Root is the key of a replication, from which those of all its streams follow.
func (m *Model) Root(replication int) rng.Key {
	return rng.Root(m.seed).Named("replication").At(uint64(replication))
}

// Source is the stream's source in one replication.
func (m *Model) Source(stream, replication int) *Source {
	s := &m.streams[stream]
	root := m.Root(replication)
	src := &Source{stream: s, key: root.Named("cases").Named(s.name)}
	switch {
	case s.played != nil:
		src.player = newPlayer(s, root, m.to)
	case s.outages != nil:
		src.outages, src.reported = s.outages.Start(src.key), make([]arrivals.Reported, BlockSize)
	case s.renewal != nil:
		src.times = s.renewal.Start(src.key)
	default:
		src.times = s.poisson.Start(src.key, root.Named("busy days").Named(s.days))
	}
	return src
}

// Fill draws the next cases into block, at most BlockSize, and returns how many; 0 means that the stream has ended.
func (s *Source) Fill(block []Case) int {
	block = block[:min(len(block), BlockSize)]
	if s.player != nil {
		block = block[:s.player.fill(block, s.stream)]
	} else {
		block = s.draw(block)
	}
	if s.stream.hours != nil {
		s.stream.divert(block)
	}
	s.stream.drawWork(block)
	if s.player != nil {
		s.player.recall(block, s.stream)
	}
	if s.stream.refuses {
		s.stream.drawRefused(block)
	}
	return len(block)
}

// draw draws the instants, keys and classes of the next cases and returns those that there are.
func (s *Source) draw(block []Case) []Case {
	switch {
	case s.outages != nil:
		block = s.arriveFromOutages(block)
	case s.stream.lost > 0:
		block = s.arriveWithLosses(block)
	default:
		block = s.arrive(block)
	}
	for i := range block {
		block[i].Class = s.stream.mix.draw(block[i].Key, &s.stream.classes)
	}
	return block
}

// arrive draws the instants and keys of the next cases and returns those that there are.
func (s *Source) arrive(block []Case) []Case {
	n := s.times.Fill(s.instant[:len(block)])
	for i := range n {
		block[i] = Case{At: s.instant[i], Key: s.key.At(s.ordinal + uint64(i))}
	}
	s.ordinal += uint64(n)
	return block[:n]
}

// arriveWithLosses is arrive for a stream that shrinks.
func (s *Source) arriveWithLosses(block []Case) []Case {
	for {
		drawn := s.arrive(block)
		if left := slices.DeleteFunc(drawn, s.stream.loses); len(left) > 0 || len(drawn) == 0 {
			return left
		}
	}
}

// loses reports whether a stream that shrinks has the case no more. The others stay as they are.
func (s *stream) loses(c Case) bool {
	years := c.At.Sub(s.base).Seconds() / (365 * 86400)
	return years > 0 && rng.Uniform(c.Key.Bits(drawStays, 0)) >= math.Pow(s.yearly, years)
}

// arriveFromOutages is arrive for a stream of outages, whose cases have keys of their own.
func (s *Source) arriveFromOutages(block []Case) []Case {
	n := s.outages.Fill(s.reported[:len(block)])
	for i, c := range s.reported[:n] {
		block[i] = Case{At: c.At, Key: c.Key, Outage: c.End}
	}
	return block[:n]
}

// divert lets cases that come outside the hours of their channel come by another, or marks them as refused. Who comes by
// another that is closed as well is refused.
func (s *stream) divert(block []Case) {
	for i := range block {
		c := &block[i]
		if s.isOpen(c) {
			continue
		}
		if instead := s.hours[c.Class].instead; instead >= 0 {
			c.Class = instead
		}
		c.Refused = !s.isOpen(c)
	}
}

// isOpen reports whether the channel of the case is open when it comes.
func (s *stream) isOpen(c *Case) bool {
	open := s.hours[c.Class].open
	return open == nil || open.IsOpen(c.At)
}

func (s *stream) drawWork(block []Case) {
	for i := range block {
		c := &block[i]
		handle := s.handle[c.Class]
		if c.Outage != 0 {
			handle = s.check
		}
		c.Work = rounded(handle.Sample(c.Key.Bits(DrawHandle, 0)))
	}
}

// drawRefused marks the cases that are refused on arrival.
func (s *stream) drawRefused(block []Case) {
	for i := range block {
		c := &block[i]
		c.Refused = c.Refused || s.closed[c.Class] || rng.Uniform(c.Key.Bits(drawEntitled, 0)) >= s.entitled
	}
}
