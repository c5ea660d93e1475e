package benchmarks

import (
	"context"

	"sunrelay/benchmarks/reference"
	"sunrelay/sim"
)

var queues = []Workload{{
	Name: "queue/hold", About: "the event list: take out the earliest event and put it back later",
	Op: "event", Scale: "slots", Sizes: []int{128, 1 << 10, 1 << 13, 1 << 16, 1 << 20}, Small: 128, Most: 1 << 21,
	Against: "winner tree of bare keys", Prepare: holdEvents,
}}

const holdTurn = 1 << 18 // events

func holdEvents(slots int) (*Work, error) {
	list := sim.NewEventList(slots)
	x := reference.NewXoshiro(2)
	delays := make([]int64, 1<<12) // drawn ahead, so that drawing is not measured
	for i := range delays {
		delays[i] = int64(1000 * x.Exponential())
	}
	for s := range slots {
		list.Set(uint32(s), int64(1000*x.Exponential()))
	}
	size := 1 // of the reference: the next power of two, as in the product
	for size < slots {
		size *= 2
	}
	bare := reference.NewHold(size)
	run := func(_ context.Context, turn func(int) error) error {
		for i := range holdTurn {
			at, slot := list.First()
			list.Set(slot, at+delays[i%len(delays)])
		}
		return turn(holdTurn)
	}
	return &Work{Run: run, Reference: bare.Run}, nil
}
