// SPDX-License-Identifier: MIT OR Apache-2.0

// Bench is the Go row of the standing benchmark: a map that grows and shrinks, garbage, goroutines that hand values on,
// sha256. It prints one checksum for each, which depends on the size alone.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
)

func main() {
	size := 50

	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err != nil || n < 1 {
			fmt.Fprintln(os.Stderr, "usage: bench [SIZE]")
			os.Exit(2)
		}
		size = n
	}
	fmt.Printf("map        %016x\n", maps(size))
	fmt.Printf("garbage    %016x\n", garbage(size))
	fmt.Printf("goroutines %016x\n", pipeline(size))
	fmt.Printf("sha256     %016x\n", hashes(size))
}

func next(x *uint64) uint64 {
	*x ^= *x << 13
	*x ^= *x >> 7
	*x ^= *x << 17
	return *x
}

func maps(size int) uint64 {
	x, sum := uint64(1), uint64(0)
	table := make(map[uint64]uint64)

	for i := 0; i < size*40_000; i++ {
		key := next(&x) % 50_000
		table[key] += uint64(i)
		if i%3 == 0 {
			delete(table, next(&x)%50_000)
		}
	}
	keys := make([]uint64, 0, len(table))
	for key := range table {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	for _, key := range keys {
		sum = sum*1_099_511_628_211 + key ^ table[key]
	}
	return sum
}

type list struct {
	next *list
	name string
	data []byte
}

func garbage(size int) uint64 {
	sum := uint64(0)

	for round := 0; round < size; round++ {
		var head *list
		for i := 0; i < 20_000; i++ {
			head = &list{next: head, name: strconv.Itoa(i * round), data: make([]byte, i%100)}
			if i%1000 == 999 {
				head = head.next.next
			}
		}
		for ; head != nil; head = head.next {
			sum = sum*31 + uint64(len(head.data)) + uint64(len(head.name))
		}
	}
	return sum
}

func pipeline(size int) uint64 {
	var wait sync.WaitGroup
	sums := make([]uint64, 16)

	for worker := range sums {
		in, out := make(chan uint64), make(chan uint64, 8)
		wait.Add(1)
		go func() {
			for i := 0; i < size*600; i++ {
				in <- uint64(i * worker)
			}
			close(in)
		}()
		go func() {
			for n := range in {
				out <- n*n + 1
			}
			close(out)
		}()
		go func() {
			defer wait.Done()
			for n := range out {
				sums[worker] = sums[worker]*33 + n
			}
		}()
	}
	wait.Wait()
	total := uint64(0)
	for _, sum := range sums {
		total = total*65_537 + sum
	}
	return total
}

func hashes(size int) uint64 {
	block := make([]byte, 1<<16)
	digest := [32]byte{}

	for i := 0; i < size*16; i++ {
		copy(block, digest[:])
		digest = sha256.Sum256(block)
	}
	return binary.BigEndian.Uint64(digest[:])
}
