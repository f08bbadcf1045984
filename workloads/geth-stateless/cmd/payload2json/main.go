// SPDX-License-Identifier: MIT OR Apache-2.0

// Payload2json turns a payload into the JSON that the Rust validator reads: {block, witness {state, keys, codes,
// headers}, chain_id}, everything but the chain as 0x-hex of RLP, headers oldest first. It checks nothing else.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rlp"

	"tollgate/workloads/geth-stateless/payload"
)

type witness struct {
	State   []hexutil.Bytes `json:"state"`
	Keys    []hexutil.Bytes `json:"keys"`
	Codes   []hexutil.Bytes `json:"codes"`
	Headers []hexutil.Bytes `json:"headers"`
}

type document struct {
	Block   hexutil.Bytes `json:"block"`
	Witness witness       `json:"witness"`
	ChainID uint64        `json:"chain_id"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: payload2json PAYLOAD|- > block_and_witness.json")
		os.Exit(2)
	}
	text, err := convert(os.Args[1])
	if err == nil {
		_, err = os.Stdout.Write(append(text, '\n'))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "payload2json:", err)
		os.Exit(1)
	}
}

func convert(path string) ([]byte, error) {
	raw, err := payload.Read(path)
	if err != nil {
		return nil, err
	}
	p, err := payload.Decode(raw)
	if err != nil {
		return nil, err
	}
	out := document{ChainID: p.ChainID}
	if out.Block, err = rlp.EncodeToBytes(p.Block); err != nil {
		return nil, err
	}
	w := p.Witness.ToExtWitness()
	out.Witness = witness{
		State:   append([]hexutil.Bytes{}, w.State...),
		Keys:    append([]hexutil.Bytes{}, w.Keys...),
		Codes:   append([]hexutil.Bytes{}, w.Codes...),
		Headers: []hexutil.Bytes{},
	}
	for _, header := range w.Headers {
		one, err := rlp.EncodeToBytes(header)
		if err != nil {
			return nil, err
		}
		out.Witness.Headers = append(out.Witness.Headers, one)
	}
	return json.MarshalIndent(&out, "", "  ")
}
