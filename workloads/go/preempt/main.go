// SPDX-License-Identifier: MIT OR Apache-2.0

// Preempt ends only where the runtime can interrupt a loop that calls nothing: every processor but one spins on a flag
// that the remaining goroutine sets after they all run. With one processor (GOMAXPROCS=1) that takes a SIGURG for each
// spinner, and with GODEBUG=asyncpreemptoff=1 it never ends: that is the point, so run it with a limit.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

const spinners = 4

func main() {
	var flag, running atomic.Int32
	var done sync.WaitGroup

	runtime.GOMAXPROCS(1)
	for i := 0; i < spinners; i++ {
		done.Add(1)
		go func() {
			running.Add(1)
			for flag.Load() == 0 {
			}
			done.Done()
		}()
	}
	for running.Load() < spinners {
		runtime.Gosched()
	}
	flag.Store(1)
	done.Wait()
	fmt.Println("preempted", spinners, "spinners")
}
