// SPDX-License-Identifier: MIT OR Apache-2.0

// Stateless executes one Ethereum block from a payload alone, with geth's own code, and says whether the header's
// results are the ones computed. It owns the exit codes; execution is geth's, the format is package payload's.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip1559"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/trie"

	"tollgate/workloads/geth-stateless/payload"
)

const (
	exitValid    = 0
	exitUsage    = 2
	exitBad      = 10 /* undecodable, or not executable */
	exitState    = 11 /* the state root differs */
	exitReceipts = 12 /* the receipt root differs */
	exitChain    = 15 /* a chain that is not built in */
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "--help" || os.Args[1] == "-h" {
		fmt.Fprintln(os.Stderr, "usage: stateless PAYLOAD|-")
		os.Exit(exitUsage)
	}
	code, err := run(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "stateless:", err)
	}
	os.Exit(code)
}

func run(path string) (int, error) {
	raw, err := payload.Read(path)
	if err != nil {
		return exitBad, err
	}
	p, err := payload.Decode(raw)
	if err != nil {
		return exitBad, fmt.Errorf("the payload cannot be decoded: %w", err)
	}
	config, err := payload.Config(p.ChainID)
	if err != nil {
		return exitChain, err
	}
	if err := checkHeaders(p); err != nil {
		return exitBad, fmt.Errorf("the witness headers are refused: %w", err)
	}
	if err := checkBody(p.Block); err != nil {
		return exitBad, fmt.Errorf("the block is refused: %w", err)
	}
	return execute(p, config)
}

// The witness is only as good as the chain of hashes from the block's header to the state root that it proves.
func checkHeaders(p *payload.Payload) error {
	child := p.Block.Header()

	for _, header := range p.Witness.Headers {
		if header.Hash() != child.ParentHash {
			return fmt.Errorf("%d does not follow %d", child.Number, header.Number)
		}
		child = header
	}
	return nil
}

// ExecuteStateless leaves to its caller everything that is known before execution.
func checkBody(block *types.Block) error {
	header := block.Header()

	if types.DeriveSha(block.Transactions(), trie.NewStackTrie(nil)) != header.TxHash {
		return errors.New("the transaction root differs")
	}
	if types.CalcUncleHash(block.Uncles()) != header.UncleHash {
		return errors.New("the uncle hash differs")
	}
	if (header.WithdrawalsHash == nil) != (block.Withdrawals() == nil) {
		return errors.New("withdrawals are in only one of header and body")
	}
	if header.WithdrawalsHash != nil &&
		types.DeriveSha(block.Withdrawals(), trie.NewStackTrie(nil)) != *header.WithdrawalsHash {
		return errors.New("the withdrawals root differs")
	}
	return nil
}

func execute(p *payload.Payload, config *params.ChainConfig) (int, error) {
	header := p.Block.Header()

	if config.IsLondon(header.Number) {
		if err := eip1559.VerifyEIP1559Header(config, p.Witness.Headers[0], header); err != nil {
			return exitBad, fmt.Errorf("the block is refused: %w", err)
		}
	}
	/* The executor computes both roots itself, and complains when it is told them. */
	context, claimed := context.Background(), *header
	claimed.Root, claimed.ReceiptHash = common.Hash{}, common.Hash{}
	block := types.NewBlockWithHeader(&claimed).WithBody(*p.Block.Body())

	state, receipts, err := core.ExecuteStateless(context, config, vm.Config{}, block, p.Witness)
	if err != nil {
		return exitBad, fmt.Errorf("the block cannot be executed: %w", err)
	}
	fmt.Printf("block      %d %s\n", header.Number, p.Block.Hash())
	fmt.Printf("executed   %d transactions, %d gas\n", len(p.Block.Transactions()), header.GasUsed)
	fmt.Printf("state      %s\n", state)
	fmt.Printf("receipts   %s\n", receipts)
	if state != header.Root {
		return exitState, fmt.Errorf("the state root differs: the header says %s", header.Root)
	}
	if receipts != header.ReceiptHash {
		return exitReceipts, fmt.Errorf("the receipt root differs: the header says %s", header.ReceiptHash)
	}
	fmt.Println("valid")
	return exitValid, nil
}
