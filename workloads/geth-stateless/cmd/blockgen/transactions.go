// SPDX-License-Identifier: MIT OR Apache-2.0

// The accounts of the generated chain and the transactions that they send, all derived from the seed. It refuses to
// know the time and any other source of chance.
package main

import (
	"crypto/ecdsa"
	"encoding/binary"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

const (
	bystanders  = 4_000 /* accounts that only receive: they give the state trie its depth */
	genesisTime = 1_750_000_000
	gasAverage  = 120_000 /* room for each transaction; the mix below needs less */
)

type people struct {
	config    *params.ChainConfig
	keys      []*ecdsa.PrivateKey
	addresses []common.Address /* the senders first */
	nonces    []uint64
	state     uint64
	sent      int
}

// splitmix64: small, and its sequence is fixed for ever, which math/rand does not promise.
func (p *people) next() uint64 {
	p.state += 0x9e3779b97f4a7c15
	z := p.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (p *people) below(n int) int {
	return int(p.next() % uint64(n))
}

func newPeople(config *params.ChainConfig, txs int, seed uint64) *people {
	p := &people{config: config, state: seed}
	senders := max(8, txs/8)

	for i := 0; i < senders; i++ {
		text := binary.BigEndian.AppendUint64([]byte("tollgate sender"), seed)
		key, err := crypto.ToECDSA(crypto.Keccak256(binary.BigEndian.AppendUint64(text, uint64(i))))
		if err != nil {
			panic(err) /* one hash in 2^128 is no key */
		}
		p.keys = append(p.keys, key)
		p.addresses = append(p.addresses, crypto.PubkeyToAddress(key.PublicKey))
	}
	p.nonces = make([]uint64, senders)
	for i := 0; i < bystanders; i++ {
		p.addresses = append(p.addresses, p.stranger())
	}
	return p
}

func (p *people) stranger() common.Address {
	return common.BytesToAddress(crypto.Keccak256(binary.BigEndian.AppendUint64(nil, p.next())))
}

func (p *people) genesis(config *params.ChainConfig, txs int) *core.Genesis {
	alloc := contracts()

	for i, address := range p.addresses {
		alloc[address] = types.Account{Balance: new(big.Int).Mul(big.NewInt(int64(100+i%9)), big.NewInt(params.Ether))}
	}
	return &core.Genesis{
		Config:     config,
		Timestamp:  genesisTime,
		GasLimit:   max(30_000_000, uint64(txs)*gasAverage),
		Difficulty: new(big.Int),
		BaseFee:    big.NewInt(params.InitialBaseFee),
		Alloc:      alloc,
	}
}

func word(n uint64) []byte {
	return common.LeftPadBytes(binary.BigEndian.AppendUint64(nil, n), 32)
}

// A digest and its signature, in the order in which the recovery precompile takes them.
func (p *people) signed(by int) []byte {
	digest := crypto.Keccak256(word(p.next()))
	signature, err := crypto.Sign(digest, p.keys[by])
	if err != nil {
		panic(err) /* digest and key are both of the right size */
	}
	return append(append(digest, word(uint64(signature[64])+27)...), signature[:64]...)
}

// One transaction in ten makes an account, two in ten use the ledger, one hashes, one in forty creates a contract; the
// others move ether between accounts that exist.
func (p *people) call(from int) (to *common.Address, value *big.Int, gas uint64, data []byte) {
	other := p.addresses[p.below(len(p.addresses))]
	value = big.NewInt(int64(1 + p.below(1_000_000_000)))

	switch kind := p.below(40); {
	case kind < 4:
		other = p.stranger()
		return &other, value, params.TxGas, nil
	case kind < 12:
		data = append(common.LeftPadBytes(other.Bytes(), 32), word(p.next()>>16)...)
		return &ledgerAddress, new(big.Int), 150_000, data
	case kind < 16:
		data = append(word(uint64(20+p.below(80))), word(uint64(p.below(64)))...)
		return &hasherAddress, new(big.Int), 120_000, append(data, p.signed(from)...)
	case kind < 17:
		return nil, new(big.Int), 150_000, creation(p.next())
	}
	return &other, value, params.TxGas, nil
}

func (p *people) fill(b *core.BlockGen, chain *core.BlockChain, txs int) {
	signer := types.LatestSigner(p.config)
	fee := new(big.Int).Add(b.BaseFee(), big.NewInt(params.GWei))

	b.SetParentBeaconRoot(common.BytesToHash(word(p.next())))
	b.SetCoinbase(common.HexToAddress("0x7011c0ffee"))
	for i := 0; i < txs; i++ {
		from := p.below(len(p.keys))
		to, value, gas, data := p.call(from)
		nonce := p.nonces[from]
		var inner types.TxData

		switch p.sent % 3 {
		case 0:
			inner = &types.LegacyTx{Nonce: nonce, GasPrice: fee, Gas: gas, To: to, Value: value, Data: data}
		case 1:
			inner = &types.DynamicFeeTx{ChainID: p.config.ChainID, Nonce: nonce, GasTipCap: big.NewInt(params.GWei),
				GasFeeCap: fee, Gas: gas, To: to, Value: value, Data: data}
		case 2:
			inner = &types.AccessListTx{ChainID: p.config.ChainID, Nonce: nonce, GasPrice: fee, Gas: gas, To: to,
				Value: value, Data: data}
		}
		b.AddTxWithChain(chain, types.MustSignNewTx(p.keys[from], signer, inner))
		p.nonces[from]++
		p.sent++
	}
	b.AddWithdrawal(&types.Withdrawal{Validator: 7, Address: p.addresses[0], Amount: 1_000_000_000})
}
