// SPDX-License-Identifier: MIT OR Apache-2.0

// Goroutines goes through what a Go runtime asks of a kernel, a line for each: many goroutines, collections, timers, a
// fault turned into a panic, a signal to itself, and a loop that the scheduler can only leave by a SIGURG. Each loop is
// bounded, so that it ends under GODEBUG=asyncpreemptoff=1 too, and the output does not depend on order or time.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	millions := 40

	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err != nil || n < 1 {
			fmt.Fprintln(os.Stderr, "usage: goroutines [MILLIONS OF TURNS OF THE TIGHT LOOP]")
			os.Exit(2)
		}
		millions = n
	}
	channels()
	mutexes()
	collections()
	timers()
	faults()
	signals()
	tight(millions)
	fmt.Println("done")
}

/* A prime sieve of one goroutine for each prime: hand-overs of unbuffered channels. */
func channels() {
	first := make(chan int)
	stop := make(chan struct{})
	last, source := 0, first

	go func() {
		for i := 2; ; i++ {
			select {
			case first <- i:
			case <-stop:
				return
			}
		}
	}()
	for i := 0; i < 100; i++ {
		prime := <-source
		sieved := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for {
				select {
				case n := <-in:
					if n%prime == 0 {
						continue
					}
					select {
					case out <- n:
					case <-stop:
						return
					}
				case <-stop:
					return
				}
			}
		}(source, sieved)
		source, last = sieved, prime
	}
	close(stop)
	fmt.Println("channels: the 100th prime is", last)
}

func mutexes() {
	var lock sync.RWMutex
	var wait sync.WaitGroup
	var atomics atomic.Int64
	sum := 0

	for i := 0; i < 64; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for j := 0; j < 200; j++ {
				lock.Lock()
				sum += i * j
				lock.Unlock()
				lock.RLock()
				atomics.Add(int64(j))
				lock.RUnlock()
			}
		}()
	}
	wait.Wait()
	fmt.Println("mutexes:", sum, atomics.Load())
}

type node struct {
	left, right *node
	value       int
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1), value: depth}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

func collections() {
	var before, after runtime.MemStats
	kept := tree(14)
	sum := 0

	runtime.ReadMemStats(&before)
	for i := 0; i < 12; i++ {
		sum += tree(13).sum()
		if i%4 == 3 {
			runtime.GC()
		}
	}
	debug.FreeOSMemory()
	runtime.ReadMemStats(&after)
	fmt.Println("collections:", sum, kept.sum(), "collected:", after.NumGC-before.NumGC >= 3)
}

/* Expiry order is the order of the delays, which are far enough apart for a busy host. */
func timers() {
	start := time.Now()
	order := make(chan int, 3)

	for _, ms := range []int{90, 10, 50} {
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { order <- ms })
	}
	fmt.Print("timers: ", <-order, " ", <-order, " ", <-order)
	ticker := time.NewTicker(2 * time.Millisecond)
	for i := 0; i < 5; i++ {
		<-ticker.C
	}
	ticker.Stop()
	select {
	case <-make(chan int):
	case <-time.After(5 * time.Millisecond):
	}
	time.Sleep(time.Millisecond)
	fmt.Println(", slept enough:", time.Since(start) >= 106*time.Millisecond)
}

//go:noinline
func load(p *int) int { return *p }

func faults() {
	caught := 0

	for i := 0; i < 3; i++ {
		func() {
			defer func() {
				if err, ok := recover().(runtime.Error); ok {
					caught++
					if i == 0 {
						fmt.Println("faults:", err)
					}
				}
			}()
			load(nil)
		}()
	}
	if readOnly() {
		caught++
	}
	fmt.Println("faults: recovered", caught)
}

/* A fault that is not at address 0, on a page that is there. */
func readOnly() (caught bool) {
	page, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		fmt.Println("faults: mmap:", err)
		return false
	}
	defer syscall.Munmap(page)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault, ok := recover().(interface{ Addr() uintptr }); ok {
			fmt.Println("faults: a page that may only be read, at its byte", fault.Addr()%4096)
			caught = true
		}
	}()
	page[8] = 1
	return false
}

func signals() {
	got := make(chan os.Signal, 1)

	signal.Notify(got, syscall.SIGUSR1)
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGUSR1); err != nil {
		fmt.Println("signals:", err)
		return
	}
	fmt.Println("signals:", <-got)
	signal.Stop(got)
}

/* No call and no allocation inside: nothing but a signal gets the processor back before the end. */
//go:noinline
func spin(turns uint64) uint64 {
	x := uint64(88172645463325252)

	for i := uint64(0); i < turns; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

func tight(millions int) {
	result := make(chan uint64)

	for i := 0; i < 2; i++ {
		go func() { result <- spin(uint64(millions) * 500_000) }()
	}
	runtime.Gosched()
	runtime.GC() /* has to stop the loops */
	fmt.Println("tight:", <-result+<-result)
}
