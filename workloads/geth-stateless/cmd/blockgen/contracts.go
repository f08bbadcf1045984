// SPDX-License-Identifier: MIT OR Apache-2.0

// The contracts that generated transactions call, written out in EVM code, and the system contracts that the network's
// rules need. What calls them is in transactions.go.
package main

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
)

var (
	ledgerAddress = common.HexToAddress("0x70110000000000000000000000000000000000a1")
	hasherAddress = common.HexToAddress("0x70110000000000000000000000000000000000a2")
)

func code(parts ...any) []byte {
	var out []byte

	for _, part := range parts {
		switch part := part.(type) {
		case vm.OpCode:
			out = append(out, byte(part))
		case int:
			out = append(out, byte(part))
		case []byte:
			out = append(out, part...)
		}
	}
	return out
}

// A ledger in the shape of a token. Called with (to, amount): takes the amount from the caller's slot, gives it to the
// other's, and logs it. A slot is keccak(address, 0), so balances are spread over the storage trie. Balances wrap.
func ledger() []byte {
	slot := func(owner []byte) []byte {
		return code(owner, vm.PUSH0, vm.MSTORE, vm.PUSH1, 64, vm.PUSH0, vm.KECCAK256)
	}
	update := func(owner []byte, op vm.OpCode) []byte {
		return code(slot(owner), vm.DUP1, vm.SLOAD, vm.PUSH1, 32, vm.CALLDATALOAD, vm.SWAP1, op, vm.SWAP1, vm.SSTORE)
	}
	to := code(vm.PUSH0, vm.CALLDATALOAD)

	return code(
		update(code(vm.CALLER), vm.SUB),
		update(to, vm.ADD),
		vm.PUSH1, 32, vm.CALLDATALOAD, vm.PUSH0, vm.MSTORE,
		vm.PUSH0, vm.CALLDATALOAD, vm.CALLER, vm.PUSH1, 32, vm.PUSH0, vm.LOG2,
		vm.STOP)
}

// Hashes in a loop, called with (count, slot, digest, v, r, s): each round is a keccak, a multiplication modulo a prime,
// an exclusive or and a memory write; then sha256 and the recovery of the signature, as precompiles. It starts from the
// hash of a block two back, and the result goes to the slot, so that a wrong bit anywhere changes the state root.
func hasher() []byte {
	const loop, done = 7, 44

	head := code(
		vm.PUSH0, vm.CALLDATALOAD, /* count */
		vm.PUSH1, 2, vm.NUMBER, vm.SUB, vm.BLOCKHASH, /* count x */
		vm.JUMPDEST)
	body := code(
		vm.DUP2, vm.ISZERO, vm.PUSH1, done, vm.JUMPI,
		vm.PUSH0, vm.MSTORE,
		vm.PUSH1, 96, vm.PUSH0, vm.KECCAK256, /* count k */
		vm.DUP1, vm.PUSH1, 32, vm.MSTORE,
		vm.DUP1, vm.DUP3, vm.XOR, vm.PUSH4, []byte{0xff, 0xff, 0xff, 0xfb}, vm.SWAP1, vm.DUP3, vm.MULMOD,
		vm.XOR,
		vm.SWAP1, vm.PUSH1, 1, vm.SWAP1, vm.SUB, vm.SWAP1, /* count-1 x */
		vm.PUSH1, loop, vm.JUMP)
	precompile := func(address int) []byte {
		return code(vm.PUSH1, 32, vm.PUSH1, 32, vm.PUSH1, 128, vm.PUSH0, vm.PUSH1, address, vm.GAS,
			vm.STATICCALL, vm.POP)
	}
	tail := code(
		vm.JUMPDEST, vm.PUSH0, vm.MSTORE, vm.POP,
		precompile(2), vm.PUSH1, 32, vm.MLOAD,
		vm.PUSH1, 128, vm.PUSH1, 64, vm.PUSH0, vm.CALLDATACOPY,
		precompile(1), vm.PUSH1, 32, vm.MLOAD, vm.XOR,
		vm.PUSH1, 32, vm.CALLDATALOAD, vm.SSTORE,
		vm.STOP)

	if len(head) != loop+1 || len(head)+len(body) != done {
		panic("a jump of the hasher does not meet its target")
	}
	return code(head, body, tail)
}

// The code that a creating transaction runs: it leaves the given number as the new contract's only instruction operand.
func creation(number uint64) []byte {
	deployed := code(vm.PUSH8, binary.BigEndian.AppendUint64(nil, number), vm.PUSH0, vm.SSTORE, vm.STOP)

	return code(vm.PUSH1, len(deployed), vm.PUSH1, 10, vm.PUSH0, vm.CODECOPY, vm.PUSH1, len(deployed), vm.PUSH0, vm.RETURN,
		deployed)
}

func contracts() types.GenesisAlloc {
	return types.GenesisAlloc{
		ledgerAddress:                    {Nonce: 1, Code: ledger()},
		hasherAddress:                    {Nonce: 1, Code: hasher()},
		params.BeaconRootsAddress:        {Nonce: 1, Code: params.BeaconRootsCode},
		params.HistoryStorageAddress:     {Nonce: 1, Code: params.HistoryStorageCode},
		params.WithdrawalQueueAddress:    {Nonce: 1, Code: params.WithdrawalQueueCode},
		params.ConsolidationQueueAddress: {Nonce: 1, Code: params.ConsolidationQueueCode},
	}
}
