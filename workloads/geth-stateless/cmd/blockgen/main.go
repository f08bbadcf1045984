// SPDX-License-Identifier: MIT OR Apache-2.0

// Blockgen writes the payload of a block of any size: a short chain on a development network, whose last block holds
// the transactions asked for, with the witness that geth itself collects while it executes that block. Equal arguments
// give equal bytes. This file owns the chain; contracts.go and transactions.go own what is in it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/triedb"

	"tollgate/workloads/geth-stateless/payload"
)

/* Ancestors of the block, so that BLOCKHASH has something to ask for and the witness more than one header. */
const ancestors = 3

func main() {
	txs := flag.Int("txs", 100, "transactions in the block")
	seed := flag.Uint64("seed", 1, "what the accounts, the mix and the amounts are derived from")
	out := flag.String("o", "-", "the file to write, - for the standard output")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: blockgen [--txs N] [--seed S] [-o FILE]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 0 || *txs < 0 || *txs > 1_000_000 {
		flag.Usage()
		os.Exit(2)
	}
	raw, err := generate(*txs, *seed)
	if err == nil {
		if *out == "-" {
			_, err = os.Stdout.Write(raw)
		} else {
			err = os.WriteFile(*out, raw, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "blockgen:", err)
		os.Exit(1)
	}
}

func generate(txs int, seed uint64) ([]byte, error) {
	config, err := payload.Config(payload.DevnetID)
	if err != nil {
		return nil, err
	}
	people := newPeople(config, txs, seed)
	genesis := people.genesis(config, txs)
	engine := beacon.New(ethash.NewFaker())

	/* Blocks are made on one database and inserted into a chain on another, which collects the witness. */
	workshop := rawdb.NewMemoryDatabase()
	tries := triedb.NewDatabase(workshop, triedb.HashDefaults)
	parent, err := genesis.Commit(workshop, tries, nil)
	tries.Close()
	if err != nil {
		return nil, err
	}
	options := core.DefaultConfig().WithArchive(true)
	options.SnapshotLimit = 0 /* reads go through the trie, which is what a witness is made of */
	options.NoPrefetch = true /* a guess about what will be read must not add to it */
	chain, err := core.NewBlockChain(rawdb.NewMemoryDatabase(), genesis, engine, options)
	if err != nil {
		return nil, err
	}
	defer chain.Stop()

	/* One at a time, since a block that is made asks the chain for the hashes of those before it. */
	for i := 0; ; i++ {
		count := 4
		if i == ancestors {
			count = txs
		}
		made, receipts := core.GenerateChain(config, parent, engine, workshop, 1, func(_ int, b *core.BlockGen) {
			people.fill(b, chain, count)
		})
		for n, receipt := range receipts[0] {
			if receipt.Status != types.ReceiptStatusSuccessful {
				return nil, fmt.Errorf("transaction %d of block %d fails", n, i)
			}
		}
		if i < ancestors {
			if _, err := chain.InsertChain(made); err != nil {
				return nil, err
			}
			parent = made[0]
			continue
		}
		witness, err := chain.InsertBlockWithoutSetHead(context.Background(), made[0], true)
		if err != nil {
			return nil, err
		}
		return payload.Encode(&payload.Payload{ChainID: payload.DevnetID, Block: made[0], Witness: witness})
	}
}
