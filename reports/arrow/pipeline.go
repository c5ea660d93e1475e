package arrow

import (
	"github.com/apache/arrow/go/v17/arrow"
)

// groupRows is the number of rows from which on a row group or record batch is complete; it may have almost a block more.
const groupRows = 1 << 16

// pipeline writes one table: blocks of the sequence are gathered to groups, groups are encoded by some encoders at a time,
// and written in order. A nil pipeline writes nothing.
type pipeline[R any] struct {
	sequence *sequence[R]
	idle     chan *encoder[R]
	order    chan *encoder[R] // at work or done, in the order of their groups
	sinks    []sink
	done     chan struct{} // closed when all is written, or will never be
}

// sink is a file or stream that takes groups of rows.
type sink interface {
	write(g *group) error
	finish() error // completes what was written
	close() error
}

// group is a group of rows, encoded as the sinks want it.
type group struct {
	rows    int
	record  arrow.Record // nil where there is no stream
	parquet []byte       // a Parquet file of this group alone; empty where there is no file
}

// newPipeline starts a pipeline with some encoders.
func newPipeline[R any](t *table[R], encoders int, folder string, sinks []sink) *pipeline[R] {
	p := &pipeline[R]{
		sequence: newSequence[R](folder), sinks: sinks,
		idle: make(chan *encoder[R], encoders), order: make(chan *encoder[R], encoders), done: make(chan struct{}),
	}
	for range encoders {
		p.idle <- newEncoder(t)
	}
	go p.gather()
	go p.write()
	return p
}

// lane is the way for the rows of a shard.
func (p *pipeline[R]) lane(shard int) *lane[R] {
	if p == nil {
		return nil
	}
	return p.sequence.lane(shard)
}

// gather makes groups of blocks and has them encoded.
func (p *pipeline[R]) gather() {
	defer close(p.order)
	var e *encoder[R]
	for {
		block, more := p.sequence.next()
		if more {
			if e == nil {
				e = <-p.idle
			}
			if e.take(block) {
				p.sequence.recycle(block)
			}
		}
		if e != nil && (e.rows >= groupRows || !more) {
			p.order <- e
			go e.encode()
			e = nil
		}
		if !more {
			return
		}
	}
}

// write writes the groups.
func (p *pipeline[R]) write() {
	defer close(p.done)
	for e := range p.order {
		err := <-e.encoded
		for _, s := range p.sinks {
			if err == nil && p.sequence.failure() == nil {
				err = s.write(&e.group)
			}
		}
		if err != nil {
			p.sequence.fail(err)
		}
		p.sequence.recycle(e.blocks...)
		e.reset()
		p.idle <- e
	}
}

// err is why nothing can be written any more.
func (p *pipeline[R]) err() error {
	if p == nil {
		return nil
	}
	return p.sequence.failure()
}

// fail ends the pipeline because of an error.
func (p *pipeline[R]) fail(err error) {
	if p != nil {
		p.sequence.fail(err)
	}
}

// finish writes all that the shards have brought and completes the files.
func (p *pipeline[R]) finish() error {
	if p == nil {
		return nil
	}
	p.sequence.close()
	<-p.done
	err := p.sequence.failure()
	for _, s := range p.sinks {
		if err == nil {
			err = s.finish()
		}
	}
	return err
}

// close ends the pipeline, complete or not, and lets go of its files.
func (p *pipeline[R]) close() error {
	if p == nil {
		return nil
	}
	p.fail(errAborted)
	<-p.done
	p.sequence.clear()
	var err error
	for _, s := range p.sinks {
		if closing := s.close(); err == nil {
			err = closing
		}
	}
	return err
}
