// Package org is the vocabulary of the people who work cases: what happens at the end of a shift and on holidays, and
// how many heads are scheduled where. Who is able to work what is part of model/scenario; when a shift is on duty is
// compiled there too.
package org
