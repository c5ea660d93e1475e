package folder

import (
	"errors"
	"os"
)

// ErrTaken says that another program has claimed a folder and is still at work there.
var ErrTaken = errors.New("another program is at work in it")

// Claimed is a folder that belongs to this program until it is released, or until the program ends in whatever way.
type Claimed struct {
	lock *os.File // nil = the system, or the file system, knows no such locks
}

// Claim takes a folder that exists. Others can read and write there all the same, but a second claim is ErrTaken. Where there
// are no locks everybody's claim succeeds.
func Claim(dir string) (*Claimed, error) {
	lock, err := claim(dir)
	if err != nil {
		return nil, err
	}
	return &Claimed{lock}, nil
}

// isSure reports whether nobody else can have claimed the folder.
func (c *Claimed) isSure() bool { return c.lock != nil }

// Release gives the folder up. It may always be called, on nil too.
func (c *Claimed) Release() error {
	if c == nil || c.lock == nil {
		return nil
	}
	return c.lock.Close()
}
