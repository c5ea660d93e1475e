package workloads

import (
	"sunrelay/model/calendar"
	"sunrelay/model/scenario"
	"sunrelay/workloads/rng"
)

// Case is a case as it arrives: everything that happens to it later follows from its key.
type Case struct {
	At    calendar.Instant
	Key   rng.Key
	Work  calendar.Duration // handle time of the first touch
	Class int32             // index into Model.Classes
	// Refused marks a case that the customer is not entitled to.
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
	DrawUpdate     = rng.Of("update_time")     // by update or attempt, counted from 0
	DrawRestored   = rng.Of("restored")        // by touch: is service restored?
	DrawSeverity   = rng.Of("severity_change") // by touch: does severity change?
	DrawIssues     = rng.Of("issues")          // how many issues does the case have?
	DrawReopen     = rng.Of("reopen")          // by touch: does the customer come back?
	DrawReopenWait = rng.Of("reopen_after")    // by touch
	DrawTurnaround = rng.Of("turnaround")      // by touch
	DrawFails      = rng.Of("fails")           // by touch: does what was delivered not work?
	DrawDelivery   = rng.Of("delivery")        // by touch
	DrawSendBack   = rng.Of("send_back")       // by touch
	DrawManager    = rng.Of("manager")         // does the customer ask for a manager, and in which way?
	DrawManagerAt  = rng.Of("manager_after")
	DrawManaging   = rng.Of("manager_time") // handle time of the manager's contact
	DrawEngineer   = rng.Of("engineer")     // who is the named engineer?
)

// Source draws the cases of one stream in one replication, in the order of arrival.
type Source struct {
	stream  *stream
	key     rng.Key
	times   filler
	ordinal uint64
	instant [BlockSize]calendar.Instant
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
	case s.renewal != nil:
		src.times = s.renewal.Start(src.key)
	default:
		src.times = s.poisson.Start(src.key, root.Named("busy days").Named(s.days))
	}
	return src
}

// Fill draws the next cases into block, at most BlockSize, and returns how many; 0 means that the stream has ended.
func (s *Source) Fill(block []Case) int {
	n := s.times.Fill(s.instant[:min(len(block), BlockSize)])
	block = block[:n]
	for i := range block {
		block[i].At = s.instant[i]
		block[i].Key = s.key.At(s.ordinal + uint64(i))
	}
	s.ordinal += uint64(n)
	for i := range block {
		block[i].Class = s.stream.mix.draw(block[i].Key, &s.stream.classes)
	}
	s.stream.drawWork(block)
	return n
}

func (s *stream) drawWork(block []Case) {
	const longest = float64(scenario.MaxDuration)
	for i := range block {
		c := &block[i]
		work := s.handle[c.Class].Sample(c.Key.Bits(DrawHandle, 0))
		if work > longest {
			work = longest
		}
		c.Work = calendar.Duration(work + 0.5)
	}
}
