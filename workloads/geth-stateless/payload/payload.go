// SPDX-License-Identifier: MIT OR Apache-2.0

// Package payload owns the file format that the stateless programs exchange, the RLP list {chain id, block, witness},
// and the chains that they know. It knows neither how a block is executed nor how one is made.
package payload

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"

	"github.com/ethereum/go-ethereum/core/stateless"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rlp"
)

// DevnetID names the chain of generated blocks: everything up to Prague is active from its first block.
const DevnetID = 712_024

// Payload is what one stateless execution needs; nothing else is looked up anywhere.
type Payload struct {
	ChainID uint64
	Block   *types.Block
	Witness *stateless.Witness
}

// Decode refuses trailing bytes.
func Decode(raw []byte) (*Payload, error) {
	var p Payload

	if err := rlp.DecodeBytes(raw, &p); err != nil {
		return nil, err
	}
	if p.Block == nil || p.Witness == nil {
		return nil, errors.New("a part is missing")
	}
	return &p, nil
}

// Encode is the inverse of Decode; equal payloads give equal bytes.
func Encode(p *Payload) ([]byte, error) {
	return rlp.EncodeToBytes(p)
}

// Read takes a path, or "-" for the standard input.
func Read(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(path)
}

// Config returns an error for a chain that is not built in.
func Config(chainID uint64) (*params.ChainConfig, error) {
	switch chainID {
	case params.MainnetChainConfig.ChainID.Uint64():
		return params.MainnetChainConfig, nil
	case params.HoodiChainConfig.ChainID.Uint64():
		return params.HoodiChainConfig, nil
	case params.SepoliaChainConfig.ChainID.Uint64():
		return params.SepoliaChainConfig, nil
	case DevnetID:
		return devnet(), nil
	}
	return nil, fmt.Errorf("chain %d is not known", chainID)
}

func devnet() *params.ChainConfig {
	zero := uint64(0)

	return &params.ChainConfig{
		ChainID:                 big.NewInt(DevnetID),
		HomesteadBlock:          new(big.Int),
		EIP150Block:             new(big.Int),
		EIP155Block:             new(big.Int),
		EIP158Block:             new(big.Int),
		ByzantiumBlock:          new(big.Int),
		ConstantinopleBlock:     new(big.Int),
		PetersburgBlock:         new(big.Int),
		IstanbulBlock:           new(big.Int),
		MuirGlacierBlock:        new(big.Int),
		BerlinBlock:             new(big.Int),
		LondonBlock:             new(big.Int),
		ArrowGlacierBlock:       new(big.Int),
		GrayGlacierBlock:        new(big.Int),
		MergeNetsplitBlock:      new(big.Int),
		TerminalTotalDifficulty: new(big.Int),
		ShanghaiTime:            &zero,
		CancunTime:              &zero,
		PragueTime:              &zero,
		DepositContractAddress:  params.HoodiChainConfig.DepositContractAddress,
		BlobScheduleConfig: &params.BlobScheduleConfig{
			Cancun: params.DefaultCancunBlobConfig,
			Prague: params.DefaultPragueBlobConfig,
		},
	}
}
