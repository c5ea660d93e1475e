package sim

import "sunrelay/sim/metrics"

// meter is the area under a count that changes at known instants. Between two flushes the area up to t is n·t + sum, so
// that a change costs one addition.
type meter struct {
	n   int64
	sum tick
}

func (m *meter) rise(now tick) { m.n++; m.sum -= now }
func (m *meter) fall(now tick) { m.n--; m.sum += now }

// change adds d to the count.
func (m *meter) change(d int64, now tick) { m.n += d; m.sum -= d * now }

// add adds what happened to another count.
func (m *meter) add(o meter) { m.n, m.sum = m.n+o.n, m.sum+o.sum }

// flush is the area since the last flush.
func (m *meter) flush(now tick) tick {
	area := m.n*now + m.sum
	m.sum = -m.n * now
	return area
}

// staff are the agents of a pool, counted. Two lines of cache: the first is for what changes with every touch.
type staff struct {
	idle                        int32
	touches                     int64 // ended since the last flush
	available, busy             meter
	_                           [16]byte
	scheduled, overtime, onCall meter
	_                           [16]byte
}

func (s *staff) flush(now tick) (t metrics.PoolTime, touches int64) {
	t = metrics.PoolTime{
		Busy: s.busy.flush(now), Available: s.available.flush(now), Scheduled: s.scheduled.flush(now), Overtime: s.overtime.flush(now),
	}
	touches, s.touches = s.touches, 0
	return t, touches
}
